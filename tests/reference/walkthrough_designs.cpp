// SPDX-License-Identifier: Apache-2.0
#include "tests/reference/walkthrough_designs.hpp"

#include <string>

namespace accelsim::testing {

namespace {

constexpr bool down = false, up = true;
enum { dram = 0, global_buffer = 1, array = 2, register_file = 3 };

Level buffer(const std::string& name, int depth, int width_bits, int latency_cycles, Ports ports) {
    Level level;
    level.name = name;
    level.kind = name == "DRAM" ? LevelKind::dram : LevelKind::buffer;
    level.capacity_bytes = name == "DRAM" ? 0 : 4096;
    level.depth = depth;
    level.width_bits = width_bits;
    level.latency_cycles = latency_cycles;
    level.ports = ports;
    return level;
}

Level array_2x2(Transport input, Transport weight, Reduction output) {
    Level level;
    level.name = "PE";
    level.kind = LevelKind::array;
    level.rows = level.columns = 2;
    level.networks["input"] = Network{input, Reduction::systolic, 1, 0};
    level.networks["weight"] = Network{weight, Reduction::systolic, 1, 0};
    level.networks["output"] = Network{Transport::multicast, output, 1, 0};
    return level;
}

Level mac(int latency_cycles) {
    Level level;
    level.name = "MAC";
    level.kind = LevelKind::mac;
    level.latency_cycles = latency_cycles;
    return level;
}

Loop loop(const Workload& workload, const std::string& dimension, std::int64_t bound, int level,
          LoopKind kind = LoopKind::temporal) {
    return {workload.find_dimension(dimension), bound, level, kind, {}};
}

}  // namespace

Walkthrough weight_stationary_walkthrough() {
    Walkthrough w;
    Workload& workload = w.design.workload = make_gemm(3, 2, 4);
    Level registers = buffer("RF", 2, 64, 0, {});
    registers.keeps_all = false;
    registers.keeps = {"weight"};
    w.design.architecture.name = "weight_stationary";
    w.design.architecture.levels = {buffer("DRAM", 1, 64, 2, {}), buffer("GB", 1, 64, 1, {}),
                                    array_2x2(Transport::systolic, Transport::unicast, Reduction::systolic), registers, mac(1)};
    w.design.nest.loops = {loop(workload, "C", 2, global_buffer), loop(workload, "N", 3, global_buffer),
                           loop(workload, "C", 2, array, LoopKind::rows), loop(workload, "K", 2, array, LoopKind::columns)};
    w.cycles = 35;
    w.busy = 6;
    w.stalls = {{"drain", 9}, {"input@MAC", 1}, {"output@MAC", 5}, {"readback", 2}, {"startup", 12}};
    w.issue_cycles = {12, 14, 15, 22, 24, 25};
    w.grants = {{1, 0, down, 0, 4},  {2, 1, down, 0, 4},  {3, 0, down, 0, 4},  {4, 1, down, 0, 4},  {5, 0, down, 0, 4},
                {8, 3, down, 0, 4},  {9, 4, down, 0, 2},  {10, 3, down, 1, 4}, {11, 4, down, 1, 2}, {12, 4, down, 2, 2},
                {13, 4, down, 3, 2}, {14, 4, down, 4, 2}, {14, 5, up, 0, 2},   {15, 4, down, 5, 2}, {16, 5, up, 1, 2},
                {17, 5, up, 2, 2},   {19, 5, down, 3, 2}, {21, 5, down, 4, 2}, {22, 5, down, 5, 2}, {24, 5, up, 3, 2},
                {26, 5, up, 4, 2},   {27, 5, up, 5, 2},   {32, 2, up, 0, 2},   {33, 2, up, 0, 2},   {34, 2, up, 0, 2}};
    return w;
}

Walkthrough row_stationary_walkthrough() {
    Walkthrough w;
    Conv2dShape shape;
    shape.c = shape.y = shape.x = shape.fy = shape.fx = 2;
    Workload& workload = w.design.workload = make_conv2d(shape);
    w.design.architecture.name = "row_stationary";
    w.design.architecture.levels = {buffer("DRAM", 1, 64, 2, {}), buffer("GB", 1, 64, 1, {}),
                                    array_2x2(Transport::multicast, Transport::systolic, Reduction::systolic),
                                    buffer("RF", 1, 32, 0, {}), mac(1)};
    w.design.nest.loops = {loop(workload, "C", 2, global_buffer), loop(workload, "FY", 2, array, LoopKind::rows),
                           loop(workload, "Y", 2, array, LoopKind::columns), loop(workload, "X", 2, register_file),
                           loop(workload, "FX", 2, register_file)};
    w.cycles = 40;
    w.busy = 8;
    w.stalls = {{"drain", 9}, {"input@RF", 7}, {"startup", 16}};
    w.issue_cycles = {16, 17, 18, 19, 27, 28, 29, 30};
    w.grants = {{1, 0, down, 0, 4},  {2, 1, down, 0, 4},  {3, 0, down, 0, 4},  {4, 1, down, 0, 4},  {5, 0, down, 0, 4},
                {6, 0, down, 0, 4},  {7, 0, down, 0, 2},  {8, 4, down, 0, 4},  {11, 3, down, 0, 4}, {12, 3, down, 0, 4},
                {13, 3, down, 0, 1}, {21, 4, down, 1, 4}, {22, 3, down, 1, 4}, {23, 3, down, 1, 4}, {24, 3, down, 1, 1},
                {32, 5, up, 0, 2},   {33, 5, up, 0, 2},   {38, 2, up, 0, 2},   {39, 2, up, 0, 2}};
    return w;
}

Walkthrough output_stationary_walkthrough() {
    Walkthrough w;
    Workload& workload = w.design.workload = make_gemm(2, 3, 3);
    Level registers = buffer("RF", 2, 32, 0, {});
    registers.keeps_all = false;
    registers.keeps = {"output"};
    w.design.architecture.name = "output_stationary";
    w.design.architecture.levels = {buffer("DRAM", 1, 64, 2, {}), buffer("GB", 2, 64, 1, {2, 1, false}),
                                    array_2x2(Transport::systolic, Transport::multicast, Reduction::tree), registers, mac(2)};
    w.design.nest.loops = {loop(workload, "C", 2, dram), loop(workload, "K", 2, dram), loop(workload, "C", 2, global_buffer),
                           loop(workload, "N", 2, array, LoopKind::rows), loop(workload, "K", 2, array, LoopKind::columns)};
    w.cycles = 41;
    w.busy = 6;
    w.stalls = {{"drain", 9}, {"output@GB", 5}, {"output@RF", 5}, {"output_space", 7}, {"startup", 9}};
    w.issue_cycles = {9, 10, 11, 12, 30, 31};
    w.grants = {{1, 0, down, 0, 4},  {2, 1, down, 0, 4},  {3, 0, down, 1, 2},  {4, 1, down, 1, 2},  {5, 4, down, 0, 2},
                {6, 4, down, 1, 2},  {6, 5, down, 0, 2},  {7, 4, down, 2, 2},  {7, 5, down, 1, 2},  {8, 4, down, 3, 2},
                {8, 5, down, 2, 1},  {9, 1, down, 2, 2},  {9, 4, down, 4, 2},  {9, 5, down, 3, 1},  {11, 1, down, 3, 1},
                {11, 4, down, 5, 2}, {13, 3, up, 0, 2},   {13, 5, down, 4, 2}, {14, 3, up, 0, 2},   {15, 3, up, 1, 2},
                {15, 5, down, 5, 1}, {18, 2, up, 0, 2},   {19, 2, up, 0, 2},   {20, 2, up, 1, 2},   {21, 2, down, 2, 2},
                {22, 2, down, 2, 2}, {23, 2, down, 3, 2}, {26, 3, down, 2, 2}, {27, 3, down, 2, 2}, {28, 3, down, 3, 2},
                {33, 3, up, 2, 2},   {34, 3, up, 2, 2},   {35, 3, up, 3, 2},   {38, 2, up, 2, 2},   {39, 2, up, 2, 2},
                {40, 2, up, 3, 2}};
    return w;
}

std::vector<Walkthrough> all_walkthroughs() {
    return {weight_stationary_walkthrough(), row_stationary_walkthrough(), output_stationary_walkthrough()};
}

}  // namespace accelsim::testing
