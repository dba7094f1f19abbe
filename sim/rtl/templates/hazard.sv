// SPDX-License-Identifier: Apache-2.0
// The output tiles that are reserved but have not landed, oldest first, by the key of their box.
// docs/microarchitecture.md: Section 4c, condition (3).
module hazard #(
    parameter integer W = 24,
    parameter integer RING = 32
) (
    input logic clk,
    input logic reset,
    input logic reserve,
    input logic [W-1:0] key,
    input logic land,
    output logic conflict  // one of them has this key
);
    logic [RING*W-1:0] keys;
    logic [RING-1:0] waiting;
    logic [$clog2(RING)-1:0] newest, oldest;

    always @* begin : compare
        integer i;
        conflict = 1'b0;
        for (i = 0; i < RING; i = i + 1)
            if (waiting[i] && keys[i*W +: W] == key) conflict = 1'b1;
    end

    always_ff @(posedge clk) begin
        if (reset) begin
            waiting <= {RING{1'b0}};
            newest <= 0;
            oldest <= 0;
        end else begin
            if (reserve) begin
                waiting[newest] <= 1'b1;
                keys[newest*W +: W] <= key;
                newest <= newest + 1;
            end
            if (land) begin
                waiting[oldest] <= 1'b0;
                oldest <= oldest + 1;
            end
        end
    end
endmodule
