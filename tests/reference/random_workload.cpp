// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

namespace {

Axis plain(int dimension) { return Axis{{Term{dimension, 1}}, 0, 1}; }

Axis window(int position, std::int64_t stride, int tap, std::int64_t dilation, std::int64_t padding) {
    return Axis{{Term{position, stride}, Term{tap, dilation}}, -padding, 1};
}

Workload convolution(RandomNumbers& random, int input_bits, int weight_bits, int output_bits) {
    Conv2dShape s;
    s.n = random.between(1, 2);
    s.k = random.between(1, 8);
    s.c = random.between(1, 8);
    s.y = random.between(1, 9);
    s.x = random.between(1, 9);
    s.fy = random.between(1, 3);
    s.fx = random.between(1, 3);
    if (random.chance(20)) s.groups = random.between(2, 3);
    if (random.chance(40)) {
        s.stride_y = random.between(1, 3);
        s.stride_x = random.between(1, 3);
    }
    if (random.chance(30)) s.dilation_y = s.dilation_x = 2;
    if (random.chance(40)) {
        s.padding_y = random.between(0, 2);
        s.padding_x = random.between(0, 2);
    }
    return make_conv2d(s, input_bits, weight_bits, output_bits);
}

/// Tensors written by hand: a name, dimensions with bounds, and the axes of A, B and O.
Workload einsum(RandomNumbers& random, int a_bits, int b_bits, int o_bits) {
    Workload w;
    w.type = "einsum";
    const auto dims = [&](const std::vector<std::pair<std::string, std::int64_t>>& list) {
        for (const auto& [name, most] : list) w.dimensions.push_back({name, random.between(1, most), {}});
    };
    Tensor a{"A", {}, a_bits, false}, b{"B", {}, b_bits, false}, o{"O", {}, o_bits, true};
    const std::int64_t stride = random.between(1, 3), dilation = random.between(1, 2), padding = random.between(0, 2);
    switch (random.between(0, 6)) {
        case 0:
            w.name = "batched_matmul";
            dims({{"B", 5}, {"M", 12}, {"N", 12}, {"K", 16}});
            a.axes = {plain(0), plain(1), plain(3)};
            b.axes = {plain(0), plain(3), plain(2)};
            o.axes = {plain(0), plain(1), plain(2)};
            break;
        case 1:
            w.name = "conv1d";
            dims({{"N", 3}, {"K", 9}, {"C", 8}, {"X", 24}, {"F", 5}});
            a.axes = {plain(1), plain(2), plain(4)};
            b.axes = {plain(0), plain(2), window(3, stride, 4, dilation, padding)};
            o.axes = {plain(0), plain(1), plain(3)};
            break;
        case 2:
            w.name = "outer_product";
            dims({{"M", 90}, {"N", 90}});
            a.axes = {plain(0)};
            b.axes = {plain(1)};
            o.axes = {plain(0), plain(1)};
            break;
        case 3:
            w.name = "matvec";
            dims({{"M", 100}, {"K", 100}});
            a.axes = {plain(0), plain(1)};
            b.axes = {plain(1)};
            o.axes = {plain(0)};
            break;
        case 4:
            w.name = "depthwise";
            dims({{"C", 9}, {"Y", 12}, {"X", 12}, {"FY", 4}, {"FX", 4}});
            a.axes = {plain(0), window(1, stride, 3, 1, padding), window(2, stride, 4, dilation, 0)};
            b.axes = {plain(0), plain(3), plain(4)};
            o.axes = {plain(0), plain(1), plain(2)};
            break;
        case 5:
            w.name = "locally_connected";
            dims({{"K", 14}, {"X", 24}, {"F", 9}});
            a.axes = {window(1, stride, 2, dilation, padding)};
            b.axes = {plain(0), plain(1), plain(2)};
            o.axes = {plain(1), plain(0)};
            break;
        default:
            w.name = "conv3d";
            dims({{"K", 5}, {"Z", 4}, {"Y", 5}, {"X", 6}, {"FZ", 3}, {"FY", 3}, {"FX", 3}});
            a.axes = {window(1, 1, 4, 1, padding / 2), window(2, stride, 5, 1, 0), window(3, 1, 6, dilation, padding)};
            b.axes = {plain(4), plain(5), plain(6), plain(0)};
            o.axes = {plain(0), plain(1), plain(2), plain(3)};
    }
    w.tensors = {a, b, o};
    if (random.chance(30)) std::swap(w.tensors[0], w.tensors[1]);
    derive_axis_sizes(w);
    return w;
}

bool usable(const Workload& workload) {
    if (workload.macs() < 600 || workload.macs() > 150000) return false;
    for (const Tensor& tensor : workload.tensors) {
        for (const Axis& axis : tensor.axes) {
            if (axis.size < 1) return false;
        }
    }
    return true;
}

}  // namespace

Workload make_random_workload(RandomNumbers& random) {
    for (;;) {
        const int a = random.one_of<int>({8, 16}), b = random.one_of<int>({8, 16}), o = random.one_of<int>({16, 32, 32});
        Workload w;
        switch (random.between(0, 3)) {
            case 0:
                w = make_gemm(random.between(1, 28), random.between(1, 28), random.between(1, 40), a, b, o);
                break;
            case 1:
                w = einsum(random, a, b, o);
                break;
            default:
                w = convolution(random, a, b, o);
        }
        if (usable(w)) return w;
    }
}

}  // namespace accelsim::testing
