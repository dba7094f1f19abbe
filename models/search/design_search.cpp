// SPDX-License-Identifier: Apache-2.0
#include "models/search/design_search.hpp"

#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <thread>
#include <tuple>

#include "models/energy.hpp"
#include "models/exact_counts.hpp"
#include "models/latency.hpp"

namespace accelsim::search {

namespace {

constexpr double most_tilings_to_prove = 200000;  ///< within a limited time; without a limit everything is tried
constexpr double climbing_share = 0.2;            ///< of the time, before everything is tried
constexpr double climbing_s = 2;                  ///< without a limit
constexpr int kicks = 4;                          ///< steps away from the best, to climb anew
constexpr int patience = 400;                     ///< neighbours without improvement, then a restart

class DesignSearch {
public:
    DesignSearch(const Workload& workload, const Architecture& architecture, const SearchSpace& search, const Nest& rules,
                 const Request& request)
        : workload_(workload), architecture_(architecture), request_(request), space_(workload, architecture, search, rules) {
        exhaustive_ = request.limits.seconds == 0 || space_.tiling_count() <= most_tilings_to_prove;
    }

    DesignFound run(const std::vector<Nest>& starts) {
        const double limit = request_.limits.seconds;
        double climb = limit;
        if (exhaustive_) climb = limit > 0 ? limit * climbing_share : climbing_s;
        for (const Nest& nest : starts) {
            Choice choice;
            if (space_.read(nest, choice) && space_.allows(choice)) starts_.push_back(std::move(choice));
        }
        if (exhaustive_) climb = std::min(climb, climbing_s);
        // What is tried in full anyway is not worth more steps than that takes.
        if (exhaustive_) most_climbed_ = static_cast<std::int64_t>(std::min(space_.tiling_count(), 1e12));
        deadline_s_ = climb;
        run_threads([&](std::size_t thread) {
            for (std::size_t i = thread; i < starts_.size() && !late(); i += static_cast<std::size_t>(request_.limits.threads))
                evaluate(starts_[i]);
        });
        run_threads([&](std::size_t thread) { climb_until_deadline(thread); });
        if (exhaustive_) {
            deadline_s_ = limit > 0 ? limit : std::numeric_limits<double>::infinity();
            late_ = false;
            run_threads([&](std::size_t) { try_all(); });
            found_.proven = !late_;
        }
        found_.evaluated = evaluated_;
        found_.pruned = pruned_;
        return std::move(found_);
    }

private:
    void run_threads(const std::function<void(std::size_t)>& work) {
        std::vector<std::thread> threads;
        for (int i = 1; i < request_.limits.threads; ++i) threads.emplace_back(work, static_cast<std::size_t>(i));
        work(0);
        for (std::thread& thread : threads) thread.join();
    }

    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

    bool late() {
        if (seconds() >= deadline_s_) late_ = true;
        return late_;
    }

    /// Infinite for what does not fit or run.
    double evaluate(const Choice& choice) {
        if (!space_.allows(choice)) {
            ++pruned_;
            return std::numeric_limits<double>::infinity();
        }
        const Nest nest = space_.nest(choice);
        DesignCost cost;
        try {
            cost = cost_of(workload_, architecture_, nest, request_.model);
        } catch (const UserError&) {
            ++pruned_;
            return std::numeric_limits<double>::infinity();
        }
        ++evaluated_;
        const double value = cost.value(request_.objective);
        if (value <= best_) offer(choice, nest, cost, value);
        return value;
    }

    /// Of equal values the cheaper one, then the faster one.
    void offer(const Choice& choice, const Nest& nest, const DesignCost& cost, double value) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto key = [](double v, const DesignCost& c) { return std::tuple(v, c.energy_pj, c.cycles); };
        if (found_.nest && key(value, cost) >= key(best_, found_.cost)) return;
        found_.nest = nest;
        best_choice_ = choice;
        found_.cost = cost;
        best_ = value;
    }

    void report(double done) {
        if (!request_.limits.report) return;
        const std::lock_guard<std::mutex> lock(mutex_);
        const double now = seconds();
        if (now < next_report_s_) return;
        next_report_s_ = now + 0.2;
        request_.limits.report({now, done, found_.cost.energy_pj, evaluated_});
    }

