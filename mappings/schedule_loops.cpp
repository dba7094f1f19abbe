// SPDX-License-Identifier: Apache-2.0
// The passes "algorithm" and "loops": what changes the loops themselves.
#include <algorithm>
#include <utility>

#include "mappings/lowering.hpp"
#include "mappings/schedule_state.hpp"
#include "mappings/suggestion.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t max_extent = 2147483647;

/// Applies the directives that change loops, each to the loops that the ones before it left.
class LoopTransformer {
public:
    explicit LoopTransformer(ScheduleState& state) : state_(state) {}

    void operator()(const directive::Split& d) { split(d, "split"); }

    void operator()(const directive::Tile& d) {
        split({d.x, d.xo, d.xi, d.x_factor, d.tail}, "tile");
        split({d.y, d.yo, d.yi, d.y_factor, d.tail}, "tile");
        reorder({d.xi, d.yi, d.xo, d.yo}, "tile");
    }

    void operator()(const directive::Reorder& d) { reorder(d.loops, "reorder"); }

    void operator()(const directive::Fuse& d) {
        const std::size_t inner = state_.find_loop(d.inner, "fuse");
        const std::size_t outer = state_.find_loop(d.outer, "fuse");
        if (inner == outer) state_.refuse("'fuse' names loop " + quoted(d.inner) + " twice");
        const bool neighbours = outer < inner && std::none_of(state_.loops.begin() + static_cast<std::ptrdiff_t>(outer) + 1,
                                                              state_.loops.begin() + static_cast<std::ptrdiff_t>(inner),
                                                              [](const ScheduledLoop& between) { return between.counts(); });
        if (!neighbours) {
            state_.refuse("'fuse' needs neighbours, and loop " + quoted(d.outer) + " is not directly outside " + quoted(d.inner) +
                          "; reorder them first");
        }
        if (state_.loops[outer].extent() > max_extent / state_.loops[inner].extent())
            state_.refuse("'fuse' makes a loop of more than " + std::to_string(max_extent) + " iterations; fuse smaller loops");
        ScheduledLoop fused = state_.loops[outer];
        const ScheduledLoop& last = state_.loops[inner];
        fused.pieces.insert(fused.pieces.end(), last.pieces.begin(), last.pieces.end());
        fused.name = d.fused;
        fused.touched = state_.current;
        for (const std::string& name : {d.inner, d.outer}) retire(name, "fused", "into " + quoted(d.fused));
        state_.loops.erase(state_.loops.begin() + static_cast<std::ptrdiff_t>(inner));
        take_name(d.fused, "fuse", outer);
        state_.loops[outer] = std::move(fused);
    }

    template <class Other>
    void operator()(const Other&) {}  // of a later pass

private:
    void split(const directive::Split& d, const char* word) {
        if (d.tail == TailStrategy::shift_inwards) {
            state_.refuse(
                "the tail strategy shift_inwards makes some iterations twice, which would add their products twice; use "
                "guard_with_if or round_up");
        }
        if (d.factor < 1 || d.factor > max_extent) {
            state_.refuse("the factor of " + quoted(word) + " must be from 1 to " + std::to_string(max_extent) + ", not " +
                          std::to_string(d.factor));
        }
        const std::size_t index = state_.find_loop(d.old, word);
        if (d.outer == d.inner) {
            state_.refuse(quoted(word) + " gives the name " + quoted(d.inner) + " to both parts of " + quoted(d.old));
        }
        ScheduledLoop outer = state_.loops[index];
        ScheduledLoop inner = outer;
        divide(d, outer.pieces, inner.pieces);
        outer.name = d.outer;
        inner.name = d.inner;
        outer.touched = inner.touched = state_.current;
        retire(d.old, "split", "into " + quoted(d.outer) + " and " + quoted(d.inner));
        take_name(d.outer, word, index);
        take_name(d.inner, word, index);
        state_.loops[index] = std::move(outer);
        state_.loops.insert(state_.loops.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(inner));
    }

    /// From a loop's pieces to those of its two parts: whole pieces go inside as long as the factor covers them, and at
    /// most one piece is cut. Only a piece that is the outermost of all may be cut unevenly.
    void divide(const directive::Split& d, std::vector<Piece>& outer, std::vector<Piece>& inner) {
        std::int64_t factor = d.factor;
        std::size_t cut = outer.size() - 1;
        while (cut > 0 && factor > 1 && factor % outer[cut].extent == 0) factor /= outer[cut--].extent;
        Piece low = outer[cut];
        const bool divides = low.extent % factor == 0;
        if (!divides && cut > 0) {
            state_.refuse("a factor of " + std::to_string(d.factor) + " does not fall between the loops that were fused into " +
                          quoted(d.old) + ", nor does it divide one of them; choose another factor or split before 'fuse'");
        }
        if (!divides && !low.outermost) refuse_uneven_inner(d, low);
        if (!divides) check_tail(d, low, factor);
        if (low.outermost) note_issued(d, low, factor);
        outer[cut].extent = (low.extent + factor - 1) / factor;
        outer[cut].stride *= factor;
        low.extent = factor;
        low.outermost = false;
        inner.erase(inner.begin(), inner.begin() + static_cast<std::ptrdiff_t>(cut));
        inner[0] = low;
        outer.resize(cut + 1);
    }

