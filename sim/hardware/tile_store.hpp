// SPDX-License-Identifier: Apache-2.0
// The words of a tensor's tiles in all instances of a level, slot by slot.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/error.hpp"

namespace accelsim {

/// Operands are held as 16-bit, partial sums as 32-bit words.
class TileStore {
public:
    /// `words`: of a slot, as TileLayout has them. Without `data` there are only the slots' tags.
    void resize(std::int64_t slots, std::int64_t words, bool sums, bool data) {
        slots_ = slots;
        words_ = words;
        const auto all = data ? static_cast<std::size_t>(slots * words) : 0;
        operands_.assign(sums ? 0 : all, 0);
        sums_.assign(sums ? all : 0, 0);
        tags_.assign(static_cast<std::size_t>(slots), -1);
    }

    std::int64_t words() const { return words_; }
    std::int16_t* operands(std::int64_t tile) { return operands_.data() + base(tile); }
    std::int32_t* sums(std::int64_t tile) { return sums_.data() + base(tile); }

    /// Notes that a mover filled this tile's slot; afterwards only this tile may be read there.
    void claim(std::int64_t tile) { tags_[static_cast<std::size_t>(tile % slots_)] = tile; }
    /// Self-check: nobody reads a tile that is not (or no longer) in its slot.
    void expect(std::int64_t tile, const char* who) const {
        const std::int64_t tag = tags_[static_cast<std::size_t>(tile % slots_)];
        if (tag != tile) {
            throw InternalError(std::string(who) + " reads tile " + std::to_string(tile) + " but its slot holds " +
                                std::to_string(tag));
        }
    }
    std::int64_t bytes() const {
        return static_cast<std::int64_t>(operands_.size() * sizeof(std::int16_t) + sums_.size() * sizeof(std::int32_t));
    }

private:
    std::int64_t base(std::int64_t tile) const { return (tile % slots_) * words_; }

    std::int64_t slots_ = 1;
    std::int64_t words_ = 1;
    std::vector<std::int16_t> operands_;
    std::vector<std::int32_t> sums_;
    std::vector<std::int64_t> tags_;
};

}  // namespace accelsim
