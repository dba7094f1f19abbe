// SPDX-License-Identifier: Apache-2.0
// The movers' way to the DRAM: turns tiles into TLM-2.0 transactions.
#pragma once

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <vector>

#include "sim/hardware/dram.hpp"

namespace accelsim {

/// One staging box per use; the pointers returned stay valid until the next call.
class DramPort : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<DramPort> out;

    explicit DramPort(const sc_core::sc_module_name& name) : sc_module(name), out("out") {}

    /// Reads a box of an operand; row-major words.
    const std::int16_t* read_operands(int tensor, const std::vector<std::int64_t>& origin,
                                      const std::vector<std::int64_t>& extents);
    const std::int32_t* read_sums(int tensor, const std::vector<std::int64_t>& origin, const std::vector<std::int64_t>& extents);
    /// A box to be filled in place and then written. `sparse`: the box has words that the tile does not own; they keep their
    /// values.
    std::int32_t* begin_write(int tensor, const std::vector<std::int64_t>& origin, const std::vector<std::int64_t>& extents,
                              bool sparse);
    void finish_write();

private:
    void aim(int tensor, const std::vector<std::int64_t>& origin, const std::vector<std::int64_t>& extents);
    void transport(tlm::tlm_command command, unsigned char* data, std::size_t bytes);

    BoxExtension box_;
    std::vector<std::int16_t> operands_;
    std::vector<std::int32_t> sums_;
};

}  // namespace accelsim
