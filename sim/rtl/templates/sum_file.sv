// SPDX-License-Identifier: Apache-2.0
// The partial sums of one PE: slots of a register file, or of a stream's FIFO. A word that is not `set` reads as zero.
// docs/microarchitecture.md: Section 1, "Keepers"; 2, "First met".
module sum_file #(
    parameter integer W = 24,
    parameter integer BITS = 32,
    parameter integer WORDS = 64,
    parameter integer FILL = 2,
    parameter integer DRAIN = 2
) (
    input logic clk,
    input logic clear,  // the words [clear_address, + clear_words) are zero from now on
    input logic [W-1:0] clear_address,
    input logic [W-1:0] clear_words,
    input logic [W-1:0] clear_ring,  // a tile of a window goes on at its beginning
    input logic [FILL-1:0] fill_valid,
    input logic [FILL*W-1:0] fill_address,
    input logic [FILL*BITS-1:0] fill_data,
    input logic add,
    input logic [W-1:0] add_address,
    input logic [BITS-1:0] add_data,
    input logic [DRAIN-1:0] drain_valid,
    input logic [DRAIN*W-1:0] drain_address,
    output logic [DRAIN*BITS-1:0] drain_data
);
    localparam integer ADDRESS = $clog2(WORDS);
    logic [BITS-1:0] words [0:WORDS-1];
    logic [WORDS-1:0] set, next_set;
    logic [BITS-1:0] held;

    assign held = set[add_address[ADDRESS-1:0]] ? words[add_address[ADDRESS-1:0]] : {BITS{1'b0}};
    genvar g;
    generate
        for (g = 0; g < DRAIN; g = g + 1) begin : port
            assign drain_data[g*BITS +: BITS] = drain_valid[g] && set[drain_address[g*W +: ADDRESS]]
                                                ? words[drain_address[g*W +: ADDRESS]] : {BITS{1'b0}};
        end
        for (g = 0; g < FILL; g = g + 1) begin : from_above
            always_ff @(posedge clk)
                if (fill_valid[g]) words[fill_address[g*W +: ADDRESS]] <= fill_data[g*BITS +: BITS];
        end
    endgenerate

    always @* begin : mark
        integer i;
        logic [WORDS-1:0] range;
        range = ~({WORDS{1'b1}} << clear_words);
        range = range << clear_address | range >> (clear_ring - clear_address);
        next_set = set;
        if (clear) next_set = next_set & ~range;
        for (i = 0; i < FILL; i = i + 1)
            if (fill_valid[i]) next_set[fill_address[i*W +: ADDRESS]] = 1'b1;
        if (add) next_set[add_address[ADDRESS-1:0]] = 1'b1;
    end

    always_ff @(posedge clk) begin
        set <= next_set;
        if (add) words[add_address[ADDRESS-1:0]] <= held + add_data;
    end
endmodule
