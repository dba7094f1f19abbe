// SPDX-License-Identifier: Apache-2.0
// A waveform, read back, shows what the machine told its listeners, in every cycle, on random designs; an FST, read by
// GTKWave's tool, the same as the VCD.
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "mappings/reference.hpp"
#include "models/energy.hpp"
#include "sim/hardware/machine.hpp"
#include "sim/hardware/tile_marks.hpp"
#include "sim/hardware/wave_view.hpp"
#include "tests/reference/random_design.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/vcd_reader.hpp"

namespace accelsim::testing {

namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("accelsim_waveforms_" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    std::string file(const std::string& name) const { return (path / name).string(); }
};

class Listener : public Recorder {
public:
    void slots(std::int64_t cycle, int boundary, std::int64_t taken) override { slots_[boundary][cycle] = taken; }
    void array(const ArrayEvent& event) override {
        for (std::int64_t i = 0; i < event.count; ++i) states[event.cycle + i] = event.busy ? "busy" : event.name;
    }
    std::int64_t taken(int boundary, std::int64_t cycle) const {
        const auto of = slots_.find(boundary);
        if (of == slots_.end()) return 0;
        const auto after = of->second.upper_bound(cycle);
        return after == of->second.begin() ? 0 : std::prev(after)->second;
    }
    std::map<std::int64_t, std::string> states;  ///< of the array

private:
    std::map<int, std::map<std::int64_t, std::int64_t>> slots_;
};

/// The names that the file beside the view gives to the array's states.
std::map<std::int64_t, std::string> state_names(const std::string& file) {
    std::map<std::int64_t, std::string> names;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        names[std::stoll(line.substr(0, 8), nullptr, 16)] = line.substr(line.rfind('?') + 1);
    return names;
}

/// Signals that the view shows and the waveform does not have.
std::string missing_in(const VcdReader& vcd, const std::string& view) {
    std::ifstream in(view);
    std::string missing;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] != '+') continue;
        std::string name = line.substr(line.find("} ") + 2);
        name = name.substr(0, name.find('['));
        if (!vcd.has(name)) missing += "the view shows " + name + ", which is not there\n";
    }
    return missing;
}

struct Run {
    Design design;
    SimulationResult result;
    Listener heard;
    std::int64_t period_ps = 1;
};

void simulate(Run& run, const RandomDesign& random, std::uint64_t seed, const WaveformOptions& waveform) {
    run.design = lower(random.workload, random.architecture, random.nest);
    run.period_ps = std::max<std::int64_t>(1, std::llround(1e6 / run.design.architecture.clock_mhz));
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    Machine machine("machine", run.design.architecture, tensor_names(run.design));
    SimulationOptions options;
    options.sinks = {&run.heard};
    options.waveform = waveform;
    options.max_cycles = 10'000'000;
    run.result = machine.run(run.design, generate_operands(run.design.workload, seed), options);
    run.heard.sort();
}

std::string mover_name(const Design& design, int boundary, bool up) {
    const Boundary& b = design.boundaries[static_cast<std::size_t>(boundary)];
    return "SystemC.machine." + design.level(b.child).name + (up ? ".drain_" : ".fill_") + design.tensor(b.tensor).name;
}

class Comparison {
public:
    Comparison(const Run& run, const VcdReader& vcd, const std::map<std::int64_t, std::string>& states)
        : run_(run), vcd_(vcd), states_(states) {}

    std::string differences(std::int64_t from, std::int64_t to) {
        for (std::int64_t cycle = from; cycle <= to && out_.str().empty(); ++cycle) {
            time_ = cycle * run_.period_ps;
            expect("SystemC.machine.array.cycle", cycle);
            array(cycle);
            movers(cycle);
            buffers(cycle);
        }
        return out_.str();
    }

    void energy() {
        const EnergyReport report = price(run_.design, run_.result.counts);
        const bool detailed = run_.design.level(0).bursts.has_value();
        time_ = vcd_.end();
        if (!detailed && report.total_pj > 0) near("SystemC.machine.energy_pj", report.total_pj);
        for (std::size_t l = detailed ? 1 : 0; l < report.levels.size(); ++l) {
            if (report.levels[l].pj > 0) near("SystemC.machine." + report.levels[l].name + ".energy_pj", report.levels[l].pj);
        }
        if (report.mac_pj > 0) near("SystemC.machine.array.energy_pj", report.mac_pj);
    }
    std::string text() const { return out_.str(); }

private:
    void expect(const std::string& name, std::int64_t value) {
        const std::int64_t there = vcd_.signed_at(name, time_);
        if (there != value) out_ << name << " in cycle " << time_ / run_.period_ps << ": " << there << ", not " << value << '\n';
    }
    /// A VCD has 16 digits.
    void near(const std::string& name, double value) {
        const double there = vcd_.at(name, time_);
        if (std::abs(there - value) > 1e-14 * value) out_ << name << ": " << there << ", not " << value << '\n';
    }

