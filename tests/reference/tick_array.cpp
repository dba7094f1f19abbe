// SPDX-License-Identifier: Apache-2.0
// The array and its stalls (docs/microarchitecture.md, 4b and 6).
#include "tests/reference/tick_machine.hpp"

#include <stdexcept>
#include <utility>

namespace accelsim::testing {

bool TickModel::usable_now(int b, std::int64_t k) const { return state(b).usable.at(now_) > k; }

// Section 4b: a step is issued when the tile or stream entry that it needs is usable, for every tensor.
bool TickModel::step_is_ready() const {
    const std::size_t step = run_.issue_cycles.size();
    if (step == nest_.steps.size()) return false;
    for (int t = 0; at(t) < nest_.workload.tensors.size(); ++t) {
        const int b = innermost(t);
        if (!usable_now(b, boundary(b).tile_of_step[step])) return false;
    }
    return true;
}

bool TickModel::array_issues() {
    if (!step_is_ready()) return false;
    const auto step = static_cast<std::int64_t>(run_.issue_cycles.size());
    issue(step);
    finish_uses(step);
    run_.issue_cycles.push_back(now_);
    acted();
    return true;
}

void TickModel::issue(std::int64_t step) {
    const Values indices = nest_.indices_of(nest_.steps[at(step)]);
    for (std::size_t lane = 0; lane < macs_.size(); ++lane) execute_lane(indices, lane);
}

// Sections 1 and 7: an active lane multiplies; where the innermost buffer is direct, its accesses are counted here.
void TickModel::execute_lane(const Values& step_indices, std::size_t lane) {
    Values indices = step_indices;
    for (std::size_t d = 0; d < indices.size(); ++d) {
        if ((indices[d] += macs_[lane].indices[d]) >= nest_.bound(d)) return;
    }
    const int out = nest_.workload.output_index();
    const bool latched = nest_.level(nest_.architecture.mac_level()).operand_latch;
    std::uint32_t product = 1;
    for (int t = 0; t < out; ++t) {
        const Values coordinate = nest_.coordinate(t, indices);
        const bool inside = is_inside(t, coordinate);
        product *= inside ? static_cast<std::uint32_t>(element(t, coordinate, lane)) : 0;
        if (boundary(innermost(t)).stream) continue;
        Values& held = latches_[at(t)][lane];
        if (inside && !(latched && held == coordinate)) ++counts_.at(t, boundary(innermost(t)).child).reads_to_child;
        held = coordinate;
    }
    const Values coordinate = nest_.coordinate(out, indices);
    if (is_inside(out, coordinate)) {
        std::int32_t& sum = element(out, coordinate, lane);
        sum = wrapped(static_cast<std::uint32_t>(sum) + product, nest_.tensor(out).bits);
    }
    ++(nest_.is_padding(indices) ? padding_ : run_.macs);
}

bool TickModel::is_inside(int t, const Values& coordinate) const {
    for (std::size_t a = 0; a < coordinate.size(); ++a) {
        if (coordinate[a] < 0 || coordinate[a] >= sizes_[t][a]) return false;
    }
    return true;
}

/// The word in the lane's innermost slot. For outputs it also counts the update. No fan-out stands between the
/// innermost child and the MAC, so that their instances are numbered alike.
std::int32_t& TickModel::element(int t, const Values& coordinate, std::size_t child) {
    const int b = innermost(t);
    const auto step = run_.issue_cycles.size();
    const std::int64_t k = boundary(b).tile_of_step[step];
    const auto address = at(state(b).mover.address(tile(b, k), child, coordinate));
    SlotData& slot = state(b).slots.at(k);
    if (is_output(b) && !boundary(b).stream) {
        // Section 7: the first update of an element that started at zero is not read.
        const auto l = static_cast<std::int32_t>(child % boundary(b).lanes.size());
        const bool head_only = nest_.nest.partials == Partials::head;
        const bool zero = tile(b, k).starts_at_zero || (head_only && !state(b).mover.is_head(l));
        TensorCounts& counts = counts_.at(t, boundary(b).child);
        if (!zero || slot.touched[child][address] != 0) ++counts.reads_to_child;
        ++counts.writes_from_child;
        slot.touched[child][address] = 1;
    }
    return slot.words[child][address];
}

// Section 4b: a last use releases an operand's tile, a last update completes an output's.
void TickModel::finish_uses(std::int64_t step) {
    const std::int64_t m = nest_.level(nest_.architecture.mac_level()).latency_cycles;
    for (int t = 0; at(t) < nest_.workload.tensors.size(); ++t) {
        const int b = innermost(t);
        const std::int64_t k = boundary(b).tile_of_step[at(step)];
        if (!is_output(b)) give_back_used(b, step);
        if (tile(b, k).last_step != step) continue;
        if (is_output(b)) {
            state(b).complete.count_next_from(now_ + m);
        } else {
            release(b, k);
        }
    }
}

// Section 6: the tile that a step needs at a boundary, along the sources from the innermost.
std::int64_t TickModel::needed_tile(int b, std::int64_t step) const {
    int i = innermost(boundary(b).tensor);
    std::int64_t k = boundary(i).tile_of_step[at(step)];
    for (; i != b; i = boundary(i).outer) k = tile(i, k).source;
    return k;
}

// Section 6: the one cause of a cycle in which no step was issued.
std::string TickModel::stall_cause() const {
    const auto step = static_cast<std::int64_t>(run_.issue_cycles.size());
    if (step == 0) return "startup";
    if (at(step) == nest_.steps.size()) return "drain";
    for (bool output_first : {true, false}) {
        for (int t = 0; at(t) < nest_.workload.tensors.size(); ++t) {
            if (output_first && !nest_.tensor(t).is_output) continue;
            if (usable_now(innermost(t), needed_tile(innermost(t), step))) continue;
            int b = -1;  // the outermost boundary whose needed tile is not there
            for (int candidate : nest_.chains[at(t)]) {
                if (b < 0 && !usable_now(candidate, needed_tile(candidate, step))) b = candidate;
            }
            if (!output_first) return nest_.tensor(t).name + "@" + nest_.level(boundary(b).child).name;
            const BoundaryState& s = state(b);
            const LiteralTile& needed = tile(b, needed_tile(b, step));
            if (s.reserved.at(now_) > needed_tile(b, step)) continue;
            if (!has_room(b)) return "output_space";
            if (!needed.starts_at_zero && needed.same_box_before >= 0 && s.landed.at(now_) <= needed.same_box_before)
                return "readback";
        }
    }
    throw std::runtime_error("reference: a stall without a cause");
}

}  // namespace accelsim::testing
