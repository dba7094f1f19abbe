// SPDX-License-Identifier: Apache-2.0
// The arithmetic of many steps of all lanes at once.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/hardware/micro_kernels.hpp"

namespace accelsim {

/// A loop, spatial or temporal, and by how many words each tensor's place moves when it advances.
struct KernelLoop {
    std::int64_t bound;
    std::int64_t left, right, sum;
};

/// sums += left * right for all iterations of some loops, modulo 2^32, as a product of matrices: loops of one operand alone are
/// its rows, loops of no sum are reduced.
class TileKernel {
public:
    /// How often, of all runs, the words of an operand are others than in the run before: what is packed once is cheap.
    struct Fresh {
        double left = 1, right = 1;
    };
    /// Steps are not negative.
    TileKernel(std::vector<KernelLoop> loops, const MicroKernels& kernels, Fresh fresh);
    TileKernel(const TileKernel&) = delete;
    TileKernel& operator=(const TileKernel&) = delete;

    struct Words {
        const std::int16_t* at;
        std::int64_t tile;  ///< the words are those of the last run that named the same; -1: they are not
    };
    void run(std::int32_t* sums, Words left, Words right);

private:
    /// Offsets in the two operands, of which one gives rows and the other columns, and in the sums.
    struct Place {
        std::int64_t row, column, sum;
    };
    struct Pair {
        Place first;
        Place second;
        bool both;  ///< false: there is no second
    };
    /// Neighbours in the loop that the vectors run along.
    struct Position {
        Place place;
        std::int64_t width;
    };
    enum class Role { group, row, column, reduced };
    static Role role(const KernelLoop& loop);
    static std::vector<Place> places(const std::vector<KernelLoop>& loops);
    void merge();
    void choose_vector();
    double cost(const KernelLoop& vector) const;
    void sort_loops();
    void list_pairs(std::vector<KernelLoop> reduced);
    void list_positions(const std::vector<KernelLoop>& columns);
    void list_blocks(std::int64_t rows);
    void pack_rows(const std::int16_t* words);
    void pack_columns(const std::int16_t* words);
    std::int64_t rows_at_once(std::size_t first) const;

    const MicroKernels& kernels_;
    Fresh fresh_;
    std::vector<KernelLoop> loops_;  ///< `left` is the operand of the rows
    KernelLoop vector_{1, 0, 1, 1};
    bool swapped_ = false;   ///< the rows are the right operand's
    bool in_place_ = false;  ///< the vectors' words are neighbours
    std::vector<Place> groups_;
    std::vector<Place> rows_;
    std::vector<std::int64_t> row_words_, row_sums_;
    std::vector<Position> positions_;
    std::vector<Pair> pairs_;
    struct Block {
        MicroKernels::Multiply multiply;
        MicroBlock block;
    };
    std::vector<Block> blocks_[most_rows + 1];  ///< all positions, by the number of rows at once
    std::vector<std::int64_t> right_offsets_;  ///< per pair
    std::int64_t column_words_ = 1;
    std::int64_t pair_distance_ = 1;
    std::vector<std::uint32_t> row_pairs_, column_pairs_;
    std::int64_t row_tile_ = -1, column_tile_ = -1;
};

}  // namespace accelsim
