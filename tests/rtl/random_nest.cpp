// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/random_nest.hpp"

#include <algorithm>

#include "sim/rtl/hardware.hpp"
#include "tests/reference/random_design.hpp"

namespace accelsim::testing {

namespace {

constexpr std::int64_t least_steps = 100, most_steps = 2000;

class Dealer {
public:
    Dealer(const Architecture& architecture, const Workload& like, const Unrolling& unrolling, std::uint64_t seed)
        : random_(seed * 0x9e3779b97f4a7c15u + 77), architecture_(architecture), unrolling_(unrolling) {
        make_workload(like);
        for (const Dimension& dimension : workload_.dimensions) rest_.push_back(dimension.bound);
    }

    std::optional<Design> deal() {
        unroll(unrolling_.rows, LoopKind::rows, architecture_.levels[2].rows);
        unroll(unrolling_.columns, LoopKind::columns, architecture_.levels[2].columns);
        deal_temporal();
        std::stable_sort(nest_.loops.begin(), nest_.loops.end(), [](const Loop& a, const Loop& b) { return a.level < b.level; });
        try {
            Design design = lower(workload_, architecture_, nest_, "random");
            require_rtl(design);
            if (design.steps < least_steps || design.steps > most_steps) return std::nullopt;
            for (const Tensor& tensor : workload_.tensors) {
                if (tensor.words() > 4096) return std::nullopt;
            }
            return design;
        } catch (const UserError&) {
            return std::nullopt;
        }
    }

private:
    void make_workload(const Workload& like) {
        const int input = like.tensors[0].bits, weight = like.tensors[1].bits;
        if (!unrolling_.convolution && random_.chance(40)) {
            workload_ = make_gemm(random_.between(1, 12), random_.between(1, 12), random_.between(1, 12), input, weight);
            return;
        }
        Conv2dShape shape;
        shape.n = random_.between(1, 2);
        shape.k = random_.between(1, 6);
        shape.c = random_.between(1, 6);
        shape.y = random_.between(1, 6);
        shape.x = random_.between(1, 6);
        shape.fy = random_.between(1, 3);
        shape.fx = random_.between(1, 3);
        shape.stride_y = random_.between(1, 2);
        shape.stride_x = random_.between(1, 2);
        shape.dilation_y = random_.chance(20) ? 2 : 1;
        shape.dilation_x = random_.chance(20) ? 2 : 1;
        if (random_.chance(40)) shape.padding_y = random_.between(0, shape.fy - 1);
        if (random_.chance(40)) shape.padding_x = random_.between(0, shape.fx - 1);
        workload_ = make_conv2d(shape, input, weight);
    }

    void unroll(const std::vector<std::string>& names, LoopKind kind, std::int64_t size) {
        std::vector<Loop> loops;
        for (const std::string& name : names) {
            const int dimension = workload_.find_dimension(name);
            if (dimension < 0) continue;
            std::int64_t& rest = rest_[static_cast<std::size_t>(dimension)];
            const std::int64_t factor = random_.between(std::min<std::int64_t>({2, rest, size}), std::min(rest, size));
            if (factor < 2) continue;
            rest = (rest + factor - 1) / factor;
            size /= factor;
            loops.insert(loops.begin(), {dimension, factor, 2, kind, {}});
        }
        nest_.loops.insert(nest_.loops.end(), loops.begin(), loops.end());
    }

    /// What is left goes to the buffers, in random order.
    void deal_temporal() {
        std::vector<Loop> loops;
        for (std::size_t d = 0; d < rest_.size(); ++d) {
            for (int tries = 0; rest_[d] > 1; ++tries) {
                const std::int64_t factor = tries > 2 || random_.chance(50) ? rest_[d] : random_.between(2, rest_[d]);
                rest_[d] = (rest_[d] + factor - 1) / factor;
                loops.push_back({static_cast<int>(d), factor, random_.one_of<int>({0, 1, 1, 3}), LoopKind::temporal, {}});
            }
        }
        for (std::size_t i = loops.size(); i > 1; --i)
            std::swap(loops[i - 1], loops[static_cast<std::size_t>(random_.between(0, static_cast<std::int64_t>(i) - 1))]);
        nest_.loops.insert(nest_.loops.end(), loops.begin(), loops.end());
    }

    RandomNumbers random_;
    const Architecture& architecture_;
    const Unrolling& unrolling_;
    Workload workload_;
    Nest nest_;
    std::vector<std::int64_t> rest_;
};

}  // namespace

std::optional<Design> random_nest(const Architecture& architecture, const Workload& like, const Unrolling& unrolling,
                                  std::uint64_t seed) {
    return Dealer(architecture, like, unrolling, seed).deal();
}

}  // namespace accelsim::testing