    void climb_until_deadline(std::size_t thread) {
        std::mt19937_64 random(request_.seed * 1000003 + thread);
        for (int round = 0; !late() && evaluated_ + pruned_ < most_climbed_; ++round) {
            Choice here = round % 2 == 0 ? near_best(random, round) : space_.random(random);
            double value = evaluate(here);
            for (int waits = 0; waits < patience && !late(); ++waits) {
                Choice next = space_.neighbour(here, random);
                const double there = evaluate(next);
                if (there < value) waits = 0;
                // From where nothing fits any step is as good.
                if (there <= value) here = std::move(next), value = there;
            }
            report(exhaustive_ ? 0 : seconds() / deadline_s_);
        }
    }

    /// The best so far, first as it is, later some steps away; anything while nothing is known.
    Choice near_best(std::mt19937_64& random, int round) {
        std::optional<Choice> best;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            best = best_choice_;
        }
        if (!best) return space_.random(random);
        for (int i = 0; i < round && i < kicks; ++i) best = space_.neighbour(std::move(*best), random);
        return std::move(*best);
    }

    void try_all() {
        for (std::size_t lanes = next_lanes_++; lanes < space_.lane_count() && !late(); lanes = next_lanes_++) {
            Choice choice;
            choice.lanes = lanes;
            choice.trips.resize(space_.dimension_count());
            choice.orders.resize(space_.buffer_count());
            for (std::vector<int>& order : choice.orders) order.resize(space_.dimension_count());
            try_tilings(choice, 0);
            report(static_cast<double>(lanes) / static_cast<double>(space_.lane_count()));
        }
    }

    void try_tilings(Choice& choice, std::size_t dimension) {
        if (dimension == space_.dimension_count()) {
            if (space_.fits(choice))
                try_orders(choice, 0);
            else
                ++pruned_;
            return;
        }
        for (const Trips& trips : space_.tilings(choice.lanes, dimension)) {
            choice.trips[dimension] = trips;
            try_tilings(choice, dimension + 1);
            if (late_) return;
        }
    }

    void try_orders(Choice& choice, std::size_t buffer) {
        if (late()) return;
        if (buffer == space_.buffer_count()) {
            evaluate(choice);
            return;
        }
        space_.for_each_order(choice, buffer, [&] { try_orders(choice, buffer + 1); });
    }

    const Workload& workload_;
    const Architecture& architecture_;
    const Request& request_;
    DesignSpace space_;
    bool exhaustive_ = false;
    std::vector<Choice> starts_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    double deadline_s_ = 0;
    std::int64_t most_climbed_ = std::numeric_limits<std::int64_t>::max();
    std::atomic<bool> late_{false};
    std::atomic<std::int64_t> evaluated_{0};
    std::atomic<std::int64_t> pruned_{0};
    std::atomic<std::size_t> next_lanes_{0};
    std::atomic<double> best_{std::numeric_limits<double>::infinity()};
    std::mutex mutex_;
    DesignFound found_;
    std::optional<Choice> best_choice_;
    double next_report_s_ = 0.2;
};

}  // namespace

double DesignCost::value(Objective objective) const {
    switch (objective) {
        case Objective::energy:
            return energy_pj;
        case Objective::cycles:
            return static_cast<double>(cycles);
        default:
            return energy_pj * static_cast<double>(cycles);
    }
}

DesignCost cost_of(const Workload& workload, const Architecture& architecture, const Nest& nest, ModelKind model) {
    const Design design = lower(workload, architecture, nest);
    const Counts counts = count_exactly(design);
    const double energy_pj = price(design, counts).total_pj;
    return {energy_pj, model == ModelKind::latency ? estimate_latency(design, counts) : design.steps};
}

DesignFound find_best_design(const Workload& workload, const Architecture& architecture, const SearchSpace& search,
                             const Nest& rules, const Request& request, const std::vector<Nest>& starts) {
    return DesignSearch(workload, architecture, search, rules, request).run(starts);
}

}  // namespace accelsim::search
