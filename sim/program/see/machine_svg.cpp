// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/machine_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "sim/program/text_format.hpp"
#include "sim/program/yaml/schema.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr int width = 760, box_left = 20, box_width = 430, arrows_left = 480, arrow_step = 95;
constexpr int line_height = 17, gap = 34, grid_cell = 13, grid_most = 6;
// Okabe and Ito's colours, which most people can tell apart.
const char* const colours[] = {"#0072b2", "#d55e00", "#007a5a"};

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return result;
}

class Picture {
public:
    explicit Picture(const Design& design) : design_(design) {
        int y = 10;
        for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
            tops_.push_back(y);
            const Level& level = design.architecture.levels[l];
            int height = line_height * (1 + static_cast<int>(std::max<std::size_t>(1, texts(l).size()))) + 8;
            if (level.kind == LevelKind::array) height = std::max(height, std::min(level.rows, grid_most) * grid_cell + 14);
            bottoms_.push_back(y + height);
            y += height + gap;
        }
        height_ = y;
    }

    std::string text() {
        out_ = fmt::format(
            R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" font-family="sans-serif" font-size="12">)"
            "\n<title>{}</title>\n",
            width, height_, escaped(fmt::format("{}: {} on {}", design_.name, design_.dataflow, design_.architecture.name)));
        out_ += R"(<rect width="100%" height="100%" fill="#fff"/>)"
                "\n<defs>";
        for (std::size_t t = 0; t < design_.workload.tensors.size(); ++t)
            out_ += fmt::format(R"(<marker id="head{0}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" )"
                                R"(orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{1}"/></marker>)",
                                t, colours[t]);
        out_ += "</defs>\n";
        for (std::size_t l = 0; l < tops_.size(); ++l) level(l);
        for (const Boundary& boundary : design_.boundaries) arrow(boundary);
        return out_ + "</svg>\n";
    }

