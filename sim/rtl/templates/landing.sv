// SPDX-License-Identifier: Apache-2.0
// The write-backs of a boundary's tiles as they land, counted in order: one that lands before those in front of it is counted with the
// last of them, and so is the end of the parent's tile. At most RING are under way.
// docs/microarchitecture.md: Section 4, 4a, 4c.
module landing #(
    parameter integer W = 24,
    parameter integer RING = 32
) (
    input logic clk,
    input logic reset,
    // A tile with words lands; one without. Each: its number, is it the last of the parent's tile, is it the last of all.
    input logic arrive,
    input logic [W-1:0] arriving_tile,
    input logic arriving_ends_source,
    input logic arriving_ends_run,
    input logic empty,
    input logic [W-1:0] empty_tile,
    input logic empty_ends_source,
    input logic empty_ends_run,
    output logic [W-1:0] landed,        // registered
    output logic [7:0] finished,        // in this cycle: tiles of the parent whose last tile is counted
    output logic ended                  // in this cycle: the last of all is counted
);
    localparam integer BITS = $clog2(RING);
    logic [RING-1:0] waiting, seen, ends_source, sources, ends_run, runs;
    logic [W-1:0] counted;

    always @* begin : count
        integer i;
        logic [BITS-1:0] slot;
        seen = waiting;
        sources = ends_source;
        runs = ends_run;
        if (arrive) begin
            seen[arriving_tile[BITS-1:0]] = 1'b1;
            sources[arriving_tile[BITS-1:0]] = arriving_ends_source;
            runs[arriving_tile[BITS-1:0]] = arriving_ends_run;
        end
        if (empty) begin
            seen[empty_tile[BITS-1:0]] = 1'b1;
            sources[empty_tile[BITS-1:0]] = empty_ends_source;
            runs[empty_tile[BITS-1:0]] = empty_ends_run;
        end
        counted = landed;
        finished = 8'd0;
        ended = 1'b0;
        slot = {BITS{1'b0}};
        for (i = 0; i < RING; i = i + 1) begin
            slot = counted[BITS-1:0];
            if (seen[slot]) begin
                seen[slot] = 1'b0;
                counted = counted + 1;
                if (sources[slot]) finished = finished + 8'd1;
                if (runs[slot]) ended = 1'b1;
            end
        end
    end

    always_ff @(posedge clk) begin
        if (reset) begin
            waiting <= {RING{1'b0}};
            landed <= {W{1'b0}};
        end else begin
            waiting <= seen;
            landed <= counted;
        end
        ends_source <= sources;
        ends_run <= runs;
    end
endmodule
