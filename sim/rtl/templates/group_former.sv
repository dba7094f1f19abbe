// SPDX-License-Identifier: Apache-2.0
// The next group of a tile: words in address-major, lane-minor order, each for all live lanes of its class, as many as fit
// GROUP words and PER_LANE words of each lane. `position` and `sent` say where the tile stands.
// docs/microarchitecture.md: Section 2, "Groups".
module group_former #(
    parameter integer W = 24,
    parameter integer LANES = 4,
    parameter integer GROUP = 4,
    parameter integer PER_LANE = 4
) (
    input logic [LANES*4*W-1:0] low,
    input logic [LANES*4*W-1:0] high,
    input logic [LANES*4*W-1:0] place,
    input logic [LANES-1:0] alive,
    input logic [LANES*8-1:0] share_class,
    input logic [4*W-1:0] first,
    input logic [4*W-1:0] beyond,
    input logic [4*W-1:0] position,
    input logic [LANES-1:0] sent,
    input logic [4*W-1:0] child_stride,
    input logic [4*W-1:0] parent_stride,
    output logic [GROUP-1:0] valid,
    output logic [GROUP*LANES-1:0] mask,
    output logic [GROUP*W-1:0] child_address,
    output logic [GROUP*W-1:0] parent_address,
    output logic [4*W-1:0] next_position,
    output logic [LANES-1:0] next_sent,
    output logic last
);
    always @* begin : form
        integer s, i, j, x, count;
        logic [LANES-1:0] live, word;
        logic [LANES*8-1:0] taken;
        logic stopped, remaining, leader, fits, carry;
        logic [W-1:0] address;
        valid = {GROUP{1'b0}};
        mask = {GROUP*LANES{1'b0}};
        child_address = {GROUP*W{1'b0}};
        parent_address = {GROUP*W{1'b0}};
        next_position = position;
        next_sent = sent;
        last = 1'b0;
        count = 0;
        taken = {LANES*8{1'b0}};
        stopped = 1'b0;
        live = {LANES{1'b0}};
        word = {LANES{1'b0}};
        remaining = 1'b0;
        leader = 1'b0;
        fits = 1'b0;
        carry = 1'b0;
        address = {W{1'b0}};
        for (s = 0; s < GROUP; s = s + 1) begin
            if (!last && !stopped) begin
                live = alive;
                for (i = 0; i < LANES; i = i + 1)
                    for (x = 0; x < 4; x = x + 1)
                        if (next_position[x*W +: W] < low[(i*4+x)*W +: W] || next_position[x*W +: W] >= high[(i*4+x)*W +: W])
                            live[i] = 1'b0;
                remaining = 1'b0;
                for (i = 0; i < LANES; i = i + 1) begin
                    word = {LANES{1'b0}};
                    leader = live[i] && !next_sent[i];
                    for (j = 0; j < LANES; j = j + 1)
                        if (live[j] && share_class[j*8 +: 8] == share_class[i*8 +: 8]) begin
                            word[j] = 1'b1;
                            if (j < i) leader = 1'b0;
                        end
                    fits = count < GROUP && !stopped;
                    for (j = 0; j < LANES; j = j + 1)
                        if (word[j] && taken[j*8 +: 8] >= PER_LANE[7:0]) fits = 1'b0;
                    if (leader && fits) begin
                        valid[count] = 1'b1;
                        mask[count*LANES +: LANES] = word;
                        address = {W{1'b0}};
                        for (x = 0; x < 4; x = x + 1)
                            address = address + next_position[x*W +: W] * child_stride[x*W +: W];
                        child_address[count*W +: W] = address;
                        address = {W{1'b0}};
                        for (x = 0; x < 4; x = x + 1)
                            address = address + (next_position[x*W +: W] + place[(i*4+x)*W +: W]) * parent_stride[x*W +: W];
                        parent_address[count*W +: W] = address;
                        for (j = 0; j < LANES; j = j + 1)
                            if (word[j]) taken[j*8 +: 8] = taken[j*8 +: 8] + 8'd1;
                        count = count + 1;
                        next_sent[i] = 1'b1;
                    end else if (leader) begin
                        stopped = 1'b1;
                        remaining = 1'b1;
                    end
                end
                if (!remaining) begin
                    next_sent = {LANES{1'b0}};
                    carry = 1'b1;
                    for (x = 3; x >= 0; x = x - 1)
                        if (carry) begin
                            if (next_position[x*W +: W] + 1 < beyond[x*W +: W]) begin
                                next_position[x*W +: W] = next_position[x*W +: W] + 1;
                                carry = 1'b0;
                            end else
                                next_position[x*W +: W] = first[x*W +: W];
                        end
                    last = carry;
                end
            end
        end
    end
endmodule
