// SPDX-License-Identifier: Apache-2.0
// The PEs. Steps and cleared sums enter at the edge and reach each lane through the registers of all fan-outs; fills and drains
// come in the lanes' time.
// docs/microarchitecture.md: Section 3, "skew"; 4b.
module array #(
    parameter integer W = 24,
    parameter integer FANOUTS = 1,
    parameter integer POSITIONS = 4,
    parameter [FANOUTS*32-1:0] ROWS = 0,
    parameter [FANOUTS*32-1:0] COLUMNS = 0,
    parameter [(FANOUTS+1)*32-1:0] INSTANCES = 0,
    parameter integer LANES = 4,
    parameter integer INPUT_BITS = 16,
    parameter integer WEIGHT_BITS = 16,
    parameter integer OUTPUT_BITS = 32,
    parameter integer INPUT_WORDS = 64,
    parameter integer WEIGHT_WORDS = 64,
    parameter integer OUTPUT_WORDS = 64,
    parameter integer INPUT_GROUP = 4,
    parameter integer WEIGHT_GROUP = 4,
    parameter integer OUTPUT_GROUP = 2,
    parameter integer MAC = 1
) (
    input logic clk,
    input logic reset,
    input logic [FANOUTS*POSITIONS*2-1:0] link,
    // At the edge.
    input logic clear,
    input logic [W-1:0] clear_address,
    input logic [W-1:0] clear_words,
    input logic [W-1:0] clear_ring,
    input logic [LANES-1:0] active,
    input logic [LANES-1:0] in_tensor,
    input logic [3*W-1:0] step_address,
    // At the lanes.
    input logic [LANES*INPUT_GROUP-1:0] input_valid,
    input logic [LANES*INPUT_GROUP*W-1:0] input_address,
    input logic [LANES*INPUT_GROUP*INPUT_BITS-1:0] input_data,
    input logic [LANES*WEIGHT_GROUP-1:0] weight_valid,
    input logic [LANES*WEIGHT_GROUP*W-1:0] weight_address,
    input logic [LANES*WEIGHT_GROUP*WEIGHT_BITS-1:0] weight_data,
    input logic [LANES*OUTPUT_GROUP-1:0] output_valid,
    input logic [LANES*OUTPUT_GROUP*W-1:0] output_address,
    input logic [LANES*OUTPUT_GROUP*OUTPUT_BITS-1:0] output_data,
    input logic [LANES*OUTPUT_GROUP-1:0] drain_valid,
    input logic [LANES*OUTPUT_GROUP*W-1:0] drain_address,
    output logic [LANES*OUTPUT_GROUP*OUTPUT_BITS-1:0] drain_data
);
    localparam integer COMMAND = 1 + 6 * W + 2 * LANES;
    logic [LANES*COMMAND-1:0] commands;
    distribution #(.WIDTH(COMMAND), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS), .INSTANCES(INSTANCES),
                   .FROM(0), .TO(FANOUTS)) steps (
        .clk, .reset, .link, .in({clear, clear_address, clear_words, clear_ring, active, in_tensor, step_address}), .out(commands));

    genvar i;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : lane
            logic my_clear;
            logic [W-1:0] my_clear_address, my_clear_words, my_clear_ring;
            logic [LANES-1:0] my_active, my_in_tensor;
            logic [3*W-1:0] my_step;
            assign {my_clear, my_clear_address, my_clear_words, my_clear_ring, my_active, my_in_tensor, my_step} = commands[i*COMMAND +: COMMAND];
            pe #(.W(W), .INPUT_BITS(INPUT_BITS), .WEIGHT_BITS(WEIGHT_BITS), .OUTPUT_BITS(OUTPUT_BITS), .INPUT_WORDS(INPUT_WORDS),
                 .WEIGHT_WORDS(WEIGHT_WORDS), .OUTPUT_WORDS(OUTPUT_WORDS), .INPUT_FILL(INPUT_GROUP), .WEIGHT_FILL(WEIGHT_GROUP),
                 .OUTPUT_FILL(OUTPUT_GROUP), .DRAIN(OUTPUT_GROUP), .MAC(MAC)) element (
                .clk, .reset, .clear(my_clear), .clear_address(my_clear_address), .clear_words(my_clear_words), .clear_ring(my_clear_ring), .active(my_active[i]),
                .in_tensor(my_in_tensor[i]), .step_input(my_step[0 +: W]), .step_weight(my_step[W +: W]),
                .step_output(my_step[2*W +: W]),
                .input_valid(input_valid[i*INPUT_GROUP +: INPUT_GROUP]), .input_address(input_address[i*INPUT_GROUP*W +: INPUT_GROUP*W]),
                .input_data(input_data[i*INPUT_GROUP*INPUT_BITS +: INPUT_GROUP*INPUT_BITS]),
                .weight_valid(weight_valid[i*WEIGHT_GROUP +: WEIGHT_GROUP]), .weight_address(weight_address[i*WEIGHT_GROUP*W +: WEIGHT_GROUP*W]),
                .weight_data(weight_data[i*WEIGHT_GROUP*WEIGHT_BITS +: WEIGHT_GROUP*WEIGHT_BITS]),
                .output_valid(output_valid[i*OUTPUT_GROUP +: OUTPUT_GROUP]), .output_address(output_address[i*OUTPUT_GROUP*W +: OUTPUT_GROUP*W]),
                .output_data(output_data[i*OUTPUT_GROUP*OUTPUT_BITS +: OUTPUT_GROUP*OUTPUT_BITS]),
                .drain_valid(drain_valid[i*OUTPUT_GROUP +: OUTPUT_GROUP]),
                .drain_address(drain_address[i*OUTPUT_GROUP*W +: OUTPUT_GROUP*W]),
                .drain_data(drain_data[i*OUTPUT_GROUP*OUTPUT_BITS +: OUTPUT_GROUP*OUTPUT_BITS]));
        end
    endgenerate
endmodule
