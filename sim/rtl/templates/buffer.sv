// SPDX-License-Identifier: Apache-2.0
// One tensor's share of the shared buffer: read for the lanes and for the DRAM (outputs), written by fills and by drains.
// docs/microarchitecture.md: Section 1, "Keepers".
module buffer #(
    parameter integer W = 24,
    parameter integer BITS = 16,
    parameter integer WORDS = 1024,
    parameter integer FILL = 4,    // words of a fill
    parameter integer DOWN = 4,    // of a read for the lanes
    parameter integer UP = 4,      // of a write-back of the lanes
    parameter integer DRAIN = 4,   // of a read for the DRAM
    parameter integer LATENCY = 1
) (
    input logic clk,
    input logic reset,
    input logic [FILL-1:0] fill_valid,
    input logic [FILL*W-1:0] fill_address,
    input logic [FILL*BITS-1:0] fill_data,
    input logic [DOWN*W-1:0] down_address,
    output logic [DOWN*BITS-1:0] down_data,
    input logic [UP-1:0] up_valid,
    input logic [UP*W-1:0] up_address,
    input logic [UP*BITS-1:0] up_data,
    input logic [DRAIN*W-1:0] drain_address,
    output logic [DRAIN*BITS-1:0] drain_data
);
    localparam integer ADDRESS = $clog2(WORDS);
    logic [BITS-1:0] words [0:WORDS-1];
    logic [DOWN*BITS-1:0] now;

    genvar g;
    generate
        for (g = 0; g < DOWN; g = g + 1) begin : to_lanes
            assign now[g*BITS +: BITS] = words[down_address[g*W +: ADDRESS]];
        end
        for (g = 0; g < DRAIN; g = g + 1) begin : to_dram
            assign drain_data[g*BITS +: BITS] = words[drain_address[g*W +: ADDRESS]];
        end
        for (g = 0; g < FILL; g = g + 1) begin : from_dram
            always_ff @(posedge clk)
                if (fill_valid[g]) words[fill_address[g*W +: ADDRESS]] <= fill_data[g*BITS +: BITS];
        end
        for (g = 0; g < UP; g = g + 1) begin : from_lanes
            always_ff @(posedge clk)
                if (up_valid[g]) words[up_address[g*W +: ADDRESS]] <= up_data[g*BITS +: BITS];
        end
    endgenerate
    network #(.WIDTH(DOWN*BITS), .LATENCY(LATENCY)) access (.clk, .reset, .in(now), .out(down_data));

endmodule
