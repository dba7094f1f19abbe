// SPDX-License-Identifier: Apache-2.0
// Issues the array's steps, one per cycle when all that a step needs is there, and says why not.
// docs/microarchitecture.md: Sections 4b and 6.
module sequencer #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer LANES = 4,
    parameter [2:0] KEPT = 3'b111,   // tensors that the lanes keep (input, weight, output); the others stream
    parameter [2:0] INNER = 3'd2,    // the level of the lanes' buffer
    parameter integer INPUTS = 2,    // boundaries of the tensors; in all vectors those of the input come first, outermost first
    parameter integer WEIGHTS = 2,
    parameter integer OUTPUTS = 2,
    parameter [(INPUTS+WEIGHTS+OUTPUTS)*32-1:0] ABOVE = 0,  // per boundary: levels whose loops are above its child
    parameter [1:0] WINDOWED = 0     // operands whose lanes' memory is windowed
) (
    input logic clk,
    input logic reset,
    input logic [LOOPS*W-1:0] loop_bound,
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [LOOPS*3-1:0] loop_level,
    input logic [7*W-1:0] limit,
    input logic [6*W-1:0] window,
    input logic [12*W-1:0] size,
    input logic [LANES*7*W-1:0] offset,
    input logic [LANES-1:0] enabled,
    input logic [12*W-1:0] lane_stride,  // of the lanes' tiles, per tensor and axis; 0 of a stream
    input logic [3*W-1:0] lane_words,
    input logic [3*W-1:0] lane_ring,
    // Tokens: per boundary; those of the output alone.
    input logic [(INPUTS+WEIGHTS+OUTPUTS)*W-1:0] usable,
    input logic [OUTPUTS*W-1:0] reserved,
    input logic [OUTPUTS-1:0] room,
    input logic [OUTPUTS-1:0] held_back,
    output logic issue,
    output logic [2:0] releases,         // the step is the last one of the tensor's tile at the lanes
    output logic [3*W-1:0] address,
    output logic [3*W-1:0] place,        // of the tiles, counted through
    output logic [2*W-1:0] left,         // of the operands' tiles: the lowest address that later steps use; all words when there is none
    output logic [LANES-1:0] active,
    output logic [LANES-1:0] in_tensor,  // both operands' elements are in their tensors
    output logic [7:0] cause  // 0 busy, 1 startup, 2 drain, 3 output_space, 4 readback, 5 + the boundary that is waited for
);
    localparam integer N = INPUTS + WEIGHTS + OUTPUTS;
    localparam integer SUMS = INPUTS + WEIGHTS;  // the output's first boundary
    localparam [20:0] RELEVANT = {7'b0011011, 7'b1100110, 7'b1111101};
    localparam [95:0] LAST = {32'(N - 1), 32'(SUMS - 1), 32'(INPUTS - 1)};

    logic issued, started, done, last, unused_source, unused_zero, unused_later;
    logic [W-1:0] unused_later_address;
    logic [7*W-1:0] index, inner, unused_outer;
    logic [LOOPS-1:0] changes;
    walker #(.W(W), .LOOPS(LOOPS), .ABOVE(8'h7f), .OUTER(8'h00), .INNER(INNER), .RELEVANT(7'h7f), .MERGE(0)) nest (
        .clk, .reset, .advance(issued), .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .index,
        .outer_index(unused_outer), .inner_index(inner), .zero_reductions(unused_zero), .done, .last,
        .last_of_source(unused_source), .changes, .weight({LOOPS*W{1'b0}}),
        .later(unused_later), .later_address(unused_later_address));

    logic [3*W-1:0] base, next_base;
    logic [N*W-1:0] tile;  // needed by the step
    logic [N-1:0] moves;   // the next step needs another one
    logic [2:0] ready;
    always @* begin : decide
        integer b, t, l;
        moves = {N{1'b0}};
        t = 0;
        for (b = 0; b < N; b = b + 1) begin
            t = b < INPUTS ? 0 : b < SUMS ? 1 : 2;
            for (l = 0; l < LOOPS; l = l + 1)
                if (changes[l] && RELEVANT[t*7 + {29'd0, loop_dimension[l*3 +: 3]}]
                    && ABOVE[b*32 + {29'd0, loop_level[l*3 +: 3]}])
                    moves[b] = 1'b1;
        end
        issue = !reset && !done;
        for (t = 0; t < 3; t = t + 1) begin
            ready[t] = usable[LAST[t*32 +: 32]*W +: W] > tile[LAST[t*32 +: 32]*W +: W];
            if (!ready[t]) issue = 1'b0;
            if (!KEPT[t]) moves[LAST[t*32 +: 32]] = 1'b1;
            releases[t] = last || moves[LAST[t*32 +: 32]];
        end
    end

    // A process of its own: what holds the movers back depends on this cycle's grants, and those on the step.
    always @* begin : name_cause
        integer b, t;
        logic found;
        cause = 8'd0;
        t = 0;
        found = 1'b0;
        if (!issue) begin
            if (done) cause = 8'd2;
            else if (!started) cause = 8'd1;
            else begin
                // The last one that is written stays: the first tensor's outermost boundary.
                for (b = N - 1; b >= 0; b = b - 1) begin
                    t = b < INPUTS ? 0 : b < SUMS ? 1 : 2;
                    if (!ready[t] && usable[b*W +: W] <= tile[b*W +: W]) cause = 8'd5 + 8'(b);
                end
                if (!ready[2])
                    for (b = 0; b < OUTPUTS; b = b + 1)
                        if (!found && usable[(SUMS+b)*W +: W] <= tile[(SUMS+b)*W +: W]) begin
                            found = 1'b1;
                            if (reserved[b*W +: W] <= tile[(SUMS+b)*W +: W]) begin
                                if (!room[b]) cause = 8'd3;
                                else if (held_back[b]) cause = 8'd4;
                            end
                        end
            end
        end
    end

    always @* begin : command
        integer t, x, i;
        logic [12*W-1:0] coordinate;
        logic signed [W-1:0] position;
        next_base = base;
        address = base;
        coordinate = {{inner[4*W +: W]}, {inner[3*W +: W]}, {inner[1*W +: W]}, {inner[0 +: W]},
                      {inner[6*W +: W]}, {inner[5*W +: W]}, {inner[2*W +: W]}, {inner[1*W +: W]},
                      inner[4*W +: W] * window[1*W +: W] + inner[6*W +: W] * window[3*W +: W],
                      inner[3*W +: W] * window[0 +: W] + inner[5*W +: W] * window[2*W +: W],
                      {inner[2*W +: W]}, {inner[0 +: W]}};
        for (t = 0; t < 3; t = t + 1) begin
            for (x = 0; x < 4; x = x + 1)
                address[t*W +: W] = address[t*W +: W] + coordinate[(t*4+x)*W +: W] * lane_stride[(t*4+x)*W +: W];
        end
        for (t = 0; t < 3; t = t + 1) begin
            if (address[t*W +: W] >= lane_ring[t*W +: W]) address[t*W +: W] = address[t*W +: W] - lane_ring[t*W +: W];
            if (releases[t]) begin
                next_base[t*W +: W] = base[t*W +: W] + lane_words[t*W +: W];
                if (next_base[t*W +: W] >= lane_ring[t*W +: W]) next_base[t*W +: W] = next_base[t*W +: W] - lane_ring[t*W +: W];
            end
        end
        active = enabled;
        in_tensor = {LANES{1'b1}};
        position = {W{1'b0}};
        for (i = 0; i < LANES; i = i + 1) begin
            for (x = 0; x < 7; x = x + 1)
                if (index[x*W +: W] + offset[(i*7+x)*W +: W] >= limit[x*W +: W]) active[i] = 1'b0;
            // The padding, and what a rounded tail has beyond the tensors, is zero.
            for (x = 0; x < 2; x = x + 1) begin
                position = (index[(3+x)*W +: W] + offset[(i*7+3+x)*W +: W]) * window[x*W +: W]
                           + (index[(5+x)*W +: W] + offset[(i*7+5+x)*W +: W]) * window[(2+x)*W +: W] - window[(4+x)*W +: W];
                if (position < 0 || position >= $signed(size[(2+x)*W +: W])) in_tensor[i] = 1'b0;
                if (index[(5+x)*W +: W] + offset[(i*7+5+x)*W +: W] >= size[(6+x)*W +: W]) in_tensor[i] = 1'b0;
            end
            if (index[0 +: W] + offset[i*7*W +: W] >= size[0 +: W]) in_tensor[i] = 1'b0;
            if (index[1*W +: W] + offset[(i*7+1)*W +: W] >= size[4*W +: W]) in_tensor[i] = 1'b0;
            if (index[2*W +: W] + offset[(i*7+2)*W +: W] >= size[1*W +: W]) in_tensor[i] = 1'b0;
        end
    end

    always_ff @(posedge clk) begin : advance_tiles
        integer b;
        if (reset) begin
            issued <= 1'b0;
            started <= 1'b0;
            tile <= {N*W{1'b0}};
            base <= {3*W{1'b0}};
            place <= {3*W{1'b0}};
        end else begin
            issued <= issue;
            if (issue) begin
                started <= 1'b1;
                base <= next_base;
                for (b = 0; b < 3; b = b + 1)
                    if (releases[b]) place[b*W +: W] <= place[b*W +: W] + lane_words[b*W +: W];
                for (b = 0; b < N; b = b + 1)
                    if (moves[b]) tile[b*W +: W] <= tile[b*W +: W] + 1;
            end
        end
    end

    // Windows: what the steps behind this one use of the operands' tiles.
    genvar o;
    generate
        for (o = 0; o < 2; o = o + 1) begin : operand
            if (WINDOWED[o]) begin : looks_further
                logic [LOOPS*W-1:0] weight;
                logic later, further_done, further_last, further_source, further_zero;
                logic [W-1:0] later_address;
                logic [7*W-1:0] further_index, further_outer, further_inner;
                logic [LOOPS-1:0] further_changes;
                weights #(.W(W), .LOOPS(LOOPS), .ROLE(o)) steps (
                    .loop_stride, .loop_dimension, .window, .tile_stride(lane_stride[o*4*W +: 4*W]), .weight);
                walker #(.W(W), .LOOPS(LOOPS), .ABOVE(8'h7f), .OUTER(ABOVE[LAST[o*32 +: 32]*32 +: 8]), .INNER(INNER),
                         .RELEVANT(RELEVANT[o*7 +: 7]), .MERGE(0), .LATER(1)) further (
                    .clk, .reset, .advance(issued), .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit,
                    .index(further_index), .outer_index(further_outer), .inner_index(further_inner),
                    .zero_reductions(further_zero), .done(further_done), .last(further_last), .last_of_source(further_source),
                    .changes(further_changes), .weight, .later, .later_address);
                assign left[o*W +: W] = later ? later_address : lane_words[o*W +: W];
            end else begin : looks_no_further
                assign left[o*W +: W] = {W{1'b0}};
            end
        end
    endgenerate
endmodule
