// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/design_features.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "tests/reference/random_parts.hpp"

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// A boundary as the features see it: a tensor between two levels (the MAC's for a stream).
struct Edge {
    int tensor, parent, child;
    bool stream;
};

/// Looks at one design; every question is answered from the nest and the levels alone.
class Look {
public:
    explicit Look(const RandomDesign& design) : d(design), mac(design.architecture.mac_level()) {
        for (int t = 0; at(t) < d.workload.tensors.size(); ++t) {
            int parent = 0;
            for (int l = 1; l < mac; ++l) {
                if (!is_kept(d, at(l), t)) continue;
                edges.push_back({t, parent, l, false});
                parent = l;
            }
            if (parent == 0 || parent != mac - 1) edges.push_back({t, parent, mac, true});
        }
    }

    const Tensor& tensor(int t) const { return d.workload.tensors[at(t)]; }
    const Level& level(int l) const { return d.architecture.levels[at(l)]; }
    bool crosses(const Edge& e, const Loop& loop) const {
        return loop.kind != LoopKind::temporal && loop.bound > 1 && loop.level > e.parent && loop.level < e.child;
    }
    bool any_edge(const std::function<bool(const Edge&)>& test) const { return std::any_of(edges.begin(), edges.end(), test); }
    bool any_loop(const std::function<bool(const Loop&)>& test) const {
        return std::any_of(d.nest.loops.begin(), d.nest.loops.end(), test);
    }
    bool is_above(const Edge& e, const Loop& loop) const { return loop.kind == LoopKind::temporal && loop.level < e.child; }

    /// The tile changes during the run.
    bool moves(const Edge& e) const {
        return any_loop([&](const Loop& l) { return is_above(e, l) && l.bound > 1 && tensor(e.tensor).depends_on(l.dimension); });
    }
    bool operand(const Edge& e) const { return !tensor(e.tensor).is_output; }

