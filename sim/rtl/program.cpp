// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/program.hpp"

#include <algorithm>
#include <map>

#include "sim/rtl/lanes.hpp"

namespace accelsim {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// The four axes of a tensor in the RTL: input N C H W, weight K C FY FX, output N K Y X. A gemm lacks the last two.
constexpr int rtl_axes = 4;

class Program {
public:
    Program(const Design& design, const RtlHardware& hardware)
        : design_(design), hardware_(hardware), places_(require_rtl(design)), rows_(axis_positions(design, LoopKind::rows)),
          columns_(axis_positions(design, LoopKind::columns)) {}

    std::vector<std::uint32_t> make() {
        add_loops();
        add_bounds();
        add_window();
        add_strides();
        add_tiles();
        add_offsets(rows_, hardware_.at("ROWS"));
        add_offsets(columns_, hardware_.at("COLUMNS"));
        add_lanes();
        return std::move(words_);
    }

private:
    void add(std::int64_t value) {
        if (value < 0 || value >= std::int64_t{1} << (rtl_word_bits - 1))
            throw UserError("accelsim rtl: " + std::to_string(value) + " does not fit a register; use a smaller layer", design_.nest.where);
        words_.push_back(static_cast<std::uint32_t>(value));
    }

    void add_loops() {
        std::vector<LoweredLoop> loops;
        for (const LoweredLoop& loop : design_.loops) {
            if (loop.is_temporal()) loops.push_back(loop);
        }
        loops.resize(at(hardware_.at("LOOPS")), LoweredLoop{-1, 1, 0, 0, LoopKind::temporal});
        for (const LoweredLoop& loop : loops) add(loop.bound);
        for (const LoweredLoop& loop : loops) add(loop.stride);
        for (const LoweredLoop& loop : loops) add(loop.dimension < 0 ? 0 : dimension(loop.dimension));
        for (const LoweredLoop& loop : loops) {
            const int level = loop.level == 0 ? 0 : loop.level == places_.buffer ? 1 : 2;
            add(loop.dimension < 0 ? 3 : level);
        }
    }

    int dimension(int workload_dimension) const { return rtl_dimension(design_.workload.dimensions[at(workload_dimension)].name); }

    /// Limits, then the spans of the tiles in the shared buffer and in the lanes' one.
    void add_bounds() {
        std::array<std::int64_t, 7> limit, buffer, lanes;
        limit.fill(1);
        buffer.fill(1);
        lanes.fill(1);
        for (std::size_t d = 0; d < design_.issued.size(); ++d) limit[at(dimension(static_cast<int>(d)))] = design_.issued[d];
        for (const LoweredLoop& loop : design_.loops) {
            if (loop.level >= places_.buffer) buffer[at(dimension(loop.dimension))] *= loop.bound;
            if (loop.level >= places_.lanes) lanes[at(dimension(loop.dimension))] *= loop.bound;
        }
        for (std::int64_t value : limit) add(value);
        for (std::size_t d = 0; d < 7; ++d) add(std::min(buffer[d], limit[d]));
        for (std::size_t d = 0; d < 7; ++d) add(std::min(lanes[d], limit[d]));
    }

    std::int64_t coefficient(const Axis& axis, const std::string& name) const {
        for (const Term& term : axis.terms) {
            if (design_.workload.dimensions[at(term.dimension)].name == name) return term.coefficient;
        }
        return 1;
    }

    void add_window() {
        std::array<Axis, 2> axes;  // of a gemm: nothing but 0
        const auto& input = design_.tensor(0).axes;
        for (std::size_t a = 0; a < 2 && input.size() == rtl_axes; ++a) axes[a] = input[2 + a];
        add(coefficient(axes[0], "Y"));
        add(coefficient(axes[1], "X"));
        add(coefficient(axes[0], "FY"));
        add(coefficient(axes[1], "FX"));
        for (const Axis& axis : axes) add(-axis.offset);
        for (const Axis& axis : axes) add(axis.size);
    }

    /// Row-major strides of a box; axes that a gemm lacks have one element.
    void add_strides(std::vector<std::int64_t> extents) {
        extents.resize(rtl_axes, 1);
        for (std::size_t a = 0; a < rtl_axes; ++a) {
            std::int64_t stride = 1;
            for (std::size_t inner = a + 1; inner < rtl_axes; ++inner) stride *= extents[inner];
            add(stride);
        }
    }

