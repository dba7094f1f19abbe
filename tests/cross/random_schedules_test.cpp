// SPDX-License-Identifier: Apache-2.0
// Random schedules: back to the nest that they were made from, by the C++ builder and by YAML; to the points that Halide's
// definitions say; and on generated machines to the right outputs. ACCELSIM_SEED and ACCELSIM_DESIGNS choose others.
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "mappings/design.hpp"
#include "mappings/reference.hpp"
#include "mappings/schedule.hpp"
#include "sim/hardware/machine.hpp"
#include "sim/program/yaml/load_parts.hpp"
#include "tests/reference/literal_schedule.hpp"
#include "tests/reference/plain_outputs.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/reference/schedule_of_nest.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"

namespace accelsim::testing {

namespace {

/// Calls `check` for many seeds; it returns what is wrong.
template <class Check>
void for_many_seeds(long fallback, Check check) {
    const long first = environment_number("ACCELSIM_SEED", 1);
    const long count = environment_number("ACCELSIM_DESIGNS", fallback);
    long failures = 0;
    for (long seed = first; seed < first + count && failures < 5; ++seed) {
        std::string wrong;
        try {
            wrong = check(static_cast<std::uint64_t>(seed));
        } catch (const UserError& error) {
            wrong = std::string("refused: ") + error.what() + "\n";
        }
        if (wrong.empty()) continue;
        ++failures;
        BOOST_ERROR("ACCELSIM_SEED=" << seed << " ACCELSIM_DESIGNS=1\n" << wrong);
    }
    std::cout << count << " random schedules from ACCELSIM_SEED=" << first << "\n";
}

std::string compare(const std::string& left, const std::string& right, const Schedule& schedule) {
    return left == right ? "" : "is\n" + left + "should be\n" + right + "schedule\n" + schedule_yaml(schedule);
}

Schedule from_yaml(const Schedule& schedule) { return read_schedule(parse_yaml(schedule_yaml(schedule), "schedule.yaml")); }

/// A schedule rounds up by its splits, not by any number of indices.
RandomDesign guarded_design(std::uint64_t seed) {
    RandomDesign design = make_random_design(seed);
    design.nest.issued.clear();
    return design;
}

std::string round_trip(std::uint64_t seed) {
    const RandomDesign design = guarded_design(seed);
    RandomNumbers random(seed);
    const Schedule schedule = schedule_of(design, random, false);
    const auto text = [&](const Nest& nest) { return nest_text(nest, design.workload, design.architecture); };
    const auto lowered = [&](const Schedule& s) { return text(lower_schedule(design.workload, design.architecture, s).nest); };
    const std::string wanted = text(plain_nest(design));
    return compare(lowered(schedule), wanted, schedule) + compare(lowered(from_yaml(schedule)), wanted, schedule);
}

std::string small(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// Some splits, fuses, tiles and reorders of a small workload, legal or not.
Schedule random_loops(const Workload& workload, RandomNumbers& random) {
    Schedule schedule;
    std::vector<std::string> names;  // outermost first
    for (const Dimension& dimension : workload.dimensions) names.push_back(small(dimension.name));
    int fresh = 0;
    for (std::int64_t steps = random.between(1, 7); steps > 0; --steps) {
        const auto place = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(names.size()) - 1));
        const TailStrategy tail = random.chance(30) ? TailStrategy::round_up : TailStrategy::guard_with_if;
        const std::string old = names[place];
        const std::string inner = "v" + std::to_string(fresh++);
        const std::int64_t kind = random.between(0, 9);
        if (kind < 5) {
            schedule.split(old, old, inner, random.between(1, 5), tail);
            names.insert(names.begin() + static_cast<std::ptrdiff_t>(place) + 1, inner);
        } else if (kind < 7 && place > 0) {
            schedule.fuse(old, names[place - 1], inner);
            names.erase(names.begin() + static_cast<std::ptrdiff_t>(place));
            names[place - 1] = inner;
        } else {
            const auto other = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(names.size()) - 1));
            if (other == place) continue;
            schedule.reorder({old, names[other]});
            if (place < other) std::swap(names[place], names[other]);
        }
    }
    return schedule;
}

struct MeaningCount {
    long accepted = 0, rounded = 0, fused = 0;
};

std::string meaning(std::uint64_t seed, MeaningCount& count) {
    RandomNumbers random(seed * 31 + 7);
    const Workload workload = random.chance(50) ? make_gemm(random.between(1, 7), random.between(1, 7), random.between(1, 9))
                                                : make_conv2d({1, random.between(1, 3), 2, random.between(1, 5), 3, 1, 2});
    const Schedule schedule = random_loops(workload, random);
    Architecture architecture;
    architecture.levels.resize(2);
    architecture.levels[0].name = "DRAM";
    architecture.levels[0].kind = LevelKind::dram;
    architecture.levels[1].name = "MAC";
    architecture.levels[1].kind = LevelKind::mac;
    Nest nest;
    try {
        nest = lower_schedule(workload, architecture, schedule).nest;
    } catch (const UserError&) {
        return "";  // what is refused is tested by name in tests/errors
    }
    ++count.accepted;
    count.rounded += nest.issued.empty() ? 0 : 1;
    for (const Directive& d : schedule.directives) count.fused += std::holds_alternative<directive::Fuse>(d.what) ? 1 : 0;
    if (nest_points(workload, nest) == literal_points(workload, schedule)) return "";
    return "visits other points than Halide's definitions\n" + nest_text(nest, workload, architecture) + schedule_yaml(schedule);
}

