// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/schema_parts.hpp"

namespace accelsim {

using namespace schema;

const MapSpec& sweep_spec() {
    static const MapSpec spec = {
        "sweep",
        "What `accelsim sweep` takes: one run file, simulated with many settings. A setting is a path as of `--set`; files in "
        "its "
        "values are looked for beside the sweep's file.",
        {word("run", required, "the run file, of a layer or a network"),
         other("grid", "", "map from paths to lists", "all combinations of the values"),
         other("points", "", "list of maps from paths to values", "these settings; with a `grid`, each of them on all of it"),
         other("limits", "", "map", "for each point")}};
    return spec;
}

const MapSpec& sweep_limits_spec() {
    static const MapSpec spec = {"limits of sweep",
                                 "A point beyond them is given up; the others go on.",
                                 {integer("seconds", "", 1, 10000000, "s", "of elapsed time"),
                                  {.name = "memory",
                                   .type = KeyType::bytes,
                                   .fallback = "",
                                   .what = "address space of a process",
                                   .min = std::int64_t{1} << 20,
                                   .max = max_capacity_bytes}}};
    return spec;
}

}  // namespace accelsim
