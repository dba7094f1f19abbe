// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/tick_model.hpp"

#include <memory>
#include <string>
#include <tuple>

#include "tests/reference/tick_counts.hpp"
#include "tests/reference/tick_parts.hpp"

namespace accelsim::testing {

namespace {

constexpr std::int64_t cycle_limit = 10'000'000;
constexpr std::int32_t poison = 0x5a5a5a5a;  ///< what the DRAM holds where outputs will be

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

std::int32_t wrapped(std::uint32_t value, int bits) { return static_cast<std::int32_t>(value << (32 - bits)) >> (32 - bits); }

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

    // constants, section 3
    std::int64_t skew_of(int level) const;
    void set_constants(int b);
    // grants, sections 4a and 5
    void grant_requests();
    std::vector<Candidate> requests_in_order() const;
    bool needs_fixed_port(const Candidate& candidate) const;
    std::vector<std::pair<int, bool>> ports_needed(const Candidate& candidate) const;
    void send_fill(int b);
    void send_drain(int b);
    void record_group(int b, bool up);
    // the array, section 4b
    bool array_issues();
    bool usable_now(int b, std::int64_t tile) const;
    void issue(std::int64_t step);
    void execute_lane(const Values& step_indices, std::size_t lane);
    std::int32_t& element(int tensor, const Values& coordinate, std::size_t lane);
    void finish_uses(std::int64_t step);
    // movers, section 4c
    void look_fill(int b);
    void skip_source(int b);
    bool may_start(int b) const;
    void finish_fill_source(int b, std::int64_t tile);
    void look_drain(int b);
    // stalls, section 6
    std::string stall_cause() const;
    std::int64_t needed_tile(int b, std::int64_t step) const;
    // data
    void reserve_slot(int b);
    std::int32_t parent_value(int b, std::int64_t source, std::size_t parent, const Values& coordinate);
    std::int32_t* parent_word(int b, std::int64_t source, std::size_t parent, const Values& coordinate);
    void move_down(int b, const std::vector<Copy>& word);
    void move_up(int b, const std::vector<Copy>& word);

    const LiteralBoundary& boundary(int b) const { return nest_.boundaries[at(b)]; }
    BoundaryState& state(int b) { return *states_[at(b)]; }
    const BoundaryState& state(int b) const { return *states_[at(b)]; }
    bool is_output(int b) const { return nest_.tensor(boundary(b).tensor).is_output; }
    std::int64_t tiles(int b) const { return static_cast<std::int64_t>(boundary(b).tiles.size()); }
    const LiteralTile& tile(int b, std::int64_t k) const { return boundary(b).tiles[at(k)]; }
    int boundaries() const { return static_cast<int>(nest_.boundaries.size()); }
    int innermost(int tensor) const { return nest_.chains[at(tensor)].back(); }
    void acted() { last_action_ = now_; }

    LiteralNest nest_;
    const std::vector<std::vector<std::int16_t>>& operands_;
    std::vector<std::unique_ptr<BoundaryState>> states_;
    std::vector<Instance> macs_;  ///< all lanes
    Values sizes_[8];             ///< per tensor: of its axes
    TickCounts counts_;
    ReferenceRun run_;
    std::map<std::string, std::int64_t> stalls_;
    std::int64_t now_ = 0;
    std::int64_t last_action_ = 0;
    std::int64_t longest_wait_ = 0;  ///< without any action: then nothing can happen any more
};

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
    run_.output.assign(at(row_major_size(sizes_[workload.output_index()])), poison);
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
    s.flight_down = nest_.level(boundary(b).parent).latency_cycles;
    for (int l = boundary(b).parent + 1; l < boundary(b).child; ++l) {
        if (nest_.level(l).kind != LevelKind::array) continue;
        const std::int64_t latency = nest_.network(l, boundary(b).tensor).latency_cycles;
        s.flight_down += latency;
        s.flight_up += latency + skew_of(l);
    }
    const std::int64_t m = nest_.level(nest_.architecture.mac_level()).latency_cycles;
    s.depth = nest_.level(boundary(b).child).depth;
    if (boundary(b).stream) s.depth = 2 + 1 + s.flight_down + (is_output(b) ? m + 1 : 0);
    longest_wait_ += s.flight_down + s.flight_up;
}

// Section 5: the port pools that a group occupies for one cycle: (level, writes). FIFOs have ports of their own.
std::vector<std::pair<int, bool>> TickModel::ports_needed(const Candidate& candidate) const {
    const LiteralBoundary& edge = boundary(candidate.boundary);
    std::vector<std::pair<int, bool>> ports;
    ports.push_back({edge.parent, candidate.up});
    if (!edge.stream) ports.push_back({edge.child, !candidate.up});
    for (auto& [level, writes] : ports) writes = writes && !nest_.level(level).ports.shared;
    return ports;
}

