// SPDX-License-Identifier: Apache-2.0
#include "mappings/workload.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace accelsim {

namespace {

constexpr std::int64_t max_tensor_words = std::int64_t{1} << 40;

/// a * b, or -1 when the product passes `limit`.
std::int64_t checked_product(std::int64_t a, std::int64_t b, std::int64_t limit) {
    return (a != 0 && b > limit / a) ? -1 : a * b;
}

Axis single(int dimension) { return Axis{{Term{dimension, 1}}, 0, 1}; }

Axis window(int position, std::int64_t stride, int tap, std::int64_t dilation, std::int64_t padding) {
    return Axis{{Term{position, stride}, Term{tap, dilation}}, -padding, 1};
}

void validate_axes(const Workload& workload, const Tensor& tensor) {
    std::set<int> used;
    for (const Axis& axis : tensor.axes) {
        for (const Term& term : axis.terms) {
            const std::string& name = workload.dimensions[static_cast<std::size_t>(term.dimension)].name;
            if (term.coefficient < 1) {
                throw UserError("tensor '" + tensor.name + "': the coefficient of " + name + " must be 1 or more");
            }
            if (!used.insert(term.dimension).second) {
                throw UserError("tensor '" + tensor.name + "' uses dimension " + name +
                                " twice; diagonal accesses are not supported");
            }
        }
        if (axis.size < 1) {
            throw UserError("tensor '" + tensor.name + "' has an axis of size " + std::to_string(axis.size) +
                            "; use less padding or larger bounds");
        }
        if (tensor.is_output && (axis.terms.size() != 1 || axis.terms[0].coefficient != 1 || axis.offset != 0)) {
            throw UserError("output '" + tensor.name + "': every axis must be one dimension");
        }
    }
    const bool width_ok =
        tensor.is_output ? (tensor.bits == 8 || tensor.bits == 16 || tensor.bits == 32) : (tensor.bits == 8 || tensor.bits == 16);
    if (!width_ok) {
        throw UserError("tensor '" + tensor.name + "' has " + std::to_string(tensor.bits) + " bits; " +
                        (tensor.is_output ? "outputs have 8, 16 or 32" : "operands have 8 or 16"));
    }
}

void validate_dimensions(const Workload& workload) {
    std::int64_t macs = 1;
    for (std::size_t d = 0; d < workload.dimensions.size(); ++d) {
        const Dimension& dimension = workload.dimensions[d];
        if (dimension.bound < 1) {
            throw UserError("dimension " + dimension.name + " must be 1 or more, is " + std::to_string(dimension.bound),
                            dimension.where);
        }
        macs = checked_product(macs, dimension.bound, std::int64_t{1} << 60);
        if (macs < 0) throw UserError("the workload has more than 2^60 MACs; use smaller bounds", dimension.where);
        const bool used = std::any_of(workload.tensors.begin(), workload.tensors.end(),
                                      [&](const Tensor& t) { return t.depends_on(static_cast<int>(d)); });
        if (!used) {
            throw UserError("dimension " + dimension.name + " is used by no tensor; remove it", dimension.where);
        }
    }
}

}  // namespace

std::int64_t Tensor::words() const {
    std::int64_t result = 1;
    for (const Axis& axis : axes) result *= axis.size;
    return result;
}

bool Tensor::depends_on(int dimension) const {
    return std::any_of(axes.begin(), axes.end(), [&](const Axis& axis) {
        return std::any_of(axis.terms.begin(), axis.terms.end(), [&](const Term& term) { return term.dimension == dimension; });
    });
}

std::int64_t Workload::macs() const {
    std::int64_t result = 1;
    for (const Dimension& dimension : dimensions) result *= dimension.bound;
    return result;
}

int Workload::find_dimension(const std::string& wanted) const {
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
        if (dimensions[i].name == wanted) return static_cast<int>(i);
    }
    return -1;
}

int Workload::find_tensor(const std::string& wanted) const {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].name == wanted) return static_cast<int>(i);
    }
    return -1;
}

bool Workload::is_reduction(int dimension) const { return !output().depends_on(dimension); }

