// SPDX-License-Identifier: Apache-2.0
// What a run counts. The simulator and the models return this one type, so that comparing is one function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace accelsim {

/// Accesses of one tensor at one level, in words, summed over instances (docs/microarchitecture.md, 7).
struct TensorCounts {
    std::string tensor;
    std::int64_t reads_to_child = 0;
    std::int64_t reads_to_parent = 0;
    std::int64_t writes_from_parent = 0;
    std::int64_t writes_from_child = 0;
    std::int64_t tile_words = 0;  ///< largest tile of one instance (whole tensor at DRAM)
    bool operator==(const TensorCounts&) const = default;
};

struct LevelCounts {
    std::string name;
    std::int64_t instances = 1;
    std::int64_t capacity_bytes = 0;
    std::vector<TensorCounts> tensors;  ///< those kept here, in workload order
    bool operator==(const LevelCounts&) const = default;
};

/// Traffic of one tensor between two keepers; outputs: both directions together.
struct LinkCounts {
    std::string tensor;
    std::int64_t injected = 0;
    std::int64_t delivered = 0;
    std::int64_t hops = 0;
    std::int64_t hop_lengths = 0;  ///< sum of the lengths of all hops
    bool operator==(const LinkCounts&) const = default;
};

struct NetworkCounts {
    std::string from;
    std::string to;
    std::vector<LinkCounts> tensors;  ///< in workload order
    bool operator==(const NetworkCounts&) const = default;
};

struct Counts {
    std::vector<LevelCounts> levels;      ///< buffers, outermost first
    std::vector<NetworkCounts> networks;  ///< by parent, then child level, outermost first; not the direct MAC access
    std::int64_t mac_operations = 0;      ///< all of them, padding included
    std::int64_t mac_padding = 0;         ///< those on indices beyond a dimension's bound (tail round_up)
    bool operator==(const Counts&) const = default;
};

}  // namespace accelsim