    [[noreturn]] void refuse_uneven_inner(const directive::Split& d, const Piece& piece) const {
        state_.refuse("a factor of " + std::to_string(d.factor) + " does not divide the " + std::to_string(piece.extent) +
                      " iterations of " + quoted(d.old) + ", the inner part of a split, whose tile would change; split " +
                      state_.dimension_name(piece.dimension) + " from the inside out: first by " + std::to_string(d.factor) +
                      ", then its outer part");
    }

    void check_tail(const directive::Split& d, const Piece& piece, std::int64_t factor) const {
        const std::int64_t rounded = (piece.extent + factor - 1) / factor * factor;
        if (rounded > max_extent / piece.stride) {
            state_.refuse("a factor of " + std::to_string(d.factor) + " makes " + std::to_string(rounded) + " x " +
                          std::to_string(piece.stride) + " indices of " + state_.dimension_name(piece.dimension) +
                          ", more than " + std::to_string(max_extent) + "; use a smaller factor");
        }
        if (tail_is_masked(state_.workload, piece.dimension)) return;
        state_.refuse("a factor of " + std::to_string(d.factor) + " does not divide the " + std::to_string(piece.extent) +
                      " iterations of the reduction " + quoted(d.old) + ", and no operand has " +
                      state_.dimension_name(piece.dimension) +
                      " as an axis of its own that could mask the tail; use a factor that divides it");
    }

    /// Halide's predicates: an uneven guard lets nothing beyond it happen, whatever later splits round up.
    void note_issued(const directive::Split& d, const Piece& piece, std::int64_t factor) {
        const auto dimension = static_cast<std::size_t>(piece.dimension);
        if (piece.extent % factor == 0 || state_.guarded[dimension]) return;
        if (d.tail == TailStrategy::guard_with_if) {
            state_.guarded[dimension] = true;
            return;
        }
        state_.issued[dimension] = (piece.extent + factor - 1) / factor * factor * piece.stride;
    }

    void reorder(const std::vector<std::string>& names, const char* word) {
        std::vector<std::size_t> places;
        for (const std::string& name : names) {
            const std::size_t index = state_.find_loop(name, word);
            if (std::find(places.begin(), places.end(), index) != places.end())
                state_.refuse(quoted(word) + " names loop " + quoted(name) + " twice");
            places.push_back(index);
        }
        std::vector<ScheduledLoop> moved;
        for (const std::size_t index : places) moved.push_back(state_.loops[index]);
        std::sort(places.rbegin(), places.rend());  // the innermost place for the first name
        for (std::size_t i = 0; i < places.size(); ++i) {
            moved[i].touched = state_.current;
            state_.loops[places[i]] = std::move(moved[i]);
        }
    }

    void retire(const std::string& name, const std::string& what, const std::string& into) {
        state_.retired[name] = "it was " + what + " at " + state_.place(state_.current).text() + " " + into;
    }

    /// The loop at `own` gives its name up.
    void take_name(const std::string& name, const char* word, std::size_t own) {
        if (name.empty() || name == Schedule::root) {
            state_.refuse("'" + name + "' in " + quoted(word) + " cannot name a loop" +
                          (name.empty() ? "" : "; it stands for the place outside all loops"));
        }
        for (std::size_t i = 0; i < state_.loops.size(); ++i) {
            if (i != own && state_.loops[i].name == name)
                state_.refuse("the name " + quoted(name) + " in " + quoted(word) + " is taken by another loop; choose a new one");
        }
        state_.retired.erase(name);
    }

    ScheduleState& state_;
};

}  // namespace

void begin_with_algorithm(ScheduleState& state) {
    const auto& dimensions = state.workload.dimensions;
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
        const std::string small = lower_case(dimensions[d].name);
        // Dimensions that differ in case alone keep their own names.
        const auto alike = std::count_if(dimensions.begin(), dimensions.end(),
                                         [&](const Dimension& other) { return lower_case(other.name) == small; });
        ScheduledLoop loop;
        loop.name = alike > 1 ? dimensions[d].name : small;
        if (loop.name == Schedule::root) {
            state.refuse(
                "a dimension named 'root' cannot be scheduled, because that word stands for the place outside all "
                "loops; rename it");
        }
        loop.pieces = {{static_cast<int>(d), dimensions[d].bound, 1, true}};
        state.loops.push_back(std::move(loop));
        state.issued.push_back(dimensions[d].bound);
        state.guarded.push_back(false);
    }
}

void transform_loops(ScheduleState& state) {
    LoopTransformer transformer(state);
    for (std::size_t i = 0; i < state.schedule.directives.size(); ++i) {
        state.current = static_cast<int>(i);
        std::visit(transformer, state.schedule.directives[i].what);
    }
}

}  // namespace accelsim
