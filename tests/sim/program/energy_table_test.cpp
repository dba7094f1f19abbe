// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "mappings/error.hpp"
#include "models/energy_table.hpp"

using namespace accelsim;

namespace {

EnergyTable table() {
    EnergyTable result;
    result.register_file = {{16, 0.03}, {32, 0.06}, {512, 0.96}};
    result.sram = {{32768, 6}, {65536, 9}, {262144, 20.25}};
    return result;
}

void check(MemoryKind kind, std::int64_t bytes, double pj, PriceOrigin origin) {
    const Price price = access_price(table(), kind, bytes);
    BOOST_TEST(price.pj == pj, boost::test_tools::tolerance(1e-12));
    BOOST_TEST((price.origin == origin));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(energy_table)

BOOST_AUTO_TEST_CASE(register_files_are_linear) {
    check(MemoryKind::register_file, 32, 0.06, PriceOrigin::listed);
    check(MemoryKind::register_file, 24, 0.045, PriceOrigin::interpolated);
    check(MemoryKind::register_file, 64, 0.12, PriceOrigin::interpolated);
    check(MemoryKind::register_file, 8, 0.015, PriceOrigin::extrapolated);
    check(MemoryKind::register_file, 1024, 1.92, PriceOrigin::extrapolated);
}

BOOST_AUTO_TEST_CASE(sram_grows_by_half_per_doubling) {
    check(MemoryKind::sram, 65536, 9, PriceOrigin::listed);
    check(MemoryKind::sram, 131072, 13.5, PriceOrigin::interpolated);
    check(MemoryKind::sram, 16384, 4, PriceOrigin::extrapolated);
    check(MemoryKind::sram, 1048576, 45.5625, PriceOrigin::extrapolated);
}

BOOST_AUTO_TEST_CASE(free_prices_are_interpolated_linearly) {
    EnergyTable free = table();
    free.sram = {{1024, 0}, {3072, 2}};
    BOOST_TEST(access_price(free, MemoryKind::sram, 2048).pj == 1);
}

BOOST_AUTO_TEST_CASE(small_memories_are_register_files) {
    BOOST_TEST((default_memory_kind(4095) == MemoryKind::register_file));
    BOOST_TEST((default_memory_kind(4096) == MemoryKind::sram));
}

BOOST_AUTO_TEST_CASE(empty_tables_are_our_bug) {
    BOOST_CHECK_THROW(access_price(EnergyTable{}, MemoryKind::sram, 1), InternalError);
    BOOST_CHECK_THROW(access_price(table(), MemoryKind::sram, 0), InternalError);
}

BOOST_AUTO_TEST_SUITE_END()
