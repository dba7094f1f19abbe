// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/tile_kernel.hpp"

#include <algorithm>
#include <utility>

namespace accelsim {

namespace {

// What packing a vector's words one by one, and taking its sums apart, cost in multiplications of vectors (callgrind).
constexpr double pack_cost = 20, row_cost = 2, scatter_cost = 40;

std::uint32_t pair_of(std::int16_t low, std::int16_t high) {
    return static_cast<std::uint16_t>(low) | static_cast<std::uint32_t>(static_cast<std::uint16_t>(high)) << 16;
}

}  // namespace

TileKernel::TileKernel(std::vector<KernelLoop> loops, const MicroKernels& kernels, Fresh fresh)
    : kernels_(kernels), fresh_(fresh), loops_(std::move(loops)) {
    merge();
    for (const KernelLoop& loop : loops_) column_words_ += (loop.bound - 1) * loop.right;
    choose_vector();
    sort_loops();
}

/// Loops that together count through evenly spaced words are one.
void TileKernel::merge() {
    std::erase_if(loops_, [](const KernelLoop& loop) { return loop.bound == 1; });
    for (std::size_t i = 0; i < loops_.size();) {
        const KernelLoop& outer = loops_[i];
        const auto inner = std::find_if(loops_.begin(), loops_.end(), [&](const KernelLoop& loop) {
            return &loop != &outer && outer.left == loop.left * loop.bound && outer.right == loop.right * loop.bound &&
                   outer.sum == loop.sum * loop.bound;
        });
        if (inner == loops_.end()) {
            ++i;
            continue;
        }
        inner->bound *= outer.bound;
        loops_.erase(loops_.begin() + static_cast<std::ptrdiff_t>(i));
        i = 0;
    }
}

TileKernel::Role TileKernel::role(const KernelLoop& loop) {
    if (loop.sum == 0) return Role::reduced;
    if ((loop.left == 0) == (loop.right == 0)) return Role::group;
    return loop.left != 0 ? Role::row : Role::column;
}

/// Vectors run along a loop of one operand and the sums; that operand gives the columns.
void TileKernel::choose_vector() {
    std::size_t best = loops_.size();
    double least = 0;
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        const Role r = role(loops_[i]);
        if (r != Role::row && r != Role::column) continue;
        const double price = cost(loops_[i]);
        if (best < loops_.size() && price >= least) continue;
        best = i;
        least = price;
    }
    in_place_ = true;
    if (best == loops_.size()) return;
    vector_ = loops_[best];
    loops_.erase(loops_.begin() + static_cast<std::ptrdiff_t>(best));
    swapped_ = role(vector_) == Role::row;
    if (swapped_) {
        std::swap(vector_.left, vector_.right);
        for (KernelLoop& loop : loops_) std::swap(loop.left, loop.right);
        column_words_ = 1 + (vector_.bound - 1) * vector_.right;
        for (const KernelLoop& loop : loops_) column_words_ += (loop.bound - 1) * loop.right;
    }
    in_place_ = vector_.right == 1;
}

/// Of a run, in multiplications of vectors.
double TileKernel::cost(const KernelLoop& vector) const {
    const Role columns = role(vector);
    double rows = 1;
    double positions = static_cast<double>((vector.bound + kernels_.width - 1) / kernels_.width);
    double reduced = 1;
    for (const KernelLoop& loop : loops_) {
        if (&loop == &vector) continue;
        const Role r = role(loop);
        double& factor = r == Role::reduced ? reduced : r == columns || r == Role::group ? positions : rows;
        factor *= static_cast<double>(loop.bound);
    }
    const bool left = columns == Role::row;
    const bool neighbours = (left ? vector.left : vector.right) == 1;
    const double packing = neighbours ? 0 : pack_cost * (left ? fresh_.left : fresh_.right);
    return positions * (reduced * (rows + packing) + rows * (vector.sum == 1 ? 2 : scatter_cost)) +
           reduced * rows * row_cost * (left ? fresh_.right : fresh_.left);
}

std::vector<TileKernel::Place> TileKernel::places(const std::vector<KernelLoop>& loops) {
    std::vector<Place> result{{0, 0, 0}};
    for (const KernelLoop& loop : loops) {
        std::vector<Place> next;
        for (const Place& place : result) {
            for (std::int64_t v = 0; v < loop.bound; ++v)
                next.push_back({place.row + v * loop.left, place.column + v * loop.right, place.sum + v * loop.sum});
        }
        result = std::move(next);
    }
    return result;
}

void TileKernel::sort_loops() {
    std::vector<KernelLoop> of_role[4];
    for (const KernelLoop& loop : loops_) of_role[static_cast<int>(role(loop))].push_back(loop);
    groups_ = places(of_role[static_cast<int>(Role::group)]);
    rows_ = places(of_role[static_cast<int>(Role::row)]);
    for (const Place& row : rows_) {
        row_words_.push_back(row.row);
        row_sums_.push_back(row.sum);
    }
    list_pairs(of_role[static_cast<int>(Role::reduced)]);
    list_positions(of_role[static_cast<int>(Role::column)]);
    row_pairs_.resize(groups_.size() * rows_.size() * pairs_.size());
    const std::size_t vector = static_cast<std::size_t>(kernels_.width);
    column_pairs_.assign(in_place_ ? static_cast<std::size_t>(column_words_) + vector
                                   : groups_.size() * positions_.size() * pairs_.size() * vector,
                         0);
    for (std::size_t i = 0; i < pairs_.size(); ++i)
        right_offsets_.push_back(in_place_ ? pairs_[i].first.column : static_cast<std::int64_t>(i * vector));
    for (std::size_t row = 0; row < rows_.size();) {
        const std::int64_t count = rows_at_once(row);
        if (blocks_[count].empty()) list_blocks(count);
        row += static_cast<std::size_t>(count);
    }
}

