// SPDX-License-Identifier: Apache-2.0
// How the machine advances: cycles that are looked at, and uniform stretches between them (docs/decisions/0003-one-process.md).
#include <algorithm>

#include "sim/hardware/machine.hpp"

namespace accelsim {

namespace {

/// So far the machine may be ahead of SystemC's time, where nobody else looks at it.
constexpr std::int64_t quantum_cycles = 1 << 16;

}  // namespace

/// The only process: catches up on the uniform cycles since the last activation, does one cycle, and sleeps
/// for as long as nothing can change. Without a waveform it goes on without sleeping: nobody else looks at the time.
void Machine::advance() {
    if (!running_) {
        next_trigger(start_);
        return;
    }
    try {
        const std::int64_t now = cycle_now();
        if (now > now_ + 1) skip(now_ + 1, now - now_ - 1, now - now_ - 1);
        now_ = now;
        cycle(now_);
        const bool single = options_->advance == Advance::single_step;
        if (!single && probes_ == nullptr) run_ahead(now + quantum_cycles);
        const bool acted = array_->last_was_busy() || granted_any_;
        // In single steps only a cycle in which nothing happened can be the last one.
        const std::int64_t uniform = single && acted ? 0 : uniform_cycles(now_);
        if (uniform == never && !waits_for_dram()) {
            stuck(acted ? now_ + 1 : now_);
            finish_writes();
            return stop();
        }
        std::int64_t pending = single ? 0 : uniform;
        if (probes_ != nullptr) pending = std::min(pending, std::max<std::int64_t>(0, probes_->opens(now_ + 1) - now_ - 1));
        if (burst_port_ != nullptr) pending = advance_dram(pending);
        sleep(now_ - now + pending);
    } catch (...) {
        // An exception must not unwind through the kernel; run() throws it again.
        failure_ = std::current_exception();
        stop();
    }
}

/// Cycle by cycle and stretch by stretch, up to the last cycle before `end` after which the process would sleep.
void Machine::run_ahead(std::int64_t end) {
    while (true) {
        std::int64_t uniform = uniform_cycles(now_);
        if (uniform == never && !waits_for_dram()) return;
        if (burst_port_ != nullptr) uniform = advance_dram(uniform);
        if (uniform >= end - now_) return;
        // The DRAM has gone ahead to where this stretch ends, no further.
        const std::int64_t at_most = burst_port_ != nullptr ? uniform : std::min(horizon_, end - now_ - 1);
        if (uniform > 0) now_ += skip(now_ + 1, uniform, at_most);
        cycle(++now_);
    }
}

void Machine::stop() {
    running_ = false;
    next_trigger(start_);
}

std::int64_t Machine::cycle_now() const {
    return static_cast<std::int64_t>((sc_core::sc_time_stamp() - begin_).value() / period_.value());
}

/// Until `cycles` cycles lie between SystemC's time and the next that is looked at.
void Machine::sleep(std::int64_t cycles) {
    if (cycles >= last_cycle_ - cycle_now()) {
        throw SimulationError(
            "simulated time is counted in 64 bits of picoseconds, and the run is not finished when they end, in cycle " +
            std::to_string(last_cycle_) + "; use a faster clock or a smaller layer");
    }
    next_trigger(time_of(cycles + 1));
}

void Machine::cycle(std::int64_t now) {
    check_interrupt(now);
    if (options_->max_cycles > 0 && now >= options_->max_cycles) {
        throw SimulationError("the run is not finished after max_cycles = " + std::to_string(options_->max_cycles));
    }
    if (burst_port_ != nullptr && burst_port_->next_answer() <= now) {
        for (std::size_t m : active_) movers_[m]->take_answers(now);
    }
    if (probes_ != nullptr) probes_->requests(now, requests_);
    if (!options_->sinks.empty()) emit_slots(now);
    grant(now);  // never changes what the array sees in this cycle
    const std::int64_t step = array_->steps();
    array_->tick(now);
    if (!options_->sinks.empty()) emit_array(now, 1, step);
    for (std::size_t m : active_) {
        if (movers_[m]->sleeps(now)) continue;
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

bool Machine::any_requests() const {
    return std::any_of(requests_.begin(), requests_.end(), [](char request) { return request != 0; });
}

void Machine::grant(std::int64_t now) {
    granted_any_ = false;
    std::fill(granted_words_.begin(), granted_words_.end(), 0);
    if (!any_requests()) return;
    set_banks();
    arbiter_->decide(requests_, mac_takes_ports(now), granted_);
    for (std::size_t m : active_) {
        if (!granted_[m]) continue;
        granted_any_ = true;
        granted_words_[m] = movers_[m]->group_words();
        if (!options_->sinks.empty()) emit_group(*movers_[m], m, now, movers_[m]->group());
        movers_[m]->send(now);
        if (arbiter_->has_bursts()) arbiter_->set_holding(static_cast<int>(m), movers_[m]->started());
    }
}

void Machine::send_many(std::size_t mover, std::int64_t from, std::int64_t count) {
    movers_[mover]->send_many(from, count);
    arbiter_->set_holding(static_cast<int>(mover), true);  // none of these groups was the last
}

/// All requests stay, and so does what the MAC takes: where the ports do not do for all, only the turns change. Once these come
/// back to what they were, everything since repeats itself. Ends before a mover that requests has no group left but a last one;
/// returns the cycles.
std::int64_t Machine::send_in_turn(std::int64_t from, std::int64_t count, bool mac) {
    const std::int64_t end = from + count;
    bool repeats = banked_.empty() && !arbiter_->has_bursts() && options_->sinks.empty();
    std::int64_t begin = from;
    std::int64_t patience = 1;
    const auto start_round = [&](std::int64_t cycle) {
        begin = cycle;
        turns_ = arbiter_->turns();
        std::fill(round_.begin(), round_.end(), 0);
    };
    const auto send_groups = [&](std::size_t m, std::int64_t cycle, std::int64_t groups) {
        send_many(m, cycle, groups);
        budgets_[m] -= groups;
    };
    start_round(from);
    for (std::int64_t cycle = from; cycle < end; ++cycle) {
        set_banks();
        arbiter_->decide(requests_, mac, granted_);
        bool any = false;
        bool enough = true;
        for (std::size_t m : active_) {
            if (granted_[m]) {
                any = true;
                if (!options_->sinks.empty()) emit_group(*movers_[m], m, cycle, movers_[m]->group());
                send_groups(m, cycle, 1);
                ++round_[m];
            }
            enough = enough && (!requests_[m] || budgets_[m] > 0);
        }
        if (!any) return count;  // nor later: nothing is different then
        if (!enough) return cycle + 1 - from;
        const std::int64_t period = cycle + 1 - begin;
        if (repeats && arbiter_->turns() == turns_) {
            std::int64_t rounds = (end - 1 - cycle) / period;
            for (std::size_t m : active_) {
                if (round_[m] > 0) rounds = std::min(rounds, (budgets_[m] - 1) / round_[m]);
            }
            for (std::size_t m : active_) {
                if (rounds > 0 && round_[m] > 0) send_groups(m, cycle + 1, rounds * round_[m]);
            }
            cycle += rounds * period;
            repeats = false;
        } else if (repeats && period == patience) {
            start_round(cycle + 1);  // how it began need not come again
            patience *= 2;
        }
    }
    return count;
}

/// Does `count` cycles that are alike; where movers take turns at ports up to `at_most`, for these may make it longer. Returns
/// the cycles.
std::int64_t Machine::skip(std::int64_t from, std::int64_t count, std::int64_t at_most) {
    const bool mac = mac_takes_ports(from);
    if (!any_requests()) {
        // The array goes on alone.
    } else if (arbiter_->all_fit(requests_, mac)) {
        arbiter_->all_granted(requests_);
        for (std::int64_t i = 0; i < count && !options_->sinks.empty(); ++i) {
            for (std::size_t m : active_) {
                if (requests_[m]) emit_group(*movers_[m], m, from + i, movers_[m]->group() + i);
            }
        }
        for (std::size_t m : active_) {
            if (requests_[m]) send_many(m, from, count);
        }
    } else {
        count = send_in_turn(from, at_most, mac);
    }
    const std::int64_t step = array_->steps();
    array_->tick_many(from, count);
    if (!options_->sinks.empty()) emit_array(from, count, step);
    if (options_->max_cycles > 0 && from + count > options_->max_cycles) {
        throw SimulationError("the run is not finished after max_cycles = " + std::to_string(options_->max_cycles));
    }
    return count;
}

std::int64_t Machine::next_token_change(std::int64_t now) {
    std::int64_t change = never;
    for (Channel& c : channels_) change = std::min(change, c.next_change(now));
    return change;
}

/// The first cycle after `now` in which a token must be looked at, for somebody who waits for it; listeners hear of all.
std::int64_t Machine::next_look(std::int64_t now) {
    if (burst_port_ != nullptr || probes_ != nullptr || !options_->sinks.empty()) return next_token_change(now);
    std::int64_t look = never;
    for (std::size_t m : active_) look = std::min(look, movers_[m]->wakes(now));
    return look;
}

/// How many cycles after `now` are alike: all steps or all stalls for one cause, the same requests, no tile's last group.
std::int64_t Machine::uniform_cycles(std::int64_t now) {
    std::int64_t look = next_look(now);
    if (look <= now + 1) return 0;
    const bool issues = array_->in_run();
    const std::int64_t change = issues ? never : next_token_change(now);
    // Any token may change a stall's cause, or end it.
    if (!issues && array_->stalls(now + 1)) look = std::min(look, change > now + 1 ? change : next_token_change(now + 1));
    std::int64_t groups = never;
    for (std::size_t m : active_) {
        if (movers_[m]->restless()) return 0;
        if (!requests_[m]) continue;
        budgets_[m] = movers_[m]->uniform_groups(now + 1);
        groups = std::min(groups, budgets_[m]);
    }
    const std::int64_t array = array_->uniform_cycles(now + 1);
    if (look == never && array == never) {
        // Nothing moves any more, or all requests wait for ports that are held.
        set_banks();
        if (!arbiter_->any_fits(requests_, mac_takes_ports(now + 1))) return change == never ? never : change - now - 1;
    }
    horizon_ = std::min(look == never ? never : look - now - 1, array);
    return std::min(groups, horizon_);
}

}  // namespace accelsim
