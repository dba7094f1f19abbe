// SPDX-License-Identifier: Apache-2.0
#include "sim/program/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "mappings/reference.hpp"
#include "models/exact_counts.hpp"
#include "sim/files/output_file.hpp"
#include "sim/program/dram/dram_recorder.hpp"
#include "sim/program/json_result.hpp"
#include "sim/program/memory.hpp"
#include "sim/program/network_run.hpp"
#include "sim/program/npy.hpp"
#include "sim/program/optimize/best_mapping.hpp"
#include "sim/program/report.hpp"
#include "sim/program/see/activity.hpp"
#include "sim/program/see/machine_svg.hpp"
#include "sim/program/see/page.hpp"
#include "sim/program/see/run_page.hpp"
#include "sim/program/see/timeline.hpp"
#include "sim/program/see/waveform_options.hpp"
#include "sim/program/sha256.hpp"
#include "sim/program/signals.hpp"
#include "sim/program/transactions.hpp"
#include "sim/program/yaml/files.hpp"
#include "sim/program/yaml/load_network.hpp"
#include "sim/rtl/write_rtl.hpp"

namespace accelsim {

namespace {

std::int64_t count_mismatches(const std::vector<std::int32_t>& left, const std::vector<std::int32_t>& right) {
    std::int64_t count = left.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) count += left[i] != right[i] ? 1 : 0;
    return count;
}

SimulationOptions simulation_options(const RunOptions& options, const RunConfig& config, const Design& design) {
    SimulationOptions result;
    result.advance = options.single_step ? Advance::single_step : config.advance;
    result.interrupt = interrupt_flag();
    result.data = config.data.on;
    result.max_cycles = options.max_cycles >= 0 ? options.max_cycles : config.max_cycles;
    result.waveform = waveform_options(options, design);
    if (const std::string note = note_of_size(result.waveform, design); !note.empty()) std::cerr << note << '\n';
    return result;
}

/// The run, or one layer of a network; it can be lowered as it is.
RunConfig load_single(const RunOptions& options, const RunTree& tree) {
    if (!options.layer.empty()) {
        if (!has_network(tree))
            throw UserError("--layer is for networks; the workload of " + options.file + " is a single layer");
        const NetworkConfig network = read_network(tree);
        return with_mapping(read_layer(network, find_layer(network, options.layer)));
    }
    return with_mapping(read_run(tree));
}

void write_files(const RunOptions& options, const RunConfig& config, const RunRecord& record) {
    if (!options.json.empty()) write_whole_file(options.json, json_result(record));
    if (!options.html.empty()) write_page(options.html, run_page(record));
    if (!options.dump_output.empty()) write_npy(options.dump_output, record.design.workload.output(), record.simulated.output);
    write_resolved(options, config.name, config.resolved_yaml);
}

void compare(const std::string& where, const char* kind, std::int64_t simulated, std::int64_t model) {
    if (simulated == model) return;
    throw InternalError(fmt::format("{}, {}: simulated {}, closed form {}", where, kind, simulated, model));
}

}  // namespace

void require_equal(const Counts& simulated, const Counts& model) {
    for (std::size_t l = 0; l < model.levels.size(); ++l) {
        for (std::size_t t = 0; t < model.levels[l].tensors.size(); ++t) {
            const TensorCounts& s = simulated.levels.at(l).tensors.at(t);
            const TensorCounts& m = model.levels[l].tensors[t];
            const std::string where = "counts of " + m.tensor + " at " + model.levels[l].name;
            compare(where, "reads.to_child", s.reads_to_child, m.reads_to_child);
            compare(where, "reads.to_parent", s.reads_to_parent, m.reads_to_parent);
            compare(where, "writes.from_parent", s.writes_from_parent, m.writes_from_parent);
            compare(where, "writes.from_child", s.writes_from_child, m.writes_from_child);
        }
    }
    for (std::size_t n = 0; n < model.networks.size(); ++n) {
        for (std::size_t t = 0; t < model.networks[n].tensors.size(); ++t) {
            const LinkCounts& s = simulated.networks.at(n).tensors.at(t);
            const LinkCounts& m = model.networks[n].tensors[t];
            const std::string where =
                "traffic of " + m.tensor + " from " + model.networks[n].from + " to " + model.networks[n].to;
            compare(where, "injected", s.injected, m.injected);
            compare(where, "delivered", s.delivered, m.delivered);
            compare(where, "hops", s.hops, m.hops);
            compare(where, "hop lengths", s.hop_lengths, m.hop_lengths);
        }
    }
    compare("counts", "MACs", simulated.mac_operations, model.mac_operations);
}