    void array(std::int64_t cycle) {
        const auto state = states_.find(vcd_.signed_at("SystemC.machine.array.state", time_));
        const std::string there = state == states_.end() ? "?" : state->second;
        const auto told = run_.heard.states.find(cycle);
        const std::string expected = told == run_.heard.states.end() ? "?" : told->second;
        if (there != expected) out_ << "state in cycle " << cycle << ": " << there << ", not " << expected << '\n';
    }

    void movers(std::int64_t cycle) {
        const auto& events = run_.heard.events;
        while (next_ < events.size() && events[next_].cycle < cycle) ++next_;
        for (std::size_t b = 0; b < run_.design.boundaries.size(); ++b) {
            for (const bool up : {false, true}) {
                const std::string name = mover_name(run_.design, static_cast<int>(b), up);
                if (!vcd_.has(name + ".valid")) continue;
                std::size_t e = next_;
                while (e < events.size() && events[e].cycle == cycle &&
                       (events[e].boundary != static_cast<int>(b) || events[e].up != up))
                    ++e;
                const bool granted = e < events.size() && events[e].cycle == cycle;
                if ((vcd_.at(name + ".ready", time_) == 1) != granted) out_ << name << ".ready is wrong in " << cycle << '\n';
                expect(name + ".words", granted ? static_cast<std::int64_t>(events[e].words.size()) : 0);
                if (!granted) continue;
                if (vcd_.at(name + ".valid", time_) != 1) out_ << name << " was granted without a request in " << cycle << '\n';
                expect(name + ".tile", events[e].tile);
            }
        }
    }

    void buffers(std::int64_t cycle) {
        std::map<std::string, std::int64_t> words;
        for (std::size_t b = 0; b < run_.design.boundaries.size(); ++b) {
            const Boundary& boundary = run_.design.boundaries[b];
            const std::string buffer = "SystemC.machine." + run_.design.level(boundary.child).name;
            const std::int64_t taken = run_.heard.taken(static_cast<int>(b), cycle);
            expect(buffer + ".slots_" + run_.design.tensor(boundary.tensor).name + ".occupied", taken);
            if (boundary.window_words == 0 && !boundary.stream) words[buffer] += taken * boundary.tile_words;
        }
        for (const auto& [buffer, sum] : words) expect(buffer + ".words_taken", sum);
    }

    const Run& run_;
    const VcdReader& vcd_;
    const std::map<std::int64_t, std::string>& states_;
    std::ostringstream out_;
    std::int64_t time_ = 0;
    std::size_t next_ = 0;
};

/// A whole run or a window of it as VCD, read back.
std::string read_back(const RandomDesign& random, std::uint64_t seed, const Folder& folder) {
    const bool window = seed % 3 == 0;
    WaveformOptions waveform{folder.file("w.vcd"), false, 0, -1, {0}};
    if (window) waveform.from = 50, waveform.to = 150;
    Run run;
    simulate(run, random, seed, waveform);
    const VcdReader vcd(folder.file("w.vcd"));
    if (vcd.timescale() != "1 ps") return "the timescale is " + vcd.timescale() + "\n";
    const auto states = state_names(folder.file("w.states.txt"));
    Comparison comparison(run, vcd, states);
    // Of the last cycles, after the last write-back, nobody hears.
    const std::int64_t last = run.heard.states.empty() ? -1 : run.heard.states.rbegin()->first;
    std::string text = comparison.differences(waveform.from, window ? std::min(waveform.to, last) : last);
    if (!window && text.empty()) comparison.energy();
    return (text.empty() ? comparison.text() : text) + missing_in(vcd, folder.file("w.gtkw"));
}

bool has_fst() {
    try {
        const Folder folder;
        make_fst(folder.file("x.fst"));
        return true;
    } catch (const UserError&) {
        return false;
    }
}

/// The same run as VCD and as FST, signal by signal.
std::string compare_formats(const Run& run, const Folder& folder) {
    const std::string command = "fst2vcd " + folder.file("f.fst") + " > " + folder.file("f.vcd") + " 2> " + folder.file("log");
    if (std::system(command.c_str()) != 0) return "fst2vcd cannot read it\n";
    const VcdReader vcd(folder.file("w.vcd")), fst(folder.file("f.vcd"));
    if (vcd.names() != fst.names()) return "they have different signals\n";
    std::ostringstream out;
    for (const std::string& name : vcd.names()) {
        if (vcd.bits(name) != fst.bits(name)) out << name << " has different widths\n";
        for (std::int64_t cycle = 0; cycle < run.result.cycles; ++cycle) {
            const std::int64_t time = cycle * run.period_ps;
            if (std::abs(vcd.at(name, time) - fst.at(name, time)) <= 1e-14 * std::abs(fst.at(name, time))) continue;
            out << name << " in cycle " << cycle << ": VCD " << vcd.at(name, time) << ", FST " << fst.at(name, time) << '\n';
            return out.str();
        }
    }
    return out.str();
}

RandomDesign random_design(std::uint64_t seed) {
    if (seed % 4 != 0) return make_random_design(seed);
    const auto with_dram = make_random_dram_design(seed);
    return with_dram ? *with_dram : make_random_design(seed);
}

const long first_seed = environment_number("ACCELSIM_SEED", 1);
const long designs = environment_number("ACCELSIM_WAVEFORMS", 60);

}  // namespace

