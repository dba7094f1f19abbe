// SPDX-License-Identifier: Apache-2.0
// The next group of a tile: words in address-major, lane-minor order, each for all live lanes of its class, as many as fit
// GROUP words and PER_LANE words of each lane, and each bank once. All parents' children work alike: lane l is every parent's l-th child, and a copy is
// live when one of these has it in its box. `position` and `sent` say where the tile stands.
// docs/microarchitecture.md: Section 2, "Groups"; 5, "Banks".
module group_former #(
    parameter integer W = 24,
    parameter integer PARENTS = 1,
    parameter integer LANES = 4,  // of one parent
    parameter integer GROUP = 4,
    parameter integer PER_LANE = 4,
    parameter integer PARENT_BANKS = 1,  // 1: a word may be taken with any other
    parameter integer CHILD_BANKS = 1,
    parameter [0:0] LEFT = 0,     // tell what is left behind the group
    parameter [0:0] OVERLAP = 0,  // a class shares words by coordinates, at another address in each lane; else all of them at one
    parameter integer SCAN = GROUP  // addresses to look at: with OVERLAP some have no word that is not sent
) (
    input logic [PARENTS*LANES*4*W-1:0] low,
    input logic [PARENTS*LANES*4*W-1:0] high,
    input logic [LANES*4*W-1:0] place,
    input logic [PARENTS*LANES-1:0] alive,
    input logic [LANES*8-1:0] share_class,
    input logic [LANES*W-1:0] place_address,  // with OVERLAP: of the lane's place, by the child's strides
    input logic [4*W-1:0] position,
    input logic [LANES-1:0] sent,
    input logic [4*W-1:0] child_stride,
    input logic [4*W-1:0] parent_stride,
    output logic [GROUP-1:0] valid,
    output logic [GROUP*LANES-1:0] mask,
    output logic [GROUP*W-1:0] child_address,  // with OVERLAP a lane's is less by its place_address
    output logic [GROUP*W-1:0] parent_address,
    output logic [PARENT_BANKS-1:0] parent_banks,  // in which a word of the group lies
    output logic [CHILD_BANKS-1:0] child_banks,
    output logic [W-1:0] highest,       // child's address of the group's last word
    output logic left,                  // with LEFT: words are left behind the group; the lowest address of them at the parent
    output logic [W-1:0] left_address,
    output logic [W-1:0] left_child,    // and at the child
    output logic [4*W-1:0] next_position,
    output logic [LANES-1:0] next_sent,
    output logic last
);
    // The first position at or behind `from`, row-major, that a box has; the highest bit: there is none.
    function automatic [4*W:0] first_in_box(input [4*W-1:0] from, input [4*W-1:0] box_low, input [4*W-1:0] box_high);
        integer x, y;
        logic lowered, carry, none;
        logic [4*W-1:0] at;
        at = from;
        lowered = 1'b0;
        none = 1'b0;
        for (x = 0; x < 4; x = x + 1)
            if (lowered || at[x*W +: W] < box_low[x*W +: W]) begin
                at[x*W +: W] = box_low[x*W +: W];
                lowered = 1'b1;
            end else if (at[x*W +: W] >= box_high[x*W +: W]) begin
                // Too far on this axis: one further on the last axis before it that has room.
                carry = 1'b1;
                for (y = x - 1; y >= 0; y = y - 1)
                    if (carry && at[y*W +: W] + 1 < box_high[y*W +: W]) begin
                        at[y*W +: W] = at[y*W +: W] + 1;
                        carry = 1'b0;
                    end else if (carry)
                        at[y*W +: W] = box_low[y*W +: W];
                if (carry) none = 1'b1;
                at[x*W +: W] = box_low[x*W +: W];
                lowered = 1'b1;
            end
        first_in_box = {none, at};
    endfunction

    always @* begin : form
        integer s, p, i, j, x, count;
        logic [LANES-1:0] live, word;
        logic covers, beyond;
        logic [4*W-1:0] candidate, nearest, least, key;  // the last two with axis 0 highest
        logic [LANES*8-1:0] taken;
        logic stopped, remaining, leader, fits;
        logic [W-1:0] child, parent, own;
        logic is_in;
        logic [4*W-1:0] other;
        logic [PARENT_BANKS-1:0] parent_bank;  // one bit
        logic [CHILD_BANKS-1:0] child_bank;
        logic [LANES*CHILD_BANKS-1:0] lane_banks;
        valid = {GROUP{1'b0}};
        mask = {GROUP*LANES{1'b0}};
        child_address = {GROUP*W{1'b0}};
        highest = {W{1'b0}};
        parent_address = {GROUP*W{1'b0}};
        next_position = position;
        next_sent = sent;
        last = 1'b0;
        count = 0;
        taken = {LANES*8{1'b0}};
        stopped = 1'b0;
        live = {LANES{1'b0}};
        covers = 1'b0;
        beyond = 1'b0;
        candidate = {4*W{1'b0}};
        nearest = {4*W{1'b0}};
        least = {4*W{1'b0}};
        key = {4*W{1'b0}};
        word = {LANES{1'b0}};
        remaining = 1'b0;
        leader = 1'b0;
        fits = 1'b0;
        child = {W{1'b0}};
        parent = {W{1'b0}};
        own = {W{1'b0}};
        is_in = 1'b0;
        other = {4*W{1'b0}};
        child_bank = {CHILD_BANKS{1'b0}};
        parent_bank = {PARENT_BANKS{1'b0}};
        lane_banks = {LANES*CHILD_BANKS{1'b0}};
        parent_banks = {PARENT_BANKS{1'b0}};
        child_banks = {CHILD_BANKS{1'b0}};
        for (s = 0; s < SCAN; s = s + 1) begin
            if (!last && !stopped) begin
                live = {LANES{1'b0}};
                for (p = 0; p < PARENTS; p = p + 1)
                    for (i = 0; i < LANES; i = i + 1) begin
                        covers = alive[p*LANES+i];
                        for (x = 0; x < 4; x = x + 1)
                            if (next_position[x*W +: W] < low[((p*LANES+i)*4+x)*W +: W]
                                || next_position[x*W +: W] >= high[((p*LANES+i)*4+x)*W +: W])
                                covers = 1'b0;
                        if (covers) live[i] = 1'b1;
                    end
                remaining = 1'b0;
                for (i = 0; i < LANES; i = i + 1) begin
                    word = {LANES{1'b0}};
                    leader = live[i] && !next_sent[i];
                    if (OVERLAP) begin
                        for (j = 0; j < LANES; j = j + 1) begin
                            covers = 1'b0;
                            for (x = 0; x < 4; x = x + 1)
                                other[x*W +: W] = next_position[x*W +: W] + place[(i*4+x)*W +: W] - place[(j*4+x)*W +: W];
                            for (p = 0; p < PARENTS; p = p + 1) begin
                                is_in = alive[p*LANES+j];
                                for (x = 0; x < 4; x = x + 1)
                                    if ($signed(other[x*W +: W]) < $signed(low[((p*LANES+j)*4+x)*W +: W])
                                        || $signed(other[x*W +: W]) >= $signed(high[((p*LANES+j)*4+x)*W +: W]))
                                        is_in = 1'b0;
                                if (is_in) covers = 1'b1;
                            end
                            if (covers && leader && share_class[j*8 +: 8] == share_class[i*8 +: 8]) begin
                                word[j] = 1'b1;
                                key = {other[0 +: W], other[W +: W], other[2*W +: W], other[3*W +: W]};
                                least = {next_position[0 +: W], next_position[W +: W], next_position[2*W +: W], next_position[3*W +: W]};
                                if (key < least || key == least && j < i) leader = 1'b0;
                            end
                        end
                    end else
                        for (j = 0; j < LANES; j = j + 1)
                            if (live[j] && share_class[j*8 +: 8] == share_class[i*8 +: 8]) begin
                                word[j] = 1'b1;
                                if (j < i) leader = 1'b0;
                            end
                    child = {W{1'b0}};
                    parent = {W{1'b0}};
                    for (x = 0; x < 4; x = x + 1) begin
                        child = child + next_position[x*W +: W] * child_stride[x*W +: W];
                        parent = parent + (next_position[x*W +: W] + place[(i*4+x)*W +: W]) * parent_stride[x*W +: W];
                    end
                    if (OVERLAP) child = child + place_address[i*W +: W];
                    parent_bank = PARENT_BANKS'(1) << parent % PARENT_BANKS[W-1:0];
                    fits = count < GROUP && !stopped;
                    if (PARENT_BANKS > 1 && (parent_banks & parent_bank) != 0) fits = 1'b0;
                    for (j = 0; j < LANES; j = j + 1) begin
                        child_bank = CHILD_BANKS'(1) << (OVERLAP ? child - place_address[j*W +: W] : child) % CHILD_BANKS[W-1:0];
                        if (word[j] && (taken[j*8 +: 8] >= PER_LANE[7:0]
                                        || CHILD_BANKS > 1 && (lane_banks[j*CHILD_BANKS +: CHILD_BANKS] & child_bank) != 0))
                            fits = 1'b0;
                    end
                    if (leader && fits) begin
                        valid[count] = 1'b1;
                        mask[count*LANES +: LANES] = word;
                        child_address[count*W +: W] = child;
                        parent_address[count*W +: W] = parent;
                        parent_banks = parent_banks | parent_bank;
                        for (j = 0; j < LANES; j = j + 1)
                            if (word[j]) begin
                                own = OVERLAP ? child - place_address[j*W +: W] : child;
                                if (own > highest) highest = own;
                                child_bank = CHILD_BANKS'(1) << own % CHILD_BANKS[W-1:0];
                                child_banks = child_banks | child_bank;
                                lane_banks[j*CHILD_BANKS +: CHILD_BANKS] = lane_banks[j*CHILD_BANKS +: CHILD_BANKS] | child_bank;
                            end
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
                    // The next address, row-major, that any box has.
                    next_sent = {LANES{1'b0}};
                    least = {4*W{1'b1}};
                    last = 1'b1;
                    for (p = 0; p < PARENTS * LANES; p = p + 1) begin
                        candidate = next_position;
                        candidate[3*W +: W] = candidate[3*W +: W] + 1;
                        {beyond, candidate} = first_in_box(candidate, low[p*4*W +: 4*W], high[p*4*W +: 4*W]);
                        if (!alive[p]) beyond = 1'b1;
                        key = {candidate[0 +: W], candidate[W +: W], candidate[2*W +: W], candidate[3*W +: W]};
                        if (!beyond && (last || key < least)) begin
                            least = key;
                            nearest = candidate;
                            last = 1'b0;
                        end
                    end
                    if (!last) next_position = nearest;
                end
            end
        end
    end

    generate
        if (LEFT) begin : behind
            always @* begin : search
                integer p, j, x;
                logic [4*W-1:0] candidate;
                logic over, gone;
                logic [W-1:0] parent;
                left = 1'b0;
                left_address = {W{1'b0}};
                left_child = {W{1'b0}};
                parent = {W{1'b0}};
                candidate = {4*W{1'b0}};
                over = 1'b0;
                gone = 1'b0;
                for (x = 0; x < 4; x = x + 1) left_child = left_child + next_position[x*W +: W] * child_stride[x*W +: W];
                for (p = 0; p < PARENTS * LANES; p = p + 1) begin
                    // The lane's own next word: the one at next_position is gone when its class's was sent.
                    gone = 1'b0;
                    for (j = 0; j < LANES; j = j + 1)
                        if (next_sent[j] && share_class[j*8 +: 8] == share_class[(p%LANES)*8 +: 8]) gone = 1'b1;
                    candidate = next_position;
                    if (gone) candidate[3*W +: W] = candidate[3*W +: W] + 1;
                    {over, candidate} = first_in_box(candidate, low[p*4*W +: 4*W], high[p*4*W +: 4*W]);
                    if (!alive[p]) over = 1'b1;
                    parent = {W{1'b0}};
                    for (x = 0; x < 4; x = x + 1)
                        parent = parent + (candidate[x*W +: W] + place[(p%LANES*4+x)*W +: W]) * parent_stride[x*W +: W];
                    if (!over && !last && (!left || parent < left_address)) begin
                        left = 1'b1;
                        left_address = parent;
                    end
                end
            end
        end else begin : nothing_behind
            assign left = 1'b0;
            assign left_address = {W{1'b0}};
            assign left_child = {W{1'b0}};
        end
    endgenerate
endmodule
