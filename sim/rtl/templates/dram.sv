// SPDX-License-Identifier: Apache-2.0
// The ideal memory: one tensor's words behind a valid/ready port that is always ready. Data leaves LATENCY cycles after its read.
// docs/microarchitecture.md: Section 1, "Keepers"; 5.
module dram #(
    parameter integer W = 24,
    parameter integer BITS = 16,
    parameter integer WORDS = 1024,
    parameter integer GROUP = 4,
    parameter integer LATENCY = 2
) (
    input logic clk,
    input logic reset,
    input logic read_valid,
    output logic read_ready,
    input logic [GROUP*W-1:0] read_address,
    output logic [GROUP*BITS-1:0] read_data,
    input logic [GROUP-1:0] write_valid,
    output logic write_ready,
    input logic [GROUP*W-1:0] write_address,
    input logic [GROUP*BITS-1:0] write_data,
    // Before and after the run: the tensor is put in and taken out.
    input logic load_valid,
    input logic [W-1:0] load_address,
    input logic [BITS-1:0] load_data,
    output logic [BITS-1:0] look_data
);
    localparam integer ADDRESS = $clog2(WORDS);
    logic [BITS-1:0] words [0:WORDS-1];
    logic [GROUP*BITS-1:0] now;

    assign read_ready = 1'b1;
    assign write_ready = 1'b1;
    assign look_data = words[load_address[ADDRESS-1:0]];
    genvar g;
    generate
        for (g = 0; g < GROUP; g = g + 1) begin : port
            always_ff @(posedge clk)
                if (write_valid[g]) words[write_address[g*W +: ADDRESS]] <= write_data[g*BITS +: BITS];
            assign now[g*BITS +: BITS] = read_valid ? words[read_address[g*W +: ADDRESS]] : {BITS{1'b0}};
        end
    endgenerate
    network #(.WIDTH(GROUP*BITS), .LATENCY(LATENCY)) access (.clk, .reset, .in(now), .out(read_data));

    always_ff @(posedge clk)
        if (load_valid) words[load_address[ADDRESS-1:0]] <= load_data;
endmodule
