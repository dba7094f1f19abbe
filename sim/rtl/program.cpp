// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/program.hpp"

#include <algorithm>

#include "sim/rtl/lanes.hpp"

namespace accelsim {

namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

/// The four axes of a tensor in the RTL: input N C H W, weight K C FY FX, output N K Y X. A gemm lacks the last two.
constexpr int rtl_axes = 4;

class Program {
public:
    Program(const Design& design, const RtlHardware& hardware)
        : design_(design), hardware_(hardware), places_(require_rtl(design)) {}

    std::vector<std::uint32_t> make() {
        add_loops();
        add_limits();
        add_window();
        for (int t = 0; t < 3; ++t) {
            std::vector<std::int64_t> sizes = sizes_of(t);
            sizes.resize(rtl_axes, 1);
            for (const std::int64_t size : sizes) add(size);
        }
        for (int t = 0; t < 3; ++t) add_strides(sizes_of(t));
        add_keys();
        add(design_.nest.partials == Partials::copy ? 1 : 0);
        add_fan_outs();
        add_lanes();
        const std::vector<int> boundaries = places_.all_boundaries();
        for (std::size_t b = 0; b < boundaries.size(); ++b)
            add_boundary(design_.boundaries[at(boundaries[b])], hardware_.overlap[b]);
        return std::move(words_);
    }

private:
    void add(std::int64_t value) {
        if (value < 0 || value >= std::int64_t{1} << (rtl_word_bits - 1))
            throw UserError("accelsim rtl: " + std::to_string(value) + " does not fit a register; use a smaller layer",
                            design_.nest.where);
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
            const auto level = std::find(places_.buffers.begin(), places_.buffers.end(), loop.level) - places_.buffers.begin();
            add(loop.dimension < 0 ? rtl_levels : level);
        }
    }

    int dimension(int workload_dimension) const {
        return rtl_dimension(design_.workload.dimensions[at(workload_dimension)].name);
    }

    /// B' per dimension; 1 for those that the workload has not.
    std::array<std::int64_t, 7> limits() const {
        std::array<std::int64_t, 7> limit;
        limit.fill(1);
        for (std::size_t d = 0; d < design_.issued.size(); ++d) limit[at(dimension(static_cast<int>(d)))] = design_.issued[d];
        return limit;
    }

    void add_limits() {
        for (const std::int64_t value : limits()) add(value);
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
    }

    std::vector<std::int64_t> sizes_of(int t) const {
        std::vector<std::int64_t> sizes;
        for (const Axis& axis : design_.tensor(t).axes) sizes.push_back(axis.size);
        return sizes;
    }

