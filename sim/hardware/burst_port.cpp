// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/burst_port.hpp"

#include <algorithm>

#include "mappings/error.hpp"
#include "sim/hardware/token.hpp"

namespace accelsim {

/// A payload with its buffers and who sent it.
struct BurstPort::Request : tlm::tlm_generic_payload {
    using tlm::tlm_generic_payload::tlm_generic_payload;
    std::size_t client = 0;
    std::int64_t tile = 0;
    std::int64_t burst = 0;
    std::vector<unsigned char> data, enable;
};

/// Requests are used again.
class BurstPort::Pool : public tlm::tlm_mm_interface {
public:
    Request* take() {
        if (free_.empty()) {
            all_.push_back(std::make_unique<Request>(this));
            free_.push_back(all_.back().get());
        }
        Request* request = free_.back();
        free_.pop_back();
        request->acquire();
        return request;
    }
    void free(tlm::tlm_generic_payload* payload) override {
        payload->reset();
        free_.push_back(static_cast<Request*>(payload));
    }

private:
    std::vector<std::unique_ptr<Request>> all_;
    std::vector<Request*> free_;
};

BurstPort::BurstPort(const sc_core::sc_module_name& name, sc_core::sc_time period, std::size_t burst_bytes)
    : sc_module(name), out("out"), period_(period), burst_bytes_(burst_bytes), pool_(std::make_unique<Pool>()), next_(never) {
    out.register_nb_transport_bw(this, &BurstPort::respond);
}

BurstPort::~BurstPort() = default;

void BurstPort::restart(std::size_t clients, bool data) {
    data_ = data;
    start_ = sc_core::sc_time_stamp();
    for (auto& queue : answers_) {
        for (const Waiting& waiting : queue) waiting.request->release();
    }
    answers_.clear();
    answers_.resize(clients);
    next_ = never;
    under_way_ = 0;
}

BurstPort::Request* BurstPort::make(std::size_t client, tlm::tlm_command command, std::int64_t address, std::int64_t tile,
                                    std::int64_t burst) {
    Request* request = pool_->take();
    request->client = client;
    request->tile = tile;
    request->burst = burst;
    request->data.resize(burst_bytes_);  // without data, too: a payload points to something
    request->set_command(command);
    request->set_address(static_cast<sc_dt::uint64>(address));
    request->set_data_ptr(request->data.data());
    request->set_data_length(static_cast<unsigned>(burst_bytes_));
    request->set_streaming_width(static_cast<unsigned>(burst_bytes_));
    request->set_byte_enable_ptr(nullptr);
    request->set_dmi_allowed(false);
    request->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    return request;
}

void BurstPort::read(std::size_t client, std::int64_t address, std::int64_t cycle, std::int64_t tile, std::int64_t burst) {
    send(make(client, tlm::TLM_READ_COMMAND, address, tile, burst), cycle);
}

void BurstPort::write(std::size_t client, std::int64_t address, const std::vector<unsigned char>& data,
                      const std::vector<unsigned char>& enable, std::int64_t cycle, std::int64_t tile, std::int64_t burst) {
    Request* request = make(client, tlm::TLM_WRITE_COMMAND, address, tile, burst);
    if (data_) {
        std::copy(data.begin(), data.end(), request->data.begin());
        request->enable = enable;
        request->set_byte_enable_ptr(request->enable.data());
        request->set_byte_enable_length(static_cast<unsigned>(request->enable.size()));
    }
    send(request, cycle);
}

void BurstPort::send(Request* request, std::int64_t cycle) {
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    const auto reaches = sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(cycle + 1) * period_.value());
    sc_core::sc_time delay = start_ + reaches - sc_core::sc_time_stamp();
    ++under_way_;
    // The controller has room for all bursts that the movers may have under way: it takes each at once.
    if (out->nb_transport_fw(*request, phase, delay) != tlm::TLM_UPDATED || phase != tlm::END_REQ)
        throw InternalError("the DRAM's controller did not take a burst");
}

unsigned char* BurstPort::memory(std::int64_t bytes) {
    tlm::tlm_generic_payload payload;
    payload.set_address(0);
    tlm::tlm_dmi memory;
    if (!out->get_direct_mem_ptr(payload, memory) || memory.get_end_address() + 1 < static_cast<sc_dt::uint64>(bytes))
        throw InternalError("the DRAM has no such bytes");
    return memory.get_dmi_ptr();
}

tlm::tlm_sync_enum BurstPort::respond(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    auto& request = static_cast<Request&>(payload);
    if (phase != tlm::BEGIN_RESP || payload.is_response_error())
        throw InternalError("the DRAM refused a burst: " + payload.get_response_string());
    const sc_core::sc_time when = sc_core::sc_time_stamp() + delay - start_;
    const auto seen = static_cast<std::int64_t>(when.value() / period_.value()) + 1;
    BurstAnswer answer{seen, request.tile, request.burst, nullptr};
    if (payload.is_read() && data_) answer.data = request.data.data();
    answers_[request.client].push_back({answer, &request});
    next_ = std::min(next_, seen);
    --under_way_;
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

void BurstPort::take(std::size_t client) {
    std::deque<Waiting>& queue = answers_[client];
    queue.front().request->release();
    queue.pop_front();
    next_ = never;
    for (const auto& waiting : answers_)
        if (!waiting.empty()) next_ = std::min(next_, waiting.front().answer.cycle);
}

}  // namespace accelsim
