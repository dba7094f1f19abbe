// SPDX-License-Identifier: Apache-2.0
// The registered counts of a boundary's tiles. Tiles arrive out of order at most RING apart and are counted in order.
// Of a windowed memory also what was given back, in words counted through.
// docs/microarchitecture.md: Section 4; 3, "Slots".
module token #(
    parameter integer W = 24,
    parameter integer SLOTS = 2,
    parameter [0:0] WINDOWED = 0,  // operands ask for the space of each group (mover.sv), outputs for that of a tile
    parameter [0:0] WHOLE = 0,
    parameter integer RING = 32
) (
    input logic clk,
    input logic reset,
    input logic [W-1:0] tile_words,
    input logic [W-1:0] ring,
    input logic give,              // space is given back up to a position
    input logic [W-1:0] give_position,
    output logic [W-1:0] given_back,
    input logic reserve,
    input logic arrive,
    input logic [W-1:0] arriving_tile,
    input logic empty,
    input logic [W-1:0] empty_tile,
    input logic [1:0] give_back,  // so many tiles are released
    input logic [7:0] finish,     // so many are complete
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
    logic [W-1:0] reserved_words;
    logic signed [W-1:0] over;
    assign over = reserved_words + tile_words - given_back - ring;
    assign room = WINDOWED ? !WHOLE || over <= 0 : reserved - released < SLOTS[W-1:0];

    always_ff @(posedge clk) begin
        if (reset) begin
            arrived <= {RING{1'b0}};
            reserved <= {W{1'b0}};
            reserved_words <= {W{1'b0}};
            given_back <= {W{1'b0}};
            usable <= {W{1'b0}};
            released <= {W{1'b0}};
            complete <= {W{1'b0}};
        end else begin
            arrived <= seen;
            usable <= counted;
            if (reserve) begin
                reserved <= reserved + 1;
                reserved_words <= reserved_words + tile_words;
            end
            if (give) given_back <= give_position;
            released <= released + W'(give_back);
            complete <= complete + W'(finish);
        end
    end
endmodule
