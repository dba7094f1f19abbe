// SPDX-License-Identifier: Apache-2.0
// Where a tensor's elements lie in a detailed DRAM (docs/microarchitecture.md, 8).
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Byte addresses of one tensor's elements.
class TensorPlace {
public:
    TensorPlace(const Tensor& tensor, const Layout& layout, std::int64_t base);

    std::int64_t base() const { return base_; }
    /// One past the last byte; blocks are filled up.
    std::int64_t end() const { return end_; }
    std::int64_t element_bytes() const { return element_bytes_; }
    /// Of an element inside the tensor.
    std::int64_t address(const std::vector<std::int64_t>& coordinate) const;

    /// The address of an origin rounded down to whole blocks, and what is left over per axis. An element at origin + e lies at
    /// whole(origin) + within(left over, e), wherever the origin is. Origins may lie outside the tensor.
    std::int64_t whole(const std::vector<std::int64_t>& origin, std::vector<std::int64_t>& left) const;
    std::int64_t within(const std::vector<std::int64_t>& left, const std::vector<std::int64_t>& element) const;

private:
    struct AxisPlace {
        std::int64_t block = 1;
        std::int64_t stride = 1;        ///< of a block, in bytes
        std::int64_t inner_stride = 0;  ///< of an element in it
    };
    std::vector<AxisPlace> axes_;
    std::int64_t base_;
    std::int64_t end_;
    std::int64_t element_bytes_;
};

/// Places of all tensors, in workload order, one behind the other.
std::vector<TensorPlace> place_tensors(const Design& design);

}  // namespace accelsim
