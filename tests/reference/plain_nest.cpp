// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/plain_nest.hpp"

#include <algorithm>

namespace accelsim::testing {

namespace {

std::int32_t wrap(std::uint32_t sum, int bits) {
    const int shift = 32 - bits;
    return static_cast<std::int32_t>(sum << shift) >> shift;
}

/// Executes the nest over dimensions 0, 1, ... with the longest one innermost, so that its loop is a plain stride.
class Executor {
public:
    Executor(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands)
        : workload_(workload), operands_(operands), index_(workload.dimensions.size(), 0) {
        const auto longest = std::max_element(workload.dimensions.begin(), workload.dimensions.end(),
                                              [](const auto& a, const auto& b) { return a.bound < b.bound; });
        inner_ = static_cast<int>(longest - workload.dimensions.begin());
        sums_.assign(static_cast<std::size_t>(workload.output().words()), 0);
    }

    std::vector<std::int32_t> run() {
        visit(0);
        std::vector<std::int32_t> result(sums_.size());
        for (std::size_t i = 0; i < sums_.size(); ++i) result[i] = wrap(sums_[i], workload_.output().bits);
        return result;
    }

private:
    struct Line {
        std::int64_t start = 0;   ///< linear index at inner value 0
        std::int64_t stride = 0;  ///< per inner value
    };

    void visit(std::size_t dimension) {
        if (dimension == index_.size()) return inner_line();
        if (static_cast<int>(dimension) == inner_) return visit(dimension + 1);
        for (index_[dimension] = 0; index_[dimension] < workload_.dimensions[dimension].bound; ++index_[dimension]) {
            visit(dimension + 1);
        }
        index_[dimension] = 0;
    }

    /// The tensor's element along the inner dimension; narrows [low, high) to the inner values that are inside it.
    Line line(const Tensor& tensor, std::int64_t& low, std::int64_t& high) const {
        Line result;
        for (const Axis& axis : tensor.axes) {
            std::int64_t coordinate = axis.offset;
            std::int64_t step = 0;
            for (const Term& term : axis.terms) {
                coordinate += term.coefficient * index_[static_cast<std::size_t>(term.dimension)];
                if (term.dimension == inner_) step = term.coefficient;
            }
            if (step == 0) {
                if (coordinate < 0 || coordinate >= axis.size) high = low;
            } else {
                if (coordinate < 0) low = std::max(low, (-coordinate + step - 1) / step);
                high = coordinate >= axis.size ? low : std::min(high, (axis.size - 1 - coordinate) / step + 1);
            }
            result.start = result.start * axis.size + coordinate;
            result.stride = result.stride * axis.size + step;
        }
        return result;
    }

    void inner_line() {
        std::int64_t low = 0;
        std::int64_t high = workload_.dimensions[static_cast<std::size_t>(inner_)].bound;
        const Line a = line(workload_.tensors[0], low, high);
        const Line b = line(workload_.tensors[1], low, high);
        const Line o = line(workload_.tensors[2], low, high);
        const std::int16_t* left = operands_[0].data();
        const std::int16_t* right = operands_[1].data();
        for (std::int64_t v = low; v < high; ++v) {
            const std::int32_t product = std::int32_t{left[a.start + v * a.stride]} * right[b.start + v * b.stride];
            sums_[static_cast<std::size_t>(o.start + v * o.stride)] += static_cast<std::uint32_t>(product);
        }
    }

    const Workload& workload_;
    const std::vector<std::vector<std::int16_t>>& operands_;
    std::vector<std::int64_t> index_;
    int inner_ = 0;
    std::vector<std::uint32_t> sums_;
};

}  // namespace

std::vector<std::int32_t> execute_plainly(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands) {
    return Executor(workload, operands).run();
}

}  // namespace accelsim::testing
