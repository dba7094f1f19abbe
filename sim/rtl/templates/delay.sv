// SPDX-License-Identifier: Apache-2.0
// A line of CYCLES registers, left after the first `taps` of them.
// docs/microarchitecture.md: Section 3, "skew".
module delay #(
    parameter integer WIDTH = 8,
    parameter integer CYCLES = 1
) (
    input logic clk,
    input logic reset,
    input logic [7:0] taps,  // at most CYCLES
    input logic [WIDTH-1:0] in,
    output logic [WIDTH-1:0] out
);
    logic [(CYCLES+1)*WIDTH-1:0] line;
    assign line[WIDTH-1:0] = in;
    assign out = line[taps*WIDTH +: WIDTH];
    generate
        if (CYCLES > 0) begin : registers
            logic [CYCLES*WIDTH-1:0] held;
            assign line[(CYCLES+1)*WIDTH-1:WIDTH] = held;
            always_ff @(posedge clk) held <= reset ? {CYCLES*WIDTH{1'b0}} : line[CYCLES*WIDTH-1:0];
        end
    endgenerate
endmodule
