// SPDX-License-Identifier: Apache-2.0
// The sums' way outward through the fan-outs TO-1 to FROM (distribution.sv has the way inward).
// docs/microarchitecture.md: Section 3, "flight_up".
module collection #(
    parameter integer BITS = 32,
    parameter integer WORDS = 2,
    parameter integer FANOUTS = 1,
    parameter integer POSITIONS = 4,
    parameter [FANOUTS*32-1:0] ROWS = 0,
    parameter [FANOUTS*32-1:0] COLUMNS = 0,
    parameter [(FANOUTS+1)*32-1:0] INSTANCES = 0,
    parameter integer FROM = 0,
    parameter integer TO = 1
) (
    input logic clk,
    input logic reset,
    input logic [FANOUTS*POSITIONS*8-1:0] taps,
    input logic [INSTANCES[TO*32 +: 32]*WORDS*BITS-1:0] in,
    output logic [INSTANCES[FROM*32 +: 32]*WORDS*BITS-1:0] out
);
    localparam integer WIDTH = WORDS * BITS;
    genvar f, i;
    generate
        for (f = FROM; f <= TO; f = f + 1) begin : level
            logic [INSTANCES[f*32 +: 32]*WIDTH-1:0] data;
        end
        assign level[TO].data = in;
        for (f = FROM; f < TO; f = f + 1) begin : fan_out
            localparam integer R = ROWS[f*32 +: 32];
            localparam integer C = COLUMNS[f*32 +: 32];
            localparam integer OUTER = INSTANCES[f*32 +: 32];
            for (i = 0; i < OUTER; i = i + 1) begin : place
                gather #(.BITS(BITS), .WORDS(WORDS), .ROWS(R), .COLUMNS(C)) positions (
                    .clk, .reset, .taps(taps[f*POSITIONS*8 +: R*C*8]), .in(level[f+1].data[i*R*C*WIDTH +: R*C*WIDTH]),
                    .out(level[f].data[i*WIDTH +: WIDTH]));
            end
        end
    endgenerate
    assign out = level[FROM].data;
endmodule