Workload make_conv2d(const Conv2dShape& s, int input_bits, int weight_bits, int output_bits) {
    Workload w;
    w.name = w.type = "conv2d";
    const bool grouped = s.groups > 1;
    w.dimensions.push_back({"N", s.n, {}});
    if (grouped) w.dimensions.push_back({"G", s.groups, {}});
    for (auto [name, bound] :
         {std::pair<const char*, std::int64_t>{"K", s.k}, {"C", s.c}, {"Y", s.y}, {"X", s.x}, {"FY", s.fy}, {"FX", s.fx}}) {
        w.dimensions.push_back({name, bound, {}});
    }
    const auto dim = [&](const char* name) { return w.find_dimension(name); };
    Tensor input{"input", {single(dim("N"))}, input_bits, false};
    Tensor weight{"weight", {}, weight_bits, false};
    Tensor output{"output", {single(dim("N"))}, output_bits, true};
    if (grouped) {
        for (Tensor* tensor : {&input, &weight, &output}) tensor->axes.push_back(single(dim("G")));
    }
    input.axes.push_back(single(dim("C")));
    input.axes.push_back(window(dim("Y"), s.stride_y, dim("FY"), s.dilation_y, s.padding_y));
    input.axes.push_back(window(dim("X"), s.stride_x, dim("FX"), s.dilation_x, s.padding_x));
    for (const char* name : {"K", "C", "FY", "FX"}) weight.axes.push_back(single(dim(name)));
    for (const char* name : {"K", "Y", "X"}) output.axes.push_back(single(dim(name)));
    w.tensors = {input, weight, output};
    derive_axis_sizes(w);
    return w;
}

Workload make_depthwise(const Conv2dShape& s, int input_bits, int weight_bits, int output_bits) {
    Workload w;
    w.name = w.type = "depthwise";
    w.dimensions = {{"N", s.n, {}}, {"C", s.c, {}}, {"Y", s.y, {}}, {"X", s.x, {}}, {"FY", s.fy, {}}, {"FX", s.fx, {}}};
    const Axis rows = window(2, s.stride_y, 4, s.dilation_y, s.padding_y);
    const Axis columns = window(3, s.stride_x, 5, s.dilation_x, s.padding_x);
    w.tensors = {Tensor{"input", {single(0), single(1), rows, columns}, input_bits, false},
                 Tensor{"weight", {single(1), single(4), single(5)}, weight_bits, false},
                 Tensor{"output", {single(0), single(1), single(2), single(3)}, output_bits, true}};
    derive_axis_sizes(w);
    return w;
}

Workload make_gemm(std::int64_t n, std::int64_t k, std::int64_t c, int input_bits, int weight_bits, int output_bits) {
    Workload w;
    w.name = w.type = "gemm";
    w.dimensions = {{"N", n, {}}, {"K", k, {}}, {"C", c, {}}};
    w.tensors = {Tensor{"input", {single(0), single(2)}, input_bits, false},
                 Tensor{"weight", {single(1), single(2)}, weight_bits, false},
                 Tensor{"output", {single(0), single(1)}, output_bits, true}};
    derive_axis_sizes(w);
    return w;
}

void derive_axis_sizes(Workload& workload) {
    for (Tensor& tensor : workload.tensors) {
        for (Axis& axis : tensor.axes) {
            axis.size = 1 + 2 * axis.offset;
            for (const Term& term : axis.terms) {
                const std::int64_t bound = workload.dimensions[static_cast<std::size_t>(term.dimension)].bound;
                const std::int64_t reach = checked_product(bound - 1, term.coefficient, max_tensor_words);
                if (reach < 0) throw UserError("tensor '" + tensor.name + "' is too large (more than 2^40 words)");
                axis.size += reach;
            }
        }
    }
}

void validate(const Workload& workload) {
    if (workload.tensors.size() != 3 || workload.tensors[0].is_output || workload.tensors[1].is_output ||
        !workload.tensors[2].is_output) {
        throw UserError("workload '" + workload.name + "' must have exactly two operands and one output");
    }
    validate_dimensions(workload);
    for (const Tensor& tensor : workload.tensors) {
        validate_axes(workload, tensor);
        std::int64_t words = 1;
        for (const Axis& axis : tensor.axes) {
            words = words < 0 ? words : checked_product(words, axis.size, max_tensor_words);
        }
        if (words < 0) throw UserError("tensor '" + tensor.name + "' is too large (more than 2^40 words)");
    }
}

}  // namespace accelsim
