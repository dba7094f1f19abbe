// SPDX-License-Identifier: Apache-2.0
#include "tests/nightly/hunt.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <vector>

#include "tests/support/compare_all.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/shrink.hpp"

namespace accelsim::testing {

namespace {

using Clock = std::chrono::steady_clock;

/// Between the workers and their parent.
struct Shared {
    std::atomic<std::uint64_t> next_seed;
    std::atomic<std::uint64_t> compared;
    std::atomic<std::uint64_t> failing_seed;
    std::atomic<bool> failed;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

Shared& shared_memory() {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("mmap failed");
    return *new (memory) Shared{};
}

std::string compare_forked(const HuntOptions& options, const Compare& compare, std::uint64_t seed,
                           const std::function<RandomDesign()>& design) {
    return run_forked([&] {
        ::alarm(static_cast<unsigned>(options.design_seconds));  // ends as "signal 14"
        return compare(design(), seed);
    });
}

void work(const HuntOptions& options, const Compare& compare, Clock::time_point end, Shared& shared) {
    do {
        const std::uint64_t seed = shared.next_seed++;
        const std::string difference = compare_forked(options, compare, seed, [=] { return make_random_design(seed); });
        ++shared.compared;
        if (!difference.empty() && !shared.failed.exchange(true)) shared.failing_seed = seed;
    } while (!shared.failed && Clock::now() < end);
}

/// Waits for all workers, and says once a minute how far they are.
void watch(int workers, Clock::time_point start, const Shared& shared) {
    Clock::time_point next = start + std::chrono::minutes(1);
    while (workers > 0) {
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, WNOHANG);
        if (ended > 0) {
            --workers;
            if (status != 0) throw std::runtime_error("a worker ended with status " + std::to_string(status));
            continue;
        }
        ::usleep(20000);
        if (Clock::now() < next) continue;
        std::cout << std::chrono::duration_cast<std::chrono::minutes>(Clock::now() - start).count() << " min: " << shared.compared
                  << " designs" << std::endl;
        next += std::chrono::minutes(1);
    }
}

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// Every smaller design replaces the one before it, so that an interrupted search leaves the best.
void report_smallest(const HuntOptions& options, const Compare& compare, std::uint64_t seed) {
    const std::string name = "fail_" + std::to_string(seed);
    const std::filesystem::path path = std::filesystem::path(options.folder) / name;
    std::filesystem::create_directories(options.folder);
    long tried = 0;
    std::string difference;
    const auto fails = [&](const RandomDesign& design) {
        ++tried;
        const std::string text = compare_forked(options, compare, seed, [&] { return design; });
        // A smaller design may deadlock where the first did not: that is no difference.
        if (text.empty() || (text == all_deadlock && !difference.empty() && difference != all_deadlock)) return false;
        difference = text;
        write(path.string() + ".yaml", to_yaml(run_of(design, seed, name)));
        write(path.string() + ".txt", "ACCELSIM_SEED=" + std::to_string(seed) + "\n" + text + "\n\n" + describe(design));
        return true;
    };
    const RandomDesign design = make_random_design(seed);
    std::cout << "ACCELSIM_SEED=" << seed << " fails; looking for a smaller design" << std::endl;
    if (!fails(design)) {
        write(path.string() + ".txt", "ACCELSIM_SEED=" + std::to_string(seed) + "\nfailed once, but not again\n");
        std::cout << "it does not fail again" << std::endl;
        return;
    }
    const RandomDesign smallest = shrink(design, fails);
    std::cout << path.string() << ".yaml after " << tried << " designs:\n"
              << difference << "\n\n"
              << describe(smallest) << std::flush;
}

}  // namespace

int hunt(const HuntOptions& options, const Compare& compare) {
    const Clock::time_point start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.seconds));
    Shared& shared = shared_memory();
    shared.next_seed = options.first_seed;
    std::cout << "random designs from ACCELSIM_SEED=" << options.first_seed << std::endl;
    for (int i = 0; i < options.workers; ++i) {
        const pid_t pid = ::fork();
        if (pid < 0) throw std::runtime_error("fork failed");
        if (pid > 0) continue;
        try {
            work(options, compare, end, shared);
        } catch (const std::exception& error) {
            std::cerr << error.what() << std::endl;
            ::_exit(1);
        }
        ::_exit(0);
    }
    watch(options.workers, start, shared);
    std::cout << shared.compared << " designs compared" << std::endl;
    const bool failed = shared.failed;
    const std::uint64_t seed = shared.failing_seed;
    ::munmap(&shared, sizeof(Shared));
    if (failed) report_smallest(options, compare, seed);
    return failed ? 1 : 0;
}

RunConfig run_of(const RandomDesign& design, std::uint64_t seed, const std::string& name) {
    RunConfig config;
    config.name = name;
    config.workload = design.workload;
    config.workload.type = "einsum";  // the built-in types leave out dimensions of 1
    config.architecture = design.architecture;
    config.nest = design.nest;
    config.data.seed = seed;
    return config;
}

RandomDesign design_of(const RunConfig& config) { return {config.workload, config.architecture, config.nest}; }

}  // namespace accelsim::testing
