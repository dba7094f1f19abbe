// SPDX-License-Identifier: Apache-2.0
// A processing element: two operand files, the sums, a multiplier of MAC cycles. Everything in the lane's own time.
// docs/microarchitecture.md: Section 4b.
module pe #(
    parameter integer W = 24,
    parameter integer INPUT_BITS = 16,
    parameter integer WEIGHT_BITS = 16,
    parameter integer OUTPUT_BITS = 32,
    parameter integer INPUT_WORDS = 64,
    parameter integer WEIGHT_WORDS = 64,
    parameter integer OUTPUT_WORDS = 64,
    parameter integer INPUT_FILL = 4,
    parameter integer WEIGHT_FILL = 4,
    parameter integer OUTPUT_FILL = 2,
    parameter integer DRAIN = 2,
    parameter integer MAC = 1
) (
    input logic clk,
    input logic reset,
    input logic [INPUT_FILL-1:0] input_valid,
    input logic [INPUT_FILL*W-1:0] input_address,
    input logic [INPUT_FILL*INPUT_BITS-1:0] input_data,
    input logic [WEIGHT_FILL-1:0] weight_valid,
    input logic [WEIGHT_FILL*W-1:0] weight_address,
    input logic [WEIGHT_FILL*WEIGHT_BITS-1:0] weight_data,
    input logic [OUTPUT_FILL-1:0] output_valid,
    input logic [OUTPUT_FILL*W-1:0] output_address,
    input logic [OUTPUT_FILL*OUTPUT_BITS-1:0] output_data,
    input logic clear,
    input logic [W-1:0] clear_address,
    input logic [W-1:0] clear_words,
    input logic [W-1:0] clear_ring,
    input logic active,   // a step, and this lane takes part
    input logic in_tensor,   // its operands' elements are in their tensors; others are zero
    input logic [W-1:0] step_input,
    input logic [W-1:0] step_weight,
    input logic [W-1:0] step_output,
    input logic [DRAIN-1:0] drain_valid,
    input logic [DRAIN*W-1:0] drain_address,
    output logic [DRAIN*OUTPUT_BITS-1:0] drain_data
);
    logic signed [INPUT_BITS-1:0] left;
    logic signed [WEIGHT_BITS-1:0] right;
    register_file #(.W(W), .BITS(INPUT_BITS), .WORDS(INPUT_WORDS), .FILL(INPUT_FILL)) inputs (
        .clk, .fill_valid(input_valid), .fill_address(input_address), .fill_data(input_data), .read_address(step_input),
        .read_data(left));
    register_file #(.W(W), .BITS(WEIGHT_BITS), .WORDS(WEIGHT_WORDS), .FILL(WEIGHT_FILL)) weights (
        .clk, .fill_valid(weight_valid), .fill_address(weight_address), .fill_data(weight_data), .read_address(step_weight),
        .read_data(right));

    logic signed [OUTPUT_BITS-1:0] wide_left, wide_right, product, retiring;
    logic add;
    logic [W-1:0] add_address;
    assign wide_left = OUTPUT_BITS'(left);
    assign wide_right = OUTPUT_BITS'(right);
    assign product = in_tensor ? wide_left * wide_right : {OUTPUT_BITS{1'b0}};
    network #(.WIDTH(OUTPUT_BITS + W + 1), .LATENCY(MAC - 1)) multiplier (
        .clk, .reset, .in({active, step_output, product}), .out({add, add_address, retiring}));

    sum_file #(.W(W), .BITS(OUTPUT_BITS), .WORDS(OUTPUT_WORDS), .FILL(OUTPUT_FILL), .DRAIN(DRAIN)) sums (
        .clk, .clear, .clear_address, .clear_words, .clear_ring, .fill_valid(output_valid), .fill_address(output_address),
        .fill_data(output_data), .add, .add_address, .add_data(retiring), .drain_valid, .drain_address, .drain_data);
endmodule
