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
    load_tensors(design, operands);
    make_channels(design);
    connect_movers();
    std::vector<FillMover*> fills;
    for (std::size_t b = 0; b < channels_.size(); ++b) fills.push_back(static_cast<FillMover*>(movers_[2 * b]));
    array_->load(design, channels_, fills, counts_, options_->data);
    attach_pes(design);
    slots_.assign(channels_.size(), 0);
    now_ = -1;
    all_landed_ = false;
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

/// The only process: catches up on the uniform cycles since the last activation, does one cycle, and sleeps
/// for as long as nothing can change.
void Machine::advance() {
    if (!running_) {
        next_trigger(start_);
        return;
    }
    try {
        if (all_landed_) return stop();  // woken by the last write
        const std::int64_t now = cycle_now();
        if (now > now_ + 1) skip(now_ + 1, now - now_ - 1);
        now_ = now;
        cycle(now_);
        const bool single = options_->advance == Advance::single_step;
        const bool acted = array_->last_was_busy() || granted_any_;
        // In single steps only a cycle in which nothing happened can be the last one.
        const std::int64_t uniform = single && acted ? 0 : uniform_cycles(now_);
        const bool answers = burst_port_ != nullptr && (burst_port_->under_way() > 0 || burst_port_->next_answer() != never);
        if (uniform == never && !answers) {
            stuck(acted ? now_ + 1 : now_);
            all_landed_ = true;
            if (detailed_ == nullptr || !detailed_->writes_pending()) return stop();
            next_trigger(detailed_->written());
            return;
        }
        std::int64_t pending = single ? 0 : uniform;
        if (probes_ != nullptr) pending = std::min(pending, std::max<std::int64_t>(0, probes_->opens(now_ + 1) - now_ - 1));
        if (burst_port_ != nullptr) pending = std::min(pending, std::max<std::int64_t>(0, burst_port_->next_answer() - now_ - 1));
        sleep(pending);
    } catch (...) {
        // An exception must not unwind through the kernel; run() throws it again.
        failure_ = std::current_exception();
        stop();
    }
}

void Machine::stop() {
    running_ = false;
    next_trigger(start_);
}

std::int64_t Machine::cycle_now() const {
    return static_cast<std::int64_t>((sc_core::sc_time_stamp() - begin_).value() / period_.value());
}

/// Until `cycles` cycles lie between this one and the next that is looked at, or the DRAM answers.
void Machine::sleep(std::int64_t cycles) {
    if (burst_port_ == nullptr) {
        next_trigger(static_cast<double>(cycles + 1) * period_);
    } else if (cycles == never) {
        next_trigger(burst_port_->answered());
    } else {
        next_trigger(static_cast<double>(cycles + 1) * period_, burst_port_->answered());
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

void Machine::cycle(std::int64_t now) {
    check_interrupt(now);
    if (options_->max_cycles > 0 && now >= options_->max_cycles) {
        throw SimulationError("the run is not finished after max_cycles = " + std::to_string(options_->max_cycles));
    }
    if (burst_port_ != nullptr) {
        for (std::size_t m : active_) movers_[m]->take_answers(now);
    }
    if (probes_ != nullptr) probes_->requests(now, requests_);
    if (!options_->sinks.empty()) emit_slots(now);
    grant(now);  // never changes what the array sees in this cycle
    const std::int64_t step = array_->steps();
    array_->tick(now);
    if (!options_->sinks.empty()) emit_array(now, 1, step);
    for (std::size_t m : active_) {
        movers_[m]->look(now);
        requests_[m] = movers_[m]->requesting();
    }
    for (Channel& c : channels_) {
        if (c.reserved.last() - c.released.last() > c.boundary->depth) throw InternalError("more tiles than slots");
    }
    if (probes_ != nullptr) probes_->sample(now, granted_words_);
}

/// Whether the MAC takes ports in this cycle, which the array has not done yet.
bool Machine::mac_takes_ports(std::int64_t cycle) { return arbiter_->serves_mac() && array_->will_issue(cycle); }

void Machine::set_banks() {
    for (std::size_t m : banked_) {
        if (requests_[m]) arbiter_->set_banks(static_cast<int>(m), movers_[m]->parent_banks(), movers_[m]->child_banks());
    }
}

void Machine::grant(std::int64_t now) {
    set_banks();
    arbiter_->decide(requests_, mac_takes_ports(now), granted_);
    granted_any_ = false;
    for (std::size_t m : active_) {
        granted_words_[m] = 0;
        if (!granted_[m]) continue;
        granted_any_ = true;
        granted_words_[m] = movers_[m]->group_words();
        if (!options_->sinks.empty()) emit_group(*movers_[m], m, now, movers_[m]->group());
        movers_[m]->send(now);
        if (arbiter_->has_bursts()) arbiter_->set_holding(static_cast<int>(m), movers_[m]->started());
    }
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

void Machine::send_many(std::int64_t from, std::int64_t count) {
    if (!options_->sinks.empty()) {
        for (std::int64_t i = 0; i < count; ++i) {
            for (std::size_t m = 0; m < movers_.size(); ++m) {
                if (requests_[m]) emit_group(*movers_[m], m, from + i, movers_[m]->group() + i);
            }
        }
    }
    for (std::size_t m = 0; m < movers_.size(); ++m) {
        if (!requests_[m]) continue;
        movers_[m]->send_many(from, count);
        arbiter_->set_holding(static_cast<int>(m), true);  // none of these groups was the last
    }
}

void Machine::skip(std::int64_t from, std::int64_t count) {
    const bool mac = mac_takes_ports(from);
    // In a uniform stretch either all requests are granted or, where others hold the ports, none.
    const bool granted = arbiter_->all_fit(requests_, mac);
    if (!granted && arbiter_->any_fits(requests_, mac)) throw InternalError("a port was refused in a uniform stretch");
    if (granted) arbiter_->all_granted(requests_);
    if (granted) send_many(from, count);
    const std::int64_t step = array_->steps();
    array_->tick_many(from, count);
    if (!options_->sinks.empty()) emit_array(from, count, step);
    if (options_->max_cycles > 0 && from + count > options_->max_cycles) {
        throw SimulationError("the run is not finished after max_cycles = " + std::to_string(options_->max_cycles));
    }
}

std::int64_t Machine::uniform_cycles(std::int64_t now) {
    std::int64_t change = never;
    for (Channel& c : channels_) change = std::min(change, c.next_change(now));
    if (change <= now + 1) return 0;
    // The array must see the same tokens in all of these cycles: tokens change first in `change`.
    std::int64_t uniform = change == never ? never : change - now - 1;
    for (std::size_t m : active_) {
        const Mover* mover = movers_[m];
        if (mover->restless()) return 0;
        if (requests_[m]) uniform = std::min(uniform, movers_[m]->uniform_groups(now + 1));
    }
    const std::int64_t array = array_->uniform_cycles(now + 1);
    const bool mac = mac_takes_ports(now + 1);
    if (change == never && array == never) {
        // Nothing moves any more, or all requests wait for ports that are held.
        set_banks();
        if (!arbiter_->any_fits(requests_, mac)) return never;
    }
    uniform = std::min(uniform, array);
    return arbiter_->all_fit(requests_, mac) ? uniform : 0;
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
