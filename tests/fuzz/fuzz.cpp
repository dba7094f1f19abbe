// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry. ACCELSIM_FUZZ_TARGET names the target; ./fuzz sets it.
#include <systemc>

#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "tests/fuzz/targets.hpp"

using namespace accelsim::testing;

namespace {

const FuzzTarget& chosen() {
    const char* name = std::getenv("ACCELSIM_FUZZ_TARGET");
    for (const FuzzTarget& target : fuzz_targets())
        if (name != nullptr && target.name == name) return target;
    std::cerr << "ACCELSIM_FUZZ_TARGET must be one of";
    for (const FuzzTarget& target : fuzz_targets()) std::cerr << ' ' << target.name;
    std::cerr << '\n';
    std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const FuzzTarget& target = chosen();
    fuzz_once(target, std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}

/// SystemC's library wants one; libFuzzer's main() never gets here.
int sc_main(int, char**) { return 2; }
