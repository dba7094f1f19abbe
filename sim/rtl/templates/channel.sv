// SPDX-License-Identifier: Apache-2.0
// One boundary of one tensor: its fill mover, its tokens, and for the output the drain mover and what has not landed.
// FLIGHT is flight_down; a drain lands `up_taps` (skew) + UP cycles after its grant. COMPLETE: cycles from the last update's step.
// docs/microarchitecture.md: Section 1, "Keepers"; 3; 4.
module channel #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer PARENTS = 1,
    parameter integer LANES = 4,  // children of one parent
    parameter integer ROLE = 0,
    parameter integer GROUP = 4,
    parameter integer PER_LANE = 4,
    parameter integer PARENT_BANKS = 1,
    parameter integer CHILD_BANKS = 1,
    parameter [0:0] WINDOWED = 0,  // the child's memory
    parameter [0:0] PARENT_WINDOWED = 0,
    parameter [0:0] OVERLAP = 0,
    parameter integer SCAN = GROUP,
    parameter [7:0] ABOVE = 8'd1,
    parameter [7:0] OUTER = 8'd0,
    parameter [0:0] MERGE = 1,
    parameter [0:0] WHOLE_PARENT = 1,
    parameter integer SLOTS = 2,
    parameter integer FLIGHT = 2,
    parameter integer SKEW = 0,
    parameter integer UP = 0,
    parameter integer COMPLETE = 0,
    parameter integer RING = 32
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
    input logic [4*W-1:0] size,
    input logic [W-1:0] child_words,
    input logic [W-1:0] parent_words,
    input logic [W-1:0] child_ring,
    input logic [W-1:0] parent_ring,
    input logic give,  // an operand's child gives space back up to a position
    input logic [W-1:0] give_position,
    output logic give_parent,  // the parent does
    output logic [W-1:0] give_parent_position,
    input logic [7:0] up_taps,
    input logic [W-1:0] parent_usable,
    input logic [1:0] give_back,  // operands: so many tiles are released
    input logic [7:0] finish,     // outputs: so many are complete, COMPLETE cycles from now
    input logic [1:0] grant,
    output logic [1:0] request,  // fill, drain
    output logic [1:0] ends,     // the group asked for is its tile's last one
    output logic [2*PARENT_BANKS-1:0] parent_banks,  // in which its words lie
    output logic [2*CHILD_BANKS-1:0] child_banks,
    output logic [W-1:0] reserved,
    output logic [W-1:0] usable,
    output logic room,
    output logic held_back,
    output logic [1:0] source_done,     // operands: so many tiles of the parent are released
    output logic [7:0] source_finished, // outputs: the last write-backs into so many have landed
    output logic ended,           // the last write-back of all lands in this cycle
    output logic clear,
    output logic [W-1:0] clear_address,
    output logic [GROUP-1:0] down_valid,  // at the grant
    output logic [GROUP*LANES-1:0] down_mask,
    output logic [GROUP*W-1:0] down_tile_address,
    output logic [GROUP*W-1:0] down_child_address,
    output logic [GROUP*W-1:0] down_parent_address,
    output logic [GROUP-1:0] up_valid,
    output logic [GROUP*LANES-1:0] up_mask,
    output logic [GROUP*W-1:0] up_tile_address,
    output logic [GROUP*W-1:0] up_child_address,
    output logic [GROUP*W-1:0] up_parent_address,
    output logic [2*W-1:0] trace_tile,
    output logic [2*W-1:0] trace_group
);
    logic reserve, empty, fill_last, arrive, conflict, drained, drained_empty, fill_ends_source, empty_ends_source;
    logic unused_ends_run, unused_empty_ends_run;
    logic [7:0] finished;
    logic drain_gives;
    logic [W-1:0] given_back, drain_position, reserved_tile, fill_tile, arriving_tile, key, complete;
    logic [GROUP-1:0] fill_valid, drain_valid;
    mover #(.W(W), .LOOPS(LOOPS), .PARENTS(PARENTS), .LANES(LANES), .ROLE(ROLE), .GROUP(GROUP), .PER_LANE(PER_LANE), .PARENT_BANKS(PARENT_BANKS), .CHILD_BANKS(CHILD_BANKS), .WINDOWED(WINDOWED),
            .PARENT_WINDOWED(PARENT_WINDOWED), .OVERLAP(OVERLAP), .SCAN(SCAN), .ABOVE(ABOVE), .OUTER(OUTER),
            .MERGE(MERGE), .DRAIN(0), .WHOLE_PARENT(WHOLE_PARENT)) fill (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span, .window, .offset,
        .enabled, .share_class, .place_address, .child_stride, .parent_stride, .key_stride, .size, .child_words, .parent_words, .child_ring, .parent_ring, .given_back,
        .give(give_parent), .give_position(give_parent_position), .room,
        .there(parent_usable), .conflict, .grant(grant[0]), .request(request[0]), .reserve, .reserved_tile,
        .reserved_base_valid(clear), .reserved_base(clear_address), .empty_tile(empty), .key, .held_back, .ends(ends[0]), .last_group(fill_last),
        .sent_ends_source(fill_ends_source), .sent_ends_run(unused_ends_run), .empty_ends_source, .empty_ends_run(unused_empty_ends_run), .tile(fill_tile), .group(trace_group[0 +: W]), .parent_banks(parent_banks[0 +: PARENT_BANKS]),
        .child_banks(child_banks[0 +: CHILD_BANKS]),
        .valid(fill_valid), .mask(down_mask), .tile_address(down_tile_address), .child_address(down_child_address),
        .parent_address(down_parent_address));
    assign down_valid = grant[0] ? fill_valid : {GROUP{1'b0}};
    network #(.WIDTH(W + 1), .LATENCY(FLIGHT)) arrival (.clk, .reset, .in({fill_last, fill_tile}), .out({arrive, arriving_tile}));

    assign source_done = {1'b0, fill_ends_source} + {1'b0, empty_ends_source};

    token #(.W(W), .SLOTS(SLOTS), .WINDOWED(WINDOWED), .WHOLE(ROLE == 2), .RING(RING)) tokens (
        .clk, .reset, .tile_words(child_words), .ring(child_ring), .give(ROLE == 2 ? drain_gives : give),
        .give_position(ROLE == 2 ? drain_position : give_position), .given_back, .reserve, .arrive, .arriving_tile, .empty, .empty_tile(reserved_tile), .give_back(give_back + {1'b0, drained} + {1'b0, drained_empty}),
        .finish(finished), .reserved, .usable, .complete, .room);
    assign trace_tile[0 +: W] = fill_tile;

    generate
        if (ROLE == 2) begin : output_side
            logic sent_source, sent_run, gone_source, gone_run, skewed_last, skewed_source, skewed_run, last, source_last, run_last;
            logic unused_reserve, unused_clear, unused_held;
            logic [W-1:0] empty_number, sent_tile, skewed_tile, landing_tile, landed, unused_base, unused_key;
            mover #(.W(W), .LOOPS(LOOPS), .PARENTS(PARENTS), .LANES(LANES), .ROLE(ROLE), .GROUP(GROUP), .PER_LANE(PER_LANE), .PARENT_BANKS(PARENT_BANKS), .CHILD_BANKS(CHILD_BANKS), .WINDOWED(WINDOWED),
            .PARENT_WINDOWED(PARENT_WINDOWED), .OVERLAP(OVERLAP), .SCAN(SCAN), .ABOVE(ABOVE),
                    .OUTER(OUTER), .MERGE(MERGE), .DRAIN(1), .WHOLE_PARENT(WHOLE_PARENT)) drain (
                .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span, .window, .offset, .enabled,
                .share_class, .place_address, .child_stride, .parent_stride, .key_stride, .size, .child_words, .parent_words, .child_ring, .parent_ring,
                .given_back, .give(drain_gives), .give_position(drain_position), .room(1'b1),
                .there(complete), .conflict(1'b0), .grant(grant[1]), .request(request[1]), .reserve(unused_reserve),
                .reserved_tile(empty_number), .reserved_base_valid(unused_clear), .reserved_base(unused_base),
                .empty_tile(drained_empty), .key(unused_key), .held_back(unused_held), .ends(ends[1]), .last_group(drained),
                .sent_ends_source(sent_source), .sent_ends_run(sent_run), .empty_ends_source(gone_source),
                .empty_ends_run(gone_run), .tile(sent_tile), .group(trace_group[W +: W]),
                .parent_banks(parent_banks[PARENT_BANKS +: PARENT_BANKS]), .child_banks(child_banks[CHILD_BANKS +: CHILD_BANKS]),
                .valid(drain_valid), .mask(up_mask), .tile_address(up_tile_address),
                .child_address(up_child_address), .parent_address(up_parent_address));
            assign trace_tile[W +: W] = sent_tile;
            delay #(.WIDTH(3 + W), .CYCLES(SKEW)) skewed (
                .clk, .reset, .taps(up_taps), .in({drained, sent_source, sent_run, sent_tile}),
                .out({skewed_last, skewed_source, skewed_run, skewed_tile}));
            network #(.WIDTH(3 + W), .LATENCY(UP)) flight (
                .clk, .reset, .in({skewed_last, skewed_source, skewed_run, skewed_tile}),
                .out({last, source_last, run_last, landing_tile}));
            landing #(.W(W), .RING(RING)) landings (
                .clk, .reset, .arrive(last), .arriving_tile(landing_tile), .arriving_ends_source(source_last),
                .arriving_ends_run(run_last), .empty(drained_empty), .empty_tile(empty_number), .empty_ends_source(gone_source),
                .empty_ends_run(gone_run), .landed, .finished(source_finished), .ended);
            network #(.WIDTH(8), .LATENCY(COMPLETE)) retiring (.clk, .reset, .in(finish), .out(finished));
            hazard #(.W(W), .RING(RING)) unlanded (.clk, .reset, .reserve, .reserved, .landed, .key, .conflict);
        end else begin : operand_side
            assign drained = 1'b0;
            assign drain_gives = 1'b0;
            assign drain_position = {W{1'b0}};
            assign drained_empty = 1'b0;
            assign drain_valid = {GROUP{1'b0}};
            assign up_mask = {GROUP*LANES{1'b0}};
            assign up_tile_address = {GROUP*W{1'b0}};
            assign up_child_address = {GROUP*W{1'b0}};
            assign up_parent_address = {GROUP*W{1'b0}};
            assign source_finished = 8'd0;
            assign ended = 1'b0;
            assign finished = 8'd0;
            assign conflict = 1'b0;
            assign request[1] = 1'b0;
            assign ends[1] = 1'b0;
            assign parent_banks[PARENT_BANKS +: PARENT_BANKS] = {PARENT_BANKS{1'b0}};
            assign child_banks[CHILD_BANKS +: CHILD_BANKS] = {CHILD_BANKS{1'b0}};
            assign trace_tile[W +: W] = {W{1'b0}};
            assign trace_group[W +: W] = {W{1'b0}};
        end
    endgenerate
    assign up_valid = grant[1] ? drain_valid : {GROUP{1'b0}};
endmodule