/// Tiles, unrolled loops and links anywhere, on top of random loops.
Schedule random_schedule(const Workload& workload, RandomNumbers& random) {
    Schedule schedule = random_loops(workload, random);
    std::vector<std::string> names = {Schedule::root, "v0", "v1", "v2"};
    for (const Dimension& dimension : workload.dimensions) {
        for (int weight = 0; weight < 3; ++weight) names.push_back(small(dimension.name));
    }
    const auto tensor = [&] { return random.one_of(workload.tensors).name; };
    const std::string outside = random.chance(30) ? Schedule::root : random.one_of(names);
    for (std::int64_t holds = random.between(0, 3); holds > 0; --holds)
        schedule.in(tensor()).compute_at(random.chance(60) ? "B0" : "B1", random.chance(60) ? outside : random.one_of(names));
    for (std::int64_t unrolls = random.between(0, 2); unrolls > 0; --unrolls) {
        const std::string loop = random.one_of(names);
        if (random.chance(60)) schedule.reorder({loop, random.one_of(names)});
        schedule.unroll(loop, random.chance(80) ? "A0" : "A1", random.chance(50) ? ArrayAxis::rows : ArrayAxis::columns);
        if (random.chance(40)) schedule.in(tensor()).compute_at("B2", loop);
    }
    if (random.chance(20)) schedule.systolic(tensor(), random.one_of(names));
    schedule.accelerate({workload.tensors[0].name, workload.tensors[1].name}, outside);
    return schedule;
}

/// Refused at the line of a directive (or of the schedule), or right.
std::string refuse_or_simulate(std::uint64_t seed, long& accepted) {
    RandomNumbers random(seed * 17 + 3);
    const Workload workload = make_gemm(random.between(1, 4), random.between(1, 5), random.between(1, 6));
    const Schedule schedule = random_schedule(workload, random);
    LoweredSchedule lowered;
    Design design;
    try {
        lowered = lower_schedule(workload, std::nullopt, from_yaml(schedule));
        design = lower(workload, lowered.architecture, lowered.nest);
    } catch (const UserError& error) {
        const std::string message = error.what();
        return message.starts_with("schedule.yaml:") ? "" : "no line in: " + message + "\n" + schedule_yaml(schedule);
    }
    ++accepted;
    return run_forked([&]() -> std::string {
        const Operands operands = generate_operands(design.workload, seed);
        Machine machine("machine", design.architecture, tensor_names(design));
        const RunText run = record(machine, design, operands, Advance::batched);
        return run.output == plain_outputs(design.workload, operands) ? "" : "outputs differ\n" + schedule_yaml(schedule);
    });
}

std::string smaller_by_a_byte(const Design& design) {
    std::string wrong;
    for (std::size_t l = 0; l < design.architecture.levels.size(); ++l) {
        if (design.architecture.levels[l].kind != LevelKind::buffer) continue;
        Architecture less = design.architecture;
        --less.levels[l].capacity_bytes;
        try {
            lower(design.workload, less, design.nest);
            wrong += "level " + less.levels[l].name + " is larger than its tiles\n";
        } catch (const UserError&) {
            continue;
        }
    }
    return wrong;
}

/// The loops of the nest by level names are those of the design, though empty arrays are not generated.
std::string generate_and_simulate(std::uint64_t seed, long& spills) {
    const RandomDesign random = guarded_design(seed);
    RandomNumbers numbers(seed);
    const Schedule schedule = schedule_of(random, numbers, true);
    LoweredSchedule lowered;
    try {
        lowered = lower_schedule(random.workload, std::nullopt, schedule);
    } catch (const UserError& error) {
        if (std::string(error.what()).find("have nowhere to go") == std::string::npos) throw;
        ++spills;
        return "";
    }
    Nest wanted = plain_nest(random);
    wanted.bypass.clear();
    std::string wrong = compare(nest_text(lowered.nest, random.workload, lowered.architecture),
                                nest_text(wanted, random.workload, random.architecture), schedule);
    const Design design = lower(random.workload, lowered.architecture, lowered.nest);
    wrong += smaller_by_a_byte(design);
    return wrong + run_forked([&]() -> std::string {
               const Operands operands = generate_operands(design.workload, seed);
               Machine machine("machine", design.architecture, tensor_names(design));
               const RunText run = record(machine, design, operands, Advance::batched);
               return run.output == plain_outputs(design.workload, operands) ? "" : "outputs differ\n" + describe(random);
           });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_schedules)

BOOST_AUTO_TEST_CASE(a_nest_comes_back) { for_many_seeds(2000, round_trip); }

BOOST_AUTO_TEST_CASE(loops_mean_what_halide_says) {
    MeaningCount count;
    for_many_seeds(6000, [&](std::uint64_t seed) { return meaning(seed, count); });
    std::cout << count.accepted << " of them accepted, " << count.rounded << " round up, " << count.fused << " fuses\n";
    if (environment_number("ACCELSIM_DESIGNS", 6000) >= 6000) {
        BOOST_TEST(count.accepted > 1000);
        BOOST_TEST(count.rounded > 100);
        BOOST_TEST(count.fused > 200);
    }
}

BOOST_AUTO_TEST_CASE(anything_is_refused_at_its_line_or_right) {
    long accepted = 0;
    for_many_seeds(6000, [&](std::uint64_t seed) { return refuse_or_simulate(seed, accepted); });
    std::cout << accepted << " of them accepted\n";
    if (environment_number("ACCELSIM_DESIGNS", 6000) >= 6000) BOOST_TEST(accepted > 150);
}

BOOST_AUTO_TEST_CASE(generated_machines_compute_the_right_outputs) {
    long spills = 0;
    const long designs = environment_number("ACCELSIM_DESIGNS", 300);
    for_many_seeds(300, [&](std::uint64_t seed) { return generate_and_simulate(seed, spills); });
    std::cout << spills << " of them spill inside the accelerator and are refused\n";
    if (designs >= 300) BOOST_TEST(spills < designs / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
