// SPDX-License-Identifier: Apache-2.0
// Grants movers the ports that they need, all at once or none. Those of an open burst come first; among them, and among the
// others, first those at a memory with fixed arbitration in mover order, then the least recently granted.
// Parameters, mover or pool 0 in the lowest bits. ORDER (8 bits per mover): its place in mover order, by which ties go. FIXED: bit
// per mover. BURST: pools per mover that it keeps until its tile's last group was granted. `needs`: those that its group takes.
// PORTS, MAC_TAKES (4 bits per pool): what there is, and what the MAC takes in a cycle with a step.
// docs/microarchitecture.md: Section 5.
module arbiter #(
    parameter integer MOVERS = 8,
    parameter integer POOLS = 6,
    parameter [MOVERS*8-1:0] ORDER = 0,
    parameter [MOVERS-1:0] FIXED = 0,
    parameter [MOVERS*POOLS-1:0] BURST = 0,
    parameter [POOLS*4-1:0] PORTS = 0,
    parameter [POOLS*4-1:0] MAC_TAKES = 0
) (
    input logic clk,
    input logic reset,
    input logic step,                  // the MAC's accesses are in this cycle
    input logic [MOVERS-1:0] request,
    input logic [MOVERS*POOLS-1:0] needs,
    input logic [MOVERS-1:0] last,     // the group asked for is its tile's last one
    output logic [MOVERS-1:0] grant
);
    logic [MOVERS*MOVERS-1:0] precedes, next_precedes;  // bit i * MOVERS + j: i goes before j
    logic [MOVERS-1:0] holding;                         // has begun a tile and has not sent its last group

    always @* begin : choose
        integer place, i, j, p, rank;
        logic [POOLS*6-1:0] free, left;  // signed: what is held may be more than what is left
        logic fits;
        grant = {MOVERS{1'b0}};
        free = {POOLS*6{1'b0}};
        for (p = 0; p < POOLS; p = p + 1)
            free[p*6 +: 6] = {2'b00, PORTS[p*4 +: 4]} - (step ? {2'b00, MAC_TAKES[p*4 +: 4]} : 6'd0);
        left = free;
        fits = 1'b0;
        rank = 0;
        for (place = 0; place < MOVERS; place = place + 1)
            for (i = 0; i < MOVERS; i = i + 1) begin
                rank = 0;
                for (j = 0; j < MOVERS; j = j + 1)
                    if (j != i && (holding[i] == holding[j] ? precedes[j*MOVERS+i] : holding[j])) rank = rank + 1;
                if (rank == place && (request[i] || holding[i])) begin
                    left = free;
                    fits = request[i];
                    for (p = 0; p < POOLS; p = p + 1)
                        if (needs[i*POOLS+p]) begin
                            left[p*6 +: 6] = left[p*6 +: 6] - 6'd1;
                            if (left[p*6+5]) fits = 1'b0;
                        end
                    grant[i] = fits;
                    if (fits)
                        free = left;
                    else if (holding[i])
                        for (p = 0; p < POOLS; p = p + 1)
                            if (BURST[i*POOLS+p]) free[p*6 +: 6] = free[p*6 +: 6] - 6'd1;
                end
            end
    end

    always @* begin : age
        integer i, j;
        next_precedes = precedes;
        for (i = 0; i < MOVERS; i = i + 1)
            for (j = 0; j < MOVERS; j = j + 1)
                if (i != j && FIXED[i] != FIXED[j])
                    next_precedes[i*MOVERS+j] = FIXED[i];
                else if (i != j && (reset || FIXED[i] || grant[i] && grant[j]))
                    next_precedes[i*MOVERS+j] = ORDER[i*8 +: 8] < ORDER[j*8 +: 8];
                else if (i == j || grant[i])
                    next_precedes[i*MOVERS+j] = 1'b0;
                else if (grant[j])
                    next_precedes[i*MOVERS+j] = 1'b1;
    end

    always_ff @(posedge clk) begin : hold
        integer i;
        precedes <= next_precedes;
        for (i = 0; i < MOVERS; i = i + 1)
            if (reset) holding[i] <= 1'b0;
            else if (grant[i]) holding[i] <= !last[i] && BURST[i*POOLS +: POOLS] != 0;
    end
endmodule
