// SPDX-License-Identifier: Apache-2.0
// Layers without products (pooling, additions, the cell of an LSTM): not simulated, but costed by the words that they move
// (docs/networks.md, "Layers that are not simulated").
#pragma once

#include <cstdint>
#include <string>

#include "mappings/architecture.hpp"

namespace accelsim {

struct Elementwise {
    std::string kind;  ///< pool, eltwise, lstm_cell, or an operator's name
    std::int64_t read_words = 0;
    std::int64_t written_words = 0;
    int bits = 16;
};

/// Every word read comes from the DRAM and passes the outermost buffer (one write, one read), every word written goes the same
/// way back. Operations are free: they are a thousandth of a DRAM access.
struct ElementwiseCost {
    std::int64_t cycles = 0;  ///< that the DRAM's ports need
    double dram_pj = 0;
    double buffer_pj = 0;
};

ElementwiseCost cost_elementwise(const Elementwise& layer, const Architecture& architecture);

}  // namespace accelsim
