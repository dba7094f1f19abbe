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
        std::size_t fan_out = 0;
        for (std::size_t l = 0; l < architecture_.levels.size(); ++l) {
            const Level& level = architecture_.levels[l];
            if (level.is_buffer()) buffers_.push_back(static_cast<int>(l));
            if (level.kind != LevelKind::array) continue;
            const Unrolling::Axes& axes = unrolling_.fan_outs.at(fan_out++);
            unroll(axes.rows, LoopKind::rows, static_cast<int>(l), level.rows);
            unroll(axes.columns, LoopKind::columns, static_cast<int>(l), level.columns);
        }
        deal_temporal();
        if (random_.chance(30)) nest_.partials = Partials::copy;
        if (random_.chance(30)) round_up();
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
        const int input = like.tensors[0].bits, weight = like.tensors[1].bits, output = like.tensors[2].bits;
        if (!unrolling_.convolution && random_.chance(40)) {
            workload_ = make_gemm(random_.between(1, 12), random_.between(1, 12), random_.between(1, 12), input, weight, output);
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
        shape.stride_y = random_.between(1, 3);
        shape.stride_x = random_.between(1, 3);
        shape.dilation_y = random_.chance(20) ? 2 : 1;
        shape.dilation_x = random_.chance(20) ? 2 : 1;
        if (random_.chance(40)) shape.padding_y = random_.between(0, shape.fy - 1);
        if (random_.chance(40)) shape.padding_x = random_.between(0, shape.fx - 1);
        workload_ = make_conv2d(shape, input, weight, output);
    }

    void unroll(const std::vector<std::string>& names, LoopKind kind, int level, std::int64_t size) {
        std::vector<Loop> loops;
        for (const std::string& name : names) {
            const int dimension = workload_.find_dimension(name);
            if (dimension < 0) continue;
            std::int64_t& rest = rest_[static_cast<std::size_t>(dimension)];
            const std::int64_t factor = random_.between(std::min<std::int64_t>({2, rest, size}), std::min(rest, size));
            if (factor < 2) continue;
            rest = (rest + factor - 1) / factor;
            size /= factor;
            loops.insert(loops.begin(), {dimension, factor, level, kind, {}});
        }
        nest_.loops.insert(nest_.loops.end(), loops.begin(), loops.end());
    }

    /// What is left goes to the buffers, in random order.
    void deal_temporal() {
        std::vector<int> levels = buffers_;  // those in the middle twice
        if (buffers_.size() > 2) levels.insert(levels.end(), buffers_.begin() + 1, buffers_.end() - 1);
        std::vector<Loop> loops;
        for (std::size_t d = 0; d < rest_.size(); ++d) {
            for (int tries = 0; rest_[d] > 1; ++tries) {
                const std::int64_t factor = tries > 2 || random_.chance(50) ? rest_[d] : random_.between(2, rest_[d]);
                rest_[d] = (rest_[d] + factor - 1) / factor;
                loops.push_back({static_cast<int>(d), factor, random_.one_of<int>(levels), LoopKind::temporal, {}});
            }
        }
        for (std::size_t i = loops.size(); i > 1; --i)
            std::swap(loops[i - 1], loops[static_cast<std::size_t>(random_.between(0, static_cast<std::int64_t>(i) - 1))]);
        nest_.loops.insert(nest_.loops.end(), loops.begin(), loops.end());
    }

    /// Of some dimensions, what the loops have beyond the bound is issued, too.
    void round_up() {
        nest_.issued.assign(workload_.dimensions.size(), 0);
        for (std::size_t d = 0; d < nest_.issued.size(); ++d) {
            std::int64_t product = 1;
            for (const Loop& loop : nest_.loops) product *= static_cast<std::size_t>(loop.dimension) == d ? loop.bound : 1;
            if (product > workload_.dimensions[d].bound && random_.chance(70))
                nest_.issued[d] = random_.between(workload_.dimensions[d].bound, product);
        }
    }

    RandomNumbers random_;
    const Architecture& architecture_;
    const Unrolling& unrolling_;
    Workload workload_;
    Nest nest_;
    std::vector<std::int64_t> rest_;
    std::vector<int> buffers_;  ///< levels that temporal loops go to
};

}  // namespace

std::optional<Design> random_nest(const Architecture& architecture, const Workload& like, const Unrolling& unrolling,
                                  std::uint64_t seed) {
    return Dealer(architecture, like, unrolling, seed).deal();
}

}  // namespace accelsim::testing
