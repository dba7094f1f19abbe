// SPDX-License-Identifier: Apache-2.0
// Sits between an initiator and a target and holds both to TLM-2.0's base protocol (IEEE 1666-2011, 15.2): the order of phases of
// each transaction, one request and one response at a time per socket, a memory manager, and a status at the response.
#pragma once

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <map>
#include <string>
#include <vector>

namespace accelsim::testing {

/// The rules alone: fed with every call and every return.
class TlmPhaseRules {
public:
    enum class Direction { forward, backward };

    void call(Direction direction, const tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);
    void returned(Direction direction, const tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase,
                  tlm::tlm_sync_enum answer);

    const std::vector<std::string>& broken() const { return broken_; }
    /// Transactions without an end.
    std::size_t open() const { return states_.size(); }

private:
    enum class State { requesting, requested, responding };

    void enter(Direction direction, const tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);
    void complete(const tlm::tlm_generic_payload& payload);

    std::map<const tlm::tlm_generic_payload*, State> states_;
    const tlm::tlm_generic_payload* requesting_ = nullptr;
    const tlm::tlm_generic_payload* responding_ = nullptr;
    std::vector<std::string> broken_;
};

class TlmPhaseChecker : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<TlmPhaseChecker> in;
    tlm_utils::simple_initiator_socket<TlmPhaseChecker> out;
    TlmPhaseRules rules;

    explicit TlmPhaseChecker(const sc_core::sc_module_name& name);

private:
    tlm::tlm_sync_enum forward(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay);
    tlm::tlm_sync_enum backward(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay);
};

}  // namespace accelsim::testing