private:
    /// The loops of a level, or what a fan-out does with each tensor.
    std::vector<std::string> texts(std::size_t l) const {
        const Level& level = design_.architecture.levels[l];
        std::vector<std::string> lines;
        for (const LoweredLoop& loop : design_.loops) {
            if (loop.level != static_cast<int>(l)) continue;
            const std::string& dimension = design_.workload.dimensions[static_cast<std::size_t>(loop.dimension)].name;
            const char* how = loop.kind == LoopKind::rows ? "rows" : loop.kind == LoopKind::columns ? "columns" : "for";
            lines.push_back(fmt::format("{} {} in 0..{}", how, dimension, loop.bound) +
                            (loop.stride > 1 ? fmt::format(" by {}", loop.stride) : ""));
        }
        if (level.kind != LevelKind::array) return lines;
        for (const Tensor& tensor : design_.workload.tensors) lines.push_back(sharing(static_cast<int>(l), tensor));
        return lines;
    }

    /// How a tensor's tiles meet the positions of a fan-out: one for each, or one for several.
    std::string sharing(int l, const Tensor& tensor) const {
        const Network& network = design_.level(l).network(tensor.name);
        std::set<std::vector<std::int64_t>> tiles{std::vector<std::int64_t>(tensor.axes.size(), 0)};
        std::int64_t positions = 1;
        for (const LoweredLoop& loop : design_.loops) {
            if (loop.level != l) continue;
            positions *= loop.bound;
            std::set<std::vector<std::int64_t>> further;
            for (const std::vector<std::int64_t>& tile : tiles) {
                for (std::int64_t i = 0; i < loop.bound; ++i) further.insert(moved(tile, tensor, loop, i));
            }
            tiles = std::move(further);
        }
        const auto count = static_cast<std::int64_t>(tiles.size());
        const std::string how = tensor.is_output
                                    ? std::string(reduction_names()[static_cast<std::size_t>(network.reduction)]) + " reduction"
                                    : std::string(transport_names()[static_cast<std::size_t>(network.transport)]);
        if (count == positions) return fmt::format("{}: {}, each its own tile", tensor.name, how);
        return fmt::format("{}: {}, {} tiles {} {} {}", tensor.name, how, grouped(count), tensor.is_output ? "of" : "for",
                           grouped(positions), design_.level(l).name);
    }

    /// Where a tile begins once a spatial loop has advanced.
    static std::vector<std::int64_t> moved(std::vector<std::int64_t> tile, const Tensor& tensor, const LoweredLoop& loop,
                                           std::int64_t steps) {
        for (std::size_t a = 0; a < tensor.axes.size(); ++a) {
            for (const Term& term : tensor.axes[a].terms) {
                if (term.dimension == loop.dimension) tile[a] += term.coefficient * loop.stride * steps;
            }
        }
        return tile;
    }

    std::string heading(std::size_t l) const {
        const Level& level = design_.architecture.levels[l];
        switch (level.kind) {
            case LevelKind::array:
                return fmt::format("{}: {} x {}", level.name, level.rows, level.columns);
            case LevelKind::mac:
                return fmt::format("{}: {}", level.name, design_.workload.name);
            default:
                break;
        }
        const std::int64_t bytes = level.total_capacity_bytes();
        const std::int64_t count = design_.instances[l];
        return level.name + (bytes > 0 ? ", " + format_bytes(bytes) : "") +
               (count > 1 ? fmt::format(" x {}", grouped(count)) : "");
    }

    void level(std::size_t l) {
        const Level& level = design_.architecture.levels[l];
        const int top = tops_[l], bottom = bottoms_[l];
        const bool array = level.kind == LevelKind::array;
        out_ += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="#555"{}/>)"
                            "\n",
                            box_left, top, box_width, bottom - top, array ? "#f3f3f3" : "#fff",
                            array ? R"( stroke-dasharray="4 3")" : "");
        line(box_left + 10, top + line_height, heading(l), R"( font-weight="bold")");
        int y = top + line_height;
        for (const std::string& text : texts(l)) line(box_left + 22, y += line_height, text, "");
        if (array) grid(level, top + 7);
    }

    void grid(const Level& level, int top) {
        const int rows = std::min(level.rows, grid_most), columns = std::min(level.columns, grid_most);
        const int left = box_left + box_width - 12 - columns * grid_cell;
        for (int r = 0; r < rows; ++r) {
            for (int c = 0; c < columns; ++c) {
                const bool cut = (r == rows - 1 && level.rows > rows) || (c == columns - 1 && level.columns > columns);
                out_ += fmt::format(R"(<rect x="{}" y="{}" width="10" height="10" fill="{}" stroke="#777"/>)",
                                    left + c * grid_cell, top + r * grid_cell, cut ? "#fff" : "#cfd8dc");
            }
        }
        out_ += "\n";
    }

    void line(int x, int y, const std::string& text, const std::string& attributes) {
        out_ += fmt::format(R"(<text x="{}" y="{}"{}>{}</text>)"
                            "\n",
                            x, y, attributes, escaped(text));
    }

    void arrow(const Boundary& boundary) {
        const auto t = static_cast<std::size_t>(boundary.tensor);
        const int x = arrows_left + arrow_step * boundary.tensor;
        const int from = bottoms_[static_cast<std::size_t>(boundary.parent)] - 6,
                  to = tops_[static_cast<std::size_t>(boundary.child)] + 6;
        const bool up = design_.tensor(boundary.tensor).is_output;
        out_ += fmt::format(
            R"-(<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="{3}" stroke-width="2"{4} marker-end="url(#head{5})"/>)-"
            "\n",
            x, from, to, colours[t], up ? fmt::format(R"-( marker-start="url(#head{})")-", t) : "", t);
        const std::string attributes = fmt::format(R"( fill="{}" font-size="11")", colours[t]);
        const int middle = (from + to) / 2;
        line(x + 11, middle - 2, design_.tensor(boundary.tensor).name, attributes);
        line(x + 11, middle + 11, fmt::format("{} x {}", grouped(boundary.tile_words), boundary.depth), attributes);
    }

    const Design& design_;
    std::vector<int> tops_, bottoms_;
    int height_ = 0;
    std::string out_;
};

}  // namespace

std::string machine_svg(const Design& design) { return Picture(design).text(); }

}  // namespace accelsim
