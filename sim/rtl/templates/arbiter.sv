// SPDX-License-Identifier: Apache-2.0
// Least recently granted first; each mover takes one port of every pool that it needs, or waits.
// ORDER (4 bits per mover): its place in mover order, by which ties go. NEEDS: pools per mover. PORTS (4 bits per pool).
// docs/microarchitecture.md: Section 5.
module arbiter #(
    parameter integer MOVERS = 8,
    parameter integer POOLS = 6,
    parameter [MOVERS*4-1:0] ORDER = 0,
    parameter [MOVERS*POOLS-1:0] NEEDS = 0,
    parameter [POOLS*4-1:0] PORTS = 0
) (
    input logic clk,
    input logic reset,
    input logic [MOVERS-1:0] request,
    output logic [MOVERS-1:0] grant
);
    logic [MOVERS*MOVERS-1:0] precedes, next_precedes;  // bit i * MOVERS + j: i goes before j

    always @* begin : choose
        integer place, i, j, p, rank;
        logic [POOLS*4-1:0] free;
        logic fits;
        grant = {MOVERS{1'b0}};
        free = PORTS;
        fits = 1'b0;
        rank = 0;
        for (place = 0; place < MOVERS; place = place + 1)
            for (i = 0; i < MOVERS; i = i + 1) begin
                rank = 0;
                for (j = 0; j < MOVERS; j = j + 1)
                    if (precedes[j*MOVERS+i]) rank = rank + 1;
                if (rank == place && request[i]) begin
                    fits = 1'b1;
                    for (p = 0; p < POOLS; p = p + 1)
                        if (NEEDS[i*POOLS+p] && free[p*4 +: 4] == 0) fits = 1'b0;
                    grant[i] = fits;
                    for (p = 0; p < POOLS; p = p + 1)
                        if (fits && NEEDS[i*POOLS+p]) free[p*4 +: 4] = free[p*4 +: 4] - 4'd1;
                end
            end
    end

    always @* begin : age
        integer i, j;
        next_precedes = precedes;
        for (i = 0; i < MOVERS; i = i + 1)
            for (j = 0; j < MOVERS; j = j + 1)
                if (i != j && (reset || grant[i] && grant[j]))
                    next_precedes[i*MOVERS+j] = ORDER[i*4 +: 4] < ORDER[j*4 +: 4];
                else if (i == j || grant[i])
                    next_precedes[i*MOVERS+j] = 1'b0;
                else if (grant[j])
                    next_precedes[i*MOVERS+j] = 1'b1;
    end
    always_ff @(posedge clk) precedes <= next_precedes;
endmodule
