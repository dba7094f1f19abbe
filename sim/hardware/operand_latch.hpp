// SPDX-License-Identifier: Apache-2.0
// The register at each MAC that holds an operand until its coordinate changes (docs/microarchitecture.md, 7). It counts reads;
// time and data do not depend on it.
#pragma once

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// What a run of steps does to the latches, by classes of lanes that are cut alike.
struct LatchRun {
    struct Class {
        bool active = false;        ///< the lane issues at least the first step
        bool first_inside = false;  ///< the element of that step is inside the tensor
        std::int64_t later_reads = 0;
        std::int64_t last = 0;  ///< coordinate of the last step, less that of the first
    };
    std::vector<Class> classes;
    std::vector<int> class_of_lane;
};

class OperandLatch {
public:
    /// `inner`: the loops of a run, outermost first.
    OperandLatch(const Design& design, const Tensor& tensor, std::vector<int> inner);

    /// What a run at these dimension offsets does, whatever the latches hold.
    LatchRun measure(const std::vector<std::int64_t>& offsets) const;
    /// Runs it: the number of reads of all lanes.
    std::int64_t pass(const std::vector<std::int64_t>& offsets, const LatchRun& run);

private:
    std::int64_t coordinate(const std::vector<std::int64_t>& indices) const;
    bool inside(const std::vector<std::int64_t>& indices) const;
    LatchRun::Class walk(const std::vector<std::int64_t>& first) const;

    const Design* design_;
    const Tensor* tensor_;
    std::vector<int> inner_;
    std::vector<std::vector<std::int64_t>> lanes_;  ///< displacement per dimension
    std::vector<std::int64_t> lane_coordinates_;
    std::vector<std::int64_t> held_;     ///< coordinate per lane, -1: nothing yet
    std::vector<std::int64_t> weights_;  ///< per dimension: number of a coordinate
};

}  // namespace accelsim
