// SPDX-License-Identifier: Apache-2.0
// The machine of docs/microarchitecture.md: three tensors, each with its part of the DRAM and its chain of boundaries; the PEs; one
// arbiter and the sequencer. Boundaries of the input come first, outermost first, then the weight's and the output's. Movers, in
// `grant` and in the traces: the fills of all boundaries, then the drains of the output's.
// docs/microarchitecture.md: Section 1, "Levels".
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
    output logic [7:0] cause,       // sequencer.sv
    // Per mover: the group granted, of TRACED words each for WAYS children of one parent; masks and addresses (in the child's tile) at
    // the grant, data when they arrive at each of PARENTS.
    output logic [MOVERS-1:0] grant,
    output logic [MOVERS*W-1:0] trace_tile,
    output logic [MOVERS*W-1:0] trace_group,
    output logic [MOVERS*TRACED*WAYS-1:0] trace_mask,
    output logic [MOVERS*TRACED*W-1:0] trace_address,
    output logic [MOVERS*PARENTS*TRACED*32-1:0] trace_data
);
    localparam integer N = INPUT_BOUNDARIES + WEIGHT_BOUNDARIES + OUTPUT_BOUNDARIES;
    localparam integer SUMS = INPUT_BOUNDARIES + WEIGHT_BOUNDARIES;

    logic [LOOPS*W-1:0] loop_bound, loop_stride;
    logic [LOOPS*3-1:0] loop_dimension, loop_level;
    logic [7*W-1:0] limit;
    logic [6*W-1:0] window;
    logic [12*W-1:0] size, tensor_stride;
    logic [4*W-1:0] key_stride;
    logic copies;
    logic [FANOUTS*8-1:0] skew;
    logic [FANOUTS*POSITIONS*2-1:0] link;
    logic [FANOUTS*POSITIONS*8-1:0] up_taps;
    logic [LANES*7*W-1:0] offset;
    logic [LANES-1:0] enabled, heads;
    logic [N*7*W-1:0] span;
    logic [N*4*W-1:0] tile_stride;
    logic [N*W-1:0] tile_words, ring;
    logic [N*WAYS*8-1:0] share_class;
    logic [N*WAYS*W-1:0] place_address;
    registers #(.W(W), .LOOPS(LOOPS), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .LANES(LANES), .BOUNDARIES(N), .WAYS(WAYS)) program_words (
        .clk, .load_valid(load_target == 3'd1), .load_address, .load_data(load_data[W-1:0]), .loop_bound, .loop_stride,
        .loop_dimension, .loop_level, .limit, .window, .size, .tensor_stride, .key_stride, .copies, .skew, .link, .up_taps, .offset, .enabled, .heads, .span,
        .tile_stride, .tile_words, .ring, .share_class, .place_address);

    logic [MOVERS-1:0] request, last_groups;
    logic [MOVERS*POOLS-1:0] needs;
    logic [MOVERS*BANKS-1:0] parent_banks, child_banks;
    logic issue;
    arbiter #(.MOVERS(MOVERS), .POOLS(POOLS), .ORDER(ORDER), .FIXED(FIXED), .BURST(BURST), .PORTS(PORTS),
              .MAC_TAKES(MAC_TAKES)) arbitration (
        .clk, .reset, .step(issue), .request, .needs, .last(last_groups), .grant);
    // Pools of a word-interleaved memory are there once per bank, from PARENT_POOL or CHILD_POOL on.
    always @* begin : take_banks
        integer m, k;
        needs = NEEDS;
        for (m = 0; m < MOVERS; m = m + 1)
            for (k = 0; k < BANKS; k = k + 1) begin
                if (PARENT_BANKED[m] && parent_banks[m*BANKS+k]) needs[m*POOLS+{16'd0, PARENT_POOL[m*16 +: 16]}+k] = 1'b1;
                if (CHILD_BANKED[m] && child_banks[m*BANKS+k]) needs[m*POOLS+{16'd0, CHILD_POOL[m*16 +: 16]}+k] = 1'b1;
            end
    end

    // Per boundary.
    logic [N*W-1:0] reserved, usable;
    logic [N-1:0] room, held_back;
    // Per tensor.
    logic [2:0] clear, releases, ended;
    logic [3*W-1:0] step_address, clear_address, lane_words, lane_ring, step_position;
    logic [2*W-1:0] step_left;
    logic [12*W-1:0] lane_stride;
    logic [LANES-1:0] active, in_tensor;
    assign done = ended[2];
    assign lane_words = {tile_words[(N-1)*W +: W], tile_words[(SUMS-1)*W +: W], tile_words[(INPUT_BOUNDARIES-1)*W +: W]};
    assign lane_ring = {ring[(N-1)*W +: W], ring[(SUMS-1)*W +: W], ring[(INPUT_BOUNDARIES-1)*W +: W]};
    assign lane_stride = {tile_stride[(N-1)*4*W +: 4*W], tile_stride[(SUMS-1)*4*W +: 4*W],
                          tile_stride[(INPUT_BOUNDARIES-1)*4*W +: 4*W]};
    sequencer #(.W(W), .LOOPS(LOOPS), .LANES(LANES), .KEPT(KEPT), .INNER(INNER), .INPUTS(INPUT_BOUNDARIES),
                .WEIGHTS(WEIGHT_BOUNDARIES), .OUTPUTS(OUTPUT_BOUNDARIES), .ABOVE({OUTPUT_ABOVE, WEIGHT_ABOVE, INPUT_ABOVE}),
                .WINDOWED({WEIGHT_WINDOWED[(WEIGHT_BOUNDARIES-1)*32], INPUT_WINDOWED[(INPUT_BOUNDARIES-1)*32]})) steps (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .window, .size, .offset, .enabled, .lane_stride,
        .lane_words, .lane_ring, .usable, .reserved(reserved[SUMS*W +: OUTPUT_BOUNDARIES*W]), .room(room[SUMS +: OUTPUT_BOUNDARIES]),
        .held_back(held_back[SUMS +: OUTPUT_BOUNDARIES]), .issue, .releases, .address(step_address), .place(step_position), .left(step_left), .active, .in_tensor, .cause);

    logic [LANES*INPUT_GROUP[(INPUT_BOUNDARIES-1)*32 +: 32]-1:0] input_fill_valid, input_drain_valid;
    logic [LANES*INPUT_GROUP[(INPUT_BOUNDARIES-1)*32 +: 32]*W-1:0] input_fill_address, input_drain_address;
    logic [LANES*INPUT_GROUP[(INPUT_BOUNDARIES-1)*32 +: 32]*INPUT_BITS-1:0] input_fill_data, input_drain_data;
    logic [2*INPUT_BOUNDARIES-1:0] input_request, input_ends;
    logic [2*INPUT_BOUNDARIES*BANKS-1:0] input_parent_banks, input_child_banks;
    logic [2*INPUT_BOUNDARIES*W-1:0] input_tile, input_group;
    logic [2*INPUT_BOUNDARIES*TRACED*WAYS-1:0] input_mask;
    logic [2*INPUT_BOUNDARIES*TRACED*W-1:0] input_address;
    logic [2*INPUT_BOUNDARIES*PARENTS*TRACED*32-1:0] input_data;
    logic [INPUT_BITS-1:0] unused_input_look;
    assign input_drain_data = {LANES*INPUT_GROUP[(INPUT_BOUNDARIES-1)*32 +: 32]*INPUT_BITS{1'b0}};
    tensor #(.W(W), .LOOPS(LOOPS), .ROLE(0), .BITS(INPUT_BITS), .STREAMS(!KEPT[0]), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS),
             .COLUMNS(COLUMNS), .INSTANCES(INSTANCES), .LANES(LANES), .WAYS(WAYS), .PARENTS(PARENTS), .TRACED(TRACED),
             .N(INPUT_BOUNDARIES), .INSIDE(INPUT_INSIDE), .ABOVE(INPUT_ABOVE), .GROUP(INPUT_GROUP), .PER_LANE(INPUT_PER_LANE), .PARENT_BANKS(INPUT_PARENT_BANKS),
             .CHILD_BANKS(INPUT_CHILD_BANKS), .BANKS(BANKS), .SLOTS(INPUT_SLOTS), .WINDOWED(INPUT_WINDOWED), .OVERLAP(OVERLAP[0 +: INPUT_BOUNDARIES]), .SCAN(INPUT_SCAN),
             .CHILD_WORDS(INPUT_WORDS), .LATENCY(INPUT_LATENCY), .NETWORK(INPUT_NETWORK), .SKEW(INPUT_SKEW), .DRAM_WORDS(INPUT_DRAM_WORDS),
             .MAC(MAC), .RING(RING)) inputs (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .window,
        .tensor_stride(tensor_stride[0*W +: 4*W]), .key_stride, .size(size[0*W +: 4*W]), .copies, .offset, .enabled, .heads, .skew, .link, .up_taps,
        .span(span[0*7*W +: INPUT_BOUNDARIES*7*W]), .tile_stride(tile_stride[0*4*W +: INPUT_BOUNDARIES*4*W]),
        .tile_words(tile_words[0*W +: INPUT_BOUNDARIES*W]), .ring(ring[0*W +: INPUT_BOUNDARIES*W]), .share_class(share_class[0*WAYS*8 +: INPUT_BOUNDARIES*WAYS*8]),
        .place_address(place_address[0*WAYS*W +: INPUT_BOUNDARIES*WAYS*W]),
        .load_valid(load_target == 3'd2), .load_address, .load_data(load_data[INPUT_BITS-1:0]), .look_data(unused_input_look),
        .request(input_request), .ends(input_ends), .parent_banks(input_parent_banks),
        .child_banks(input_child_banks), .grant({{INPUT_BOUNDARIES{1'b0}}, grant[0 +: INPUT_BOUNDARIES]}), .step_left(step_left[0*W +: W]), .step_position(step_position[0*W +: W]), .issue,
        .step_done(issue && releases[0]), .ended(ended[0]),
        .reserved(reserved[0*W +: INPUT_BOUNDARIES*W]), .usable(usable[0*W +: INPUT_BOUNDARIES*W]), .room(room[0 +: INPUT_BOUNDARIES]),
        .held_back(held_back[0 +: INPUT_BOUNDARIES]), .fill_valid(input_fill_valid), .fill_address(input_fill_address),
        .fill_data(input_fill_data), .clear(clear[0]), .clear_address(clear_address[0*W +: W]), .drain_valid(input_drain_valid),
        .drain_address(input_drain_address), .drain_data(input_drain_data), .trace_tile(input_tile), .trace_group(input_group),
        .trace_mask(input_mask), .trace_address(input_address), .trace_data(input_data));

    logic [LANES*WEIGHT_GROUP[(WEIGHT_BOUNDARIES-1)*32 +: 32]-1:0] weight_fill_valid, weight_drain_valid;
    logic [LANES*WEIGHT_GROUP[(WEIGHT_BOUNDARIES-1)*32 +: 32]*W-1:0] weight_fill_address, weight_drain_address;
    logic [LANES*WEIGHT_GROUP[(WEIGHT_BOUNDARIES-1)*32 +: 32]*WEIGHT_BITS-1:0] weight_fill_data, weight_drain_data;
    logic [2*WEIGHT_BOUNDARIES-1:0] weight_request, weight_ends;
    logic [2*WEIGHT_BOUNDARIES*BANKS-1:0] weight_parent_banks, weight_child_banks;
    logic [2*WEIGHT_BOUNDARIES*W-1:0] weight_tile, weight_group;
    logic [2*WEIGHT_BOUNDARIES*TRACED*WAYS-1:0] weight_mask;
    logic [2*WEIGHT_BOUNDARIES*TRACED*W-1:0] weight_address;
    logic [2*WEIGHT_BOUNDARIES*PARENTS*TRACED*32-1:0] weight_data;
    logic [WEIGHT_BITS-1:0] unused_weight_look;
    assign weight_drain_data = {LANES*WEIGHT_GROUP[(WEIGHT_BOUNDARIES-1)*32 +: 32]*WEIGHT_BITS{1'b0}};
    tensor #(.W(W), .LOOPS(LOOPS), .ROLE(1), .BITS(WEIGHT_BITS), .STREAMS(!KEPT[1]), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS),
             .COLUMNS(COLUMNS), .INSTANCES(INSTANCES), .LANES(LANES), .WAYS(WAYS), .PARENTS(PARENTS), .TRACED(TRACED),
             .N(WEIGHT_BOUNDARIES), .INSIDE(WEIGHT_INSIDE), .ABOVE(WEIGHT_ABOVE), .GROUP(WEIGHT_GROUP), .PER_LANE(WEIGHT_PER_LANE), .PARENT_BANKS(WEIGHT_PARENT_BANKS),
             .CHILD_BANKS(WEIGHT_CHILD_BANKS), .BANKS(BANKS), .SLOTS(WEIGHT_SLOTS), .WINDOWED(WEIGHT_WINDOWED), .OVERLAP(OVERLAP[INPUT_BOUNDARIES +: WEIGHT_BOUNDARIES]), .SCAN(WEIGHT_SCAN),
             .CHILD_WORDS(WEIGHT_WORDS), .LATENCY(WEIGHT_LATENCY), .NETWORK(WEIGHT_NETWORK), .SKEW(WEIGHT_SKEW), .DRAM_WORDS(WEIGHT_DRAM_WORDS),
             .MAC(MAC), .RING(RING)) weights (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .window,
        .tensor_stride(tensor_stride[4*W +: 4*W]), .key_stride, .size(size[4*W +: 4*W]), .copies, .offset, .enabled, .heads, .skew, .link, .up_taps,
        .span(span[INPUT_BOUNDARIES*7*W +: WEIGHT_BOUNDARIES*7*W]), .tile_stride(tile_stride[INPUT_BOUNDARIES*4*W +: WEIGHT_BOUNDARIES*4*W]),
        .tile_words(tile_words[INPUT_BOUNDARIES*W +: WEIGHT_BOUNDARIES*W]), .ring(ring[INPUT_BOUNDARIES*W +: WEIGHT_BOUNDARIES*W]), .share_class(share_class[INPUT_BOUNDARIES*WAYS*8 +: WEIGHT_BOUNDARIES*WAYS*8]),
        .place_address(place_address[INPUT_BOUNDARIES*WAYS*W +: WEIGHT_BOUNDARIES*WAYS*W]),
        .load_valid(load_target == 3'd3), .load_address, .load_data(load_data[WEIGHT_BITS-1:0]), .look_data(unused_weight_look),
        .request(weight_request), .ends(weight_ends), .parent_banks(weight_parent_banks),
        .child_banks(weight_child_banks), .grant({{WEIGHT_BOUNDARIES{1'b0}}, grant[INPUT_BOUNDARIES +: WEIGHT_BOUNDARIES]}), .step_left(step_left[1*W +: W]), .step_position(step_position[1*W +: W]), .issue,
        .step_done(issue && releases[1]), .ended(ended[1]),
        .reserved(reserved[INPUT_BOUNDARIES*W +: WEIGHT_BOUNDARIES*W]), .usable(usable[INPUT_BOUNDARIES*W +: WEIGHT_BOUNDARIES*W]), .room(room[INPUT_BOUNDARIES +: WEIGHT_BOUNDARIES]),
        .held_back(held_back[INPUT_BOUNDARIES +: WEIGHT_BOUNDARIES]), .fill_valid(weight_fill_valid), .fill_address(weight_fill_address),
        .fill_data(weight_fill_data), .clear(clear[1]), .clear_address(clear_address[1*W +: W]), .drain_valid(weight_drain_valid),
        .drain_address(weight_drain_address), .drain_data(weight_drain_data), .trace_tile(weight_tile), .trace_group(weight_group),
        .trace_mask(weight_mask), .trace_address(weight_address), .trace_data(weight_data));

    logic [LANES*OUTPUT_GROUP[(OUTPUT_BOUNDARIES-1)*32 +: 32]-1:0] output_fill_valid, output_drain_valid;
    logic [LANES*OUTPUT_GROUP[(OUTPUT_BOUNDARIES-1)*32 +: 32]*W-1:0] output_fill_address, output_drain_address;
    logic [LANES*OUTPUT_GROUP[(OUTPUT_BOUNDARIES-1)*32 +: 32]*OUTPUT_BITS-1:0] output_fill_data, output_drain_data;
    logic [OUTPUT_BITS-1:0] output_look;
    assign look_data = 32'(output_look);
    logic [2*OUTPUT_BOUNDARIES-1:0] output_request, output_ends;
    logic [2*OUTPUT_BOUNDARIES*BANKS-1:0] output_parent_banks, output_child_banks;
    logic [2*OUTPUT_BOUNDARIES*W-1:0] output_tile, output_group;
    logic [2*OUTPUT_BOUNDARIES*TRACED*WAYS-1:0] output_mask;
    logic [2*OUTPUT_BOUNDARIES*TRACED*W-1:0] output_address;
    logic [2*OUTPUT_BOUNDARIES*PARENTS*TRACED*32-1:0] output_data;
    tensor #(.W(W), .LOOPS(LOOPS), .ROLE(2), .BITS(OUTPUT_BITS), .STREAMS(!KEPT[2]), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS),
             .COLUMNS(COLUMNS), .INSTANCES(INSTANCES), .LANES(LANES), .WAYS(WAYS), .PARENTS(PARENTS), .TRACED(TRACED),
             .N(OUTPUT_BOUNDARIES), .INSIDE(OUTPUT_INSIDE), .ABOVE(OUTPUT_ABOVE), .GROUP(OUTPUT_GROUP), .PER_LANE(OUTPUT_PER_LANE), .PARENT_BANKS(OUTPUT_PARENT_BANKS),
             .CHILD_BANKS(OUTPUT_CHILD_BANKS), .BANKS(BANKS), .SLOTS(OUTPUT_SLOTS), .WINDOWED(OUTPUT_WINDOWED), .OVERLAP(OVERLAP[SUMS +: OUTPUT_BOUNDARIES]), .SCAN(OUTPUT_SCAN),
             .CHILD_WORDS(OUTPUT_WORDS), .LATENCY(OUTPUT_LATENCY), .NETWORK(OUTPUT_NETWORK), .SKEW(OUTPUT_SKEW), .DRAM_WORDS(OUTPUT_DRAM_WORDS),
             .MAC(MAC), .RING(RING)) outputs (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .window,
        .tensor_stride(tensor_stride[8*W +: 4*W]), .key_stride, .size(size[8*W +: 4*W]), .copies, .offset, .enabled, .heads, .skew, .link, .up_taps,
        .span(span[SUMS*7*W +: OUTPUT_BOUNDARIES*7*W]), .tile_stride(tile_stride[SUMS*4*W +: OUTPUT_BOUNDARIES*4*W]),
        .tile_words(tile_words[SUMS*W +: OUTPUT_BOUNDARIES*W]), .ring(ring[SUMS*W +: OUTPUT_BOUNDARIES*W]), .share_class(share_class[SUMS*WAYS*8 +: OUTPUT_BOUNDARIES*WAYS*8]),
        .place_address(place_address[SUMS*WAYS*W +: OUTPUT_BOUNDARIES*WAYS*W]),
        .load_valid(load_target == 3'd4), .load_address, .load_data(load_data[OUTPUT_BITS-1:0]), .look_data(output_look),
        .request(output_request), .ends(output_ends), .parent_banks(output_parent_banks),
        .child_banks(output_child_banks), .grant(grant[SUMS +: 2*OUTPUT_BOUNDARIES]), .step_left({W{1'b0}}), .step_position(step_position[2*W +: W]), .issue,
        .step_done(issue && releases[2]), .ended(ended[2]),
        .reserved(reserved[SUMS*W +: OUTPUT_BOUNDARIES*W]), .usable(usable[SUMS*W +: OUTPUT_BOUNDARIES*W]), .room(room[SUMS +: OUTPUT_BOUNDARIES]),
        .held_back(held_back[SUMS +: OUTPUT_BOUNDARIES]), .fill_valid(output_fill_valid), .fill_address(output_fill_address),
        .fill_data(output_fill_data), .clear(clear[2]), .clear_address(clear_address[2*W +: W]), .drain_valid(output_drain_valid),
        .drain_address(output_drain_address), .drain_data(output_drain_data), .trace_tile(output_tile), .trace_group(output_group),
        .trace_mask(output_mask), .trace_address(output_address), .trace_data(output_data));

    assign request = {output_request, weight_request[0 +: WEIGHT_BOUNDARIES], input_request[0 +: INPUT_BOUNDARIES]};
    assign last_groups = {output_ends, weight_ends[0 +: WEIGHT_BOUNDARIES], input_ends[0 +: INPUT_BOUNDARIES]};
    assign parent_banks = {output_parent_banks, weight_parent_banks[0 +: WEIGHT_BOUNDARIES*BANKS], input_parent_banks[0 +: INPUT_BOUNDARIES*BANKS]};
    assign child_banks = {output_child_banks, weight_child_banks[0 +: WEIGHT_BOUNDARIES*BANKS], input_child_banks[0 +: INPUT_BOUNDARIES*BANKS]};
    assign trace_tile = {output_tile, weight_tile[0 +: WEIGHT_BOUNDARIES*W], input_tile[0 +: INPUT_BOUNDARIES*W]};
    assign trace_group = {output_group, weight_group[0 +: WEIGHT_BOUNDARIES*W], input_group[0 +: INPUT_BOUNDARIES*W]};
    assign trace_mask = {output_mask, weight_mask[0 +: WEIGHT_BOUNDARIES*TRACED*WAYS], input_mask[0 +: INPUT_BOUNDARIES*TRACED*WAYS]};
    assign trace_address = {output_address, weight_address[0 +: WEIGHT_BOUNDARIES*TRACED*W], input_address[0 +: INPUT_BOUNDARIES*TRACED*W]};
    assign trace_data = {output_data, weight_data[0 +: WEIGHT_BOUNDARIES*PARENTS*TRACED*32], input_data[0 +: INPUT_BOUNDARIES*PARENTS*TRACED*32]};

    array #(.W(W), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS), .INSTANCES(INSTANCES), .LANES(LANES),
            .INPUT_BITS(INPUT_BITS), .WEIGHT_BITS(WEIGHT_BITS), .OUTPUT_BITS(OUTPUT_BITS),
            .INPUT_WORDS(INPUT_WORDS[(INPUT_BOUNDARIES-1)*32 +: 32]), .WEIGHT_WORDS(WEIGHT_WORDS[(WEIGHT_BOUNDARIES-1)*32 +: 32]),
            .OUTPUT_WORDS(OUTPUT_WORDS[(OUTPUT_BOUNDARIES-1)*32 +: 32]), .INPUT_GROUP(INPUT_GROUP[(INPUT_BOUNDARIES-1)*32 +: 32]),
            .WEIGHT_GROUP(WEIGHT_GROUP[(WEIGHT_BOUNDARIES-1)*32 +: 32]),
            .OUTPUT_GROUP(OUTPUT_GROUP[(OUTPUT_BOUNDARIES-1)*32 +: 32]), .MAC(MAC)) lanes (
        .clk, .reset, .link, .clear(clear[2]), .clear_address(clear_address[2*W +: W]), .clear_words(lane_words[2*W +: W]), .clear_ring(lane_ring[2*W +: W]),
        .active(issue ? active : {LANES{1'b0}}), .in_tensor, .step_address, .input_valid(input_fill_valid),
        .input_address(input_fill_address), .input_data(input_fill_data), .weight_valid(weight_fill_valid),
        .weight_address(weight_fill_address), .weight_data(weight_fill_data), .output_valid(output_fill_valid),
        .output_address(output_fill_address), .output_data(output_fill_data), .drain_valid(output_drain_valid),
        .drain_address(output_drain_address), .drain_data(output_drain_data));
endmodule
