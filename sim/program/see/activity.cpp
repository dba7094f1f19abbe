// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/activity.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace accelsim {

namespace {

constexpr std::int64_t most_stretches = 256;

}  // namespace

Activity::Activity(const Design& design) : design_(design), taken_(design.boundaries.size()), now_(design.boundaries.size()) {}

void Activity::array(const ArrayEvent& event) {
    const auto [state, fresh] = states_.try_emplace(event.name);
    if (fresh) names_.push_back(event.name);
    add(state->second, event.cycle, event.cycle + event.count, 1);
}

void Activity::slots(std::int64_t cycle, int boundary, std::int64_t taken) {
    const auto b = static_cast<std::size_t>(boundary);
    add(taken_[b], now_[b].since, cycle, static_cast<double>(now_[b].slots));
    now_[b] = {cycle, taken};
}

/// Over the cycles [from, to).
void Activity::add(Series& series, std::int64_t from, std::int64_t to, double per_cycle) {
    while (to > most_stretches * stretch_) widen();
    for (std::int64_t cycle = from; cycle < to;) {
        const std::int64_t end = std::min(to, (cycle / stretch_ + 1) * stretch_);
        const auto index = static_cast<std::size_t>(cycle / stretch_);
        if (series.size() <= index) series.resize(index + 1, 0);
        series[index] += per_cycle * static_cast<double>(end - cycle);
        cycle = end;
    }
}

void Activity::widen() {
    const auto halve = [](Series& series) {
        Series half((series.size() + 1) / 2, 0);
        for (std::size_t i = 0; i < series.size(); ++i) half[i / 2] += series[i];
        series = std::move(half);
    };
    for (auto& [name, series] : states_) halve(series);
    for (Series& series : taken_) halve(series);
    stretch_ *= 2;
}

nlohmann::ordered_json Activity::json(std::int64_t cycles) {
    const auto stretches = static_cast<std::size_t>((cycles + stretch_ - 1) / stretch_);
    nlohmann::ordered_json result = {{"cycles", cycles},
                                     {"stretch_cycles", stretch_},
                                     {"array", nlohmann::ordered_json::object()},
                                     {"slots", nlohmann::ordered_json::object()}};
    for (const std::string& name : names_) {
        Series& series = states_[name];
        series.resize(stretches, 0);  // the array's drain may reach a cycle further
        result["array"][name] = series;
    }
    for (std::size_t b = 0; b < taken_.size(); ++b) {
        const Boundary& boundary = design_.boundaries[b];
        slots(cycles, static_cast<int>(b), 0);
        taken_[b].resize(stretches, 0);
        Series means;
        for (std::size_t i = 0; i < stretches; ++i) {
            const std::int64_t length =
                std::min(cycles, static_cast<std::int64_t>(i + 1) * stretch_) - static_cast<std::int64_t>(i) * stretch_;
            means.push_back(taken_[b][i] / static_cast<double>(length));
        }
        const std::string& tensor = design_.tensor(boundary.tensor).name;
        const std::string& level = design_.level(boundary.child).name;
        const std::int64_t room = boundary.window_words > 0 ? boundary.window_words : boundary.depth * boundary.tile_words;
        result["slots"][tensor + "@" + level] = {{"level", level},          {"buffer", design_.level(boundary.child).is_buffer()},
                                                 {"tensor", tensor},        {"number", boundary.tensor},
                                                 {"depth", boundary.depth}, {"slot_words", boundary.tile_words},
                                                 {"room_words", room},      {"taken", means}};
    }
    return result;
}

}  // namespace accelsim
