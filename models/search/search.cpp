// SPDX-License-Identifier: Apache-2.0
#include "models/search/search.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>

#include "models/search/plan.hpp"

namespace accelsim::search {

namespace {

constexpr PerLoop ones{1, 1, 1, 1, 1, 1, 1};
/// Sums are added in different orders: a bound must be beaten by more than their rounding.
constexpr double slack = 1 - 1e-12;
constexpr double report_period_s = 0.2;

/// What all threads share.
class Shared {
public:
    Shared(const Limits& limits, const std::function<bool(const Mapping&)>& accept) : limits_(limits), accept_(accept) {}

    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
    /// What a mapping must beat: the last of those that are kept.
    double best() const { return best_pj_.load(std::memory_order_relaxed); }
    bool prunes(double bound_pj) const { return limits_.bounds && bound_pj >= best() * slack; }
    bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
    void leave_out() { complete_.store(false); }

    void offer(double energy_pj, const std::function<Mapping()>& make) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (energy_pj >= best()) return;
        Mapping mapping = make();
        if (accept_ && !accept_(mapping)) {
            found_.accepted_all = false;
            return;
        }
        const auto after =
            std::upper_bound(kept_.begin(), kept_.end(), energy_pj, [](double e, const Kept& k) { return e < k.energy_pj; });
        kept_.insert(after, {energy_pj, std::move(mapping)});
        if (kept_.size() > limits_.keep) kept_.pop_back();
        if (kept_.size() == limits_.keep) best_pj_.store(kept_.back().energy_pj);
        found_.energy_pj = kept_.front().energy_pj;
    }

    bool wants_distribution() const { return !limits_.bounds; }

    void add(const Distribution& energies) {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (const auto& [key, number] : energies) found_.distribution[key] += number;
    }

    /// Also looks at the clock.
    void count(std::int64_t evaluated, std::int64_t pruned, double done) {
        const std::lock_guard<std::mutex> lock(mutex_);
        found_.evaluated += evaluated;
        found_.pruned += pruned;
        done_ += done;
        const double now = seconds();
        if (limits_.seconds > 0 && now >= limits_.seconds) stopped_.store(true);
        if (!limits_.report || now < next_report_s_) return;
        next_report_s_ = now + report_period_s;
        limits_.report({now, done_, found_.energy_pj, found_.evaluated});
    }

    Found result() {
        found_.seconds = seconds();
        for (Kept& kept : kept_) {
            if (!found_.mapping)
                found_.mapping = std::move(kept.mapping);
            else
                found_.next.push_back(std::move(kept.mapping));
        }
        found_.proven = !stopped() && complete_.load();
        return std::move(found_);
    }

private:
    struct Kept {
        double energy_pj;
        Mapping mapping;
    };

    const Limits& limits_;
    const std::function<bool(const Mapping&)>& accept_;
    std::vector<Kept> kept_;  ///< the cheapest first
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    std::atomic<double> best_pj_{std::numeric_limits<double>::infinity()};
    std::atomic<bool> stopped_{false};
    std::atomic<bool> complete_{true};
    std::mutex mutex_;
    Found found_;
    double done_ = 0;
    double next_report_s_ = report_period_s;
};

/// Walks one plan's paths from the outermost tile inward; of the outermost tiles every `step`-th from `first` on.
class Walk {
public:
    Walk(const Plan& plan, const Space& space, Shared& shared) : plan_(plan), shared_(shared), path_(space.levels() - 1) {}

    void run(std::size_t first, std::size_t step, double share) {
        const std::vector<Tile>& outermost = plan_.tiles(path_.size() - 1);
        energies_.resize(path_.size() + 1);
        for (std::size_t i = first; i < outermost.size() && !shared_.stopped(); i += step) {
            if (shared_.prunes(bound(path_.size() - 1, outermost[i], 0))) {
                pruned_ += static_cast<std::int64_t>((outermost.size() - i + step - 1) / step);
                break;
            }
            enter(path_.size() - 1, outermost[i], ones, 0);
        }
        flush(share);
        shared_.add(distribution_);
    }

private:
    /// Of all that is left to pay when `tile` is taken at `level`.
    double bound(std::size_t level, const Tile& tile, double spent_pj) const {
        return spent_pj + tile.bound_pj + plan_.rest_bound(level);
    }

    /// `outside`: of the level outside this tile's.
    void enter(std::size_t level, const Tile& tile, const PerLoop& outside, double spent_pj) {
        path_[level] = &tile;
        energies_[level + 1] = plan_.cheapest(level + 1, tile.outside, outside);
        spent_pj += energies_[level + 1].pj();
        if (level == 0) {
            finish(tile);
            return;
        }
        if (shared_.prunes(spent_pj + plan_.rest_bound(level))) {
            ++pruned_;
            return;
        }
        const std::vector<Tile>& inner = plan_.tiles(level - 1);
        for (std::size_t i = 0; i < inner.size(); ++i) {
            if (shared_.prunes(bound(level - 1, inner[i], spent_pj))) {
                pruned_ += static_cast<std::int64_t>(inner.size() - i);
                break;
            }
            if (plan_.follows(level - 1, inner[i], tile)) enter(level - 1, inner[i], tile.outside, spent_pj);
            if (shared_.stopped()) return;
        }
    }

