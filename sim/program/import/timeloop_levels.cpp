// SPDX-License-Identifier: Apache-2.0
#include "sim/program/import/timeloop_levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/program/yaml/schema.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t widest_bits = 65536;   // of a port: as good as unlimited
constexpr std::int64_t longest_axis = 65536;  // of a fan-out
constexpr int most_ports = 16;
constexpr int ports_for_all = 4;  // at most three tensors' fills and one write-back want a port in one direction

/// Whole words: a port carries at least one.
std::int64_t whole_words(double bandwidth, const char* key, const std::string& name, std::vector<std::string>& notes) {
    const double words = std::ceil(bandwidth);
    if (words != bandwidth)
        notes.push_back(
            fmt::format("'{}': {} of {} words per cycle is taken as {}, ports carry whole words", name, key, bandwidth, words));
    return static_cast<std::int64_t>(words);
}

void set_width(Level& level, std::int64_t words, int bits) {
    level.width_bits = static_cast<int>(std::min(words * bits, widest_bits - widest_bits % bits));
}

/// Reads and writes of different widths become several ports of the greatest common width.
void set_separate_ports(const TimeloopStorage& storage, Level& level, int bits, std::vector<std::string>& notes) {
    const std::string& name = storage.name;
    const std::int64_t reads = storage.read_bandwidth ? whole_words(*storage.read_bandwidth, "read_bandwidth", name, notes) : 0;
    const std::int64_t writes =
        storage.write_bandwidth ? whole_words(*storage.write_bandwidth, "write_bandwidth", name, notes) : 0;
    std::int64_t width = std::gcd(reads, writes);  // the other one, when one is 0
    if (std::max(reads, writes) / width > most_ports) {
        width = std::max<std::int64_t>(1, std::min(reads, writes));
        notes.push_back(
            fmt::format("'{}': {} words read and {} written per cycle have no common port width; ports are {} words wide", name,
                        reads, writes, width));
    }
    const auto ports = [&](std::int64_t words) {
        return words == 0 ? ports_for_all : static_cast<int>(std::clamp<std::int64_t>(words / width, 1, most_ports));
    };
    level.ports = {ports(reads), ports(writes), false};
    set_width(level, width, bits);
}

void set_ports(const TimeloopStorage& storage, Level& level, int bits, std::vector<std::string>& notes) {
    const bool separate = storage.read_bandwidth || storage.write_bandwidth;
    const bool shared_binds =
        storage.shared_bandwidth && !(storage.read_bandwidth && storage.write_bandwidth &&
                                      *storage.read_bandwidth + *storage.write_bandwidth <= *storage.shared_bandwidth);
    if (shared_binds) {
        if (separate)
            notes.push_back(
                fmt::format("'{}': shared_bandwidth makes the port, its read and write bandwidth are left out", storage.name));
        level.ports = {1, 1, true};
        set_width(level, whole_words(*storage.shared_bandwidth, "shared_bandwidth", storage.name, notes), bits);
    } else if (separate) {
        set_separate_ports(storage, level, bits, notes);
    } else if (storage.width_given) {
        level.ports = {1, 1, storage.ports == 1};
        set_width(level, storage.block_size * storage.cluster_size, bits);
    } else {
        level.ports = {ports_for_all, ports_for_all, false};
        level.width_bits = static_cast<int>(widest_bits);
        notes.push_back(fmt::format("'{}' has no bandwidth in Timeloop: nothing waits for its ports", storage.name));
    }
}

}  // namespace

int timeloop_element_bits(const std::vector<const TimeloopStorage*>& storages, std::vector<std::string>& notes) {
    constexpr int usual = 16;
    bool same = true;
    const int bits = storages[0]->word_bits;
    for (const TimeloopStorage* storage : storages) same = same && storage->word_bits == bits;
    if (same && (bits == 8 || bits == usual)) return bits;
    notes.push_back(fmt::format("words are taken as {} bits wide (Timeloop: {}); capacities and prices are kept per word", usual,
                                same ? fmt::format("{}", bits) : "different widths"));
    return usual;
}

Level timeloop_memory(const TimeloopStorage& storage, bool outermost, int bits, std::vector<std::string>& notes) {
    Level level;
    level.name = storage.name;
    level.where = storage.where;
    level.kind = outermost ? LevelKind::dram : LevelKind::buffer;
    level.latency_cycles = 1;
    level.depth = static_cast<int>(std::floor(storage.multiple_buffering));
    if (storage.size) {
        const auto words = static_cast<std::int64_t>(std::floor(static_cast<double>(*storage.size) / storage.multiple_buffering));
        level.capacity_bytes = std::min(words, max_capacity_bytes / (2 * level.depth)) * level.depth * bits / 8;
        if (words < 1) throw UserError(fmt::format("storage '{}' holds no word", storage.name), storage.where);
    } else if (!outermost) {
        throw UserError(fmt::format("storage '{}' needs a size: 'entries', 'depth' or 'sizeKB'", storage.name), storage.where);
    }
    set_ports(storage, level, bits, notes);
    level.energy.reference_bits = static_cast<int>(std::min<std::int64_t>(bits * storage.block_size, widest_bits));
    return level;
}

Level timeloop_fan_out(const TimeloopStorage& outer, const std::string& inner, std::int64_t mesh_x, std::int64_t mesh_y,
                       const Location& where, const Workload& workload) {
    if (mesh_x % outer.mesh_x != 0 || mesh_y % outer.mesh_y != 0)
        throw UserError(fmt::format("the {} x {} mesh of '{}' cannot be divided among the {} x {} mesh of '{}'", mesh_x, mesh_y,
                                    inner, outer.mesh_x, outer.mesh_y, outer.name),
                        where);
    Level level;
    level.name = outer.name + "_to_" + inner;
    level.where = where;
    level.kind = LevelKind::array;
    const std::int64_t columns = mesh_x / outer.mesh_x;
    const std::int64_t rows = mesh_y / outer.mesh_y;
    if (std::max(columns, rows) > longest_axis)
        throw UserError(fmt::format("the fan-out of {} x {} from '{}' to '{}' is larger than {} on an axis", columns, rows,
                                    outer.name, inner, longest_axis),
                        where);
    level.columns = static_cast<int>(columns);
    level.rows = static_cast<int>(rows);
    for (const Tensor& tensor : workload.tensors) {
        Network network;
        network.transport = Transport::multicast;
        network.reduction = Reduction::tree;
        network.latency_cycles = static_cast<int>((tensor.is_output ? outer.drain_latency : outer.fill_latency).value_or(1));
        level.networks[tensor.name] = network;
    }
    return level;
}

}  // namespace accelsim
