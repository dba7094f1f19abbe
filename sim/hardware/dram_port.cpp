// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/dram_port.hpp"

#include "mappings/boxes.hpp"
#include "mappings/error.hpp"

namespace accelsim {

void DramPort::transport(tlm::tlm_command command, unsigned char* data, std::size_t bytes) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(0);
    payload.set_data_ptr(data);
    payload.set_data_length(static_cast<unsigned>(bytes));
    payload.set_streaming_width(static_cast<unsigned>(bytes));
    payload.set_byte_enable_ptr(nullptr);
    payload.set_dmi_allowed(false);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    payload.set_extension(&box_);
    // The delay is the read latency that Boundary::flight_down has already; the data are handed out then.
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    out->b_transport(payload, delay);
    payload.clear_extension(&box_);
    if (payload.is_response_error()) throw InternalError("the DRAM refused a transaction: " + payload.get_response_string());
}

void DramPort::aim(int tensor, const std::vector<std::int64_t>& origin, const std::vector<std::int64_t>& extents) {
    box_.tensor = tensor;
    box_.origin = origin;
    box_.extents = extents;
}

const std::int16_t* DramPort::read_operands(int tensor, const std::vector<std::int64_t>& origin,
                                            const std::vector<std::int64_t>& extents) {
    aim(tensor, origin, extents);
    operands_.resize(static_cast<std::size_t>(product(extents)));
    transport(tlm::TLM_READ_COMMAND, reinterpret_cast<unsigned char*>(operands_.data()), operands_.size() * sizeof(std::int16_t));
    return operands_.data();
}

const std::int32_t* DramPort::read_sums(int tensor, const std::vector<std::int64_t>& origin,
                                        const std::vector<std::int64_t>& extents) {
    aim(tensor, origin, extents);
    sums_.resize(static_cast<std::size_t>(product(extents)));
    transport(tlm::TLM_READ_COMMAND, reinterpret_cast<unsigned char*>(sums_.data()), sums_.size() * sizeof(std::int32_t));
    return sums_.data();
}

std::int32_t* DramPort::begin_write(int tensor, const std::vector<std::int64_t>& origin, const std::vector<std::int64_t>& extents,
                                    bool sparse) {
    if (sparse) {
        read_sums(tensor, origin, extents);
    } else {
        aim(tensor, origin, extents);
        sums_.resize(static_cast<std::size_t>(product(extents)));
    }
    return sums_.data();
}

void DramPort::finish_write() {
    transport(tlm::TLM_WRITE_COMMAND, reinterpret_cast<unsigned char*>(sums_.data()), sums_.size() * sizeof(std::int32_t));
}

}  // namespace accelsim
