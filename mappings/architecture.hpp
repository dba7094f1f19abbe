// SPDX-License-Identifier: Apache-2.0
// The machine: a list of levels, outermost first. DRAM, buffers, fan-outs, the MAC.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mappings/error.hpp"

namespace accelsim {

namespace dram {
struct Device;
}

enum class LevelKind { dram, buffer, array, mac };
enum class Transport { unicast, multicast, systolic };  ///< how operands (and read-backs) travel
enum class Reduction { systolic, tree, none };          ///< how outputs are reduced on their way out; none: the parent adds
enum class Arbitration { round_robin, fixed };
enum class Interleave { none, word, tensor };  ///< how words are spread over banks; none: there are no banks

constexpr int network_reference_bits = 16;  ///< width of the words that hop_pj and delivery_pj are the prices of

/// How one tensor travels across one fan-out.
struct Network {
    Transport transport = Transport::multicast;  ///< outputs: of read-back words
    Reduction reduction = Reduction::systolic;   ///< outputs only
    int latency_cycles = 1;
    int width_bits = 0;  ///< 0: not limited by the network
};

/// Ports of a buffer. shared: `reads` ports that serve either direction (Nrw), `writes` is unused.
struct Ports {
    int reads = 1;
    int writes = 1;
    bool shared = false;
};

/// Ports for some of a memory's tensors alone.
struct PortSet {
    std::vector<std::string> tensors;
    Ports ports;
};

/// Prices in picojoule per access of `reference_bits`; negative means "not given".
struct AccessEnergy {
    double read_pj = 0;
    double write_pj = 0;
    int reference_bits = 16;
};

/// One memory, all figures per instance.
struct Memory {
    std::int64_t capacity_bytes = 0;  ///< 0: unlimited (DRAM)
    int depth = 2;                    ///< slots per tensor (buffering)
    bool windowed = false;            ///< space is given back word by word instead of slot by slot; depth means nothing
    int width_bits = 64;              ///< of one port
    int latency_cycles = 1;           ///< read latency, grant to data
    Ports ports;                      ///< of every bank
    std::vector<PortSet> port_sets;   ///< in place of `ports`: each kept tensor is in one set; empty: one set for all
    Interleave interleave = Interleave::none;
    int banks = 1;                  ///< 1 to 64
    bool burst_grants = false;      ///< a mover keeps its ports until the tile's last group went
    bool mac_shares_ports = false;  ///< direct MAC accesses take these ports, too, and win
    Arbitration arbitration = Arbitration::round_robin;
    AccessEnergy energy;

    /// The ports that a tensor uses.
    const Ports& ports_of(const std::string& tensor) const;
};

/// Order of a tensor's elements in a detailed DRAM.
struct Layout {
    std::vector<int> order;              ///< axes, outermost first; empty: as the tensor has them
    std::map<int, std::int64_t> blocks;  ///< axes whose coordinates modulo this stand innermost
    bool operator==(const Layout&) const = default;
};

/// How a detailed DRAM looks to the movers.
struct BurstInterface {
    std::int64_t burst_bytes = 64;
    std::int64_t row_bytes = 8192;               ///< tensors begin at multiples
    int outstanding = 16;                        ///< bursts per mover that are asked for and not through
    std::map<std::string, Layout> layouts;       ///< per tensor; the others are row-major
    std::shared_ptr<const dram::Device> device;  ///< what does the work (models/dram/device.hpp); nothing here looks into it
};

/// A buffer is itself a memory, for the tensors that it keeps without a memory of their own.
struct Level : Memory {
    std::string name;
    LevelKind kind = LevelKind::buffer;
    Location where;

    // dram and buffer
    std::map<std::string, std::int64_t> partitions;  ///< bytes per tensor; empty: shared capacity
    std::vector<std::string> keeps;                  ///< tensors kept; empty with keeps_all
    bool keeps_all = true;
    std::optional<BurstInterface> bursts;    ///< a detailed DRAM; none: an ideal one
    std::map<std::string, Memory> memories;  ///< per tensor that has a memory of its own at this level

    // array (a fan-out)
    int rows = 1;
    int columns = 1;
    std::map<std::string, Network> networks;  ///< per tensor; a tensor not named uses the defaults
    double hop_pj = 0;                        ///< per hop of a word of network_reference_bits
    double delivery_pj = 0;

    // mac: latency_cycles (>= 1) and energy per operation
    double mac_pj = 0;
    bool operand_latch = false;  ///< a direct operand that stays the same is not read again

    bool is_buffer() const { return kind == LevelKind::dram || kind == LevelKind::buffer; }
    const Network& network(const std::string& tensor) const;
    /// The memory that holds a tensor here.
    const Memory& memory(const std::string& tensor) const;
    /// Of all its memories, per instance.
    std::int64_t total_capacity_bytes() const;
};

/// What Timeloop's model is told of a machine beside this one's ports and networks. The machine itself does not look at it.
struct TimeloopFigures {
    /// Words per cycle and instance, fractions too; 0: not limited.
    struct Bandwidth {
        double read = 0, write = 0, shared = 0;
        bool operator==(const Bandwidth&) const = default;
    };
    std::map<std::string, Bandwidth> bandwidths;  ///< by level; the others have what their ports carry, all tensors together
    std::map<std::string, double> update_pj;      ///< by level; the others pay for an update what a fill costs
    std::int64_t network_latency_cycles = 0;      ///< fill and drain of all networks
    bool links = true;                            ///< a lane may take from its neighbour what that one had a step before
};

struct Architecture {
    std::string name;
    double clock_mhz = 1000;
    std::vector<Level> levels;
    TimeloopFigures timeloop = {};

    int find_level(const std::string& name) const;  ///< -1 when there is none
    int mac_level() const { return static_cast<int>(levels.size()) - 1; }
    std::int64_t lanes() const;  ///< product of all fan-outs: number of MACs
};

/// Throws UserError: the first level is not the only DRAM, the last not the only MAC, a name used twice, sizes below 1...
void validate(const Architecture& architecture);

}  // namespace accelsim
