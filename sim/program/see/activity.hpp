// SPDX-License-Identifier: Apache-2.0
// What a run did over time, in a few hundred equal stretches whatever its length.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/hardware/trace.hpp"

namespace accelsim {

/// Stretches begin a cycle long; whenever there are too many, two become one.
class Activity : public TraceSink {
public:
    explicit Activity(const Design& design);

    void array(const ArrayEvent& event) override;
    void slots(std::int64_t cycle, int boundary, std::int64_t taken) override;

    /// {stretch_cycles, array: {busy, causes: cycles per stretch}, slots: {"input@GB": {depth, taken: mean per stretch}}};
    /// `cycles`: how long the run was.
    nlohmann::ordered_json json(std::int64_t cycles);

private:
    using Series = std::vector<double>;  ///< summed over a stretch's cycles

    void add(Series& series, std::int64_t from, std::int64_t to, double per_cycle);
    void widen();

    const Design& design_;
    std::int64_t stretch_ = 1;
    std::vector<std::string> names_;  ///< of states, as they came
    std::map<std::string, Series> states_;
    std::vector<Series> taken_;  ///< per boundary
    struct Level {
        std::int64_t since = 0, slots = 0;
    };
    std::vector<Level> now_;
};

}  // namespace accelsim
