// SPDX-License-Identifier: Apache-2.0
#include "sim/program/transactions.hpp"

#include <algorithm>

#include "mappings/lowering.hpp"

namespace accelsim {

TransactionWriter::TransactionWriter(const std::string& file, const Design& design) : file_(file), design_(design) {
    std::fputs("cycle,mover,tensor,tile,box,words,lanes\n", file_.stream());
    for (std::size_t b = 0; b < design.boundaries.size(); ++b) geometries_.push_back(geometry_of(static_cast<int>(b)));
}

TransactionWriter::Geometry TransactionWriter::geometry_of(int index) const {
    const Boundary& boundary = design_.boundaries[static_cast<std::size_t>(index)];
    const Tensor& tensor = design_.tensor(boundary.tensor);
    Geometry geometry{design_.level(boundary.parent).name + ">" + design_.level(boundary.child).name + "." + tensor.name,
                      boundary.extents,
                      {std::vector<std::int64_t>(tensor.axes.size(), 0)}};
    for (int l : spatial_loops_between(design_, boundary.parent, boundary.child)) {
        const LoweredLoop& loop = design_.loops[static_cast<std::size_t>(l)];
        std::vector<std::vector<std::int64_t>> expanded;
        for (const auto& lane : geometry.lanes) {
            for (std::int64_t v = 0; v < loop.bound; ++v) {
                expanded.push_back(lane);
                for (std::size_t a = 0; a < tensor.axes.size(); ++a) {
                    for (const Term& term : tensor.axes[a].terms) {
                        if (term.dimension == loop.dimension) expanded.back()[a] += term.coefficient * loop.stride * v;
                    }
                }
            }
        }
        geometry.lanes = std::move(expanded);
    }
    return geometry;
}

std::string TransactionWriter::box_of(const GroupEvent& event, const Geometry& geometry) const {
    const std::size_t axes = geometry.extents.size();
    std::vector<std::int64_t> low(axes, INT64_MAX);
    std::vector<std::int64_t> high(axes, INT64_MIN);
    for (const auto& word : event.words) {
        const Copy& copy = word.front();
        std::int64_t address = copy.address;
        for (std::size_t a = axes; a-- > 0;) {
            const std::int64_t coordinate =
                event.origin[a] + geometry.lanes[static_cast<std::size_t>(copy.lane)][a] + address % geometry.extents[a];
            address /= geometry.extents[a];
            low[a] = std::min(low[a], coordinate);
            high[a] = std::max(high[a], coordinate);
        }
    }
    std::string text;
    for (std::size_t a = 0; a < axes; ++a) text += "[" + std::to_string(low[a]) + ".." + std::to_string(high[a]) + "]";
    return text;
}

std::string TransactionWriter::mask_of(const GroupEvent& event, std::size_t lanes) const {
    std::vector<unsigned> digits((lanes + 3) / 4, 0);  // least significant first
    for (const auto& word : event.words) {
        for (const Copy& copy : word)
            digits[static_cast<std::size_t>(copy.lane) / 4] |= 1U << (static_cast<unsigned>(copy.lane) % 4);
    }
    std::string text = "0x";
    for (std::size_t i = digits.size(); i-- > 0;) text += "0123456789abcdef"[digits[i]];
    return text;
}

void TransactionWriter::group(const GroupEvent& event) {
    const Geometry& geometry = geometries_[static_cast<std::size_t>(event.boundary)];
    const Boundary& boundary = design_.boundaries[static_cast<std::size_t>(event.boundary)];
    std::fprintf(file_.stream(), "%lld,%s.%s,%s,%lld,%s,%zu,%s\n", static_cast<long long>(event.cycle), geometry.mover.c_str(),
                 event.up ? "drain" : "fill", design_.tensor(boundary.tensor).name.c_str(), static_cast<long long>(event.tile),
                 box_of(event, geometry).c_str(), event.words.size(), mask_of(event, geometry.lanes.size()).c_str());
}

void TransactionWriter::finish() { file_.publish(); }

}  // namespace accelsim
