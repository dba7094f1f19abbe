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

/// A part of what separates two counts.
struct CountShare {
    std::string cause;
    std::int64_t amount = 0;
};

/// Why a figure of a model is not the exact one: model + shares = exact.
struct CountCauses {
    int level = 0;  ///< of hops the fan-out
    int tensor = 0;
    std::string kind;  ///< "reads.to_child", "near_hops"...
    std::vector<CountShare> shares;
};

/// Of the figures of a model whose rules are known (interstellar, timeloop) that are not exact; none of the other models, whose
/// counts are. Throws UserError as the model does.
std::vector<CountCauses> count_causes(ModelKind kind, const Design& design);

/// A part of what separates two energies, by the cause's name.
struct EnergyShare {
    std::string cause;
    double pj = 0;
};

/// From a model's energy of a design to the exact one: the causes of the differences of its counts, at their prices. Then, of
/// interstellar: "fills_and_drains" (words that it does not count), "networks", "macs"; of timeloop: "blocks" (accesses of an
/// instance are rounded up to whole blocks), "update_price" (updates have their own), "drains" (reads that send a tile
/// upwards), "networks", "macs". Throws UserError as the model does.
std::vector<EnergyShare> energy_shares(ModelKind kind, const Design& design);

/// Cycles by cause; negative where a model counts what the machine does not spend.
struct CycleShare {
    std::string cause;
    std::int64_t cycles = 0;
};

/// A model's cycles taken apart: steps + beyond = cycles.
struct ModelCycles {
    std::int64_t steps = 0;  ///< what the model takes for the steps of the array
    std::vector<CycleShare> beyond;
};

/// Of interstellar: "unused_lanes" (negative: it spreads the MACs over lanes that the mapping leaves unused); of timeloop:
/// "bandwidth_in_model" (the slowest memory's words at its bandwidth), "network_latency_in_model"; of latency:
/// "startup_in_model", "waits_in_model", "drain_in_model", "ports_in_model" (the busiest port has more to carry than all of these
/// take). The exact model has no cycles: all zero. Throws UserError as the model does.
ModelCycles model_cycles(ModelKind kind, const Design& design);

/// Picojoule per word of a tensor read or written at a level.
double word_price(const Design& design, int level, int tensor, bool reads);

/// Counts (simulated, or from the nest) in the same shape; hops by kind come from the nest, which counts them as the simulator
/// does.
ModelResult as_model_result(const std::string& name, const Design& design, const Counts& counts);

}  // namespace accelsim
