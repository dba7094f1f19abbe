// SPDX-License-Identifier: Apache-2.0
#include "sim/program/yaml/json_schema.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/program/yaml/schema.hpp"

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

Json reference(const MapSpec& spec) {
    std::string name = spec.title;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ' ' || c == ','; }, '_');
    return {{"$ref", "#/definitions/" + name}};
}

Json any_of(const std::vector<Json>& choices) { return {{"anyOf", choices}}; }
Json one_of(const std::vector<const MapSpec*>& specs) {
    std::vector<Json> choices;
    for (const MapSpec* spec : specs) choices.push_back(reference(*spec));
    return choices.size() == 1 ? choices.front() : any_of(choices);
}
Json path_or(const Json& other) { return any_of(std::vector<Json>{{{"type", "string"}}, other}); }
Json list_of(const Json& items) { return {{"type", "array"}, {"items", items}}; }
Json map_of(const Json& values) { return {{"type", "object"}, {"additionalProperties", values}}; }

const std::vector<const MapSpec*>& workloads() {
    static const std::vector<const MapSpec*> specs = {&conv2d_spec(), &depthwise_spec(), &gemm_spec(), &einsum_spec()};
    return specs;
}

Json any_mapping() { return path_or(any_of(std::vector<Json>{{{"const", "auto"}}, reference(mapping_spec())})); }

/// What stands in keys with readers of their own; by the map's title and the key. What is not listed here is not checked further.
const std::map<std::pair<const MapSpec*, std::string>, Json>& nested() {
    static const std::map<std::pair<const MapSpec*, std::string>, Json> all = {
        {{&run_spec(), "architecture"}, path_or(reference(architecture_spec()))},
        {{&run_spec(), "workload"}, path_or(any_of(std::vector<Json>{one_of(workloads()), reference(network_spec())}))},
        {{&run_spec(), "mapping"}, any_mapping()},
        {{&run_spec(), "energy"}, path_or(one_of({&energy_spec(), &accelergy_spec()}))},
        {{&run_spec(), "data"}, any_of(std::vector<Json>{{{"enum", {"off", false}}}, reference(data_spec())})},
        {{&run_spec(), "simulation"}, reference(simulation_spec())},
        {{&conv2d_spec(), "dimensions"}, reference(conv2d_dimensions_spec())},
        {{&conv2d_spec(), "bits"}, reference(bits_spec())},
        {{&depthwise_spec(), "dimensions"}, reference(depthwise_dimensions_spec())},
        {{&depthwise_spec(), "bits"}, reference(bits_spec())},
        {{&gemm_spec(), "dimensions"}, reference(gemm_dimensions_spec())},
        {{&gemm_spec(), "bits"}, reference(bits_spec())},
        {{&einsum_spec(), "tensors"}, list_of(reference(einsum_tensor_spec()))},
        {{&network_spec(), "layers"},
         list_of(one_of({&simulated_layer_spec(), &pool_layer_spec(), &eltwise_layer_spec(), &lstm_cell_layer_spec(),
                         &other_layer_spec()}))},
        {{&simulated_layer_spec(), "workload"}, path_or(one_of(workloads()))},
        {{&compare_spec(), "networks"}, list_of(path_or(reference(compared_network_spec())))},
        {{&compare_spec(), "equal"}, reference(equal_spec())},
        {{&compare_spec(), "energy"}, path_or(reference(energy_spec()))},
        {{&suite_spec(), "runs"}, list_of(path_or(reference(suite_run_spec())))},
        {{&sweep_spec(), "limits"}, reference(sweep_limits_spec())},
        {{&architecture_spec(), "levels"}, list_of(one_of({&dram_spec(), &buffer_spec(), &array_spec(), &mac_spec()}))},
        {{&architecture_spec(), "timeloop"}, reference(timeloop_figures_spec())},
        {{&dram_spec(), "energy"}, reference(price_spec())},
        {{&dram_spec(), "device"}, path_or(reference(dram_device_spec()))},
        {{&buffer_spec(), "energy"}, reference(price_spec())},
        {{&buffer_spec(), "memories"}, map_of(reference(memory_spec()))},
        {{&memory_spec(), "energy"}, reference(price_spec())},
        {{&array_spec(), "networks"},
         map_of(any_of(
             std::vector<Json>{{{"type", "string"}}, reference(operand_network_spec()), reference(output_network_spec())}))},
        {{&dram_device_spec(), "geometry"}, reference(dram_geometry_spec())},
        {{&dram_device_spec(), "timing"}, reference(dram_timing_spec())},
        {{&dram_device_spec(), "currents"}, reference(dram_currents_spec())},
        {{&dram_device_spec(), "controller"}, reference(dram_controller_spec())},
        {{&mapping_spec(), "nest"}, list_of(one_of({&buffer_loops_spec(), &array_loops_spec()}))},
        {{&mapping_spec(), "schedule"}, any_of(std::vector<Json>{{{"type", "string"}}, list_of(reference(schedule_spec()))})},
        {{&mapping_spec(), "auto"}, any_of(std::vector<Json>{{{"type", "null"}}, reference(auto_spec())})},
        {{&mapping_spec(), "layers"}, map_of(any_mapping())},
        {{&auto_spec(), "hints"}, list_of(reference(hint_spec()))},
        {{&auto_spec(), "memories"}, reference(memory_family_spec())}};
    return all;
}

