// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/schedule_of_nest.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace accelsim::testing {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

std::string small(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

bool keeps(const RandomDesign& design, std::size_t level, int tensor) {
    const Level& l = design.architecture.levels[level];
    const std::string& name = design.workload.tensors[at(tensor)].name;
    if (!l.keeps_all && std::find(l.keeps.begin(), l.keeps.end(), name) == l.keeps.end()) return false;
    const auto bypass = design.nest.bypass.find(static_cast<int>(level));
    return bypass == design.nest.bypass.end() ||
           std::find(bypass->second.begin(), bypass->second.end(), tensor) == bypass->second.end();
}

/// Writes one schedule; `names` are those of the plain nest's loops, fused ones have the same.
class ScheduleWriter {
public:
    ScheduleWriter(const RandomDesign& design, RandomNumbers& random)
        : design_(design), random_(random), nest_(plain_nest(design)), names_(nest_.loops.size()) {}

    Schedule write(bool generating) {
        split_all();
        fuse_some();
        if (random_.chance(50)) unroll_all();
        for (std::size_t l = 1; l < design_.architecture.levels.size(); ++l) {
            if (design_.architecture.levels[l].kind == LevelKind::buffer) hold(l, generating);
        }
        if (!unrolled_) unroll_all();
        link_some();
        if (generating) {
            std::vector<std::string> inputs;
            for (std::size_t t = 0; t + 1 < design_.workload.tensors.size(); ++t)
                inputs.push_back(design_.workload.tensors[t].name);
            schedule_.accelerate(inputs, name_before(first_inside(1)));
        }
        return schedule_;
    }

private:
    void split_all() {
        std::vector<int> parts(design_.workload.dimensions.size(), 0);
        for (std::size_t i = nest_.loops.size(); i-- > 0;) {
            const Loop& loop = nest_.loops[i];
            const std::string rest = small(design_.workload.dimensions[at(loop.dimension)].name);
            const bool outermost = std::none_of(nest_.loops.begin(), nest_.loops.begin() + static_cast<std::ptrdiff_t>(i),
                                                [&](const Loop& outer) { return outer.dimension == loop.dimension; });
            names_[i] = outermost ? rest : rest + "_" + std::to_string(parts[at(loop.dimension)]++);
            if (!outermost) schedule_.split(rest, rest, names_[i], loop.bound);
        }
        schedule_.reorder({names_.rbegin(), names_.rend()});
    }

    void fuse_some() {
        for (std::size_t i = 0; i + 1 < nest_.loops.size(); ++i) {
            const Loop& outer = nest_.loops[i];
            const Loop& inner = nest_.loops[i + 1];
            if (outer.level != inner.level || outer.kind != inner.kind || !random_.chance(25)) continue;
            const std::string fused = "fused_" + std::to_string(i);
            schedule_.fuse(names_[i + 1], names_[i], fused);
            const std::string old = names_[i];
            for (std::string& name : names_) name = name == old ? fused : name;
            names_[i + 1] = fused;
        }
    }

    void unroll_all() {
        unrolled_ = true;
        std::set<std::string> done;
        for (std::size_t i = nest_.loops.size(); i-- > 0;) {
            const Loop& loop = nest_.loops[i];
            if (loop.kind == LoopKind::temporal || !done.insert(names_[i]).second) continue;
            schedule_.unroll(names_[i], design_.architecture.levels[at(loop.level)].name,
                             loop.kind == LoopKind::rows ? ArrayAxis::rows : ArrayAxis::columns);
        }
    }

    std::size_t first_inside(std::size_t level) const {
        std::size_t i = 0;
        while (i < nest_.loops.size() && nest_.loops[i].level < static_cast<int>(level)) ++i;
        return i;
    }

    std::string name_before(std::size_t position) const { return position == 0 ? Schedule::root : names_[position - 1]; }

    void hold(std::size_t level, bool generating) {
        const std::string& name = design_.architecture.levels[level].name;
        const std::size_t position = first_inside(level);
        std::vector<int> kept;
        for (int t = 0; t <= design_.workload.output_index(); ++t) {
            if (keeps(design_, level, t)) kept.push_back(t);
        }
        const std::size_t outermost = generating ? first_inside(1) : 0;
        // One tensor stays at the loop, so that the level does not move; others may be held further out.
        for (std::size_t k = 0; k < kept.size(); ++k) {
            const Tensor& tensor = design_.workload.tensors[at(kept[k])];
            std::size_t where = position;
            while (k > 0 && where > outermost && random_.chance(50) && nest_.loops[where - 1].kind == LoopKind::temporal &&
                   !tensor.depends_on(nest_.loops[where - 1].dimension))
                --where;
            if (where > 0 && where < names_.size() && names_[where] == names_[where - 1])
                where = position;  // inside a fused loop
            schedule_.in(tensor.name).compute_at(name, name_before(where));
        }
    }

    void link_some() {
        for (std::size_t i = 0; i < nest_.loops.size(); ++i) {
            const Loop& loop = nest_.loops[i];
            if (loop.kind == LoopKind::temporal) continue;
            for (const Tensor& tensor : design_.workload.tensors) {
                const Network& network = design_.architecture.levels[at(loop.level)].network(tensor.name);
                const bool systolic =
                    tensor.is_output ? network.reduction == Reduction::systolic : network.transport == Transport::systolic;
                if (systolic && !tensor.depends_on(loop.dimension) && random_.chance(70))
                    schedule_.systolic(tensor.name, names_[i]);
            }
        }
    }

    const RandomDesign& design_;
    RandomNumbers& random_;
    Nest nest_;
    std::vector<std::string> names_;
    bool unrolled_ = false;
    Schedule schedule_;
};

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return "[" + text + "]";
}

