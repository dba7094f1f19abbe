// SPDX-License-Identifier: Apache-2.0
#include "sim/program/dram/dram_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/program/dram/dram_trace.hpp"
#include "sim/files/output_file.hpp"

namespace accelsim {

DramRecorder::DramRecorder(const Design& design, std::string requests, std::string commands)
    : requests_path_(std::move(requests)), commands_path_(std::move(commands)) {
    const Level& dram = design.level(0);
    if ((requests_path_.empty() && commands_path_.empty()) || dram.bursts) return;
    throw UserError(fmt::format("{}: level '{}' is an ideal DRAM, which has no requests and commands; give it model: detailed",
                                requests_path_.empty() ? "--dram-commands" : "--dram-requests", dram.name),
                    dram.where);
}

void DramRecorder::listen(SimulationOptions& options) {
    if (!requests_path_.empty())
        options.request_listener = [this](std::int64_t clock, const dram::Request& request) {
            requests_.emplace_back(clock, request);
        };
    if (!commands_path_.empty()) options.dram_listener = [this](const dram::Issued& command) { commands_.push_back(command); };
}

void DramRecorder::write() {
    if (!requests_path_.empty()) {
        // Of one clock in the order in which they came, as the controller takes them.
        std::stable_sort(requests_.begin(), requests_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::string text;
        for (const auto& [clock, request] : requests_)
            text += fmt::format("{:#x} {} {}\n", request.address, request.write ? "WRITE" : "READ", clock);
        write_whole_file(requests_path_, text);
    }
    if (!commands_path_.empty()) write_whole_file(commands_path_, dram_commands_text(commands_));
}

}  // namespace accelsim