Json number(const KeySpec& key, const char* type) {
    Json json = {{"type", type}, {"minimum", key.min}};
    if (key.max < (std::int64_t{1} << 53)) json["maximum"] = key.max;
    return json;
}

/// `16` stands for the choice "16".
Json choice(const KeySpec& key) {
    Json values = Json::array();
    for (const std::string& text : key.choices) {
        const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
        if (digits) values.push_back(std::stoll(text));
        values.push_back(text);
    }
    return {{"enum", values}};
}

Json value_schema(const MapSpec& spec, const KeySpec& key) {
    if (const auto found = nested().find({&spec, key.name}); found != nested().end()) return found->second;
    switch (key.type) {
        case KeyType::integer:
            // The word `batch` stands for a bound in a network.
            return spec.title.starts_with("dimensions") ? any_of(std::vector<Json>{number(key, "integer"), {{"const", "batch"}}})
                                                        : number(key, "integer");
        case KeyType::number:
            return number(key, "number");
        case KeyType::flag:
            return {{"type", "boolean"}};
        case KeyType::choice:
            return choice(key);
        case KeyType::bytes:
            return {{"type", "string"}, {"pattern", "^[0-9.]+ *(B|KiB|MiB)$"}};
        case KeyType::word:
        case KeyType::name:
            return {{"type", {"string", "number"}}};
        case KeyType::other:
            break;
    }
    return Json::object();
}

Json map_schema(const MapSpec& spec) {
    Json json = {{"type", "object"}, {"title", spec.title}};
    if (!spec.intro.empty()) json["description"] = spec.intro;
    Json properties = Json::object(), needed = Json::array();
    for (const KeySpec& key : spec.keys) {
        Json value = value_schema(spec, key);
        if (!value.contains("$ref")) {
            value["description"] =
                key.what + (key.unit.empty() ? "" : " (" + key.unit + ")") + (key.form.empty() ? "" : "; " + key.form);
            if (key.fallback && !key.fallback->empty())
                value["description"] = value["description"].get<std::string>() + "; default " + *key.fallback;
        }
        properties[key.name] = std::move(value);
        if (!key.fallback) needed.push_back(key.name);
    }
    json["properties"] = std::move(properties);
    if (!needed.empty()) json["required"] = std::move(needed);
    // An operand's name is a key of `data`, too.
    json["additionalProperties"] = &spec == &data_spec() ? Json{{"type", "string"}} : Json(false);
    return json;
}

/// A file with one key.
Json file_schema(const std::string& key, const Json& content) {
    return {{"type", "object"}, {"properties", {{key, content}}}, {"required", {key}}, {"additionalProperties", false}};
}

}  // namespace

std::string json_schema() {
    Json definitions = Json::object();
    for (const MapSpec* spec : all_specs())
        definitions[reference(*spec)["$ref"].get<std::string>().substr(14)] = map_schema(*spec);
    const Json schema = {
        {"$schema", "http://json-schema.org/draft-07/schema#"},
        {"title", "accelsim"},
        {"anyOf",
         {reference(run_spec()), file_schema("architecture", reference(architecture_spec())),
          file_schema("workload", one_of(workloads())), file_schema("network", reference(network_spec())),
          file_schema("mapping", any_mapping()), file_schema("energy", one_of({&energy_spec(), &accelergy_spec()})),
          file_schema("sweep", reference(sweep_spec())), file_schema("compare", reference(compare_spec())),
          file_schema("suite", reference(suite_spec())), file_schema("device", reference(dram_device_spec()))}},
        {"definitions", definitions}};
    return schema.dump(1) + "\n";
}

}  // namespace accelsim
