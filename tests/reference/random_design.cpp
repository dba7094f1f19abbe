// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_design.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace accelsim::testing {

std::uint64_t RandomNumbers::next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

std::int64_t RandomNumbers::between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
}

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

template <class T>
void shuffle(std::vector<T>& values, RandomNumbers& random) {
    for (std::size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[at(random.between(0, static_cast<std::int64_t>(i) - 1))]);
}

int widest(const Workload& workload) {
    int bits = 0;
    for (const Tensor& tensor : workload.tensors) bits = std::max(bits, tensor.bits);
    return bits;
}

int random_width(RandomNumbers& random, int least) {
    return random.one_of<int>({least, least, least + 8, 2 * least, 3 * least, 4 * least, 8 * least});
}

Level random_buffer(RandomNumbers& random, const Workload& workload, const std::string& name) {
    Level level;
    level.name = name;
    level.kind = LevelKind::buffer;
    level.capacity_bytes = 1 << 20;
    level.depth = static_cast<int>(random.between(1, 3));
    level.width_bits = random_width(random, widest(workload));
    level.latency_cycles = static_cast<int>(random.between(0, 4));
    level.ports = random.one_of<Ports>({{1, 1, false}, {1, 1, false}, {2, 1, false}, {1, 1, true}, {2, 1, true}});
    level.arbitration = random.chance(30) ? Arbitration::fixed : Arbitration::round_robin;
    if (random.chance(40)) {
        level.keeps_all = false;
        while (level.keeps.empty()) {
            for (const Tensor& tensor : workload.tensors) {
                if (random.chance(60)) level.keeps.push_back(tensor.name);
            }
        }
    }
    return level;
}

Level random_array(RandomNumbers& random, const Workload& workload, const std::string& name, bool second) {
    Level level;
    level.name = name;
    level.kind = LevelKind::array;
    level.rows = static_cast<int>(random.between(1, second ? 2 : 4));
    level.columns = random.chance(25) ? 1 : static_cast<int>(random.between(2, second ? 2 : 4));
    for (const Tensor& tensor : workload.tensors) {
        if (random.chance(15)) continue;  // the defaults
        Network network;
        network.latency_cycles = static_cast<int>(random.between(0, 4));
        network.width_bits = random.chance(60) ? 0 : random_width(random, tensor.bits);
        if (tensor.is_output) {
            network.reduction = random.chance(50) ? Reduction::systolic : Reduction::tree;
        } else {
            network.transport =
                random.one_of<Transport>({Transport::systolic, Transport::systolic, Transport::multicast, Transport::unicast});
        }
        level.networks[tensor.name] = network;
    }
    return level;
}

Architecture random_architecture(RandomNumbers& random, const Workload& workload) {
    Architecture architecture;
    architecture.name = "random";
    Level dram = random_buffer(random, workload, "DRAM");
    dram.kind = LevelKind::dram;
    dram.capacity_bytes = 0;
    dram.keeps_all = true;
    dram.keeps.clear();
    dram.latency_cycles = static_cast<int>(random.between(0, 20));
    const std::int64_t shared = random.between(0, 2), arrays = random.one_of<int>({0, 1, 1, 1, 2, 2}),
                       local = random.between(0, 2);
    std::vector<LevelKind> kinds(at(shared), LevelKind::buffer);
    kinds.insert(kinds.end(), at(arrays), LevelKind::array);
    kinds.insert(kinds.end(), at(local), LevelKind::buffer);
    if (random.chance(30)) shuffle(kinds, random);
    architecture.levels.push_back(dram);
    int buffer = 0, array = 0;
    for (const LevelKind kind : kinds) {
        if (kind == LevelKind::array) {
            architecture.levels.push_back(random_array(random, workload, "PE" + std::to_string(array), array > 0));
            ++array;
        } else {
            architecture.levels.push_back(random_buffer(random, workload, "B" + std::to_string(buffer++)));
        }
    }
    Level mac;
    mac.name = "MAC";
    mac.kind = LevelKind::mac;
    mac.latency_cycles = static_cast<int>(random.between(1, 3));
    architecture.levels.push_back(mac);
    return architecture;
}

