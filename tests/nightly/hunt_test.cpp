// SPDX-License-Identifier: Apache-2.0
// The search itself, with made-up comparisons: what it finds, writes and returns.
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/nightly/check_run_file.hpp"
#include "tests/nightly/hunt.hpp"
#include "tests/sim/program/scratch.hpp"

namespace accelsim::testing {

BOOST_AUTO_TEST_SUITE(hunting)

BOOST_AUTO_TEST_CASE(every_random_design_has_a_run_file) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) { check_run_file(make_random_design(seed), false); }
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_found_where_nothing_is) {
    const ScratchFolder folder;
    HuntOptions options{.seconds = 0, .workers = 2, .folder = folder.path("nightly")};
    BOOST_TEST(hunt(options, [](const RandomDesign&, std::uint64_t) { return std::string(); }) == 0);
    BOOST_TEST(!std::filesystem::exists(folder.path("nightly")));
}

/// Hunts from seed 7 on, one design, which fails by that comparison; returns what fails.
std::string caught(const Compare& compare, const std::string& expected) {
    const ScratchFolder folder;
    HuntOptions options{.first_seed = 7, .seconds = 0, .folder = folder.path("nightly")};
    BOOST_TEST(hunt(options, compare) == 1);
    const std::string text = folder.read("nightly/fail_7.txt");
    BOOST_TEST(text.find(expected) != std::string::npos, text);
    const RunConfig config = load_run(folder.path("nightly/fail_7.yaml"));
    BOOST_TEST(config.data.seed == 7u);
    BOOST_TEST(config.workload.macs() < make_random_design(7).workload.macs());
    return text;
}

BOOST_AUTO_TEST_CASE(differences_exceptions_and_crashes_are_caught) {
    const auto many = [](const RandomDesign& design) { return design.workload.macs() >= 5; };
    caught([&](const RandomDesign& d, std::uint64_t) { return many(d) ? "too many" : ""; }, "too many");
    caught(
        [&](const RandomDesign& d, std::uint64_t) -> std::string {
            if (many(d)) throw std::runtime_error("thrown");
            return "";
        },
        "exception: thrown");
    caught(
        [&](const RandomDesign& d, std::uint64_t) -> std::string {
            if (many(d)) ::raise(SIGKILL);
            return "";
        },
        "signal 9");
}

BOOST_AUTO_TEST_CASE(what_never_ends_is_caught) {
    const ScratchFolder folder;
    HuntOptions options{.first_seed = 7, .seconds = 0, .folder = folder.path("nightly"), .design_seconds = 1};
    const std::string endless = text_of(make_random_design(7));
    const auto compare = [&](const RandomDesign& design, std::uint64_t) {
        while (text_of(design) == endless) ::pause();
        return std::string();
    };
    BOOST_TEST(hunt(options, compare) == 1);
    BOOST_TEST(folder.read("nightly/fail_7.txt").find("signal 14") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
