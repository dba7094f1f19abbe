// SPDX-License-Identifier: Apache-2.0
#include "models/interstellar/habits.hpp"

#include <algorithm>
#include <functional>

#include "models/exact_counts.hpp"
#include "models/interstellar/from_design.hpp"
#include "models/interstellar/plain_walk.hpp"
#include "models/relaxed_design.hpp"

namespace accelsim::interstellar {

namespace {

using Shares = std::vector<Share>;

/// The design without what the model leaves out: sizes as large as the factors, no padding, whole tiles.
Design plain_design(const Design& design, bool tails, bool padding, bool gaps) {
    Kept kept;
    kept.tails = tails, kept.padding = padding, kept.gaps = gaps;
    kept.partials = kept.sharing = kept.latch = true;
    return relaxed_design(design, kept);
}

std::int64_t exact_count(const Design& design, const Counts& counts, int level, int tensor, Kind kind) {
    if (kind == Kind::reads_to_child || kind == Kind::writes_from_child) {
        for (const LevelCounts& l : counts.levels)
            for (const TensorCounts& t : l.tensors)
                if (l.name == design.level(level).name && t.tensor == design.tensor(tensor).name)
                    return kind == Kind::reads_to_child ? t.reads_to_child : t.writes_from_child;
        throw InternalError("no counts of '" + design.tensor(tensor).name + "' at '" + design.level(level).name + "'");
    }
    return exact_hops(design, level, tensor, kind == Kind::near_hops);
}

void add_share(Shares& shares, Cause cause, std::int64_t amount) {
    if (amount == 0) return;
    for (Share& share : shares) {
        if (share.cause != cause) continue;
        share.amount += amount;
        return;
    }
    shares.push_back({cause, amount});
}

class Comparison {
public:
    explicit Comparison(const Design& design)
        : design_(design),
          expressed_(express(design)),
          variants_{plain_design(design, false, false, false), plain_design(design, true, false, false),
                    plain_design(design, true, true, false), plain_design(design, true, true, true)} {
        for (const Design& variant : variants_) counts_.push_back(count_exactly(variant));
        counts_.push_back(count_exactly(design));
        covered_ = expressed_;
        for (const Dimension& dimension : variants_[0].workload.dimensions)
            set_size(covered_.layer, dimension.name, dimension.bound);
    }

    std::vector<Difference> all() {
        for (std::size_t l = expressed_.level_of.size(); l-- > 0;) {
            for (int tensor = 0; tensor < static_cast<int>(tensor_count); ++tensor) add_tensor(l, tensor);
        }
        return std::move(result_);
    }

private:
    static void set_size(Layer& layer, const std::string& name, std::int64_t size) {
        static const std::vector<std::string> names = {"FX", "FY", "X", "Y", "K", "C", "N"};
        const auto found = std::find(names.begin(), names.end(), name);
        layer.sizes[static_cast<std::size_t>(found - names.begin())] = size;
    }

    /// Memories are compared where they hold the tensor; hops on every fan-out, at which the memory outside it starts.
    void add_tensor(std::size_t l, int number) {
        const auto tensor = static_cast<TensorName>(number);
        if (expressed_.machine.levels[l].memories[static_cast<std::size_t>(tensor)]) {
            add(l, tensor, Kind::reads_to_child);
            if (tensor == output) add(l, tensor, Kind::writes_from_child);
        }
        if (expressed_.array_of[l] < 0 || expressed_.machine.levels[l].parallel_mode == 0) return;
        add(l, tensor, Kind::near_hops);
        add(l, tensor, Kind::far_hops);
    }

    void add(std::size_t l, TensorName tensor, Kind kind) {
        const bool hops = kind == Kind::near_hops || kind == Kind::far_hops;
        Difference difference;
        difference.level = hops ? expressed_.array_of[l] : expressed_.level_of[l];
        difference.tensor = expressed_.tensor_of[static_cast<std::size_t>(tensor)];
        difference.kind = kind;
        const PlainWalk given(expressed_, static_cast<int>(l), tensor, kind);
        const PlainWalk covered(covered_, static_cast<int>(l), tensor, kind);
        difference.model = given.value(Habits{});
        std::int64_t before = covered.value(Habits{});
        add_share(difference.shares, Cause::tail, before - difference.model);
        Habits habits;
        for (int cause = 0; cause <= static_cast<int>(Cause::lanes_start_at_zero); ++cause) {
            habits.on[static_cast<std::size_t>(cause)] = false;
            const std::int64_t after = covered.value(habits);
            add_share(difference.shares, static_cast<Cause>(cause), after - before);
            before = after;
        }
        const std::int64_t plain = exact_count(variants_[0], counts_[0], difference.level, difference.tensor, kind);
        if (hops)
            add_share(difference.shares, Cause::hop_arithmetic, plain - before);
        else if (plain != before)
            throw InternalError("Interstellar's model without its habits gives " + std::to_string(before) + " " +
                                kind_names()[static_cast<std::size_t>(kind)] + " of " + design_.tensor(difference.tensor).name +
                                " at " + design_.level(difference.level).name + ", the exact count is " + std::to_string(plain));
        before = plain;
        const std::vector<Cause> rest = {Cause::tail, Cause::padding, Cause::gaps, Cause::halo_reuse};
        for (std::size_t i = 0; i < rest.size(); ++i) {
            const Design& variant = i + 1 < variants_.size() ? variants_[i + 1] : design_;
            const std::int64_t after = exact_count(variant, counts_[i + 1], difference.level, difference.tensor, kind);
            add_share(difference.shares, rest[i], after - before);
            before = after;
        }
        difference.exact = before;
        std::sort(difference.shares.begin(), difference.shares.end(),
                  [](const Share& a, const Share& b) { return a.cause < b.cause; });
        std::erase_if(difference.shares, [](const Share& share) { return share.amount == 0; });
        result_.push_back(difference);
    }

    const Design& design_;
    ExpressedDesign expressed_;
    ExpressedDesign covered_;  ///< sizes as large as the factors
    std::vector<Design> variants_;
    std::vector<Counts> counts_;
    std::vector<Difference> result_;
};

}  // namespace

const std::vector<std::string>& cause_names() {
    static const std::vector<std::string> names = {"integer_division", "mac_keeps_window",
                                                   "mac_keeps_sums",   "window_reuse",
                                                   "stationarity",     "halo",
                                                   "spatial_overlap",  "bypass",
                                                   "window_wraps",     "lanes_start_at_zero",
                                                   "hop_arithmetic",   "tail",
                                                   "padding",          "gaps",
                                                   "halo_reuse"};
    return names;
}

const std::vector<std::string>& kind_names() {
    static const std::vector<std::string> names = {"reads.to_child", "writes.from_child", "near_hops", "far_hops"};
    return names;
}

std::vector<Difference> differences(const Design& design) { return Comparison(design).all(); }

}  // namespace accelsim::interstellar
