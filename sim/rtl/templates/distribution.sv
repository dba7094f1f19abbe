// SPDX-License-Identifier: Apache-2.0
// The way inward through the fan-outs FROM to TO-1: for each instance outside FROM what enters there, for each instance outside TO
// what arrives. INSTANCES (32 bits per entry): entry f is the number of instances inside the first f fan-outs.
// docs/microarchitecture.md: Section 1, "Lanes"; 3, "skew".
module distribution #(
    parameter integer WIDTH = 8,
    parameter integer FANOUTS = 1,
    parameter integer POSITIONS = 4,  // of the largest fan-out
    parameter [FANOUTS*32-1:0] ROWS = 0,
    parameter [FANOUTS*32-1:0] COLUMNS = 0,
    parameter [(FANOUTS+1)*32-1:0] INSTANCES = 0,
    parameter integer FROM = 0,
    parameter integer TO = 1
) (
    input logic clk,
    input logic reset,
    input logic [FANOUTS*POSITIONS*2-1:0] link,
    input logic [INSTANCES[FROM*32 +: 32]*WIDTH-1:0] in,
    output logic [INSTANCES[TO*32 +: 32]*WIDTH-1:0] out
);
    genvar f, i;
    generate
        for (f = FROM; f <= TO; f = f + 1) begin : level
            logic [INSTANCES[f*32 +: 32]*WIDTH-1:0] data;
        end
        assign level[FROM].data = in;
        for (f = FROM; f < TO; f = f + 1) begin : fan_out
            localparam integer R = ROWS[f*32 +: 32];
            localparam integer C = COLUMNS[f*32 +: 32];
            localparam integer OUTER = INSTANCES[f*32 +: 32];
            for (i = 0; i < OUTER; i = i + 1) begin : place
                spread #(.WIDTH(WIDTH), .ROWS(R), .COLUMNS(C)) positions (
                    .clk, .reset, .link(link[f*POSITIONS*2 +: R*C*2]), .in(level[f].data[i*WIDTH +: WIDTH]),
                    .out(level[f+1].data[i*R*C*WIDTH +: R*C*WIDTH]));
            end
        end
    endgenerate
    assign out = level[TO].data;
endmodule
