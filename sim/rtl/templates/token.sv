// SPDX-License-Identifier: Apache-2.0
// The registered counts of a boundary's tiles. Tiles arrive out of order at most RING apart and are counted in order.
// docs/microarchitecture.md: Section 4; 3, "Slots".
module token #(
    parameter integer W = 24,
    parameter integer SLOTS = 2,
    parameter integer RING = 32
) (
    input logic clk,
    input logic reset,
    input logic reserve,
    input logic arrive,
    input logic [W-1:0] arriving_tile,
    input logic empty,
    input logic [W-1:0] empty_tile,
    input logic give_back,
    input logic finish,
    output logic [W-1:0] reserved,
    output logic [W-1:0] usable,
    output logic [W-1:0] complete,
    output logic room
);
    localparam integer BITS = $clog2(RING);
    logic [RING-1:0] arrived, seen;
    logic [W-1:0] released, counted;

    always @* begin : count
        integer i;
        logic [BITS-1:0] slot;
        seen = arrived;
        if (arrive) seen[arriving_tile[BITS-1:0]] = 1'b1;
        if (empty) seen[empty_tile[BITS-1:0]] = 1'b1;
        counted = usable;
        slot = {BITS{1'b0}};
        for (i = 0; i < RING; i = i + 1) begin
            slot = counted[BITS-1:0];
            if (seen[slot]) begin
                seen[slot] = 1'b0;
                counted = counted + 1;
            end
        end
    end
    assign room = reserved - released < SLOTS[W-1:0];

    always_ff @(posedge clk) begin
        if (reset) begin
            arrived <= {RING{1'b0}};
            reserved <= {W{1'b0}};
            usable <= {W{1'b0}};
            released <= {W{1'b0}};
            complete <= {W{1'b0}};
        end else begin
            arrived <= seen;
            usable <= counted;
            if (reserve) reserved <= reserved + 1;
            if (give_back) released <= released + 1;
            if (finish) complete <= complete + 1;
        end
    end
endmodule