/// Bypasses some tensors, but leaves every buffer at least one.
void random_bypass(RandomNumbers& random, RandomDesign& design) {
    for (std::size_t l = 1; l < design.architecture.levels.size(); ++l) {
        const Level& level = design.architecture.levels[l];
        if (level.kind != LevelKind::buffer) continue;
        std::vector<int> kept;
        for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
            const auto& names = level.keeps;
            if (level.keeps_all || std::find(names.begin(), names.end(), design.workload.tensors[t].name) != names.end()) {
                kept.push_back(static_cast<int>(t));
            }
        }
        shuffle(kept, random);
        for (std::size_t i = 1; i < kept.size(); ++i) {
            if (random.chance(20)) design.nest.bypass[static_cast<int>(l)].push_back(kept[i]);
        }
    }
}

/// Factors of all dimensions, dealt to the axes of the arrays and to the buffers, in random order.
class LoopDealer {
public:
    LoopDealer(RandomNumbers& random, RandomDesign& design) : random_(random), design_(design) {
        for (const Dimension& dimension : design.workload.dimensions) remaining_.push_back(dimension.bound);
    }

    void deal() {
        const auto& levels = design_.architecture.levels;
        for (std::size_t l = 0; l < levels.size(); ++l) {
            if (levels[l].kind != LevelKind::array) continue;
            deal_axis(static_cast<int>(l), LoopKind::rows, levels[l].rows);
            deal_axis(static_cast<int>(l), LoopKind::columns, levels[l].columns);
        }
        deal_temporal();
        order();
    }

private:
    /// Takes a factor, sometimes one that does not divide, rarely one that is too large.
    std::int64_t take(int dimension, std::int64_t most) {
        std::int64_t& rest = remaining_[at(dimension)];
        most = std::min(most, rest + (random_.chance(5) ? 1 : 0));
        std::int64_t factor = random_.between(std::min<std::int64_t>(most, random_.chance(90) ? 2 : 1), most);
        if (random_.chance(40)) {
            for (std::int64_t f = std::min(most, rest); f > 1; --f) {
                if (rest % f == 0 && (f < rest || random_.chance(50))) {
                    factor = f;
                    break;
                }
            }
        }
        rest = (rest + factor - 1) / factor;
        return factor;
    }

    int any_dimension() {
        std::vector<int> open;
        for (std::size_t d = 0; d < remaining_.size(); ++d) {
            if (remaining_[d] > 1) open.push_back(static_cast<int>(d));
        }
        if (open.empty() || random_.chance(3))
            return static_cast<int>(random_.between(0, static_cast<std::int64_t>(remaining_.size()) - 1));
        return random_.one_of(open);
    }

    void deal_axis(int level, LoopKind kind, std::int64_t size) {
        for (std::int64_t loops = random_.between(0, 9) < 1 ? 0 : random_.between(1, 2); loops > 0 && size > 1; --loops) {
            const int dimension = any_dimension();
            const std::int64_t factor = take(dimension, size);
            if (factor == 1 && random_.chance(80)) continue;
            size /= factor;
            design_.nest.loops.push_back({dimension, factor, level, kind, {}});
        }
    }

    void deal_temporal() {
        std::vector<int> buffers;
        for (std::size_t l = 0; l < design_.architecture.levels.size(); ++l) {
            if (design_.architecture.levels[l].is_buffer()) buffers.push_back(static_cast<int>(l));
        }
        for (std::size_t d = 0; d < remaining_.size(); ++d) {
            const int dimension = static_cast<int>(d);
            for (int tries = 0; remaining_[d] > 1; ++tries) {
                const std::int64_t rest = remaining_[d];
                const std::int64_t factor = random_.chance(35) || tries > 3 ? rest : take(dimension, rest);
                if (factor == rest) remaining_[d] = 1;
                if (factor > 1)
                    design_.nest.loops.push_back({dimension, factor, random_.one_of(buffers), LoopKind::temporal, {}});
            }
        }
    }