bool TickModel::needs_fixed_port(const Candidate& candidate) const {
    for (const auto& [level, writes] : ports_needed(candidate)) {
        if (nest_.level(level).arbitration == Arbitration::fixed) return true;
    }
    return false;
}

// Section 5: least recently granted first, ties in mover order; before them, in mover order, those at a fixed buffer.
std::vector<TickModel::Candidate> TickModel::requests_in_order() const {
    std::vector<Candidate> fixed, others;
    for (int b = 0; b < boundaries(); ++b) {
        for (bool up : {false, true}) {
            const LiteralPort& port = up ? state(b).drain : state(b).fill;
            if (!port.exists || !port.requesting) continue;
            (needs_fixed_port({b, up}) ? fixed : others).push_back({b, up});
        }
    }
    const auto last_grant = [this](const Candidate& c) {
        return (c.up ? state(c.boundary).drain : state(c.boundary).fill).last_grant;
    };
    std::stable_sort(others.begin(), others.end(),
                     [&](const Candidate& a, const Candidate& b) { return last_grant(a) < last_grant(b); });
    fixed.insert(fixed.end(), others.begin(), others.end());
    return fixed;
}

// Sections 4a and 5: each request in turn is granted if every pool that it needs has a free port.
void TickModel::grant_requests() {
    std::map<std::pair<int, bool>, int> taken;
    std::vector<Candidate> granted;
    for (const Candidate& candidate : requests_in_order()) {
        const auto ports = ports_needed(candidate);
        bool room = true;
        for (const auto& pool : ports) {
            const Ports& has = nest_.level(pool.first).ports;
            room = room && taken[pool] < (pool.second ? has.writes : has.reads);
        }
        if (!room) continue;
        for (const auto& pool : ports) ++taken[pool];
        granted.push_back(candidate);
    }
    for (const Candidate& candidate : granted) candidate.up ? send_drain(candidate.boundary) : send_fill(candidate.boundary);
    if (!granted.empty()) acted();
}

// Section 4a, fill: the words leave now; with the last group the tile is usable after the flight.
void TickModel::send_fill(int b) {
    LiteralPort& port = state(b).fill;
    const std::int64_t k = port.tile;
    record_group(b, false);
    const std::size_t begin = port.group == 0 ? 0 : port.move.group_end[port.group - 1];
    for (std::size_t w = begin; w < port.move.group_end[port.group]; ++w) move_down(b, port.move.words[w]);
    port.last_grant = now_;
    if (++port.group < port.move.group_end.size()) return;
    counts_.sent(boundary(b), false, port.move.counts);
    state(b).usable.count_next_from(now_ + state(b).flight_down + 1);
    finish_fill_source(b, k);
    port.requesting = false;
    ++port.tile;
}

// Section 4a: with the last child tile of a source, the parent's operand tile is released.
void TickModel::finish_fill_source(int b, std::int64_t k) {
    const int outer = boundary(b).outer;
    if (is_output(b) || outer < 0) return;
    if (k + 1 < tiles(b) && tile(b, k + 1).source == tile(b, k).source) return;
    if (state(outer).released.announced() != tile(b, k).source) throw std::runtime_error("reference: release out of order");
    state(outer).released.count_next_from(now_ + 1);
    state(outer).slots.erase(tile(b, k).source);
}

// Section 4a, drain: with the last group the slot is released, and the tile lands after the flight.
void TickModel::send_drain(int b) {
    LiteralPort& port = state(b).drain;
    const std::int64_t k = port.tile;
    record_group(b, true);
    const std::size_t begin = port.group == 0 ? 0 : port.move.group_end[port.group - 1];
    for (std::size_t w = begin; w < port.move.group_end[port.group]; ++w) move_up(b, port.move.words[w]);
    port.last_grant = now_;
    if (++port.group < port.move.group_end.size()) return;
    counts_.sent(boundary(b), true, port.move.counts);
    state(b).released.count_next_from(now_ + 1);
    state(b).landed.count_next_from(now_ + state(b).flight_up + 1);
    const int outer = boundary(b).outer;
    const bool last_of_source = k + 1 == tiles(b) || tile(b, k + 1).source != tile(b, k).source;
    if (outer >= 0 && last_of_source) state(outer).complete.count_next_from(now_ + state(b).flight_up + 1);
    state(b).slots.erase(k);
    port.requesting = false;
    ++port.tile;
}

