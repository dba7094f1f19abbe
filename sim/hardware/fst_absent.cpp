// SPDX-License-Identifier: Apache-2.0
#include "mappings/error.hpp"
#include "sim/hardware/waveform.hpp"

namespace accelsim {

std::unique_ptr<Waveform> make_fst(const std::string& file) {
    throw UserError(
        "cannot write " + file +
        ": this build has no writer of FST; install Debian's packages verilator (its source fstapi.c) and zlib1g-dev and "
        "build again, or write VCD");
}

}  // namespace accelsim
