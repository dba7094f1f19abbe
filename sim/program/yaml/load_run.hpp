// SPDX-License-Identifier: Apache-2.0
// A run file with everything that it names, as plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mappings/architecture.hpp"
#include "mappings/nest.hpp"
#include "mappings/schedule.hpp"
#include "mappings/workload.hpp"
#include "models/search_space.hpp"
#include "sim/hardware/simulate.hpp"
#include "sim/program/yaml/overrides.hpp"
#include "sim/program/yaml/yaml_tree.hpp"

namespace accelsim {

/// Where operands come from. Operands without a file are generated from the seed.
struct DataOptions {
    bool on = true;
    std::uint64_t seed = 1;
    std::map<std::string, std::string> files;  ///< .npy per tensor; absolute paths
};

struct RunConfig {
    std::string name;
    Workload workload;
    Architecture architecture;
    Nest nest;
    std::optional<SearchSpace> search;  ///< `mapping: auto`; then there is no nest
    bool generated = false;             ///< the architecture, by the schedule
    std::vector<PassText> passes;       ///< of the schedule; none when the mapping is a nest
    bool default_mapping = false;       ///< none was given, the nest was found
    DataOptions data;
    Advance advance = Advance::batched;
    std::int64_t max_cycles = 0;
    std::string resolved_yaml;            ///< to_yaml(*this): load_run takes it and resolves it to itself
    std::map<std::string, double> areas;  ///< um^2 per component, where Accelergy's table is given
    std::vector<std::string> notes;       ///< what the user should know, such as prices that were interpolated
};

/// A run file as text, with the sections of other files and the overrides in their places.
struct RunTree {
    Yaml root;
    std::map<std::string, std::string> stems;  ///< per section: the name of the file that it comes from
    std::string name;
    std::map<std::string, double> areas;  ///< um^2 per component of an ART
};

/// `overrides`: "path.to.key=value" each, applied in order after includes are loaded.
RunTree load_tree(const std::string& path, const std::vector<std::string>& overrides = {});
RunTree load_tree(const std::string& path, const std::vector<Override>& overrides);
/// Whether the workload is a network: load_network.hpp.
bool has_network(const RunTree& tree);
/// A single layer's run. Throws UserError; whether the three parts fit each other is left to lower().
RunConfig read_run(const RunTree& tree);
/// Both at once.
RunConfig load_run(const std::string& path, const std::vector<std::string>& overrides = {});

/// One self-contained run file: no includes, all defaults and prices explicit.
std::string to_yaml(const RunConfig& config);
/// Its section `architecture`.
std::string to_yaml(const Architecture& architecture, const Workload& workload);

/// The operands, read from their files or generated, in the workload's order.
Operands load_operands(const RunConfig& config);

}  // namespace accelsim
