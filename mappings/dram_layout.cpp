// SPDX-License-Identifier: Apache-2.0
#include "mappings/dram_layout.hpp"

#include <numeric>

namespace accelsim {

namespace {

std::int64_t floor_div(std::int64_t value, std::int64_t by) { return value >= 0 ? value / by : -((-value + by - 1) / by); }

}  // namespace

TensorPlace::TensorPlace(const Tensor& tensor, const Layout& layout, std::int64_t base)
    : axes_(tensor.axes.size()), base_(base), element_bytes_(tensor.bits / 8) {
    std::vector<int> order = layout.order;
    if (order.empty()) {
        order.resize(tensor.axes.size());
        std::iota(order.begin(), order.end(), 0);
    }
    for (std::size_t a = 0; a < axes_.size(); ++a) axes_[a].size = tensor.axes[a].size;
    std::int64_t stride = element_bytes_;
    for (const auto& [axis, block] : layout.blocks) {
        AxisPlace& place = axes_[static_cast<std::size_t>(axis)];
        place.block = block;
        place.inner_stride = stride;
        stride *= block;
    }
    for (std::size_t i = order.size(); i-- > 0;) {
        AxisPlace& place = axes_[static_cast<std::size_t>(order[i])];
        place.stride = stride;
        const std::int64_t size = tensor.axes[static_cast<std::size_t>(order[i])].size;
        stride *= (size + place.block - 1) / place.block;
    }
    end_ = base + stride;
}

std::int64_t TensorPlace::address(const std::vector<std::int64_t>& coordinate) const {
    std::vector<std::int64_t> left;
    return whole(coordinate, left) + within(left, std::vector<std::int64_t>(coordinate.size(), 0));
}

std::int64_t TensorPlace::whole(const std::vector<std::int64_t>& origin, std::vector<std::int64_t>& left) const {
    std::int64_t address = base_;
    left.resize(axes_.size());
    for (std::size_t a = 0; a < axes_.size(); ++a) {
        const std::int64_t blocks = floor_div(origin[a], axes_[a].block);
        address += blocks * axes_[a].stride;
        left[a] = origin[a] - blocks * axes_[a].block;
    }
    return address;
}

std::int64_t TensorPlace::within(const std::vector<std::int64_t>& left, const std::vector<std::int64_t>& element) const {
    std::int64_t address = 0;
    for (std::size_t a = 0; a < axes_.size(); ++a) {
        const AxisPlace& place = axes_[a];
        const std::int64_t at = left[a] + element[a];
        address += at / place.block * place.stride + at % place.block * place.inner_stride;
    }
    return address;
}

std::vector<std::int64_t> TensorPlace::offsets(std::size_t axis) const {
    const AxisPlace& place = axes_[axis];
    std::vector<std::int64_t> result;
    for (std::int64_t c = 0; c < place.size; ++c)
        result.push_back(c / place.block * place.stride + c % place.block * place.inner_stride);
    return result;
}

std::vector<TensorPlace> place_tensors(const Design& design) {
    const BurstInterface& dram = *design.level(0).bursts;
    std::vector<TensorPlace> places;
    std::int64_t base = 0;
    for (const Tensor& tensor : design.workload.tensors) {
        const auto layout = dram.layouts.find(tensor.name);
        places.emplace_back(tensor, layout == dram.layouts.end() ? Layout{} : layout->second, base);
        base = (places.back().end() + dram.row_bytes - 1) / dram.row_bytes * dram.row_bytes;
    }
    return places;
}

}  // namespace accelsim
