// SPDX-License-Identifier: Apache-2.0
// The detailed DRAM behind its port: TLM-2.0's phases, data, and the cycles in which the core sees what happened.
#include <boost/test/unit_test.hpp>

#include <map>
#include <systemc>

#include "sim/hardware/burst_port.hpp"
#include "sim/hardware/detailed_dram.hpp"
#include "tests/reference/dram_ticked.hpp"
#include "tests/support/dram_devices.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/tlm_phase_checker.hpp"

namespace accelsim::testing {

namespace {

constexpr std::int64_t bursts = 24;  // few, so that requests meet
constexpr int requests = 400;
constexpr std::int64_t core_ps = 1300;

/// Random reads and writes from three clients, each with its own bursts, against a plain copy of the bytes. `driven`: the DRAM is
/// told how far it may go; else it wakes itself.
class Traffic : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(Traffic);
    Traffic(const sc_core::sc_module_name& name, const dram::Device& device, std::uint64_t seed, bool driven)
        : sc_module(name),
          device_(device),
          driven_(driven),
          random_(seed),
          size_(device.burst_bytes()),
          port_("port", period_, static_cast<std::size_t>(size_)),
          checker_("checker"),
          dram_("dram", device),
          bytes_(static_cast<std::size_t>(bursts * size_), 0) {
        port_.out.bind(checker_.in);
        checker_.out.bind(dram_.in);
        SC_METHOD(drive);  // not a thread: no other stack under the sanitizers
    }

    /// The literal controller's answers to the same requests, by docs/microarchitecture.md, section 8: what is asked for in cycle
    /// t is there at (t + 1)P, what is done at T is seen in the cycle after T's.
    void compare_with_literal() {
        DramTicked literal(device_);
        const std::int64_t clock_ps = device_.timing.tck_ps;
        for (const auto& [tag, request] : asked_)
            literal.push(((request.cycle + 1) * core_ps + clock_ps - 1) / clock_ps, {request.burst * size_, request.write, tag});
        std::vector<dram::Done> done;
        for (std::int64_t clock = 0; !literal.idle(); clock += 1000) literal.advance(clock, done);
        for (const dram::Done& d : done) {
            const auto tag = static_cast<int>(d.tag);
            if (d.served == asked_[tag].write) continue;  // a write is answered when it is accepted
            const std::int64_t cycle = d.clock * clock_ps / core_ps + 1;
            if (answered_[tag] != cycle)
                complain("request " + std::to_string(tag) + " seen in cycle " + std::to_string(answered_[tag]) + ", not " +
                         std::to_string(cycle));
        }
    }

    std::string wrong;
    std::string seen;  ///< tag and cycle of every answer
    const TlmPhaseRules& rules() const { return checker_.rules; }
    std::int64_t under_way() const { return port_.under_way(); }

private:
    /// One cycle.
    void drive() {
        if (cycle_ == 0) {
            dram_.restart(bursts * size_, true, driven_);
            port_.restart(6);
        }
        for (std::size_t end = 0; end < 6; ++end) take(end, cycle_);
        for (std::size_t client = 0; client < 3 && sent_ < requests; ++client) {
            if (!random_.chance(40) || waiting_[client].size() >= 8) continue;
            send(client, cycle_, sent_++);
        }
        // What is sent in the next cycle comes at its end.
        while (driven_ && dram_.step(static_cast<double>(cycle_ + 2) * period_)) continue;
        ++cycle_;
        if (sent_ < requests || port_.under_way() > 0 || port_.next_answer() != std::numeric_limits<std::int64_t>::max())
            next_trigger(period_);
    }

    void send(std::size_t client, std::int64_t cycle, int tag) {
        // A burst belongs to one client, and has one request under way: then its bytes are known.
        const std::int64_t burst = random_.between(0, bursts / 3 - 1) * 3 + static_cast<std::int64_t>(client);
        for (const auto& [other, request] : waiting_[client])
            if (request.burst == burst) return;
        const bool write = random_.chance(50);
        const auto begin = static_cast<std::size_t>(burst * size_);
        waiting_[client][tag] = asked_[tag] = {burst, write, cycle};
        if (!write) return port_.read(2 * client, burst * size_, cycle, tag, 0);
        std::vector<unsigned char> data, enable;
        for (std::size_t i = 0; i < static_cast<std::size_t>(size_); ++i) {
            data.push_back(static_cast<unsigned char>(random_.between(0, 255)));
            enable.push_back(random_.chance(70) ? 0xff : 0);
            if (enable.back() != 0) bytes_[begin + i] = data.back();
        }
        port_.write(2 * client + 1, burst * size_, data, enable, cycle, tag, 0);
    }

