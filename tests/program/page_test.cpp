// SPDX-License-Identifier: Apache-2.0
// Pages (--html): what is in them, and what a browser makes of them, at desktop and at phone width.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <vector>

#include "tests/program/scratch_run.hpp"

namespace accelsim::testing {

namespace {

using nlohmann::json;

/// The JSON in a page's element "data".
json data_of(const std::string& page) {
    const std::string open = "id=\"data\">";
    const std::size_t begin = page.find(open) + open.size();
    return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::string without_entities(std::string text) {
    for (const auto& [entity, character] : {std::pair{"&gt;", ">"}, {"&lt;", "<"}, {"&quot;", "\""}, {"&amp;", "&"}}) {
        for (std::size_t at; (at = text.find(entity)) != std::string::npos;)
            text.replace(at, std::string(entity).size(), character);
    }
    return text;
}

/// What stands in an attribute of the first element.
std::string attribute(const std::string& dom, const std::string& name) {
    const std::string open = name + "=\"";
    const std::size_t begin = dom.find(open) + open.size();
    return without_entities(dom.substr(begin, dom.find('"', begin) - begin));
}

using Rows = std::vector<std::vector<std::string>>;

/// Cells of a table of the page, without its heading.
Rows rows_of(const std::string& dom, const std::string& id) {
    Rows rows;
    const std::size_t at = dom.find("<table id=\"" + id + "\"");
    if (at == std::string::npos) return rows;
    const std::size_t begin = dom.find("<tbody>", at), end = dom.find("</tbody>", at);
    for (std::size_t i = begin; i < end; ++i) {
        if (dom.compare(i, 3, "<tr") == 0) rows.emplace_back();
        if (dom.compare(i, 3, "<td") != 0 && dom.compare(i, 3, "<th") != 0) continue;
        const std::size_t text = dom.find('>', i) + 1;
        rows.back().push_back(without_entities(dom.substr(text, dom.find('<', text) - text)));
    }
    return rows;
}

std::string grouped(const json& number) {
    std::string text = number.dump();
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text;
}

std::string energy_text(double pj) {
    const char* const units[] = {"pJ", "nJ", "uJ", "mJ", "J"};
    int unit = 0;
    for (; pj >= 1000 && unit < 4; ++unit) pj /= 1000;
    char text[32];
    std::snprintf(text, sizeof text, "%.3g %s", pj, units[unit]);
    return text;
}

constexpr const char* browser =
    "timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --user-data-dir=profile --enable-logging=stderr --hide-scrollbars "
    "--virtual-time-budget=5000 ";

bool has_browser() { return std::system("command -v chromium > /dev/null") == 0; }

/// The page after it has drawn itself, with the numbers of its charts in the attribute data-charts; at phone width the attribute
/// data-width says how wide its content is.
struct Drawn {
    std::string dom;
    std::string console;
};

Drawn draw(const Scratch& scratch, const std::string& name, bool phone) {
    std::string page = read(scratch.file(name + ".html"));
    const std::string charts =
        "<script>document.documentElement.dataset.charts = JSON.stringify(Object.values(Chart.instances).map((chart) => "
        "chart.data.datasets.map(({ label, data }) => ({ label, data }))));"
        "parent.postMessage(document.documentElement.scrollWidth, \"*\");</script>";
    page.insert(page.rfind("</body>"), charts);
    std::ofstream(scratch.file("drawn.html")) << page;
    std::ofstream(scratch.file("phone.html"))
        << "<script>onmessage = (event) => { document.documentElement.dataset.width = event.data; };</script>"
           "<iframe src=\"drawn.html\" width=\"390\" height=\"3000\" style=\"border: 0\"></iframe>";
    const std::string command = "cd " + scratch.folder.string() + " && " + browser + "--dump-dom " +
                                (phone ? "phone.html" : "drawn.html") + " > dom.txt 2> log.txt";
    BOOST_REQUIRE(std::system(command.c_str()) == 0);
    Drawn drawn{read(scratch.file("dom.txt")), ""};
    std::ifstream log(scratch.file("log.txt"));
    for (std::string line; std::getline(log, line);)
        drawn.console += line.find("CONSOLE") != std::string::npos ? line + "\n" : "";
    return drawn;
}

/// Numbers of a chart, by the names of its series, of the chart that has such a series.
std::map<std::string, json> chart_with(const std::string& dom, const std::string& label) {
    std::map<std::string, json> series;
    for (const json& chart : json::parse(attribute(dom, "data-charts"))) {
        series.clear();
        for (const json& set : chart) series[set["label"]] = set["data"];
        if (series.contains(label)) return series;
    }
    return {};
}

/// Cycles by cause and energy by level and tensor, in tables and charts, are those of the result.
void check_result(const std::string& dom, const json& result) {
    Rows cycles{{"busy", grouped(result["cycle_breakdown"]["busy"])}};
    for (const auto& [cause, count] : result["cycle_breakdown"]["stall"].items())
        if (count > 0) cycles.push_back({cause, grouped(count)});
    Rows shown = rows_of(dom, "cycles-table");
    for (auto& row : shown) row.resize(2);  // the third is the share
    std::sort(cycles.begin(), cycles.end());
    std::sort(shown.begin(), shown.end());
    BOOST_TEST((shown == cycles));

    std::map<std::string, std::string> energy;
    for (const json& level : result["levels"]) {
        if (level["energy_pj"] > 0) energy[level["name"]] = energy_text(level["energy_pj"]);
    }
    for (const json& network : result["networks"]) {
        if (network["energy_pj"] > 0)
            energy[network["from"].get<std::string>() + " > " + network["to"].get<std::string>()] =
                energy_text(network["energy_pj"]);
    }
    if (result["mac"]["energy_pj"] > 0) energy["MAC"] = energy_text(result["mac"]["energy_pj"]);
    std::map<std::string, std::string> shown_energy;
    for (const auto& row : rows_of(dom, "energy-table")) shown_energy[row.front()] = row[row.size() - 2];
    BOOST_TEST((shown_energy == energy));
    BOOST_TEST(dom.find("<b id=\"cycles\">" + grouped(result["cycles"]) + "</b>") != std::string::npos);
}

void check_run(const std::string& dom, const json& result) {
    check_result(dom, result);
    const auto cycles = chart_with(dom, "busy");
    BOOST_REQUIRE(cycles.contains("busy"));
    BOOST_TEST(cycles.at("busy") == json::array({result["cycle_breakdown"]["busy"]}));
    // The first chart whose series are tensors is the buffers' one; the energy's has "other" as well.
    const auto energy = chart_with(dom, "other");
    std::size_t level = 0;
    for (const json& entry : result["levels"]) {
        for (const auto& [tensor, counts] : entry["tensors"].items())
            BOOST_TEST(energy.at(tensor)[level].get<double>() == counts["energy_pj"].get<double>() / 1e6);
        ++level;
    }
}

void check_network(const std::string& dom, const json& network) {
    check_result(dom, network["total"]);
    const auto cycles = chart_with(dom, "busy");
    const Rows rows = rows_of(dom, "layers-table");
    std::size_t layer = 0;
    for (const json& entry : network["layers"]) {
        if (!entry.contains("cycles")) continue;
        const long repeat = entry["repeat"];
        BOOST_TEST(cycles.at("busy")[layer] == repeat * entry["cycle_breakdown"]["busy"].get<long>());
        BOOST_REQUIRE(layer < rows.size());
        BOOST_TEST(rows[layer][1] == grouped(repeat * entry["macs"].get<long>()));
        BOOST_TEST(rows[layer][2] == grouped(repeat * entry["cycles"].get<long>()));
        BOOST_TEST(rows[layer][4] == energy_text(static_cast<double>(repeat) * entry["energy_pj"].get<double>()));
        ++layer;
    }
    BOOST_TEST(rows.size() == layer);
}

void check_validation(const std::string& dom, const json& validation) {
    BOOST_TEST(dom.find("<b id=\"cycles\">" + grouped(validation["simulated"]["cycles"]) + "</b>") != std::string::npos);
    Rows expected{{"simulated", grouped(validation["simulated"]["cycles"]), energy_text(validation["simulated"]["energy_pj"])}};
    for (const auto& [name, model] : validation["models"].items()) {
        const auto has = [&, &figures = model](const char* key) { return figures.contains(key) && figures[key].is_number(); };
        expected.push_back(
            {name, has("cycles") ? grouped(model["cycles"]) : "-", has("energy_pj") ? energy_text(model["energy_pj"]) : "-"});
    }
    Rows shown;
    for (const auto& row : rows_of(dom, "models-table")) shown.push_back({row[0], row[1], row[3]});
    std::sort(expected.begin(), expected.end());
    std::sort(shown.begin(), shown.end());
    BOOST_TEST((shown == expected));
}

/// All points with their figures, or why they have none, and the front.
void check_sweep(const std::string& dom, const json& sweep) {
    const json& points = sweep["points"];
    const Rows without = rows_of(dom, "without-table");
    BOOST_REQUIRE(without.size() == sweep["without"].size());
    BOOST_TEST(without.size() == 2U);  // a port of 16 bit is too narrow
    for (std::size_t i = 0; i < without.size(); ++i)
        BOOST_TEST(without[i].back() == sweep["without"][i]["message"].get<std::string>());
    const Rows rows = rows_of(dom, "points-table");
    BOOST_REQUIRE(rows.size() == points.size());
    BOOST_TEST(rows.size() > 2U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        BOOST_TEST(rows[i][rows[i].size() - 3] == grouped(points[i]["cycles"]));
        BOOST_TEST(rows[i][rows[i].size() - 2] == energy_text(points[i]["energy_pj"]));
        // On the front is what no other beats.
        const bool beaten = std::any_of(points.begin(), points.end(), [&](const json& other) {
            return other["cycles"] <= points[i]["cycles"] && other["energy_pj"] <= points[i]["energy_pj"] &&
                   (other["cycles"] < points[i]["cycles"] || other["energy_pj"] < points[i]["energy_pj"]);
        });
        BOOST_TEST(rows[i].back() == (beaten ? "" : "yes"), i);
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pages, Scratch)

BOOST_AUTO_TEST_CASE(a_page_needs_nothing_else) {
    BOOST_REQUIRE(run(*this, config("walkthroughs/b_row_stationary.yaml") + " --quiet --html p.html --json r.json").code == 0);
    const std::string page = read(file("p.html"));
    for (const char* outside : {"<script src", "<link", "@import", "<img", "url(http"})
        BOOST_TEST(page.find(outside) == std::string::npos, outside);
    // And the browser is told to ask nobody.
    BOOST_TEST(page.find("content=\"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'\"") !=
               std::string::npos);
    json data = data_of(page), result = json::parse(read(file("r.json")));
    data["result"].erase("host");
    result.erase("host");
    BOOST_TEST(data["result"] == result);
    // Over time: what the array did adds up to its cycles, no buffer has more tiles than slots.
    std::map<std::string, double> all;
    for (const auto& [name, stretches] : data["activity"]["array"].items()) {
        for (const json& cycles : stretches) all[name] += cycles.get<double>();
    }
    BOOST_TEST(all["busy"] == result["cycle_breakdown"]["busy"].get<double>());
    BOOST_TEST(all["input@RF"] == result["cycle_breakdown"]["stall"]["input@RF"].get<double>());
    for (const auto& [place, series] : data["activity"]["slots"].items()) {
        double most = 0;
        for (const json& taken : series["taken"]) most = std::max(most, taken.get<double>());
        BOOST_TEST(most > 0, place);
        BOOST_TEST(most <= series["depth"].get<double>(), place);
    }
}

BOOST_AUTO_TEST_CASE(names_cannot_break_a_page) {
    std::string text = read(config("walkthroughs/b_row_stationary.yaml"));
    std::ofstream(file("run.yaml")) << text << "\nname: \"</script><b>&\"\n";
    const Outcome outcome = run(*this, "run.yaml --quiet --html p.html");
    if (outcome.code != 0) return;  // such a name is refused
    BOOST_TEST(read(file("p.html")).find("</script><b>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_browser_draws_what_the_result_says) {
    if (!has_browser()) {
        std::cout << "a_browser_draws_what_the_result_says skipped: needs Debian's chromium\n";
        return;
    }
    const std::string small = config("first_run.yaml") +
                              " --set workload.dimensions.K=32 --set workload.dimensions.C=32 --set mapping.nest.DRAM.for.K=1 "
                              "--set mapping.nest.DRAM.for.C=1";
    std::ofstream(file("sweep.yaml")) << "sweep:\n  run: " << config("walkthroughs/b_row_stationary.yaml")
                                      << "\n  grid:\n    architecture.levels.GB.latency_cycles: [1, 4]\n"
                                         "    architecture.levels.GB.width_bits: [16, 32, 64]\n";
    for (const std::string& command :
         {small + " --quiet --html run.html --json run.json",
          "validate " + small + " --html validation.html --json validation.json",
          config("runs/alexnet_16.yaml") + " --quiet --set data=off --html network.html --json network.json",
          std::string("sweep sweep.yaml --html sweep.html -o sweep.sqlite")}) {
        const Outcome outcome = run(*this, command);
        BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.out);
    }
    for (const std::string name : {"run", "validation", "network", "sweep"}) {
        BOOST_TEST_CONTEXT(name) {
            const Drawn desktop = draw(*this, name, false);
            BOOST_TEST(desktop.console == "");
            BOOST_REQUIRE(desktop.dom.find("data-drawn=\"yes\"") != std::string::npos);
            if (name == "run") check_run(desktop.dom, json::parse(read(file("run.json"))));
            if (name == "network") check_network(desktop.dom, json::parse(read(file("network.json"))));
            if (name == "validation") check_validation(desktop.dom, json::parse(read(file("validation.json"))));
            if (name == "sweep") check_sweep(desktop.dom, data_of(read(file("sweep.html")))["sweep"]);
            const Drawn phone = draw(*this, name, true);
            BOOST_TEST(phone.console == "");
            BOOST_TEST(attribute(phone.dom, "data-width") == "390");  // nothing stands out at the right
        }
    }
}

BOOST_AUTO_TEST_CASE(a_browser_says_when_a_page_is_wrong) {
    if (!has_browser()) return;
    BOOST_REQUIRE(run(*this, config("walkthroughs/b_row_stationary.yaml") + " --quiet --html run.html").code == 0);
    std::string page = read(file("run.html"));
    const std::string end = "document.documentElement.dataset.drawn = \"yes\";";
    page.insert(page.find(end), "fetch(\"http://127.0.0.1:9/\"); element(\"div\", \"wide\", page, { style: \"width: 500px\" });");
    std::ofstream(file("run.html")) << page;
    const Drawn drawn = draw(*this, "run", true);
    BOOST_TEST(drawn.console.find("Content Security Policy") != std::string::npos);
    BOOST_TEST(attribute(drawn.dom, "data-width") != "390");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
