// SPDX-License-Identifier: Apache-2.0
// The DRAM: a TLM-2.0 target that holds whole tensors and moves boxes of them.
#pragma once

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <vector>

#include "mappings/design.hpp"

namespace accelsim {

/// Says which box of which tensor a generic payload moves (its data are the box's words, row-major, 16-bit for
/// operands, 32-bit for the output). One transaction per tile: bursts of words, never single ones.
struct BoxExtension : tlm::tlm_extension<BoxExtension> {
    int tensor = 0;
    std::vector<std::int64_t> origin;  ///< coordinates; negative ones are padding
    std::vector<std::int64_t> extents;

    tlm::tlm_extension_base* clone() const override { return new BoxExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override { *this = static_cast<const BoxExtension&>(other); }
};

/// `ideal`: every access takes `latency_cycles` (reads) and the port's width; no banks, no refresh.
class Dram : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<Dram> in;

    /// latency: delay of a read, from grant to data, as the response's annotated time.
    Dram(const sc_core::sc_module_name& name, sc_core::sc_time latency);

    /// Makes room for a design's tensors, zeros around and inside; operands are laid in row-major.
    void load(const Design& design, const std::vector<std::vector<std::int16_t>>& operands);
    /// The output tensor, row-major, as 32-bit sums.
    std::vector<std::int32_t> unload() const;
    std::int64_t bytes() const;

private:
    struct Storage {
        std::vector<std::int64_t> extents;  ///< nominal: padding and tails included
        std::vector<std::int64_t> offset;   ///< coordinate of element 0 per axis
        std::vector<std::int16_t> operands;
        std::vector<std::int32_t> sums;
    };
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    bool access(tlm::tlm_generic_payload& payload);

    sc_core::sc_time latency_;
    std::vector<Storage> tensors_;
    Tensor output_;
};

}  // namespace accelsim