    /// Strides that tell the boxes of output tiles apart, those beyond the tensor too.
    void add_keys() {
        std::vector<std::int64_t> extents;
        for (const Axis& axis : design_.tensor(2).axes) extents.push_back(design_.issued[at(axis.terms.at(0).dimension)]);
        add_strides(extents);
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

    void add_fan_outs() {
        const std::int64_t positions = hardware_.at("POSITIONS");
        std::int64_t left = hardware_.at("FANOUTS");
        for (const int level : places_.fan_outs) {
            const std::int64_t skew = fan_out_skew(design_, level);
            add(skew);
            std::vector<RtlPosition> own = fan_out_positions(design_, level);
            own.resize(at(positions));
            for (const RtlPosition& position : own) {
                add(position.across > 0 ? 2 : position.down > 0 ? 1 : 0);
                add(position.used ? skew - position.down - position.across : 0);
            }
            --left;
        }
        for (std::int64_t i = left * (1 + 2 * positions); i > 0; --i) add(0);
    }

    /// What the lane adds to each dimension; in use; head of its chain.
    void add_lanes() {
        for (const RtlPosition& lane : rtl_instances(design_, places_, 0, places_.fan_outs.size())) {
            std::array<std::int64_t, 7> offsets{};
            for (std::size_t d = 0; d < lane.offset.size(); ++d) offsets[at(dimension(static_cast<int>(d)))] = lane.offset[d];
            for (const std::int64_t offset : offsets) add(offset);
            add(lane.used ? 1 : 0);
            add(lane.used && !lane.reduces ? 1 : 0);
        }
    }

    /// The child's tile: spans, strides (0 of a stream, one word), words, those of all slots or of the window; then who shares
    /// words, by the first child.
    void add_boundary(const Boundary& boundary, std::int64_t overlap) {
        if (children_overlap(design_, places_, boundary) && boundary.tile_words > overlap)
            throw UserError("accelsim rtl: this machine is not made for lanes whose tiles of " +
                                design_.tensor(boundary.tensor).name + " overlap in part",
                            design_.nest.where);
        std::array<std::int64_t, 7> span;
        span.fill(1);
        for (const LoweredLoop& loop : design_.loops) {
            if (!boundary.stream && loop.level >= boundary.child) span[at(dimension(loop.dimension))] *= loop.bound;
        }
        const std::array<std::int64_t, 7> limit = limits();
        for (std::size_t d = 0; d < 7; ++d) add(std::min(span[d], limit[d]));
        if (boundary.stream) {
            for (int a = 0; a < rtl_axes; ++a) add(0);
        } else {
            add_strides(boundary.extents);
        }
        add(boundary.tile_words);
        add(boundary.window_words > 0 ? boundary.window_words : boundary.tile_words * boundary.depth);
        std::vector<std::int64_t> classes = share_classes(boundary, overlap > 0);
        classes.resize(at(hardware_.at("WAYS")), 0);
        for (const std::int64_t first : classes) add(first);
        add_place_addresses(boundary);
    }

    /// Of each child's place, by the strides of its tile.
    void add_place_addresses(const Boundary& boundary) {
        const std::vector<RtlPosition> children =
            rtl_instances(design_, places_, places_.outside(boundary.parent), places_.outside(boundary.child));
        std::vector<std::int64_t> addresses;
        for (const std::vector<std::int64_t>& place : tile_places(design_, boundary, children)) {
            std::int64_t address = 0;
            for (std::size_t a = 0; a < place.size(); ++a) address = address * boundary.extents[a] + place[a];
            addresses.push_back(boundary.stream ? 0 : address);
        }
        addresses.resize(at(hardware_.at("WAYS")), 0);
        for (const std::int64_t address : addresses) add(address);
    }

    /// Children share when they want the same words and differ on fan-outs only that share; which words, is `by_coordinate` seen
    /// later.
    std::vector<std::int64_t> share_classes(const Boundary& boundary, bool by_coordinate) const {
        const std::size_t from = places_.outside(boundary.parent), to = places_.outside(boundary.child);
        const std::vector<RtlPosition> children = rtl_instances(design_, places_, from, to);
        std::vector<std::vector<std::int64_t>> keys(children.size());
        if (!by_coordinate) keys = tile_places(design_, boundary, children);
        std::int64_t inner = 1;
        for (std::size_t f = to; f > from; --f) {
            const Level& level = design_.level(places_.fan_outs[f - 1]);
            const std::int64_t positions = std::int64_t{level.rows} * level.columns;
            const Tensor& tensor = design_.tensor(boundary.tensor);
            const bool shares = tensor.is_output || level.network(tensor.name).transport != Transport::unicast;
            for (std::size_t i = 0; i < keys.size(); ++i)
                keys[i].push_back(shares ? 0 : static_cast<std::int64_t>(i) / inner % positions);
            inner *= positions;
        }
        std::vector<std::int64_t> classes;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            std::size_t first = 0;
            while (!children[first].used || keys[first] != keys[i]) {
                if (first == i) break;
                ++first;
            }
            classes.push_back(static_cast<std::int64_t>(first));
        }
        return classes;
    }

    const Design& design_;
    const RtlHardware& hardware_;
    RtlPlaces places_;
    std::vector<std::uint32_t> words_;
};

}  // namespace

std::vector<std::uint32_t> rtl_program(const Design& design, const RtlHardware& hardware) {
    return Program(design, hardware).make();
}

}  // namespace accelsim
