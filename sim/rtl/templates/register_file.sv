// SPDX-License-Identifier: Apache-2.0
// One operand at one PE: slots of a register file, or of a stream's FIFO. Written by fills, read once per step.
// docs/microarchitecture.md: Section 1, "Keepers".
module register_file #(
    parameter integer W = 24,
    parameter integer BITS = 16,
    parameter integer WORDS = 64,
    parameter integer FILL = 4
) (
    input logic clk,
    input logic [FILL-1:0] fill_valid,
    input logic [FILL*W-1:0] fill_address,
    input logic [FILL*BITS-1:0] fill_data,
    input logic [W-1:0] read_address,
    output logic [BITS-1:0] read_data
);
    localparam integer ADDRESS = $clog2(WORDS);
    logic [BITS-1:0] words [0:WORDS-1];
    assign read_data = words[read_address[ADDRESS-1:0]];
    genvar g;
    generate
        for (g = 0; g < FILL; g = g + 1) begin : port
            always_ff @(posedge clk)
                if (fill_valid[g]) words[fill_address[g*W +: ADDRESS]] <= fill_data[g*BITS +: BITS];
        end
    endgenerate
endmodule