    bool transports(Transport transport) const {
        return any_edge([&](const Edge& e) {
            return operand(e) && any_loop([&](const Loop& l) {
                       return crosses(e, l) && !tensor(e.tensor).depends_on(l.dimension) &&
                              level(l.level).network(tensor(e.tensor).name).transport == transport;
                   });
        });
    }
    bool accumulates(const Edge& e) const {
        if (operand(e)) return false;
        for (int l = e.parent + 1; l < e.child; ++l) {
            if (level(l).kind == LevelKind::array && level(l).network(tensor(e.tensor).name).reduction == Reduction::none)
                return true;
        }
        return false;
    }
    bool reduces(const Edge& e) const {
        return !operand(e) && any_loop([&](const Loop& l) { return crosses(e, l) && d.workload.is_reduction(l.dimension); });
    }
    bool reduces_by(Reduction reduction) const {
        return any_edge([&](const Edge& e) {
            return !operand(e) && any_loop([&](const Loop& l) {
                return crosses(e, l) && d.workload.is_reduction(l.dimension) &&
                       level(l.level).network(tensor(e.tensor).name).reduction == reduction;
            });
        });
    }
    /// Some tile comes again after another one: a reduction loop outside a loop that changes the tile.
    bool spills(const Edge& e) const {
        if (operand(e) || accumulates(e)) return false;
        bool reduction = false;
        for (const Loop& loop : d.nest.loops) {
            if (!is_above(e, loop) || loop.bound == 1) continue;
            if (d.workload.is_reduction(loop.dimension)) reduction = true;
            if (reduction && tensor(e.tensor).depends_on(loop.dimension)) return true;
        }
        return false;
    }
    /// Successive tiles can share words: on an axis of several dimensions a loop steps by less than a tile.
    bool overlaps(const Edge& e) const {
        if (!operand(e) || e.stream) return false;
        const auto extents = tile_extents(d, e.tensor, e.child);
        for (std::size_t a = 0; a < extents.size(); ++a) {
            const Axis& axis = tensor(e.tensor).axes[a];
            if (axis.terms.size() < 2) continue;
            for (std::size_t i = 0; i < d.nest.loops.size(); ++i) {
                const Loop& loop = d.nest.loops[i];
                if (!is_above(e, loop) || loop.bound == 1) continue;
                for (const Term& term : axis.terms) {
                    if (term.dimension == loop.dimension && term.coefficient * stride_of(d.nest, i) < extents[a]) return true;
                }
            }
        }
        return false;
    }
    /// The nominal box has elements that no index reaches.
    bool has_gaps(const Edge& e) const {
        if (!operand(e) || e.stream) return false;
        const auto extents = tile_extents(d, e.tensor, e.child);
        for (std::size_t a = 0; a < extents.size(); ++a) {
            std::set<std::int64_t> reached{0};
            for (const Term& term : tensor(e.tensor).axes[a].terms) {
                std::int64_t span = 1;
                for (const Loop& l : d.nest.loops) span *= l.dimension == term.dimension && l.level >= e.child ? l.bound : 1;
                span = std::min(span, issued_bound(d, term.dimension));
                std::set<std::int64_t> next;
                for (std::int64_t base : reached) {
                    for (std::int64_t v = 0; v < span; ++v) next.insert(base + v * term.coefficient);
                }
                reached = next;
            }
            if (static_cast<std::int64_t>(reached.size()) < extents[a]) return true;
        }
        return false;
    }
    std::int64_t cover(int dimension) const {
        std::int64_t product = 1;
        for (const Loop& loop : d.nest.loops) product *= loop.dimension == dimension ? loop.bound : 1;
        return product;
    }
    /// A loop of this kind whose last iterations are cut.
    bool tail(bool temporal) const {
        for (std::size_t i = 0; i < d.nest.loops.size(); ++i) {
            const Loop& loop = d.nest.loops[i];
            if ((loop.kind == LoopKind::temporal) != temporal || loop.bound == 1) continue;
            const std::int64_t issued = issued_bound(d, loop.dimension);
            if (cover(loop.dimension) > issued && issued % (stride_of(d.nest, i) * loop.bound) != 0) return true;
        }
        return false;
    }
    bool memory_is(const std::function<bool(const Memory&)>& test, bool own) const {
        return any_edge([&](const Edge& e) {
            const std::string& name = tensor(e.tensor).name;
            if (e.stream || !moves(e) || (own && level(e.child).memories.count(name) == 0)) return false;
            return test(level(e.child).memory(name));
        });
    }
    /// Of either end of a boundary whose tiles change.
    bool an_end_is(const std::function<bool(const Memory&)>& test) const {
        return any_edge([&](const Edge& e) {
            const std::string& name = tensor(e.tensor).name;
            return moves(e) && (test(level(e.parent).memory(name)) || (!e.stream && test(level(e.child).memory(name))));
        });
    }
    bool shared_port() const {
        return any_edge([&](const Edge& e) {
            const std::string& name = tensor(e.tensor).name;
            return !e.stream && moves(e) && level(e.child).memory(name).ports_of(name).shared;
        });
    }
    bool mac_contends() const {
        return any_edge([&](const Edge& e) {
            return !e.stream && e.child == mac - 1 && moves(e) && level(e.child).memory(tensor(e.tensor).name).mac_shares_ports;
        });
    }
    bool axis_has(const std::function<bool(const Axis&)>& test) const {
        for (const Tensor& t : d.workload.tensors) {
            for (const Axis& axis : t.axes) {
                if (test(axis)) return true;
            }
        }
        return false;
    }
    std::int64_t bound(const Term& term) const { return d.workload.dimensions[at(term.dimension)].bound; }
    std::int64_t axis_product(int l, LoopKind kind) const {
        std::int64_t product = 1;
        for (const Loop& loop : d.nest.loops) product *= loop.level == l && loop.kind == kind ? loop.bound : 1;
        return product;
    }
    int used_arrays(bool two_dimensional) const {
        int count = 0;
        for (int l = 1; l < mac; ++l) {
            if (level(l).kind != LevelKind::array) continue;
            const bool rows = axis_product(l, LoopKind::rows) > 1, columns = axis_product(l, LoopKind::columns) > 1;
            count += two_dimensional ? rows && columns : rows || columns;
        }
        return count;
    }
    bool replicates() const {
        for (const Loop& a : d.nest.loops) {
            for (const Loop& b : d.nest.loops) {
                if (&a < &b && a.kind != LoopKind::temporal && a.kind == b.kind && a.level == b.level && a.bound > 1 &&
                    b.bound > 1)
                    return true;
            }
        }
        return false;
    }
    int memories() const {
        int count = 0;
        for (int l = 0; l < mac; ++l) count += level(l).is_buffer() ? 1 : 0;
        return count;
    }

    const RandomDesign& d;
    int mac;
    std::vector<Edge> edges;
};

