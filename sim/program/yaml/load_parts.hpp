// SPDX-License-Identifier: Apache-2.0
// The sections of a run file, each from its map to its plain value. `stem`: the name when none is given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/schedule.hpp"
#include "mappings/workload.hpp"
#include "models/energy_table.hpp"
#include "models/search_space.hpp"
#include "sim/program/yaml/section.hpp"
#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

Workload read_workload(const Yaml& node, const std::string& stem);

/// `data: off`.
bool is_data_off(const Yaml& node);

EnergyTable read_energy_table(const Yaml& node);

struct ArchitectureReading {
    Architecture architecture;
    std::vector<std::string> notes;  ///< prices that the table does not list
};

/// Tensor names are checked against the workload; prices not given come from the table, else they are 0.
ArchitectureReading read_architecture(const Yaml& node, const std::string& stem, const Workload& workload,
                                      const std::optional<EnergyTable>& table);

/// What a dram or buffer level is as a memory: its own figures, partitions, memories of single tensors.
void read_memories(const Section& section, const std::string& context, const std::vector<std::string>& tensors,
                   const std::optional<EnergyTable>& table, Level& level, std::vector<std::string>& notes);

/// The keys of a detailed DRAM's level.
BurstInterface read_bursts(const Section& section, const std::vector<std::string>& tensors);
/// Throws UserError when an ideal DRAM's level has one of them.
void refuse_bursts(const Section& section);
/// ", outstanding: 16, ..." as a level has it.
std::string bursts_yaml(const BurstInterface& bursts);

/// Prices of a memory from the table; notes (about `what`) what it does not list.
AccessEnergy memory_prices(const EnergyTable& table, bool dram, const std::string& what, std::int64_t capacity_bytes,
                           MemoryKind kind, std::vector<std::string>& notes);

/// Gives prices to a generated architecture, which has none.
ArchitectureReading price_architecture(Architecture architecture, const std::optional<EnergyTable>& table);

struct MappingReading {
    Nest nest;
    std::optional<SearchSpace> search;      ///< `auto`; then there is no nest
    std::optional<Architecture> generated;  ///< by a schedule without an architecture
    std::vector<PassText> passes;           ///< of a schedule
    bool found = false;                     ///< by default, as neither nest nor schedule is given
};

/// Without an architecture the mapping must be a schedule. `dataflow`: the architecture's, for the default; may be nullptr.
MappingReading read_mapping(const Yaml& node, const Workload& workload, const std::optional<Architecture>& architecture,
                            const Yaml* dataflow);

/// The map under `auto`.
SearchSpace read_search(const Yaml& node, const Workload& workload, const Architecture& architecture);

/// The list under `schedule`.
Schedule read_schedule(const Yaml& node);

std::vector<std::string> dimension_names(const Workload& workload);
std::vector<std::string> tensor_names(const Workload& workload);

}  // namespace accelsim
