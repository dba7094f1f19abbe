// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_design.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include "tests/reference/random_parts.hpp"

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

/// Bypasses some tensors, but leaves every buffer at least one.
void random_bypass(RandomNumbers& random, RandomDesign& design) {
    for (std::size_t l = 1; l < design.architecture.levels.size(); ++l) {
        const Level& level = design.architecture.levels[l];
        if (level.kind != LevelKind::buffer) continue;
        std::vector<int> kept;
        for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
            if (can_keep(level, design.workload.tensors[t].name)) kept.push_back(static_cast<int>(t));
        }
        shuffle(kept, random);
        for (std::size_t i = 1; i < kept.size(); ++i) {
            if (random.chance(20)) design.nest.bypass[static_cast<int>(l)].push_back(kept[i]);
        }
    }
}

void describe_network(std::ostream& out, const std::string& tensor, const Network& network) {
    const char* transports[] = {"unicast", "multicast", "systolic"};
    const char* reductions[] = {"systolic", "tree", "none"};
    out << ' ' << tensor << '=' << transports[static_cast<int>(network.transport)] << '/'
        << reductions[static_cast<int>(network.reduction)] << " latency " << network.latency_cycles << " width "
        << network.width_bits << ';';
}

std::string ports_text(const Ports& ports) {
    return std::to_string(ports.reads) + (ports.shared ? "rw" : "r" + std::to_string(ports.writes) + "w");
}

void describe_ports(std::ostream& out, const Memory& memory) {
    if (memory.port_sets.empty()) out << ports_text(memory.ports);
    for (const PortSet& set : memory.port_sets) {
        out << (&set == &memory.port_sets.front() ? "" : " + ") << ports_text(set.ports) << " for";
        for (const std::string& tensor : set.tensors) out << ' ' << tensor;
    }
    if (memory.interleave != Interleave::none)
        out << ", " << memory.banks << " banks by " << (memory.interleave == Interleave::word ? "word" : "tensor");
    out << (memory.burst_grants ? ", burst" : "") << (memory.mac_shares_ports ? ", shared with the MAC" : "");
}

void describe_memory(std::ostream& out, const Memory& memory) {
    if (memory.windowed)
        out << "window of " << memory.capacity_bytes << " B";
    else
        out << "depth " << memory.depth;
    out << ", " << memory.width_bits << " bit, latency " << memory.latency_cycles << ", ";
    describe_ports(out, memory);
    out << (memory.arbitration == Arbitration::fixed ? ", fixed" : "");
}

void describe_level(std::ostream& out, const RandomDesign& design, std::size_t l) {
    const Level& level = design.architecture.levels[l];
    out << "  " << level.name;
    if (level.is_buffer()) {
        out << ": ";
        describe_memory(out, level);
        for (const auto& [tensor, memory] : level.memories) {
            out << ", " << tensor << " in its own: ";
            describe_memory(out, memory);
        }
        for (const auto& [tensor, bytes] : level.partitions) out << ", " << bytes << " B for " << tensor;
        out << ", holds";
        for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
            if (is_kept(design, l, static_cast<int>(t))) out << ' ' << design.workload.tensors[t].name;
        }
    } else if (level.kind == LevelKind::array) {
        out << ": " << level.rows << " x " << level.columns << ',';
        for (const Tensor& tensor : design.workload.tensors) describe_network(out, tensor.name, level.network(tensor.name));
    } else {
        out << ": latency " << level.latency_cycles << (level.operand_latch ? ", latches" : "");
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

/// How long the run may be: most around some thousand steps, some short ones with odd ends, few long ones.
struct Length {
    std::int64_t least, most;
};
Length random_length(RandomNumbers& random) {
    const std::int64_t kind = random.between(0, 99);
    if (kind < 28) return {60, 1200};
    if (kind < 94) return {1200, 4500};
    return {4500, 18000};
}

}  // namespace

RandomDesign make_random_design(std::uint64_t seed) {
    RandomNumbers random(seed * 0x9e3779b97f4a7c15u + 12345);
    const Length length = random_length(random);
    for (;;) {
        RandomDesign design;
        design.workload = make_random_workload(random);
        design.architecture = make_random_architecture(random, design.workload);
        if (design.architecture.lanes() > 64) continue;
        random_bypass(random, design);
        for (int tries = 0; tries < 10; ++tries) {
            deal_random_loops(random, design);
            const std::int64_t iterations = temporal_iterations(design);
            if (iterations < length.least || iterations > length.most) continue;
            if (random.chance(65)) design.nest.partials = Partials::copy;
            if (random.chance(45)) design.nest.halo = Halo::reuse;
            if (random.chance(60)) design.nest.skip_gaps = true;
            add_random_memories(random, design);
            add_random_ports(random, design);
            legalise_systolic(design);
            return design;
        }
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
    out << "  partials " << (design.nest.partials == Partials::head ? "head" : "copy") << ", halo "
        << (design.nest.halo == Halo::reuse ? "reuse" : "refetch") << ", gaps " << (design.nest.skip_gaps ? "skip" : "include");
    for (std::size_t d = 0; d < design.workload.dimensions.size(); ++d) {
        const std::int64_t issued = issued_bound(design, static_cast<int>(d));
        if (issued > design.workload.dimensions[d].bound)
            out << ", " << design.workload.dimensions[d].name << " issued to " << issued;
    }
    out << '\n';
    return out.str();
}

}  // namespace accelsim::testing