void TickModel::record_group(int b, bool up) {
    const LiteralPort& port = up ? state(b).drain : state(b).fill;
    GroupEvent event;
    event.cycle = now_;
    event.boundary = b;
    event.up = up;
    event.tile = port.tile;
    event.group = static_cast<std::int64_t>(port.group);
    event.origin = tile(b, port.tile).origin;
    const std::size_t begin = port.group == 0 ? 0 : port.move.group_end[port.group - 1];
    for (std::size_t w = begin; w < port.move.group_end[port.group]; ++w) event.words.push_back(port.move.words[w]);
    run_.events.push_back(std::move(event));
}

bool TickModel::usable_now(int b, std::int64_t k) const { return state(b).usable.at(now_) > k; }

// Section 4b: a step is issued when the tile or stream entry that it needs is usable, for every tensor.
bool TickModel::array_issues() {
    const auto step = static_cast<std::int64_t>(run_.issue_cycles.size());
    if (at(step) == nest_.steps.size()) return false;
    for (int t = 0; at(t) < nest_.workload.tensors.size(); ++t) {
        const int b = innermost(t);
        if (!usable_now(b, boundary(b).tile_of_step[at(step)])) return false;
    }
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
    std::uint32_t product = 1;
    for (int t = 0; t < out; ++t) {
        const Values coordinate = nest_.coordinate(t, indices);
        bool inside = true;
        for (std::size_t a = 0; a < coordinate.size(); ++a) inside = inside && coordinate[a] >= 0 && coordinate[a] < sizes_[t][a];
        product *= inside ? static_cast<std::uint32_t>(element(t, coordinate, lane)) : 0;
        if (inside && !boundary(innermost(t)).stream) ++counts_.at(t, boundary(innermost(t)).child).reads_to_child;
    }
    std::int32_t& sum = element(out, nest_.coordinate(out, indices), lane);
    sum = wrapped(static_cast<std::uint32_t>(sum) + product, nest_.tensor(out).bits);
    ++run_.macs;
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
        const bool zero = tile(b, k).first_met || (head_only && !state(b).mover.is_head(l));
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
        if (tile(b, k).last_step != step) continue;
        if (is_output(b)) {
            state(b).complete.count_next_from(now_ + m);
        } else {
            state(b).released.count_next_from(now_ + 1);
            state(b).slots.erase(k);
        }
    }
}

// Section 4c: the parent's operand tiles from which no child tile is taken are released one per cycle, in order.
void TickModel::skip_source(int b) {
    const int outer = boundary(b).outer;
    if (is_output(b) || outer < 0) return;
    const std::int64_t source = state(outer).released.at(now_);
    if (source >= tiles(outer) || state(outer).released.announced() != source) return;
    if (state(b).fill.tile < tiles(b) && tile(b, state(b).fill.tile).source <= source) return;
    if (!usable_now(outer, source)) return;
    state(outer).released.count_next_from(now_ + 1);
    state(outer).slots.erase(source);
    acted();
}

// Section 4c: what the next tile needs before its first request.
bool TickModel::may_start(int b) const {
    const BoundaryState& s = state(b);
    const LiteralTile& next = tile(b, s.fill.tile);
    const int outer = boundary(b).outer;
    if (s.reserved.at(now_) - s.released.at(now_) >= s.depth) return false;
    if (outer >= 0 && !usable_now(outer, next.source)) return false;
    // The releases are this mover's own, so they count for it at once.
    if (outer >= 0 && !is_output(b) && state(outer).released.announced() < next.source) return false;
    if (is_output(b) && !next.first_met && next.same_box_before >= 0 && s.landed.at(now_) <= next.same_box_before) return false;
    return true;
}

// Section 4c, fill mover.
void TickModel::look_fill(int b) {
    BoundaryState& s = state(b);
    if (s.fill.requesting || s.fill.tile == tiles(b) || !may_start(b)) return;
    reserve_slot(b);
    acted();
    const LiteralTile& next = tile(b, s.fill.tile);
    s.fill.move = {};
    if (!is_output(b)) s.fill.move = s.mover.move(next, MoveKind::operand_fill);
    if (is_output(b) && !next.first_met) s.fill.move = s.mover.move(next, MoveKind::read_back);
    s.fill.group = 0;
    if (!s.fill.move.words.empty()) {
        s.fill.requesting = true;
        return;
    }
    s.usable.count_next_from(now_ + 1);
    finish_fill_source(b, s.fill.tile);
    ++s.fill.tile;
}

