// SPDX-License-Identifier: Apache-2.0
// Included once per instruction set by micro_kernels.cpp, inside a namespace that defines Vector: no headers here.

template <int rows, int positions>
void multiply(const MicroBlock& block, const MicroOperands& operands) {
    Vector sums[rows][positions];
    std::int32_t lanes[Vector::width];
    for (int m = 0; m < rows; ++m) {
        for (int p = 0; p < positions; ++p) {
            const std::int32_t* at = operands.sums + operands.row_sums[m] + block.sums[p];
            if (block.sum_step == 1) {
                sums[m][p] = Vector::load_some(at, block.width[p]);
            } else {
                for (int i = 0; i < Vector::width; ++i) lanes[i] = i < block.width[p] ? at[i * block.sum_step] : 0;
                sums[m][p] = Vector::load_some(lanes, Vector::width);
            }
        }
    }
    const std::uint32_t* from[positions];
    for (int p = 0; p < positions; ++p) from[p] = operands.right + block.right[p];
    const std::uint32_t* left = operands.left;
    for (std::int64_t pair = 0; pair < block.pairs; ++pair, left += rows) {
        Vector words[positions];
        for (int p = 0; p < positions; ++p) words[p] = Vector::load(from[p] + block.right_offset[pair]);
        for (int m = 0; m < rows; ++m) {
            const Vector one = Vector::spread(left[m]);
            for (int p = 0; p < positions; ++p) sums[m][p].add_products(one, words[p]);
        }
    }
    for (int m = 0; m < rows; ++m) {
        for (int p = 0; p < positions; ++p) {
            std::int32_t* at = operands.sums + operands.row_sums[m] + block.sums[p];
            if (block.sum_step == 1) {
                sums[m][p].store_some(at, block.width[p]);
            } else {
                sums[m][p].store_some(lanes, Vector::width);
                for (int i = 0; i < block.width[p]; ++i) at[i * block.sum_step] = lanes[i];
            }
        }
    }
}

template <int rows>
MicroKernels::Multiply of_rows(std::int64_t positions) {
    switch (positions) {
        case 1:
            return multiply<rows, 1>;
        case 2:
            if constexpr (rows * 2 <= 16) return multiply<rows, 2>;
            break;
        case 3:
            if constexpr (rows * 3 <= 16) return multiply<rows, 3>;
            break;
        case 4:
            if constexpr (rows * 4 <= 16) return multiply<rows, 4>;
            break;
        case 8:
            if constexpr (rows * 8 <= 16) return multiply<rows, 8>;
            break;
        default:
            break;
    }
    return nullptr;
}

inline MicroKernels::Multiply find_multiply(std::int64_t rows, std::int64_t positions) {
    switch (rows) {
        case 1:
            return of_rows<1>(positions);
        case 2:
            return of_rows<2>(positions);
        case 3:
            return of_rows<3>(positions);
        case 4:
            return of_rows<4>(positions);
        case 8:
            return of_rows<8>(positions);
        case 16:
            return of_rows<16>(positions);
        default:
            return nullptr;
    }
}
