// SPDX-License-Identifier: Apache-2.0
#include "sim/program/see/run_page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/program/json_result.hpp"
#include "sim/program/roofline.hpp"
#include "sim/program/see/machine_svg.hpp"

namespace accelsim {

nlohmann::ordered_json run_page(const RunRecord& record) {
    using Json = nlohmann::ordered_json;
    const Design& design = record.design;
    const Roofline least = roofline(design, record.simulated);
    const auto macs = static_cast<double>(record.simulated.macs);
    Json page = {
        {"title", design.name + ": " + design.workload.name + " on " + design.architecture.name + ", " + design.dataflow},
        {"result", Json::parse(json_result(record))},
        {"nest", explain(design)},
        {"svg", machine_svg(design)},
        {"roofline",
         {{"macs_per_byte", macs / std::max(1.0, least.dram_bytes)},
          {"macs_per_cycle", macs / static_cast<double>(record.simulated.cycles)},
          {"peak_macs_per_cycle", design.architecture.lanes()},
          {"bytes_per_cycle", least.dram_bytes / std::max(1e-9, least.memory_cycles)}}}};
    if (!record.activity.empty()) page["activity"] = Json::parse(record.activity);
    return page;
}

}  // namespace accelsim
