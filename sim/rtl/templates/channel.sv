// SPDX-License-Identifier: Apache-2.0
// One boundary of one tensor: its fill mover, its tokens, and for the output the drain mover and what has not landed.
// FLIGHT is flight_down; a drain lands `up_taps` (skew) + UP cycles after its grant. COMPLETE: cycles from the last update's step.
// docs/microarchitecture.md: Section 1, "Keepers"; 3; 4.
module channel #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer LANES = 4,
    parameter integer ROLE = 0,
    parameter integer FILL = 4,
    parameter integer FILL_PER_LANE = 4,
    parameter integer DRAIN = 4,
    parameter integer DRAIN_PER_LANE = 4,
    parameter [3:0] ABOVE = 4'b0001,
    parameter [3:0] OUTER = 4'b0000,
    parameter [0:0] MERGE = 1,
    parameter [0:0] WHOLE_PARENT = 1,
    parameter integer SLOTS = 2,
    parameter integer PARENT_SLOTS = 1,
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
    input logic [LOOPS*2-1:0] loop_level,
    input logic [7*W-1:0] limit,
    input logic [7*W-1:0] span,
    input logic [8*W-1:0] window,
    input logic [LANES*7*W-1:0] offset,
    input logic [LANES-1:0] enabled,
    input logic [LANES-1:0] heads,
    input logic [LANES*8-1:0] share_class,
    input logic [4*W-1:0] child_stride,
    input logic [4*W-1:0] parent_stride,
    input logic [4*W-1:0] tensor_stride,
    input logic [W-1:0] child_words,
    input logic [W-1:0] parent_words,
    input logic [7:0] up_taps,
    input logic [W-1:0] parent_usable,
    input logic give_back,  // operands: a tile is released
    input logic finish,     // outputs: a tile is complete, COMPLETE cycles from now
    input logic [1:0] grant,
    output logic [1:0] request,  // fill, drain
    output logic [1:0] ends,     // the group asked for is its tile's last one
    output logic [W-1:0] reserved,
    output logic [W-1:0] usable,
    output logic room,
    output logic held_back,
    output logic source_done,     // operands: the parent's tile is released
    output logic source_finished, // outputs: the last write-back into the parent's tile has landed
    output logic ended,           // the last write-back of all lands in this cycle
    output logic clear,
    output logic [W-1:0] clear_address,
    output logic [FILL-1:0] down_valid,  // at the grant
    output logic [FILL*LANES-1:0] down_mask,
    output logic [FILL*W-1:0] down_tile_address,
    output logic [FILL*W-1:0] down_child_address,
    output logic [FILL*W-1:0] down_parent_address,
    output logic [DRAIN-1:0] up_valid,
    output logic [DRAIN*LANES-1:0] up_mask,
    output logic [DRAIN*W-1:0] up_tile_address,
    output logic [DRAIN*W-1:0] up_child_address,
    output logic [DRAIN*W-1:0] up_parent_address,
    output logic [2*W-1:0] trace_tile,
    output logic [2*W-1:0] trace_group
);
    logic reserve, empty, fill_last, arrive, conflict, landed, finished;
    logic [W-1:0] reserved_tile, fill_tile, arriving_tile, key, complete;
    logic [FILL-1:0] fill_valid;
    logic [DRAIN-1:0] drain_valid;
    logic unused_run_done;
    mover #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .ROLE(ROLE), .GROUP(FILL), .PER_LANE(FILL_PER_LANE), .ABOVE(ABOVE), .OUTER(OUTER),
            .MERGE(MERGE), .DRAIN(0), .WHOLE_PARENT(WHOLE_PARENT), .SLOTS(SLOTS), .PARENT_SLOTS(PARENT_SLOTS)) fill (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span, .window, .offset,
        .enabled(enabled & heads), .share_class, .child_stride, .parent_stride, .tensor_stride, .child_words, .parent_words, .room,
        .there(parent_usable), .conflict, .grant(grant[0]), .request(request[0]), .reserve, .reserved_tile,
        .reserved_base_valid(clear), .reserved_base(clear_address), .empty_tile(empty), .key, .held_back, .ends(ends[0]), .last_group(fill_last),
        .source_done, .run_done(unused_run_done), .tile(fill_tile), .group(trace_group[0 +: W]),
        .valid(fill_valid), .mask(down_mask), .tile_address(down_tile_address), .child_address(down_child_address),
        .parent_address(down_parent_address));
    assign down_valid = grant[0] ? fill_valid : {FILL{1'b0}};
    network #(.WIDTH(W + 1), .LATENCY(FLIGHT)) arrival (.clk, .reset, .in({fill_last, fill_tile}), .out({arrive, arriving_tile}));

    logic drained;
    token #(.W(W), .SLOTS(SLOTS), .RING(RING)) tokens (
        .clk, .reset, .reserve, .arrive, .arriving_tile, .empty, .empty_tile(reserved_tile), .give_back(give_back || drained),
        .finish(finished), .reserved, .usable, .complete, .room);
    assign trace_tile[0 +: W] = fill_tile;

    generate
        if (ROLE == 2) begin : output_side
            logic source_last, run_last, delayed_last, delayed_source, delayed_run, unused_reserve, unused_clear, unused_empty, unused_held;
            logic [W-1:0] unused_tile, unused_base, unused_key;
            mover #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .ROLE(ROLE), .GROUP(DRAIN), .PER_LANE(DRAIN_PER_LANE), .ABOVE(ABOVE),
                    .OUTER(OUTER), .MERGE(MERGE), .DRAIN(1), .WHOLE_PARENT(WHOLE_PARENT), .SLOTS(SLOTS),
                    .PARENT_SLOTS(PARENT_SLOTS)) drain (
                .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span, .window, .offset, .enabled,
                .share_class, .child_stride, .parent_stride, .tensor_stride, .child_words, .parent_words, .room(1'b1),
                .there(complete), .conflict(1'b0), .grant(grant[1]), .request(request[1]), .reserve(unused_reserve),
                .reserved_tile(unused_tile), .reserved_base_valid(unused_clear), .reserved_base(unused_base),
                .empty_tile(unused_empty), .key(unused_key), .held_back(unused_held), .ends(ends[1]), .last_group(drained),
                .source_done(source_last), .run_done(run_last), .tile(trace_tile[W +: W]), .group(trace_group[W +: W]),
                .valid(drain_valid), .mask(up_mask), .tile_address(up_tile_address),
                .child_address(up_child_address), .parent_address(up_parent_address));
            delay #(.WIDTH(3), .CYCLES(SKEW)) skewed (
                .clk, .reset, .taps(up_taps), .in({drained, source_last, run_last}),
                .out({delayed_last, delayed_source, delayed_run}));
            network #(.WIDTH(3), .LATENCY(UP)) landing (
                .clk, .reset, .in({delayed_last, delayed_source, delayed_run}), .out({landed, source_finished, ended}));
            network #(.WIDTH(1), .LATENCY(COMPLETE)) retiring (.clk, .reset, .in(finish), .out(finished));
            hazard #(.W(W), .RING(RING)) unlanded (.clk, .reset, .reserve, .key, .land(landed), .conflict);
            logic unused;
            assign unused = give_back;
        end else begin : operand_side
            assign drained = 1'b0;
            assign drain_valid = {DRAIN{1'b0}};
            assign up_mask = {DRAIN*LANES{1'b0}};
            assign up_tile_address = {DRAIN*W{1'b0}};
            assign up_child_address = {DRAIN*W{1'b0}};
            assign up_parent_address = {DRAIN*W{1'b0}};
            assign landed = 1'b0;
            assign source_finished = 1'b0;
            assign ended = 1'b0;
            assign finished = 1'b0;
            assign conflict = 1'b0;
            assign request[1] = 1'b0;
            assign ends[1] = 1'b0;
            assign trace_tile[W +: W] = {W{1'b0}};
            assign trace_group[W +: W] = {W{1'b0}};
        end
    endgenerate
    assign up_valid = grant[1] ? drain_valid : {DRAIN{1'b0}};
endmodule
