// SPDX-License-Identifier: Apache-2.0
// One boundary of one tensor, from a keeper to the next one inside it (or to the FIFOs at the MACs): its channel, and the ways of its
// words through the fan-outs between the two. Everything at the edge is in the time of the edge; what belongs to an instance of a level
// is in the time of that instance, displaced by the registers of the fan-outs outside it.
// FROM: the number of fan-outs outside the parent, TO: outside the child.
// docs/microarchitecture.md: Section 1, "Keepers"; 2; 3.
module boundary #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer ROLE = 0,
    parameter integer BITS = 16,
    parameter integer FANOUTS = 1,
    parameter integer POSITIONS = 4,
    parameter [FANOUTS*32-1:0] ROWS = 0,
    parameter [FANOUTS*32-1:0] COLUMNS = 0,
    parameter [(FANOUTS+1)*32-1:0] INSTANCES = 0,
    parameter integer FROM = 0,
    parameter integer TO = 1,
    parameter integer PARENTS = 1,  // instances of the parent
    parameter integer LANES = 4,    // children of one parent
    parameter integer GROUP = 4,
    parameter integer PER_LANE = 4,
    parameter integer PARENT_BANKS = 1,
    parameter integer CHILD_BANKS = 1,
    parameter [0:0] WINDOWED = 0,
    parameter [0:0] PARENT_WINDOWED = 0,
    parameter [0:0] OVERLAP = 0,
    parameter integer SCAN = GROUP,
    parameter [7:0] ABOVE = 8'd1,
    parameter [7:0] OUTER = 8'd0,
    parameter [0:0] STREAMS = 0,
    parameter [0:0] WHOLE_PARENT = 1,
    parameter integer SLOTS = 2,
    parameter integer LATENCY = 1,  // of the parent's memory
    parameter integer NETWORK = 1,  // of the networks in between
    parameter integer SKEW = 0,     // registers on the longest way through the fan-outs in between
    parameter integer COMPLETE = 0,
    parameter integer RING = 32
) (
    input logic clk,
    input logic reset,
    input logic [LOOPS*W-1:0] loop_bound,
    input logic [LOOPS*W-1:0] loop_stride,
    input logic [LOOPS*3-1:0] loop_dimension,
    input logic [LOOPS*3-1:0] loop_level,
    input logic [7*W-1:0] limit,
    input logic [6*W-1:0] window,
    input logic [7*W-1:0] span,
    input logic [PARENTS*LANES*7*W-1:0] offset,
    input logic [PARENTS*LANES-1:0] enabled,
    input logic [LANES-1:0] heads,
    input logic [LANES*8-1:0] share_class,
    input logic [LANES*W-1:0] place_address,
    input logic [FANOUTS*8-1:0] skew,
    input logic [FANOUTS*POSITIONS*2-1:0] link,
    input logic [FANOUTS*POSITIONS*8-1:0] up_taps,
    input logic [4*W-1:0] child_stride,
    input logic [4*W-1:0] parent_stride,
    input logic [4*W-1:0] key_stride,
    input logic [4*W-1:0] size,
    input logic copies,  // read-backs go to all of a chain
    input logic [W-1:0] child_words,
    input logic [W-1:0] parent_words,
    input logic [W-1:0] child_ring,
    input logic [W-1:0] parent_ring,
    input logic give,
    input logic [W-1:0] give_position,
    output logic give_parent,
    output logic [W-1:0] give_parent_position,
    // Tokens, as in channel.sv.
    input logic [W-1:0] parent_usable,
    input logic [1:0] give_back,
    input logic [7:0] finish,
    input logic [1:0] grant,
    output logic [1:0] request,
    output logic [1:0] ends,
    output logic [2*PARENT_BANKS-1:0] parent_banks,
    output logic [2*CHILD_BANKS-1:0] child_banks,
    output logic [W-1:0] reserved,
    output logic [W-1:0] usable,
    output logic room,
    output logic held_back,
    output logic [1:0] source_done,
    output logic [7:0] source_finished,
    output logic ended,
    output logic clear,
    output logic [W-1:0] clear_address,
    // The parent's memory: addresses at the edge; words at each instance, those read LATENCY cycles later.
    output logic read_valid,
    output logic [GROUP*W-1:0] read_address,
    input logic [PARENTS*GROUP*BITS-1:0] read_data,
    output logic [GROUP-1:0] write_valid,
    output logic [GROUP*W-1:0] write_address,
    output logic [PARENTS*GROUP*BITS-1:0] write_data,
    // The child's: everything at each instance.
    output logic [PARENTS*LANES*GROUP-1:0] fill_valid,
    output logic [PARENTS*LANES*GROUP*W-1:0] fill_address,
    output logic [PARENTS*LANES*GROUP*BITS-1:0] fill_data,
    output logic [PARENTS*LANES*GROUP-1:0] drain_valid,
    output logic [PARENTS*LANES*GROUP*W-1:0] drain_address,
    input logic [PARENTS*LANES*GROUP*BITS-1:0] drain_data,
    // The fill's and the drain's groups: children and addresses in their tile at the grant, words when they arrive at each parent.
    output logic [2*GROUP*LANES-1:0] trace_mask,
    output logic [2*GROUP*W-1:0] trace_address,
    output logic [2*PARENTS*GROUP*BITS-1:0] trace_data,
    output logic [2*W-1:0] trace_tile,
    output logic [2*W-1:0] trace_group
);
    localparam integer CHILDREN = PARENTS * LANES;
    localparam integer FLIGHT = LATENCY + NETWORK;
    localparam integer COMMAND = GROUP * (LANES + W);

    // The skew of the fan-outs in between.
    logic [7:0] own_skew;
    always @* begin : add_skew
        integer f;
        own_skew = 8'd0;
        for (f = FROM; f < TO; f = f + 1) own_skew = own_skew + skew[f*8 +: 8];
    end

    logic [GROUP-1:0] down_valid, up_valid;
    logic [GROUP*LANES-1:0] down_mask, up_mask, down_lanes, up_lanes;
    logic [GROUP*W-1:0] down_address, up_address, up_parent;
    channel #(.W(W), .LOOPS(LOOPS), .PARENTS(PARENTS), .LANES(LANES), .ROLE(ROLE), .GROUP(GROUP), .PER_LANE(PER_LANE), .PARENT_BANKS(PARENT_BANKS), .CHILD_BANKS(CHILD_BANKS), .WINDOWED(WINDOWED),
              .PARENT_WINDOWED(PARENT_WINDOWED), .OVERLAP(OVERLAP), .SCAN(SCAN), .ABOVE(ABOVE),
              .OUTER(OUTER), .MERGE(!STREAMS), .WHOLE_PARENT(WHOLE_PARENT), .SLOTS(SLOTS),
              .FLIGHT(FLIGHT), .SKEW(SKEW), .UP(NETWORK), .COMPLETE(COMPLETE), .RING(RING)) tiles (
        .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .span, .window, .offset, .enabled,
        .share_class, .place_address, .child_stride, .parent_stride, .key_stride, .size, .child_words, .parent_words, .child_ring, .parent_ring, .give, .give_position, .give_parent,
        .give_parent_position, .up_taps(own_skew), .parent_usable,
        .give_back, .finish, .grant, .request, .ends, .parent_banks, .child_banks, .reserved, .usable, .room, .held_back, .source_done, .source_finished, .ended,
        .clear, .clear_address, .down_valid, .down_mask(down_lanes), .down_tile_address(trace_address[0 +: GROUP*W]),
        .down_child_address(down_address), .down_parent_address(read_address), .up_valid, .up_mask(up_lanes),
        .up_tile_address(trace_address[GROUP*W +: GROUP*W]), .up_child_address(up_address), .up_parent_address(up_parent),
        .trace_tile, .trace_group);
    assign read_valid = grant[0];
    assign down_mask = grant[0] ? down_lanes : {GROUP*LANES{1'b0}};
    assign up_mask = grant[1] ? up_lanes : {GROUP*LANES{1'b0}};
    assign trace_mask = {up_mask, copies ? down_mask : down_mask & {GROUP{heads}}};

    // Down: the command meets the words at each parent; both go on to the children. Those that are no heads take zeros.
    logic [COMMAND-1:0] arriving;
    logic [PARENTS*COMMAND-1:0] command;
    logic [PARENTS*GROUP*BITS-1:0] words;
    logic [PARENTS*(COMMAND+GROUP*BITS)-1:0] bundles;
    logic [CHILDREN*(COMMAND+GROUP*BITS)-1:0] delivered;
    network #(.WIDTH(COMMAND), .LATENCY(FLIGHT)) command_flight (.clk, .reset, .in({down_mask, down_address}), .out(arriving));
    distribution #(.WIDTH(COMMAND), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS), .INSTANCES(INSTANCES),
                   .FROM(0), .TO(FROM)) to_parents (.clk, .reset, .link, .in(arriving), .out(command));
    network #(.WIDTH(PARENTS*GROUP*BITS), .LATENCY(NETWORK)) down_network (.clk, .reset, .in(read_data), .out(words));
    distribution #(.WIDTH(COMMAND+GROUP*BITS), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS),
                   .INSTANCES(INSTANCES), .FROM(FROM), .TO(TO)) to_children (.clk, .reset, .link, .in(bundles), .out(delivered));
    genvar p, i, g;
    generate
        for (p = 0; p < PARENTS; p = p + 1) begin : parent
            assign bundles[p*(COMMAND+GROUP*BITS) +: COMMAND+GROUP*BITS] =
                {command[p*COMMAND +: COMMAND], words[p*GROUP*BITS +: GROUP*BITS]};
        end
        for (i = 0; i < CHILDREN; i = i + 1) begin : child
            logic [GROUP*LANES-1:0] mask;
            logic [GROUP*BITS-1:0] data;
            logic [GROUP*W-1:0] places;
            assign {mask, places, data} = delivered[i*(COMMAND+GROUP*BITS) +: COMMAND+GROUP*BITS];
            for (g = 0; g < GROUP; g = g + 1) begin : word
                if (OVERLAP) begin : own_address
                    logic [W-1:0] address;
                    assign address = places[g*W +: W] - place_address[i%LANES*W +: W];
                    assign fill_address[(i*GROUP+g)*W +: W] = WINDOWED && address >= child_ring ? address - child_ring : address;
                end else begin : same_address
                    assign fill_address[(i*GROUP+g)*W +: W] = places[g*W +: W];
                end
                assign fill_valid[i*GROUP+g] = mask[g*LANES+i%LANES];
                assign fill_data[(i*GROUP+g)*BITS +: BITS] = heads[i%LANES] ? data[g*BITS +: BITS] : {BITS{1'b0}};
            end
        end
    endgenerate

    generate
        if (ROLE == 2) begin : up
            // Up: the children give their words, the networks add them, and they land in the parents.
            logic [CHILDREN*COMMAND-1:0] taking;
            logic [PARENTS*GROUP*BITS-1:0] reduced;
            logic [GROUP-1:0] skewed_valid;
            logic [GROUP*W-1:0] skewed_address;
            distribution #(.WIDTH(COMMAND), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS),
                           .INSTANCES(INSTANCES), .FROM(0), .TO(TO)) commands (
                .clk, .reset, .link, .in({up_mask, up_address}), .out(taking));
            for (i = 0; i < CHILDREN; i = i + 1) begin : giver
                logic [GROUP*LANES-1:0] mask;
                assign {mask, drain_address[i*GROUP*W +: GROUP*W]} = taking[i*COMMAND +: COMMAND];
                for (g = 0; g < GROUP; g = g + 1) begin : word
                    assign drain_valid[i*GROUP+g] = mask[g*LANES+i%LANES];
                end
            end
            collection #(.BITS(BITS), .WORDS(GROUP), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS),
                         .INSTANCES(INSTANCES), .FROM(FROM), .TO(TO)) sums (
                .clk, .reset, .taps(up_taps), .in(drain_data), .out(reduced));
            delay #(.WIDTH(GROUP*(1+W)), .CYCLES(SKEW)) up_skew (
                .clk, .reset, .taps(own_skew), .in({up_valid, up_parent}), .out({skewed_valid, skewed_address}));
            network #(.WIDTH(GROUP*(1+W)), .LATENCY(NETWORK)) up_flight (
                .clk, .reset, .in({skewed_valid, skewed_address}), .out({write_valid, write_address}));
            network #(.WIDTH(PARENTS*GROUP*BITS), .LATENCY(NETWORK)) up_network (.clk, .reset, .in(reduced), .out(write_data));
        end else begin : only_down
            assign drain_valid = {CHILDREN*GROUP{1'b0}};
            assign drain_address = {CHILDREN*GROUP*W{1'b0}};
            assign write_valid = {GROUP{1'b0}};
            assign write_address = {GROUP*W{1'b0}};
            assign write_data = {PARENTS*GROUP*BITS{1'b0}};
            logic unused;
            assign unused = (^drain_data) ^ (^up_taps) ^ (^up_valid) ^ (^up_parent) ^ (^up_address);
        end
    endgenerate
    assign trace_data = {write_data, words};
endmodule
