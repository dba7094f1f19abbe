// SPDX-License-Identifier: Apache-2.0
// What one step of each loop adds to an address in a tile of a tensor, by the tile's strides.
// docs/microarchitecture.md: Section 1, "Address"; 4, "Windows".
module weights #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer ROLE = 0
) (
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [6*W-1:0] window,
    input logic [4*W-1:0] tile_stride,
    output logic [LOOPS*W-1:0] weight
);
    // By dimension: the stride of its axis, times what it counts there.
    logic [8*W-1:0] each;
    always @* begin : dimensions
        integer l;
        each = {8*W{1'b0}};
        if (ROLE == 0) begin
            each[0 +: W] = tile_stride[0 +: W];
            each[2*W +: W] = tile_stride[W +: W];
            each[3*W +: W] = tile_stride[2*W +: W] * window[0 +: W];
            each[4*W +: W] = tile_stride[3*W +: W] * window[W +: W];
            each[5*W +: W] = tile_stride[2*W +: W] * window[2*W +: W];
            each[6*W +: W] = tile_stride[3*W +: W] * window[3*W +: W];
        end else if (ROLE == 1) begin
            each[1*W +: W] = tile_stride[0 +: W];
            each[2*W +: W] = tile_stride[W +: W];
            each[5*W +: W] = tile_stride[2*W +: W];
            each[6*W +: W] = tile_stride[3*W +: W];
        end else begin
            each[0 +: W] = tile_stride[0 +: W];
            each[1*W +: W] = tile_stride[W +: W];
            each[3*W +: W] = tile_stride[2*W +: W];
            each[4*W +: W] = tile_stride[3*W +: W];
        end
        for (l = 0; l < LOOPS; l = l + 1)
            weight[l*W +: W] = each[loop_dimension[l*3 +: 3]*W +: W] * loop_stride[l*W +: W];
    end
endmodule