struct Feature {
    std::string name;
    std::function<bool(const Look&)> holds;
};

bool two_terms(const Look& look, const Axis& axis, std::size_t i) {
    return axis.terms.size() > 1 && look.bound(axis.terms[0]) > 1 && look.bound(axis.terms[1]) > 1 && i < axis.terms.size();
}

const std::vector<Feature>& table() {
    static const std::vector<Feature> features = {
        {"unicast", [](const Look& l) { return l.transports(Transport::unicast); }},
        {"multicast", [](const Look& l) { return l.transports(Transport::multicast); }},
        {"systolic", [](const Look& l) { return l.transports(Transport::systolic); }},
        {"systolic_sums", [](const Look& l) { return l.reduces_by(Reduction::systolic); }},
        {"tree", [](const Look& l) { return l.reduces_by(Reduction::tree); }},
        {"no_reduction", [](const Look& l) { return l.reduces_by(Reduction::none); }},
        {"replication", [](const Look& l) { return l.replicates(); }},
        {"one_dimensional", [](const Look& l) { return l.used_arrays(false) > l.used_arrays(true); }},
        {"two_dimensional", [](const Look& l) { return l.used_arrays(true) > 0; }},
        {"several_arrays", [](const Look& l) { return l.used_arrays(false) > 1; }},
        {"stride",
         [](const Look& l) {
             return l.axis_has([&](const Axis& a) { return two_terms(l, a, 0) && a.terms[0].coefficient > 1; });
         }},
        {"dilation",
         [](const Look& l) {
             return l.axis_has([&](const Axis& a) { return two_terms(l, a, 1) && a.terms[1].coefficient > 1; });
         }},
        {"padding", [](const Look& l) { return l.axis_has([](const Axis& a) { return a.offset < 0; }); }},
        {"groups",
         [](const Look& l) {
             // A dimension of all tensors: groups, channels of a depthwise layer, batches of a product.
             for (int d = 0; at(d) < l.d.workload.dimensions.size(); ++d) {
                 const auto& tensors = l.d.workload.tensors;
                 if (l.d.workload.dimensions[at(d)].bound > 1 &&
                     std::all_of(tensors.begin(), tensors.end(), [&](const Tensor& t) { return t.depends_on(d); }))
                     return true;
             }
             return false;
         }},
        {"temporal_tail", [](const Look& l) { return l.tail(true); }},
        {"spatial_tail", [](const Look& l) { return l.tail(false); }},
        {"round_up",
         [](const Look& l) {
             for (int d = 0; at(d) < l.d.workload.dimensions.size(); ++d) {
                 if (issued_bound(l.d, d) > l.d.workload.dimensions[at(d)].bound) return true;
             }
             return false;
         }},
        {"spill", [](const Look& l) { return l.any_edge([&](const Edge& e) { return l.spills(e); }); }},
        {"spill_on_chip", [](const Look& l) { return l.any_edge([&](const Edge& e) { return e.parent > 0 && l.spills(e); }); }},
        {"partials_copy",
         [](const Look& l) {
             return l.d.nest.partials == Partials::copy && l.any_edge([&](const Edge& e) { return l.spills(e) && l.reduces(e); });
         }},
        {"halo_reuse",
         [](const Look& l) { return l.d.nest.halo == Halo::reuse && l.any_edge([&](const Edge& e) { return l.overlaps(e); }); }},
        {"gaps_skip",
         [](const Look& l) { return l.d.nest.skip_gaps && l.any_edge([&](const Edge& e) { return l.has_gaps(e); }); }},
        {"depth_1",
         [](const Look& l) { return l.memory_is([](const Memory& m) { return !m.windowed && m.depth == 1; }, false); }},
        {"depth_3",
         [](const Look& l) { return l.memory_is([](const Memory& m) { return !m.windowed && m.depth == 3; }, false); }},
        {"windowed", [](const Look& l) { return l.memory_is([](const Memory& m) { return m.windowed; }, false); }},
        {"own_memory", [](const Look& l) { return l.memory_is([](const Memory&) { return true; }, true); }},
        {"shared_port", [](const Look& l) { return l.shared_port(); }},
        {"port_sets", [](const Look& l) { return l.an_end_is([](const Memory& m) { return m.port_sets.size() > 1; }); }},
        {"word_banks",
         [](const Look& l) { return l.an_end_is([](const Memory& m) { return m.interleave == Interleave::word; }); }},
        {"tensor_banks",
         [](const Look& l) { return l.an_end_is([](const Memory& m) { return m.interleave == Interleave::tensor; }); }},
        {"burst", [](const Look& l) { return l.an_end_is([](const Memory& m) { return m.burst_grants; }); }},
        {"mac_ports", [](const Look& l) { return l.mac_contends(); }},
        {"latch",
         [](const Look& l) {
             return l.level(l.mac).operand_latch && l.any_edge([&](const Edge& e) {
                 return l.operand(e) && e.child == l.mac - 1 && l.level(e.child).kind == LevelKind::buffer;
             });
         }},
        {"bypass", [](const Look& l) { return !l.d.nest.bypass.empty(); }},
        {"stream_operand", [](const Look& l) { return l.any_edge([&](const Edge& e) { return e.stream && l.operand(e); }); }},
        {"stream_sums", [](const Look& l) { return l.any_edge([&](const Edge& e) { return e.stream && !l.operand(e); }); }},
        {"operand_8", [](const Look& l) { return l.tensor(0).bits == 8 || l.tensor(1).bits == 8; }},
        {"operand_16", [](const Look& l) { return l.tensor(0).bits == 16 || l.tensor(1).bits == 16; }},
        {"sums_16", [](const Look& l) { return l.d.workload.output().bits == 16; }},
        {"sums_32", [](const Look& l) { return l.d.workload.output().bits == 32; }},
        {"levels_2", [](const Look& l) { return l.memories() == 2; }},
        {"levels_3", [](const Look& l) { return l.memories() == 3; }},
        {"levels_4", [](const Look& l) { return l.memories() == 4; }},
        {"levels_5", [](const Look& l) { return l.memories() == 5; }},
        {"levels_6", [](const Look& l) { return l.memories() == 6; }}};
    return features;
}

