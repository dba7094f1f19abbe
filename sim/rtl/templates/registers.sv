// SPDX-License-Identifier: Apache-2.0
// The program of a run: one word per register, written before the run through the load port. docs/rtl.md has the map.
// docs/microarchitecture.md: Section 1, "Loops".
module registers #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer ROWS = 2,
    parameter integer COLUMNS = 2
) (
    input logic clk,
    input logic load_valid,
    input logic [W-1:0] load_address,
    input logic [W-1:0] load_data,
    output logic [LOOPS*W-1:0] loop_bound,
    output logic [LOOPS*W-1:0] loop_stride,
    output logic [LOOPS*3-1:0] loop_dimension,
    output logic [LOOPS*2-1:0] loop_level,
    output logic [7*W-1:0] limit,
    output logic [7*W-1:0] buffer_span,
    output logic [7*W-1:0] lane_span,
    output logic [8*W-1:0] window,
    output logic [12*W-1:0] tensor_stride,
    output logic [12*W-1:0] buffer_stride,
    output logic [12*W-1:0] lane_stride,
    output logic [3*W-1:0] buffer_words,
    output logic [3*W-1:0] lane_words,
    output logic [7:0] skew,
    output logic [ROWS*COLUMNS*7*W-1:0] offset,
    output logic [ROWS*COLUMNS-1:0] enabled,
    output logic [ROWS*COLUMNS-1:0] heads,
    output logic [ROWS*COLUMNS*2-1:0] link,
    output logic [ROWS*COLUMNS*8-1:0] up_taps,
    output logic [ROWS*COLUMNS*24-1:0] share_class  // all lanes of the input, of the weight, of the output
);
    localparam integer LANES = ROWS * COLUMNS;
    localparam integer LIMIT = 4 * LOOPS;
    localparam integer WINDOW = LIMIT + 21;
    localparam integer STRIDES = WINDOW + 8;
    localparam integer TILES = STRIDES + 36;
    localparam integer OFFSETS = TILES + 7;
    localparam integer LANE = OFFSETS + 7 * (ROWS + COLUMNS);
    localparam integer COUNT = LANE + 7 * LANES;
    logic [COUNT*W-1:0] words;

    always_ff @(posedge clk)
        if (load_valid) words[load_address*W +: W] <= load_data;

    assign loop_bound = words[0 +: LOOPS*W];
    assign loop_stride = words[LOOPS*W +: LOOPS*W];
    assign limit = words[LIMIT*W +: 7*W];
    assign buffer_span = words[(LIMIT+7)*W +: 7*W];
    assign lane_span = words[(LIMIT+14)*W +: 7*W];
    assign window = words[WINDOW*W +: 8*W];
    assign tensor_stride = words[STRIDES*W +: 12*W];
    assign buffer_stride = words[(STRIDES+12)*W +: 12*W];
    assign lane_stride = words[(STRIDES+24)*W +: 12*W];
    assign buffer_words = words[TILES*W +: 3*W];
    assign lane_words = words[(TILES+3)*W +: 3*W];
    assign skew = words[(TILES+6)*W +: 8];

    always @* begin : unpack
        integer l, i, d;
        for (l = 0; l < LOOPS; l = l + 1) begin
            loop_dimension[l*3 +: 3] = words[(2*LOOPS+l)*W +: 3];
            loop_level[l*2 +: 2] = words[(3*LOOPS+l)*W +: 2];
        end
        for (i = 0; i < LANES; i = i + 1) begin
            for (d = 0; d < 7; d = d + 1)
                offset[(i*7+d)*W +: W] = words[(OFFSETS+(i/COLUMNS)*7+d)*W +: W] + words[(OFFSETS+(ROWS+i%COLUMNS)*7+d)*W +: W];
            enabled[i] = words[(LANE+i*7)*W];
            heads[i] = words[(LANE+i*7+1)*W];
            link[i*2 +: 2] = words[(LANE+i*7+2)*W +: 2];
            up_taps[i*8 +: 8] = words[(LANE+i*7+3)*W +: 8];
            for (d = 0; d < 3; d = d + 1)
                share_class[(d*LANES+i)*8 +: 8] = words[(LANE+i*7+4+d)*W +: 8];
        end
    end
endmodule
