// SPDX-License-Identifier: Apache-2.0
// A design as pseudo-code, for people.
#include <sstream>

#include "mappings/design.hpp"
#include "mappings/lowering.hpp"
#include "mappings/suggestion.hpp"

namespace accelsim {

namespace {

/// Writes the nest from outside in; every line is indented by the loops around it.
class Explainer {
public:
    explicit Explainer(const Design& design) : design_(design) {}

    std::string text() {
        header();
        std::size_t next = 0;
        for (std::size_t l = 0; l < design_.architecture.levels.size(); ++l) {
            const Level& level = design_.architecture.levels[l];
            if (level.is_buffer() || level.kind == LevelKind::mac) allocate(static_cast<int>(l));
            for (; next < design_.loops.size() && design_.loops[next].level == static_cast<int>(l); ++next)
                loop(design_.loops[next]);
        }
        statement();
        capacities();
        return out_.str();
    }

private:
    std::string pad() const { return std::string(2 * static_cast<std::size_t>(depth_), ' '); }
    const std::string& name_of(int dimension) const {
        return design_.workload.dimensions[static_cast<std::size_t>(dimension)].name;
    }

    void header() {
        std::int64_t used = design_.instances.back();
        out_ << design_.name << ": " << design_.workload.name << ", dataflow " << design_.dataflow << ", " << used << " of "
             << design_.architecture.lanes() << " MACs used, " << design_.steps << " steps\n\n";
    }

    void loop(const LoweredLoop& loop) {
        const Level& level = design_.level(loop.level);
        const std::string& dimension = name_of(loop.dimension);
        out_ << pad() << (loop.is_temporal() ? "for " : "parallel ") << lower_case(dimension) << " in 0.." << loop.bound;
        if (loop.stride > 1) out_ << " by " << loop.stride;
        out_ << "    # " << level.name;
        if (!loop.is_temporal()) out_ << (loop.kind == LoopKind::rows ? ".rows" : ".columns");
        const std::int64_t bound = design_.issued[static_cast<std::size_t>(loop.dimension)];
        if (loop.stride > 1 && bound % loop.stride != 0) out_ << ", guarded: " << dimension << " < " << bound;
        out_ << '\n';
        ++depth_;
    }

    void allocate(int level) {
        for (const Boundary& boundary : design_.boundaries) {
            if (boundary.child != level) continue;
            const Tensor& tensor = design_.tensor(boundary.tensor);
            out_ << pad();
            if (boundary.stream) {
                out_ << "fifo " << tensor.name << " of " << boundary.depth << " entries, from "
                     << design_.level(boundary.parent).name << '\n';
                continue;
            }
            out_ << "allocate " << tensor.name;
            for (std::int64_t extent : boundary.extents) out_ << '[' << extent << ']';
            out_ << " in " << design_.level(level).name << "    # " << boundary.tile_words << " words " << slots(boundary)
                 << ", from " << design_.level(boundary.parent).name << stationarity(boundary) << '\n';
        }
    }

    std::string slots(const Boundary& boundary) const {
        if (boundary.window_words > 0) return "in a window of " + std::to_string(boundary.window_words);
        return "x " + std::to_string(boundary.depth) + (boundary.depth == 1 ? " slot" : " slots");
    }

    /// The temporal loops right above that leave the tile as it is.
    std::string stationarity(const Boundary& boundary) const {
        std::string loops;
        for (std::size_t i = boundary.above.size(); i-- > 0;) {
            const LoweredLoop& loop = design_.loops[static_cast<std::size_t>(boundary.above[i])];
            if (loop.bound == 1) continue;
            if (design_.tensor(boundary.tensor).depends_on(loop.dimension)) break;
            loops = lower_case(name_of(loop.dimension)) + " of " + design_.level(loop.level).name + (loops.empty() ? "" : ", ") +
                    loops;
        }
        return loops.empty() ? "" : ", stays over " + loops;
    }

    std::string element(const Tensor& tensor) const {
        std::string text = tensor.name;
        for (const Axis& axis : tensor.axes) {
            std::string sum;
            for (const Term& term : axis.terms) {
                if (!sum.empty()) sum += " + ";
                if (term.coefficient != 1) sum += std::to_string(term.coefficient) + "*";
                sum += lower_case(name_of(term.dimension));
            }
            if (axis.offset < 0) sum += " - " + std::to_string(-axis.offset);
            text += "[" + sum + "]";
        }
        return text;
    }

    void statement() {
        const auto& tensors = design_.workload.tensors;
        out_ << pad() << element(tensors[2]) << " += " << element(tensors[0]) << " * " << element(tensors[1]) << "\n\n";
    }

    void capacities() {
        for (std::size_t l = 1; l < design_.architecture.levels.size(); ++l) {
            const Level& level = design_.architecture.levels[l];
            if (!level.is_buffer()) continue;
            std::int64_t bytes = 0;
            std::string parts;
            for (const Boundary& boundary : design_.boundaries) {
                if (boundary.child != static_cast<int>(l)) continue;
                bytes += bytes_needed(design_, boundary);
                parts += (parts.empty() ? "" : ", ") + design_.tensor(boundary.tensor).name + " " +
                         std::to_string(bytes_needed(design_, boundary));
            }
            out_ << level.name << ": " << bytes;
            const std::int64_t capacity = level.total_capacity_bytes();
            if (capacity > 0) {
                out_ << " of " << capacity << " B used (" << 100 * bytes / capacity << "%)";
            } else {
                out_ << " B used, no limit";
            }
            out_ << ": " << parts << '\n';
        }
    }

    const Design& design_;
    std::ostringstream out_;
    int depth_ = 0;
};

}  // namespace

std::string explain(const Design& design) { return Explainer(design).text(); }

}  // namespace accelsim
