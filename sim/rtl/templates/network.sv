// SPDX-License-Identifier: Apache-2.0
// One tensor's network across a level: what enters in a cycle leaves LATENCY cycles later, nothing waits inside.
// docs/microarchitecture.md: Section 3, "flight_down".
module network #(
    parameter integer WIDTH = 8,
    parameter integer LATENCY = 1
) (
    input logic clk,
    input logic reset,
    input logic [WIDTH-1:0] in,
    output logic [WIDTH-1:0] out
);
    generate
        if (LATENCY == 0) begin : wires
            assign out = in;
            logic unused;
            assign unused = clk ^ reset;
        end else begin : registers
            logic [LATENCY*WIDTH-1:0] held;
            assign out = held[LATENCY*WIDTH-1 -: WIDTH];
            if (LATENCY == 1) begin : one
                always_ff @(posedge clk) held <= reset ? {WIDTH{1'b0}} : in;
            end else begin : more
                always_ff @(posedge clk)
                    held <= reset ? {LATENCY*WIDTH{1'b0}} : {held[(LATENCY-1)*WIDTH-1:0], in};
            end
        end
    endgenerate
endmodule
