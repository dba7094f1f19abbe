// SPDX-License-Identifier: Apache-2.0
// Ports and banks (docs/microarchitecture.md, 5): every arrangement on small machines whose movers contend, and bursts that
// deadlock.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iostream>
#include <map>

#include "mappings/design.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/compare_all.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

Level level(const std::string& name, LevelKind kind, int width_bits = 64) {
    Level result;
    result.name = name;
    result.kind = kind;
    result.width_bits = width_bits;
    return result;
}

RandomDesign gemm(const std::vector<Level>& levels) {
    RandomDesign design;
    design.workload = make_gemm(2, 4, 6, 16, 16, 32);
    design.architecture.levels = levels;
    return design;
}

void add_loop(RandomDesign& design, const char* dimension, std::int64_t bound, int level, LoopKind kind = LoopKind::temporal) {
    design.nest.loops.push_back({design.workload.find_dimension(dimension), bound, level, kind, {}});
}

/// One buffer, from which the MAC takes everything; sums are read back.
RandomDesign one_buffer() {
    RandomDesign design = gemm({level("DRAM", LevelKind::dram), level("B", LevelKind::buffer), level("MAC", LevelKind::mac)});
    for (const auto& [dimension, bound] : {std::pair{"C", 3}, {"N", 2}, {"K", 2}}) add_loop(design, dimension, bound, 0);
    for (const auto& [dimension, bound] : {std::pair{"K", 2}, {"C", 2}}) add_loop(design, dimension, bound, 1);
    return design;
}

/// Two buffers around an array without adders: updates are added at the outer one.
RandomDesign updates() {
    Level array = level("PE", LevelKind::array);
    array.rows = array.columns = 2;
    array.networks["output"].reduction = Reduction::none;
    RandomDesign design = gemm({level("DRAM", LevelKind::dram, 128), level("Global", LevelKind::buffer), array,
                                level("Local", LevelKind::buffer, 32), level("MAC", LevelKind::mac)});
    for (const auto& [dimension, bound] : {std::pair{"C", 3}, {"N", 2}}) add_loop(design, dimension, bound, 1);
    add_loop(design, "C", 2, 2, LoopKind::rows);
    add_loop(design, "K", 2, 2, LoopKind::columns);
    add_loop(design, "K", 2, 3);
    return design;
}

/// Operands stream out of a buffer that holds all of them; sums travel through it, too.
RandomDesign streams() {
    Level array = level("PE", LevelKind::array);
    array.columns = 2;
    Level inner = level("Sums", LevelKind::buffer, 32);
    inner.keeps_all = false;
    inner.keeps = {"output"};
    RandomDesign design = gemm(
        {level("DRAM", LevelKind::dram), level("Global", LevelKind::buffer, 128), array, inner, level("MAC", LevelKind::mac)});
    for (const auto& [dimension, bound] : {std::pair{"C", 2}, {"N", 2}, {"K", 2}}) add_loop(design, dimension, bound, 0);
    add_loop(design, "C", 3, 1);
    add_loop(design, "K", 2, 2, LoopKind::columns);
    return design;
}

struct Arrangement {
    Ports ports;
    std::vector<PortSet> sets;
    Interleave interleave = Interleave::none;
    int banks = 1;
    bool burst = false, mac = false, fixed = false;
};

/// Sets of one or two tensors have the same ports each.
std::vector<std::vector<PortSet>> port_sets(const Ports& ports) {
    return {{}, {{{"input", "weight"}, ports}, {{"output"}, ports}}, {{{"input"}, ports}, {{"output", "weight"}, ports}}};
}

std::vector<Arrangement> arrangements() {
    std::vector<Arrangement> result;
    for (const Ports& ports : {Ports{1, 1, false},
                               {2, 1, false},
                               {1, 2, false},
                               {2, 2, false},
                               {3, 1, false},
                               {1, 1, true},
                               {2, 1, true},
                               {3, 1, true},
                               {4, 1, true}}) {
        for (const int banks : {1, 2, 3, 4, 8}) {
            for (const auto& sets : port_sets(ports)) {
                const Interleave interleave = banks == 1 ? Interleave::none : Interleave::word;
                result.push_back({ports, sets, interleave, banks});
            }
            if (banks > 1) result.push_back({ports, {}, Interleave::tensor, banks});
        }
    }
    for (bool Arrangement::*flag : {&Arrangement::burst, &Arrangement::mac, &Arrangement::fixed}) {
        for (std::size_t i = 0, count = result.size(); i < count; ++i) {
            result.push_back(result[i]);
            result.back().*flag = true;
        }
    }
    return result;
}