    /// By level; inside a fan-out rows before columns; otherwise in any order.
    void order() {
        shuffle(design_.nest.loops, random_);
        std::stable_sort(design_.nest.loops.begin(), design_.nest.loops.end(), [](const Loop& a, const Loop& b) {
            return a.level != b.level ? a.level < b.level : static_cast<int>(a.kind) < static_cast<int>(b.kind);
        });
    }

    RandomNumbers& random_;
    RandomDesign& design_;
    std::vector<std::int64_t> remaining_;
};

std::int64_t stride_of(const Nest& nest, std::size_t loop) {
    std::int64_t stride = 1;
    for (std::size_t j = loop + 1; j < nest.loops.size(); ++j) {
        if (nest.loops[j].dimension == nest.loops[loop].dimension) stride *= nest.loops[j].bound;
    }
    return stride;
}

bool kept(const RandomDesign& design, std::size_t l, int t) {
    const Level& level = design.architecture.levels[l];
    if (level.kind == LevelKind::dram) return true;
    if (level.kind != LevelKind::buffer) return false;
    const auto found = design.nest.bypass.find(static_cast<int>(l));
    if (found != design.nest.bypass.end() && std::find(found->second.begin(), found->second.end(), t) != found->second.end())
        return false;
    const std::string& name = design.workload.tensors[at(t)].name;
    return level.keeps_all || std::find(level.keeps.begin(), level.keeps.end(), name) != level.keeps.end();
}

/// How far the loops of other dimensions that stand between the parent and the MAC (spatial ones down to the child, all
/// loops inside it) can displace a word on this axis; a superset of what two lanes can share off the array's axis.
std::int64_t reach_of_others(const RandomDesign& design, const Axis& axis, int dimension, int parent, int child) {
    std::int64_t reach = 0;
    for (const Term& term : axis.terms) {
        std::int64_t span = 1, between = 0;
        for (std::size_t i = 0; i < design.nest.loops.size(); ++i) {
            const Loop& loop = design.nest.loops[i];
            if (loop.dimension != term.dimension) continue;
            if (loop.level >= child) span *= loop.bound;
            const bool crossed = loop.kind != LoopKind::temporal && loop.level > parent && loop.level < child;
            if (crossed && loop.dimension != dimension) between += (loop.bound - 1) * stride_of(design.nest, i);
        }
        span = std::min(span, design.workload.dimensions[at(term.dimension)].bound);
        reach += term.coefficient * (span - 1 + between);
    }
    return reach;
}

/// Section on delay: systolic is legal when no two lanes that differ in a loop indexing the tensor can need a common word.
bool systolic_is_legal(const RandomDesign& design, int t, int array) {
    const Tensor& tensor = design.workload.tensors[at(t)];
    int parent = array, child = array;
    while (!kept(design, at(parent), t)) --parent;
    while (child < design.architecture.mac_level() && !kept(design, at(child), t)) ++child;
    for (std::size_t i = 0; i < design.nest.loops.size(); ++i) {
        const Loop& loop = design.nest.loops[i];
        if (loop.level != array) continue;
        for (const Axis& axis : tensor.axes) {
            for (const Term& term : axis.terms) {
                if (term.dimension != loop.dimension) continue;
                const std::int64_t step = term.coefficient * stride_of(design.nest, i);
                if (reach_of_others(design, axis, loop.dimension, parent, child) >= step) return false;
            }
        }
    }
    return true;
}