std::string output_hash(const Tensor& output, const std::vector<std::int32_t>& values) {
    const std::size_t size = static_cast<std::size_t>(output.bits) / 8;
    std::string bytes;
    bytes.reserve(values.size() * size);
    for (std::int32_t value : values) {
        for (std::size_t b = 0; b < size; ++b) bytes += static_cast<char>(static_cast<std::uint32_t>(value) >> (8 * b));
    }
    return sha256(bytes);
}

std::string resolved_path(const RunOptions& options, const std::string& name) {
    if (options.json.empty()) {
        std::string file = name;
        std::replace(file.begin(), file.end(), '/', '_');
        return "out/" + file + ".resolved.yaml";
    }
    return std::filesystem::path(options.json).replace_extension(".resolved.yaml").string();
}

void write_resolved(const RunOptions& options, const std::string& name, const std::string& text) {
    if (is_stream(options.json)) return;
    try {
        write_whole_file(resolved_path(options, name), text);
    } catch (const UserError& error) {
        // Nobody asked for this file by name: a read-only folder must not fail the run.
        if (!options.json.empty()) throw;
        std::cerr << "note: " << error.what() << '\n';
    }
}

RunRecord simulate_and_check(const RunOptions& options, const RunConfig& config) {
    RunRecord record;
    record.areas = config.areas;
    record.design = lower(config.workload, config.architecture, config.nest, config.name);
    if (!config.data.on && !options.dump_output.empty())
        throw UserError("--dump-output: with 'data: off' there is no output; leave one of them out");
    Operands operands;
    if (config.data.on) {
        require_memory(config.workload);
        operands = load_operands(config);
    }
    SimulationOptions simulation = simulation_options(options, config, record.design);
    std::unique_ptr<TransactionWriter> transactions;
    if (!options.transactions.empty()) {
        transactions = std::make_unique<TransactionWriter>(options.transactions, record.design);
        simulation.sinks.push_back(transactions.get());
    }
    DramRecorder dram(record.design, options.dram_requests, options.dram_commands);
    dram.listen(simulation);
    std::unique_ptr<TimelineWriter> timeline;
    if (!options.timeline.empty()) {
        if (options.timeline_to >= 0 && options.timeline_to < options.timeline_from)
            throw UserError(
                fmt::format("--timeline-to {} is before --timeline-from {}", options.timeline_to, options.timeline_from));
        timeline = std::make_unique<TimelineWriter>(options.timeline, record.design,
                                                    CycleWindow{options.timeline_from, options.timeline_to});
        timeline->listen(simulation);
    }
    std::unique_ptr<Activity> activity;
    if (!options.html.empty()) {
        activity = std::make_unique<Activity>(record.design);
        simulation.sinks.push_back(activity.get());
    }
    record.simulated = simulate(record.design, operands, simulation);
    record.peak_bytes = peak_memory();
    dram.write();
    if (transactions != nullptr) transactions->finish();
    if (timeline != nullptr) timeline->finish(record.simulated.cycles);
    if (activity != nullptr) record.activity = activity->json(record.simulated.cycles).dump();
    record.model = count_exactly(record.design);
    require_equal(record.simulated.counts, record.model);
    record.energy = price(record.design, record.simulated.counts);
    if (record.simulated.dram) price_commands(record.simulated.dram->energy_pj, record.energy);
    record.model_energy = price(record.design, record.model);
    if (!config.data.on) return record;
    record.checked = true;
    const auto begin = std::chrono::steady_clock::now();
    record.mismatches = count_mismatches(record.simulated.output, execute_reference(record.design.workload, operands));
    record.reference_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    record.output_sha256 = output_hash(record.design.workload.output(), record.simulated.output);
    return record;
}

