// SPDX-License-Identifier: Apache-2.0
// Every nest is a batch of matrix products: with the dimensions of both operands and the output fixed, those of the output that
// one operand has number its rows, those that the other has number its columns, and those that the output lacks are summed over.
// Blocks of rows and columns are gathered from the tensors into lines of consecutive words, zeros where a coordinate is outside.
#include "mappings/reference.hpp"

#include <algorithm>
#include <array>

#include "mappings/dot_products.hpp"

namespace accelsim {

namespace {

constexpr std::int64_t depth_block = 512;
constexpr std::int64_t row_block = 32;      // rows x depth: 32 KiB
constexpr std::int64_t column_block = 256;  // columns x depth: 256 KiB

std::int32_t wrap(std::uint32_t sum, int bits) {
    const int shift = 32 - bits;
    return static_cast<std::int32_t>(sum << shift) >> shift;
}

std::int64_t round_up(std::int64_t value, std::int64_t step) { return (value + step - 1) / step * step; }

/// The values of some dimensions together, numbered with the last one fastest.
class Points {
public:
    explicit Points(const Workload& workload) : workload_(&workload) {}
    void add(int dimension) {
        dimensions_.push_back(dimension);
        count_ *= workload_->dimensions[static_cast<std::size_t>(dimension)].bound;
    }
    std::int64_t count() const { return count_; }

    /// What the point adds to each coordinate of a tensor.
    std::vector<std::int64_t> displacement(std::int64_t point, const Tensor& tensor) const {
        std::vector<std::int64_t> result(tensor.axes.size(), 0);
        for (std::size_t d = dimensions_.size(); d-- > 0;) {
            const std::int64_t bound = workload_->dimensions[static_cast<std::size_t>(dimensions_[d])].bound;
            for (std::size_t a = 0; a < tensor.axes.size(); ++a) {
                for (const Term& term : tensor.axes[a].terms) {
                    if (term.dimension == dimensions_[d]) result[a] += term.coefficient * (point % bound);
                }
            }
            point /= bound;
        }
        return result;
    }

private:
    const Workload* workload_;
    std::vector<int> dimensions_;
    std::int64_t count_ = 1;
};

std::int64_t linear(const Tensor& tensor, const std::vector<std::int64_t>& coordinates) {
    std::int64_t index = 0;
    for (std::size_t a = 0; a < tensor.axes.size(); ++a) index = index * tensor.axes[a].size + coordinates[a];
    return index;
}

/// Lines of an operand's words: one line per point of one list, along the points of another (the depth).
class Gatherer {
public:
    Gatherer(const Tensor& tensor, const std::vector<std::int16_t>& data, const Points& lines, const Points& depth)
        : tensor_(tensor), data_(data.data()), lines_(lines), depth_(depth) {}

    /// The depth [begin, begin + count) of the lines to come.
    void set_depth(std::int64_t begin, std::int64_t count) {
        offsets_.clear();
        steps_.assign(tensor_.axes.size(), {});
        lowest_.assign(tensor_.axes.size(), 0);
        highest_.assign(tensor_.axes.size(), 0);
        for (std::int64_t i = 0; i < count; ++i) {
            const std::vector<std::int64_t> by = depth_.displacement(begin + i, tensor_);
            offsets_.push_back(linear(tensor_, by));
            for (std::size_t a = 0; a < by.size(); ++a) {
                steps_[a].push_back(by[a]);
                lowest_[a] = i == 0 ? by[a] : std::min(lowest_[a], by[a]);
                highest_[a] = i == 0 ? by[a] : std::max(highest_[a], by[a]);
            }
        }
        contiguous_ = true;
        for (std::size_t i = 1; i < offsets_.size(); ++i) contiguous_ = contiguous_ && offsets_[i] == offsets_[i - 1] + 1;
    }

    /// Lines [begin, begin + count), `stride` words from one to the next; `base` are the coordinates without lines and depth.
    void gather(std::int16_t* out, std::int64_t begin, std::int64_t count, std::int64_t stride,
                const std::vector<std::int64_t>& base) {
        for (std::int64_t line = begin; line < begin + count; ++line, out += stride) {
            std::vector<std::int64_t> at = lines_.displacement(line, tensor_);
            for (std::size_t a = 0; a < at.size(); ++a) at[a] += base[a];
            if (!inside(at)) {
                gather_checked(out, at);
                continue;
            }
            const std::int16_t* from = data_ + linear(tensor_, at);
            if (contiguous_) {
                std::copy_n(from + offsets_[0], offsets_.size(), out);
            } else {
                for (std::size_t i = 0; i < offsets_.size(); ++i) out[i] = from[offsets_[i]];
            }
        }
    }

private:
    bool inside(const std::vector<std::int64_t>& at) const {
        for (std::size_t a = 0; a < at.size(); ++a) {
            if (at[a] + lowest_[a] < 0 || at[a] + highest_[a] >= tensor_.axes[a].size) return false;
        }
        return true;
    }

