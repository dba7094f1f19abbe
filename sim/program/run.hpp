// SPDX-License-Identifier: Apache-2.0
// The main job: one run file in, one checked result out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mappings/design.hpp"
#include "models/energy.hpp"
#include "sim/hardware/result.hpp"
#include "sim/program/relieve.hpp"
#include "sim/program/yaml/load_run.hpp"

namespace accelsim {

struct RunOptions {
    std::string file;
    std::vector<std::string> overrides;  ///< path.to.key=value
    bool passes = false;                 ///< explain: the nest after each pass of the schedule
    std::string svg;                     ///< explain: the machine and the mapping as a picture
    std::string json;                    ///< output files, empty: none
    std::string transactions;
    std::string dump_output;
    std::string dram_requests;  ///< of a detailed DRAM
    std::string dram_commands;
    std::string vcd, fst;  ///< a waveform
    std::int64_t vcd_from = 0;
    std::int64_t vcd_to = -1;
    std::vector<std::string> vcd_pes;  ///< "row,column" of the array, or lane numbers
    std::string html;                  ///< a page
    std::string timeline;
    std::int64_t timeline_from = 0;
    std::int64_t timeline_to = -1;
    bool single_step = false;
    std::int64_t max_cycles = -1;  ///< -1: as the run file says
    bool relieve = false;          ///< simulate what would relieve the bottleneck, too
    bool quiet = false;
    std::string layer;          ///< of a network: this one alone
    int processes = 0;          ///< of a network, at a time; 0: as many as there are processors
    std::string output_folder;  ///< rtl: where the machine goes
};

/// Everything that is known after a run.
struct RunRecord {
    Design design;
    SimulationResult simulated;
    Counts model;
    EnergyReport energy;
    EnergyReport model_energy;
    bool checked = false;  ///< false: without data there is nothing to check
    std::int64_t mismatches = 0;
    std::string output_sha256;
    double reference_s = 0;
    std::int64_t peak_bytes = 0;
    std::optional<std::vector<Relief>> reliefs;  ///< when asked for
    std::map<std::string, double> areas;         ///< um^2 per component
    std::string activity;                        ///< JSON of Activity, with --html
};

/// Simulates a loaded run and compares counts and outputs. Elaborates SystemC: once per process. Throws InternalError when
/// simulated counts and the closed form differ.
RunRecord simulate_and_check(const RunOptions& options, const RunConfig& config);

/// Terminal colours: on a terminal, unless NO_COLOR is set.
bool wants_colour();

/// Where the resolved configuration goes: beside the JSON result, else into out/.
std::string resolved_path(const RunOptions& options, const std::string& name);
/// Writes it. Failing is an error only if a result was asked for.
void write_resolved(const RunOptions& options, const std::string& name, const std::string& text);

/// Runs, checks, reports and writes the files asked for. Returns the exit code: 0 verified, 1 not. Throws UserError,
/// SimulationError, InternalError (simulated counts and the closed form differ).
int run(const RunOptions& options);
/// The same with a run file that is loaded already.
int run_tree(const RunOptions& options, const RunTree& tree);

/// Lowers the run file's design and prints its nest.
int explain_run(const RunOptions& options);

/// Writes the run file's machine and program as SystemVerilog into the output folder.
int rtl_run(const RunOptions& options);

/// Throws InternalError naming the first level, tensor and kind in which simulated and modelled counts differ.
void require_equal(const Counts& simulated, const Counts& model);

/// SHA-256 (FIPS 180-4) over the row-major little-endian elements of the output's width.
std::string output_hash(const Tensor& output, const std::vector<std::int32_t>& values);

}  // namespace accelsim
