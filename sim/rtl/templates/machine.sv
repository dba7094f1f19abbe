// SPDX-License-Identifier: Apache-2.0
// The machine of docs/microarchitecture.md: three tensors, each with its DRAM, its part of the shared buffer and two boundaries;
// the array; one arbiter and the sequencer. Tensors 0 input, 1 weight, 2 output.
// Movers, in `grant` and in the traces: fills of the buffer 0-2, its drain 3, fills of the lanes 4-6, their drain 7.
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
    output logic [3:0] cause,       // sequencer.sv
    output logic [7:0] grant,
    output logic [8*W-1:0] trace_tile,
    output logic [8*W-1:0] trace_group,
    // The boundaries. Masks and addresses (in the child's tile) in the cycle of the grant; data when they arrive.
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
    output logic [OUTPUT_BUFFER_GROUP*OUTPUT_BITS-1:0] up_buffer_data,
    output logic [OUTPUT_LANE_GROUP*ROWS*COLUMNS-1:0] up_lane_mask,
    output logic [OUTPUT_LANE_GROUP*W-1:0] up_lane_address,
    output logic [OUTPUT_LANE_GROUP*OUTPUT_BITS-1:0] up_lane_data
);
    localparam integer LANES = ROWS * COLUMNS;
    localparam integer SKEW = ROWS + COLUMNS;
    // Section 5: places in mover order.
    localparam [3:0] INPUT_ORDER = KEPT[0] ? 4'd4 : 4'd8;
    localparam [3:0] WEIGHT_ORDER = KEPT[1] ? 4'd5 : 4'd9;
    localparam [3:0] OUTPUT_ORDER = KEPT[2] ? 4'd6 : 4'd10;
    localparam [31:0] ORDER = {OUTPUT_ORDER + 4'd1, OUTPUT_ORDER, WEIGHT_ORDER, INPUT_ORDER, 4'd3, 4'd2, 4'd1, 4'd0};

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

    logic [7:0] request, last_groups;
    logic issue;
    arbiter #(.MOVERS(8), .POOLS(POOLS), .ORDER(ORDER), .FIXED(FIXED), .NEEDS(NEEDS), .BURST(BURST), .PORTS(PORTS),
              .MAC_TAKES(MAC_TAKES)) arbitration (.clk, .reset, .step(issue), .request, .last(last_groups), .grant);

    // Tokens per tensor: [2t] of the buffer's tiles, [2t + 1] of the lanes'.
    logic [6*W-1:0] reserved, usable;
    logic [5:0] room, held_back;
    logic [2:0] clear, releases, ended;
    logic [3*W-1:0] lane_tile, buffer_tile, step_address, clear_address;
    logic [LANES-1:0] active, in_tensor;
    assign done = ended[2];
    sequencer #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .KEPT(KEPT), .INPUT_SLOTS(INPUT_SLOTS), .WEIGHT_SLOTS(WEIGHT_SLOTS),
                .OUTPUT_SLOTS(OUTPUT_SLOTS)) steps (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .window, .offset, .enabled, .lane_stride,
        .lane_words, .lane_usable({usable[5*W +: W], usable[3*W +: W], usable[W +: W]}),
        .buffer_usable({usable[4*W +: W], usable[2*W +: W], usable[0 +: W]}),
        .output_reserved_beyond({reserved[5*W +: W] > lane_tile[2*W +: W], reserved[4*W +: W] > buffer_tile[2*W +: W]}),
        .output_room(room[5:4]), .output_held_back(held_back[5:4]), .lane_tile, .buffer_tile, .issue, .releases,
        .address(step_address), .active, .in_tensor, .cause);

    logic [INPUT_LANE_GROUP*LANES-1:0] input_arrived_mask;
    logic [INPUT_LANE_GROUP*W-1:0] input_arrived_address;
    logic [3:0] input_request, input_ends;
    logic [4*W-1:0] input_tile, input_group;
    logic [INPUT_LANE_GROUP*LANES-1:0] unused_input_mask;
    logic [INPUT_LANE_GROUP*W-1:0] unused_input_leaving, unused_input_up;
    logic [INPUT_LANE_GROUP*INPUT_BITS-1:0] unused_input_landing;
    logic [INPUT_BUFFER_GROUP-1:0] unused_input_spill;
    logic [INPUT_BUFFER_GROUP*W-1:0] unused_input_spill_address;
    logic [INPUT_BUFFER_GROUP*INPUT_BITS-1:0] unused_input_spill_data;
    logic [INPUT_BITS-1:0] unused_input_look;
    tensor #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .SKEW(SKEW), .ROLE(0), .KEPT(KEPT[0]), .BITS(INPUT_BITS), .BUFFER_GROUP(INPUT_BUFFER_GROUP),
             .LANE_GROUP(INPUT_LANE_GROUP), .PER_LANE(INPUT_PER_LANE), .BUFFER_SLOTS(INPUT_BUFFER_SLOTS), .LANE_SLOTS(INPUT_SLOTS),
             .DRAM_LATENCY(DRAM_LATENCY), .BUFFER_LATENCY(INPUT_BUFFER_LATENCY), .LATENCY(INPUT_LATENCY), .MAC(MAC),
             .DRAM_WORDS(INPUT_DRAM_WORDS), .BUFFER_WORDS(INPUT_BUFFER_WORDS), .RING(RING)) inputs (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .buffer_span, .lane_span, .window, .offset,
        .enabled, .heads, .share_class(share_class[0*LANES*8 +: LANES*8]), .tensor_stride(tensor_stride[0*W +: 4*W]),
        .buffer_stride(buffer_stride[0*W +: 4*W]), .lane_stride(lane_stride[0*W +: 4*W]),
        .buffer_words(buffer_words[0*W +: W]), .lane_words(lane_words[0*W +: W]), .skew, .load_valid(load_target == 3'd2),
        .load_address, .load_data(load_data[INPUT_BITS-1:0]), .look_data(unused_input_look), .request(input_request), .ends(input_ends),
        .grant({1'b0, grant[4], 1'b0, grant[0]}),
        .trace_tile(input_tile), .trace_group(input_group), .step_done(issue && releases[0]), .ended(ended[0]),
        .reserved(reserved[0*W +: 2*W]), .usable(usable[0*W +: 2*W]), .room(room[0 +: 2]), .held_back(held_back[0 +: 2]),
        .arrived_mask(input_arrived_mask), .arrived_address(input_arrived_address), .arrived_data(input_lane_data), .clear(clear[0]),
        .clear_address(clear_address[0*W +: W]), .fill_valid(input_buffer_valid), .fill_address(input_buffer_address),
        .fill_data(input_buffer_data), .down_mask(input_lane_mask), .down_address(input_lane_address),
        .leaving_mask(unused_input_mask), .leaving_address(unused_input_leaving),
        .reduced({INPUT_LANE_GROUP*INPUT_BITS{1'b0}}), .spill_valid(unused_input_spill), .spill_address(unused_input_spill_address),
        .spill_data(unused_input_spill_data), .up_address(unused_input_up), .up_data(unused_input_landing));

    logic [WEIGHT_LANE_GROUP*LANES-1:0] weight_arrived_mask;
    logic [WEIGHT_LANE_GROUP*W-1:0] weight_arrived_address;
    logic [3:0] weight_request, weight_ends;
    logic [4*W-1:0] weight_tile, weight_group;
    logic [WEIGHT_LANE_GROUP*LANES-1:0] unused_weight_mask;
    logic [WEIGHT_LANE_GROUP*W-1:0] unused_weight_leaving, unused_weight_up;
    logic [WEIGHT_LANE_GROUP*WEIGHT_BITS-1:0] unused_weight_landing;
    logic [WEIGHT_BUFFER_GROUP-1:0] unused_weight_spill;
    logic [WEIGHT_BUFFER_GROUP*W-1:0] unused_weight_spill_address;
    logic [WEIGHT_BUFFER_GROUP*WEIGHT_BITS-1:0] unused_weight_spill_data;
    logic [WEIGHT_BITS-1:0] unused_weight_look;
    tensor #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .SKEW(SKEW), .ROLE(1), .KEPT(KEPT[1]), .BITS(WEIGHT_BITS), .BUFFER_GROUP(WEIGHT_BUFFER_GROUP),
             .LANE_GROUP(WEIGHT_LANE_GROUP), .PER_LANE(WEIGHT_PER_LANE), .BUFFER_SLOTS(WEIGHT_BUFFER_SLOTS), .LANE_SLOTS(WEIGHT_SLOTS),
             .DRAM_LATENCY(DRAM_LATENCY), .BUFFER_LATENCY(WEIGHT_BUFFER_LATENCY), .LATENCY(WEIGHT_LATENCY), .MAC(MAC),
             .DRAM_WORDS(WEIGHT_DRAM_WORDS), .BUFFER_WORDS(WEIGHT_BUFFER_WORDS), .RING(RING)) weights (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .buffer_span, .lane_span, .window, .offset,
        .enabled, .heads, .share_class(share_class[1*LANES*8 +: LANES*8]), .tensor_stride(tensor_stride[4*W +: 4*W]),
        .buffer_stride(buffer_stride[4*W +: 4*W]), .lane_stride(lane_stride[4*W +: 4*W]),
        .buffer_words(buffer_words[1*W +: W]), .lane_words(lane_words[1*W +: W]), .skew, .load_valid(load_target == 3'd3),
        .load_address, .load_data(load_data[WEIGHT_BITS-1:0]), .look_data(unused_weight_look), .request(weight_request), .ends(weight_ends),
        .grant({1'b0, grant[5], 1'b0, grant[1]}),
        .trace_tile(weight_tile), .trace_group(weight_group), .step_done(issue && releases[1]), .ended(ended[1]),
        .reserved(reserved[2*W +: 2*W]), .usable(usable[2*W +: 2*W]), .room(room[2 +: 2]), .held_back(held_back[2 +: 2]),
        .arrived_mask(weight_arrived_mask), .arrived_address(weight_arrived_address), .arrived_data(weight_lane_data), .clear(clear[1]),
        .clear_address(clear_address[1*W +: W]), .fill_valid(weight_buffer_valid), .fill_address(weight_buffer_address),
        .fill_data(weight_buffer_data), .down_mask(weight_lane_mask), .down_address(weight_lane_address),
        .leaving_mask(unused_weight_mask), .leaving_address(unused_weight_leaving),
        .reduced({WEIGHT_LANE_GROUP*WEIGHT_BITS{1'b0}}), .spill_valid(unused_weight_spill), .spill_address(unused_weight_spill_address),
        .spill_data(unused_weight_spill_data), .up_address(unused_weight_up), .up_data(unused_weight_landing));

    logic [OUTPUT_LANE_GROUP*LANES-1:0] output_arrived_mask;
    logic [OUTPUT_LANE_GROUP*W-1:0] output_arrived_address;
    logic [3:0] output_request, output_ends;
    logic [4*W-1:0] output_tile, output_group;
    logic [OUTPUT_LANE_GROUP*W-1:0] leaving_address;
    logic [OUTPUT_LANE_GROUP*OUTPUT_BITS-1:0] reduced;
    tensor #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .SKEW(SKEW), .ROLE(2), .KEPT(KEPT[2]), .BITS(OUTPUT_BITS), .BUFFER_GROUP(OUTPUT_BUFFER_GROUP),
             .LANE_GROUP(OUTPUT_LANE_GROUP), .PER_LANE(OUTPUT_PER_LANE), .BUFFER_SLOTS(OUTPUT_BUFFER_SLOTS), .LANE_SLOTS(OUTPUT_SLOTS),
             .DRAM_LATENCY(DRAM_LATENCY), .BUFFER_LATENCY(OUTPUT_BUFFER_LATENCY), .LATENCY(OUTPUT_LATENCY), .MAC(MAC),
             .DRAM_WORDS(OUTPUT_DRAM_WORDS), .BUFFER_WORDS(OUTPUT_BUFFER_WORDS), .RING(RING)) outputs (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .buffer_span, .lane_span, .window, .offset,
        .enabled, .heads, .share_class(share_class[2*LANES*8 +: LANES*8]), .tensor_stride(tensor_stride[8*W +: 4*W]),
        .buffer_stride(buffer_stride[8*W +: 4*W]), .lane_stride(lane_stride[8*W +: 4*W]),
        .buffer_words(buffer_words[2*W +: W]), .lane_words(lane_words[2*W +: W]), .skew, .load_valid(load_target == 3'd4),
        .load_address, .load_data(load_data[OUTPUT_BITS-1:0]), .look_data(look_data), .request(output_request), .ends(output_ends),
        .grant({grant[7], grant[6], grant[3], grant[2]}),
        .trace_tile(output_tile), .trace_group(output_group), .step_done(issue && releases[2]), .ended(ended[2]),
        .reserved(reserved[4*W +: 2*W]), .usable(usable[4*W +: 2*W]), .room(room[4 +: 2]), .held_back(held_back[4 +: 2]),
        .arrived_mask(output_arrived_mask), .arrived_address(output_arrived_address), .arrived_data(output_lane_data), .clear(clear[2]),
        .clear_address(clear_address[2*W +: W]), .fill_valid(output_buffer_valid), .fill_address(output_buffer_address),
        .fill_data(output_buffer_data), .down_mask(output_lane_mask), .down_address(output_lane_address),
        .leaving_mask(up_lane_mask), .leaving_address, .reduced, .spill_valid(up_buffer_valid), .spill_address(up_buffer_address),
        .spill_data(up_buffer_data), .up_address(up_lane_address), .up_data(up_lane_data));

    assign request = {output_request[3], output_request[2], weight_request[2], input_request[2],
                      output_request[1], output_request[0], weight_request[0], input_request[0]};
    assign last_groups = {output_ends[3], output_ends[2], weight_ends[2], input_ends[2],
                          output_ends[1], output_ends[0], weight_ends[0], input_ends[0]};
    assign trace_tile = {output_tile[3*W +: W], output_tile[2*W +: W], weight_tile[2*W +: W], input_tile[2*W +: W],
                         output_tile[W +: W], output_tile[0 +: W], weight_tile[0 +: W], input_tile[0 +: W]};
    assign trace_group = {output_group[3*W +: W], output_group[2*W +: W], weight_group[2*W +: W], input_group[2*W +: W],
                          output_group[W +: W], output_group[0 +: W], weight_group[0 +: W], input_group[0 +: W]};

    array #(.W(W), .ROWS(ROWS), .COLUMNS(COLUMNS), .INPUT_BITS(INPUT_BITS), .WEIGHT_BITS(WEIGHT_BITS), .OUTPUT_BITS(OUTPUT_BITS),
            .INPUT_WORDS(INPUT_LANE_WORDS), .WEIGHT_WORDS(WEIGHT_LANE_WORDS), .OUTPUT_WORDS(OUTPUT_LANE_WORDS),
            .INPUT_GROUP(INPUT_LANE_GROUP), .WEIGHT_GROUP(WEIGHT_LANE_GROUP), .OUTPUT_GROUP(OUTPUT_LANE_GROUP), .MAC(MAC)) lanes (
        .clk, .reset, .link, .up_taps, .input_mask(input_arrived_mask), .input_address(input_arrived_address),
        .input_data(input_lane_data), .weight_mask(weight_arrived_mask), .weight_address(weight_arrived_address),
        .weight_data(weight_lane_data), .output_mask(output_arrived_mask), .output_address(output_arrived_address),
        .output_data(output_lane_data), .clear(clear[2]), .clear_address(clear_address[2*W +: W]),
        .clear_words(lane_words[2*W +: W]), .active(issue ? active : {LANES{1'b0}}), .in_tensor, .step_address,
        .drain_mask(up_lane_mask), .drain_address(leaving_address), .drain_data(reduced));
endmodule
