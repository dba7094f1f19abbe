// SPDX-License-Identifier: Apache-2.0
// The machine: DRAM, shared buffer, array; six boundaries, one arbiter, the sequencer. Tensors 0 input, 1 weight, 2 output.
// Movers: fills of the buffer 0-2, its drain 3, fills of the lanes 4-6, their drain 7.
module machine #(
@parameters@
) (
    input logic clk,
    input logic reset,
    input logic [2:0] load_target,  // 0 none, 1 registers, 2-4 the DRAM's input, weight, output
    input logic [W-1:0] load_address,
    input logic [31:0] load_data,
    output logic [31:0] look_data,  // the DRAM's output at load_address
    output logic done,              // the last write-back lands in this cycle
    output logic [3:0] cause,
    output logic [7:0] grant,
    output logic [8*W-1:0] trace_tile,
    output logic [8*W-1:0] trace_group,
    output logic [INPUT_BUFFER_GROUP-1:0] input_buffer_valid,
    output logic [INPUT_BUFFER_GROUP*W-1:0] input_buffer_address,
    output logic [INPUT_BUFFER_GROUP*INPUT_BITS-1:0] input_buffer_data,
    output logic [INPUT_LANE_GROUP*ROWS*COLUMNS-1:0] input_lane_mask,
    output logic [INPUT_LANE_GROUP*W-1:0] input_lane_address,
    output logic [INPUT_LANE_GROUP*INPUT_BITS-1:0] input_lane_data,
    output logic [WEIGHT_BUFFER_GROUP-1:0] weight_buffer_valid,
    output logic [WEIGHT_BUFFER_GROUP*W-1:0] weight_buffer_address,
    output logic [WEIGHT_BUFFER_GROUP*WEIGHT_BITS-1:0] weight_buffer_data,
    output logic [WEIGHT_LANE_GROUP*ROWS*COLUMNS-1:0] weight_lane_mask,
    output logic [WEIGHT_LANE_GROUP*W-1:0] weight_lane_address,
    output logic [WEIGHT_LANE_GROUP*WEIGHT_BITS-1:0] weight_lane_data,
    output logic [OUTPUT_BUFFER_GROUP-1:0] output_buffer_valid,
    output logic [OUTPUT_BUFFER_GROUP*W-1:0] output_buffer_address,
    output logic [OUTPUT_BUFFER_GROUP*OUTPUT_BITS-1:0] output_buffer_data,
    output logic [OUTPUT_LANE_GROUP*ROWS*COLUMNS-1:0] output_lane_mask,
    output logic [OUTPUT_LANE_GROUP*W-1:0] output_lane_address,
    output logic [OUTPUT_LANE_GROUP*OUTPUT_BITS-1:0] output_lane_data,
    output logic [OUTPUT_BUFFER_GROUP-1:0] up_buffer_valid,
    output logic [OUTPUT_BUFFER_GROUP*W-1:0] up_buffer_address,
    output logic [OUTPUT_LANE_GROUP*ROWS*COLUMNS-1:0] up_lane_mask,
    output logic [OUTPUT_LANE_GROUP*W-1:0] up_lane_address
);
    localparam integer LANES = ROWS * COLUMNS;
    localparam integer SKEW = ROWS + COLUMNS;
    localparam [7*W-1:0] ONES = {7{{{W-1{1'b0}}, 1'b1}}};
    // Pools: DRAM read, write; buffer read, write; register files read, write.
    localparam [3:0] INPUT_ORDER = KEPT[0] ? 4'd4 : 4'd8;
    localparam [3:0] WEIGHT_ORDER = KEPT[1] ? 4'd5 : 4'd9;
    localparam [3:0] OUTPUT_ORDER = KEPT[2] ? 4'd6 : 4'd10;
    localparam [31:0] ORDER = {OUTPUT_ORDER + 4'd1, OUTPUT_ORDER, WEIGHT_ORDER, INPUT_ORDER, 4'd3, 4'd2, 4'd1, 4'd0};
    localparam [47:0] NEEDS = {1'b0, KEPT[2], 4'b1000, KEPT[2], 5'b00100, KEPT[1], 5'b00100, KEPT[0], 5'b00100,
                               6'b000110, 6'b001001, 6'b001001, 6'b001001};

    logic [LOOPS*W-1:0] loop_bound, loop_stride;
    logic [LOOPS*3-1:0] loop_dimension;
    logic [LOOPS*2-1:0] loop_level;
    logic [7*W-1:0] limit, buffer_span, lane_span;
    logic [8*W-1:0] window;
    logic [12*W-1:0] tensor_stride, buffer_stride, lane_stride;
    logic [3*W-1:0] buffer_words, lane_words;
    logic [7:0] skew;
    logic [LANES*7*W-1:0] offset;
    logic [LANES-1:0] enabled, heads;
    logic [LANES*2-1:0] link;
    logic [LANES*8-1:0] up_taps;
    logic [LANES*24-1:0] share_class;
    registers #(.W(W), .LOOPS(LOOPS), .ROWS(ROWS), .COLUMNS(COLUMNS)) program_words (
        .clk, .load_valid(load_target == 3'd1), .load_address, .load_data(load_data[W-1:0]), .loop_bound, .loop_stride,
        .loop_dimension, .loop_level, .limit, .buffer_span, .lane_span, .window, .tensor_stride, .buffer_stride, .lane_stride,
        .buffer_words, .lane_words, .skew, .offset, .enabled, .heads, .link, .up_taps, .share_class);

    logic [7:0] request, ready;
    logic [2:0] read_ready, write_ready;
    assign ready = {4'b1111, write_ready[2], read_ready};
    arbiter #(.MOVERS(8), .POOLS(6), .ORDER(ORDER), .NEEDS(NEEDS), .PORTS(PORTS)) arbitration (
        .clk, .reset, .request(request & ready), .grant);

    logic [3*W-1:0] buffer_reserved, buffer_usable, lane_reserved, lane_usable, lane_tile, buffer_tile, step_address;
    logic [2:0] buffer_room, buffer_held, lane_room, lane_held, lane_source_done, releases, lane_source_finished, lane_ended;
    logic [2:0] buffer_source_done, buffer_source_finished, buffer_ended, buffer_clear, lane_clear;
    logic issue;
    logic [LANES-1:0] active, in_tensor;
    logic [3*W-1:0] lane_clear_address, buffer_clear_address;
    logic unused;
    assign unused = ^{buffer_source_done, buffer_source_finished, buffer_ended[1:0], buffer_clear, lane_clear[1:0], lane_source_done[2],
                      lane_source_finished[1:0], lane_ended, lane_clear_address[2*W-1:0], buffer_clear_address, buffer_held[1:0],
                      lane_held[1:0], buffer_room[1:0], lane_room[1:0], write_ready[1:0], releases, issue,
                      buffer_reserved[2*W-1:0], lane_reserved[2*W-1:0]};
    assign done = buffer_ended[2];

    sequencer #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .KEPT(KEPT), .INPUT_SLOTS(INPUT_SLOTS), .WEIGHT_SLOTS(WEIGHT_SLOTS),
                .OUTPUT_SLOTS(OUTPUT_SLOTS)) steps (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .window, .offset, .enabled, .lane_stride,
        .lane_words, .lane_usable, .buffer_usable,
        .output_reserved_beyond({lane_reserved[2*W +: W] > lane_tile[2*W +: W], buffer_reserved[2*W +: W] > buffer_tile[2*W +: W]}),
        .output_room({lane_room[2], buffer_room[2]}), .output_held_back({lane_held[2], buffer_held[2]}), .lane_tile, .buffer_tile,
        .issue, .releases, .address(step_address), .active, .in_tensor, .cause);

    // input: DRAM to buffer.
    logic [1:0] input_buffer_request, input_lane_request;
    logic [INPUT_BUFFER_GROUP-1:0] input_fill_valid, input_fill_arrived, unused_input_up_valid, unused_input_up_mask;
    logic [INPUT_BUFFER_GROUP-1:0] unused_input_fill_mask;
    logic [INPUT_BUFFER_GROUP*W-1:0] input_fill_tile, input_fill_child, input_fill_parent, input_fill_address, input_up_tile, input_up_child, input_up_parent;
    logic [INPUT_BUFFER_GROUP*INPUT_BITS-1:0] input_fill_data;
    logic [2*W-1:0] input_buffer_trace_tile, input_buffer_trace_group, input_lane_trace_tile, input_lane_trace_group;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(1), .ROLE(0), .FILL(INPUT_BUFFER_GROUP), .FILL_PER_LANE(INPUT_BUFFER_GROUP), .DRAIN(INPUT_BUFFER_GROUP), .DRAIN_PER_LANE(INPUT_BUFFER_GROUP),
              .ABOVE(4'b0001), .OUTER(4'b0000), .MERGE(1), .WHOLE_PARENT(1), .SLOTS(BUFFER_SLOTS), .PARENT_SLOTS(1),
              .FLIGHT(DRAM_LATENCY), .SKEW(0), .UP(0), .COMPLETE(0), .RING(RING)) input_at_buffer (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(buffer_span), .window,
        .offset({7*W{1'b0}}), .enabled(1'b1), .heads(1'b1), .share_class(8'd0), .child_stride(buffer_stride[0*W +: 4*W]),
        .parent_stride(tensor_stride[0*W +: 4*W]), .tensor_stride(tensor_stride[0*W +: 4*W]),
        .child_words(buffer_words[0*W +: W]), .parent_words({W{1'b0}}), .up_taps(8'd0), .parent_usable({W{1'b0}}),
        .give_back(lane_source_done[0]), .finish(1'b0), .grant({1'b0, grant[0]}),
        .request(input_buffer_request), .reserved(buffer_reserved[0*W +: W]), .usable(buffer_usable[0*W +: W]), .room(buffer_room[0]),
        .held_back(buffer_held[0]), .source_done(buffer_source_done[0]), .source_finished(buffer_source_finished[0]),
        .ended(buffer_ended[0]), .clear(buffer_clear[0]), .clear_address(buffer_clear_address[0*W +: W]),
        .down_valid(input_fill_valid), .down_mask(unused_input_fill_mask), .down_tile_address(input_fill_tile),
        .down_child_address(input_fill_child), .down_parent_address(input_fill_parent), .up_valid(unused_input_up_valid),
        .up_mask(unused_input_up_mask), .up_tile_address(input_up_tile), .up_child_address(input_up_child),
        .up_parent_address(input_up_parent), .trace_tile(input_buffer_trace_tile), .trace_group(input_buffer_trace_group));
    assign request[0] = input_buffer_request[0];
    network #(.WIDTH(INPUT_BUFFER_GROUP*(1+W)), .LATENCY(DRAM_LATENCY)) input_fill_flight (
        .clk, .reset, .in({input_fill_valid, input_fill_child}), .out({input_fill_arrived, input_fill_address}));
    // input: buffer to lanes.
    logic [INPUT_LANE_GROUP-1:0] input_down_valid, unused_input_lane_up_valid;
    logic [INPUT_LANE_GROUP*LANES-1:0] input_down_all, input_down_mask, input_arrived_mask, input_lane_up_mask;
    logic [INPUT_LANE_GROUP*W-1:0] input_down_tile, input_down_child, input_down_parent, input_arrived_address, input_lane_up_tile, input_lane_up_child, input_lane_up_parent;
    logic [INPUT_LANE_GROUP*INPUT_BITS-1:0] input_down_data, input_arrived_data;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .ROLE(0), .FILL(INPUT_LANE_GROUP), .FILL_PER_LANE(INPUT_PER_LANE), .DRAIN(INPUT_LANE_GROUP),
              .DRAIN_PER_LANE(INPUT_PER_LANE), .ABOVE(KEPT[0] ? 4'b0011 : 4'b0111), .OUTER(4'b0001), .MERGE(KEPT[0]), .WHOLE_PARENT(0),
              .SLOTS(INPUT_SLOTS), .PARENT_SLOTS(BUFFER_SLOTS), .FLIGHT(BUFFER_LATENCY + INPUT_LATENCY), .SKEW(SKEW), .UP(INPUT_LATENCY),
              .COMPLETE(MAC - 1), .RING(RING)) input_at_lanes (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(KEPT[0] ? lane_span : ONES), .window,
        .offset, .enabled, .heads({LANES{1'b1}}), .share_class(share_class[0*LANES*8 +: LANES*8]),
        .child_stride(lane_stride[0*W +: 4*W]), .parent_stride(buffer_stride[0*W +: 4*W]),
        .tensor_stride(tensor_stride[0*W +: 4*W]), .child_words(lane_words[0*W +: W]), .parent_words(buffer_words[0*W +: W]),
        .up_taps(8'd0), .parent_usable(buffer_usable[0*W +: W]), .give_back(issue && releases[0]),
        .finish(1'b0), .grant({1'b0, grant[4]}), .request(input_lane_request),
        .reserved(lane_reserved[0*W +: W]), .usable(lane_usable[0*W +: W]), .room(lane_room[0]), .held_back(lane_held[0]),
        .source_done(lane_source_done[0]), .source_finished(lane_source_finished[0]), .ended(lane_ended[0]),
        .clear(lane_clear[0]), .clear_address(lane_clear_address[0*W +: W]), .down_valid(input_down_valid),
        .down_mask(input_down_all), .down_tile_address(input_down_tile), .down_child_address(input_down_child),
        .down_parent_address(input_down_parent), .up_valid(unused_input_lane_up_valid),
        .up_mask(input_lane_up_mask), .up_tile_address(input_lane_up_tile), .up_child_address(input_lane_up_child),
        .up_parent_address(input_lane_up_parent), .trace_tile(input_lane_trace_tile), .trace_group(input_lane_trace_group));
    assign request[4] = input_lane_request[0];
    assign input_down_mask = grant[4] ? input_down_all : {INPUT_LANE_GROUP*LANES{1'b0}};
    network #(.WIDTH(INPUT_LANE_GROUP*(LANES+W)), .LATENCY(BUFFER_LATENCY + INPUT_LATENCY)) input_down_flight (
        .clk, .reset, .in({input_down_mask, input_down_child}), .out({input_arrived_mask, input_arrived_address}));
    network #(.WIDTH(INPUT_LANE_GROUP*INPUT_BITS), .LATENCY(INPUT_LATENCY)) input_network (
        .clk, .reset, .in(input_down_data), .out(input_arrived_data));
    // weight: DRAM to buffer.
    logic [1:0] weight_buffer_request, weight_lane_request;
    logic [WEIGHT_BUFFER_GROUP-1:0] weight_fill_valid, weight_fill_arrived, unused_weight_up_valid, unused_weight_up_mask;
    logic [WEIGHT_BUFFER_GROUP-1:0] unused_weight_fill_mask;
    logic [WEIGHT_BUFFER_GROUP*W-1:0] weight_fill_tile, weight_fill_child, weight_fill_parent, weight_fill_address, weight_up_tile, weight_up_child, weight_up_parent;
    logic [WEIGHT_BUFFER_GROUP*WEIGHT_BITS-1:0] weight_fill_data;
    logic [2*W-1:0] weight_buffer_trace_tile, weight_buffer_trace_group, weight_lane_trace_tile, weight_lane_trace_group;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(1), .ROLE(1), .FILL(WEIGHT_BUFFER_GROUP), .FILL_PER_LANE(WEIGHT_BUFFER_GROUP), .DRAIN(WEIGHT_BUFFER_GROUP), .DRAIN_PER_LANE(WEIGHT_BUFFER_GROUP),
              .ABOVE(4'b0001), .OUTER(4'b0000), .MERGE(1), .WHOLE_PARENT(1), .SLOTS(BUFFER_SLOTS), .PARENT_SLOTS(1),
              .FLIGHT(DRAM_LATENCY), .SKEW(0), .UP(0), .COMPLETE(0), .RING(RING)) weight_at_buffer (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(buffer_span), .window,
        .offset({7*W{1'b0}}), .enabled(1'b1), .heads(1'b1), .share_class(8'd0), .child_stride(buffer_stride[4*W +: 4*W]),
        .parent_stride(tensor_stride[4*W +: 4*W]), .tensor_stride(tensor_stride[4*W +: 4*W]),
        .child_words(buffer_words[1*W +: W]), .parent_words({W{1'b0}}), .up_taps(8'd0), .parent_usable({W{1'b0}}),
        .give_back(lane_source_done[1]), .finish(1'b0), .grant({1'b0, grant[1]}),
        .request(weight_buffer_request), .reserved(buffer_reserved[1*W +: W]), .usable(buffer_usable[1*W +: W]), .room(buffer_room[1]),
        .held_back(buffer_held[1]), .source_done(buffer_source_done[1]), .source_finished(buffer_source_finished[1]),
        .ended(buffer_ended[1]), .clear(buffer_clear[1]), .clear_address(buffer_clear_address[1*W +: W]),
        .down_valid(weight_fill_valid), .down_mask(unused_weight_fill_mask), .down_tile_address(weight_fill_tile),
        .down_child_address(weight_fill_child), .down_parent_address(weight_fill_parent), .up_valid(unused_weight_up_valid),
        .up_mask(unused_weight_up_mask), .up_tile_address(weight_up_tile), .up_child_address(weight_up_child),
        .up_parent_address(weight_up_parent), .trace_tile(weight_buffer_trace_tile), .trace_group(weight_buffer_trace_group));
    assign request[1] = weight_buffer_request[0];
    network #(.WIDTH(WEIGHT_BUFFER_GROUP*(1+W)), .LATENCY(DRAM_LATENCY)) weight_fill_flight (
        .clk, .reset, .in({weight_fill_valid, weight_fill_child}), .out({weight_fill_arrived, weight_fill_address}));
    // weight: buffer to lanes.
    logic [WEIGHT_LANE_GROUP-1:0] weight_down_valid, unused_weight_lane_up_valid;
    logic [WEIGHT_LANE_GROUP*LANES-1:0] weight_down_all, weight_down_mask, weight_arrived_mask, weight_lane_up_mask;
    logic [WEIGHT_LANE_GROUP*W-1:0] weight_down_tile, weight_down_child, weight_down_parent, weight_arrived_address, weight_lane_up_tile, weight_lane_up_child, weight_lane_up_parent;
    logic [WEIGHT_LANE_GROUP*WEIGHT_BITS-1:0] weight_down_data, weight_arrived_data;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .ROLE(1), .FILL(WEIGHT_LANE_GROUP), .FILL_PER_LANE(WEIGHT_PER_LANE), .DRAIN(WEIGHT_LANE_GROUP),
              .DRAIN_PER_LANE(WEIGHT_PER_LANE), .ABOVE(KEPT[1] ? 4'b0011 : 4'b0111), .OUTER(4'b0001), .MERGE(KEPT[1]), .WHOLE_PARENT(0),
              .SLOTS(WEIGHT_SLOTS), .PARENT_SLOTS(BUFFER_SLOTS), .FLIGHT(BUFFER_LATENCY + WEIGHT_LATENCY), .SKEW(SKEW), .UP(WEIGHT_LATENCY),
              .COMPLETE(MAC - 1), .RING(RING)) weight_at_lanes (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(KEPT[1] ? lane_span : ONES), .window,
        .offset, .enabled, .heads({LANES{1'b1}}), .share_class(share_class[1*LANES*8 +: LANES*8]),
        .child_stride(lane_stride[4*W +: 4*W]), .parent_stride(buffer_stride[4*W +: 4*W]),
        .tensor_stride(tensor_stride[4*W +: 4*W]), .child_words(lane_words[1*W +: W]), .parent_words(buffer_words[1*W +: W]),
        .up_taps(8'd0), .parent_usable(buffer_usable[1*W +: W]), .give_back(issue && releases[1]),
        .finish(1'b0), .grant({1'b0, grant[5]}), .request(weight_lane_request),
        .reserved(lane_reserved[1*W +: W]), .usable(lane_usable[1*W +: W]), .room(lane_room[1]), .held_back(lane_held[1]),
        .source_done(lane_source_done[1]), .source_finished(lane_source_finished[1]), .ended(lane_ended[1]),
        .clear(lane_clear[1]), .clear_address(lane_clear_address[1*W +: W]), .down_valid(weight_down_valid),
        .down_mask(weight_down_all), .down_tile_address(weight_down_tile), .down_child_address(weight_down_child),
        .down_parent_address(weight_down_parent), .up_valid(unused_weight_lane_up_valid),
        .up_mask(weight_lane_up_mask), .up_tile_address(weight_lane_up_tile), .up_child_address(weight_lane_up_child),
        .up_parent_address(weight_lane_up_parent), .trace_tile(weight_lane_trace_tile), .trace_group(weight_lane_trace_group));
    assign request[5] = weight_lane_request[0];
    assign weight_down_mask = grant[5] ? weight_down_all : {WEIGHT_LANE_GROUP*LANES{1'b0}};
    network #(.WIDTH(WEIGHT_LANE_GROUP*(LANES+W)), .LATENCY(BUFFER_LATENCY + WEIGHT_LATENCY)) weight_down_flight (
        .clk, .reset, .in({weight_down_mask, weight_down_child}), .out({weight_arrived_mask, weight_arrived_address}));
    network #(.WIDTH(WEIGHT_LANE_GROUP*WEIGHT_BITS), .LATENCY(WEIGHT_LATENCY)) weight_network (
        .clk, .reset, .in(weight_down_data), .out(weight_arrived_data));
    // output: DRAM to buffer.
    logic [1:0] output_buffer_request, output_lane_request;
    logic [OUTPUT_BUFFER_GROUP-1:0] output_fill_valid, output_fill_arrived, up_buffer_now;
    logic [OUTPUT_BUFFER_GROUP-1:0] unused_output_fill_mask, unused_output_up_mask;
    logic [OUTPUT_BUFFER_GROUP*W-1:0] output_fill_tile, output_fill_child, output_fill_parent, output_fill_address, output_up_tile, output_up_child, output_up_parent;
    logic [OUTPUT_BUFFER_GROUP*OUTPUT_BITS-1:0] output_fill_data;
    logic [2*W-1:0] output_buffer_trace_tile, output_buffer_trace_group, output_lane_trace_tile, output_lane_trace_group;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(1), .ROLE(2), .FILL(OUTPUT_BUFFER_GROUP), .FILL_PER_LANE(OUTPUT_BUFFER_GROUP), .DRAIN(OUTPUT_BUFFER_GROUP), .DRAIN_PER_LANE(OUTPUT_BUFFER_GROUP),
              .ABOVE(4'b0001), .OUTER(4'b0000), .MERGE(1), .WHOLE_PARENT(1), .SLOTS(BUFFER_SLOTS), .PARENT_SLOTS(1),
              .FLIGHT(DRAM_LATENCY), .SKEW(0), .UP(0), .COMPLETE(0), .RING(RING)) output_at_buffer (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(buffer_span), .window,
        .offset({7*W{1'b0}}), .enabled(1'b1), .heads(1'b1), .share_class(8'd0), .child_stride(buffer_stride[8*W +: 4*W]),
        .parent_stride(tensor_stride[8*W +: 4*W]), .tensor_stride(tensor_stride[8*W +: 4*W]),
        .child_words(buffer_words[2*W +: W]), .parent_words({W{1'b0}}), .up_taps(8'd0), .parent_usable({W{1'b0}}),
        .give_back(1'b0), .finish(lane_source_finished[2]), .grant({grant[3], grant[2]}),
        .request(output_buffer_request), .reserved(buffer_reserved[2*W +: W]), .usable(buffer_usable[2*W +: W]), .room(buffer_room[2]),
        .held_back(buffer_held[2]), .source_done(buffer_source_done[2]), .source_finished(buffer_source_finished[2]),
        .ended(buffer_ended[2]), .clear(buffer_clear[2]), .clear_address(buffer_clear_address[2*W +: W]),
        .down_valid(output_fill_valid), .down_mask(unused_output_fill_mask), .down_tile_address(output_fill_tile),
        .down_child_address(output_fill_child), .down_parent_address(output_fill_parent), .up_valid(up_buffer_now),
        .up_mask(unused_output_up_mask), .up_tile_address(output_up_tile), .up_child_address(output_up_child),
        .up_parent_address(output_up_parent), .trace_tile(output_buffer_trace_tile), .trace_group(output_buffer_trace_group));
    assign request[2] = output_buffer_request[0];
    assign request[3] = output_buffer_request[1];
    network #(.WIDTH(OUTPUT_BUFFER_GROUP*(1+W)), .LATENCY(DRAM_LATENCY)) output_fill_flight (
        .clk, .reset, .in({output_fill_valid, output_fill_child}), .out({output_fill_arrived, output_fill_address}));
    // output: buffer to lanes.
    logic [OUTPUT_LANE_GROUP-1:0] output_down_valid, output_up_valid;
    logic [OUTPUT_LANE_GROUP*LANES-1:0] output_down_all, output_down_mask, output_arrived_mask, output_lane_up_mask;
    logic [OUTPUT_LANE_GROUP*W-1:0] output_down_tile, output_down_child, output_down_parent, output_arrived_address, output_lane_up_tile, output_lane_up_child, output_lane_up_parent;
    logic [OUTPUT_LANE_GROUP*OUTPUT_BITS-1:0] output_down_data, output_arrived_data;
    channel #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .ROLE(2), .FILL(OUTPUT_LANE_GROUP), .FILL_PER_LANE(OUTPUT_PER_LANE), .DRAIN(OUTPUT_LANE_GROUP),
              .DRAIN_PER_LANE(OUTPUT_PER_LANE), .ABOVE(KEPT[2] ? 4'b0011 : 4'b0111), .OUTER(4'b0001), .MERGE(KEPT[2]), .WHOLE_PARENT(0),
              .SLOTS(OUTPUT_SLOTS), .PARENT_SLOTS(BUFFER_SLOTS), .FLIGHT(BUFFER_LATENCY + OUTPUT_LATENCY), .SKEW(SKEW), .UP(OUTPUT_LATENCY),
              .COMPLETE(MAC - 1), .RING(RING)) output_at_lanes (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span(KEPT[2] ? lane_span : ONES), .window,
        .offset, .enabled, .heads(heads), .share_class(share_class[2*LANES*8 +: LANES*8]),
        .child_stride(lane_stride[8*W +: 4*W]), .parent_stride(buffer_stride[8*W +: 4*W]),
        .tensor_stride(tensor_stride[8*W +: 4*W]), .child_words(lane_words[2*W +: W]), .parent_words(buffer_words[2*W +: W]),
        .up_taps(skew), .parent_usable(buffer_usable[2*W +: W]), .give_back(1'b0),
        .finish(issue && releases[2]), .grant({grant[7], grant[6]}), .request(output_lane_request),
        .reserved(lane_reserved[2*W +: W]), .usable(lane_usable[2*W +: W]), .room(lane_room[2]), .held_back(lane_held[2]),
        .source_done(lane_source_done[2]), .source_finished(lane_source_finished[2]), .ended(lane_ended[2]),
        .clear(lane_clear[2]), .clear_address(lane_clear_address[2*W +: W]), .down_valid(output_down_valid),
        .down_mask(output_down_all), .down_tile_address(output_down_tile), .down_child_address(output_down_child),
        .down_parent_address(output_down_parent), .up_valid(output_up_valid),
        .up_mask(output_lane_up_mask), .up_tile_address(output_lane_up_tile), .up_child_address(output_lane_up_child),
        .up_parent_address(output_lane_up_parent), .trace_tile(output_lane_trace_tile), .trace_group(output_lane_trace_group));
    assign request[6] = output_lane_request[0];
    assign request[7] = output_lane_request[1];
    assign output_down_mask = grant[6] ? output_down_all : {OUTPUT_LANE_GROUP*LANES{1'b0}};
    network #(.WIDTH(OUTPUT_LANE_GROUP*(LANES+W)), .LATENCY(BUFFER_LATENCY + OUTPUT_LATENCY)) output_down_flight (
        .clk, .reset, .in({output_down_mask, output_down_child}), .out({output_arrived_mask, output_arrived_address}));
    network #(.WIDTH(OUTPUT_LANE_GROUP*OUTPUT_BITS), .LATENCY(OUTPUT_LATENCY)) output_network (
        .clk, .reset, .in(output_down_data), .out(output_arrived_data));

    // The output's way up: the lanes' sums to the buffer, the buffer to the DRAM.
    logic [OUTPUT_LANE_GROUP*LANES-1:0] leaving_mask;
    logic [OUTPUT_LANE_GROUP-1:0] skewed_valid, landing_valid;
    logic [OUTPUT_LANE_GROUP*W-1:0] skewed_address, landing_address;
    logic [OUTPUT_LANE_GROUP*OUTPUT_BITS-1:0] reduced, landing_data;
    logic [OUTPUT_BUFFER_GROUP*OUTPUT_BITS-1:0] spilled;
    assign leaving_mask = grant[7] ? output_lane_up_mask : {OUTPUT_LANE_GROUP*LANES{1'b0}};
    delay #(.WIDTH(OUTPUT_LANE_GROUP*(1+W)), .CYCLES(SKEW)) up_skew (
        .clk, .reset, .taps(skew), .in({output_up_valid, output_lane_up_parent}), .out({skewed_valid, skewed_address}));
    network #(.WIDTH(OUTPUT_LANE_GROUP*(1+W+OUTPUT_BITS)), .LATENCY(OUTPUT_LATENCY)) up_network (
        .clk, .reset, .in({skewed_valid, skewed_address, reduced}), .out({landing_valid, landing_address, landing_data}));

    logic [INPUT_BITS-1:0] unused_input_look, unused_input_drain;
    dram #(.W(W), .BITS(INPUT_BITS), .WORDS(INPUT_DRAM_WORDS), .GROUP(INPUT_BUFFER_GROUP), .LATENCY(DRAM_LATENCY)) input_dram (
        .clk, .reset, .read_valid(grant[0]), .read_ready(read_ready[0]), .read_address(input_fill_parent), .read_data(input_fill_data),
        .write_valid({INPUT_BUFFER_GROUP{1'b0}}), .write_ready(write_ready[0]), .write_address({INPUT_BUFFER_GROUP*W{1'b0}}),
        .write_data({INPUT_BUFFER_GROUP*INPUT_BITS{1'b0}}), .load_valid(load_target == 3'd2), .load_address,
        .load_data(load_data[INPUT_BITS-1:0]), .look_data(unused_input_look));
    buffer #(.W(W), .BITS(INPUT_BITS), .WORDS(INPUT_BUFFER_WORDS), .FILL(INPUT_BUFFER_GROUP), .DOWN(INPUT_LANE_GROUP), .UP(1),
             .DRAIN(1), .LATENCY(BUFFER_LATENCY)) input_buffer (
        .clk, .reset, .fill_valid(input_fill_arrived), .fill_address(input_fill_address), .fill_data(input_fill_data),
        .down_address(input_down_parent), .down_data(input_down_data), .up_valid(1'b0),
        .up_address({W{1'b0}}), .up_data({INPUT_BITS{1'b0}}),
        .drain_address({W{1'b0}}), .drain_data(unused_input_drain));
    logic [WEIGHT_BITS-1:0] unused_weight_look, unused_weight_drain;
    dram #(.W(W), .BITS(WEIGHT_BITS), .WORDS(WEIGHT_DRAM_WORDS), .GROUP(WEIGHT_BUFFER_GROUP), .LATENCY(DRAM_LATENCY)) weight_dram (
        .clk, .reset, .read_valid(grant[1]), .read_ready(read_ready[1]), .read_address(weight_fill_parent), .read_data(weight_fill_data),
        .write_valid({WEIGHT_BUFFER_GROUP{1'b0}}), .write_ready(write_ready[1]), .write_address({WEIGHT_BUFFER_GROUP*W{1'b0}}),
        .write_data({WEIGHT_BUFFER_GROUP*WEIGHT_BITS{1'b0}}), .load_valid(load_target == 3'd3), .load_address,
        .load_data(load_data[WEIGHT_BITS-1:0]), .look_data(unused_weight_look));
    buffer #(.W(W), .BITS(WEIGHT_BITS), .WORDS(WEIGHT_BUFFER_WORDS), .FILL(WEIGHT_BUFFER_GROUP), .DOWN(WEIGHT_LANE_GROUP), .UP(1),
             .DRAIN(1), .LATENCY(BUFFER_LATENCY)) weight_buffer (
        .clk, .reset, .fill_valid(weight_fill_arrived), .fill_address(weight_fill_address), .fill_data(weight_fill_data),
        .down_address(weight_down_parent), .down_data(weight_down_data), .up_valid(1'b0),
        .up_address({W{1'b0}}), .up_data({WEIGHT_BITS{1'b0}}),
        .drain_address({W{1'b0}}), .drain_data(unused_weight_drain));
    dram #(.W(W), .BITS(OUTPUT_BITS), .WORDS(OUTPUT_DRAM_WORDS), .GROUP(OUTPUT_BUFFER_GROUP), .LATENCY(DRAM_LATENCY)) output_dram (
        .clk, .reset, .read_valid(grant[2]), .read_ready(read_ready[2]), .read_address(output_fill_parent), .read_data(output_fill_data),
        .write_valid(up_buffer_now), .write_ready(write_ready[2]), .write_address(output_up_parent),
        .write_data(spilled), .load_valid(load_target == 3'd4), .load_address,
        .load_data(load_data[OUTPUT_BITS-1:0]), .look_data(look_data));
    buffer #(.W(W), .BITS(OUTPUT_BITS), .WORDS(OUTPUT_BUFFER_WORDS), .FILL(OUTPUT_BUFFER_GROUP), .DOWN(OUTPUT_LANE_GROUP), .UP(OUTPUT_LANE_GROUP),
             .DRAIN(OUTPUT_BUFFER_GROUP), .LATENCY(BUFFER_LATENCY)) output_buffer (
        .clk, .reset, .fill_valid(output_fill_arrived), .fill_address(output_fill_address), .fill_data(output_fill_data),
        .down_address(output_down_parent), .down_data(output_down_data), .up_valid(landing_valid),
        .up_address(landing_address), .up_data(landing_data),
        .drain_address(output_up_child), .drain_data(spilled));
    array #(.W(W), .ROWS(ROWS), .COLUMNS(COLUMNS), .INPUT_BITS(INPUT_BITS), .WEIGHT_BITS(WEIGHT_BITS), .OUTPUT_BITS(OUTPUT_BITS),
            .INPUT_WORDS(INPUT_LANE_WORDS), .WEIGHT_WORDS(WEIGHT_LANE_WORDS), .OUTPUT_WORDS(OUTPUT_LANE_WORDS),
            .INPUT_GROUP(INPUT_LANE_GROUP), .WEIGHT_GROUP(WEIGHT_LANE_GROUP), .OUTPUT_GROUP(OUTPUT_LANE_GROUP), .MAC(MAC)) lanes (
        .clk, .reset, .link, .up_taps, .input_mask(input_arrived_mask), .input_address(input_arrived_address),
        .input_data(input_arrived_data), .weight_mask(weight_arrived_mask), .weight_address(weight_arrived_address),
        .weight_data(weight_arrived_data), .output_mask(output_arrived_mask), .output_address(output_arrived_address),
        .output_data(output_arrived_data), .clear(lane_clear[2]), .clear_address(lane_clear_address[2*W +: W]),
        .clear_words(lane_words[2*W +: W]), .active(issue ? active : {LANES{1'b0}}), .in_tensor, .step_address,
        .drain_mask(leaving_mask), .drain_address(output_lane_up_child), .drain_data(reduced));

    assign input_buffer_valid = input_fill_valid;
    assign input_buffer_address = input_fill_tile;
    assign input_buffer_data = input_fill_data;
    assign input_lane_mask = input_down_mask;
    assign input_lane_address = input_down_tile;
    assign input_lane_data = input_arrived_data;
    assign weight_buffer_valid = weight_fill_valid;
    assign weight_buffer_address = weight_fill_tile;
    assign weight_buffer_data = weight_fill_data;
    assign weight_lane_mask = weight_down_mask;
    assign weight_lane_address = weight_down_tile;
    assign weight_lane_data = weight_arrived_data;
    assign output_buffer_valid = output_fill_valid;
    assign output_buffer_address = output_fill_tile;
    assign output_buffer_data = output_fill_data;
    assign output_lane_mask = output_down_mask;
    assign output_lane_address = output_down_tile;
    assign output_lane_data = output_arrived_data;
    assign up_buffer_valid = up_buffer_now;
    assign up_buffer_address = output_up_tile;
    assign up_lane_mask = leaving_mask;
    assign up_lane_address = output_lane_up_tile;
    assign trace_tile = {output_lane_trace_tile[W +: W], output_lane_trace_tile[0 +: W], weight_lane_trace_tile[0 +: W],
                         input_lane_trace_tile[0 +: W], output_buffer_trace_tile[W +: W], output_buffer_trace_tile[0 +: W],
                         weight_buffer_trace_tile[0 +: W], input_buffer_trace_tile[0 +: W]};
    assign trace_group = {output_lane_trace_group[W +: W], output_lane_trace_group[0 +: W], weight_lane_trace_group[0 +: W],
                          input_lane_trace_group[0 +: W], output_buffer_trace_group[W +: W], output_buffer_trace_group[0 +: W],
                          weight_buffer_trace_group[0 +: W], input_buffer_trace_group[0 +: W]};
endmodule
