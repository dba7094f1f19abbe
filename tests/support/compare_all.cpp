// SPDX-License-Identifier: Apache-2.0
#include "tests/support/compare_all.hpp"

#include <cmath>

#include "mappings/reference.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/machine.hpp"
#include "tests/reference/dram_monitor.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/reference/random_parts.hpp"
#include "tests/reference/tick_model.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

/// What the run says when it ends in a deadlock, else empty; whatever else goes wrong is thrown on.
template <class Run>
std::string deadlock_of(const Run& run) {
    try {
        run();
    } catch (const std::runtime_error& error) {
        const std::string text = error.what();
        if (text.find("deadlock in cycle ") == std::string::npos) throw;
        return text;
    }
    return "";
}

/// The last clause ends with the name that the first begins with.
bool names_a_cycle(const std::string& deadlock) {
    const std::size_t begin = deadlock.find(": ") + 2;
    return deadlock.ends_with(" " + deadlock.substr(begin, deadlock.find(' ', begin) - begin));
}

/// All of them, or what is wrong; at least one is not empty.
std::string compare_deadlocks(const std::string& tick, const std::string& batched, const std::string& single,
                              const std::string& unheard) {
    if (!tick.empty() && !batched.empty() && batched == single && batched == unheard && names_a_cycle(batched))
        return all_deadlock;
    return "tick model: " + tick + "\nbatched: " + batched + "\nsingle-step: " + single + "\nunheard: " + unheard + "\n";
}

/// Nobody listens: the machine may then leave out cycles that concern nobody.
std::string compare_unheard(RunText heard, const RunText& unheard) {
    heard.events.clear();
    heard.issue_cycles.clear();
    heard.commands.clear();
    return first_difference(unheard, "unheard", heard, "heard");
}

constexpr std::uint64_t without_data_every = 4;  ///< of the seeds

/// Without data everything else stays.
std::string compare_without_data(Machine& machine, const Design& design, RunText with, std::uint64_t seed) {
    if (seed % without_data_every != 0) return "";
    with.output.clear();
    return first_difference(record_without_data(machine, design), "without data", with, "with data");
}

/// With a detailed DRAM: what does not know of its time.
std::string compare_with_dram(const Design& design, const Operands& operands, std::uint64_t seed) {
    Machine machine("machine", design.architecture, tensor_names(design));
    const RunText batched = record(machine, design, operands, Advance::batched);
    const RunText single = record(machine, design, operands, Advance::single_step);
    std::string difference = first_difference(batched, "batched", single, "single-step");
    if (difference.empty()) difference = compare_unheard(batched, run_unheard(machine, design, operands));
    if (difference.empty()) difference = compare_without_data(machine, design, batched, seed);
    const dram::Device& device = *design.level(0).bursts->device;
    DramMonitor monitor(device);
    for (const dram::Issued& command : batched.commands) monitor.command(command);
    // As far as the last cycle: everything after it belongs to nobody. The core's period is whole picoseconds, too.
    const std::int64_t period_ps = std::llround(1e6 / design.architecture.clock_mhz);
    monitor.finish(batched.cycles * period_ps / device.timing.tck_ps);
    if (!monitor.violations().empty()) difference += monitor.violations().front() + "\n";
    if (batched.output != plain_outputs(design.workload, operands))
        difference += "simulated outputs differ from the loop nest's\n";
    if (difference.empty())
        difference = first_difference(lines(batched.counts), "simulated", lines(count_exactly(design)), "closed form");
    return difference;
}

}  // namespace

std::string compare_all(const RandomDesign& random, std::uint64_t seed) {
    const Design design = lower(random.workload, random.architecture, random.nest);
    if (design.steps != issued_steps(random)) return "the design has other steps than it should\n";
    const Operands operands = generate_operands(design.workload, seed);
    if (random.device) return compare_with_dram(design, operands, seed);
    ReferenceRun tick;
    const std::string tick_stuck =
        deadlock_of([&] { tick = run_tick_model(random.workload, random.architecture, random.nest, operands); });
    const RunText expected{tick.cycles, tick.busy,         tick.macs,   tick.stalls, tick.counts,
                           tick.events, tick.issue_cycles, tick.output, {},          0};
    Machine machine("machine", design.architecture, tensor_names(design));
    RunText batched, single, unheard;
    const std::string batched_stuck = deadlock_of([&] { batched = record(machine, design, operands, Advance::batched); });
    const std::string single_stuck = deadlock_of([&] { single = record(machine, design, operands, Advance::single_step); });
    const std::string unheard_stuck = deadlock_of([&] { unheard = run_unheard(machine, design, operands); });
    if (!(tick_stuck + batched_stuck + single_stuck + unheard_stuck).empty())
        return compare_deadlocks(tick_stuck, batched_stuck, single_stuck, unheard_stuck);
    std::string difference = first_difference(batched, "batched", single, "single-step");
    if (difference.empty()) difference = compare_unheard(batched, unheard);
    if (difference.empty()) difference = compare_without_data(machine, design, batched, seed);
    const std::vector<std::int32_t> outputs = plain_outputs(design.workload, operands);
    if (batched.output != outputs) difference += "simulated outputs differ from the loop nest's\n";
    if (tick.output != outputs) difference += "the tick model's outputs differ from the loop nest's\n";
    if (difference.empty()) difference = first_difference(batched, "simulated", expected, "tick model");
    if (difference.empty())
        difference = first_difference(lines(batched.counts), "simulated", lines(count_exactly(design)), "closed form");
    return difference;
}

}  // namespace accelsim::testing
