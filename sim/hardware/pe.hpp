// SPDX-License-Identifier: Apache-2.0
// A processing element and its register files: the named, traceable owners of one lane. They have no processes;
// the array advances all lanes together (docs/microarchitecture.md, "the array").
#pragma once

#include <systemc>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/hardware/array.hpp"

namespace accelsim {

/// One instance of a per-lane buffer level.
class RegisterFile : public sc_core::sc_module {
public:
    RegisterFile(const sc_core::sc_module_name& name, std::int64_t capacity_bytes)
        : sc_module(name), capacity_bytes_(capacity_bytes) {}
    std::int64_t capacity_bytes() const { return capacity_bytes_; }

private:
    std::int64_t capacity_bytes_;
};

/// One position of a fan-out: a PE when the MAC is inside it, else a cluster of further positions.
class Pe : public sc_core::sc_module {
public:
    Pe(const sc_core::sc_module_name& name, int row, int column) : sc_module(name), row_(row), column_(column) {}

    /// The lane whose state this PE owns in the nest that is loaded.
    void attach(const Array* array, std::int64_t lane) {
        array_ = array;
        lane_ = lane;
    }
    /// Operands and sum of the last step computed; zeros while no lane is attached.
    Array::LaneView view() const { return array_ == nullptr ? Array::LaneView{} : array_->view(lane_); }

    int row() const { return row_; }
    int column() const { return column_; }
    /// Buffers and fan-outs inside this position, built by the machine.
    std::vector<std::unique_ptr<sc_core::sc_module>> parts;

private:
    int row_;
    int column_;
    const Array* array_ = nullptr;
    std::int64_t lane_ = 0;
};

}  // namespace accelsim
