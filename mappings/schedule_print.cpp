// SPDX-License-Identifier: Apache-2.0
// The loops between two passes, as pseudo-code for people.
#include <sstream>

#include "mappings/lowering.hpp"
#include "mappings/schedule_state.hpp"
#include "mappings/suggestion.hpp"

namespace accelsim {

namespace {

class PassPrinter {
public:
    explicit PassPrinter(const ScheduleState& state) : state_(state) {}

    /// The nest itself, in the names of the workload and of the levels.
    std::string nest_text() {
        for (std::size_t i = 0; i < state_.nest.loops.size(); ++i) {
            const Loop& loop = state_.nest.loops[i];
            const bool temporal = loop.kind == LoopKind::temporal;
            out_ << pad(i) << (temporal ? "for " : "parallel ") << lower_case(state_.dimension_name(loop.dimension)) << " in 0.."
                 << loop.bound << "    # " << state_.architecture.levels[static_cast<std::size_t>(loop.level)].name;
            if (!temporal) out_ << (loop.kind == LoopKind::rows ? ".rows" : ".columns");
            out_ << '\n';
        }
        statement(state_.nest.loops.size());
        return out_.str();
    }

    std::string text() {
        for (std::size_t i = 0; i <= state_.loops.size(); ++i) {
            if (state_.accelerator == i) out_ << pad(i) << "accelerator:\n";
            allocate(i);
            if (i < state_.loops.size()) loop(i);
        }
        statement(state_.loops.size());
        return out_.str();
    }

private:
    static std::string pad(std::size_t depth) { return std::string(2 * depth, ' '); }

    void statement(std::size_t depth) {
        const auto& tensors = state_.workload.tensors;
        out_ << pad(depth) << tensors[2].name << " += " << tensors[0].name << " * " << tensors[1].name << '\n';
    }

    void loop(std::size_t i) {
        const ScheduledLoop& loop = state_.loops[i];
        out_ << pad(i) << (loop.is_temporal() ? "for " : "parallel ") << loop.name << " in 0.." << loop.extent() << "    # ";
        std::vector<std::string> parts;
        for (const Piece& piece : loop.pieces) {
            parts.push_back(state_.dimension_name(piece.dimension));
            if (loop.pieces.size() > 1) parts.back() += " in 0.." + std::to_string(piece.extent);
            if (piece.stride > 1) parts.back() += " by " + std::to_string(piece.stride);
        }
        out_ << join(parts, " and ");
        if (!loop.is_temporal()) {
            out_ << ", " << loop.array << '.' << array_axis_names()[static_cast<std::size_t>(loop.axis)];
            links(loop);
        } else if (!state_.boundaries.empty()) {
            out_ << ", " << state_.architecture.levels[static_cast<std::size_t>(loop.level)].name;
        }
        out_ << '\n';
    }

    void links(const ScheduledLoop& loop) {
        if (state_.boundaries.empty()) return;
        const Level& array = state_.architecture.levels[static_cast<std::size_t>(loop.level)];
        for (std::size_t t = 0; t < state_.workload.tensors.size(); ++t) {
            const Tensor& tensor = state_.workload.tensors[t];
            if (is_systolic(array, tensor) && !state_.depends(static_cast<int>(t), loop))
                out_ << ", " << tensor.name << " by neighbours";
        }
    }

    void allocate(std::size_t position) {
        for (const HeldTile& tile : state_.tiles) {
            if (tile.position != position) continue;
            out_ << pad(position) << "allocate " << state_.workload.tensors[static_cast<std::size_t>(tile.tensor)].name << " in "
                 << tile.level << '\n';
        }
    }

    const ScheduleState& state_;
    std::ostringstream out_;
};

}  // namespace

std::string pseudo_code(const ScheduleState& state) {
    return state.built ? PassPrinter(state).nest_text() : PassPrinter(state).text();
}

}  // namespace accelsim