/// Gives all buffers the arrangement, as far as they hold the tensors of its sets; the MAC takes ports of the last one.
void arrange(const Arrangement& arrangement, RandomDesign& design) {
    auto& levels = design.architecture.levels;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        Level& level = levels[l];
        if (!level.is_buffer()) continue;
        level.burst_grants = arrangement.burst;
        level.arbitration = arrangement.fixed ? Arbitration::fixed : Arbitration::round_robin;
        level.ports = arrangement.ports;
        if (level.kind == LevelKind::dram) continue;
        if (level.keeps_all) level.port_sets = arrangement.sets;
        level.interleave = arrangement.interleave;
        level.banks = arrangement.banks;
        level.mac_shares_ports = arrangement.mac && l + 2 == levels.size();
    }
}

/// A machine that the document allows: what the MAC takes in a cycle is there, and no word's address says whose port it is.
bool is_allowed(const RandomDesign& design) {
    const Level& inner = design.architecture.levels[design.architecture.levels.size() - 2];
    if (!inner.mac_shares_ports) return true;
    if (inner.interleave == Interleave::word) return false;
    std::map<const void*, int> reads, writes;  // per set of ports
    std::map<const void*, const Ports*> ports;
    for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
        const Tensor& tensor = design.workload.tensors[t];
        if (!inner.keeps_all && !tensor.is_output) continue;
        const void* set = &inner.ports_of(tensor.name);
        const auto bank = static_cast<int>(t) % inner.banks;
        if (inner.interleave == Interleave::tensor) set = static_cast<const char*>(set) + bank;
        ports[set] = &inner.ports_of(tensor.name);
        ++reads[set];
        if (tensor.is_output && !(ports[set]->shared && ports[set]->reads == 1)) ++writes[set];
    }
    return std::all_of(ports.begin(), ports.end(), [&](const auto& entry) {
        const auto& [set, has] = entry;
        return has->shared ? reads[set] + writes[set] <= has->reads : reads[set] <= has->reads && writes[set] <= has->writes;
    });
}

bool is_accepted(const RandomDesign& design) {
    try {
        lower(design.workload, design.architecture, design.nest);
    } catch (const UserError&) {
        return false;
    }
    return true;
}

/// All arrangements on one design.
void compare_arrangements(const RandomDesign& plain) {
    int compared = 0, refused = 0;
    for (const Arrangement& arrangement : arrangements()) {
        RandomDesign design = plain;
        arrange(arrangement, design);
        const bool accepted = is_accepted(design);
        BOOST_TEST(accepted == is_allowed(design), describe(design));
        ++(accepted ? compared : refused);
        if (!accepted) continue;
        const std::string difference = run_forked([&] { return compare_all(design, 1); });
        BOOST_TEST(difference == "", describe(design));
    }
    std::cout << compared << " arrangements, " << refused << " refused\n";
    BOOST_TEST(compared > 700);
}

/// Everything bursts, windows or not.
RandomDesign bursting(std::uint64_t seed) {
    RandomDesign design = make_random_design(seed);
    for (Level& level : design.architecture.levels) {
        if (level.is_buffer()) level.burst_grants = true;
        for (auto& [tensor, memory] : level.memories) memory.burst_grants = true;
    }
    return design;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(port_arrangements)
BOOST_AUTO_TEST_CASE(one_buffer_before_the_mac) { compare_arrangements(one_buffer()); }
BOOST_AUTO_TEST_CASE(updates_over_an_array) { compare_arrangements(updates()); }
BOOST_AUTO_TEST_CASE(streams_from_a_buffer) { compare_arrangements(streams()); }
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(deadlocks)

BOOST_AUTO_TEST_CASE(all_views_agree_on_what_deadlocks) {
    const long first = environment_number("ACCELSIM_SEED", 1), end = first + environment_number("ACCELSIM_DEADLOCK_DESIGNS", 200);
    int deadlocks = 0;
    for (long seed = first; seed < end; ++seed) {
        const RandomDesign design = bursting(static_cast<std::uint64_t>(seed));
        const std::string difference = run_forked([&] { return compare_all(design, static_cast<std::uint64_t>(seed)); });
        if (difference == all_deadlock)
            ++deadlocks;
        else
            BOOST_TEST(difference == "", "ACCELSIM_SEED=" << seed << "\n" << difference << describe(design));
    }
    std::cout << deadlocks << " of " << end - first << " designs deadlock\n";
    BOOST_TEST(deadlocks > 0);
    BOOST_TEST(deadlocks < (end - first) / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
