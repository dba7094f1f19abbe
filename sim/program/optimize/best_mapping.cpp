// SPDX-License-Identifier: Apache-2.0
#include "sim/program/optimize/best_mapping.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "sim/program/text_format.hpp"

namespace accelsim {

namespace {

constexpr double plain_seconds = 10;

/// The search's last line on a terminal; nothing elsewhere.
class SearchLine {
public:
    explicit SearchLine(double limit_s) : limit_s_(limit_s), shown_(::isatty(STDERR_FILENO) == 1) {}
    ~SearchLine() {
        if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
    }
    SearchLine(const SearchLine&) = delete;
    SearchLine& operator=(const SearchLine&) = delete;

    void show(const search::Progress& progress) {
        if (!shown_) return;
        drawn_ = true;
        double left = progress.done > 0 ? progress.seconds * (1 - progress.done) / progress.done : limit_s_;
        if (limit_s_ > 0) left = std::min(left, limit_s_ - progress.seconds);
        std::cerr << fmt::format("\r\x1b[Ksearched {:.0f}%, {} mappings, best {}, at most {:.0f} s left", 100 * progress.done,
                                 grouped(progress.evaluated),
                                 progress.best_pj > 0 ? energy_text(progress.best_pj) : std::string("none yet"),
                                 std::max(0.0, left))
                  << std::flush;
    }

private:
    double limit_s_;
    bool shown_;
    bool drawn_ = false;
};

Nest rules_of(const RunConfig& config) {
    Nest rules = config.nest;
    rules.loops.clear();
    rules.issued.clear();
    return rules;
}

bool has_price(const Memory& memory) { return memory.energy.read_pj > 0 || memory.energy.write_pj > 0; }

bool has_prices(const Architecture& architecture) {
    return std::any_of(architecture.levels.begin(), architecture.levels.end(), [](const Level& level) {
        return has_price(level) || level.hop_pj > 0 || level.delivery_pj > 0 ||
               std::any_of(level.memories.begin(), level.memories.end(), [](const auto& own) { return has_price(own.second); });
    });
}

/// Where nothing has a price, every mapping would be the best.
void require_prices(const RunConfig& config, const search::Request& request) {
    if (request.objective == search::Objective::cycles || has_prices(config.architecture)) return;
    throw UserError(
        "no access of this machine has a price, so that all mappings cost the same energy; add an energy table (energy: "
        "energy/interstellar_28nm.yaml), or search with --model latency --objective cycles",
        config.architecture.levels.front().where);
}

/// Calls `search` with a request that shows its progress.
template <class Search>
auto with_line(search::Request request, const Search& search) {
    SearchLine line(request.limits.seconds);
    request.limits.report = [&](const search::Progress& progress) { line.show(progress); };
    return search(request);
}

}  // namespace

search::Optimum search_mapping(const RunConfig& config, const search::Request& request) {
    require_prices(config, request);
    return with_line(request, [&](const search::Request& shown) {
        return search::optimize(config.workload, config.architecture, config.search.value_or(SearchSpace{}), rules_of(config),
                                shown);
    });
}

std::vector<search::DataflowOptimum> explore_run_dataflows(const RunConfig& config, const search::Request& request) {
    return with_line(request, [&](const search::Request& shown) {
        return search::explore_dataflows(config.workload, config.architecture, config.search.value_or(SearchSpace{}),
                                         rules_of(config), shown);
    });
}

BestRun find_best(const RunConfig& config, const search::Request& request) {
    return complete(config, search_mapping(config, request), request);
}

BestRun complete(const RunConfig& config, const search::Optimum& optimum, const search::Request& request) {
    BestRun best{optimum, config, 0, 0};
    search::Optimum running = optimum;
    if (!running.runs) {
        RunConfig ours = config;
        ours.search->program_rules = false;
        running = search_mapping(ours, request);
        running.notes.push_back(
            "the best mapping by Interstellar's rules does not run on this machine; simulated is the best that does");
    }
    best.energy_pj = running.energy_pj;
    best.cycles = running.cycles;
    best.config.search.reset();
    best.config.nest = running.nest;
    best.config.architecture = running.architecture;
    best.config.notes.insert(best.config.notes.end(), running.notes.begin(), running.notes.end());
    best.config.resolved_yaml = to_yaml(best.config);
    return best;
}

namespace {

/// Least energy alone may leave most lanes idle: they cost nothing, hops do. So where a run says nothing of lanes, many are asked
/// for, then fewer, until something fits.
RunConfig with_lanes_in_use(const RunConfig& config, const search::Request& request) {
    const SearchSpace& space = *config.search;
    if (space.min_utilization == 0 && space.hints.empty() && !space.program_rules) {
        for (const double share : {0.75, 0.5, 0.25}) {
            RunConfig busy = config;
            busy.search->min_utilization = share;
            try {
                return find_best(busy, request).config;
            } catch (const UserError&) {  // nothing fits; if that is not the reason, the last try says it
            }
        }
    }
    return find_best(config, request).config;
}

}  // namespace

RunConfig with_mapping(RunConfig config) {
    if (!config.search) return config;
    search::Request request;
    if (!search::interstellar_can_say(config.workload, config.architecture, config.nest)) request.model = ModelKind::exact;
    if (!has_prices(config.architecture)) {
        request.model = ModelKind::latency;
        request.objective = search::Objective::cycles;
    }
    request.limits.seconds = plain_seconds;
    request.limits.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return with_lanes_in_use(config, request);
}

}  // namespace accelsim