    /// Adds as the model does, level by level, the array before the memory.
    void finish(const Tile& tile) {
        energies_[0] = plan_.innermost(tile);
        double total_pj = 0;
        for (const LevelEnergy& energy : energies_) {
            // The branch keeps g++ 12 from vectorizing this sum; it would add every memory twice.
            if (energy.array_pj != 0) total_pj += energy.array_pj;
            total_pj += energy.memory_pj;
        }
        if (total_pj < shared_.best()) shared_.offer(total_pj, [&] { return plan_.mapping(path_); });
        if (shared_.wants_distribution() && total_pj > 0)
            ++distribution_[static_cast<int>(std::floor(std::log(total_pj) / std::log(distribution_base)))];
        if (++evaluated_ % 65536 == 0) flush(0);
    }

    void flush(double share) {
        shared_.count(evaluated_ - counted_, pruned_, share);
        counted_ = evaluated_;
        pruned_ = 0;
    }

    const Plan& plan_;
    Shared& shared_;
    std::vector<const Tile*> path_;
    std::vector<LevelEnergy> energies_;
    Distribution distribution_;
    std::int64_t evaluated_ = 0;
    std::int64_t counted_ = 0;
    std::int64_t pruned_ = 0;
};

/// No mapping of an unrolling costs less: every level as if it had no loops at all.
double bound_of(const Space& space, const Unrolling& unrolling) {
    double bound_pj = 0;
    for (std::size_t l = 0; l < space.levels(); ++l)
        bound_pj += LevelCost(space, unrolling, l).energy(ones, ones, free_orders().classes(0).front().stationary).pj();
    return bound_pj;
}

struct Candidate {
    Unrolling unrolling;
    double bound_pj = 0;
};

std::vector<Candidate> candidates(const Space& space, std::vector<Unrolling> among) {
    std::vector<Candidate> result;
    for (Unrolling& unrolling : among) {
        const double bound_pj = bound_of(space, unrolling);
        result.push_back({std::move(unrolling), bound_pj});
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const Candidate& a, const Candidate& b) { return a.bound_pj < b.bound_pj; });
    return result;
}

void run_threads(int count, const std::function<void(std::size_t)>& work) {
    std::vector<std::thread> threads;
    for (int i = 1; i < count; ++i) threads.emplace_back(work, static_cast<std::size_t>(i));
    work(0);
    for (std::thread& thread : threads) thread.join();
}

class Search {
public:
    Search(const Space& space, std::vector<Unrolling> among, const Limits& limits,
           const std::function<bool(const Mapping&)>& accept)
        : space_(space), limits_(limits), shared_(limits, accept), candidates_(candidates(space, std::move(among))) {
        // The program reads a hint's order and does not use it.
        for (const auto& hints : space.hints)
            orders_.emplace_back(space.rules == Rules::program ? std::array<LoopHint, loop_count>{} : hints);
        threads_ = std::max(1, limits.threads);
    }

    Found run() {
        // Many unrollings are shared out whole; of a few, each one's tiles are.
        const bool whole = candidates_.size() >= 4 * static_cast<std::size_t>(threads_);
        if (whole)
            run_threads(threads_, [&](std::size_t) { take_unrollings(); });
        else
            for (const Candidate& candidate : candidates_) walk(candidate, threads_);
        return shared_.result();
    }

private:
    void take_unrollings() {
        for (std::size_t i = next_++; i < candidates_.size(); i = next_++) walk(candidates_[i], 1);
    }

    void walk(const Candidate& candidate, int threads) {
        if (shared_.stopped()) return;
        const double share = 1.0 / static_cast<double>(candidates_.size());
        if (shared_.prunes(candidate.bound_pj)) return shared_.count(0, 1, share);
        const Plan plan(space_, candidate.unrolling, orders_, limits_.most_tiles);
        if (!plan.complete()) shared_.leave_out();
        if (!plan.feasible()) return shared_.count(0, 0, share);
        const auto step = static_cast<std::size_t>(threads);
        run_threads(threads, [&](std::size_t i) { Walk(plan, space_, shared_).run(i, step, share / threads); });
    }

    const Space& space_;
    const Limits& limits_;
    Shared shared_;
    std::vector<Candidate> candidates_;
    std::vector<LevelOrders> orders_;
    int threads_ = 1;
    std::atomic<std::size_t> next_{0};
};

}  // namespace

Found find_cheapest(const Space& space, const Limits& limits, const std::function<bool(const Mapping&)>& accept) {
    return find_cheapest(space, unrollings(space), limits, accept);
}

Found find_cheapest(const Space& space, std::vector<Unrolling> among, const Limits& limits,
                    const std::function<bool(const Mapping&)>& accept) {
    return Search(space, std::move(among), limits, accept).run();
}

}  // namespace accelsim::search
