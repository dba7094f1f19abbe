// SPDX-License-Identifier: Apache-2.0
// A DRAM with a controller behind it, as an approximately-timed TLM-2.0 target (docs/dram.md).
#pragma once

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "models/dram/controller.hpp"

namespace accelsim {

/// Takes every BEGIN_REQ at once (the initiators bound what is under way) and answers with END_REQ; BEGIN_RESP comes with the
/// time at which a read's data are complete, or a write is accepted. A payload is one aligned burst.
class DetailedDram : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(DetailedDram);
    tlm_utils::simple_target_socket<DetailedDram> in;

    DetailedDram(const sc_core::sc_module_name& name, const dram::Device& device);

    /// Forgets everything; clock 0 begins now. `bytes`: how much of the address space is used; without `data`
    /// nothing is stored there. `driven`: the owner calls step(); else the DRAM wakes itself in every clock in which something
    /// happens.
    void restart(std::int64_t bytes, bool data = true, bool driven = false);
    /// Driven: does the clocks in which something happens, up to the first in which something is answered or a write given, if
    /// they begin before `limit` after the restart; false when it came to the limit. They may lie ahead: no request may arrive
    /// by then that was not sent already.
    bool step(sc_core::sc_time limit);
    /// Hears every command, channel by channel in order of clocks, and every request, as they come in.
    void listen(std::function<void(const dram::Issued&)> commands,
                std::function<void(std::int64_t clock, const dram::Request&)> requests);
    bool writes_pending() const { return controller_->writes_pending(); }
    /// From the restart to the end of the last write's data.
    sc_core::sc_time last_write_end() const;
    /// Does what is left (refreshes) up to the clock that has begun at this time after the restart.
    void finish(sc_core::sc_time time);
    dram::Statistics statistics() const { return controller_->statistics(); }
    /// Of all commands and the background up to a time after the restart.
    double energy_pj(sc_core::sc_time time) const;
    const dram::Device& device() const { return device_; }

private:
    tlm::tlm_sync_enum request(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay);
    bool direct(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& memory);
    void work();
    void tell_all();
    void access(tlm::tlm_generic_payload& payload);
    void respond(tlm::tlm_generic_payload& payload, std::int64_t clock);
    void wake_for(std::int64_t clock);
    sc_core::sc_time time_of(std::int64_t clock) const {
        return start_ + sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(clock) * period_.value());
    }

    dram::Device device_;
    sc_core::sc_time period_, start_;
    std::unique_ptr<dram::Controller> controller_;
    std::function<void(const dram::Issued&)> listener_;
    std::function<void(std::int64_t, const dram::Request&)> request_listener_;
    std::vector<unsigned char> bytes_;  ///< empty: no data
    std::int64_t size_ = 0;
    std::vector<tlm::tlm_generic_payload*> payloads_;  ///< by tag; null: free
    std::vector<std::int64_t> free_tags_;
    std::vector<dram::Done> done_;
    sc_core::sc_event wake_;
    bool driven_ = false;
};

}  // namespace accelsim
