// SPDX-License-Identifier: Apache-2.0
// The sums' way out of one fan-out: those of a word are delayed by `taps`, so that they meet, and added. Positions that give nothing
// give zeros.
// docs/microarchitecture.md: Section 2, "Write-back"; 3, "flight_up".
module gather #(
    parameter integer BITS = 32,
    parameter integer WORDS = 2,
    parameter integer ROWS = 2,
    parameter integer COLUMNS = 2
) (
    input logic clk,
    input logic reset,
    input logic [ROWS*COLUMNS*8-1:0] taps,
    input logic [ROWS*COLUMNS*WORDS*BITS-1:0] in,
    output logic [WORDS*BITS-1:0] out
);
    localparam integer WIDTH = WORDS * BITS;
    logic [ROWS*COLUMNS*WIDTH-1:0] aligned;
    genvar i;
    generate
        for (i = 0; i < ROWS * COLUMNS; i = i + 1) begin : position
            delay #(.WIDTH(WIDTH), .CYCLES(ROWS + COLUMNS - 2)) way (
                .clk, .reset, .taps(taps[i*8 +: 8]), .in(in[i*WIDTH +: WIDTH]), .out(aligned[i*WIDTH +: WIDTH]));
        end
    endgenerate

    always @* begin : add
        integer w, n;
        out = {WIDTH{1'b0}};
        for (w = 0; w < WORDS; w = w + 1)
            for (n = 0; n < ROWS * COLUMNS; n = n + 1)
                out[w*BITS +: BITS] = out[w*BITS +: BITS] + aligned[(n*WORDS+w)*BITS +: BITS];
    end
endmodule