    void gather_checked(std::int16_t* out, const std::vector<std::int64_t>& at) const {
        const std::int64_t start = linear(tensor_, at);
        for (std::size_t i = 0; i < offsets_.size(); ++i) {
            bool is_inside = true;
            for (std::size_t a = 0; a < at.size(); ++a) {
                const std::int64_t coordinate = at[a] + steps_[a][i];
                is_inside = is_inside && coordinate >= 0 && coordinate < tensor_.axes[a].size;
            }
            out[i] = is_inside ? data_[start + offsets_[i]] : std::int16_t{0};
        }
    }

    const Tensor& tensor_;
    const std::int16_t* data_;
    const Points& lines_;
    const Points& depth_;
    std::vector<std::int64_t> offsets_;             ///< of the depth's points, in words of the tensor
    std::vector<std::vector<std::int64_t>> steps_;  ///< [axis][point of the depth]
    std::vector<std::int64_t> lowest_, highest_;    ///< of steps_, per axis
    bool contiguous_ = false;
};

class Reference {
public:
    Reference(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands)
        : workload_(workload),
          batch_(workload),
          rows_(workload),
          columns_(workload),
          depth_(workload),
          left_(workload.tensors[0], operands[0], rows_, depth_),
          right_(workload.tensors[1], operands[1], columns_, depth_) {
        for (int d = 0; d < static_cast<int>(workload.dimensions.size()); ++d) {
            if (workload.is_reduction(d)) {
                depth_.add(d);
            } else if (!workload.tensors[1].depends_on(d)) {
                rows_.add(d);
            } else if (!workload.tensors[0].depends_on(d)) {
                columns_.add(d);
            } else {
                batch_.add(d);
            }
        }
        sums_.assign(static_cast<std::size_t>(workload.output().words()), 0);
        row_offsets_ = output_offsets(rows_);
        column_offsets_ = output_offsets(columns_);
    }

    std::vector<std::int32_t> run() {
        for (std::int64_t begin = 0; begin < depth_.count(); begin += depth_block) {
            const std::int64_t count = std::min(depth_block, depth_.count() - begin);
            left_.set_depth(begin, count);
            right_.set_depth(begin, count);
            for (std::int64_t b = 0; b < batch_.count(); ++b) multiply(b, count);
        }
        std::vector<std::int32_t> result(sums_.size());
        for (std::size_t i = 0; i < sums_.size(); ++i) result[i] = wrap(sums_[i], workload_.output().bits);
        return result;
    }

private:
    std::vector<std::int64_t> output_offsets(const Points& points) const {
        std::vector<std::int64_t> result;
        for (std::int64_t p = 0; p < points.count(); ++p)
            result.push_back(linear(workload_.output(), points.displacement(p, workload_.output())));
        return result;
    }

    std::vector<std::int64_t> base(std::int64_t batch, const Tensor& tensor) const {
        std::vector<std::int64_t> result = batch_.displacement(batch, tensor);
        for (std::size_t a = 0; a < result.size(); ++a) result[a] += tensor.axes[a].offset;
        return result;
    }

    void multiply(std::int64_t batch, std::int64_t depth) {
        const std::array bases{base(batch, workload_.tensors[0]), base(batch, workload_.tensors[1])};
        const std::int64_t output = linear(workload_.output(), base(batch, workload_.output()));
        left_words_.resize(static_cast<std::size_t>(row_block * depth));
        right_words_.resize(static_cast<std::size_t>(column_block * depth));
        products_.resize(static_cast<std::size_t>(row_block * column_block));
        for (std::int64_t c = 0; c < columns_.count(); c += column_block) {
            const std::int64_t columns = std::min(column_block, columns_.count() - c);
            right_.gather(right_words_.data(), c, columns, depth, bases[1]);
            for (std::int64_t r = 0; r < rows_.count(); r += row_block) {
                const std::int64_t rows = std::min(row_block, rows_.count() - r);
                const std::int64_t lefts = round_up(rows, dot_left_block);  // what is too much is not looked at
                left_.gather(left_words_.data(), r, rows, depth, bases[0]);
                dot_products(products_.data(), left_words_.data(), lefts, right_words_.data(), round_up(columns, dot_right_block),
                             depth, depth);
                for (std::int64_t j = 0; j < columns; ++j) {
                    std::uint32_t* sums = sums_.data() + output + column_offsets_[static_cast<std::size_t>(c + j)];
                    for (std::int64_t i = 0; i < rows; ++i)
                        sums[row_offsets_[static_cast<std::size_t>(r + i)]] += products_[static_cast<std::size_t>(j * lefts + i)];
                }
            }
        }
    }

    const Workload& workload_;
    Points batch_, rows_, columns_, depth_;
    Gatherer left_, right_;
    std::vector<std::int64_t> row_offsets_, column_offsets_;
    std::vector<std::int16_t> left_words_, right_words_;
    std::vector<std::uint32_t> products_, sums_;
};

}  // namespace

std::vector<std::int32_t> execute_reference(const Workload& workload, const std::vector<std::vector<std::int16_t>>& operands) {
    return Reference(workload, operands).run();
}

}  // namespace accelsim
