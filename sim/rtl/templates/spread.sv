// SPDX-License-Identifier: Apache-2.0
// What enters at the edge of one fan-out on its way to the positions: through one register from position to position (`link`: 0 from
// the edge, 1 from the row above, 2 from the column before).
// docs/microarchitecture.md: Section 3, "skew".
module spread #(
    parameter integer WIDTH = 8,
    parameter integer ROWS = 2,
    parameter integer COLUMNS = 2
) (
    input logic clk,
    input logic reset,
    input logic [ROWS*COLUMNS*2-1:0] link,
    input logic [WIDTH-1:0] in,
    output logic [ROWS*COLUMNS*WIDTH-1:0] out
);
    logic [ROWS*COLUMNS*WIDTH-1:0] held;
    genvar i;
    generate
        for (i = 0; i < ROWS * COLUMNS; i = i + 1) begin : position
            localparam integer ABOVE = i >= COLUMNS ? i - COLUMNS : 0;
            localparam integer BEFORE = i % COLUMNS > 0 ? i - 1 : 0;
            always_ff @(posedge clk) held[i*WIDTH +: WIDTH] <= reset ? {WIDTH{1'b0}} : out[i*WIDTH +: WIDTH];
            assign out[i*WIDTH +: WIDTH] = link[i*2 +: 2] == 2'd2 ? held[BEFORE*WIDTH +: WIDTH]
                                           : link[i*2 +: 2] == 2'd1 ? held[ABOVE*WIDTH +: WIDTH] : in;
        end
    endgenerate
endmodule
