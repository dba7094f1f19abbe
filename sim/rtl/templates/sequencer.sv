// SPDX-License-Identifier: Apache-2.0
// Issues the array's steps, one per cycle when all that a step needs is there, and says why not.
// docs/microarchitecture.md: Sections 4b and 6.
module sequencer #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer LANES = 4,
    parameter [2:0] KEPT = 3'b111,  // tensors with a register file (input, weight, output); the others stream
    parameter integer INPUT_SLOTS = 2,
    parameter integer WEIGHT_SLOTS = 2,
    parameter integer OUTPUT_SLOTS = 2
) (
    input logic clk,
    input logic reset,
    input logic [LOOPS*W-1:0] loop_bound,
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [LOOPS*2-1:0] loop_level,
    input logic [7*W-1:0] limit,
    input logic [8*W-1:0] window,
    input logic [LANES*7*W-1:0] offset,
    input logic [LANES-1:0] enabled,
    input logic [12*W-1:0] lane_stride,  // of the lanes' tiles, per tensor and axis
    input logic [3*W-1:0] lane_words,
    input logic [3*W-1:0] lane_usable,   // tokens, per tensor
    input logic [3*W-1:0] buffer_usable,
    input logic [1:0] output_reserved_beyond,  // of the sums needed: is the tile reserved (bit 0 buffer, 1 lanes)
    input logic [1:0] output_room,
    input logic [1:0] output_held_back,
    output logic [3*W-1:0] lane_tile,    // needed by the step
    output logic [3*W-1:0] buffer_tile,
    output logic issue,
    output logic [2:0] releases,         // the step is the last one of the tile
    output logic [3*W-1:0] address,
    output logic [LANES-1:0] active,
    output logic [LANES-1:0] in_tensor,
    output logic [3:0] cause  // 0 busy, 1 startup, 2 drain, 3 output_space, 4 readback, 5 + 2 * tensor (+ 1: at the lanes)
);
    localparam [20:0] RELEVANT = {7'b0011011, 7'b1100110, 7'b1111101};

    logic issued, started, done, last, unused_source, unused_zero;
    logic [7*W-1:0] index, inner, unused_outer;
    logic [LOOPS-1:0] changes;
    walker #(.W(W), .LOOPS(LOOPS), .ABOVE(4'b0111), .OUTER(4'b0000), .RELEVANT(7'h7f), .MERGE(0)) nest (
        .clk, .reset, .advance(issued), .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .index,
        .outer_index(unused_outer), .inner_index(inner), .zero_reductions(unused_zero), .done, .last,
        .last_of_source(unused_source), .changes);

    logic [3*W-1:0] base, next_base;
    logic [2:0] outer_releases, ready;
    always @* begin : decide
        integer t, l;
        issue = !reset && !done;
        ready = 3'b000;
        releases = 3'b000;
        outer_releases = 3'b000;
        for (t = 0; t < 3; t = t + 1) begin
            ready[t] = lane_usable[t*W +: W] > lane_tile[t*W +: W];
            if (!ready[t]) issue = 1'b0;
            releases[t] = !KEPT[t] || last;
            for (l = 0; l < LOOPS; l = l + 1)
                if (changes[l] && RELEVANT[t*7 + {29'd0, loop_dimension[l*3 +: 3]}]) begin
                    if (loop_level[l*2 +: 2] == 2'd0) outer_releases[t] = 1'b1;
                    if (!loop_level[l*2+1]) releases[t] = 1'b1;
                end
        end
    end

    // A process of its own: what holds the movers back depends on this cycle's grants, and those on the step.
    always @* begin : name_cause
        integer t, l;
        cause = 4'd0;
        l = 0;
        if (!issue) begin
            if (done) cause = 4'd2;
            else if (!started) cause = 4'd1;
            else begin
                for (t = 2; t >= 0; t = t - 1)
                    if (!ready[t]) cause = buffer_usable[t*W +: W] > buffer_tile[t*W +: W] ? 4'd6 + 4'(2 * t) : 4'd5 + 4'(2 * t);
                if (!ready[2]) begin
                    l = buffer_usable[2*W +: W] > buffer_tile[2*W +: W] ? 1 : 0;
                    if (!output_reserved_beyond[l] && !output_room[l]) cause = 4'd3;
                    else if (!output_reserved_beyond[l] && output_held_back[l]) cause = 4'd4;
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
        if (releases[0])
            next_base[0 +: W] = base[0 +: W] == lane_words[0 +: W] * (INPUT_SLOTS[W-1:0] - 1) ? {W{1'b0}} : base[0 +: W] + lane_words[0 +: W];
        if (releases[1])
            next_base[W +: W] = base[W +: W] == lane_words[W +: W] * (WEIGHT_SLOTS[W-1:0] - 1) ? {W{1'b0}} : base[W +: W] + lane_words[W +: W];
        if (releases[2])
            next_base[2*W +: W] = base[2*W +: W] == lane_words[2*W +: W] * (OUTPUT_SLOTS[W-1:0] - 1) ? {W{1'b0}} : base[2*W +: W] + lane_words[2*W +: W];
        active = enabled;
        in_tensor = {LANES{1'b1}};
        position = {W{1'b0}};
        for (i = 0; i < LANES; i = i + 1) begin
            for (x = 0; x < 7; x = x + 1)
                if (index[x*W +: W] + offset[(i*7+x)*W +: W] >= limit[x*W +: W]) active[i] = 1'b0;
            for (x = 0; x < 2; x = x + 1) begin
                position = (index[(3+x)*W +: W] + offset[(i*7+3+x)*W +: W]) * window[x*W +: W]
                           + (index[(5+x)*W +: W] + offset[(i*7+5+x)*W +: W]) * window[(2+x)*W +: W] - window[(4+x)*W +: W];
                if (position < 0 || position >= $signed(window[(6+x)*W +: W])) in_tensor[i] = 1'b0;
            end
        end
    end

    always_ff @(posedge clk) begin : advance_tiles
        integer t;
        if (reset) begin
            issued <= 1'b0;
            started <= 1'b0;
            lane_tile <= {3*W{1'b0}};
            buffer_tile <= {3*W{1'b0}};
            base <= {3*W{1'b0}};
        end else begin
            issued <= issue;
            if (issue) begin
                started <= 1'b1;
                base <= next_base;
                for (t = 0; t < 3; t = t + 1) begin
                    if (releases[t]) lane_tile[t*W +: W] <= lane_tile[t*W +: W] + 1;
                    if (outer_releases[t]) buffer_tile[t*W +: W] <= buffer_tile[t*W +: W] + 1;
                end
            end
        end
    end
endmodule
