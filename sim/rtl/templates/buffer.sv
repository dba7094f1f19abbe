// SPDX-License-Identifier: Apache-2.0
// One tensor's part of one instance of a buffer: filled from outside and read for what is inside; of the output also written from
// inside and read for what is outside.
// docs/microarchitecture.md: Section 1, "Keepers".
module buffer #(
    parameter integer W = 24,
    parameter integer BITS = 16,
    parameter integer WORDS = 1024,
    parameter integer OUTER = 4,   // words of a group at the boundary outside
    parameter integer INNER = 4,   // at the boundary inside
    parameter integer LATENCY = 1
) (
    input logic clk,
    input logic reset,
    input logic [OUTER-1:0] fill_valid,
    input logic [OUTER*W-1:0] fill_address,
    input logic [OUTER*BITS-1:0] fill_data,
    input logic [OUTER-1:0] drain_valid,  // others read as zero
    input logic [OUTER*W-1:0] drain_address,
    output logic [OUTER*BITS-1:0] drain_data,
    input logic [INNER*W-1:0] read_address,
    output logic [INNER*BITS-1:0] read_data,
    input logic [INNER-1:0] write_valid,
    input logic [INNER*W-1:0] write_address,
    input logic [INNER*BITS-1:0] write_data
);
    localparam integer ADDRESS = $clog2(WORDS);
    logic [BITS-1:0] words [0:WORDS-1];
    logic [INNER*BITS-1:0] now;

    genvar g;
    generate
        for (g = 0; g < OUTER; g = g + 1) begin : to_outside
            assign drain_data[g*BITS +: BITS] = drain_valid[g] ? words[drain_address[g*W +: ADDRESS]] : {BITS{1'b0}};
            always_ff @(posedge clk)
                if (fill_valid[g]) words[fill_address[g*W +: ADDRESS]] <= fill_data[g*BITS +: BITS];
        end
        for (g = 0; g < INNER; g = g + 1) begin : to_inside
            assign now[g*BITS +: BITS] = words[read_address[g*W +: ADDRESS]];
            always_ff @(posedge clk)
                if (write_valid[g]) words[write_address[g*W +: ADDRESS]] <= write_data[g*BITS +: BITS];
        end
    endgenerate
    network #(.WIDTH(INNER*BITS), .LATENCY(LATENCY)) access (.clk, .reset, .in(now), .out(read_data));
endmodule
