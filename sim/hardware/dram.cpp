// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/dram.hpp"

#include <cstring>

#include "mappings/boxes.hpp"
#include "mappings/lowering.hpp"

namespace accelsim {

namespace {

/// Calls visit(storage index, box index, words) for every row of a box. Axes that the box covers wholly are one with the axis in
/// front of them.
template <typename Visit>
void for_each_row(const std::vector<std::int64_t>& storage, const std::vector<std::int64_t>& first,
                  const std::vector<std::int64_t>& box, Visit visit) {
    const auto strides = row_major_strides(storage);
    std::size_t axes = box.size() - 1;  // that are walked; the others make the row
    while (axes > 0 && box[axes] == storage[axes]) --axes;
    const std::int64_t row = box[axes] * strides[axes];
    std::int64_t index = 0;
    std::int64_t rows = 1;
    for (std::size_t a = 0; a < box.size(); ++a) index += first[a] * strides[a];
    for (std::size_t a = 0; a < axes; ++a) rows *= box[a];
    std::vector<std::int64_t> at(axes, 0);
    for (std::int64_t r = 0; r < rows; ++r) {
        visit(index, r * row, row);
        for (std::size_t a = axes; a-- > 0;) {
            index += strides[a];
            if (++at[a] < box[a]) break;
            index -= box[a] * strides[a];
            at[a] = 0;
        }
    }
}

/// Lays a row-major tensor into its storage, or takes it out.
template <typename Visit>
void for_each_tensor_row(const Tensor& tensor, const std::vector<std::int64_t>& storage, Visit visit) {
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> sizes;
    for (const Axis& axis : tensor.axes) {
        first.push_back(-axis.offset);
        sizes.push_back(axis.size);
    }
    for_each_row(storage, first, sizes, visit);
}

}  // namespace

Dram::Dram(const sc_core::sc_module_name& name, sc_core::sc_time latency) : sc_module(name), in("in"), latency_(latency) {
    in.register_b_transport(this, &Dram::b_transport);
    in.register_transport_dbg(this, &Dram::transport_dbg);
}

void Dram::load(const Design& design, const std::vector<std::vector<std::int16_t>>& operands) {
    tensors_.clear();
    for (std::size_t t = 0; t < design.workload.tensors.size(); ++t) {
        const Tensor& tensor = design.workload.tensors[t];
        Storage storage;
        storage.extents = storage_extents(design, static_cast<int>(t), 0);
        for (std::size_t a = 0; a < tensor.axes.size(); ++a) {
            storage.offset.push_back(tensor.axes[a].offset);
            // Padding beyond what the loops reach still holds elements of the tensor.
            storage.extents[a] = std::max(storage.extents[a], tensor.axes[a].size - tensor.axes[a].offset);
        }
        const auto words = static_cast<std::size_t>(product(storage.extents));
        if (tensor.is_output) {
            storage.sums.assign(words, 0);
            output_ = tensor;
        } else {
            storage.operands.assign(words, 0);
            const std::int16_t* from = operands[t].data();
            for_each_tensor_row(tensor, storage.extents, [&](std::int64_t to, std::int64_t at, std::int64_t count) {
                std::copy_n(from + at, count, storage.operands.begin() + to);
            });
        }
        tensors_.push_back(std::move(storage));
    }
}

std::vector<std::int32_t> Dram::unload() const {
    const Storage& storage = tensors_.back();
    std::vector<std::int32_t> result(static_cast<std::size_t>(output_.words()));
    const int shift = 32 - output_.bits;
    for_each_tensor_row(output_, storage.extents, [&](std::int64_t from, std::int64_t at, std::int64_t count) {
        for (std::int64_t i = 0; i < count; ++i) {
            const auto sum = static_cast<std::uint32_t>(storage.sums[static_cast<std::size_t>(from + i)]);
            result[static_cast<std::size_t>(at + i)] = static_cast<std::int32_t>(sum << shift) >> shift;
        }
    });
    return result;
}

std::int64_t Dram::bytes() const {
    std::size_t total = 0;
    for (const Storage& storage : tensors_) total += storage.operands.size() * 2 + storage.sums.size() * 4;
    return static_cast<std::int64_t>(total);
}

bool Dram::access(tlm::tlm_generic_payload& payload) {
    const auto* box = payload.get_extension<BoxExtension>();
    if (box == nullptr || box->tensor < 0 || static_cast<std::size_t>(box->tensor) >= tensors_.size()) return false;
    Storage& storage = tensors_[static_cast<std::size_t>(box->tensor)];
    std::vector<std::int64_t> first = box->origin;
    for (std::size_t a = 0; a < first.size(); ++a) {
        first[a] -= storage.offset[a];
        if (first[a] < 0 || first[a] + box->extents[a] > storage.extents[a]) return false;
    }
    const bool sums = !storage.sums.empty();
    const std::size_t size = sums ? sizeof(std::int32_t) : sizeof(std::int16_t);
    if (payload.get_data_length() != static_cast<std::size_t>(product(box->extents)) * size) return false;
    auto* memory =
        sums ? reinterpret_cast<unsigned char*>(storage.sums.data()) : reinterpret_cast<unsigned char*>(storage.operands.data());
    unsigned char* data = payload.get_data_ptr();
    const bool write = payload.is_write();
    for_each_row(storage.extents, first, box->extents, [&](std::int64_t index, std::int64_t at, std::int64_t count) {
        unsigned char* cell = memory + static_cast<std::size_t>(index) * size;
        unsigned char* word = data + static_cast<std::size_t>(at) * size;
        std::memcpy(write ? cell : word, write ? word : cell, static_cast<std::size_t>(count) * size);
    });
    return true;
}

void Dram::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    if (payload.is_read()) delay += latency_;
    payload.set_response_status(access(payload) ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

unsigned Dram::transport_dbg(tlm::tlm_generic_payload& payload) { return access(payload) ? payload.get_data_length() : 0; }

}  // namespace accelsim
