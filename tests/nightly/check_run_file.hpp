// SPDX-License-Identifier: Apache-2.0
// Whether the run file of a design says the same as the design.
#pragma once

#include <boost/test/unit_test.hpp>

#include <string>

#include "mappings/reference.hpp"
#include "tests/nightly/hunt.hpp"
#include "tests/reference/tick_model.hpp"
#include "tests/sim/program/scratch.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

inline RunText tick_run(const RandomDesign& design) {
    const ReferenceRun run =
        run_tick_model(design.workload, design.architecture, design.nest, generate_operands(design.workload, 3));
    return {run.cycles, run.busy, run.macs, run.stalls, run.counts, run.events, run.issue_cycles, run.output, {}, 0};
}

inline std::string text_of(const RandomDesign& design) { return to_yaml(run_of(design, 3, "design")); }

/// Without the slots of memories that have none, which a run file cannot say.
inline RandomDesign sayable(RandomDesign design) {
    for (Level& level : design.architecture.levels) {
        if (level.kind == LevelKind::dram || level.windowed) level.depth = 2;
    }
    return design;
}

/// Written, read and run again: the same text and the same run.
inline void check_run_file(const RandomDesign& design, bool run) {
    const ScratchFolder folder;
    const std::string text = text_of(design);
    const RunConfig loaded = load_run(folder.write("run.yaml", text));
    BOOST_TEST(loaded.resolved_yaml == text);
    BOOST_TEST(describe(design_of(loaded)) == describe(sayable(design)));
    if (run) BOOST_TEST(first_difference(tick_run(design_of(loaded)), "file", tick_run(design), "design") == "");
}

}  // namespace accelsim::testing
