// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tlm_phase_checker.hpp"

namespace accelsim::testing {

using tlm::tlm_generic_payload;

void TlmPhaseRules::call(Direction direction, const tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
    enter(direction, payload, phase);
}

void TlmPhaseRules::returned(Direction direction, const tlm_generic_payload& payload, const tlm::tlm_phase& phase,
                             tlm::tlm_sync_enum answer) {
    if (answer == tlm::TLM_COMPLETED) complete(payload);
    if (answer == tlm::TLM_UPDATED)
        enter(direction == Direction::forward ? Direction::backward : Direction::forward, payload, phase);
}

void TlmPhaseRules::complete(const tlm_generic_payload& payload) {
    states_.erase(&payload);
    if (requesting_ == &payload) requesting_ = nullptr;
    if (responding_ == &payload) responding_ = nullptr;
}

void TlmPhaseRules::enter(Direction direction, const tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
    const auto expect = [&](bool good, const char* rule) {
        if (!good) broken_.push_back(rule);
    };
    const auto found = states_.find(&payload);
    const bool known = found != states_.end();
    const bool forward = direction == Direction::forward;
    if (phase == tlm::BEGIN_REQ) {
        expect(forward, "BEGIN_REQ from the target");
        expect(!known, "BEGIN_REQ twice");
        expect(requesting_ == nullptr, "BEGIN_REQ during another request");
        expect(payload.has_mm(), "no memory manager");
        requesting_ = &payload;
        states_[&payload] = State::requesting;
    } else if (phase == tlm::END_REQ) {
        expect(!forward, "END_REQ from the initiator");
        expect(known && found->second == State::requesting, "END_REQ without request");
        if (requesting_ == &payload) requesting_ = nullptr;
        if (known) found->second = State::requested;
    } else if (phase == tlm::BEGIN_RESP) {
        expect(!forward, "BEGIN_RESP from the initiator");
        expect(known && found->second != State::responding, "BEGIN_RESP without request");
        expect(responding_ == nullptr, "BEGIN_RESP during another response");
        expect(payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE, "no response status");
        if (requesting_ == &payload) requesting_ = nullptr;  // BEGIN_RESP says END_REQ, too
        responding_ = &payload;
        states_[&payload] = State::responding;
    } else if (phase == tlm::END_RESP) {
        expect(forward, "END_RESP from the target");
        expect(known && found->second == State::responding, "END_RESP without response");
        complete(payload);
    } else {
        expect(false, "unknown phase");
    }
}

TlmPhaseChecker::TlmPhaseChecker(const sc_core::sc_module_name& name) : sc_module(name), in("in"), out("out") {
    in.register_nb_transport_fw(this, &TlmPhaseChecker::forward);
    out.register_nb_transport_bw(this, &TlmPhaseChecker::backward);
}

tlm::tlm_sync_enum TlmPhaseChecker::forward(tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    const bool ends = phase == tlm::END_RESP;
    rules.call(TlmPhaseRules::Direction::forward, payload, phase);
    const tlm::tlm_sync_enum answer = out->nb_transport_fw(payload, phase, delay);
    if (!ends) rules.returned(TlmPhaseRules::Direction::forward, payload, phase, answer);
    return answer;
}

tlm::tlm_sync_enum TlmPhaseChecker::backward(tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    rules.call(TlmPhaseRules::Direction::backward, payload, phase);
    const tlm::tlm_sync_enum answer = in->nb_transport_bw(payload, phase, delay);
    rules.returned(TlmPhaseRules::Direction::backward, payload, phase, answer);
    return answer;
}

}  // namespace accelsim::testing
