// SPDX-License-Identifier: Apache-2.0
// Everything that compare_all compares, over random designs for as long as wanted: accelsim_nightly FOLDER [MINUTES], or once
// more for a run file that it wrote: accelsim_nightly FILE.yaml
#include <systemc>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

#include "tests/nightly/hunt.hpp"
#include "tests/support/compare_all.hpp"
#include "tests/support/forked.hpp"

namespace {

using namespace accelsim;
using namespace accelsim::testing;

int usage() {
    std::cerr << "usage: nightly [MINUTES]    random designs, 60 minutes unless told, from ACCELSIM_SEED or the clock\n"
                 "       nightly FILE.yaml    the design of a run file once more\n";
    return 2;
}

int compare_file(const std::string& path) {
    const RunConfig config = load_run(path);
    const std::string difference = run_forked([&] { return compare_all(design_of(config), config.data.seed); });
    std::cout << (difference.empty() ? "all agree" : difference) << std::endl;
    return difference.empty() ? 0 : 1;
}

int nightly(const std::string& folder, const std::string& argument) {
    if (argument.ends_with(".yaml")) return compare_file(argument);
    char* end = nullptr;
    const double minutes = std::strtod(argument.c_str(), &end);
    if (argument.empty() || *end != '\0' || !(minutes > 0)) return usage();
    HuntOptions options;
    options.folder = folder;
    options.seconds = minutes * 60;
    options.workers = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    // A thousand seeds a second, so that no two nights see the same designs.
    options.first_seed = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", std::time(nullptr) * 1000));
    return hunt(options, compare_all);
}

}  // namespace

int sc_main(int, char**) { return 0; }  // the library's own main() is not used, but it refers to this

int main(int count, char** arguments) {
    if (count < 2 || count > 3) return usage();
    try {
        sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_THROW);
        return nightly(arguments[1], count == 3 ? arguments[2] : "60");
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
