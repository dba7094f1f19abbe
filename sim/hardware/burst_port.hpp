// SPDX-License-Identifier: Apache-2.0
// The movers' way to a detailed DRAM: bursts as non-blocking TLM-2.0 transactions, in the core's cycles
// (docs/microarchitecture.md, 8).
#pragma once

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace accelsim {

/// A burst that has arrived (read), or that the controller has accepted (write).
struct BurstAnswer {
    std::int64_t cycle = 0;  ///< of the core, in which it is first seen
    std::int64_t tile = 0;
    std::int64_t burst = 0;
    const unsigned char* data;  ///< reads only; there until the answer is taken
};

class BurstPort : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<BurstPort> out;

    /// `period`: of the core's clock.
    BurstPort(const sc_core::sc_module_name& name, sc_core::sc_time period, std::size_t burst_bytes);
    ~BurstPort() override;

    /// Forgets everything; cycle 0 begins now.
    /// Without `data` payloads carry nothing.
    void restart(std::size_t clients, bool data = true);
    /// The burst reaches the controller at the end of the core's cycle.
    void read(std::size_t client, std::int64_t address, std::int64_t cycle, std::int64_t tile, std::int64_t burst);
    /// `enable`: 0xff for each byte to be written.
    void write(std::size_t client, std::int64_t address, const std::vector<unsigned char>& data,
               const std::vector<unsigned char>& enable, std::int64_t cycle, std::int64_t tile, std::int64_t burst);

    /// The DRAM's first `bytes` bytes, without time passing.
    unsigned char* memory(std::int64_t bytes);

    /// A client has an answer by this cycle: the oldest.
    bool answered(std::size_t client, std::int64_t cycle) const {
        return !answers_[client].empty() && answers_[client].front().answer.cycle <= cycle;
    }
    const BurstAnswer& answer(std::size_t client) const { return answers_[client].front().answer; }
    /// The client has seen it.
    void take(std::size_t client);
    /// Cycle of the earliest answer that nobody has taken; the largest number when there is none.
    std::int64_t next_answer() const { return next_; }
    /// Bursts under way.
    std::int64_t under_way() const { return under_way_; }

private:
    struct Request;
    class Pool;
    Request* make(std::size_t client, tlm::tlm_command command, std::int64_t address, std::int64_t tile, std::int64_t burst);
    void send(Request* request, std::int64_t cycle);
    tlm::tlm_sync_enum respond(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay);

    sc_core::sc_time period_;
    sc_core::sc_time start_;
    std::size_t burst_bytes_;
    bool data_ = true;
    std::unique_ptr<Pool> pool_;
    struct Waiting {
        BurstAnswer answer;
        Request* request;  ///< holds the data
    };
    std::vector<std::deque<Waiting>> answers_;  ///< per client, not yet taken
    std::int64_t next_;
    std::int64_t under_way_ = 0;
};

}  // namespace accelsim
