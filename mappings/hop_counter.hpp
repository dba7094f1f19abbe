// SPDX-License-Identifier: Apache-2.0
// Hops of one word on the systolic chains of a boundary (docs/microarchitecture.md, 7).
#pragma once

#include <set>
#include <vector>

#include "mappings/move.hpp"
#include "mappings/positions.hpp"

namespace accelsim {

/// Keeps a reference to the positions. Neighbouring words mostly go to the same lanes, so the last answer is kept.
class HopCounter {
public:
    HopCounter(const Design& design, const Tensor& tensor, const Positions& lanes) : design_(design), lanes_(lanes) {
        for (std::size_t i = lanes.loops.size(); i-- > 0;) {
            const Network& network = design.level(loop(i).level).network(tensor.name);
            (network.transport == Transport::systolic ? systolic_down_ : others_down_).push_back(i);
            (network.reduction == Reduction::systolic ? systolic_up_ : others_up_).push_back(i);
        }
    }

    /// Adds the hops of one word to (from) these lanes.
    void add(const std::vector<std::size_t>& users, MoveKind kind, MoveCounts& counts) {
        if (users != users_ || kind != kind_) {
            users_ = users;
            kind_ = kind;
            last_ = {};
            measure();
        }
        counts.hops += last_.hops;
        counts.hop_lengths += last_.hop_lengths;
    }

private:
    const LoweredLoop& loop(std::size_t i) const { return design_.loops[static_cast<std::size_t>(lanes_.loops[i])]; }

    /// Loop by loop, adjacent first: the number of different positions that the loop joins.
    void measure() {
        const auto& systolic = kind_ == MoveKind::write_back ? systolic_up_ : systolic_down_;
        const auto& others = kind_ == MoveKind::write_back ? others_up_ : others_down_;
        if (systolic.empty() || users_.size() < 2) return;
        std::vector<std::size_t> order = systolic;
        order.insert(order.end(), others.begin(), others.end());
        const auto distinct = [&](std::size_t from) {
            std::set<std::vector<std::int64_t>> seen;
            for (std::size_t lane : users_) {
                std::vector<std::int64_t> tail;
                for (std::size_t i = from; i < order.size(); ++i) tail.push_back(lanes_.values[lane][order[i]]);
                seen.insert(tail);
            }
            return static_cast<std::int64_t>(seen.size());
        };
        std::int64_t before = static_cast<std::int64_t>(users_.size());
        for (std::size_t i = 0; i < systolic.size(); ++i) {
            const std::int64_t after = distinct(i + 1);
            last_.hops += before - after;
            last_.hop_lengths += (before - after) * hop_length(order[i]);
            before = after;
        }
    }

    /// Product of the bounds of the loops inside this one on its axis.
    std::int64_t hop_length(std::size_t position) const {
        std::int64_t length = 1;
        for (std::size_t i = position + 1; i < lanes_.loops.size(); ++i) {
            if (loop(i).level == loop(position).level && loop(i).kind == loop(position).kind) length *= loop(i).bound;
        }
        return length;
    }

    const Design& design_;
    const Positions& lanes_;
    std::vector<std::size_t> systolic_down_, systolic_up_;  ///< positions in the lanes' loops, adjacent first
    std::vector<std::size_t> others_down_, others_up_;
    std::vector<std::size_t> users_;
    MoveKind kind_ = MoveKind::operand_fill;
    MoveCounts last_;
};

}  // namespace accelsim
