// SPDX-License-Identifier: Apache-2.0
// One mover: walks the tiles of its boundary and sends each, group by group, as the arbiter grants. A fill moves down (DRAIN 0).
// docs/microarchitecture.md: Section 4a, 4c.
module mover #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer PARENTS = 1,
    parameter integer LANES = 4,  // children of one parent
    parameter integer ROLE = 0,
    parameter integer GROUP = 4,
    parameter integer PER_LANE = 4,
    parameter integer PARENT_BANKS = 1,
    parameter integer CHILD_BANKS = 1,
    parameter [0:0] WINDOWED = 0,         // the child's memory
    parameter [0:0] PARENT_WINDOWED = 0,
    parameter [0:0] OVERLAP = 0,
    parameter integer SCAN = GROUP,
    parameter [7:0] ABOVE = 8'd1,
    parameter [7:0] OUTER = 8'd0,
    parameter [0:0] MERGE = 1,
    parameter [0:0] DRAIN = 0,
    parameter [0:0] WHOLE_PARENT = 1
) (
    input logic clk,
    input logic reset,
    input logic [LOOPS*W-1:0] loop_bound,
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [LOOPS*3-1:0] loop_level,
    input logic [7*W-1:0] limit,
    input logic [7*W-1:0] span,
    input logic [6*W-1:0] window,
    input logic [PARENTS*LANES*7*W-1:0] offset,
    input logic [PARENTS*LANES-1:0] enabled,
    input logic [LANES*8-1:0] share_class,
    input logic [LANES*W-1:0] place_address,
    input logic [4*W-1:0] child_stride,
    input logic [4*W-1:0] parent_stride,
    input logic [4*W-1:0] key_stride,
    input logic [4*W-1:0] size,   // of the tensor
    input logic [W-1:0] child_words,
    input logic [W-1:0] parent_words,
    input logic [W-1:0] child_ring,
    input logic [W-1:0] parent_ring,
    input logic [W-1:0] given_back,       // of the child's window, as seen in this cycle
    // Tokens: a fill wants room in the child and the parent's tile usable; a drain its own tile complete.
    input logic room,
    input logic [W-1:0] there,
    input logic conflict,  // an earlier tile with this key has not landed
    input logic grant,
    output logic request,        // in a windowed child it waits for the group's space
    output logic reserve,        // a tile is reserved in this cycle...
    output logic [W-1:0] reserved_tile,
    output logic reserved_base_valid,
    output logic [W-1:0] reserved_base,
    output logic empty_tile,     // ...and has no words
    // A position up to which space is given back: a fill in the parent's window, a drain in the child's.
    output logic give,
    output logic [W-1:0] give_position,
    output logic [W-1:0] key,    // names the box of the tile looked at
    output logic held_back,      // it must be read back, but has not landed
    output logic ends,           // the group asked for is the tile's last one
    output logic last_group,     // sent with this grant
    // Of the tile that is sent with this grant, and of the one without words: it is the last of the parent's tile, the last of all.
    output logic sent_ends_source,
    output logic sent_ends_run,
    output logic empty_ends_source,
    output logic empty_ends_run,
    output logic [W-1:0] tile,   // being sent
    output logic [W-1:0] group,
    output logic [PARENT_BANKS-1:0] parent_banks,
    output logic [CHILD_BANKS-1:0] child_banks,
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
    logic [W-1:0] child_total, parent_total, next_child_total, next_parent_total;  // where the tiles stand, counted through
    logic [W-1:0] given_before;
    logic signed [W-1:0] beyond_window, empty_beyond;
    logic source_ends;  // the current tile is the last one of its source
    logic run_ends;
    logic advance;

    assign sending = request && grant;
    assign ends = finished;
    assign last_group = sending && finished;
    assign advance = last_group || spent;
    assign look = !wanted || last_group;

    logic wanted;  // the request, but for the space
    logic [7*W-1:0] unused_inner;
    logic [LOOPS*W-1:0] weight;
    logic later, sent_later;
    logic [W-1:0] later_address, sent_later_address;
    generate
        if (PARENT_WINDOWED && !DRAIN) begin : looks_further
            weights #(.W(W), .LOOPS(LOOPS), .ROLE(ROLE)) steps (
                .loop_stride, .loop_dimension, .window, .tile_stride(parent_stride), .weight);
        end else begin : looks_no_further
            assign weight = {LOOPS*W{1'b0}};
        end
    endgenerate
    logic [LOOPS-1:0] unused_changes;
    walker #(.W(W), .LOOPS(LOOPS), .ABOVE(ABOVE), .OUTER(OUTER), .RELEVANT(RELEVANT), .MERGE(MERGE), .LATER(PARENT_WINDOWED && !DRAIN)) nest (
        .clk, .reset, .advance, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .index, .outer_index,
        .inner_index(unused_inner), .zero_reductions, .done, .last, .last_of_source, .changes(unused_changes), .weight, .later,
        .later_address);

    logic [PARENTS*LANES*4*W-1:0] low, high, place, sent_low, sent_high;
    logic [LANES*4*W-1:0] sent_place;  // in the parent's tile: the same for all parents
    logic [PARENTS*LANES-1:0] alive, sent_alive;
    logic [LANES-1:0] sent, next_sent;
    logic [4*W-1:0] first, look_origin, position, next_position;
    geometry #(.W(W), .LANES(PARENTS * LANES), .ROLE(ROLE)) boxes (
        .index, .outer_index, .whole_parent(WHOLE_PARENT), .limit, .span, .window, .size, .offset, .enabled, .low, .high, .place, .alive,
        .first, .origin(look_origin));

    logic [GROUP*W-1:0] inside_child, inside_parent;
    logic left;
    logic [W-1:0] highest, left_address, left_child;
    group_former #(.W(W), .PARENTS(PARENTS), .LANES(LANES), .GROUP(GROUP), .PER_LANE(PER_LANE), .PARENT_BANKS(PARENT_BANKS),
                   .CHILD_BANKS(CHILD_BANKS), .LEFT(DRAIN ? WINDOWED : PARENT_WINDOWED), .OVERLAP(OVERLAP), .SCAN(SCAN)) former (
        .low(sent_low), .high(sent_high), .place(sent_place), .alive(sent_alive), .share_class, .place_address, .position, .sent, .child_stride, .parent_stride, .valid, .mask, .child_address(inside_child),
        .parent_address(inside_parent), .parent_banks, .child_banks, .highest, .left, .left_address, .left_child, .next_position, .next_sent, .last(finished));

    // A process of its own: `conflict` answers it.
    always @* begin : name_box
        integer x;
        key = {W{1'b0}};
        for (x = 0; x < 4; x = x + 1) key = key + look_origin[x*W +: W] * key_stride[x*W +: W];
    end

    // What the tile looked at needs.
    logic has_words, reads_back, may;
    always @* begin : conditions
        next_tile = advance ? tile + 1 : tile;
        next_source = advance && source_ends ? source + 1 : source;
        next_child_base = child_base;
        next_child_total = child_total;
        if (advance) begin
            next_child_total = child_total + child_words;
            next_child_base = child_base + child_words;
            if (next_child_base >= child_ring) next_child_base = next_child_base - child_ring;
        end
        next_parent_base = parent_base;
        next_parent_total = parent_total;
        if (advance && source_ends) begin
            next_parent_total = parent_total + parent_words;
            next_parent_base = parent_base + parent_words;
            if (next_parent_base >= parent_ring) next_parent_base = next_parent_base - parent_ring;
        end
        reads_back = !DRAIN && ROLE == 2 && !zero_reductions;
        held_back = reads_back && conflict;
        has_words = |alive && (DRAIN || ROLE != 2 || reads_back);
        if (DRAIN) may = there > next_tile;
        else may = room && (WHOLE_PARENT || there > next_source) && !held_back;
        // A tile without words asks for its first word's space.
        empty_beyond = next_child_total - given_back - child_ring;
        if (WINDOWED && !DRAIN && ROLE != 2 && !has_words && empty_beyond >= 0) may = 1'b0;
        may = may && look && !done && !reset;
    end
    // Of an operand each group waits for the space of its last word, as it was seen in the cycle before.
    assign beyond_window = child_total + highest - given_before - child_ring;
    assign request = wanted && !(WINDOWED && !DRAIN && ROLE != 2 && beyond_window >= 0);
    assign reserve = may;
    assign reserved_tile = next_tile;
    assign reserved_base_valid = may && ROLE == 2;
    assign reserved_base = next_child_base;
    assign empty_tile = may && !has_words;
    assign sent_ends_source = last_group && source_ends;
    assign sent_ends_run = last_group && run_ends;
    assign empty_ends_source = empty_tile && last_of_source;
    assign empty_ends_run = empty_tile && last;

    always @* begin : addresses
        integer g;
        child_address = {GROUP*W{1'b0}};
        parent_address = {GROUP*W{1'b0}};
        for (g = 0; g < GROUP; g = g + 1) begin
            child_address[g*W +: W] = inside_child[g*W +: W] + child_base;
            if (WINDOWED && !OVERLAP && child_address[g*W +: W] >= child_ring) child_address[g*W +: W] = child_address[g*W +: W] - child_ring;
            parent_address[g*W +: W] = inside_parent[g*W +: W] + parent_base;
            if (PARENT_WINDOWED && parent_address[g*W +: W] >= parent_ring)
                parent_address[g*W +: W] = parent_address[g*W +: W] - parent_ring;
        end
    end
    assign tile_address = inside_child;

    // The lowest address that is still to be taken: of this tile, then of the later ones from the same source. A drain takes in order.
    generate
        if (DRAIN && WINDOWED) begin : drain_gives
            assign give = sending || empty_tile;
            assign give_position = empty_tile ? next_child_total + child_words : child_total + (finished ? child_words : left_child);
        end else if (!DRAIN && PARENT_WINDOWED && ROLE != 2) begin : fill_gives
            logic [W-1:0] lowest;
            assign lowest = left && !(sent_later && sent_later_address < left_address) ? left_address
                            : sent_later ? sent_later_address : parent_words;
            assign give = sending || empty_tile;
            assign give_position = empty_tile ? next_parent_total + (later ? later_address : parent_words) : parent_total + lowest;
        end else begin : gives_nothing
            assign give = 1'b0;
            assign give_position = {W{1'b0}};
        end
    endgenerate

    always_ff @(posedge clk) begin
        given_before <= reset ? {W{1'b0}} : given_back;
        if (reset) begin
            wanted <= 1'b0;
            spent <= 1'b0;
            tile <= {W{1'b0}};
            source <= {W{1'b0}};
            child_base <= {W{1'b0}};
            parent_base <= {W{1'b0}};
            child_total <= {W{1'b0}};
            parent_total <= {W{1'b0}};
            source_ends <= 1'b0;
            run_ends <= 1'b0;
            group <= {W{1'b0}};
        end else if (look) begin
            wanted <= may && has_words;
            spent <= may && !has_words;
            tile <= next_tile;
            source <= next_source;
            child_base <= next_child_base;
            parent_base <= next_parent_base;
            child_total <= next_child_total;
            parent_total <= next_parent_total;
            sent_later <= later;
            sent_later_address <= later_address;
            source_ends <= last_of_source;
            run_ends <= last;
            group <= {W{1'b0}};
        end else if (sending) begin
            group <= group + 1;
        end
        if (look) begin
            sent_low <= low;
            sent_high <= high;
            sent_place <= place[0 +: LANES*4*W];
            sent_alive <= alive;
            position <= first;
            sent <= {LANES{1'b0}};
        end else if (sending) begin
            position <= next_position;
            sent <= next_sent;
        end
    end
endmodule
