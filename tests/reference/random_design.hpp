// SPDX-License-Identifier: Apache-2.0
// Random small legal designs, the same for a seed on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/workload.hpp"
#include "models/dram/device.hpp"

namespace accelsim::testing {

struct RandomDesign {
    Workload workload;
    Architecture architecture;
    Nest nest;
    std::optional<dram::Device> device;  ///< of a detailed DRAM
};

/// Up to 15,000 steps, most between 1,000 and 4,000, and 64 lanes.
RandomDesign make_random_design(std::uint64_t seed);

/// The same with a random detailed DRAM; none when the DRAM would have to add.
std::optional<RandomDesign> make_random_dram_design(std::uint64_t seed);

/// Compact text for failure messages.
std::string describe(const RandomDesign& design);

/// A small generator (splitmix64) whose numbers do not depend on the standard library.
class RandomNumbers {
public:
    explicit RandomNumbers(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::int64_t between(std::int64_t low, std::int64_t high);  ///< both included
    bool chance(int percent) { return between(0, 99) < percent; }
    template <class T>
    const T& one_of(const std::vector<T>& values) {
        return values[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(values.size()) - 1))];
    }

private:
    std::uint64_t state_;
};

Workload make_random_workload(RandomNumbers& random);

}  // namespace accelsim::testing
