// SPDX-License-Identifier: Apache-2.0
#include "mappings/reference.hpp"

#include <algorithm>

#include "mappings/dot_rows.hpp"

namespace accelsim {

namespace {

std::uint64_t split_mix_64(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

std::int32_t wrap(std::uint32_t sum, int bits) {
    const int shift = 32 - bits;
    return static_cast<std::int32_t>(sum << shift) >> shift;
}

using Indices = std::vector<std::int64_t>;

constexpr std::int64_t chunk_words = 4096;        ///< of the reductions, gathered at a time
constexpr std::int64_t panel_words = 256 * 1024;  ///< of the right operand: half a megabyte
constexpr std::int64_t left_rows = 16;

/// Some dimensions as one mixed-radix number, the last one fastest.
struct Odometer {
    Odometer(const Workload& workload, std::vector<int> which) : dimensions(std::move(which)) {
        for (const int d : dimensions) bounds.push_back(workload.dimensions[static_cast<std::size_t>(d)].bound);
        for (const std::int64_t bound : bounds) count *= bound;
    }

    std::vector<int> dimensions;
    Indices bounds;
    std::int64_t count = 1;
};

/// A tensor's coordinates while an odometer runs, starting from `base`.
class Cursor {
public:
    Cursor(const Odometer& odometer, const Tensor& tensor, Indices base, std::int64_t position)
        : bounds_(odometer.bounds), values_(odometer.bounds.size()), coordinates_(std::move(base)) {
        for (const int d : odometer.dimensions) {
            steps_.emplace_back();
            for (const Axis& axis : tensor.axes) {
                steps_.back().push_back(0);
                for (const Term& term : axis.terms) steps_.back().back() += term.dimension == d ? term.coefficient : 0;
            }
        }
        for (std::size_t i = values_.size(); i-- > 0;) {
            values_[i] = position % bounds_[i];
            position /= bounds_[i];
            move(i, values_[i]);
        }
    }

    const Indices& coordinates() const { return coordinates_; }

    void next() {
        for (std::size_t i = values_.size(); i-- > 0;) {
            if (++values_[i] < bounds_[i]) return move(i, 1);
            move(i, 1 - bounds_[i]);
            values_[i] = 0;
        }
    }

private:
    void move(std::size_t i, std::int64_t by) {
        for (std::size_t a = 0; a < coordinates_.size(); ++a) coordinates_[a] += by * steps_[i][a];
    }

    const Indices& bounds_;
    Indices values_;
    Indices coordinates_;
    std::vector<Indices> steps_;  ///< per dimension and axis
};

std::int64_t linear(const Tensor& tensor, const Indices& coordinates) {
    std::int64_t index = 0;
    for (std::size_t a = 0; a < tensor.axes.size(); ++a) index = index * tensor.axes[a].size + coordinates[a];
    return index;
}

/// One operand, of which rows over a chunk of the reductions are gathered.
class Rows {
public:
    Rows(const Tensor& tensor, const std::vector<std::int16_t>& data) : tensor_(tensor), data_(data.data()) {}

    const Tensor& tensor() const { return tensor_; }

    void take_chunk(const Odometer& reductions, std::int64_t first, std::int64_t length) {
        const std::size_t axes = tensor_.axes.size();
        steps_.assign(static_cast<std::size_t>(length), Indices(axes, 0));
        words_.assign(static_cast<std::size_t>(length), 0);
        low_.assign(axes, 0), high_.assign(axes, 0);
        Cursor cursor(reductions, tensor_, Indices(axes, 0), first);
        for (std::size_t i = 0; i < steps_.size(); ++i, cursor.next()) {
            steps_[i] = cursor.coordinates();
            words_[i] = linear(tensor_, steps_[i]);
            for (std::size_t a = 0; a < axes; ++a) {
                low_[a] = std::min(low_[a], steps_[i][a]);
                high_[a] = std::max(high_[a], steps_[i][a]);
            }
        }
    }

    /// Elements outside the tensor are zeros.
    void gather(const Indices& base, std::int16_t* row) const {
        const std::int64_t start = linear(tensor_, base);
        if (is_inside(base)) {
            for (std::size_t i = 0; i < words_.size(); ++i) row[i] = data_[start + words_[i]];
            return;
        }
        for (std::size_t i = 0; i < words_.size(); ++i)
            row[i] = holds(base, steps_[i]) ? data_[start + words_[i]] : std::int16_t{0};
    }

private:
    bool is_inside(const Indices& base) const {
        for (std::size_t a = 0; a < base.size(); ++a) {
            if (base[a] + low_[a] < 0 || base[a] + high_[a] >= tensor_.axes[a].size) return false;
        }
        return true;
    }

    bool holds(const Indices& base, const Indices& step) const {
        for (std::size_t a = 0; a < base.size(); ++a) {
            if (base[a] + step[a] < 0 || base[a] + step[a] >= tensor_.axes[a].size) return false;
        }
        return true;
    }

    const Tensor& tensor_;
    const std::int16_t* data_;
    std::vector<Indices> steps_;  ///< per element of the chunk and axis
    Indices words_;               ///< the same, linear
    Indices low_, high_;          ///< least and greatest step per axis
};

/// Output dimensions are rows of a matrix product (only the left operand has them), columns (only the right one), or outside it.
class Product {
public:
    Product(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands)
        : workload_(workload),
          left_(workload.tensors[0], operands[0]),
          right_(workload.tensors[1], operands[1]),
          outside_(workload, dimensions(true, true, false)),
          rows_(workload, dimensions(true, false, false)),
          columns_(workload, dimensions(false, true, false)),
          reductions_(workload, dimensions(true, true, true)) {
        sums_.assign(static_cast<std::size_t>(workload.output().words()), 0);
    }

    std::vector<std::int32_t> run() {
        for (std::int64_t first = 0; first < reductions_.count; first += chunk_words) {
            length_ = std::min(chunk_words, reductions_.count - first);
            left_.take_chunk(reductions_, first, length_);
            right_.take_chunk(reductions_, first, length_);
            for (std::int64_t position = 0; position < outside_.count; ++position) multiply(position);
        }
        std::vector<std::int32_t> result(sums_.size());
        for (std::size_t i = 0; i < sums_.size(); ++i) result[i] = wrap(sums_[i], workload_.output().bits);
        return result;
    }

private:
    std::vector<int> dimensions(bool left, bool right, bool reduction) const {
        std::vector<int> result;
        for (int d = 0; d < static_cast<int>(workload_.dimensions.size()); ++d) {
            if (workload_.is_reduction(d) != reduction) continue;
            const bool on_left = workload_.tensors[0].depends_on(d), on_right = workload_.tensors[1].depends_on(d);
            // What neither operand has repeats the product: outside it.
            const bool neither = !on_left && !on_right;
            if (reduction || (neither ? left && right : on_left == left && on_right == right)) result.push_back(d);
        }
        return result;
    }

    void multiply(std::int64_t position) {
        const Tensor& output = workload_.output();
        const Indices left = at(left_.tensor(), position), right = at(right_.tensor(), position), to = at(output, position);
        const std::int64_t panel = std::max<std::int64_t>(1, panel_words / length_);
        for (std::int64_t column = 0; column < columns_.count; column += panel) {
            const std::int64_t columns = std::min(panel, columns_.count - column);
            gather(right_, Cursor(columns_, right_.tensor(), right, column), columns, right_rows_);
            const Indices column_words = words(Cursor(columns_, output, Indices(output.axes.size(), 0), column), columns);
            Cursor rows_left(rows_, left_.tensor(), left, 0), rows_to(rows_, output, to, 0);
            for (std::int64_t row = 0; row < rows_.count; row += left_rows) {
                const std::int64_t rows = std::min(left_rows, rows_.count - row);
                gather(left_, rows_left, rows, left_rows_);
                products_.resize(static_cast<std::size_t>(rows * columns));
                dot_rows(left_rows_.data(), rows, right_rows_.data(), columns, length_, products_.data());
                add(rows_to, rows, column_words);
            }
        }
    }

    /// Coordinates with everything at zero but what is outside the product.
    Indices at(const Tensor& tensor, std::int64_t position) const {
        Indices base;
        for (const Axis& axis : tensor.axes) base.push_back(axis.offset);
        return Cursor(outside_, tensor, base, position).coordinates();
    }

    void gather(const Rows& operand, Cursor&& cursor, std::int64_t count, std::vector<std::int16_t>& to) {
        gather(operand, cursor, count, to);
    }

    void gather(const Rows& operand, Cursor& cursor, std::int64_t count, std::vector<std::int16_t>& to) {
        to.resize(static_cast<std::size_t>(count * length_));
        for (std::int64_t i = 0; i < count; ++i, cursor.next()) operand.gather(cursor.coordinates(), to.data() + i * length_);
    }

    Indices words(Cursor cursor, std::int64_t count) const {
        Indices result(static_cast<std::size_t>(count));
        for (std::int64_t& word : result) {
            word = linear(workload_.output(), cursor.coordinates());
            cursor.next();
        }
        return result;
    }

    void add(Cursor& rows_to, std::int64_t rows, const Indices& column_words) {
        const std::uint32_t* product = products_.data();
        for (std::int64_t i = 0; i < rows; ++i, rows_to.next()) {
            std::uint32_t* sums = sums_.data() + linear(workload_.output(), rows_to.coordinates());
            for (const std::int64_t word : column_words) sums[word] += *product++;
        }
    }

    const Workload& workload_;
    Rows left_, right_;
    Odometer outside_, rows_, columns_, reductions_;
    std::int64_t length_ = 0;  ///< of the chunk
    std::vector<std::int16_t> left_rows_, right_rows_;
    std::vector<std::uint32_t> products_;
    std::vector<std::uint32_t> sums_;
};

}  // namespace

std::vector<std::vector<std::int16_t>> generate_operands(const Workload& workload, std::uint64_t seed) {
    std::vector<std::vector<std::int16_t>> result;
    for (std::size_t t = 0; t + 1 < workload.tensors.size(); ++t) {
        const Tensor& tensor = workload.tensors[t];
        std::uint64_t state = seed + t;
        std::vector<std::int16_t> data(static_cast<std::size_t>(tensor.words()));
        for (std::int16_t& element : data) {
            const auto top = static_cast<std::int64_t>(split_mix_64(state));
            element = static_cast<std::int16_t>(top >> (64 - tensor.bits));
        }
        result.push_back(std::move(data));
    }
    return result;
}

std::vector<std::int32_t> execute_reference(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands) {
    return Product(workload, operands).run();
}

}  // namespace accelsim
