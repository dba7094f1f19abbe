// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/plain_outputs.hpp"

namespace accelsim::testing {

namespace {

/// Row-major index of the tensor's element, -1 in the padding.
std::int64_t element(const Tensor& tensor, const std::vector<std::int64_t>& index) {
    std::int64_t result = 0;
    for (const Axis& axis : tensor.axes) {
        std::int64_t coordinate = axis.offset;
        for (const Term& term : axis.terms) coordinate += term.coefficient * index[static_cast<std::size_t>(term.dimension)];
        if (coordinate < 0 || coordinate >= axis.size) return -1;
        result = result * axis.size + coordinate;
    }
    return result;
}

}  // namespace

std::vector<std::int32_t> plain_outputs(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands) {
    std::vector<std::uint32_t> sums(static_cast<std::size_t>(workload.output().words()), 0);
    std::vector<std::int64_t> index(workload.dimensions.size(), 0);
    for (bool more = true; more;) {
        const std::int64_t a = element(workload.tensors[0], index), b = element(workload.tensors[1], index);
        const std::int64_t o = element(workload.output(), index);
        if (a >= 0 && b >= 0 && o >= 0) {
            sums[static_cast<std::size_t>(o)] += static_cast<std::uint32_t>(
                std::int32_t{operands[0][static_cast<std::size_t>(a)]} * operands[1][static_cast<std::size_t>(b)]);
        }
        more = false;
        for (std::size_t d = index.size(); d-- > 0 && !more;) {
            more = ++index[d] < workload.dimensions[d].bound;
            if (!more) index[d] = 0;
        }
    }
    std::vector<std::int32_t> result;
    const int unused = 32 - workload.output().bits;
    for (const std::uint32_t sum : sums) result.push_back(static_cast<std::int32_t>(sum << unused) >> unused);
    return result;
}

}  // namespace accelsim::testing