void legalise_systolic(RandomDesign& design) {
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        Level& level = design.architecture.levels[l];
        if (level.kind != LevelKind::array) continue;
        for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
            const auto found = level.networks.find(design.workload.tensors[t].name);
            if (found == level.networks.end() || found->second.transport != Transport::systolic) continue;
            if (!systolic_is_legal(design, static_cast<int>(t), static_cast<int>(l)))
                found->second.transport = Transport::multicast;
        }
    }
}

std::int64_t temporal_iterations(const Nest& nest) {
    std::int64_t count = 1;
    for (const Loop& loop : nest.loops) count *= loop.kind == LoopKind::temporal ? loop.bound : 1;
    return count;
}

void describe_network(std::ostream& out, const std::string& tensor, const Network& network) {
    const char* transports[] = {"unicast", "multicast", "systolic"};
    const char* reductions[] = {"systolic", "tree"};
    out << ' ' << tensor << '=' << transports[static_cast<int>(network.transport)] << '/'
        << reductions[static_cast<int>(network.reduction)] << " latency " << network.latency_cycles << " width "
        << network.width_bits << ';';
}

void describe_level(std::ostream& out, const RandomDesign& design, std::size_t l) {
    const Level& level = design.architecture.levels[l];
    out << "  " << level.name;
    if (level.is_buffer()) {
        out << ": depth " << level.depth << ", " << level.width_bits << " bit, latency " << level.latency_cycles << ", "
            << level.ports.reads << (level.ports.shared ? "rw" : "r" + std::to_string(level.ports.writes) + "w")
            << (level.arbitration == Arbitration::fixed ? ", fixed" : "") << ", holds";
        for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
            if (kept(design, l, static_cast<int>(t))) out << ' ' << design.workload.tensors[t].name;
        }
    } else if (level.kind == LevelKind::array) {
        out << ": " << level.rows << " x " << level.columns << ',';
        for (const Tensor& tensor : design.workload.tensors) describe_network(out, tensor.name, level.network(tensor.name));
    } else {
        out << ": latency " << level.latency_cycles;
    }
    out << "\n    loops";
    for (const Loop& loop : design.nest.loops) {
        if (loop.level != static_cast<int>(l)) continue;
        const char* kinds[] = {"", "rows:", "columns:"};
        out << ' ' << kinds[static_cast<int>(loop.kind)] << design.workload.dimensions[at(loop.dimension)].name << '='
            << loop.bound;
    }
    out << '\n';
}

}  // namespace

RandomDesign make_random_design(std::uint64_t seed) {
    RandomNumbers random(seed * 0x9e3779b97f4a7c15u + 12345);
    for (;;) {
        RandomDesign design;
        design.workload = make_random_workload(random);
        design.architecture = random_architecture(random, design.workload);
        random_bypass(random, design);
        LoopDealer(random, design).deal();
        if (random.chance(30)) design.nest.partials = Partials::copy;
        const std::int64_t iterations = temporal_iterations(design.nest);
        if (iterations > 3000 || (iterations > 1500 && random.chance(70)) || (iterations < 50 && random.chance(60))) continue;
        legalise_systolic(design);
        return design;
    }
}

std::string describe(const RandomDesign& design) {
    std::ostringstream out;
    out << design.workload.name << ':';
    for (const Dimension& dimension : design.workload.dimensions) out << ' ' << dimension.name << '=' << dimension.bound;
    out << '\n';
    for (const Tensor& tensor : design.workload.tensors) {
        out << "  " << tensor.name << " (" << tensor.bits << " bit)";
        for (const Axis& axis : tensor.axes) {
            out << '[';
            for (std::size_t i = 0; i < axis.terms.size(); ++i) {
                out << (i == 0 ? "" : " + ") << axis.terms[i].coefficient
                    << design.workload.dimensions[at(axis.terms[i].dimension)].name;
            }
            out << " + " << axis.offset << " of " << axis.size << ']';
        }
        out << '\n';
    }
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) describe_level(out, design, l);
    out << "  partials " << (design.nest.partials == Partials::head ? "head" : "copy") << '\n';
    return out.str();
}

}  // namespace accelsim::testing
