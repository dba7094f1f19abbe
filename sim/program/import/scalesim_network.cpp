// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/scalesim_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <vector>

#include "sim/program/import/network_text.hpp"

namespace accelsim {

namespace {

struct Cell {
    std::string text;
    Location where;
};

std::string trimmed(const std::string& text) {
    const char* blanks = " \t\r";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Without the empty cell behind the comma that ends a line.
std::vector<Cell> cells_of(const std::string& line, Location where) {
    std::vector<Cell> cells;
    for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        const std::string text = line.substr(begin, end - begin);
        where.column = static_cast<int>(begin + std::min(text.find_first_not_of(" \t"), text.size())) + 1;
        cells.push_back({trimmed(text), where});
        begin = end + 1;
    }
    while (!cells.empty() && cells.back().text.empty()) cells.pop_back();
    return cells;
}

std::int64_t number(const Cell& cell, const std::string& what) {
    std::int64_t value = 0;
    const char* end = cell.text.data() + cell.text.size();
    const auto [last, error] = std::from_chars(cell.text.data(), end, value);
    if (error != std::errc() || last != end || value < 1 || value > INT32_MAX)
        throw UserError(fmt::format("{} must be an integer from 1 to {}, not '{}'", what, INT32_MAX, cell.text), cell.where);
    return value;
}

/// "N:M", of which only as many of as many is the dense computation.
void require_dense(const Cell& cell) {
    const std::size_t colon = cell.text.find(':');
    if (colon == std::string::npos || cell.text.substr(0, colon) != cell.text.substr(colon + 1))
        throw UserError(
            fmt::format("sparsity '{}' is not supported: accelsim simulates dense layers; leave the column out", cell.text),
            cell.where);
}

std::string gemm(const std::vector<Cell>& row) {
    if (row.size() < 4 || row.size() > 5) throw UserError("a matrix product has a name, M, N and K", row[0].where);
    if (row.size() == 5) require_dense(row[4]);
    return fmt::format("workload: {{type: gemm, dimensions: {{N: {}, K: {}, C: {}}}}}", number(row[1], "M"), number(row[2], "N"),
                       number(row[3], "K"));
}

std::string convolution(const std::vector<Cell>& row) {
    if (row.size() < 8 || row.size() > 10)
        throw UserError("a convolution has a name, IFMAP height and width, filter height and width, channels, filters and stride",
                        row[0].where);
    std::size_t columns = row.size();
    if (row[columns - 1].text.find(':') != std::string::npos) require_dense(row[--columns]);
    const char* const names[] = {"",         "the IFMAP height", "the IFMAP width", "the filter height", "the filter width",
                                 "channels", "filters",          "the stride",      "the stride width"};
    std::vector<std::int64_t> v(9, 0);
    for (std::size_t i = 1; i < std::min<std::size_t>(columns, 9); ++i) v[i] = number(row[i], names[i]);
    if (columns < 9) v[8] = v[7];
    for (const std::size_t axis : {1U, 2U}) {
        if (v[axis + 2] > v[axis])
            throw UserError(fmt::format("{} {} is larger than its input's {}", names[axis + 2], v[axis + 2], v[axis]),
                            row[axis + 2].where);
    }
    // The last window may reach beyond the input: SCALE-Sim rounds the number of outputs up.
    const auto outputs = [&](std::size_t axis) { return (v[axis] - v[axis + 2] + v[axis + 6] - 1) / v[axis + 6] + 1; };
    const std::string places =
        fmt::format("Y: {}, X: {}, FY: {}, FX: {}}}, stride: [{}, {}]", outputs(1), outputs(2), v[3], v[4], v[7], v[8]);
    // SCALE-Sim takes a layer with DP in its name for as many layers of one channel as there are channels.
    const bool depthwise = row[0].text.find("DP") != std::string::npos;
    if (depthwise && v[6] == 1) return fmt::format("workload: {{type: depthwise, dimensions: {{C: {}, {}}}", v[5], places);
    const std::string channels =
        depthwise ? fmt::format("G: {}, K: {}, C: 1", v[5], v[6]) : fmt::format("K: {}, C: {}", v[6], v[5]);
    return fmt::format("workload: {{type: conv2d, dimensions: {{{}, {}}}", channels, places);
}

}  // namespace

Yaml load_scalesim_network(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw UserError("cannot read " + path);
    NetworkText network(path);
    bool products = false, headed = false;
    std::string line;
    for (int number_of_line = 1; std::getline(file, line); ++number_of_line) {
        const std::vector<Cell> row = cells_of(line, {path, number_of_line, 1});
        if (row.empty()) continue;
        if (!headed) {
            headed = true;
            products = row.size() >= 4 && row[1].text == "M" && row[2].text == "N" && row[3].text == "K";
            if (!products && (row.size() < 8 || row[1].text.find_first_of("0123456789") != std::string::npos))
                throw UserError(
                    "the first line of a SCALE-Sim topology names the columns: 'Layer name, IFMAP Height, ...' or 'Layer, M, N, "
                    "K'",
                    row[0].where);
            continue;
        }
        network.add(row[0].text, products ? gemm(row) : convolution(row));
    }
    if (network.empty()) throw UserError(path + " has no layers");
    return network.tree(1);
}

}  // namespace accelsim
