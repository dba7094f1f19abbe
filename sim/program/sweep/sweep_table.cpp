// SPDX-License-Identifier: Apache-2.0
#include "sim/program/sweep/sweep_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/program/text_format.hpp"

namespace accelsim {

namespace {

using nlohmann::json;

struct Figures {
    std::int64_t cycles = 0, macs = 0, dram_words = 0, busy = 0;
    double energy_pj = 0, utilization = 0;
};

/// A point of the sweep with what is known of it.
struct Row {
    const SweepPoint* point = nullptr;
    const StoredPoint* stored = nullptr;  ///< nullptr: not run yet
    std::optional<Figures> figures;
    std::string marks;
};

Figures figures_of(const std::string& result) {
    const json whole = json::parse(result);
    const json& sums = whole.contains("total") ? whole["total"] : whole;
    return {sums["cycles"].get<std::int64_t>(),
            sums["macs"].get<std::int64_t>(),
            sums["dram"]["useful_words"].get<std::int64_t>(),
            sums["cycle_breakdown"]["busy"].get<std::int64_t>(),
            sums["energy_pj"].get<double>(),
            sums["utilization"].get<double>()};
}

bool beats(const Figures& a, const Figures& b) {
    return a.cycles <= b.cycles && a.energy_pj <= b.energy_pj && (a.cycles < b.cycles || a.energy_pj < b.energy_pj);
}

void mark(std::vector<Row>& rows) {
    std::vector<Row*> done;
    for (Row& row : rows)
        if (row.figures) done.push_back(&row);
    if (done.size() < 2) return;
    // In the order of cycles a point is beaten by one in front that needs no more energy.
    std::stable_sort(done.begin(), done.end(), [](const Row* a, const Row* b) {
        return std::pair(a->figures->cycles, a->figures->energy_pj) < std::pair(b->figures->cycles, b->figures->energy_pj);
    });
    const auto least = std::min_element(done.begin(), done.end(),
                                        [](const Row* a, const Row* b) { return a->figures->energy_pj < b->figures->energy_pj; });
    const double energy = (*least)->figures->energy_pj;
    const std::int64_t cycles = done[0]->figures->cycles;
    const Row* last = nullptr;
    for (Row* row : done) {
        const Figures& f = *row->figures;
        if (f.energy_pj == energy) row->marks += 'E';
        if (f.cycles == cycles) row->marks += 'C';
        if (last == nullptr || !(beats(*last->figures, f))) {
            row->marks += 'P';
            last = row;
        }
    }
}

std::vector<Row> rows_of(const Sweep& sweep, const std::map<std::string, StoredPoint>& points) {
    std::vector<Row> rows;
    for (const SweepPoint& point : sweep.points) {
        const auto found = points.find(point.fingerprint);
        rows.push_back({&point, found == points.end() ? nullptr : &found->second, {}, ""});
        if (rows.back().stored != nullptr && rows.back().stored->state == "done")
            rows.back().figures = figures_of(rows.back().stored->result);
    }
    mark(rows);
    return rows;
}

std::string setting(const SweepPoint& point, const std::string& path) {
    for (const auto& [name, value] : point.settings)
        if (name == path) return value;
    return "";
}

/// The end of a path that tells it from the others.
std::vector<std::string> short_names(const std::vector<std::string>& paths) {
    std::vector<std::string> names;
    for (const std::string& path : paths) {
        std::size_t dot = path.rfind('.');
        const auto clashes = [&](const std::string& tail) {
            return std::count_if(paths.begin(), paths.end(), [&](const std::string& other) { return other.ends_with(tail); }) > 1;
        };
        while (dot != std::string::npos && dot > 0 && clashes(path.substr(dot))) dot = path.rfind('.', dot - 1);
        names.push_back(dot == std::string::npos ? path : path.substr(dot + 1));
    }
    return names;
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"') result += '"';
        result += c == '\n' ? ' ' : c;
    }
    return result + "\"";
}

}  // namespace

std::string sweep_table(const Sweep& sweep, const std::map<std::string, StoredPoint>& points) {
    const std::vector<std::string> names = short_names(sweep.paths);
    std::vector<std::size_t> widths;
    for (std::size_t p = 0; p < names.size(); ++p) {
        widths.push_back(names[p].size());
        for (const SweepPoint& point : sweep.points) widths[p] = std::max(widths[p], setting(point, sweep.paths[p]).size());
    }
    std::string text = " ";
    for (std::size_t p = 0; p < names.size(); ++p) text += fmt::format(" {:>{}}", names[p], widths[p]);
    text += fmt::format(" {:>15} {:>10} {:>7} {:>15}\n", "cycles", "energy", "util", "DRAM words");
    for (const Row& row : rows_of(sweep, points)) {
        text += " ";
        for (std::size_t p = 0; p < names.size(); ++p)
            text += fmt::format(" {:>{}}", setting(*row.point, sweep.paths[p]), widths[p]);
        if (row.figures) {
            const Figures& f = *row.figures;
            text += fmt::format(" {:>15} {:>10} {:>6.1f}% {:>15}  {}\n", grouped(f.cycles), energy_text(f.energy_pj),
                                100 * f.utilization, grouped(f.dram_words), row.marks);
        } else {
            text += row.stored == nullptr ? "  not run\n" : fmt::format("  {}: {}\n", row.stored->state, row.stored->message);
        }
    }
    return text + "  E least energy, C fewest cycles, P not beaten in both\n";
}

std::string sweep_csv(const Sweep& sweep, const std::map<std::string, StoredPoint>& points) {
    std::string text;
    for (const std::string& path : sweep.paths) text += quoted(path) + ",";
    text += "state,cycles,busy,macs,utilization,energy_pj,dram_words,marks,message\n";
    for (const Row& row : rows_of(sweep, points)) {
        for (const std::string& path : sweep.paths) text += quoted(setting(*row.point, path)) + ",";
        text += row.stored == nullptr ? "not_run" : row.stored->state;
        if (row.figures) {
            const Figures& f = *row.figures;
            text += fmt::format(",{},{},{},{},{},{},{},", f.cycles, f.busy, f.macs, f.utilization, f.energy_pj, f.dram_words,
                                row.marks);
        } else {
            text += ",,,,,,,,";
        }
        text += (row.stored == nullptr || row.stored->message.empty() ? "" : quoted(row.stored->message)) + "\n";
    }
    return text;
}

nlohmann::ordered_json sweep_json(const Sweep& sweep, const std::map<std::string, StoredPoint>& points) {
    using Json = nlohmann::ordered_json;
    Json with_figures = Json::array(), without = Json::array();
    for (const Row& row : rows_of(sweep, points)) {
        Json settings = Json::object();
        for (const std::string& path : sweep.paths) settings[path] = setting(*row.point, path);
        if (row.figures) {
            with_figures.push_back(
                {{"settings", settings}, {"cycles", row.figures->cycles}, {"energy_pj", row.figures->energy_pj}});
        } else {
            without.push_back({{"settings", settings},
                               {"state", row.stored == nullptr ? "not run" : row.stored->state},
                               {"message", row.stored == nullptr ? "" : row.stored->message}});
        }
    }
    return {{"points", with_figures}, {"without", without}};
}

}  // namespace accelsim
