// SPDX-License-Identifier: Apache-2.0
#include "mappings/holding.hpp"

namespace accelsim {

Holding::Axes Holding::held(const Bundles& bundles, const LaneClipper& clipper, const Vector& extents, const Vector& offsets,
                            const Vector& instance, const Vector& shift) {
    const std::size_t blocks = bundles.blocks();
    Axes axes;
    for (std::size_t a = 0; a < extents.size(); ++a) {
        Bits bits(static_cast<std::size_t>(extents[a]) * blocks, 0);
        for (const Bundles::Place& place : bundles.places[a]) {
            const AxisBox box = clipper.clip(a, offsets, instance, place.displacement);
            const std::int64_t end = std::min(extents[a], box.high - shift[a]);
            for (std::int64_t e = std::max<std::int64_t>(0, box.low - shift[a]); e < end; ++e) {
                if (!box.contains(e + shift[a])) continue;
                std::uint64_t* to = bits.data() + static_cast<std::size_t>(e) * blocks;
                for (std::size_t i = 0; i < blocks; ++i) to[i] |= place.bundles[i];
            }
        }
        axes.push_back(std::move(bits));
    }
    return axes;
}

/// How many of these bundles are among the bits: 0 none, 1 all, -1 some.
int Holding::share_of(const std::uint64_t* bits, const Bits& of) const {
    bool any = false;
    bool all = true;
    for (std::size_t i = 0; i < blocks_; ++i) {
        const std::uint64_t both = bits[i] & of[i];
        any = any || both != 0;
        all = all && both == of[i];
    }
    return all ? 1 : any ? -1 : 0;
}

bool Holding::uniform(Uniform& result) const {
    result.bundles.assign(blocks_, ~std::uint64_t{0});
    for (const Bits& axis : now_) {
        Bits some(blocks_, 0);
        for (std::size_t i = 0; i < axis.size(); ++i) some[i % blocks_] |= axis[i];
        for (std::size_t i = 0; i < blocks_; ++i) result.bundles[i] &= some[i];
    }
    result.elements = 1;
    std::int64_t kept = keeps() ? 1 : 0;
    for (std::size_t a = 0; a < now_.size(); ++a) {
        std::int64_t all = 0;
        std::int64_t both = 0;
        for (std::size_t i = 0; i < now_[a].size(); i += blocks_) {
            const int here = share_of(now_[a].data() + i, result.bundles);
            const int there = keeps() ? share_of(before_[a].data() + i, result.bundles) : 0;
            if (here < 0 || (here > 0 && there < 0)) return false;
            all += here;
            both += here > 0 ? there : 0;
        }
        result.elements *= all;
        kept *= both;
    }
    result.elements -= kept;
    return true;
}

}  // namespace accelsim
