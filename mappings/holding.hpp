// SPDX-License-Identifier: Apache-2.0
// Which lanes hold which elements of a tile (docs/microarchitecture.md, 1 and 2): a bit per bundle, axis by axis.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "mappings/bundles.hpp"
#include "mappings/lane_box.hpp"

namespace accelsim {

/// In instances of the parent in which all boxes are clipped alike. A bundle holds an element when it does so on every axis, and
/// gets it when it did not hold it in the tile before.
class Holding {
public:
    using Vector = std::vector<std::int64_t>;
    using Bits = Bundles::Bits;

    /// `offsets`: of the tile, per dimension; `instance`: displacement of the parent's.
    Holding(const Bundles& bundles, const LaneClipper& clipper, const Vector& extents, const Vector& offsets,
            const Vector& instance)
        : blocks_(bundles.blocks()), now_(held(bundles, clipper, extents, offsets, instance, Vector(extents.size(), 0))) {}

    /// What the tile at `offsets` held stays; an element of this tile lies `shift` further on there.
    void keep(const Bundles& bundles, const LaneClipper& clipper, const Vector& extents, const Vector& offsets,
              const Vector& instance, const Vector& shift) {
        before_ = held(bundles, clipper, extents, offsets, instance, shift);
    }

    bool keeps() const { return !before_.empty(); }
    /// Bits of the bundles that hold this element of an axis, now and before.
    const std::uint64_t* now(std::size_t axis, std::int64_t element) const { return at(now_, axis, element); }
    const std::uint64_t* before(std::size_t axis, std::int64_t element) const { return at(before_, axis, element); }

    /// The same bundles get every element that any gets.
    struct Uniform {
        Bits bundles;
        std::int64_t elements = 0;
    };
    /// False when it is not so.
    bool uniform(Uniform& result) const;

private:
    using Axes = std::vector<Bits>;  ///< per axis: `blocks_` words per element
    static Axes held(const Bundles& bundles, const LaneClipper& clipper, const Vector& extents, const Vector& offsets,
                     const Vector& instance, const Vector& shift);
    const std::uint64_t* at(const Axes& axes, std::size_t axis, std::int64_t element) const {
        return axes[axis].data() + static_cast<std::size_t>(element) * blocks_;
    }
    int share_of(const std::uint64_t* bits, const Bits& of) const;

    std::size_t blocks_;
    Axes now_, before_;
};

/// Calls visit(address, element per axis, bundle) for every copy that some of the parent's instances send, address major,
/// bundle minor.
template <typename Visit>
class CopyWalk {
public:
    using Vector = std::vector<std::int64_t>;
    CopyWalk(const std::vector<const Holding*>& holdings, std::size_t blocks, const Vector& extents, Visit visit)
        : holdings_(holdings), blocks_(blocks), extents_(extents), visit_(std::move(visit)), element_(extents.size(), 0) {
        bits_.assign((extents.size() + 1) * holdings.size() * 2 * blocks, ~std::uint64_t{0});
    }
    void run() { descend(0, 0); }

private:
    /// What the axes outside of this one have left: now or before.
    std::uint64_t* bits(std::size_t axis, std::size_t holding, bool before) {
        return bits_.data() + ((axis * holdings_.size() + holding) * 2 + (before ? 1 : 0)) * blocks_;
    }

    void descend(std::size_t axis, std::int64_t address) {
        if (axis == extents_.size()) return visit_all(address);
        for (std::int64_t e = 0; e < extents_[axis]; ++e) {
            bool any = false;
            for (std::size_t h = 0; h < holdings_.size(); ++h) {
                const Holding& holding = *holdings_[h];
                any = both(bits(axis, h, false), holding.now(axis, e), bits(axis + 1, h, false)) || any;
                if (holding.keeps()) both(bits(axis, h, true), holding.before(axis, e), bits(axis + 1, h, true));
            }
            element_[axis] = e;
            if (any) descend(axis + 1, address * extents_[axis] + e);
        }
    }

    bool both(const std::uint64_t* left, const std::uint64_t* right, std::uint64_t* to) const {
        std::uint64_t any = 0;
        for (std::size_t i = 0; i < blocks_; ++i) any |= to[i] = left[i] & right[i];
        return any != 0;
    }

    void visit_all(std::int64_t address) {
        for (std::size_t i = 0; i < blocks_; ++i) {
            std::uint64_t live = 0;
            for (std::size_t h = 0; h < holdings_.size(); ++h) {
                const std::uint64_t kept = holdings_[h]->keeps() ? bits(extents_.size(), h, true)[i] : 0;
                live |= bits(extents_.size(), h, false)[i] & ~kept;
            }
            for (; live != 0; live &= live - 1)
                visit_(address, element_, i * 64 + static_cast<std::size_t>(std::countr_zero(live)));
        }
    }

    const std::vector<const Holding*>& holdings_;
    std::size_t blocks_;
    const Vector& extents_;
    Visit visit_;
    Vector element_;
    std::vector<std::uint64_t> bits_;
};

}  // namespace accelsim
