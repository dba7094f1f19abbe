// SPDX-License-Identifier: Apache-2.0
#include "models/timeloop_habits.hpp"

#include <algorithm>
#include <utility>

#include "models/exact_counts.hpp"
#include "models/relaxed_design.hpp"

namespace accelsim::timeloop {

namespace {

std::vector<std::int64_t> figures(const Answer& answer) {
    std::vector<std::int64_t> values;
    for (const LevelAnswer& level : answer.levels)
        for (const TensorAnswer& t : level.tensors) values.insert(values.end(), {t.reads, t.fills, t.updates});
    return values;
}

/// In the same order.
std::vector<std::int64_t> figures(const Counts& counts) {
    std::vector<std::int64_t> values;
    for (const LevelCounts& level : counts.levels)
        for (const TensorCounts& t : level.tensors)
            values.insert(values.end(), {t.reads_to_child, t.writes_from_parent, t.writes_from_child});
    return values;
}

/// A chain of evaluations from the model to the exact counts.
class Chain {
public:
    explicit Chain(const Answer& answer) : now_(figures(answer)) {
        for (const LevelAnswer& level : answer.levels)
            for (const TensorAnswer& t : level.tensors)
                for (const Kind kind : {Kind::reads_to_child, Kind::writes_from_parent, Kind::writes_from_child})
                    result_.push_back({level.level, t.tensor, kind, 0, 0, {}});
        for (std::size_t i = 0; i < result_.size(); ++i) result_[i].model = now_[i];
    }

    void step(Cause cause, const std::vector<std::int64_t>& after) {
        if (after.size() != now_.size()) throw InternalError("two evaluations of one design have different figures");
        for (std::size_t i = 0; i < after.size(); ++i) add(result_[i].shares, cause, after[i] - now_[i]);
        now_ = after;
    }

    std::vector<Difference> take() {
        for (std::size_t i = 0; i < result_.size(); ++i) {
            result_[i].exact = now_[i];
            std::erase_if(result_[i].shares, [](const Share& share) { return share.amount == 0; });
        }
        return std::move(result_);
    }

private:
    static void add(std::vector<Share>& shares, Cause cause, std::int64_t amount) {
        const auto known = std::find_if(shares.begin(), shares.end(), [&](const Share& share) { return share.cause == cause; });
        if (known != shares.end())
            known->amount += amount;
        else if (amount != 0)
            shares.push_back({cause, amount});
    }

    std::vector<std::int64_t> now_;
    std::vector<Difference> result_;
};

}  // namespace

const std::vector<std::string>& cause_names() {
    static const std::vector<std::string> names = {
        "tail", "neighbour_links", "whole_deltas", "overlap_at_wraps", "padding", "gaps",
        "halo", "partials",        "sharing",      "operand_latch"};
    return names;
}

std::vector<Difference> differences(const Design& design, const Options& options) {
    Kept kept;
    kept.chains = false;
    kept.plain_halo = Halo::reuse;
    kept.plain_partials = Partials::copy;
    Options rules = options;
    Chain chain(evaluate(design, rules));
    const Design covered = relaxed_design(design, kept);
    chain.step(Cause::tail, figures(evaluate(covered, rules)));
    rules.links_neighbours = false;
    chain.step(Cause::neighbour_links, figures(evaluate(covered, rules)));
    rules.merges_whole_deltas = false;
    chain.step(Cause::whole_deltas, figures(evaluate(covered, rules)));
    chain.step(Cause::overlap_at_wraps, figures(count_exactly(covered)));
    const std::vector<std::pair<Cause, bool Kept::*>> properties = {
        {Cause::tail, &Kept::tails},         {Cause::padding, &Kept::padding},   {Cause::gaps, &Kept::gaps},
        {Cause::halo, &Kept::halo},          {Cause::partials, &Kept::partials}, {Cause::sharing, &Kept::sharing},
        {Cause::operand_latch, &Kept::latch}};
    for (const auto& [cause, property] : properties) {
        kept.*property = true;
        chain.step(cause, figures(count_exactly(relaxed_design(design, kept))));
    }
    return chain.take();
}

}  // namespace accelsim::timeloop
