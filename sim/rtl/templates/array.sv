// SPDX-License-Identifier: Apache-2.0
// The array of PEs. What enters at the edge travels from PE to PE through one register each (`link`: 0 from the edge, 1 from the
// row above, 2 from the column before); sums leave through `up_taps` registers, so that a group's words meet `skew` cycles later.
// docs/microarchitecture.md: Section 3, "skew" and "flight_up".
module array #(
    parameter integer W = 24,
    parameter integer ROWS = 2,
    parameter integer COLUMNS = 2,
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
    input logic [ROWS*COLUMNS*2-1:0] link,
    input logic [ROWS*COLUMNS*8-1:0] up_taps,
    input logic [INPUT_GROUP*ROWS*COLUMNS-1:0] input_mask,
    input logic [INPUT_GROUP*W-1:0] input_address,
    input logic [INPUT_GROUP*INPUT_BITS-1:0] input_data,
    input logic [WEIGHT_GROUP*ROWS*COLUMNS-1:0] weight_mask,
    input logic [WEIGHT_GROUP*W-1:0] weight_address,
    input logic [WEIGHT_GROUP*WEIGHT_BITS-1:0] weight_data,
    input logic [OUTPUT_GROUP*ROWS*COLUMNS-1:0] output_mask,
    input logic [OUTPUT_GROUP*W-1:0] output_address,
    input logic [OUTPUT_GROUP*OUTPUT_BITS-1:0] output_data,
    input logic clear,
    input logic [W-1:0] clear_address,
    input logic [W-1:0] clear_words,
    input logic [ROWS*COLUMNS-1:0] active,
    input logic [ROWS*COLUMNS-1:0] in_tensor,
    input logic [3*W-1:0] step_address,
    input logic [OUTPUT_GROUP*ROWS*COLUMNS-1:0] drain_mask,
    input logic [OUTPUT_GROUP*W-1:0] drain_address,
    output logic [OUTPUT_GROUP*OUTPUT_BITS-1:0] drain_data
);
    localparam integer LANES = ROWS * COLUMNS;
    localparam integer SKEW = ROWS + COLUMNS;
    localparam integer BUNDLE = INPUT_GROUP * (LANES + W + INPUT_BITS) + WEIGHT_GROUP * (LANES + W + WEIGHT_BITS)
                                + OUTPUT_GROUP * (2 * LANES + 2 * W + OUTPUT_BITS) + 1 + 5 * W + 2 * LANES;
    logic [BUNDLE-1:0] edge_bundle;
    assign edge_bundle = {input_mask, input_address, input_data, weight_mask, weight_address, weight_data, output_mask,
                          output_address, output_data, clear, clear_address, clear_words, active, in_tensor, step_address,
                          drain_mask, drain_address};
    logic [LANES*BUNDLE-1:0] here, held;
    logic [LANES*OUTPUT_GROUP*OUTPUT_BITS-1:0] sums;

    genvar i, g;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : lane
            localparam integer ABOVE = i >= COLUMNS ? i - COLUMNS : 0;
            localparam integer BEFORE = i % COLUMNS > 0 ? i - 1 : 0;
            logic [INPUT_GROUP*LANES-1:0] my_input_mask;
            logic [INPUT_GROUP*W-1:0] my_input_address;
            logic [INPUT_GROUP*INPUT_BITS-1:0] my_input_data;
            logic [WEIGHT_GROUP*LANES-1:0] my_weight_mask;
            logic [WEIGHT_GROUP*W-1:0] my_weight_address;
            logic [WEIGHT_GROUP*WEIGHT_BITS-1:0] my_weight_data;
            logic [OUTPUT_GROUP*LANES-1:0] my_output_mask, my_drain_mask;
            logic [OUTPUT_GROUP*W-1:0] my_output_address, my_drain_address;
            logic [OUTPUT_GROUP*OUTPUT_BITS-1:0] my_output_data, leaving;
            logic my_clear;
            logic [W-1:0] my_clear_address, my_clear_words;
            logic [LANES-1:0] my_active, my_in_tensor;
            logic [3*W-1:0] my_step;
            logic [INPUT_GROUP-1:0] input_valid;
            logic [WEIGHT_GROUP-1:0] weight_valid;
            logic [OUTPUT_GROUP-1:0] output_valid, drain_valid;

            always_ff @(posedge clk) held[i*BUNDLE +: BUNDLE] <= reset ? {BUNDLE{1'b0}} : here[i*BUNDLE +: BUNDLE];
            assign here[i*BUNDLE +: BUNDLE] = link[i*2 +: 2] == 2'd2 ? held[BEFORE*BUNDLE +: BUNDLE]
                                              : link[i*2 +: 2] == 2'd1 ? held[ABOVE*BUNDLE +: BUNDLE] : edge_bundle;
            assign {my_input_mask, my_input_address, my_input_data, my_weight_mask, my_weight_address, my_weight_data,
                    my_output_mask, my_output_address, my_output_data, my_clear, my_clear_address, my_clear_words, my_active,
                    my_in_tensor, my_step, my_drain_mask, my_drain_address} = here[i*BUNDLE +: BUNDLE];
            for (g = 0; g < INPUT_GROUP; g = g + 1) begin : take_input
                assign input_valid[g] = my_input_mask[g*LANES+i];
            end
            for (g = 0; g < WEIGHT_GROUP; g = g + 1) begin : take_weight
                assign weight_valid[g] = my_weight_mask[g*LANES+i];
            end
            for (g = 0; g < OUTPUT_GROUP; g = g + 1) begin : take_output
                assign output_valid[g] = my_output_mask[g*LANES+i];
                assign drain_valid[g] = my_drain_mask[g*LANES+i];
            end
            pe #(.W(W), .INPUT_BITS(INPUT_BITS), .WEIGHT_BITS(WEIGHT_BITS), .OUTPUT_BITS(OUTPUT_BITS), .INPUT_WORDS(INPUT_WORDS),
                 .WEIGHT_WORDS(WEIGHT_WORDS), .OUTPUT_WORDS(OUTPUT_WORDS), .INPUT_FILL(INPUT_GROUP), .WEIGHT_FILL(WEIGHT_GROUP),
                 .OUTPUT_FILL(OUTPUT_GROUP), .DRAIN(OUTPUT_GROUP), .MAC(MAC)) element (
                .clk, .reset, .input_valid, .input_address(my_input_address), .input_data(my_input_data), .weight_valid,
                .weight_address(my_weight_address), .weight_data(my_weight_data), .output_valid,
                .output_address(my_output_address), .output_data(my_output_data), .clear(my_clear),
                .clear_address(my_clear_address), .clear_words(my_clear_words), .active(my_active[i]), .in_tensor(my_in_tensor[i]),
                .step_input(my_step[0 +: W]), .step_weight(my_step[W +: W]), .step_output(my_step[2*W +: W]), .drain_valid,
                .drain_address(my_drain_address), .drain_data(leaving));
            delay #(.WIDTH(OUTPUT_GROUP*OUTPUT_BITS), .CYCLES(SKEW)) aligned (
                .clk, .reset, .taps(up_taps[i*8 +: 8]), .in(leaving), .out(sums[i*OUTPUT_GROUP*OUTPUT_BITS +: OUTPUT_GROUP*OUTPUT_BITS]));
        end
    endgenerate

    always @* begin : reduce
        integer w, n;
        drain_data = {OUTPUT_GROUP*OUTPUT_BITS{1'b0}};
        for (w = 0; w < OUTPUT_GROUP; w = w + 1)
            for (n = 0; n < LANES; n = n + 1)
                drain_data[w*OUTPUT_BITS +: OUTPUT_BITS] = drain_data[w*OUTPUT_BITS +: OUTPUT_BITS]
                                                           + sums[(n*OUTPUT_GROUP+w)*OUTPUT_BITS +: OUTPUT_BITS];
    end
endmodule
