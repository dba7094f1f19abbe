// SPDX-License-Identifier: Apache-2.0
#include "sim/program/json_result.hpp"

#include <nlohmann/json.hpp>

namespace accelsim {

namespace {

using Json = nlohmann::ordered_json;

Json levels_json(const Counts& counts, const EnergyReport& energy) {
    Json levels = Json::array();
    for (std::size_t l = 0; l < counts.levels.size(); ++l) {
        const LevelCounts& level = counts.levels[l];
        const std::vector<TensorEnergy>& prices = energy.levels[l].tensors;  // none: of a detailed DRAM
        Json tensors = Json::object();
        for (std::size_t i = 0; i < level.tensors.size(); ++i) {
            const TensorCounts& t = level.tensors[i];
            tensors[t.tensor] = {{"reads", {{"to_child", t.reads_to_child}, {"to_parent", t.reads_to_parent}}},
                                 {"writes", {{"from_parent", t.writes_from_parent}, {"from_child", t.writes_from_child}}},
                                 {"tile_words", t.tile_words}};
            if (!prices.empty()) tensors[t.tensor]["energy_pj"] = prices[i].pj;
        }
        levels.push_back({{"name", level.name},
                          {"instances", level.instances},
                          {"capacity_bytes", level.capacity_bytes},
                          {"tensors", tensors},
                          {"energy_pj", energy.levels[l].pj}});
    }
    return levels;
}

Json networks_json(const Counts& counts, const EnergyReport& energy) {
    Json networks = Json::array();
    for (std::size_t n = 0; n < counts.networks.size(); ++n) {
        Json tensors = Json::object();
        for (const LinkCounts& t : counts.networks[n].tensors) {
            tensors[t.tensor] = {
                {"injected", t.injected}, {"delivered", t.delivered}, {"hops", t.hops}, {"hop_lengths", t.hop_lengths}};
        }
        networks.push_back({{"from", counts.networks[n].from},
                            {"to", counts.networks[n].to},
                            {"tensors", tensors},
                            {"energy_pj", energy.networks[n].pj}});
    }
    return networks;
}

Json relief_json(const std::vector<Relief>& reliefs) {
    Json list = Json::array();
    for (const Relief& relief : reliefs) list.push_back({{"change", relief.change}, {"cycles", relief.cycles}});
    return list;
}

Json breakdown_json(const SimulationResult& simulated) {
    Json stall = Json::object();
    for (const StallCount& cause : simulated.stalls) stall[cause.cause] = cause.cycles;
    return {{"busy", simulated.busy}, {"stall", stall}};
}

Json detailed_dram_json(const DramResult& dram, const dram::Device& device) {
    const dram::Statistics& s = dram.statistics;
    return {{"model", "detailed"},
            {"device", device.name},
            {"bursts", s.reads + s.writes},
            {"read_bursts", s.reads},
            {"write_bursts", s.writes},
            {"useful_words", dram.useful_words},
            {"fetched_words", dram.fetched_words},
            {"activates", s.activates},
            {"precharges", s.precharges},
            {"row_hits", s.row_hits},
            {"row_misses", s.row_misses},
            {"row_conflicts", s.row_conflicts},
            {"refreshes", s.refreshes},
            {"energy_pj", dram.energy_pj}};
}

/// All that an ideal DRAM can be asked: what crossed its port.
Json ideal_dram_json(const Counts& counts) {
    std::int64_t words = 0;
    for (const TensorCounts& t : counts.levels.front().tensors) {
        words += t.reads_to_child + t.writes_from_child;
    }
    return {{"model", "ideal"}, {"useful_words", words}, {"fetched_words", words}};
}

/// Per component with all its instances, and of all.
Json area_json(const std::map<std::string, double>& areas) {
    Json json = {{"components", areas}};
    double total = 0;
    for (const auto& [component, area] : areas) total += area;
    json["total"] = total;
    return json;
}

}  // namespace

std::string json_result(const RunRecord& record) {
    const SimulationResult& simulated = record.simulated;
    const double time_s = static_cast<double>(simulated.cycles) / (record.design.architecture.clock_mhz * 1e6);
    const std::int64_t lanes = record.design.architecture.lanes();
    Json json;
    json["schema"] = "accelsim-result-1";
    json["design"] = record.design.name;
    json["workload"] = record.design.workload.name;
    json["dataflow"] = record.design.dataflow;
    json["cycles"] = simulated.cycles;
    json["macs"] = simulated.macs;
    json["macs_padding"] = simulated.counts.mac_padding;
    json["lanes"] = lanes;
    json["utilization"] =
        static_cast<double>(simulated.macs) / (static_cast<double>(simulated.cycles) * static_cast<double>(lanes));
    json["clock_mhz"] = record.design.architecture.clock_mhz;
    json["time_s"] = time_s;
    json["power_w"] = record.energy.total_pj * 1e-12 / time_s;
    json["cycle_breakdown"] = breakdown_json(simulated);
    json["bottleneck"] = bottleneck(simulated);
    if (record.reliefs) json["reliefs"] = relief_json(*record.reliefs);
    json["levels"] = levels_json(simulated.counts, record.energy);
    json["networks"] = networks_json(simulated.counts, record.energy);
    json["mac"] = {{"operations", simulated.counts.mac_operations}, {"energy_pj", record.energy.mac_pj}};
    json["dram"] = simulated.dram ? detailed_dram_json(*simulated.dram, *record.design.level(0).bursts->device)
                                  : ideal_dram_json(simulated.counts);
    json["energy_pj"] = record.energy.total_pj;
    if (!record.areas.empty()) json["area_um2"] = area_json(record.areas);
    json["verified"] = nullptr;
    if (record.checked)
        json["verified"] = {{"checked", true}, {"mismatches", record.mismatches}, {"output_sha256", record.output_sha256}};
    json["host"] = {{"wall_s", simulated.wall_s}, {"reference_s", record.reference_s}, {"peak_bytes", record.peak_bytes}};
    json["model"] = {{"levels", levels_json(record.model, record.model_energy)},
                     {"networks", networks_json(record.model, record.model_energy)},
                     {"mac", {{"operations", record.model.mac_operations}, {"energy_pj", record.model_energy.mac_pj}}},
                     {"energy_pj", record.model_energy.total_pj}};
    return json.dump(2) + "\n";
}

}  // namespace accelsim