    void add_strides() {
        for (int t = 0; t < 3; ++t) {
            std::vector<std::int64_t> sizes;
            for (const Axis& axis : design_.tensor(t).axes) sizes.push_back(axis.size);
            add_strides(sizes);
        }
        for (std::size_t t = 0; t < 3; ++t) add_strides(buffer_boundary(t).extents);
        for (std::size_t t = 0; t < 3; ++t) {
            if (places_.kept[t]) {
                add_strides(lane_boundary(t).extents);
            } else {
                for (int a = 0; a < rtl_axes; ++a) add(0);
            }
        }
    }

    const Boundary& buffer_boundary(std::size_t t) const { return design_.boundaries[at(places_.buffer_boundary[t])]; }
    const Boundary& lane_boundary(std::size_t t) const { return design_.boundaries[at(places_.lane_boundary[t])]; }

    void add_tiles() {
        for (std::size_t t = 0; t < 3; ++t) add(buffer_boundary(t).tile_words);
        for (std::size_t t = 0; t < 3; ++t) add(lane_boundary(t).tile_words);
        skew_ = 0;
        for (LoopKind axis : {LoopKind::rows, LoopKind::columns}) {
            if (!axis_is_skewed(design_, axis)) continue;
            for (const AxisPosition& position : axis == LoopKind::rows ? rows_ : columns_)
                longest_[axis] = std::max(longest_[axis], position.chain);
            skew_ += longest_[axis];
        }
        add(skew_);
    }

    void add_offsets(const std::vector<AxisPosition>& positions, std::int64_t count) {
        if (static_cast<std::int64_t>(positions.size()) > count)
            throw UserError("accelsim rtl: the nest uses more of the array than there is", design_.nest.where);
        for (std::size_t p = 0; p < at(count); ++p) {
            std::array<std::int64_t, 7> offsets{};
            for (std::size_t d = 0; p < positions.size() && d < positions[p].offset.size(); ++d)
                offsets[at(dimension(static_cast<int>(d)))] = positions[p].offset[d];
            for (std::int64_t offset : offsets) add(offset);
        }
    }

    /// Lanes that share words of a tensor: numbered by the first of them.
    std::vector<std::int64_t> classes(int t) const {
        const std::vector<std::vector<std::int64_t>> places = lane_places(design_, t);
        const Network& network = design_.level(places_.array).network(design_.tensor(t).name);
        const bool shares = design_.tensor(t).is_output || network.transport != Transport::unicast;
        std::vector<std::int64_t> result;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const auto first = std::find(places.begin(), places.end(), places[i]) - places.begin();
            result.push_back(shares ? first : static_cast<std::int64_t>(i));
        }
        return result;
    }

    void add_lanes() {
        const bool rows_skewed = axis_is_skewed(design_, LoopKind::rows), columns_skewed = axis_is_skewed(design_, LoopKind::columns);
        std::array<std::vector<std::int64_t>, 3> class_of;
        for (int t = 0; t < 3; ++t) class_of[at(t)] = classes(t);
        for (std::size_t r = 0; r < at(hardware_.at("ROWS")); ++r) {
            for (std::size_t c = 0; c < at(hardware_.at("COLUMNS")); ++c) {
                const bool used = r < rows_.size() && c < columns_.size();
                const std::int64_t down = used && rows_skewed ? rows_[r].chain : 0;
                const std::int64_t across = used && columns_skewed ? columns_[c].chain : 0;
                add(used ? 1 : 0);
                add(used && !rows_[r].reduces && !columns_[c].reduces ? 1 : 0);
                add(across > 0 ? 2 : down > 0 ? 1 : 0);
                add(used ? skew_ - down - across : 0);
                for (std::size_t t = 0; t < 3; ++t) add(used ? class_of[t][r * columns_.size() + c] : 0);
            }
        }
    }

    const Design& design_;
    const RtlHardware& hardware_;
    RtlPlaces places_;
    std::vector<AxisPosition> rows_, columns_;
    std::map<LoopKind, std::int64_t> longest_;
    std::int64_t skew_ = 0;
    std::vector<std::uint32_t> words_;
};

}  // namespace

std::vector<std::uint32_t> rtl_program(const Design& design, const RtlHardware& hardware) { return Program(design, hardware).make(); }

}  // namespace accelsim