    /// Reads and writes have an end of the port each, as a mover's two directions have.
    void take(std::size_t end, std::int64_t cycle) {
        const std::size_t client = end / 2;
        std::int64_t before = 0;
        for (; port_.answered(end, cycle); port_.take(end)) {
            const BurstAnswer& answer = port_.answer(end);
            const auto found = waiting_[client].find(static_cast<int>(answer.tile));
            if (found == waiting_[client].end()) return complain("an answer without a request");
            const Request& request = found->second;
            // Asked for in t, it reaches the DRAM at the end of t; an answer is seen in a later cycle than it was given in.
            if (answer.cycle < request.cycle + 2 || answer.cycle < before) complain("an answer too early, or out of order");
            before = answered_[found->first] = answer.cycle;
            seen += std::to_string(answer.tile) + "@" + std::to_string(answer.cycle) + " ";
            const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(request.burst * size_);
            if (!request.write && !std::equal(answer.data, answer.data + size_, begin)) complain("other data than were written");
            waiting_[client].erase(found);
        }
    }

    void complain(const std::string& what) { wrong += what + "\n"; }

    struct Request {
        std::int64_t burst;
        bool write;
        std::int64_t cycle;
    };

    dram::Device device_;
    bool driven_;
    RandomNumbers random_;
    std::int64_t size_;
    std::int64_t cycle_ = 0;
    int sent_ = 0;
    sc_core::sc_time period_{static_cast<double>(core_ps), sc_core::SC_PS};
    BurstPort port_;
    TlmPhaseChecker checker_;
    DetailedDram dram_;
    std::vector<unsigned char> bytes_;
    std::map<int, Request> waiting_[3];
    std::map<int, Request> asked_;          ///< all, by tag, in the order in which they were sent
    std::map<int, std::int64_t> answered_;  ///< the cycles in which the answers were to be seen
};

/// What was wrong, and `seen`.
std::string drive_random(std::uint64_t seed, bool driven, std::string* seen = nullptr) {
    RandomNumbers random(seed);
    dram::Device device = random_dram_device(random);
    device.rows = 64;
    Traffic traffic("traffic", device, seed, driven);
    sc_core::sc_start();
    traffic.compare_with_literal();
    std::string result = traffic.wrong;
    for (const std::string& rule : traffic.rules().broken()) result += rule + "\n";
    if (traffic.rules().open() != 0) result += "transactions without an end\n";
    if (traffic.under_way() != 0) result += "requests without an answer\n";
    if (seen != nullptr) *seen = traffic.seen;
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(detailed_dram)

BOOST_AUTO_TEST_CASE(phases_data_and_cycles_of_random_traffic) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    for (std::uint64_t seed = first; seed < first + 60; ++seed)
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) BOOST_TEST(run_forked([&] { return drive_random(seed, false); }) == "");
}

BOOST_AUTO_TEST_CASE(driven_it_answers_in_the_same_cycles) {
    const auto first = static_cast<std::uint64_t>(environment_number("ACCELSIM_SEED", 1));
    const auto answers = [](std::uint64_t seed, bool driven) {
        std::string seen;
        const std::string wrong = drive_random(seed, driven, &seen);
        return wrong.empty() ? seen : wrong;
    };
    for (std::uint64_t seed = first; seed < first + 60; ++seed) {
        const std::string driven = run_forked([&] { return answers(seed, true); });
        BOOST_TEST_CONTEXT("ACCELSIM_SEED=" << seed) BOOST_TEST(driven == run_forked([&] { return answers(seed, false); }));
        BOOST_TEST(driven.find('@') != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_checker_names_broken_phases) {
    using Direction = TlmPhaseRules::Direction;
    tlm::tlm_generic_payload payload;
    const auto rules_of = [&](const std::vector<std::pair<Direction, tlm::tlm_phase>>& calls) {
        TlmPhaseRules rules;
        for (const auto& [direction, phase] : calls) rules.call(direction, payload, phase);
        return rules.broken();
    };
    const auto broke = [](const std::vector<std::string>& broken, const std::string& rule) {
        return std::find(broken.begin(), broken.end(), rule) != broken.end();
    };
    BOOST_TEST(broke(rules_of({{Direction::forward, tlm::BEGIN_REQ}}), "no memory manager"));
    BOOST_TEST(broke(rules_of({{Direction::forward, tlm::BEGIN_REQ}, {Direction::forward, tlm::BEGIN_REQ}}), "BEGIN_REQ twice"));
    BOOST_TEST(broke(rules_of({{Direction::backward, tlm::BEGIN_RESP}}), "BEGIN_RESP without request"));
    BOOST_TEST(broke(rules_of({{Direction::backward, tlm::END_REQ}}), "END_REQ without request"));
    BOOST_TEST(broke(rules_of({{Direction::forward, tlm::END_RESP}}), "END_RESP without response"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace accelsim::testing
