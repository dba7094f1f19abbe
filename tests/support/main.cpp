// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_MODULE accelsim
#include <boost/test/unit_test.hpp>

#include <systemc>

namespace {

/// SystemC's warnings are errors in tests.
struct StrictSystemC {
    StrictSystemC() { sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_THROW); }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(StrictSystemC);

/// The library's own main() is not used, but it refers to this.
int sc_main(int, char**) { return 0; }
