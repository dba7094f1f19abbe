// SPDX-License-Identifier: Apache-2.0
// The wiring of a boundary: which word of the parent's tile belongs at which address of which child instance.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/boxes.hpp"
#include "mappings/design.hpp"

namespace accelsim {

/// Moves whole tiles between a parent's tile and the tiles of all child instances. Addresses are nominal: padding and
/// tails are stored as zeros by the DRAM and travel like every other word (only their counting is left out).
class Distribution {
public:
    /// `parent_strides`: of the parent's tile, per axis, in words of one parent instance.
    Distribution(const Design& design, int boundary, std::vector<std::int64_t> parent_strides);

    /// Offset in the parent's tile of a child tile, given both origins (per axis).
    std::int64_t offset(const std::vector<std::int64_t>& child_origin, const std::vector<std::int64_t>& parent_origin) const;

    void fill(std::int16_t* child, const std::int16_t* parent, std::int64_t offset) const;
    /// Heads of reduction chains receive the parent's word, the others zero.
    void read_back(std::int32_t* child, const std::int32_t* parent, std::int64_t offset) const;
    /// The parent's word becomes the sum over the chain; `add`: is added to.
    void write_back(const std::int32_t* child, std::int32_t* parent, std::int64_t offset, bool add) const;

    std::int64_t child_words() const { return child_words_; }
    std::int64_t child_instances() const { return static_cast<std::int64_t>(instance_offsets_.size()); }

private:
    /// `count` child instances from `first` on read the parent at offset, offset + stride, ...
    struct Run {
        std::int64_t first;
        std::int64_t count;
        std::int64_t offset;
        std::int64_t stride;
    };
    void find_runs();
    void find_chains();
    template <typename Visit>
    void for_each_address(Visit visit) const;

    std::int64_t parent_instances_ = 1;
    std::int64_t child_words_ = 1;
    std::vector<std::int64_t> extents_;  ///< of the child's storage
    std::vector<std::int64_t> parent_strides_;
    std::vector<std::int64_t> instance_offsets_;  ///< per child instance, in the parent's [address][instance] order
    std::vector<char> head_;
    std::vector<Run> runs_;
    /// Runs of heads, each with the first instances of all runs that are reduced into the same words.
    struct Chains {
        Run heads;
        std::vector<std::int64_t> firsts;
    };
    std::vector<Chains> chains_;
    std::int64_t longest_run_ = 1;
    mutable std::vector<std::uint32_t> sums_;  ///< scratch of write_back
};

}  // namespace accelsim
