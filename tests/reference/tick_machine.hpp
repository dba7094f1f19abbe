// SPDX-License-Identifier: Apache-2.0
// The machine of the tick model: its state and the parts of a cycle, each in a file of its own.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/reference/tick_counts.hpp"
#include "tests/reference/tick_model.hpp"
#include "tests/reference/tick_parts.hpp"

namespace accelsim::testing {

class TickModel {
public:
    TickModel(const Workload& workload, const Architecture& architecture, const Nest& nest,
              const std::vector<std::vector<std::int16_t>>& operands);
    ReferenceRun run();

private:
    struct Candidate {
        int boundary;
        bool up;
    };
    struct PortPool {
        int level;
        int tensor;  ///< with a memory of its own; -1: the shared memory
        int set;     ///< of the memory's port sets; -1: there are none
        std::int64_t bank;
        bool writes;
        auto operator<=>(const PortPool&) const = default;
    };
    using PortsTaken = std::map<PortPool, int>;  ///< how many of each pool

    // constants, section 3
    std::int64_t skew_of(int level) const;
    void set_constants(int b);
    // grants, sections 4a and 5
    void grant_requests();
    bool grant_holder(const Candidate& candidate, PortsTaken& taken) const;
    bool grant(const PortsTaken& needs, PortsTaken& taken) const;
    std::vector<Candidate> in_order(const std::vector<Candidate>& candidates) const;
    bool needs_fixed_port(const Candidate& candidate) const;
    bool is_burst(const Candidate& candidate, bool at_parent) const;
    bool holds_ports(const Candidate& candidate) const;
    PortsTaken ports_at(const Candidate& candidate, bool at_parent) const;
    std::vector<std::int64_t> banks_of_group(const Candidate& candidate, bool at_parent) const;
    PortsTaken ports_of_mac() const;
    PortPool pool_of(int level, int tensor, std::int64_t bank, bool writes) const;
    void take_access(PortsTaken& taken, int level, int tensor, std::int64_t bank, bool reads, bool writes) const;
    int ports_in(const PortPool& pool) const;
    const LiteralPort& port_of(const Candidate& c) const { return c.up ? state(c.boundary).drain : state(c.boundary).fill; }
    void send_fill(int b);
    void send_drain(int b);
    void finish_drain(int b, std::int64_t flight);
    void release(int b, std::int64_t k);
    void record_group(int b, bool up);
    // the array, section 4b
    bool step_is_ready() const;
    bool array_issues();
    bool usable_now(int b, std::int64_t tile) const;
    void issue(std::int64_t step);
    void execute_lane(const Values& step_indices, std::size_t lane);
    bool is_inside(int tensor, const Values& coordinate) const;
    std::int32_t& element(int tensor, const Values& coordinate, std::size_t lane);
    void finish_uses(std::int64_t step);
    // movers, section 4c
    void look_fill(int b);
    void list_fill(int b);
    void skip_source(int b);
    bool may_start(int b) const;
    void finish_fill_source(int b, std::int64_t tile);
    void look_drain(int b);
    // windows, section 4
    bool has_room(int b) const;
    std::int64_t highest_address(const LiteralMove& move, std::size_t group) const;
    void give_back_used(int b, std::int64_t step);
    void give_back_source(int b);
    void give_back_drained(int b);
    std::int64_t left_after_tile(int b, std::int64_t k);
    // stalls, section 6
    std::string stall_cause() const;
    std::int64_t needed_tile(int b, std::int64_t step) const;
    // data
    void reserve_slot(int b);
    std::int32_t parent_value(int b, std::int64_t source, std::size_t parent, const Values& coordinate);
    std::int32_t* parent_word(int b, std::int64_t source, std::size_t parent, const Values& coordinate);
    void move_down(int b, const std::vector<Copy>& word);
    void move_up(int b, const std::vector<Copy>& word);
    void finish_data(int b);

    const LiteralBoundary& boundary(int b) const { return nest_.boundaries[at(b)]; }
    BoundaryState& state(int b) { return *states_[at(b)]; }
    const BoundaryState& state(int b) const { return *states_[at(b)]; }
    bool is_output(int b) const { return nest_.tensor(boundary(b).tensor).is_output; }
    std::int64_t tiles(int b) const { return static_cast<std::int64_t>(boundary(b).tiles.size()); }
    const LiteralTile& tile(int b, std::int64_t k) const { return boundary(b).tiles[at(k)]; }
    int boundaries() const { return static_cast<int>(nest_.boundaries.size()); }
    int innermost(int tensor) const { return nest_.chains[at(tensor)].back(); }
    void acted() { last_action_ = now_; }

    static std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }
    static std::int32_t wrapped(std::uint32_t value, int bits) {
        return static_cast<std::int32_t>(value << (32 - bits)) >> (32 - bits);
    }

    LiteralNest nest_;
    const std::vector<std::vector<std::int16_t>>& operands_;
    std::vector<std::unique_ptr<BoundaryState>> states_;
    std::vector<Instance> macs_;                ///< all lanes
    Values sizes_[8];                           ///< per tensor: of its axes
    std::vector<std::vector<Values>> latches_;  ///< per tensor and lane: coordinates held
    std::int64_t padding_ = 0;
    TickCounts counts_;
    ReferenceRun run_;
    std::map<std::string, std::int64_t> stalls_;
    std::int64_t now_ = 0;
    std::int64_t last_action_ = 0;
    std::int64_t longest_wait_ = 0;  ///< without any action: then nothing can happen any more
};

}  // namespace accelsim::testing