// Section 4c, drain mover.
void TickModel::look_drain(int b) {
    BoundaryState& s = state(b);
    if (s.drain.requesting || s.drain.tile == tiles(b) || s.complete.at(now_) <= s.drain.tile) return;
    s.drain.move = s.mover.move(tile(b, s.drain.tile), MoveKind::write_back);
    if (s.drain.move.words.empty()) throw std::runtime_error("reference: a write-back without words");
    s.drain.group = 0;
    s.drain.requesting = true;
    acted();
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
            if (s.reserved.at(now_) - s.released.at(now_) == s.depth) return "output_space";
            if (needed.same_box_before >= 0 && s.landed.at(now_) <= needed.same_box_before) return "readback";
        }
    }
    throw std::runtime_error("reference: a stall without a cause");
}

// Section 4c: a slot is reserved and, for outputs, zeroed.
void TickModel::reserve_slot(int b) {
    BoundaryState& s = state(b);
    s.reserved.count_next_from(now_ + 1);
    SlotData slot;
    slot.words.assign(boundary(b).children.size(), std::vector<std::int32_t>(at(boundary(b).tile_words), 0));
    if (is_output(b)) slot.touched.assign(boundary(b).children.size(), std::vector<char>(at(boundary(b).tile_words), 0));
    s.slots[s.fill.tile] = std::move(slot);
    if (static_cast<std::int64_t>(s.slots.size()) > s.depth) throw std::runtime_error("reference: more tiles than slots");
}

/// A word in the parent's slot (nullptr: the parent is the DRAM).
std::int32_t* TickModel::parent_word(int b, std::int64_t source, std::size_t parent, const Values& coordinate) {
    const int outer = boundary(b).outer;
    if (outer < 0) return nullptr;
    const auto address = at(state(outer).mover.address(tile(outer, source), parent, coordinate));
    return &state(outer).slots.at(source).words[parent][address];
}

std::int32_t TickModel::parent_value(int b, std::int64_t source, std::size_t parent, const Values& coordinate) {
    if (const std::int32_t* word = parent_word(b, source, parent, coordinate)) return *word;
    const int t = boundary(b).tensor;
    const auto address = at(row_major(coordinate, sizes_[t]));
    return is_output(b) ? run_.output.at(address) : operands_.at(at(t)).at(address);
}

// Section 2, fill and read-back: every copy of the word receives it; non-heads of a chain write zero.
void TickModel::move_down(int b, const std::vector<Copy>& word) {
    BoundaryState& s = state(b);
    const LiteralTile& moved = tile(b, s.fill.tile);
    for (std::size_t parent = 0; parent < boundary(b).parents.size(); ++parent) {
        for (const Copy& copy : word) {
            const std::size_t child = s.mover.child_index(parent, copy.lane);
            const Values coordinate = s.mover.coordinate(moved, child, copy.address);
            if (!s.fill.move.boxes[child].holds(coordinate)) continue;
            const bool zero = is_output(b) && !s.mover.is_head(copy.lane);
            s.slots.at(s.fill.tile).words[child][at(copy.address)] = zero ? 0 : parent_value(b, moved.source, parent, coordinate);
        }
    }
}

// Section 2, write-back: the network reduces the chain and the parent's word is overwritten.
void TickModel::move_up(int b, const std::vector<Copy>& word) {
    BoundaryState& s = state(b);
    const LiteralTile& moved = tile(b, s.drain.tile);
    for (std::size_t parent = 0; parent < boundary(b).parents.size(); ++parent) {
        std::uint32_t sum = 0;
        Values coordinate;
        for (const Copy& copy : word) {
            const std::size_t child = s.mover.child_index(parent, copy.lane);
            const Values here = s.mover.coordinate(moved, child, copy.address);
            if (!s.drain.move.boxes[child].holds(here)) continue;
            coordinate = here;
            sum += static_cast<std::uint32_t>(s.slots.at(s.drain.tile).words[child][at(copy.address)]);
        }
        if (coordinate.empty()) continue;
        const int t = boundary(b).tensor;
        std::int32_t* target = parent_word(b, moved.source, parent, coordinate);
        if (target == nullptr) target = &run_.output.at(at(row_major(coordinate, sizes_[t])));
        *target = wrapped(sum, nest_.tensor(t).bits);
    }
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
    run_.counts = counts_.finish(run_.macs);
    return run_;
}

}  // namespace

ReferenceRun run_tick_model(const Workload& workload, const Architecture& architecture, const Nest& nest,
                            const std::vector<std::vector<std::int16_t>>& operands) {
    return TickModel(workload, architecture, nest, operands).run();
}

}  // namespace accelsim::testing
