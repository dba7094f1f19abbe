// SPDX-License-Identifier: Apache-2.0
// The network that carries one tensor between a keeper and the level inside it.
#pragma once

#include <systemc>

#include <memory>

#include "sim/hardware/distribution.hpp"

namespace accelsim {

/// Multicast, unicast and systolic networks differ in what a word costs and when it arrives (Boundary, Move); where it belongs is
/// the same wiring for all of them, and outputs are reduced on their way out.
class ArrayNetwork : public sc_core::sc_module {
public:
    explicit ArrayNetwork(const sc_core::sc_module_name& name) : sc_module(name) {}

    /// Takes a nest's wiring for a boundary.
    void load(const Design& design, int boundary, const TileLayout& child, const TileLayout& parent) {
        wiring_ = std::make_unique<Distribution>(design, boundary, child, parent);
    }
    const Distribution& wiring() const { return *wiring_; }

private:
    std::unique_ptr<Distribution> wiring_;
};

}  // namespace accelsim
