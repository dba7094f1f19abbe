// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/machine.hpp"

#include <algorithm>
#include <chrono>

#include "mappings/lowering.hpp"
#include "models/exact_counts.hpp"
#include "sim/hardware/wait_graph.hpp"

namespace accelsim {

void Machine::load(const Design& design, const Operands& operands) {
    design_ = &design;
    counts_ = make_counts(design);
    begin_ = sc_core::sc_time_stamp();
    const sc_dt::uint64 cycles_left = (sc_core::sc_max_time() - begin_).value() / period_.value();
    last_cycle_ = static_cast<std::int64_t>(std::min<sc_dt::uint64>(cycles_left, never - 1));
    load_tensors(design, operands);
    make_channels(design);
    connect_movers();
    std::vector<FillMover*> fills;
    for (std::size_t b = 0; b < channels_.size(); ++b) fills.push_back(static_cast<FillMover*>(movers_[2 * b]));
    array_->load(design, channels_, fills, counts_, options_->data);
    if (!options_->waveform.file.empty()) attach_pes(design);  // nobody else looks at a PE
    slots_.assign(channels_.size(), 0);
    now_ = -1;
    failure_ = nullptr;
}

SimulationResult Machine::run(const Design& design, const Operands& operands, const SimulationOptions& options) {
    options_ = &options;
    load(design, operands);
    if (!options.waveform.file.empty())
        probes_ = std::make_unique<Probes>(design, options.waveform, counts_, channels_, movers_, *array_, period_);
    running_ = true;
    start_.notify(sc_core::SC_ZERO_TIME);
    const auto begin = std::chrono::steady_clock::now();
    sc_core::sc_start();
    const auto wall = std::chrono::steady_clock::now() - begin;
    if (probes_ != nullptr) probes_->finish();
    probes_.reset();
    try {
        if (failure_ != nullptr) std::rethrow_exception(failure_);
        return collect(std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count());
    } catch (const InternalError& error) {
        throw InternalError(error.what() + state());
    }
}

void Machine::check_interrupt(std::int64_t now) {
    if (options_->interrupt == nullptr || *options_->interrupt == 0) return;
    std::vector<StallCount> stalls = array_->stalls();
    stalls[Array::startup].cycles = array_->first_issue() < 0 ? now : array_->first_issue();
    std::int64_t known = array_->busy();
    for (const StallCount& stall : stalls) known += stall.cycles;
    stalls[Array::drain].cycles += now - known;
    throw Interrupted(now, array_->busy(), array_->steps(), design_->steps, stalls);
}

/// Cycle in which the last write-back landed at the DRAM, -1 while some are missing.
std::int64_t Machine::last_landing() const {
    for (std::size_t b = 0; b < channels_.size(); ++b) {
        if (channels_[b].parent != nullptr || !channels_[b].is_output()) continue;
        const auto* drain = static_cast<const DrainMover*>(movers_[2 * b + 1]);
        if (!drain->all_landed()) return -1;
        if (detailed_ == nullptr) return drain->last_landing();
        const auto end = detailed_->last_write_end().value();
        return static_cast<std::int64_t>((end + period_.value() - 1) / period_.value());
    }
    return -1;
}

void Machine::stuck(std::int64_t now) {
    const bool finished =
        array_->done() && last_landing() >= 0 &&
        std::all_of(movers_.begin(), movers_.end(), [](const Mover* mover) { return mover == nullptr || mover->done(); });
    if (finished) return;
    const WaitGraph waits(movers_, *array_, *arbiter_, now);
    throw SimulationError("deadlock in cycle " + std::to_string(now) + ": " + waits.text());
}

void Machine::emit_group(const Mover& mover, std::size_t index, std::int64_t cycle, std::int64_t group) {
    GroupEvent event;
    event.cycle = cycle;
    event.boundary = static_cast<int>(index / 2);
    event.up = mover.up();
    event.tile = mover.sent_tile().number;
    event.group = group;
    event.origin = mover.sent_tile().origin;
    const auto& begin = mover.move().group_begin;
    const WordList& words = mover.words();
    const auto g = static_cast<std::size_t>(group);
    event.words.assign(words.begin() + begin[g], words.begin() + begin[g + 1]);
    for (TraceSink* sink : options_->sinks) sink->group(event);
}

/// Tokens change only in cycles that are looked at.
void Machine::emit_slots(std::int64_t cycle) {
    for (std::size_t b = 0; b < channels_.size(); ++b) {
        const std::int64_t taken = channels_[b].reserved.at(cycle) - channels_[b].released.at(cycle);
        if (taken == slots_[b]) continue;
        slots_[b] = taken;
        for (TraceSink* sink : options_->sinks) sink->slots(cycle, static_cast<int>(b), taken);
    }
}

void Machine::emit_array(std::int64_t cycle, std::int64_t count, std::int64_t step) {
    ArrayEvent event{cycle, count, array_->last_was_busy(), -1, step, "busy"};
    if (!event.busy) {
        event.cause = array_->last_cause();
        event.name = array_->stalls()[static_cast<std::size_t>(event.cause)].cause.c_str();
    }
    for (TraceSink* sink : options_->sinks) sink->array(event);
}

std::string Machine::state() {
    std::string text = "\nstate in cycle " + std::to_string(now_) + ": array at step " + std::to_string(array_->steps()) +
                       ", busy " + std::to_string(array_->busy());
    for (const Channel& c : channels_) {
        text += "\n  " + c.tensor->name + " at " + design_->level(c.boundary->child).name + ": tiles reserved " +
                std::to_string(c.reserved.last()) + ", usable " + std::to_string(c.usable.last()) + ", released " +
                std::to_string(c.released.last()) + ", slots " + std::to_string(c.boundary->depth);
    }
    for (const Mover* mover : movers_) {
        if (mover == nullptr) continue;
        text += "\n  " + std::string(mover->name()) + ": words sent " + std::to_string(mover->words_sent()) + " of " +
                std::to_string(mover->words_due());
    }
    return text;
}

/// Self-check: on every link all words asked for were sent, every tile sent was used and given back, every sum landed.
void Machine::check_conservation() {
    for (const Mover* mover : movers_) {
        if (mover != nullptr && mover->words_sent() != mover->words_due()) {
            throw InternalError(std::string(mover->name()) + " sent " + std::to_string(mover->words_sent()) + " of " +
                                std::to_string(mover->words_due()) + " words");
        }
    }
    for (const Channel& c : channels_) {
        const std::int64_t tiles = c.reserved.last();
        const bool output_done = !c.is_output() || (c.complete.last() == tiles && c.landed.last() == tiles);
        if (c.usable.last() != tiles || c.released.last() != tiles || !output_done) {
            throw InternalError("tiles of " + c.tensor->name + " are left over at " + design_->level(c.boundary->child).name);
        }
    }
}

SimulationResult Machine::collect(std::int64_t wall_ns) {
    check_conservation();
    SimulationResult result;
    result.cycles = last_landing() + 1;
    result.busy = array_->busy();
    result.stalls = array_->stalls();
    result.stalls[Array::startup].cycles = array_->first_issue();
    result.stalls[Array::drain].cycles = result.cycles - 1 - array_->last_issue();
    result.macs = array_->macs();
    counts_.mac_padding = array_->padding_macs();
    counts_.mac_operations = result.macs + counts_.mac_padding;
    result.counts = counts_;
    result.output = unload_output();
    if (detailed_ != nullptr) result.dram = collect_dram(result.cycles);
    result.wall_s = static_cast<double>(wall_ns) * 1e-9;
    std::int64_t accounted = result.busy;
    for (const StallCount& stall : result.stalls) accounted += stall.cycles;
    if (accounted != result.cycles) {
        throw InternalError("busy and stalled cycles are " + std::to_string(accounted) + " of " + std::to_string(result.cycles));
    }
    return result;
}

}  // namespace accelsim
