// SPDX-License-Identifier: Apache-2.0
// Records everything that a run tells, and writes runs as text so that two of them can be compared line by line.
#pragma once

#include <string>
#include <vector>

#include "sim/hardware/machine.hpp"
#include "sim/hardware/result.hpp"
#include "sim/hardware/trace.hpp"

namespace accelsim::testing {

class Recorder : public TraceSink {
public:
    void group(const GroupEvent& event) override { events.push_back(event); }
    void array(const ArrayEvent& event) override;

    /// By cycle, then boundary, then down before up: the order of the reference.
    void sort();

    std::vector<GroupEvent> events;
    std::vector<std::int64_t> issue_cycles;
    std::vector<int> causes;  ///< per cycle between the first and the last issue: -1 busy, else the cause
};

/// One run in plain values, whoever made it.
struct RunText {
    std::int64_t cycles = 0;
    std::int64_t busy = 0;
    std::int64_t macs = 0;
    std::vector<StallCount> stalls;
    Counts counts;
    std::vector<GroupEvent> events;
    std::vector<std::int64_t> issue_cycles;
    std::vector<std::int32_t> output;
    std::vector<dram::Issued> commands;  ///< of a detailed DRAM, by clock, then channel
    std::int64_t fetched_words = 0;
};

/// Runs a design on a machine of its own architecture (in a forked child) and records it.
RunText record(Machine& machine, const Design& design, const Operands& operands, Advance advance);
/// In batches with nobody listening: without events, issue cycles and commands.
RunText run_unheard(Machine& machine, const Design& design, const Operands& operands);
/// In batches, without data and therefore without an output.
RunText record_without_data(Machine& machine, const Design& design);
/// The tensors' names, as a machine wants them.
std::vector<std::string> tensor_names(const Design& design);

std::vector<std::string> lines(const RunText& run);
std::vector<std::string> lines(const Counts& counts);
/// Empty when equal; else the first line in which they differ, from both.
std::string first_difference(const RunText& left, const std::string& left_name, const RunText& right,
                             const std::string& right_name);
std::string first_difference(const std::vector<std::string>& left, const std::string& left_name,
                             const std::vector<std::string>& right, const std::string& right_name);

}  // namespace accelsim::testing
