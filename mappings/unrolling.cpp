// SPDX-License-Identifier: Apache-2.0
#include "mappings/unrolling.hpp"

#include <algorithm>
#include <set>

#include "mappings/lowering.hpp"
#include "mappings/split.hpp"

namespace accelsim {

namespace {

/// The names in the text, longest first at each place: "FYC" is FY and C.
std::vector<std::string> parse_axis_names(const std::string& text, const std::vector<std::string>& known) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == ' ') {
            ++at;
            continue;
        }
        std::string found;
        for (const std::string& name : known)
            if (name.size() > found.size() && text.compare(at, name.size(), name) == 0) found = name;
        if (found.empty()) {
            std::string list;
            for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
            throw UserError("the dataflow has no dimension at '" + text.substr(at) + "'; it is written such as \"C | K\", from " +
                            list);
        }
        if (std::find(names.begin(), names.end(), found) != names.end())
            throw UserError("the dataflow names " + found + " twice on one axis");
        names.push_back(found);
        at += found.size();
    }
    return names;
}

/// One axis of one fan-out, and what is wanted there.
struct AxisRoom {
    int level = 0;
    LoopKind kind = LoopKind::rows;
    std::int64_t size = 1;
    std::vector<int> wished;  ///< dimensions, adjacent first
    bool reduces = true;      ///< sums may be added along it
};

struct Factor {
    int dimension = 0;
    std::int64_t bound = 1;
};

std::int64_t steps(std::int64_t bound, std::int64_t parts) { return (bound + parts - 1) / parts; }

class Unroller {
public:
    Unroller(const Workload& workload, const Architecture& architecture) : workload_(workload), architecture_(architecture) {
        for (const Dimension& dimension : workload.dimensions) left_.push_back(dimension.bound);
        for (int d = static_cast<int>(left_.size()); d-- > 0;) preferred_.push_back(d);
        std::stable_sort(preferred_.begin(), preferred_.end(), [&](int a, int b) { return rank(a) < rank(b); });
    }

    void add_axis(int level, LoopKind kind, std::int64_t size, const std::vector<std::string>& wish, bool free) {
        AxisRoom axis{level, kind, size, {}, free};
        for (const std::string& name : wish) {
            const int dimension = workload_.find_dimension(name);
            if (dimension >= 0) axis.wished.push_back(dimension);
            axis.reduces = axis.reduces || is_sum(name) || (dimension >= 0 && workload_.is_reduction(dimension));
        }
        if (size > 1) axes_.push_back(axis);
    }

    std::vector<Loop> run(Filling filling) {
        std::vector<Loop> loops;
        for (current_ = 0; current_ < axes_.size(); ++current_) {
            std::vector<Factor> factors = wished_factors(filling == Filling::replicated);
            if (filling == Filling::replicated) replicate(factors);
            for (std::size_t i = factors.size(); i-- > 0;)  // adjacent is last
                if (factors[i].bound > 1)
                    loops.push_back({factors[i].dimension, factors[i].bound, axes_[current_].level, axes_[current_].kind, {}});
        }
        return loops;
    }

private:
    const AxisRoom& axis() const { return axes_[current_]; }
    bool exact(int dimension) const { return !tail_is_masked(workload_, dimension); }
    std::int64_t& left(int dimension) { return left_[static_cast<std::size_t>(dimension)]; }

    /// Replicas by what they share: sums their output, then channels an input, then pixels a weight; groups share nothing.
    int rank(int dimension) const {
        if (workload_.is_reduction(dimension)) return 0;
        if (!workload_.tensors[0].depends_on(dimension)) return 1;
        return workload_.tensors[1].depends_on(dimension) ? 3 : 2;
    }

    /// How much sooner an axis is done with `factor` parts of `bound` values.
    static double speedup(std::int64_t bound, std::int64_t factor) {
        return static_cast<double>(bound) / static_cast<double>(steps(bound, factor));
    }

    /// The wished dimensions in turn, each as far as there is room; with `yields` the last may leave room that a replica fills
    /// better.
    std::vector<Factor> wished_factors(bool yields) {
        std::vector<Factor> factors;
        std::int64_t room = axis().size;
        for (const int dimension : axis().wished) {
            if (room < 2 || !allowed(dimension)) continue;
            const std::vector<std::int64_t> choices = balanced_factors(left(dimension), room, exact(dimension));
            std::int64_t chosen = choices.back();
            if (yields && dimension == axis().wished.back()) chosen = yielding(dimension, choices, room);
            factors.push_back({dimension, chosen});
            take(dimension, chosen);
            room /= chosen;
        }
        return factors;
    }

    /// The largest factor of the wished dimension, no less than half of what fits, whose room left over, filled by one replica,
    /// makes the axis fastest.
    std::int64_t yielding(int dimension, const std::vector<std::int64_t>& choices, std::int64_t room) {
        double best = 0;
        std::int64_t chosen = choices.back();
        for (std::size_t i = choices.size(); i-- > 0 && 2 * choices[i] >= choices.back();) {
            const std::int64_t bound = left(dimension);
            left(dimension) = steps(bound, choices[i]);
            const Factor replica = best_replica(room / choices[i]);
            const double all = speedup(bound, choices[i]) * speedup(available(replica.dimension), replica.bound);
            left(dimension) = bound;
            if (all > best * 1.001) best = all, chosen = choices[i];
        }
        return chosen;
    }