/// Nothing when SIGINT or SIGTERM ended it; what there is to say is said then.
std::optional<RunRecord> simulate_until_interrupted(const RunOptions& options, const RunConfig& config) {
    const SignalGuard guard;
    try {
        return simulate_and_check(options, config);
    } catch (const Interrupted& interrupted) {
        if (!options.quiet) std::cout << partial_report(interrupted);
        std::cerr << "error: " << interrupted.what() << "; no result is written\n";
        return std::nullopt;
    }
}

bool wants_colour() {
    const char* no_colour = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

int run(const RunOptions& options) { return run_tree(options, load_tree(options.file, options.overrides)); }

int run_tree(const RunOptions& options, const RunTree& tree) {
    if (has_network(tree) && options.layer.empty()) return run_network(options, read_network(tree));
    const RunConfig config = load_single(options, tree);
    std::optional<std::vector<Relief>> reliefs;
    if (options.relieve) reliefs = find_relief(config, process_count(options));
    const std::optional<RunRecord> finished = simulate_until_interrupted(options, config);
    if (!finished) {
        std::cout.flush();
        die_of(interrupting_signal());
    }
    RunRecord record = *finished;
    record.reliefs = std::move(reliefs);
    write_files(options, config, record);
    if (!options.quiet) {
        std::cout << text_report({record.design, record.simulated, record.energy, record.checked, record.mismatches,
                                  record.output_sha256, record.reference_s, record.peak_bytes, record.reliefs},
                                 wants_colour());
        for (const std::string& note : config.notes) std::cout << "note: " << note << '\n';
        double area_um2 = 0;
        for (const auto& [component, area] : record.areas) area_um2 += area;
        if (area_um2 > 0) std::cout << fmt::format("area of the components in the ART: {:.4g} mm2\n", area_um2 * 1e-6);
        if (config.default_mapping) std::cout << "note: no mapping is given; accelsim explain prints the one that was found\n";
    }
    if (record.mismatches != 0) throw InternalError(fmt::format("{} outputs differ from the reference", record.mismatches));
    return 0;
}

int explain_run(const RunOptions& options) {
    const RunConfig config = load_single(options, load_tree(options.file, options.overrides));
    if (options.passes && config.passes.empty())
        throw UserError("--passes: the mapping of " + options.file + " is an explicit nest; only a 'schedule' has passes");
    if (options.passes) {
        for (const PassText& pass : config.passes) std::cout << "after " << pass.pass << ":\n" << pass.nest << '\n';
    }
    const Design design = lower(config.workload, config.architecture, config.nest, config.name);
    if (!options.svg.empty()) write_whole_file(options.svg, machine_svg(design));
    std::cout << explain(design);
    if (config.generated) std::cout << "\n# generated by the schedule\n" << to_yaml(config.architecture, config.workload);
    return 0;
}

int rtl_run(const RunOptions& options) {
    const RunConfig config = with_mapping(load_run(options.file, options.overrides));
    if (!config.data.on) throw UserError("accelsim rtl writes the operands, too: leave 'data: off' out");
    const Design design = lower(config.workload, config.architecture, config.nest, config.name);
    write_rtl(design, load_operands(config), template_directory(), options.output_folder);
    if (!options.quiet) std::cout << "machine and program of " << design.name << " are in " << options.output_folder << '\n';
    return 0;
}

}  // namespace accelsim