std::size_t index_of(const std::string& name) {
    const auto& names = feature_names();
    return at(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

const std::vector<std::string>& feature_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> result;
        for (const Feature& feature : table()) result.push_back(feature.name);
        return result;
    }();
    return names;
}

std::vector<int> features(const RandomDesign& design) {
    const Look look(design);
    std::vector<int> result;
    for (std::size_t i = 0; i < table().size(); ++i) {
        if (table()[i].holds(look)) result.push_back(static_cast<int>(i));
    }
    return result;
}

const std::vector<Incompatible>& incompatible_features() {
    static const std::vector<Incompatible> pairs = [] {
        std::vector<Incompatible> result;
        const std::vector<std::string> levels = {"levels_2", "levels_3", "levels_4", "levels_5", "levels_6"};
        for (std::size_t i = 0; i < levels.size(); ++i) {
            for (std::size_t j = i + 1; j < levels.size(); ++j)
                result.push_back({levels[i], levels[j], "a machine has one number of levels"});
        }
        result.push_back({"sums_16", "sums_32", "there is one output"});
        return result;
    }();
    return pairs;
}

FeaturePairs::FeaturePairs() : counts_(feature_names().size(), std::vector<long>(feature_names().size(), 0)) {}

void FeaturePairs::add(const RandomDesign& design) {
    const std::vector<int> present = features(design);
    for (int a : present) {
        for (int b : present) ++counts_[at(a)][at(b)];
    }
}

std::string FeaturePairs::rarer_than(long least) const {
    std::set<std::pair<std::size_t, std::size_t>> never;
    for (const Incompatible& pair : incompatible_features()) never.insert({index_of(pair.left), index_of(pair.right)});
    std::string text;
    for (std::size_t a = 0; a < counts_.size(); ++a) {
        for (std::size_t b = a; b < counts_.size(); ++b) {
            if (counts_[a][b] >= least || never.count({a, b}) > 0 || never.count({b, a}) > 0) continue;
            text += feature_names()[a] + " with " + feature_names()[b] + ": " + std::to_string(counts_[a][b]) + "\n";
        }
    }
    return text;
}

std::string FeaturePairs::impossible() const {
    std::string text;
    for (const Incompatible& pair : incompatible_features()) {
        const long count = counts_[index_of(pair.left)][index_of(pair.right)];
        if (count > 0) text += pair.left + " with " + pair.right + ": " + std::to_string(count) + " (" + pair.reason + ")\n";
    }
    return text;
}

}  // namespace accelsim::testing
