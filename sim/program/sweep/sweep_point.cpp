// SPDX-License-Identifier: Apache-2.0
#include "sim/program/sweep/sweep_point.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <new>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/program/run.hpp"
#include "sim/program/yaml/yaml_values.hpp"

namespace accelsim {

namespace {

constexpr int time_code = 124;  // as timeout(1)
constexpr int memory_code = 125;

void leave_late(int) { ::_exit(time_code); }

#ifdef __SANITIZE_ADDRESS__
constexpr bool limits_memory = false;  // the sanitizer's shadow alone is terabytes of addresses
#else
constexpr bool limits_memory = true;
#endif

void limit(const SweepLimits& limits) {
    if (limits_memory && limits.bytes > 0) {
        const auto bytes = static_cast<rlim_t>(limits.bytes);
        const rlimit value{bytes, bytes};
        ::setrlimit(RLIMIT_AS, &value);
    }
    if (limits.seconds > 0) {
        std::signal(SIGALRM, leave_late);
        ::alarm(static_cast<unsigned>(limits.seconds));
    }
}

/// The message that a run of a network printed, without its "error: ".
std::string first_message(const std::string& printed) {
    const std::size_t begin = printed.starts_with("error: ") ? 7 : 0;
    return printed.substr(begin, printed.find('\n', begin) - begin);
}

std::string run_quietly(const Sweep& sweep, const SweepPoint& point, const std::string& folder) {
    RunOptions options;
    options.file = sweep.run;
    options.json = fmt::format("{}/{}.json", folder, point.fingerprint);
    options.quiet = true;
    options.processes = 1;
    std::ostringstream printed;
    std::cerr.rdbuf(printed.rdbuf());
    const int code = run_tree(options, load_tree(sweep.run, point.changes));
    const std::string message = first_message(printed.str());
    if (code == 2) throw UserError(message);
    if (code == 3) throw SimulationError(message);
    if (code != 0) throw InternalError(message.empty() ? "the outputs differ from the reference's" : message);
    std::ifstream in(options.json);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string settings_json(const SweepPoint& point) {
    nlohmann::ordered_json settings = nlohmann::ordered_json::object();
    for (const auto& [path, value] : point.settings) settings[path] = value;
    return settings.dump();
}

std::string state_of(int code) {
    if (code == 0) return "done";
    if (code == 2) return "refused";
    if (code == 3) return "stuck";
    return code == time_code || code == memory_code ? "limit" : "failed";
}

}  // namespace

std::string run_sweep_point(const Sweep& sweep, const SweepPoint& point, const std::string& folder) {
    limit(sweep.limits);
    try {
        return run_quietly(sweep, point, folder);
    } catch (const std::bad_alloc&) {
        ::_exit(memory_code);
    }
}

StoredPoint stored_point(const Sweep& sweep, const SweepPoint& point, const JobOutcome& outcome, double seconds) {
    StoredPoint stored{point.fingerprint, settings_json(point), state_of(outcome.code), "", "", seconds};
    if (outcome.code == time_code) {
        stored.message = fmt::format("took longer than {} s", sweep.limits.seconds);
    } else if (outcome.code == memory_code) {
        stored.message = sweep.limits.bytes > 0 ? "needs more memory than " + format_bytes(sweep.limits.bytes) : "out of memory";
    } else {
        (outcome.code == 0 ? stored.result : stored.message) = outcome.text;
    }
    return stored;
}

StoredPoint refused_point(const SweepPoint& point) {
    return {point.fingerprint, settings_json(point), "refused", point.error, "", 0};
}

}  // namespace accelsim