    void replicate(std::vector<Factor>& factors) {
        std::int64_t room = axis().size;
        for (const Factor& factor : factors) room /= factor.bound;
        while (room > 1) {
            const Factor factor = best_replica(room);
            if (factor.bound < 2) return;
            take(factor.dimension, factor.bound);
            room /= factor.bound;
            const auto same =
                std::find_if(factors.begin(), factors.end(), [&](const Factor& f) { return f.dimension == factor.dimension; });
            if (same != factors.end())
                same->bound *= factor.bound;
            else
                factors.push_back(factor);
        }
    }

    /// Of all dimensions that may be unrolled here, the one that saves most steps; the preferred one where several do.
    Factor best_replica(std::int64_t room) {
        Factor best;
        double most = 1.0;
        for (const int d : preferred_) {
            if (!allowed(d) || (workload_.is_reduction(d) && !axis().reduces)) continue;
            for (const std::int64_t factor : balanced_factors(available(d), room, exact(d))) {
                const double gain = speedup(available(d), factor);
                if (gain > most * 1.001) best = {d, factor}, most = gain;
            }
        }
        return best;
    }

    /// What later axes that wish the dimension leave of it.
    std::int64_t available(int dimension) {
        std::int64_t rest = left(dimension);
        for (std::size_t a = current_ + 1; a < axes_.size(); ++a) {
            const std::vector<int>& wished = axes_[a].wished;
            if (std::find(wished.begin(), wished.end(), dimension) != wished.end())
                rest = steps(rest, std::min(rest, axes_[a].size));
        }
        return rest;
    }

    /// Dimensions that convolutions sum over: an axis for them has the adders, whether or not this workload has them.
    static bool is_sum(const std::string& name) { return name == "C" || name == "FY" || name == "FX"; }

    /// A systolic operand must not be shared off the axis, as windows that overlap would be.
    bool allowed(int dimension) const {
        const Level& array = architecture_.levels[static_cast<std::size_t>(axis().level)];
        for (const Tensor& tensor : workload_.tensors) {
            if (tensor.is_output || array.network(tensor.name).transport != Transport::systolic) continue;
            for (const Axis& a : tensor.axes) {
                const bool has =
                    std::any_of(a.terms.begin(), a.terms.end(), [&](const Term& t) { return t.dimension == dimension; });
                const bool other = std::any_of(a.terms.begin(), a.terms.end(), [&](const Term& t) {
                    return t.dimension != dimension && workload_.dimensions[static_cast<std::size_t>(t.dimension)].bound > 1;
                });
                if (has && other) return false;
            }
        }
        return true;
    }

    void take(int dimension, std::int64_t factor) { left(dimension) = steps(left(dimension), factor); }

    const Workload& workload_;
    const Architecture& architecture_;
    std::vector<std::int64_t> left_;  ///< values of each dimension that are not unrolled yet
    std::vector<int> preferred_;      ///< all dimensions, the best replicas first
    std::vector<AxisRoom> axes_;
    std::size_t current_ = 0;
};

}  // namespace

std::vector<std::int64_t> balanced_factors(std::int64_t bound, std::int64_t room, bool exact) {
    std::vector<std::int64_t> factors;
    const std::int64_t most = std::min(bound, room);
    for (std::int64_t f = 1; f <= most;) {
        if (!exact || bound % f == 0) factors.push_back(f);
        const std::int64_t count = steps(bound, f);
        if (count == 1) break;
        f = std::max(f + 1, steps(bound, count - 1));  // the next factor that needs fewer steps
    }
    return factors;
}

Dataflow parse_dataflow(const std::string& text, const Workload& workload) {
    std::vector<std::string> known = {"N", "G", "K", "C", "Y", "X", "FY", "FX"};
    for (const Dimension& dimension : workload.dimensions)
        if (std::find(known.begin(), known.end(), dimension.name) == known.end()) known.push_back(dimension.name);
    Dataflow dataflow;
    for (const std::string& part : split(text, '/')) {
        const std::vector<std::string> axes = split(part, '|');
        if (axes.size() > 2)
            throw UserError("the dataflow '" + text + "' has more than two axes at one array; several arrays are parted by '/'");
        ArrayWish wish;
        wish.rows = parse_axis_names(axes[0], known);
        if (axes.size() == 2) wish.columns = parse_axis_names(axes[1], known);
        dataflow.push_back(wish);
    }
    return dataflow;
}

std::vector<Loop> unroll(const Workload& workload, const Architecture& architecture, const Dataflow& dataflow, Filling filling) {
    Unroller unroller(workload, architecture);
    if (filling == Filling::none) return {};
    std::size_t array = 0;
    for (std::size_t l = 0; l < architecture.levels.size(); ++l) {
        const Level& level = architecture.levels[l];
        if (level.kind != LevelKind::array) continue;
        const bool free = array >= dataflow.size();
        ArrayWish wish = free ? ArrayWish{} : dataflow[array];
        ++array;
        if (level.rows == 1 && wish.columns.empty()) std::swap(wish.rows, wish.columns);  // "X" on an array of one row
        unroller.add_axis(static_cast<int>(l), LoopKind::rows, level.rows, wish.rows, free);
        unroller.add_axis(static_cast<int>(l), LoopKind::columns, level.columns, wish.columns, free);
    }
    return unroller.run(filling);
}

}  // namespace accelsim
