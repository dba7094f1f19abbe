// SPDX-License-Identifier: Apache-2.0
// Prices times counts, both random, against models/energy.hpp's sentence taken word by word.
#include "models/energy.hpp"

#include <boost/test/unit_test.hpp>

#include "models/exact_counts.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"

namespace accelsim::testing {

namespace {

/// Whole numbers, and widths by which division is exact: then sums are, too, in whatever order.
void set_random_price(AccessEnergy& energy, RandomNumbers& random) {
    energy = {static_cast<double>(random.between(0, 63)), static_cast<double>(random.between(0, 63)),
              random.one_of<int>({8, 16, 64})};
}

void set_random_prices(Architecture& architecture, RandomNumbers& random) {
    for (Level& level : architecture.levels) {
        set_random_price(level.energy, random);
        for (auto& [tensor, memory] : level.memories) set_random_price(memory.energy, random);
        level.hop_pj = static_cast<double>(random.between(0, 63));
        level.delivery_pj = static_cast<double>(random.between(0, 63));
        level.mac_pj = static_cast<double>(random.between(0, 63));
    }
}

void set_random_counts(Counts& counts, RandomNumbers& random) {
    const auto any = [&] { return random.between(0, 65535); };
    for (LevelCounts& level : counts.levels)
        for (TensorCounts& t : level.tensors) t = {t.tensor, any(), any(), any(), any(), any()};
    for (NetworkCounts& network : counts.networks)
        for (LinkCounts& t : network.tensors) t = {t.tensor, any(), any(), any(), any()};
    counts.mac_operations = any();
    counts.mac_padding = any();
}

double words_of(const Design& design, const std::string& tensor, double count) {
    return count * design.tensor(design.workload.find_tensor(tensor)).bits;
}

double literal_level(const Design& design, const LevelCounts& counts) {
    double pj = 0;
    for (const Level& level : design.architecture.levels) {
        if (level.name != counts.name) continue;
        for (const TensorCounts& t : counts.tensors) {
            const AccessEnergy& price = level.memories.contains(t.tensor) ? level.memories.at(t.tensor).energy : level.energy;
            for (const std::int64_t reads : {t.reads_to_child, t.reads_to_parent})
                pj += words_of(design, t.tensor, static_cast<double>(reads)) * price.read_pj / price.reference_bits;
            for (const std::int64_t writes : {t.writes_from_parent, t.writes_from_child})
                pj += words_of(design, t.tensor, static_cast<double>(writes)) * price.write_pj / price.reference_bits;
        }
    }
    return pj;
}

double literal_network(const Design& design, const NetworkCounts& counts) {
    double hop = 0, delivery = 0;
    bool inside = false;
    for (const Level& level : design.architecture.levels) {
        if (level.name == counts.to) inside = false;
        if (inside && level.kind == LevelKind::array) hop = level.hop_pj, delivery = level.delivery_pj;
        if (level.name == counts.from) inside = true;
    }
    double pj = 0;
    for (const LinkCounts& t : counts.tensors)
        pj += words_of(design, t.tensor, static_cast<double>(t.hop_lengths) * hop + static_cast<double>(t.delivered) * delivery) /
              16;
    return pj;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(energy)

BOOST_AUTO_TEST_CASE(random_counts_at_random_prices) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    int priced_networks = 0;
    for (std::uint64_t seed = first; seed < first + 200; ++seed) {
        RandomNumbers random(seed);
        RandomDesign any = make_random_design(seed);
        set_random_prices(any.architecture, random);
        const Design design = lower(any.workload, any.architecture, any.nest);
        Counts counts = count_exactly(design);
        set_random_counts(counts, random);
        const EnergyReport report = price(design, counts);
        double total = static_cast<double>(counts.mac_operations) * design.architecture.levels.back().mac_pj;
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) {
            BOOST_TEST(report.mac_pj == total);
            BOOST_REQUIRE_EQUAL(report.levels.size(), counts.levels.size());
            for (std::size_t l = 0; l < counts.levels.size(); ++l) {
                const double pj = literal_level(design, counts.levels[l]);
                BOOST_TEST(report.levels[l].pj == pj);
                total += pj;
            }
            BOOST_REQUIRE_EQUAL(report.networks.size(), counts.networks.size());
            for (std::size_t n = 0; n < counts.networks.size(); ++n) {
                const double pj = literal_network(design, counts.networks[n]);
                BOOST_TEST(report.networks[n].pj == pj);
                priced_networks += pj > 0 ? 1 : 0;
                total += pj;
            }
            BOOST_TEST(report.total_pj == total);
        }
    }
    BOOST_TEST(priced_networks > 100);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