std::string tail_text(TailStrategy tail) { return tail == TailStrategy::round_up ? ", round_up" : ""; }

struct DirectiveText {
    std::string operator()(const directive::Split& d) const {
        return "split: [" + d.old + ", " + d.outer + ", " + d.inner + ", " + std::to_string(d.factor) + tail_text(d.tail) + "]";
    }
    std::string operator()(const directive::Tile& d) const {
        const bool kept = d.x == d.xo && d.y == d.yo;
        return "tile: [" + d.x + ", " + d.y + ", " + (kept ? "" : d.xo + ", " + d.yo + ", ") + d.xi + ", " + d.yi + ", " +
               std::to_string(d.x_factor) + ", " + std::to_string(d.y_factor) + tail_text(d.tail) + "]";
    }
    std::string operator()(const directive::Reorder& d) const { return "reorder: " + list(d.loops); }
    std::string operator()(const directive::Fuse& d) const { return "fuse: " + list({d.inner, d.outer, d.fused}); }
    std::string operator()(const directive::In& d) const {
        return "{in: " + (d.tensors.size() == 1 ? d.tensors[0] : list(d.tensors)) + ", compute_at: " + list({d.level, d.loop}) +
               "}";
    }
    std::string operator()(const directive::Unroll& d) const {
        return "unroll: " + list({d.loop, d.array, d.axis == ArrayAxis::rows ? "rows" : "columns"});
    }
    std::string operator()(const directive::Systolic& d) const { return "systolic: " + list({d.tensor, d.loop}); }
    std::string operator()(const directive::Accelerate& d) const {
        return "accelerate: [" + list(d.inputs) + ", " + d.loop + "]";
    }
};

}  // namespace

Nest plain_nest(const RandomDesign& design) {
    Nest nest = design.nest;
    std::vector<std::int64_t> inside(design.workload.dimensions.size(), 1);
    std::vector<Loop> loops;
    for (std::size_t i = nest.loops.size(); i-- > 0;) {
        Loop loop = nest.loops[i];
        std::int64_t& inner = inside[at(loop.dimension)];
        const std::int64_t bound = design.workload.dimensions[at(loop.dimension)].bound;
        while (loop.bound > 1 && (loop.bound - 1) * inner >= bound) --loop.bound;
        inner *= loop.bound;
        if (loop.bound > 1) loops.insert(loops.begin(), loop);
    }
    nest.loops = loops;
    for (auto& [level, tensors] : nest.bypass) std::sort(tensors.begin(), tensors.end());
    return nest;
}

Schedule schedule_of(const RandomDesign& design, RandomNumbers& random, bool generating) {
    return ScheduleWriter(design, random).write(generating);
}

std::string schedule_yaml(const Schedule& schedule) {
    std::string text;
    for (const Directive& directive : schedule.directives) text += "- " + std::visit(DirectiveText{}, directive.what) + "\n";
    return text;
}

std::string nest_text(const Nest& nest, const Workload& workload, const Architecture& architecture) {
    const char* kinds[] = {"for ", "rows ", "columns "};
    std::string text;
    for (const Loop& loop : nest.loops) {
        text += architecture.levels[at(loop.level)].name + " " + kinds[static_cast<int>(loop.kind)] +
                workload.dimensions[at(loop.dimension)].name + " " + std::to_string(loop.bound) + "\n";
    }
    for (const auto& [level, tensors] : nest.bypass) {
        text += "bypass " + architecture.levels[at(level)].name;
        for (const int tensor : tensors) text += " " + workload.tensors[at(tensor)].name;
        text += "\n";
    }
    for (const std::int64_t issued : nest.issued) text += "issued " + std::to_string(issued) + "\n";
    return text;
}

}  // namespace accelsim::testing
