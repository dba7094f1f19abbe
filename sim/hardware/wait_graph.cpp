// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/wait_graph.hpp"

#include <algorithm>

namespace accelsim {

namespace {

const std::string& level_name(const Channel& channel, int level) { return channel.design->level(level).name; }

std::string place(const Channel& channel) { return level_name(channel, channel.boundary->child); }

}  // namespace

WaitGraph::WaitGraph(const std::vector<Mover*>& movers, Array& array, const Arbiter& arbiter, std::int64_t cycle)
    : movers_(movers), waits_(movers.size() + 1) {
    for (std::size_t m = 0; m < movers.size(); ++m) {
        const Mover* mover = movers[m];
        if (mover == nullptr || mover->done()) continue;
        const int who = static_cast<int>(m);
        if (mover->requesting())
            look_at_ports(who, arbiter);
        else if (mover->up())
            look_at_drain(who);
        else
            look_at_fill(who, cycle);
    }
    look_at_array(array, cycle);
}

std::string WaitGraph::name(int who) const {
    if (who == static_cast<int>(movers_.size())) return "array";
    const Mover& mover = *movers_[static_cast<std::size_t>(who)];
    return (mover.up() ? "drain_" : "fill_") + mover.channel()->tensor->name + "@" + place(*mover.channel());
}

void WaitGraph::wait(int who, const std::string& what, int on, const char* link) {
    std::string clause = name(who) + " waits for " + what;
    if (on >= 0) clause += link + name(on);
    waits_[static_cast<std::size_t>(who)].push_back({clause, on});
}

/// Who takes operands from the boundary's child, or gives sums to it.
int WaitGraph::consumer(const Channel& channel, bool up) const {
    for (std::size_t m = 0; m < movers_.size(); ++m) {
        const Mover* mover = movers_[m];
        if (mover != nullptr && mover->channel()->parent == &channel && mover->up() == up) return static_cast<int>(m);
    }
    return static_cast<int>(movers_.size());
}

void WaitGraph::look_at_fill(int who, std::int64_t cycle) {
    auto& mover = static_cast<FillMover&>(*movers_[static_cast<std::size_t>(who)]);
    const Channel& c = *mover.channel();
    if (!mover.has_room(cycle)) {
        const int holder = c.is_output() ? who + 1 : consumer(c, false);
        wait(who, (c.windowed() ? "space in " : "a slot of ") + place(c), holder, " held by ");
    }
    if (mover.started()) return;
    if (c.parent != nullptr && c.parent->usable.at(cycle) <= mover.tile().source)
        wait(who, "tile " + std::to_string(mover.tile().source), 2 * c.parent->index, " of ");
    if (mover.hazard(cycle)) wait(who, "the write-back of its sums", who + 1, " by ");
}

void WaitGraph::look_at_drain(int who) {
    wait(who, "the last update of its tile", consumer(*movers_[static_cast<std::size_t>(who)]->channel(), true), " by ");
}

void WaitGraph::look_at_ports(int who, const Arbiter& arbiter) {
    const Channel& c = *movers_[static_cast<std::size_t>(who)]->channel();
    const std::size_t before = waits_[static_cast<std::size_t>(who)].size();
    for (const Arbiter::Hold& hold : arbiter.held_against(who)) {
        const std::string port = hold.port.serves_both ? "a port of " : hold.port.write ? "a write port of " : "a read port of ";
        wait(who, port + level_name(c, hold.port.level), hold.mover, " held by ");
    }
    if (waits_[static_cast<std::size_t>(who)].size() == before) wait(who, "a port", -1, "");
}

void WaitGraph::look_at_array(Array& array, std::int64_t cycle) {
    for (const Channel* missing : array.missing(cycle)) {
        const int who = static_cast<int>(movers_.size());
        wait(who, missing->tensor->name + "@" + place(*missing), 2 * missing->index, " from ");
    }
}

/// Follows the waits of `who`; `seen`: 0 not yet, 1 on the path, 2 without a cycle. True: the cycle is the end of the path.
bool WaitGraph::find_cycle(int who, std::vector<int>& seen, std::vector<std::pair<int, const Wait*>>& path) const {
    const auto index = static_cast<std::size_t>(who);
    seen[index] = 1;
    for (const Wait& w : waits_[index]) {
        if (w.on < 0 || seen[static_cast<std::size_t>(w.on)] == 2) continue;
        path.push_back({who, &w});
        if (seen[static_cast<std::size_t>(w.on)] == 1) {
            const auto begin = std::find_if(path.begin(), path.end(), [&](const auto& step) { return step.first == w.on; });
            path.erase(path.begin(), begin);
            return true;
        }
        if (find_cycle(w.on, seen, path)) return true;
        path.pop_back();
    }
    seen[index] = 2;
    return false;
}

std::string WaitGraph::text() const {
    std::vector<int> seen(waits_.size(), 0);
    std::vector<std::pair<int, const Wait*>> path;
    bool found = false;
    for (std::size_t who = 0; who < waits_.size() && !found; ++who)
        found = seen[who] == 0 && find_cycle(static_cast<int>(who), seen, path);
    if (found) {
        std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
    } else {
        for (const auto& waits : waits_) {
            for (const Wait& w : waits) path.push_back({0, &w});
        }
    }
    std::string result;
    for (const auto& step : path) result += (result.empty() ? "" : "; ") + step.second->clause;
    return result;
}

}  // namespace accelsim
