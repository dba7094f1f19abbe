// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shrink.hpp"

#include <algorithm>

#include "mappings/design.hpp"
#include "tests/reference/random_parts.hpp"
#include "tests/support/shrink_parts.hpp"

namespace accelsim::testing {

namespace {

using Designs = std::vector<RandomDesign>;

constexpr std::int64_t ample_bytes = 1 << 18;  ///< for one tensor; three of them fit into a random buffer
constexpr int wide_bits = 1024;

template <class T, class U>
bool set(T& value, U wanted) {
    if (value == wanted) return false;
    value = wanted;
    return true;
}

template <class T>
bool cut(T& value, std::int64_t most) {
    return value > most && set(value, static_cast<T>(most));
}

/// One candidate for each part that `visit` shows and `change` changes.
template <class Visit, class Change>
Transformation each(const std::string& name, Visit visit, Change change) {
    return {name, [=](const RandomDesign& design) {
                Designs result;
                for (std::size_t wanted = 0, parts = 1; wanted < parts; ++wanted) {
                    RandomDesign candidate = design;
                    parts = 0;
                    bool changed = false;
                    visit(candidate, [&](auto&... part) {
                        if (parts++ == wanted) changed = change(part...);
                    });
                    if (!changed) continue;
                    for (RandomDesign& ready : finished(design, std::move(candidate))) result.push_back(std::move(ready));
                }
                return result;
            }};
}

// What there is to visit.
const auto whole = [](RandomDesign& d, auto f) { f(d); };
const auto levels = [](RandomDesign& d, auto f) {
    for (Level& level : d.architecture.levels) f(level, d);
};
const auto places = [](RandomDesign& d, auto f) {
    for (Level& level : d.architecture.levels) {
        for (const Tensor& tensor : d.workload.tensors) f(level, tensor, d);
    }
};
const auto own_memories = [](RandomDesign& d, auto f) {
    for (Level& level : d.architecture.levels) {
        for (auto& [tensor, memory] : level.memories) f(memory);
    }
};
const auto memories = [](RandomDesign& d, auto f) {
    for (Level& level : d.architecture.levels) {
        if (level.is_buffer()) f(static_cast<Memory&>(level));
    }
    own_memories(d, f);
};
const auto networks = [](RandomDesign& d, auto f) {
    for (Level& level : d.architecture.levels) {
        for (auto& [tensor, network] : level.networks) f(network);
    }
};
const auto axes = [](RandomDesign& d, auto f) {
    for (Tensor& tensor : d.workload.tensors) {
        for (Axis& axis : tensor.axes) f(axis);
    }
};
const auto terms = [](RandomDesign& d, auto f) {
    axes(d, [&](Axis& axis) {
        for (Term& term : axis.terms) f(term);
    });
};

/// One that counts the parts `0 .. count(design) - 1` instead of visiting them.
template <class Count, class Change>
Transformation indexed(const std::string& name, Count count, Change change) {
    const auto visit = [=](RandomDesign& d, auto f) {
        const std::size_t parts = count(d);
        for (std::size_t i = 0; i < parts; ++i) f(i, d);
    };
    return each(name, visit, change);
}

std::size_t dimension_count(const RandomDesign& d) { return d.workload.dimensions.size(); }
std::size_t loop_count(const RandomDesign& d) { return d.nest.loops.size(); }
std::size_t level_count(const RandomDesign& d) { return d.architecture.levels.size(); }

using Smaller = std::int64_t (*)(std::int64_t);

Transformation dimension(const std::string& how, Smaller smaller) {
    return indexed("dimension " + how, dimension_count, [=](std::size_t i, RandomDesign& d) {
        const std::int64_t bound = d.workload.dimensions[i].bound;
        return smaller(bound) < bound && (cut_dimension(d, i, smaller(bound)), true);
    });
}

/// Each loop with each fit.
Transformation loop(const std::string& how, Smaller smaller) {
    const auto count = [](const RandomDesign& d) { return 3 * d.nest.loops.size(); };
    return indexed("loop " + how, count, [=](std::size_t i, RandomDesign& d) {
        const std::int64_t bound = d.nest.loops[i / 3].bound;
        constexpr Fit fits[] = {Fit::cut, Fit::keep_tail, Fit::nothing};
        return smaller(bound) < bound && cut_loop(d, i / 3, smaller(bound), fits[i % 3]);
    });
}

std::int64_t to_one(std::int64_t) { return 1; }
std::int64_t halved(std::int64_t bound) { return (bound + 1) / 2; }
std::int64_t minus_one(std::int64_t bound) { return bound > 1 ? bound - 1 : 1; }

bool cut_array(Level& level, RandomDesign& d) {
    if (level.kind != LevelKind::array) return false;
    const auto index = &level - d.architecture.levels.data();
    std::int64_t rows = 1, columns = 1;
    for (const Loop& loop : d.nest.loops) {
        if (loop.level == index) (loop.kind == LoopKind::rows ? rows : columns) *= loop.bound;
    }
    const bool shorter = cut(level.rows, rows);
    return cut(level.columns, columns) || shorter;
}

bool default_ports(Memory& memory) {
    const Ports plain;
    if (!memory.ports.shared && memory.ports.reads == plain.reads && memory.ports.writes == plain.writes) return false;
    memory.ports = plain;
    return true;
}

/// Slots want more room than windows.
bool windowed_off(Memory& memory) {
    if (!set(memory.windowed, false)) return false;
    memory.capacity_bytes = std::max(memory.capacity_bytes, ample_bytes);
    return true;
}

bool windows_off(Level& level, RandomDesign&) {
    if (!level.is_buffer() || !windowed_off(level)) return false;
    for (auto& [tensor, bytes] : level.partitions) bytes = ample_bytes;
    return true;
}

bool clear_partitions(Level& level, RandomDesign&) {
    if (level.partitions.empty()) return false;
    level.partitions.clear();
    level.windowed = false;
    return true;
}

/// A partitioned level has a partition for every tensor that it can hold.
void complete_partitions(Level& level, const Workload& workload) {
    if (level.partitions.empty()) return;
    for (const Tensor& tensor : workload.tensors) {
        if (can_keep(level, tensor.name) && level.memories.count(tensor.name) == 0)
            level.partitions.emplace(tensor.name, ample_bytes);
    }
}

/// Every tensor of the level's own memory is in a set, when there are sets.
void complete_port_sets(Level& level, const Workload& workload) {
    if (level.port_sets.empty()) return;
    for (const Tensor& tensor : workload.tensors) {
        const auto has = [&](const PortSet& set) {
            return std::find(set.tensors.begin(), set.tensors.end(), tensor.name) != set.tensors.end();
        };
        if (!can_keep(level, tensor.name) || level.memories.count(tensor.name) > 0) continue;
        if (std::none_of(level.port_sets.begin(), level.port_sets.end(), has))
            level.port_sets.back().tensors.push_back(tensor.name);
    }
}

bool no_port_sets(Memory& memory) {
    if (memory.port_sets.empty()) return false;
    memory.port_sets.clear();
    return true;
}

bool no_banks(Memory& memory) {
    memory.banks = 1;
    return set(memory.interleave, Interleave::none);
}

bool keep_all(Level& level, RandomDesign& d) {
    if (level.keeps_all) return false;
    level.keeps_all = true;
    level.keeps.clear();
    complete_partitions(level, d.workload);
    complete_port_sets(level, d.workload);
    return true;
}

bool remove_memory(Level& level, const Tensor& tensor, RandomDesign& d) {
    if (level.memories.erase(tensor.name) == 0) return false;
    complete_partitions(level, d.workload);
    complete_port_sets(level, d.workload);
    return true;
}

bool remove_bypass(Level& level, const Tensor& tensor, RandomDesign& d) {
    const auto l = static_cast<int>(&level - d.architecture.levels.data());
    const auto t = static_cast<int>(&tensor - d.workload.tensors.data());
    const auto found = d.nest.bypass.find(l);
    if (found == d.nest.bypass.end() || std::erase(found->second, t) == 0) return false;
    if (found->second.empty()) d.nest.bypass.erase(found);
    return true;
}

bool clear_issued(std::size_t i, RandomDesign& d) { return i < d.nest.issued.size() && set(d.nest.issued[i], 0); }

const auto windows = [](RandomDesign& d, auto f) {
    for (Level& level : d.architecture.levels) {
        for (auto& [tensor, memory] : level.memories) {
            if (memory.windowed) f(memory.capacity_bytes);
        }
        for (auto& [tensor, bytes] : level.partitions) {
            if (level.windowed) f(bytes);
        }
    }
};

/// At least a byte.
bool less_an_eighth(std::int64_t& bytes) { return cut(bytes, std::max<std::int64_t>(1, bytes - (bytes + 7) / 8)); }

bool reduce_by_tree(Level& level, RandomDesign& d) {
    const auto found = level.networks.find(d.workload.output().name);
    return found != level.networks.end() && set(found->second.reduction, Reduction::tree);
}

}  // namespace

const std::vector<Transformation>& transformations() {
    static const std::vector<Transformation> table = {
        dimension("to 1", to_one),
        dimension("halved", halved),
        indexed("level dropped with its loops", level_count,
                [](std::size_t l, RandomDesign& d) { return drop_level(d, l, true); }),
        indexed("level dropped", level_count, [](std::size_t l, RandomDesign& d) { return drop_level(d, l, false); }),
        loop("to 1", to_one),
        loop("halved", halved),
        indexed("loop of 1 dropped", loop_count, drop_loop_of_one),
        dimension("minus 1", minus_one),
        loop("minus 1", minus_one),
        each("array cut to its loops", levels, cut_array),
        each("partials: head", whole, [](RandomDesign& d) { return set(d.nest.partials, Partials::head); }),
        each("halo: refetch", whole, [](RandomDesign& d) { return set(d.nest.halo, Halo::refetch); }),
        each("gaps kept", whole, [](RandomDesign& d) { return set(d.nest.skip_gaps, false); }),
        indexed("tail guarded", dimension_count, clear_issued),
        each("bypass removed", places, remove_bypass),
        each("own memory removed", places, remove_memory),
        each("windows off", levels, windows_off),
        each("window off", own_memories, windowed_off),
        each("partitions cleared", levels, clear_partitions),
        each("keeps all", levels, keep_all),
        each("window halved", windows, [](std::int64_t& bytes) { return cut(bytes, halved(bytes)); }),
        each("window less an eighth", windows, less_an_eighth),
        each("depth 2", memories, [](Memory& m) { return set(m.depth, 2); }),
        each("latency 0", memories, [](Memory& m) { return cut(m.latency_cycles, 0); }),
        each("latency 1", memories, [](Memory& m) { return cut(m.latency_cycles, 1); }),
        each("wide ports", memories, [](Memory& m) { return set(m.width_bits, wide_bits); }),
        each("mac_ports: own", memories, [](Memory& m) { return set(m.mac_shares_ports, false); }),
        each("grant: word", memories, [](Memory& m) { return set(m.burst_grants, false); }),
        each("no banks", memories, no_banks),
        each("one set of ports", memories, no_port_sets),
        each("ports 1r1w", memories, default_ports),
        each("arbitration: round_robin", memories, [](Memory& m) { return set(m.arbitration, Arbitration::round_robin); }),
        each("transport: multicast", networks, [](Network& n) { return set(n.transport, Transport::multicast); }),
        each("reduction: tree", levels, reduce_by_tree),
        each("network latency 0", networks, [](Network& n) { return cut(n.latency_cycles, 0); }),
        each("network latency 1", networks, [](Network& n) { return cut(n.latency_cycles, 1); }),
        each("network not limited", networks, [](Network& n) { return set(n.width_bits, 0); }),
        each("operand latch off", levels, [](Level& l, RandomDesign&) { return set(l.operand_latch, false); }),
        each("MAC latency 1", levels,
             [](Level& l, RandomDesign&) { return l.kind == LevelKind::mac && cut(l.latency_cycles, 1); }),
        each("coefficient minus 1", terms, [](Term& t) { return cut(t.coefficient, minus_one(t.coefficient)); }),
        each("padding minus 1", axes, [](Axis& a) { return a.offset < 0 && set(a.offset, a.offset + 1); }),
    };
    return table;
}

bool is_legal(const RandomDesign& design) {
    try {
        lower(design.workload, design.architecture, design.nest);
        return true;
    } catch (const UserError&) {
        return false;
    }
}

RandomDesign shrink(RandomDesign design, const std::function<bool(const RandomDesign&)>& fails) {
    for (bool progress = true; progress;) {
        progress = false;
        for (const Transformation& transformation : transformations()) {
            Designs candidates = transformation.candidates(design);
            // What is taken is mostly gone from the new list, so that the next one has its place.
            for (std::size_t i = 0; i < candidates.size();) {
                if (!is_legal(candidates[i]) || !fails(candidates[i])) {
                    ++i;
                    continue;
                }
                design = candidates[i];
                candidates = transformation.candidates(design);
                progress = true;
            }
        }
    }
    return design;
}

}  // namespace accelsim::testing
