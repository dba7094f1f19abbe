// SPDX-License-Identifier: Apache-2.0
// Every key of the configuration, described once: checking and docs/yaml_reference.md both come from here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace accelsim {

inline constexpr std::int64_t max_capacity_bytes = std::int64_t{1} << 40;

enum class KeyType {
    word,     ///< any text
    name,     ///< letters, digits, '_', '-'
    integer,  ///< in [min, max]
    number,   ///< a decimal number in [min, max]
    flag,     ///< true or false
    choice,   ///< one of `choices`
    bytes,    ///< a capacity with a unit, in [min, max]
    other     ///< has its own reader; `form` says what is written
};

struct KeySpec {
    std::string name;
    KeyType type = KeyType::other;
    /// The default as it would be written; "" means optional without one; no value means required.
    std::optional<std::string> fallback;
    std::string what;  ///< one line for the reference
    std::string unit = {};
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::vector<std::string> choices = {};
    std::string form = {};
};

struct MapSpec {
    std::string title;
    std::string intro;
    std::vector<KeySpec> keys;

    const KeySpec* find(const std::string& name) const;
    std::vector<std::string> names() const;
};

const MapSpec& run_spec();
const MapSpec& simulation_spec();
const MapSpec& data_spec();  ///< plus the operands' names

const MapSpec& workload_spec();  ///< keys of all types, for the type itself
const MapSpec& conv2d_spec();
const MapSpec& depthwise_spec();
const MapSpec& gemm_spec();
const MapSpec& einsum_spec();
const MapSpec& conv2d_dimensions_spec();
const MapSpec& depthwise_dimensions_spec();
const MapSpec& gemm_dimensions_spec();
const MapSpec& bits_spec();
const MapSpec& einsum_tensor_spec();

const MapSpec& network_spec();
const MapSpec& simulated_layer_spec();
const MapSpec& pool_layer_spec();
const MapSpec& eltwise_layer_spec();
const MapSpec& lstm_cell_layer_spec();
const MapSpec& other_layer_spec();

const MapSpec& compare_spec();
const MapSpec& compared_network_spec();
const MapSpec& equal_spec();

const MapSpec& suite_spec();
const MapSpec& suite_run_spec();

const MapSpec& sweep_spec();
const MapSpec& sweep_limits_spec();

const MapSpec& architecture_spec();
const MapSpec& timeloop_figures_spec();
const MapSpec& timeloop_bandwidth_spec();
const MapSpec& dram_spec();
const MapSpec& buffer_spec();
const MapSpec& memory_spec();
const MapSpec& port_set_spec();
const MapSpec& array_spec();
const MapSpec& mac_spec();
const MapSpec& price_spec();
const MapSpec& operand_network_spec();
const MapSpec& output_network_spec();

const MapSpec& energy_spec();
const MapSpec& accelergy_spec();

const MapSpec& dram_device_spec();
const MapSpec& dram_geometry_spec();
const MapSpec& dram_timing_spec();
const MapSpec& dram_currents_spec();
const MapSpec& dram_controller_spec();

const MapSpec& mapping_spec();
const MapSpec& auto_spec();
const MapSpec& hint_spec();
const MapSpec& memory_family_spec();
const MapSpec& buffer_loops_spec();
const MapSpec& array_loops_spec();
const MapSpec& schedule_spec();  ///< keys of all directives; an entry has one of them

/// All of them, in the order of the reference.
const std::vector<const MapSpec*>& all_specs();

/// docs/yaml_reference.md
std::string yaml_reference();

/// Names as written in YAML, in the order of the enums.
const std::vector<std::string>& level_kind_names();
const std::vector<std::string>& transport_names();
const std::vector<std::string>& reduction_names();
const std::vector<std::string>& arbitration_names();
const std::vector<std::string>& dram_model_names();
const std::vector<std::string>& interleave_names();  ///< Interleave from word on
const std::vector<std::string>& grant_names();
const std::vector<std::string>& mac_ports_names();
const std::vector<std::string>& page_policy_names();  ///< as dram::PagePolicy
const std::vector<std::string>& partials_names();
const std::vector<std::string>& halo_names();
const std::vector<std::string>& gaps_names();
const std::vector<std::string>& search_rules_names();
const std::vector<std::string>& advance_names();
const std::vector<std::string>& workload_type_names();
const std::vector<std::string>& layer_type_names();

}  // namespace accelsim
