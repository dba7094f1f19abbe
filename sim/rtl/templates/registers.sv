// SPDX-License-Identifier: Apache-2.0
// The program of a run: one word per register, written before the run through the load port. docs/rtl.md has the map.
// docs/microarchitecture.md: Section 1, "Loops" and "Lanes".
module registers #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer FANOUTS = 1,
    parameter integer POSITIONS = 4,  // of the largest fan-out
    parameter integer LANES = 4,
    parameter integer BOUNDARIES = 6,
    parameter integer WAYS = 4        // the most children of one parent
) (
    input logic clk,
    input logic load_valid,
    input logic [W-1:0] load_address,
    input logic [W-1:0] load_data,
    output logic [LOOPS*W-1:0] loop_bound,
    output logic [LOOPS*W-1:0] loop_stride,
    output logic [LOOPS*3-1:0] loop_dimension,
    output logic [LOOPS*3-1:0] loop_level,
    output logic [7*W-1:0] limit,
    output logic [6*W-1:0] window,
    output logic [12*W-1:0] size,           // of the tensors, and their strides
    output logic [12*W-1:0] tensor_stride,
    output logic [4*W-1:0] key_stride,
    output logic copies,
    // Per fan-out.
    output logic [FANOUTS*8-1:0] skew,
    output logic [FANOUTS*POSITIONS*2-1:0] link,
    output logic [FANOUTS*POSITIONS*8-1:0] up_taps,
    // Per lane. An instance of a level further out is where the first of its lanes is.
    output logic [LANES*7*W-1:0] offset,
    output logic [LANES-1:0] enabled,
    output logic [LANES-1:0] heads,
    // Per boundary: the tile of its child, and which children share words (WAYS of 8 bits).
    output logic [BOUNDARIES*7*W-1:0] span,
    output logic [BOUNDARIES*4*W-1:0] tile_stride,
    output logic [BOUNDARIES*W-1:0] tile_words,
    output logic [BOUNDARIES*W-1:0] ring,  // words of its slots or of its window
    output logic [BOUNDARIES*WAYS*8-1:0] share_class,
    output logic [BOUNDARIES*WAYS*W-1:0] place_address
);
    localparam integer LIMIT = 4 * LOOPS;
    localparam integer WINDOW = LIMIT + 7;
    localparam integer SIZES = WINDOW + 6;
    localparam integer STRIDES = SIZES + 12;
    localparam integer KEYS = STRIDES + 12;
    localparam integer FANOUT = KEYS + 5;
    localparam integer FANOUT_WORDS = 1 + 2 * POSITIONS;
    localparam integer LANE = FANOUT + FANOUTS * FANOUT_WORDS;
    localparam integer BOUNDARY = LANE + 9 * LANES;
    localparam integer BOUNDARY_WORDS = 13 + 2 * WAYS;
    localparam integer COUNT = BOUNDARY + BOUNDARIES * BOUNDARY_WORDS;
    logic [COUNT*W-1:0] words;

    always_ff @(posedge clk)
        if (load_valid) words[load_address*W +: W] <= load_data;

    assign loop_bound = words[0 +: LOOPS*W];
    assign loop_stride = words[LOOPS*W +: LOOPS*W];
    assign limit = words[LIMIT*W +: 7*W];
    assign window = words[WINDOW*W +: 6*W];
    assign size = words[SIZES*W +: 12*W];
    assign key_stride = words[KEYS*W +: 4*W];
    assign copies = words[(KEYS+4)*W];
    assign tensor_stride = words[STRIDES*W +: 12*W];

    always @* begin : unpack
        integer l, f, p, b;
        for (l = 0; l < LOOPS; l = l + 1) begin
            loop_dimension[l*3 +: 3] = words[(2*LOOPS+l)*W +: 3];
            loop_level[l*3 +: 3] = words[(3*LOOPS+l)*W +: 3];
        end
        for (f = 0; f < FANOUTS; f = f + 1) begin
            skew[f*8 +: 8] = words[(FANOUT+f*FANOUT_WORDS)*W +: 8];
            for (p = 0; p < POSITIONS; p = p + 1) begin
                link[(f*POSITIONS+p)*2 +: 2] = words[(FANOUT+f*FANOUT_WORDS+1+2*p)*W +: 2];
                up_taps[(f*POSITIONS+p)*8 +: 8] = words[(FANOUT+f*FANOUT_WORDS+2+2*p)*W +: 8];
            end
        end
        for (p = 0; p < LANES; p = p + 1) begin
            offset[p*7*W +: 7*W] = words[(LANE+9*p)*W +: 7*W];
            enabled[p] = words[(LANE+9*p+7)*W];
            heads[p] = words[(LANE+9*p+8)*W];
        end
        for (b = 0; b < BOUNDARIES; b = b + 1) begin
            span[b*7*W +: 7*W] = words[(BOUNDARY+b*BOUNDARY_WORDS)*W +: 7*W];
            tile_stride[b*4*W +: 4*W] = words[(BOUNDARY+b*BOUNDARY_WORDS+7)*W +: 4*W];
            tile_words[b*W +: W] = words[(BOUNDARY+b*BOUNDARY_WORDS+11)*W +: W];
            ring[b*W +: W] = words[(BOUNDARY+b*BOUNDARY_WORDS+12)*W +: W];
            place_address[b*WAYS*W +: WAYS*W] = words[(BOUNDARY+b*BOUNDARY_WORDS+13+WAYS)*W +: WAYS*W];
            for (p = 0; p < WAYS; p = p + 1)
                share_class[(b*WAYS+p)*8 +: 8] = words[(BOUNDARY+b*BOUNDARY_WORDS+13+p)*W +: 8];
        end
    end
endmodule
