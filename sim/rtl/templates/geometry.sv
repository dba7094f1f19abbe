// SPDX-License-Identifier: Apache-2.0
// The boxes of all lanes of a tile: per axis, the tile addresses [low, high) that are left after clipping.
// ROLE 0: input[N][C][H][W], 1: weight[K][C][FY][FX], 2: output[N][K][Y][X]; dimensions N K C Y X FY FX.
// docs/microarchitecture.md: Section 1, "Tiles" and "Clipping".
module geometry #(
    parameter integer W = 24,
    parameter integer LANES = 1,  // children of all parents
    parameter integer ROLE = 0
) (
    input logic [7*W-1:0] index,
    input logic [7*W-1:0] outer_index,
    input logic whole_parent,  // the parent's tile is the tensor
    input logic [7*W-1:0] limit,
    input logic [7*W-1:0] span,
    input logic [6*W-1:0] window,  // stride y, x; dilation y, x; padding y, x
    input logic [4*W-1:0] size,    // of the tensor
    input logic [LANES*7*W-1:0] offset,
    input logic [LANES-1:0] enabled,
    output logic [LANES*4*W-1:0] low,
    output logic [LANES*4*W-1:0] high,
    output logic [LANES*4*W-1:0] place,  // of the lane's tile in the parent's tile
    output logic [LANES-1:0] alive,      // the box is not empty
    output logic [4*W-1:0] first,        // of all lanes' addresses, row-major
    output logic [4*W-1:0] origin
);
    localparam [11:0] ONE = ROLE == 0 ? {3'd4, 3'd3, 3'd2, 3'd0} : ROLE == 1 ? {3'd6, 3'd5, 3'd2, 3'd1} : {3'd4, 3'd3, 3'd1, 3'd0};

    always @* begin : boxes
        integer i, x, w;
        logic [2:0] a, b;
        logic signed [W-1:0] zero, position, outer, extent, cut, edge_low, edge_high, step, spread, padding;
        logic whole, empty, windowed;
        logic [4*W-1:0] least, corner;  // axis 0 highest
        zero = {W{1'b0}};
        low = {LANES*4*W{1'b0}};
        high = {LANES*4*W{1'b0}};
        place = {LANES*4*W{1'b0}};
        first = {4*W{1'b0}};
        least = {4*W{1'b1}};
        corner = {4*W{1'b0}};
        origin = {4*W{1'b0}};
        alive = {LANES{1'b0}};
        for (i = 0; i < LANES; i = i + 1) begin
            whole = enabled[i];
            for (x = 0; x < 4; x = x + 1) begin
                a = ONE[x*3 +: 3];
                b = a + 3'd2;
                w = x >= 2 ? x - 2 : 0;
                windowed = ROLE == 0 && x >= 2;
                step = 1;
                spread = zero;
                padding = zero;
                if (windowed) begin
                    step = window[w*W +: W];
                    spread = window[(w+2)*W +: W];
                    padding = window[(w+4)*W +: W];
                end
                position = index[a*W +: W] + offset[(i*7+{29'd0, a})*W +: W];
                cut = $signed(limit[a*W +: W]) - position;
                if (cut > $signed(span[a*W +: W])) cut = span[a*W +: W];
                empty = cut <= 0;
                extent = step * (cut - 1) + 1;
                position = step * position - padding;
                outer = step * $signed(outer_index[a*W +: W]) - padding;
                if (windowed) begin
                    cut = $signed(limit[b*W +: W]) - $signed(index[b*W +: W]) - $signed(offset[(i*7+{29'd0, b})*W +: W]);
                    if (cut > $signed(span[b*W +: W])) cut = span[b*W +: W];
                    if (cut <= 0) empty = 1'b1;
                    extent = extent + spread * (cut - 1);
                    position = position + spread * $signed(index[b*W +: W] + offset[(i*7+{29'd0, b})*W +: W]);
                    outer = outer + spread * $signed(outer_index[b*W +: W]);
                end
                edge_low = position < 0 ? -position : zero;
                edge_high = $signed(size[x*W +: W]) - position;
                if (extent < edge_high) edge_high = extent;
                if (empty || edge_high <= edge_low) whole = 1'b0;
                low[(i*4+x)*W +: W] = edge_low;
                high[(i*4+x)*W +: W] = edge_high;
                place[(i*4+x)*W +: W] = whole_parent ? position : position - outer;
                if (i == 0) origin[x*W +: W] = position;
            end
            alive[i] = whole;
            corner = {low[(i*4+0)*W +: W], low[(i*4+1)*W +: W], low[(i*4+2)*W +: W], low[(i*4+3)*W +: W]};
            if (whole && corner < least) begin
                least = corner;
                first = low[i*4*W +: 4*W];
            end
        end
    end
endmodule
