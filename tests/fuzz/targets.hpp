// SPDX-License-Identifier: Apache-2.0
// The inputs that accelsim reads, each as a function of bytes that come from anywhere.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace accelsim::testing {

struct FuzzTarget {
    std::string name;
    std::string extension;  ///< of the file that the bytes are put into
    /// Reads the file as the program would, up to and without a simulation. Lets UserError through.
    std::function<void(const std::string& path)> read;
};

const std::vector<FuzzTarget>& fuzz_targets();

/// Writes the bytes to a file of this process and reads that: whether they were accepted. Anything but a user's error that is
/// thrown comes out.
bool fuzz_once(const FuzzTarget& target, const std::string& bytes);

}  // namespace accelsim::testing
