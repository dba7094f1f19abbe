// SPDX-License-Identifier: Apache-2.0
// The machine: SystemC modules elaborated from the architecture alone, and the process that advances them.
#pragma once

#include <systemc>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "sim/hardware/arbiter.hpp"
#include "sim/hardware/array.hpp"
#include "sim/hardware/burst_port.hpp"
#include "sim/hardware/detailed_dram.hpp"
#include "sim/hardware/dram.hpp"
#include "sim/hardware/dram_port.hpp"
#include "sim/hardware/mover.hpp"
#include "sim/hardware/array_network.hpp"
#include "sim/hardware/pe.hpp"
#include "sim/hardware/probes.hpp"
#include "sim/hardware/simulate.hpp"

namespace accelsim {

/// A buffer level with all its instances in lock-step: per tensor the network that leads to it and the mover that fills it, and
/// a mover that drains the outputs. The MAC's level is one, too: the FIFOs of streams.
class Buffer : public sc_core::sc_module {
public:
    Buffer(const sc_core::sc_module_name& name, const std::vector<std::string>& tensors);
    std::vector<std::unique_ptr<ArrayNetwork>> networks;  ///< per tensor
    std::vector<std::unique_ptr<FillMover>> fills;        ///< per tensor
    std::unique_ptr<DrainMover> drain;
};

class Machine : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(Machine);
    /// `tensors`: the names that the movers carry, in workload order.
    Machine(const sc_core::sc_module_name& name, const Architecture& architecture, const std::vector<std::string>& tensors);

    /// It is the machine that the constructor makes of these, too.
    bool is(const Architecture& architecture, const std::vector<std::string>& tensors) const;

    /// Runs one layer from cycle 0 until its outputs have landed. Call from outside of any process.
    SimulationResult run(const Design& design, const Operands& operands, const SimulationOptions& options);

private:
    void build_fan_out(std::size_t level, std::vector<std::unique_ptr<sc_core::sc_module>>& parts);
    void load(const Design& design, const Operands& operands);
    void load_tensors(const Design& design, const Operands& operands);
    std::vector<std::int32_t> unload_output();
    void make_channels(const Design& design);
    void connect_movers();
    void attach_pes(const Design& design);
    void advance();  ///< the process
    void sleep(std::int64_t cycles);
    bool waits_for_dram() const;
    std::int64_t advance_dram(std::int64_t pending);
    void finish_writes();
    void stop();
    void send_many(std::size_t mover, std::int64_t from, std::int64_t count);
    std::int64_t send_in_turn(std::int64_t from, std::int64_t count, bool mac);
    void run_ahead(std::int64_t end);
    std::int64_t next_token_change(std::int64_t now);
    std::int64_t next_look(std::int64_t now);
    std::int64_t cycle_now() const;
    sc_core::sc_time time_of(std::int64_t cycle) const {
        return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(cycle) * period_.value());
    }
    DramResult collect_dram(std::int64_t cycles);
    void cycle(std::int64_t now);  ///< one cycle of everything
    std::int64_t skip(std::int64_t from, std::int64_t count, std::int64_t at_most);
    std::int64_t uniform_cycles(std::int64_t now);  ///< how many may follow, never: nothing moves any more
    bool any_requests() const;
    void grant(std::int64_t now);
    void set_banks();
    bool mac_takes_ports(std::int64_t cycle);
    void emit_group(const Mover& mover, std::size_t index, std::int64_t cycle, std::int64_t group);
    void emit_array(std::int64_t cycle, std::int64_t count, std::int64_t step);
    void emit_slots(std::int64_t cycle);
    void stuck(std::int64_t now);
    std::int64_t last_landing() const;
    SimulationResult collect(std::int64_t wall_ns);
    void check_conservation();
    void check_interrupt(std::int64_t now);
    std::string state();  ///< of a machine whose self-check failed, a line per part

    Architecture architecture_;
    std::vector<std::string> tensors_;
    std::int64_t last_cycle_ = never;  ///< that SystemC can count to
    sc_core::sc_time period_;
    std::unique_ptr<Dram> dram_;
    std::unique_ptr<DramPort> dram_port_;
    std::unique_ptr<DetailedDram> detailed_;  ///< in place of these two
    std::unique_ptr<BurstPort> burst_port_;
    std::vector<TensorPlace> places_;               ///< of the tensors in it
    std::vector<std::unique_ptr<Buffer>> buffers_;  ///< per level; null for the DRAM and fan-outs
    std::vector<std::unique_ptr<sc_core::sc_module>> parts_;
    std::unique_ptr<Array> array_;
    std::unique_ptr<Arbiter> arbiter_;
    sc_core::sc_event start_;

    const Design* design_ = nullptr;
    const SimulationOptions* options_ = nullptr;
    Counts counts_;
    std::vector<Channel> channels_;
    std::vector<Mover*> movers_;       ///< in mover order: two per boundary, null where there is nothing to drain
    std::vector<std::size_t> active_;  ///< those that are not null
    std::vector<std::size_t> banked_;  ///< those that take banks by address
    std::vector<char> requests_, granted_;
    std::vector<std::int64_t> budgets_;        ///< per mover that requests: groups that it may send before it must look
    std::int64_t horizon_ = 0;                 ///< cycles that would be alike but for those budgets
    std::vector<int> turns_;                   ///< of send_in_turn
    std::vector<std::int64_t> round_;          ///< of send_in_turn: groups per mover
    std::vector<std::int64_t> granted_words_;  ///< per mover, in this cycle
    std::vector<std::int64_t> slots_;          ///< taken per boundary, as last told to listeners
    std::unique_ptr<Probes> probes_;
    bool running_ = false;
    std::int64_t now_ = 0;
    sc_core::sc_time begin_;  ///< of cycle 0
    bool granted_any_ = false;
    std::exception_ptr failure_;
};

}  // namespace accelsim
