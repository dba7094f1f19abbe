// SPDX-License-Identifier: Apache-2.0
// --transactions: who moved which words when.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/files/output_file.hpp"
#include "sim/hardware/trace.hpp"

namespace accelsim {

/// Writes CSV, a line per granted group: cycle, mover, tensor, tile, box, words, lanes. The box is the bounding box of the
/// group's words in the tensor, [first..last] per axis, for the parent's first instance; lanes is a hexadecimal mask, bit i for
/// lane i below one parent instance. The file appears under its name only when finish() was called. UserError when it cannot be
/// written.
class TransactionWriter : public TraceSink {
public:
    TransactionWriter(const std::string& file, const Design& design);

    void group(const GroupEvent& event) override;
    void finish();

private:
    struct Geometry {
        std::string mover;                             ///< "GlobalBuffer>RegisterFile.input"
        std::vector<std::int64_t> extents;             ///< of a tile
        std::vector<std::vector<std::int64_t>> lanes;  ///< displacement per lane and axis
    };
    Geometry geometry_of(int boundary) const;
    std::string box_of(const GroupEvent& event, const Geometry& geometry) const;
    std::string mask_of(const GroupEvent& event, std::size_t lanes) const;

    GrowingFile file_;
    const Design& design_;
    std::vector<Geometry> geometries_;
};

}  // namespace accelsim
