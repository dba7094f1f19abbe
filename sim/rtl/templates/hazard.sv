// SPDX-License-Identifier: Apache-2.0
// The output tiles that are reserved but have not landed, by the key of their box.
// docs/microarchitecture.md: Section 4c, condition (3).
module hazard #(
    parameter integer W = 24,
    parameter integer RING = 32
) (
    input logic clk,
    input logic reset,
    input logic reserve,
    input logic [W-1:0] reserved,  // so many tiles are, and have landed
    input logic [W-1:0] landed,
    input logic [W-1:0] key,
    output logic conflict  // one of them has this key
);
    localparam integer BITS = $clog2(RING);
    logic [RING*W-1:0] keys;

    always @* begin : compare
        integer i;
        logic [W-1:0] tile;
        conflict = 1'b0;
        tile = landed;
        for (i = 0; i < RING; i = i + 1) begin
            if (tile < reserved && keys[tile[BITS-1:0]*W +: W] == key) conflict = 1'b1;
            tile = tile + 1;
        end
    end

    always_ff @(posedge clk)
        if (!reset && reserve) keys[reserved[BITS-1:0]*W +: W] <= key;
endmodule
