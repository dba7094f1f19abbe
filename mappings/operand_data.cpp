// SPDX-License-Identifier: Apache-2.0
#include "mappings/reference.hpp"

namespace accelsim {

namespace {

std::uint64_t split_mix_64(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

}  // namespace

std::vector<std::vector<std::int16_t>> generate_operands(const Workload& workload, std::uint64_t seed) {
    std::vector<std::vector<std::int16_t>> result;
    for (std::size_t t = 0; t + 1 < workload.tensors.size(); ++t) {
        const Tensor& tensor = workload.tensors[t];
        std::uint64_t state = seed + t;
        std::vector<std::int16_t> data(static_cast<std::size_t>(tensor.words()));
        for (std::int16_t& element : data) {
            const auto top = static_cast<std::int64_t>(split_mix_64(state));
            element = static_cast<std::int16_t>(top >> (64 - tensor.bits));
        }
        result.push_back(std::move(data));
    }
    return result;
}

}  // namespace accelsim
