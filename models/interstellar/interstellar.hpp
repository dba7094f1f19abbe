// SPDX-License-Identifier: Apache-2.0
// The analytical model of: X. Yang et al., "Interstellar: Using Halide's Scheduling Language to Analyze DNN
// Accelerators", ASPLOS 2020, with the rules of its published program, number for number. docs/interstellar.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace accelsim::interstellar {

/// The loops, in the program's order.
enum LoopName { FX, FY, OX, OY, OC, IC, ON, loop_count };
/// The tensors, in the program's order.
enum TensorName { input, output, weight, tensor_count };

const std::array<std::string, loop_count>& loop_names();
const std::array<std::string, tensor_count>& tensor_names();

/// The loops that do not index a tensor.
const std::vector<LoopName>& irrelevant_loops(TensorName tensor);
bool is_relevant(TensorName tensor, int loop);

using PerTensor = std::array<std::int64_t, tensor_count>;

/// Sizes are of the output; the input is as large as these need.
struct Layer {
    std::array<std::int64_t, loop_count> sizes{1, 1, 1, 1, 1, 1, 1};
    std::int64_t stride_x = 1;
    std::int64_t stride_y = 1;

    std::int64_t macs() const;
    PerTensor tensor_sizes() const;
    /// Elements of the tensors that so many values of each loop touch.
    PerTensor tensor_sizes(const std::array<std::int64_t, loop_count>& trips) const;
};

/// One memory level, which may have separate memories; all figures per bank, that is per parallel unit.
struct MemoryLevel {
    std::vector<std::int64_t> capacities;  ///< elements, one per memory
    std::vector<double> access_costs;      ///< pJ per access, one per memory
    bool separate = false;                 ///< capacities were listed: each memory is checked for itself
    /// Index of the tensor's memory; none: the tensor passes by.
    std::array<std::optional<int>, tensor_count> memories{0, 0, 0};
    std::int64_t parallel_count = 1;
    int parallel_mode = 0;     ///< 0 no array cost, 1 from neighbour to neighbour, 2 broadcast
    double parallel_cost = 0;  ///< pJ per hop
    int array_dimensions = 1;  ///< 2: a square where the count allows
};

/// Levels innermost first; the last is the DRAM.
struct Machine {
    std::vector<MemoryLevel> levels;
    int precision_bits = 16;
    bool mac_holds_operands = false;     ///< `mac_capacity` 1
    bool refuses_underutilized = false;  ///< a memory below the DRAM must be half full

    std::int64_t total_parallelism() const;
};

constexpr int absent = 6;  ///< the order of a loop that a level does not have

/// What one level does with each loop.
struct LevelMapping {
    std::array<std::int64_t, loop_count> blocking{1, 1, 1, 1, 1, 1, 1};                         ///< temporal trips
    std::array<std::int64_t, loop_count> partitioning{1, 1, 1, 1, 1, 1, 1};                     ///< spatial trips
    std::array<int, loop_count> order{absent, absent, absent, absent, absent, absent, absent};  ///< 0 innermost
    /// Per array dimension the adjacent loop and, of replication, the outer one.
    std::vector<std::vector<LoopName>> array_loops;

    std::int64_t spatial_product() const;
};

using Mapping = std::vector<LevelMapping>;  ///< innermost first

struct MemoryAccesses {
    PerTensor per_element{};  ///< outputs: x writes and x - 1 reads
    PerTensor total{};
    PerTensor bank_size{};   ///< elements of one parallel unit
    PerTensor block_size{};  ///< of all units, with duplicates
    double energy_pj = 0;

    std::int64_t total_access() const;
};

/// Traffic between the parallel units of a level.
struct ArrayAccesses {
    int level = 0;                    ///< of memory, whose units these are
    PerTensor nearest_per_element{};  ///< hops to a neighbour
    PerTensor nearest_total{};
    std::vector<PerTensor> far_per_element;  ///< per array dimension, to the next replica
    std::vector<PerTensor> far_total;
    double nearest_cost = 0;
    std::vector<double> far_cost;
    double energy_pj = 0;

    std::int64_t total_access() const;
};

struct Evaluation {
    std::vector<MemoryAccesses> memories;  ///< innermost first
    std::vector<ArrayAccesses> arrays;
    double total_energy_pj = 0;
    bool fits = false;  ///< capacities and numbers of units
    double utilization = 0;
    std::int64_t ideal_cycles = 0;
};

/// By what the accesses of the level outside an array are multiplied to get its hops.
struct ArrayFactors {
    PerTensor nearest{};
    std::vector<PerTensor> far;  ///< per array dimension; 0: nothing goes there
    std::vector<double> far_cost;
};
ArrayFactors array_factors(const MemoryLevel& level, const LevelMapping& mapping);

/// Whether tiles of these sizes fit `copies` banks of a level: one capacity holds everything, bypassed or not; listed ones hold
/// what is theirs. `half_full`: they must also fill half of it.
bool fits_level(const Machine& machine, const PerTensor& sizes, std::size_t level, std::int64_t copies, bool half_full);

/// Accesses per element at a level, outputs counted once per update (x, not 2x - 1).
std::int64_t accesses_per_element(const Layer& layer, const Machine& machine, const Mapping& mapping, TensorName tensor,
                                  int level);

/// The whole answer. The mapping has one entry per level of the machine; the outermost level has one unit.
Evaluation evaluate(const Layer& layer, const Machine& machine, const Mapping& mapping);

}  // namespace accelsim::interstellar
