// SPDX-License-Identifier: Apache-2.0
#include "sim/program/network_report.hpp"

#include <fmt/format.h>

#include "sim/program/text_format.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

class NetworkReport {
public:
    NetworkReport(const Json& result, bool colour) : result_(result), total_(result["total"]), colour_(colour) {}

    std::string text() {
        title(fmt::format("{}: {} on {}, batch {}", word("design"), word("network"), word("architecture"),
                          result_["batch"].get<std::int64_t>()));
        line("  {:<22} {:<10} {:>16} {:>14} {:>6} {:>8}  {}", "layer", "dataflow", "MACs", "cycles", "util", "energy",
             "main stall");
        for (const Json& layer : result_["layers"]) layer_line(layer);
        sum_line("simulated", total_);
        others();
        cycles();
        energy();
        verdict();
        return out_;
    }

private:
    template <typename... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        out_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
    }
    std::string paint(const char* code, const std::string& text) const { return painted(code, text, colour_); }
    void title(const std::string& text) { out_ += paint("1", text) + "\n"; }
    std::string word(const char* key) const { return result_[key].get<std::string>(); }

    static std::string short_name(const Json& layer) {
        const std::int64_t repeat = layer["repeat"].get<std::int64_t>();
        return layer["name"].get<std::string>() + (repeat > 1 ? fmt::format(" x{}", repeat) : "");
    }

    void figures(const std::string& name, const std::string& dataflow, const Json& json, std::int64_t repeat) {
        line("  {:<22} {:<10} {:>16} {:>14} {:>5.1f}% {:>8}  {}", name, dataflow,
             grouped(json["macs"].get<std::int64_t>() * repeat), grouped(json["cycles"].get<std::int64_t>() * repeat),
             100 * json["utilization"].get<double>(), energy_text(json["energy_pj"].get<double>() * static_cast<double>(repeat)),
             main_stall(json));
    }

    void layer_line(const Json& layer) {
        const std::int64_t repeat = layer["repeat"].get<std::int64_t>();
        if (layer.contains("elementwise")) {
            const Json& cost = layer["elementwise"];
            line("  {:<22} {:<10} {:>16} {:>14} {:>6} {:>8}  not simulated", short_name(layer), cost["type"].get<std::string>(),
                 "-", grouped(cost["cycles"].get<std::int64_t>() * repeat), "-",
                 energy_text(pj(cost) * static_cast<double>(repeat)));
        } else if (layer.contains("not_simulated")) {
            const Json& other = layer["not_simulated"];
            line("  {:<22} {:<10} {:>16} {:>14} {:>6} {:>8}  left out", short_name(layer), other["operator"].get<std::string>(),
                 grouped(other["macs"].get<std::int64_t>() * repeat), "-", "-", "-");
        } else {
            figures(short_name(layer), layer["dataflow"].get<std::string>(), layer, repeat);
        }
    }

    static double pj(const Json& cost) { return cost["dram_pj"].get<double>() + cost["buffer_pj"].get<double>(); }

    void sum_line(const std::string& name, const Json& total) { figures(name, "", total, 1); }

    void others() {
        const Json& cost = total_["elementwise"];
        if (cost["cycles"].get<std::int64_t>() > 0)
            line("  {:<22} {:<10} {:>16} {:>14} {:>6} {:>8}  DRAM ports and words alone", "not simulated", "", "-",
                 grouped(cost["cycles"].get<std::int64_t>()), "-", energy_text(pj(cost)));
        const std::int64_t macs = total_["not_simulated"]["macs"].get<std::int64_t>();
        for (const Json& layer : result_["layers"])
            if (layer.contains("not_simulated")) {
                line("  left out: {:.2f}% of the MACs ({})", 100 * total_["not_simulated"]["share"].get<double>(), grouped(macs));
                break;
            }
    }

    void share_line(const std::string& name, const std::string& value, double share, const char* code) {
        line("  {:<26} {:>15} {:>6.1f}%  {}", name, value, 100 * share, paint(code, bar(share, 40)));
    }

    void cycles() {
        out_ += "\n";
        title("where the cycles went");
        const double all = total_["cycles"].get<double>();
        const Json& breakdown = total_["cycle_breakdown"];
        const auto show = [&](const std::string& name, const Json& count, const char* code) {
            if (count.get<std::int64_t>() > 0)
                share_line(name, grouped(count.get<std::int64_t>()), count.get<double>() / all, code);
        };
        show("busy", breakdown["busy"], "32");
        for (const auto& [cause, count] : breakdown["stall"].items()) show(cause, count, "33");
    }

    void energy() {
        out_ += "\n";
        title("where the energy went");
        const double all = total_["energy_pj"].get<double>();
        const auto show = [&](const std::string& name, double value) {
            if (value > 0) share_line(name, energy_text(value), value / all, "36");
        };
        for (const Json& level : total_["levels"]) show(level["name"].get<std::string>(), level["energy_pj"].get<double>());
        for (const Json& network : total_["networks"])
            show(network["from"].get<std::string>() + " > " + network["to"].get<std::string>(),
                 network["energy_pj"].get<double>());
        show("MAC", total_["mac"]["energy_pj"].get<double>());
    }

    void verdict() {
        out_ += "\n";
        if (total_["verified"].is_null()) return line("no outputs: data are off");
        const std::int64_t mismatches = total_["verified"]["mismatches"].get<std::int64_t>();
        if (mismatches == 0)
            line("{}", paint("32", "all outputs verified, bit for bit"));
        else
            line("{}", paint("31", fmt::format("{} OUTPUTS DIFFER from the reference", grouped(mismatches))));
    }

    const Json& result_;
    const Json& total_;
    bool colour_;
    std::string out_;
};

}  // namespace

std::string main_stall(const Json& result) {
    std::string name;
    std::int64_t most = 0;
    for (const auto& [cause, cycles] : result["cycle_breakdown"]["stall"].items())
        if (cycles.get<std::int64_t>() > most) most = cycles.get<std::int64_t>(), name = cause;
    const double share = static_cast<double>(most) / result["cycles"].get<double>();
    return share < 0.005 ? "" : fmt::format("{} {:.0f}%", name, 100 * share);
}

std::string network_report(const Json& result, bool colour) { return NetworkReport(result, colour).text(); }

}  // namespace accelsim
