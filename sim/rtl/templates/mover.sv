// SPDX-License-Identifier: Apache-2.0
// One mover: walks the tiles of its boundary and sends each, group by group, as the arbiter grants. A fill moves down (DRAIN 0).
// docs/microarchitecture.md: Section 4a, 4c.
module mover #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer LANES = 4,
    parameter integer ROLE = 0,
    parameter integer GROUP = 4,
    parameter integer PER_LANE = 4,
    parameter [3:0] ABOVE = 4'b0001,
    parameter [3:0] OUTER = 4'b0000,
    parameter [0:0] MERGE = 1,
    parameter [0:0] DRAIN = 0,
    parameter [0:0] WHOLE_PARENT = 1,
    parameter integer SLOTS = 2,
    parameter integer PARENT_SLOTS = 1
) (
    input logic clk,
    input logic reset,
    input logic [LOOPS*W-1:0] loop_bound,
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [LOOPS*2-1:0] loop_level,
    input logic [7*W-1:0] limit,
    input logic [7*W-1:0] span,
    input logic [8*W-1:0] window,
    input logic [LANES*7*W-1:0] offset,
    input logic [LANES-1:0] enabled,
    input logic [LANES*8-1:0] share_class,
    input logic [4*W-1:0] child_stride,
    input logic [4*W-1:0] parent_stride,
    input logic [4*W-1:0] tensor_stride,
    input logic [W-1:0] child_words,
    input logic [W-1:0] parent_words,
    // Tokens: a fill wants room in the child and the parent's tile usable; a drain its own tile complete.
    input logic room,
    input logic [W-1:0] there,
    input logic conflict,  // an earlier tile with this key has not landed
    input logic grant,
    output logic request,
    output logic reserve,        // a tile is reserved in this cycle...
    output logic [W-1:0] reserved_tile,
    output logic reserved_base_valid,
    output logic [W-1:0] reserved_base,
    output logic empty_tile,     // ...and has no words
    output logic [W-1:0] key,    // names the box of the tile looked at
    output logic held_back,      // it must be read back, but has not landed
    output logic ends,           // the group asked for is the tile's last one
    output logic last_group,     // sent with this grant
    output logic source_done,    // the parent's tile is not needed any more
    output logic run_done,       // the last tile of all is sent with this grant
    output logic [W-1:0] tile,   // being sent
    output logic [W-1:0] group,
    output logic [GROUP-1:0] valid,
    output logic [GROUP*LANES-1:0] mask,
    output logic [GROUP*W-1:0] tile_address,    // in the child's tile
    output logic [GROUP*W-1:0] child_address,   // in the child's memory
    output logic [GROUP*W-1:0] parent_address   // in the parent's memory
);
    localparam [6:0] RELEVANT = ROLE == 0 ? 7'b1111101 : ROLE == 1 ? 7'b1100110 : 7'b0011011;

    logic spent;  // nothing is left to do for the current tile
    logic look, sending, finished;
    logic done, last, last_of_source, zero_reductions;
    logic [7*W-1:0] index, outer_index;
    logic [W-1:0] source, child_base, parent_base;  // of the current tile
    logic [W-1:0] next_tile, next_source, next_child_base, next_parent_base;
    logic source_ends;  // the current tile is the last one of its source
    logic run_ends;
    logic advance;

    assign sending = request && grant;
    assign ends = finished;
    assign last_group = sending && finished;
    assign advance = last_group || spent;
    assign look = !request || last_group;

    logic [7*W-1:0] unused_inner;
    logic [LOOPS-1:0] unused_changes;
    walker #(.W(W), .LOOPS(LOOPS), .ABOVE(ABOVE), .OUTER(OUTER), .RELEVANT(RELEVANT), .MERGE(MERGE)) nest (
        .clk, .reset, .advance, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .index, .outer_index,
        .inner_index(unused_inner), .zero_reductions, .done, .last, .last_of_source, .changes(unused_changes));

    logic [LANES*4*W-1:0] low, high, place, sent_low, sent_high, sent_place;
    logic [LANES-1:0] alive, sent_alive, sent, next_sent;
    logic [4*W-1:0] first, beyond, look_origin, sent_first, sent_beyond, position, next_position;
    geometry #(.W(W), .LANES(LANES), .ROLE(ROLE)) boxes (
        .index, .outer_index, .whole_parent(WHOLE_PARENT), .limit, .span, .window, .offset, .enabled, .low, .high, .place, .alive,
        .first, .beyond, .origin(look_origin));

    logic [GROUP*W-1:0] inside_child, inside_parent;
    group_former #(.W(W), .LANES(LANES), .GROUP(GROUP), .PER_LANE(PER_LANE)) former (
        .low(sent_low), .high(sent_high), .place(sent_place), .alive(sent_alive), .share_class, .first(sent_first),
        .beyond(sent_beyond), .position, .sent, .child_stride, .parent_stride, .valid, .mask, .child_address(inside_child),
        .parent_address(inside_parent), .next_position, .next_sent, .last(finished));

    // A process of its own: `conflict` answers it.
    always @* begin : name_box
        integer x;
        key = {W{1'b0}};
        for (x = 0; x < 4; x = x + 1) key = key + look_origin[x*W +: W] * tensor_stride[x*W +: W];
    end

    // What the tile looked at needs.
    logic has_words, reads_back, may;
    always @* begin : conditions
        next_tile = advance ? tile + 1 : tile;
        next_source = advance && source_ends ? source + 1 : source;
        next_child_base = child_base;
        if (advance) next_child_base = child_base == child_words * (SLOTS[W-1:0] - 1) ? {W{1'b0}} : child_base + child_words;
        next_parent_base = parent_base;
        if (advance && source_ends)
            next_parent_base = parent_base == parent_words * (PARENT_SLOTS[W-1:0] - 1) ? {W{1'b0}} : parent_base + parent_words;
        reads_back = !DRAIN && ROLE == 2 && !zero_reductions;
        held_back = reads_back && conflict;
        has_words = |alive && (DRAIN || ROLE != 2 || reads_back);
        if (DRAIN) may = there > next_tile;
        else may = room && (WHOLE_PARENT || there > next_source) && !held_back;
        may = may && look && !done && !reset;
    end
    assign reserve = may;
    assign reserved_tile = next_tile;
    assign reserved_base_valid = may && ROLE == 2;
    assign reserved_base = next_child_base;
    assign empty_tile = may && !has_words;
    assign source_done = last_group && source_ends || empty_tile && last_of_source;
    assign run_done = last_group && run_ends;

    always @* begin : addresses
        integer g;
        child_address = {GROUP*W{1'b0}};
        parent_address = {GROUP*W{1'b0}};
        for (g = 0; g < GROUP; g = g + 1) begin
            child_address[g*W +: W] = inside_child[g*W +: W] + child_base;
            parent_address[g*W +: W] = inside_parent[g*W +: W] + parent_base;
        end
    end
    assign tile_address = inside_child;

    always_ff @(posedge clk) begin
        if (reset) begin
            request <= 1'b0;
            spent <= 1'b0;
            tile <= {W{1'b0}};
            source <= {W{1'b0}};
            child_base <= {W{1'b0}};
            parent_base <= {W{1'b0}};
            source_ends <= 1'b0;
            run_ends <= 1'b0;
            group <= {W{1'b0}};
        end else if (look) begin
            request <= may && has_words;
            spent <= may && !has_words;
            tile <= next_tile;
            source <= next_source;
            child_base <= next_child_base;
            parent_base <= next_parent_base;
            source_ends <= last_of_source;
            run_ends <= last;
            group <= {W{1'b0}};
        end else if (sending) begin
            group <= group + 1;
        end
        if (look) begin
            sent_low <= low;
            sent_high <= high;
            sent_place <= place;
            sent_alive <= alive;
            sent_first <= first;
            sent_beyond <= beyond;
            position <= first;
            sent <= {LANES{1'b0}};
        end else if (sending) begin
            position <= next_position;
            sent <= next_sent;
        end
    end
endmodule
