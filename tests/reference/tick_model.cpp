// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/tick_machine.hpp"

#include <stdexcept>
#include <tuple>

namespace accelsim::testing {

namespace {

constexpr std::int64_t cycle_limit = 10'000'000;
constexpr std::int32_t poison = 0x5a5a5a5a;  ///< what the DRAM holds where outputs will be

}  // namespace

TickModel::TickModel(const Workload& workload, const Architecture& architecture, const Nest& nest,
                     const std::vector<std::vector<std::int16_t>>& operands)
    : nest_(workload, architecture, nest), operands_(operands), counts_(nest_) {
    macs_ = nest_.instances(-1, architecture.mac_level());
    for (int t = 0; at(t) < workload.tensors.size(); ++t) {
        for (const Axis& axis : nest_.tensor(t).axes) sizes_[t].push_back(axis.size);
    }
    for (int b = 0; b < boundaries(); ++b) {
        states_.push_back(std::make_unique<BoundaryState>(nest_, boundary(b)));
        state(b).fill.exists = true;
        state(b).drain.exists = is_output(b);
        set_constants(b);
    }
    longest_wait_ += nest_.level(architecture.mac_level()).latency_cycles + 10;
    // What the DRAM holds where outputs will be matters only where updates are added to it.
    const bool adds = boundary(nest_.chains[at(workload.output_index())].front()).accumulates;
    run_.output.assign(at(row_major_size(sizes_[workload.output_index()])), adds ? 0 : poison);
    latches_.assign(workload.tensors.size(), std::vector<Values>(macs_.size()));
}

// Section 3: skew. An axis that carries any tensor systolically delays by the bound of its adjacent loop less one.
std::int64_t TickModel::skew_of(int level) const {
    std::int64_t skew = 0;
    for (LoopKind kind : {LoopKind::rows, LoopKind::columns}) {
        bool carries = false;
        std::int64_t adjacent = 1;
        for (const LiteralLoop& loop : nest_.loops) {
            if (loop.level != level || loop.kind != kind) continue;
            adjacent = loop.bound;
            for (int t = 0; at(t) < nest_.workload.tensors.size(); ++t) {
                const Network network = nest_.network(level, t);
                const bool systolic = nest_.tensor(t).is_output ? network.reduction == Reduction::systolic
                                                                : network.transport == Transport::systolic;
                if (systolic && !nest_.depends_on(t, loop.dimension)) carries = true;
            }
        }
        if (carries) skew += adjacent - 1;
    }
    return skew;
}

// Section 3: flights and slots of a boundary.
void TickModel::set_constants(int b) {
    BoundaryState& s = state(b);
    s.flight_down = nest_.memory(boundary(b).parent, boundary(b).tensor).latency_cycles;
    for (int l = boundary(b).parent + 1; l < boundary(b).child; ++l) {
        if (nest_.level(l).kind != LevelKind::array) continue;
        const std::int64_t latency = nest_.network(l, boundary(b).tensor).latency_cycles;
        s.flight_down += latency;
        s.flight_up += latency + skew_of(l);
    }
    const std::int64_t m = nest_.level(nest_.architecture.mac_level()).latency_cycles;
    s.depth = nest_.memory(boundary(b).child, boundary(b).tensor).depth;
    if (boundary(b).stream) s.depth = 2 + 1 + s.flight_down + (is_output(b) ? m + 1 : 0);
    longest_wait_ += s.flight_down + s.flight_up;
}

// Section 4: in each cycle ports, array and movers act on registered values.
ReferenceRun TickModel::run() {
    const int last = nest_.chains[at(nest_.workload.output_index())].front();
    for (;; ++now_) {
        if (now_ > cycle_limit) throw std::runtime_error("reference: more than 10 million cycles");
        if (now_ - last_action_ > longest_wait_) throw std::runtime_error("reference: deadlock in cycle " + std::to_string(now_));
        grant_requests();
        const std::string waits = array_issues() ? "" : stall_cause();
        if (waits.empty())
            ++run_.busy;
        else
            ++stalls_[waits];
        for (int b = 0; b < boundaries(); ++b) {
            skip_source(b);
            look_fill(b);
            if (state(b).drain.exists) look_drain(b);
        }
        // Section 4, end: the run ends in the cycle in which the last write-back lands at the DRAM.
        if (state(last).landed.announced() == tiles(last) && state(last).landed.from(tiles(last) - 1) == now_ + 1) break;
    }
    run_.cycles = now_ + 1;
    for (const auto& [cause, cycles] : stalls_) run_.stalls.push_back({cause, cycles});
    std::stable_sort(run_.events.begin(), run_.events.end(), [](const GroupEvent& a, const GroupEvent& b) {
        return std::tie(a.cycle, a.boundary, a.up) < std::tie(b.cycle, b.boundary, b.up);
    });
    run_.counts = counts_.finish(run_.macs, padding_);
    return run_;
}

ReferenceRun run_tick_model(const Workload& workload, const Architecture& architecture, const Nest& nest,
                            const std::vector<std::vector<std::int16_t>>& operands) {
    return TickModel(workload, architecture, nest, operands).run();
}

}  // namespace accelsim::testing
