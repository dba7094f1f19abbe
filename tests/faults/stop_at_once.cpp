// SPDX-License-Identifier: Apache-2.0
// Ends the tests at the first that fails: a planted fault is caught then, whatever the others would say.
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>

namespace accelsim::testing {

namespace {

class StopAtOnce : public boost::unit_test::test_observer {
    void assertion_result(boost::unit_test::assertion_result result) override {
        if (result == boost::unit_test::AR_PASSED) return;
        std::cout.flush();
        std::_Exit(EXIT_FAILURE);
    }
    void exception_caught(const boost::execution_exception&) override { std::_Exit(EXIT_FAILURE); }
};

struct Watch {
    Watch() { boost::unit_test::framework::register_observer(stop_); }
    ~Watch() { boost::unit_test::framework::deregister_observer(stop_); }
    StopAtOnce stop_;
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(Watch);

}  // namespace accelsim::testing