/// The words of a pair are neighbours in the loop where the fewest are left alone.
void TileKernel::list_pairs(std::vector<KernelLoop> reduced) {
    KernelLoop along{1, 0, 1, 0};
    const auto waste = [](const KernelLoop& loop) {
        return static_cast<double>((loop.bound + 1) / 2 * 2) / static_cast<double>(loop.bound);
    };
    const auto best = std::min_element(reduced.begin(), reduced.end(),
                                       [&](const KernelLoop& a, const KernelLoop& b) { return waste(a) < waste(b); });
    if (best != reduced.end()) {
        along = *best;
        reduced.erase(best);
    }
    pair_distance_ = along.right;
    for (const Place& place : places(reduced)) {
        for (std::int64_t v = 0; v < along.bound; v += 2) {
            const auto at = [&](std::int64_t i) {
                return Place{place.row + i * along.left, place.column + i * along.right, place.sum};
            };
            pairs_.push_back({at(v), at(v + 1), v + 1 < along.bound});
        }
    }
}

void TileKernel::list_positions(const std::vector<KernelLoop>& columns) {
    for (const Place& place : places(columns)) {
        for (std::int64_t v = 0; v < vector_.bound; v += kernels_.width) {
            const Place at{place.row, place.column + v * vector_.right, place.sum + v * vector_.sum};
            positions_.push_back({at, std::min(kernels_.width, vector_.bound - v)});
        }
    }
}

/// Few positions leave room for more rows in the registers.
std::int64_t TileKernel::rows_at_once(std::size_t first) const {
    std::int64_t rows = positions_.size() == 1 ? most_rows : positions_.size() == 2 ? most_rows / 2 : most_rows / 4;
    const auto left = static_cast<std::int64_t>(rows_.size() - first);
    while (rows > left || kernels_.multiply(rows, 1) == nullptr) --rows;
    return rows;
}

void TileKernel::list_blocks(std::int64_t rows) {
    const auto pairs = static_cast<std::int64_t>(pairs_.size());
    for (std::size_t first = 0; first < positions_.size();) {
        auto together = std::min(most_positions, static_cast<std::int64_t>(positions_.size() - first));
        while (kernels_.multiply(rows, together) == nullptr) --together;
        MicroBlock block{pairs, right_offsets_.data(), {}, {}, {}, vector_.sum};
        for (std::int64_t p = 0; p < together; ++p, ++first) {
            block.right[p] =
                in_place_ ? positions_[first].place.column : static_cast<std::int64_t>(first) * pairs * kernels_.width;
            block.sums[p] = positions_[first].place.sum;
            block.width[p] = positions_[first].width;
        }
        blocks_[rows].push_back({kernels_.multiply(rows, together), block});
    }
}

void TileKernel::pack_rows(const std::int16_t* words) {
    std::uint32_t* to = row_pairs_.data();
    for (const Place& group : groups_) {
        for (std::size_t first = 0; first < rows_.size();) {
            const std::int64_t count = rows_at_once(first);
            const std::int64_t* rows = row_words_.data() + first;
            for (const Pair& pair : pairs_) {
                const std::int16_t* low = words + group.row + pair.first.row;
                const std::int16_t* high = words + group.row + pair.second.row;
                if (pair.both) {
                    for (std::int64_t row = 0; row < count; ++row) to[row] = pair_of(low[rows[row]], high[rows[row]]);
                } else {
                    for (std::int64_t row = 0; row < count; ++row) to[row] = pair_of(low[rows[row]], 0);
                }
                to += count;
            }
            first += static_cast<std::size_t>(count);
        }
    }
}

void TileKernel::pack_columns(const std::int16_t* words) {
    if (in_place_) {
        pair_up(words, column_words_, pair_distance_, column_pairs_.data());
        return;
    }
    std::uint32_t* to = column_pairs_.data();
    for (const Place& group : groups_) {
        for (const Position& position : positions_) {
            const std::int16_t* from = words + group.column + position.place.column;
            for (const Pair& pair : pairs_) {
                for (std::int64_t v = 0; v < position.width; ++v) {
                    const std::int64_t at = v * vector_.right;
                    to[v] = pair_of(from[pair.first.column + at], pair.both ? from[pair.second.column + at] : std::int16_t{0});
                }
                to += kernels_.width;
            }
        }
    }
}

void TileKernel::run(std::int32_t* sums, Words left, Words right) {
    if (swapped_) std::swap(left, right);
    if (left.tile < 0 || left.tile != row_tile_) pack_rows(left.at);
    if (right.tile < 0 || right.tile != column_tile_) pack_columns(right.at);
    row_tile_ = left.tile;
    column_tile_ = right.tile;
    const std::size_t packed_rows = rows_.size() * pairs_.size();
    const std::size_t packed_columns = positions_.size() * pairs_.size() * static_cast<std::size_t>(kernels_.width);
    for (std::size_t group = 0; group < groups_.size(); ++group) {
        const std::uint32_t* rows = row_pairs_.data() + group * packed_rows;
        const std::uint32_t* columns =
            column_pairs_.data() + (in_place_ ? groups_[group].column : static_cast<std::int64_t>(group * packed_columns));
        MicroOperands operands{rows, columns, sums + groups_[group].sum, row_sums_.data()};
        for (std::size_t row = 0; row < rows_.size();) {
            const std::int64_t count = rows_at_once(row);
            for (const Block& block : blocks_[count]) block.multiply(block.block, operands);
            row += static_cast<std::size_t>(count);
            operands.left += static_cast<std::size_t>(count) * pairs_.size();
            operands.row_sums += count;
        }
    }
}

}  // namespace accelsim
