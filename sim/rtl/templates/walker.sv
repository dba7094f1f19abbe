// SPDX-License-Identifier: Apache-2.0
// Walks the temporal loops above a child (bit `level` of ABOVE), outermost first in the loop registers. With MERGE, iterations in which
// no loop of a RELEVANT dimension changes are passed over (the same tile). Holds the current tile and the one after it.
// docs/microarchitecture.md: Section 1, "Loops" and "Same tile".
module walker #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter [7:0] ABOVE = 8'd1,
    parameter [7:0] OUTER = 8'd0,
    parameter [2:0] INNER = 3'd2,  // the level that inner_index is about
    parameter [6:0] RELEVANT = 7'h7f,
    parameter [0:0] MERGE = 1,
    parameter [0:0] LATER = 0
) (
    input logic clk,
    input logic reset,
    input logic advance,
    input logic [LOOPS*W-1:0] loop_bound,
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [LOOPS*3-1:0] loop_level,
    input logic [7*W-1:0] limit,
    output logic [7*W-1:0] index,        // of the tile looked at: the next one when advancing, else the current one
    output logic [7*W-1:0] outer_index,  // the same, by the loops above the parent
    output logic [7*W-1:0] inner_index,  // the same, by the loops of level INNER
    output logic zero_reductions,        // looked at: every irrelevant loop stands at 0
    output logic done,                   // looked at: there is none
    output logic last,                   // looked at: none behind it
    output logic last_of_source,         // looked at: the one behind it has another tile of the parent, or there is none
    output logic [LOOPS-1:0] changes,    // looked at: loops whose value is another one behind it
    // With LATER: of the iterations behind it in the same tile of the loops OUTER, the lowest address of their first elements, by
    // `weight`, what one step of a loop of level ABOVE but not OUTER adds to it.
    input logic [LOOPS*W-1:0] weight,
    output logic later,
    output logic [W-1:0] later_address
);
    // The value of a loop times its stride, and the value itself.
    logic [LOOPS*W-1:0] here, here_value, ahead, beyond, ahead_value, beyond_value, from, from_value;
    logic here_done, ahead_done, beyond_done, from_done;

    assign from = reset ? {LOOPS*W{1'b0}} : ahead;
    assign from_value = reset ? {LOOPS*W{1'b0}} : ahead_value;
    assign from_done = !reset && ahead_done;

    always @* begin : step
        integer l;
        logic [7*W-1:0] sums;
        logic [LOOPS*W-1:0] prefix;
        logic carry, moved, relevant, can;
        logic [2:0] dimension;
        sums = {7*W{1'b0}};
        prefix = {LOOPS*W{1'b0}};
        for (l = 0; l < LOOPS; l = l + 1) begin
            dimension = loop_dimension[l*3 +: 3];
            if (ABOVE[loop_level[l*3 +: 3]]) sums[dimension*W +: W] = sums[dimension*W +: W] + from[l*W +: W];
            prefix[l*W +: W] = sums[dimension*W +: W];
        end
        beyond = from;
        beyond_value = from_value;
        carry = 1'b1;
        moved = 1'b0;
        can = 1'b0;
        for (l = LOOPS - 1; l >= 0; l = l - 1) begin
            dimension = loop_dimension[l*3 +: 3];
            relevant = RELEVANT[dimension];
            if (ABOVE[loop_level[l*3 +: 3]]) begin
                can = from_value[l*W +: W] + 1 < loop_bound[l*W +: W]
                      && prefix[l*W +: W] + loop_stride[l*W +: W] < limit[dimension*W +: W]
                      && (!MERGE || relevant || moved);
                if (carry) begin
                    beyond[l*W +: W] = can ? from[l*W +: W] + loop_stride[l*W +: W] : {W{1'b0}};
                    beyond_value[l*W +: W] = can ? from_value[l*W +: W] + 1 : {W{1'b0}};
                    if (can) carry = 1'b0;
                end
                if (relevant && from[l*W +: W] != 0) moved = 1'b1;
            end
        end
        beyond_done = carry || from_done;
    end

    logic [LOOPS*W-1:0] look, behind;
    assign look = advance ? ahead : here;
    assign behind = advance ? beyond : ahead;
    assign done = advance ? ahead_done : here_done;
    assign last = advance ? beyond_done : ahead_done;

    always @* begin : describe
        integer l;
        logic [2:0] dimension;
        index = {7*W{1'b0}};
        outer_index = {7*W{1'b0}};
        inner_index = {7*W{1'b0}};
        zero_reductions = 1'b1;
        last_of_source = last;
        changes = {LOOPS{1'b0}};
        for (l = 0; l < LOOPS; l = l + 1) begin
            dimension = loop_dimension[l*3 +: 3];
            if (ABOVE[loop_level[l*3 +: 3]]) begin
                index[dimension*W +: W] = index[dimension*W +: W] + look[l*W +: W];
                if (OUTER[loop_level[l*3 +: 3]])
                    outer_index[dimension*W +: W] = outer_index[dimension*W +: W] + look[l*W +: W];
                if (loop_level[l*3 +: 3] == INNER)
                    inner_index[dimension*W +: W] = inner_index[dimension*W +: W] + look[l*W +: W];
                if (!RELEVANT[dimension] && look[l*W +: W] != 0) zero_reductions = 1'b0;
                changes[l] = look[l*W +: W] != behind[l*W +: W];
                if (changes[l] && RELEVANT[dimension] && OUTER[loop_level[l*3 +: 3]]) last_of_source = 1'b1;
            end
        end
    end

    generate
        if (LATER) begin : look_further
            logic [LOOPS*W-1:0] look_value;
            assign look_value = advance ? ahead_value : here_value;
            always @* begin : lowest
                integer l;
                logic [7*W-1:0] sums;
                logic [LOOPS*W-1:0] prefix, address;
                logic [W-1:0] sum;
                logic can, moved, moved_outer, relevant, outside;
                logic [2:0] dimension;
                sums = {7*W{1'b0}};
                prefix = {LOOPS*W{1'b0}};
                address = {LOOPS*W{1'b0}};
                sum = {W{1'b0}};
                for (l = 0; l < LOOPS; l = l + 1) begin
                    dimension = loop_dimension[l*3 +: 3];
                    if (ABOVE[loop_level[l*3 +: 3]]) begin
                        sums[dimension*W +: W] = sums[dimension*W +: W] + look[l*W +: W];
                        if (!OUTER[loop_level[l*3 +: 3]]) sum = sum + look_value[l*W +: W] * weight[l*W +: W];
                    end
                    prefix[l*W +: W] = sums[dimension*W +: W];
                    address[l*W +: W] = sum;
                end
                later = 1'b0;
                later_address = {W{1'b0}};
                moved = 1'b0;
                moved_outer = 1'b0;
                can = 1'b0;
                // From the innermost loop: it goes on by one, those inside begin again.
                for (l = LOOPS - 1; l >= 0; l = l - 1) begin
                    dimension = loop_dimension[l*3 +: 3];
                    relevant = RELEVANT[dimension];
                    outside = OUTER[loop_level[l*3 +: 3]];
                    if (ABOVE[loop_level[l*3 +: 3]]) begin
                        can = look_value[l*W +: W] + 1 < loop_bound[l*W +: W]
                              && prefix[l*W +: W] + loop_stride[l*W +: W] < limit[dimension*W +: W];
                        sum = outside ? {W{1'b0}} : address[l*W +: W] + weight[l*W +: W];
                        if (can && (!MERGE || relevant || moved) && !(outside && (relevant || moved_outer))
                            && (!later || sum < later_address)) begin
                            later = 1'b1;
                            later_address = sum;
                        end
                        // It does or did move: what is further out comes back to another tile.
                        if (relevant && (can || look[l*W +: W] != 0)) begin
                            moved = 1'b1;
                            if (outside) moved_outer = 1'b1;
                        end
                    end
                end
            end
        end else begin : no_further
            assign later = 1'b0;
            assign later_address = {W{1'b0}};
            logic unused;
            assign unused = (^weight) ^ (^here_value);
        end
    endgenerate

    always_ff @(posedge clk) begin
        if (reset) begin
            here <= {LOOPS*W{1'b0}};
            here_value <= {LOOPS*W{1'b0}};
            here_done <= 1'b0;
        end else if (advance) begin
            here <= ahead;
            here_value <= ahead_value;
            here_done <= ahead_done;
        end
        if (reset || advance) begin
            ahead <= beyond;
            ahead_value <= beyond_value;
            ahead_done <= beyond_done;
        end
    end
endmodule
