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

    /// Offset of each coordinate of an axis from the base: an element's address is the base plus those of its coordinates.
    std::vector<std::int64_t> offsets(std::size_t axis) const;
    /// Calls visit(row-major index of the row's first element, address of it without the last axis) for every row.
    template <typename Visit>
    void for_each_row(Visit visit) const;

private:
    struct AxisPlace {
        std::int64_t size = 1;
        std::int64_t block = 1;
        std::int64_t stride = 1;        ///< of a block, in bytes
        std::int64_t inner_stride = 0;  ///< of an element in it
    };
    std::vector<AxisPlace> axes_;
    std::int64_t base_;
    std::int64_t end_;
    std::int64_t element_bytes_;
};

template <typename Visit>
void TensorPlace::for_each_row(Visit visit) const {
    std::vector<std::vector<std::int64_t>> tables;
    for (std::size_t a = 0; a + 1 < axes_.size(); ++a) tables.push_back(offsets(a));
    std::vector<std::size_t> at(tables.size(), 0);
    for (std::int64_t index = 0;; index += axes_.back().size) {
        std::int64_t address = base_;
        for (std::size_t a = 0; a < tables.size(); ++a) address += tables[a][at[a]];
        visit(index, address);
        std::size_t a = tables.size();
        while (a > 0 && ++at[a - 1] == tables[a - 1].size()) at[--a] = 0;
        if (a == 0) return;
    }
}

/// Places of all tensors, in workload order, one behind the other.
std::vector<TensorPlace> place_tensors(const Design& design);

}  // namespace accelsim
