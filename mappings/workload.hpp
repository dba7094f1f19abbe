// SPDX-License-Identifier: Apache-2.0
// What is computed: a loop nest over named dimensions with one statement O[...] += A[...] * B[...].
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mappings/error.hpp"

namespace accelsim {

/// A loop dimension; `bound` is its number of values (for output dimensions, the output's size).
struct Dimension {
    std::string name;
    std::int64_t bound = 1;
    Location where;
};

/// coefficient * dimension, a part of an axis.
struct Term {
    int dimension = 0;  ///< index into Workload::dimensions
    std::int64_t coefficient = 1;
};

/// One axis of a tensor: coordinate = offset + sum of the terms. A coordinate outside [0, size) is
/// padding: it reads as zero and has no memory.
struct Axis {
    std::vector<Term> terms;
    std::int64_t offset = 0;
    std::int64_t size = 1;
};

struct Tensor {
    std::string name;
    std::vector<Axis> axes;  ///< row-major, outermost axis first
    int bits = 16;           ///< width of an element
    bool is_output = false;

    std::int64_t words() const;
    /// True when some axis has a term in this dimension.
    bool depends_on(int dimension) const;
};

struct Workload {
    std::string name;
    std::string type;  ///< conv2d, gemm, einsum...
    std::vector<Dimension> dimensions;
    std::vector<Tensor> tensors;  ///< in workload order; exactly two operands and, last, the output

    const Tensor& output() const { return tensors.back(); }
    int output_index() const { return static_cast<int>(tensors.size()) - 1; }
    std::int64_t macs() const;                          ///< product of all bounds
    int find_dimension(const std::string& name) const;  ///< -1 when there is none
    int find_tensor(const std::string& name) const;     ///< -1 when there is none
    /// A reduction dimension is one that the output does not depend on.
    bool is_reduction(int dimension) const;
};

/// Shape of a 2-D convolution, bounds are OUTPUT sizes; `groups` > 1 adds the dimension G, and K and C
/// count per group. Order of dimensions: N (G) K C Y X FY FX.
struct Conv2dShape {
    std::int64_t n = 1, k = 1, c = 1, y = 1, x = 1, fy = 1, fx = 1, groups = 1;
    std::int64_t stride_y = 1, stride_x = 1, dilation_y = 1, dilation_x = 1, padding_y = 0, padding_x = 0;
};

/// Tensors input[N][G][C][H][W], weight[G][K][C][FY][FX], output[N][G][K][Y][X] (G only with groups).
Workload make_conv2d(const Conv2dShape& shape, int input_bits = 16, int weight_bits = 16, int output_bits = 32);

/// A depthwise convolution: one filter per channel. Uses n, c and the windows of the shape; dimensions N C Y X FY FX, tensors
/// input[N][C][H][W], weight[C][FY][FX], output[N][C][Y][X].
Workload make_depthwise(const Conv2dShape& shape, int input_bits = 16, int weight_bits = 16, int output_bits = 32);

/// output[N][K] += input[N][C] * weight[K][C]; dimensions N K C.
Workload make_gemm(std::int64_t n, std::int64_t k, std::int64_t c, int input_bits = 16, int weight_bits = 16,
                   int output_bits = 32);

/// Sets the sizes of all axes from the bounds: what the terms reach, less 2 x padding (offset = -padding).
void derive_axis_sizes(Workload& workload);

/// Throws UserError when the workload is not one of this machine's: not two operands and an output, an
/// output axis that is not one dimension, a dimension used nowhere or twice in one tensor, a size below 1,
/// widths other than 8 or 16 bits for operands and 8, 16 or 32 for the output.
void validate(const Workload& workload);

}  // namespace accelsim
