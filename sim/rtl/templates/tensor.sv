// SPDX-License-Identifier: Apache-2.0
// All of one tensor outside the array: its part of the DRAM and of the shared buffer, its two boundaries, its networks
// (docs/microarchitecture.md, 1 "Keepers", and 3). Operands (ROLE 0 input, 1 weight) only come down; the output (2) goes up, too.
module tensor #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer LANES = 4,
    parameter integer SKEW = 4,     // registers on the longest way up
    parameter integer ROLE = 0,
    parameter [0:0] KEPT = 1,       // the lanes keep it; else it streams
    parameter integer BITS = 16,
    parameter integer BUFFER_GROUP = 4,  // words that a group has at most
    parameter integer LANE_GROUP = 4,
    parameter integer PER_LANE = 4,      // words of a group for one lane at most
    parameter integer BUFFER_SLOTS = 1,
    parameter integer LANE_SLOTS = 1,
    parameter integer DRAM_LATENCY = 2,
    parameter integer BUFFER_LATENCY = 1,
    parameter integer LATENCY = 1,       // of its network
    parameter integer MAC = 1,
    parameter integer DRAM_WORDS = 4096,
    parameter integer BUFFER_WORDS = 1024,
    parameter integer RING = 32
) (
    input logic clk,
    input logic reset,
    input logic [LOOPS*W-1:0] loop_bound,
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [LOOPS*2-1:0] loop_level,
    input logic [7*W-1:0] limit,
    input logic [7*W-1:0] buffer_span,
    input logic [7*W-1:0] lane_span,
    input logic [8*W-1:0] window,
    input logic [LANES*7*W-1:0] offset,
    input logic [LANES-1:0] enabled,
    input logic [LANES-1:0] heads,
    input logic [LANES*8-1:0] share_class,
    input logic [4*W-1:0] tensor_stride,
    input logic [4*W-1:0] buffer_stride,
    input logic [4*W-1:0] lane_stride,
    input logic [W-1:0] buffer_words,
    input logic [W-1:0] lane_words,
    input logic [7:0] skew,
    input logic load_valid,
    input logic [W-1:0] load_address,
    input logic [BITS-1:0] load_data,
    output logic [BITS-1:0] look_data,
    // Fill and drain of the buffer, fill and drain of the lanes: bits 0 to 3, and so in the traces.
    output logic [3:0] request,
    output logic [3:0] ends,  // the group asked for is its tile's last one
    input logic [3:0] grant,
    output logic [4*W-1:0] trace_tile,
    output logic [4*W-1:0] trace_group,
    input logic step_done,  // a step is issued that is the last one of the lanes' tile
    output logic ended,     // the last write-back lands
    // Tokens: of the buffer's tiles (bit or word 0) and of the lanes' (1).
    output logic [2*W-1:0] reserved,
    output logic [2*W-1:0] usable,
    output logic [1:0] room,
    output logic [1:0] held_back,
    // To and from the array.
    output logic [LANE_GROUP*LANES-1:0] arrived_mask,
    output logic [LANE_GROUP*W-1:0] arrived_address,
    output logic [LANE_GROUP*BITS-1:0] arrived_data,
    output logic clear,
    output logic [W-1:0] clear_address,
    output logic [LANE_GROUP*LANES-1:0] leaving_mask,
    output logic [LANE_GROUP*W-1:0] leaving_address,
    input logic [LANE_GROUP*BITS-1:0] reduced,
    // The boundaries: words at their grant, by addresses of the child's tile; data when they arrive.
    output logic [BUFFER_GROUP-1:0] fill_valid,
    output logic [BUFFER_GROUP*W-1:0] fill_address,
    output logic [BUFFER_GROUP*BITS-1:0] fill_data,
    output logic [LANE_GROUP*LANES-1:0] down_mask,
    output logic [LANE_GROUP*W-1:0] down_address,
    output logic [BUFFER_GROUP-1:0] spill_valid,
    output logic [BUFFER_GROUP*W-1:0] spill_address,
    output logic [BUFFER_GROUP*BITS-1:0] spill_data,
    output logic [LANE_GROUP*W-1:0] up_address,
    output logic [LANE_GROUP*BITS-1:0] up_data
);
    localparam integer FLIGHT = BUFFER_LATENCY + LATENCY;
    localparam [7*W-1:0] ONES = {7{{{W-1{1'b0}}, 1'b1}}};
    localparam [0:0] SUMS = ROLE == 2;

    // From the DRAM to the buffer, and back.
    logic [BUFFER_GROUP-1:0] filled_valid, unused_fill_mask, unused_spill_mask;
    logic [BUFFER_GROUP*W-1:0] fill_child, fill_parent, filled_address, spill_child, spill_parent;
    logic [1:0] memory_request;
    logic read_ready, write_ready;
    logic source_done, source_finished, unused_done, unused_finished, unused_clear, lane_ended;
    logic [W-1:0] unused_clear_address;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(1), .ROLE(ROLE), .FILL(BUFFER_GROUP), .FILL_PER_LANE(BUFFER_GROUP), .DRAIN(BUFFER_GROUP),
              .DRAIN_PER_LANE(BUFFER_GROUP), .ABOVE(4'b0001), .OUTER(4'b0000), .MERGE(1), .WHOLE_PARENT(1), .SLOTS(BUFFER_SLOTS),
              .PARENT_SLOTS(1), .FLIGHT(DRAM_LATENCY), .SKEW(0), .UP(0), .COMPLETE(0), .RING(RING)) at_buffer (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(buffer_span), .window,
        .offset({7*W{1'b0}}), .enabled(1'b1), .heads(1'b1), .share_class(8'd0), .child_stride(buffer_stride),
        .parent_stride(tensor_stride), .tensor_stride, .child_words(buffer_words), .parent_words({W{1'b0}}), .up_taps(8'd0),
        .parent_usable({W{1'b0}}), .give_back(!SUMS && source_done), .finish(SUMS && source_finished), .grant(grant[1:0]),
        .request(memory_request), .ends(ends[1:0]), .reserved(reserved[0 +: W]), .usable(usable[0 +: W]), .room(room[0]), .held_back(held_back[0]),
        .source_done(unused_done), .source_finished(unused_finished), .ended, .clear(unused_clear),
        .clear_address(unused_clear_address), .down_valid(fill_valid), .down_mask(unused_fill_mask),
        .down_tile_address(fill_address), .down_child_address(fill_child), .down_parent_address(fill_parent),
        .up_valid(spill_valid), .up_mask(unused_spill_mask), .up_tile_address(spill_address), .up_child_address(spill_child),
        .up_parent_address(spill_parent), .trace_tile(trace_tile[0 +: 2*W]), .trace_group(trace_group[0 +: 2*W]));
    assign request[1:0] = memory_request & {write_ready, read_ready};
    dram #(.W(W), .BITS(BITS), .WORDS(DRAM_WORDS), .GROUP(BUFFER_GROUP), .LATENCY(DRAM_LATENCY)) memory (
        .clk, .reset, .read_valid(grant[0]), .read_ready, .read_address(fill_parent), .read_data(fill_data),
        .write_valid(spill_valid), .write_ready, .write_address(spill_parent), .write_data(spill_data), .load_valid,
        .load_address, .load_data, .look_data);
    network #(.WIDTH(BUFFER_GROUP*(1+W)), .LATENCY(DRAM_LATENCY)) fill_flight (
        .clk, .reset, .in({fill_valid, fill_child}), .out({filled_valid, filled_address}));

    // From the buffer to the lanes.
    logic [LANE_GROUP-1:0] unused_down_valid, up_valid, skewed_valid, landing_valid;
    logic [LANE_GROUP*LANES-1:0] down_lanes, up_lanes;
    logic [LANE_GROUP*W-1:0] down_child, down_parent, up_parent, skewed_address, landing_address;
    logic [LANE_GROUP*BITS-1:0] down_data;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .ROLE(ROLE), .FILL(LANE_GROUP), .FILL_PER_LANE(PER_LANE), .DRAIN(LANE_GROUP),
              .DRAIN_PER_LANE(PER_LANE), .ABOVE(KEPT ? 4'b0011 : 4'b0111), .OUTER(4'b0001), .MERGE(KEPT), .WHOLE_PARENT(0),
              .SLOTS(LANE_SLOTS), .PARENT_SLOTS(BUFFER_SLOTS), .FLIGHT(FLIGHT), .SKEW(SKEW), .UP(LATENCY), .COMPLETE(MAC - 1),
              .RING(RING)) at_lanes (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(KEPT ? lane_span : ONES), .window,
        .offset, .enabled, .heads(SUMS ? heads : {LANES{1'b1}}), .share_class, .child_stride(lane_stride),
        .parent_stride(buffer_stride), .tensor_stride, .child_words(lane_words), .parent_words(buffer_words), .up_taps(skew),
        .parent_usable(usable[0 +: W]), .give_back(!SUMS && step_done), .finish(SUMS && step_done), .grant(grant[3:2]),
        .request(request[3:2]), .ends(ends[3:2]), .reserved(reserved[W +: W]), .usable(usable[W +: W]), .room(room[1]), .held_back(held_back[1]),
        .source_done, .source_finished, .ended(lane_ended), .clear, .clear_address, .down_valid(unused_down_valid),
        .down_mask(down_lanes), .down_tile_address(down_address), .down_child_address(down_child),
        .down_parent_address(down_parent), .up_valid, .up_mask(up_lanes), .up_tile_address(up_address),
        .up_child_address(leaving_address), .up_parent_address(up_parent), .trace_tile(trace_tile[2*W +: 2*W]),
        .trace_group(trace_group[2*W +: 2*W]));
    assign down_mask = grant[2] ? down_lanes : {LANE_GROUP*LANES{1'b0}};
    assign leaving_mask = grant[3] ? up_lanes : {LANE_GROUP*LANES{1'b0}};
    network #(.WIDTH(LANE_GROUP*(LANES+W)), .LATENCY(FLIGHT)) down_flight (
        .clk, .reset, .in({down_mask, down_child}), .out({arrived_mask, arrived_address}));
    network #(.WIDTH(LANE_GROUP*BITS), .LATENCY(LATENCY)) down_network (.clk, .reset, .in(down_data), .out(arrived_data));

    // The reduced sums leave the array when all lanes of a word have given theirs, `skew` cycles after the grant.
    delay #(.WIDTH(LANE_GROUP*(1+W)), .CYCLES(SKEW)) up_skew (
        .clk, .reset, .taps(skew), .in({up_valid, up_parent}), .out({skewed_valid, skewed_address}));
    network #(.WIDTH(LANE_GROUP*(1+W+BITS)), .LATENCY(LATENCY)) up_network (
        .clk, .reset, .in({skewed_valid, skewed_address, reduced}), .out({landing_valid, landing_address, up_data}));
    buffer #(.W(W), .BITS(BITS), .WORDS(BUFFER_WORDS), .FILL(BUFFER_GROUP), .DOWN(LANE_GROUP), .UP(LANE_GROUP),
             .DRAIN(BUFFER_GROUP), .LATENCY(BUFFER_LATENCY)) part (
        .clk, .reset, .fill_valid(filled_valid), .fill_address(filled_address), .fill_data, .down_address(down_parent), .down_data,
        .up_valid(landing_valid), .up_address(landing_address), .up_data, .drain_address(spill_child), .drain_data(spill_data));
endmodule
