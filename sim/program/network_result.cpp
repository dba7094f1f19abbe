// SPDX-License-Identifier: Apache-2.0
#include "sim/program/network_result.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "models/elementwise.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

/// Sizes, which are not added up.
bool is_size(const std::string& key) {
    static const std::set<std::string> sizes = {"instances", "capacity_bytes", "tile_words", "lanes", "clock_mhz", "peak_bytes"};
    return sizes.count(key) > 0;
}

/// Belongs to one layer and has no sum.
bool is_of_one_layer(const std::string& key) {
    static const std::set<std::string> keys = {"schema",  "workload", "dataflow",     "utilization",
                                               "power_w", "repeat",   "output_sha256"};
    return keys.count(key) > 0;
}

bool is_same_element(const Json& left, const Json& right) {
    const auto equal = [&](const char* key) { return left.value(key, "") == right.value(key, ""); };
    return equal("name") && equal("from") && equal("to");
}

void add(Json& total, const std::string& key, const Json& part, std::int64_t repeat);

void add_object(Json& total, const Json& part, std::int64_t repeat) {
    for (const auto& [key, value] : part.items()) {
        if (is_of_one_layer(key)) continue;
        add(total[key], key, value, key == "host" ? 1 : repeat);
    }
}

void add_array(Json& total, const Json& part, std::int64_t repeat) {
    for (const Json& element : part) {
        auto same = std::find_if(total.begin(), total.end(), [&](const Json& other) { return is_same_element(other, element); });
        if (same == total.end()) {
            total.push_back(Json::object());
            same = total.end() - 1;
        }
        add_object(*same, element, repeat);
    }
}

void add(Json& total, const std::string& key, const Json& part, std::int64_t repeat) {
    if (part.is_object()) {
        if (total.is_null()) total = Json::object();
        add_object(total, part, repeat);
    } else if (part.is_array()) {
        if (total.is_null()) total = Json::array();
        add_array(total, part, repeat);
    } else if (part.is_number() && is_size(key)) {
        total = total.is_null() ? part : std::max(total, part);
    } else if (part.is_number_integer()) {
        total = (total.is_null() ? 0 : total.get<std::int64_t>()) + part.get<std::int64_t>() * repeat;
    } else if (part.is_number()) {
        total = (total.is_null() ? 0.0 : total.get<double>()) + part.get<double>() * static_cast<double>(repeat);
    } else if (part.is_boolean()) {
        total = (total.is_null() || total.get<bool>()) && part.get<bool>();
    } else {
        total = part;
    }
}

Json elementwise_json(const NetworkConfig& network, const NetworkLayer& layer) {
    const ElementwiseCost cost = cost_elementwise(layer.elementwise, network.architecture);
    return {{"read_words", layer.elementwise.read_words},
            {"written_words", layer.elementwise.written_words},
            {"cycles", cost.cycles},
            {"dram_pj", cost.dram_pj},
            {"buffer_pj", cost.buffer_pj}};
}

/// The layer's entry, with whose sum it goes into.
Json layer_json(const NetworkConfig& network, const NetworkLayer& layer, const Json& result, Json& total) {
    Json json = {{"name", layer.name}, {"repeat", layer.repeat}};
    if (layer.simulated) {
        json.update(result);
        add_object(total["simulated"], result, layer.repeat);
    } else if (layer.listed_only) {
        json["not_simulated"] = {{"operator", layer.elementwise.kind}, {"macs", layer.macs}};
        add(total["not_simulated"]["macs"], "macs", layer.macs, layer.repeat);
    } else {
        const Json costs = elementwise_json(network, layer);
        json["elementwise"] = {{"type", layer.elementwise.kind}};
        json["elementwise"].update(costs);
        add(total["elementwise"], "elementwise", costs, layer.repeat);
    }
    return json;
}

Json total_json(const Json& sums) {
    Json total = sums["simulated"];
    const double cycles = total["cycles"].get<double>();
    const double time_s = total["time_s"].get<double>();
    total["utilization"] = total["macs"].get<double>() / (cycles * total["lanes"].get<double>());
    total["power_w"] = total["energy_pj"].get<double>() * 1e-12 / time_s;
    total["elementwise"] = sums["elementwise"];
    total["not_simulated"] = sums["not_simulated"];
    const double left_out = total["not_simulated"]["macs"].get<double>();
    total["not_simulated"]["share"] = left_out / std::max(1.0, left_out + total["macs"].get<double>());
    return total;
}

}  // namespace

Json network_result(const NetworkConfig& network, const std::vector<Json>& results) {
    Json sums = {{"simulated", Json::object()},
                 {"elementwise", {{"read_words", 0}, {"written_words", 0}, {"cycles", 0}, {"dram_pj", 0.0}, {"buffer_pj", 0.0}}},
                 {"not_simulated", {{"macs", 0}}}};
    Json layers = Json::array();
    for (std::size_t i = 0; i < network.layers.size(); ++i)
        layers.push_back(layer_json(network, network.layers[i], results[i], sums));
    Json json;
    json["schema"] = "accelsim-network-1";
    json["design"] = network.name;
    json["network"] = network.network;
    json["architecture"] = network.architecture.name;
    json["batch"] = network.batch;
    json["layers"] = std::move(layers);
    json["total"] = total_json(sums);
    json["total"]["design"] = network.name;
    return json;
}

}  // namespace accelsim
