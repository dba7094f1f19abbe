// SPDX-License-Identifier: Apache-2.0
// Analytical models behind one interface: a lowered design in, counts, cycles and energy out. What a model does not say is
// absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "models/counts.hpp"

namespace accelsim {

using Figure = std::optional<std::int64_t>;

/// Words of one tensor at one level, summed over instances.
struct ModelTensor {
    std::string tensor;
    Figure reads_to_child, reads_to_parent, writes_from_parent, writes_from_child;
    bool operator==(const ModelTensor&) const = default;
};

struct ModelLevel {
    std::string name;
    std::vector<ModelTensor> tensors;  ///< those kept here, in workload order
    double energy_pj = 0;
};

/// One tensor between two keepers. Near hops are between neighbours, far ones between replicas.
struct ModelLink {
    std::string tensor;
    Figure injected, delivered, near_hops, far_hops;
    bool operator==(const ModelLink&) const = default;
};

struct ModelNetwork {
    std::string from;
    std::string to;
    std::vector<ModelLink> tensors;  ///< in workload order
    double energy_pj = 0;
};

struct ModelResult {
    std::string model;
    std::vector<ModelLevel> levels;      ///< buffers, outermost first
    std::vector<ModelNetwork> networks;  ///< as in Counts
    double mac_energy_pj = 0;
    double energy_pj = 0;  ///< of levels, networks and MACs
    Figure cycles;
};

enum class ModelKind { exact, interstellar, timeloop, latency };
const std::vector<std::string>& model_names();  ///< by ModelKind

/// Throws UserError for a design that the model cannot express.
ModelResult evaluate_model(ModelKind kind, const Design& design);

/// A part of what separates two energies, by the cause's name.
struct EnergyShare {
    std::string cause;
    double pj = 0;
};

/// From Interstellar's energy of a design to the exact one: the causes of the differences at memories (interstellar/habits.hpp)
/// at their prices, then "fills_and_drains" (words that it does not count), "networks" and "macs". Throws UserError as the model
/// does.
std::vector<EnergyShare> interstellar_energy_shares(const Design& design);

/// Counts (simulated, or from the nest) in the same shape; hops by kind come from the nest, which counts them as the simulator
/// does.
ModelResult as_model_result(const std::string& name, const Design& design, const Counts& counts);

}  // namespace accelsim