BOOST_AUTO_TEST_SUITE(waveforms)

BOOST_AUTO_TEST_CASE(a_vcd_read_back_is_what_the_machine_told) {
    const Folder folder;
    long deadlocks = 0;
    for (long seed = first_seed; seed < first_seed + designs; ++seed) {
        const RandomDesign random = random_design(static_cast<std::uint64_t>(seed));
        const std::string text = run_forked([&] { return read_back(random, static_cast<std::uint64_t>(seed), folder); });
        const bool deadlock = text.find("exception: deadlock in cycle") == 0;
        deadlocks += deadlock ? 1 : 0;
        BOOST_TEST((text.empty() || deadlock), "ACCELSIM_SEED=" << seed << " ACCELSIM_WAVEFORMS=1\n" << text << describe(random));
    }
    BOOST_TEST(deadlocks < designs / 4 + 1);
}

BOOST_AUTO_TEST_CASE(an_fst_is_the_same_waveform) {
    if (!has_fst() || std::system("command -v fst2vcd > /dev/null") != 0) {
        std::cout << "an_fst_is_the_same_waveform skipped: needs Debian's gtkwave (fst2vcd), and its verilator and zlib1g-dev "
                     "when building\n";
        return;
    }
    const Folder folder;
    for (long seed = first_seed; seed < first_seed + designs / 4; ++seed) {
        const RandomDesign random = random_design(static_cast<std::uint64_t>(seed));
        const auto with = [&](bool fst) {
            return run_forked([&] {
                Run run;
                simulate(run, random, static_cast<std::uint64_t>(seed), {folder.file(fst ? "f.fst" : "w.vcd"), fst, 0, -1, {0}});
                return fst ? compare_formats(run, folder) : "";
            });
        };
        if (with(false).find("exception: deadlock") == 0) continue;
        BOOST_TEST(with(true) == "", "ACCELSIM_SEED=" << seed << " ACCELSIM_WAVEFORMS=4\n" << describe(random));
        const auto text_of = [&](const std::string& name) {
            std::ifstream in(folder.file(name));
            return std::string(std::istreambuf_iterator<char>(in), {});
        };
        BOOST_TEST(text_of("f.states.txt") == text_of("w.states.txt"));
    }
}

BOOST_AUTO_TEST_CASE(a_view_is_what_gtkwave_reads) {
    WaveView view;
    view.marker(2000, "K 1");
    view.begin_group("g");
    view.translated("state", "m.state", "w.states.txt");
    view.signal("valid", "m.valid", 1, WaveView::Format::binary);
    view.signal("tile", "m.tile", 32, WaveView::Format::signed_decimal, WaveView::Colour::orange);
    view.integer_curve("words", "m.words");
    view.real_curve("energy", "m.energy", WaveView::Colour::red);
    view.end_group();
    std::string markers;
    for (int i = 1; i < 26; ++i) markers += " -1";
    BOOST_TEST(
        view.text("design", "w.vcd", "w.gtkw", 0, 5120) ==
        "[*] design\n[dumpfile] \"w.vcd\"\n[savefile] \"w.gtkw\"\n[timestart] 0\n[size] 1600 1000\n[pos] -1 -1\n*-10 0 2000" +
            markers +
            "\n[markername] AK 1\n[treeopen] SystemC.\n[treeopen] SystemC.machine.\n[sst_width] 200\n[signals_width] 380\n"
            "[sst_expanded] 1\n@800200\n-g\n@2022\n^1 w.states.txt\n+{state} SystemC.m.state[31:0]\n"
            "@28\n+{valid} SystemC.m.valid\n[color] 2\n@420\n+{tile} SystemC.m.tile[31:0]\n"
            "@88024\n+{words} SystemC.m.words[31:0]\n@20000\n-\n@20000\n-\n"
            "[color] 1\n@88020\n+{energy} SystemC.m.energy\n@20000\n-\n@20000\n-\n@1000200\n-g\n");
}

BOOST_AUTO_TEST_CASE(marks_are_where_an_outer_loop_advances) {
    TileMarks marks({"K", "C", "X"});
    std::int64_t cycle = 0;
    for (std::int64_t k = 0; k < 4; ++k)
        for (std::int64_t c = 0; c < 5; ++c)
            for (std::int64_t x = 0; x < 7; ++x) marks.step(cycle++, {k, c, x});
    const auto found = marks.marks();  // 4 x 5 fit, 4 x 5 x 7 do not
    BOOST_REQUIRE_EQUAL(found.size(), 20U);
    for (std::size_t i = 0; i < found.size(); ++i) BOOST_TEST(found[i].cycle == static_cast<std::int64_t>(7 * i));
    BOOST_TEST(found[7].name == "C 2");
    BOOST_TEST(found[10].name == "K 2");
    TileMarks many({"K"});
    for (std::int64_t k = 0; k < 100; ++k) many.step(10 * k, {k});
    BOOST_REQUIRE_EQUAL(many.marks().size(), TileMarks::most);
    BOOST_TEST(many.marks().back().cycle == 250);
    BOOST_TEST(TileMarks().marks().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
