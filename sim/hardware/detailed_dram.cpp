// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/detailed_dram.hpp"

#include <algorithm>
#include <cstring>

#include "mappings/error.hpp"

namespace accelsim {

DetailedDram::DetailedDram(const sc_core::sc_module_name& name, const dram::Device& device)
    : sc_module(name),
      in("in"),
      device_(device),
      period_(static_cast<double>(device.timing.tck_ps), sc_core::SC_PS),
      controller_(std::make_unique<dram::Controller>(device)) {
    in.register_nb_transport_fw(this, &DetailedDram::request);
    in.register_get_direct_mem_ptr(this, &DetailedDram::direct);
    SC_METHOD(work);
    sensitive << wake_;
    dont_initialize();
}

void DetailedDram::restart(std::int64_t bytes, bool data, bool driven) {
    start_ = sc_core::sc_time_stamp();
    driven_ = driven;
    wake_.cancel();
    controller_ = std::make_unique<dram::Controller>(device_);
    controller_->listen(listener_);
    size_ = bytes;
    bytes_.assign(data ? static_cast<std::size_t>(bytes) : 0, 0);
    payloads_.clear();
    free_tags_.clear();
}

void DetailedDram::listen(std::function<void(const dram::Issued&)> commands,
                          std::function<void(std::int64_t, const dram::Request&)> requests) {
    listener_ = std::move(commands);
    request_listener_ = std::move(requests);
    controller_->listen(listener_);
}

tlm::tlm_sync_enum DetailedDram::request(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase != tlm::BEGIN_REQ) throw InternalError("the DRAM got a phase that it did not expect");
    const auto address = static_cast<std::int64_t>(payload.get_address());
    const auto length = static_cast<std::int64_t>(payload.get_data_length());
    if (length != device_.burst_bytes() || address % length != 0 || address < 0 || address + length > size_) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        phase = tlm::BEGIN_RESP;
        return tlm::TLM_UPDATED;
    }
    payload.acquire();
    if (free_tags_.empty()) {
        free_tags_.push_back(static_cast<std::int64_t>(payloads_.size()));
        payloads_.push_back(nullptr);
    }
    const std::int64_t tag = free_tags_.back();
    free_tags_.pop_back();
    payloads_[static_cast<std::size_t>(tag)] = &payload;
    // Taken in the first clock that begins when it is there, or later.
    const auto arrival = (sc_core::sc_time_stamp() + delay - start_).value();
    const auto clock = static_cast<std::int64_t>((arrival + period_.value() - 1) / period_.value());
    const dram::Request request{address, payload.is_write(), tag};
    if (request_listener_) request_listener_(clock, request);
    controller_->push(clock, request);
    if (!driven_) wake_for(controller_->next());
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
}

void DetailedDram::wake_for(std::int64_t clock) {
    if (clock == dram::never) return;
    const sc_core::sc_time when = time_of(clock);
    // Of several notifications the earliest counts.
    wake_.notify(when > sc_core::sc_time_stamp() ? when - sc_core::sc_time_stamp() : sc_core::SC_ZERO_TIME);
}

/// Something happens in the clock that begins now.
void DetailedDram::work() {
    done_.clear();
    controller_->advance(static_cast<std::int64_t>((sc_core::sc_time_stamp() - start_).value() / period_.value()), done_);
    tell_all();
    wake_for(controller_->next());
}

bool DetailedDram::step(sc_core::sc_time limit) {
    const auto end =
        static_cast<std::int64_t>(std::min<sc_dt::uint64>((limit.value() - 1) / period_.value(), dram::never - 1)) + 1;
    done_.clear();
    while (done_.empty()) {
        const std::int64_t clock = controller_->next();
        if (clock >= end) return false;
        controller_->advance(clock, done_);
    }
    tell_all();
    return true;
}

/// Whoever waits for what was done.
void DetailedDram::tell_all() {
    for (const dram::Done& done : done_) {
        tlm::tlm_generic_payload& payload = *payloads_[static_cast<std::size_t>(done.tag)];
        if (!done.served) {
            respond(payload, done.clock);
            continue;
        }
        access(payload);
        if (payload.is_read()) respond(payload, done.clock);
        payloads_[static_cast<std::size_t>(done.tag)] = nullptr;
        free_tags_.push_back(done.tag);
        payload.release();
    }
}

/// Data change hands when the command is given: the controller keeps the order of requests to one burst.
void DetailedDram::access(tlm::tlm_generic_payload& payload) {
    if (bytes_.empty()) return;
    unsigned char* cell = bytes_.data() + payload.get_address();
    unsigned char* data = payload.get_data_ptr();
    if (payload.is_read()) {
        std::memcpy(data, cell, payload.get_data_length());
        return;
    }
    const unsigned char* enable = payload.get_byte_enable_ptr();
    for (unsigned i = 0; i < payload.get_data_length(); ++i) {
        if (enable == nullptr || enable[i] != 0) cell[i] = data[i];
    }
}

void DetailedDram::respond(tlm::tlm_generic_payload& payload, std::int64_t clock) {
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = time_of(clock) - sc_core::sc_time_stamp();
    if (in->nb_transport_bw(payload, phase, delay) != tlm::TLM_COMPLETED) throw InternalError("a burst's answer was not taken");
}

/// Before and after a run, when no time passes.
bool DetailedDram::direct(tlm::tlm_generic_payload&, tlm::tlm_dmi& memory) {
    if (bytes_.empty()) return false;
    memory.init();
    memory.set_dmi_ptr(bytes_.data());
    memory.set_start_address(0);
    memory.set_end_address(bytes_.size() - 1);
    memory.allow_read_write();
    return true;
}

sc_core::sc_time DetailedDram::last_write_end() const {
    return static_cast<double>(controller_->statistics().last_write_end) * period_;
}

void DetailedDram::finish(sc_core::sc_time time) {
    done_.clear();
    controller_->advance(static_cast<std::int64_t>(time.value() / period_.value()), done_);
}

double DetailedDram::energy_pj(sc_core::sc_time time) const {
    const auto clocks = (time.value() + period_.value() - 1) / period_.value();
    return controller_->energy_pj(static_cast<std::int64_t>(clocks));
}

}  // namespace accelsim
