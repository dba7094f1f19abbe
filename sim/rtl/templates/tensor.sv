// SPDX-License-Identifier: Apache-2.0
// All of one tensor outside the PEs: its part of the DRAM and its chain of boundaries, each with the buffers of its children (the last
// one's are at the PEs). Operands (ROLE 0 input, 1 weight) only come down; the output (2) goes up, too.
// N boundaries, outermost first; of the vectors 32 bits per boundary. INSIDE: fan-outs outside the child; ABOVE: levels whose loops are
// above it; CHILD_WORDS: words of the child's memory; LATENCY: of the parent's; NETWORK: of the networks in between; SKEW: registers on the
// longest way through them.
// docs/microarchitecture.md: Section 1, "Keepers"; 3.
module tensor #(
    parameter integer W = 24,
    parameter integer LOOPS = 12,
    parameter integer ROLE = 0,
    parameter integer BITS = 16,
    parameter [0:0] STREAMS = 0,  // at the last boundary
    parameter integer FANOUTS = 1,
    parameter integer POSITIONS = 4,
    parameter [FANOUTS*32-1:0] ROWS = 0,
    parameter [FANOUTS*32-1:0] COLUMNS = 0,
    parameter [(FANOUTS+1)*32-1:0] INSTANCES = 0,
    parameter integer LANES = 4,
    parameter integer WAYS = 4,     // the most children of one parent
    parameter integer PARENTS = 1,  // the most parents at a boundary
    parameter integer TRACED = 4,   // words of the widest group of all tensors
    parameter integer N = 2,
    parameter [N*32-1:0] INSIDE = 0,
    parameter [N*32-1:0] ABOVE = 0,
    parameter [N*32-1:0] GROUP = 0,
    parameter [N*32-1:0] PER_LANE = 0,
    parameter [N*32-1:0] PARENT_BANKS = 0,  // word-interleaved ones; 1: none
    parameter [N*32-1:0] CHILD_BANKS = 0,
    parameter integer BANKS = 1,            // the most of all tensors
    parameter [N*32-1:0] SLOTS = 0,
    parameter [N-1:0] OVERLAP = 0,      // words go to different addresses of the children that share them
    parameter [N*32-1:0] SCAN = 0,
    parameter [N*32-1:0] WINDOWED = 0,  // the child's memory
    parameter [N*32-1:0] CHILD_WORDS = 0,
    parameter [N*32-1:0] LATENCY = 0,
    parameter [N*32-1:0] NETWORK = 0,
    parameter [N*32-1:0] SKEW = 0,
    parameter integer DRAM_WORDS = 4096,
    parameter integer MAC = 1,
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
    input logic [4*W-1:0] tensor_stride,
    input logic [4*W-1:0] key_stride,
    input logic [4*W-1:0] size,
    input logic copies,
    input logic [LANES*7*W-1:0] offset,
    input logic [LANES-1:0] enabled,
    input logic [LANES-1:0] heads,
    input logic [FANOUTS*8-1:0] skew,
    input logic [FANOUTS*POSITIONS*2-1:0] link,
    input logic [FANOUTS*POSITIONS*8-1:0] up_taps,
    input logic [N*7*W-1:0] span,
    input logic [N*4*W-1:0] tile_stride,
    input logic [N*W-1:0] tile_words,
    input logic [N*W-1:0] ring,
    input logic [N*WAYS*8-1:0] share_class,
    input logic [N*WAYS*W-1:0] place_address,
    input logic load_valid,
    input logic [W-1:0] load_address,
    input logic [BITS-1:0] load_data,
    output logic [BITS-1:0] look_data,
    // The fills, outermost first, then the drains.
    output logic [2*N-1:0] request,
    output logic [2*N-1:0] ends,  // the group asked for is its tile's last one
    output logic [2*N*BANKS-1:0] parent_banks,  // in which its words lie
    output logic [2*N*BANKS-1:0] child_banks,
    input logic [2*N-1:0] grant,
    input logic [W-1:0] step_left,  // the lowest address that later steps of the innermost tile use
    input logic [W-1:0] step_position,  // where that tile stands, counted through
    input logic issue,
    input logic step_done,  // a step is issued that is the last one of the innermost tile
    output logic ended,     // the last write-back lands
    // Tokens, per boundary.
    output logic [N*W-1:0] reserved,
    output logic [N*W-1:0] usable,
    output logic [N-1:0] room,
    output logic [N-1:0] held_back,
    // To and from the PEs.
    output logic [LANES*GROUP[(N-1)*32 +: 32]-1:0] fill_valid,
    output logic [LANES*GROUP[(N-1)*32 +: 32]*W-1:0] fill_address,
    output logic [LANES*GROUP[(N-1)*32 +: 32]*BITS-1:0] fill_data,
    output logic clear,  // at the edge
    output logic [W-1:0] clear_address,
    output logic [LANES*GROUP[(N-1)*32 +: 32]-1:0] drain_valid,
    output logic [LANES*GROUP[(N-1)*32 +: 32]*W-1:0] drain_address,
    input logic [LANES*GROUP[(N-1)*32 +: 32]*BITS-1:0] drain_data,
    // Per mover, as in `request`: tile and group; the words' children and addresses at the grant; the words when they arrive.
    output logic [2*N*W-1:0] trace_tile,
    output logic [2*N*W-1:0] trace_group,
    output logic [2*N*TRACED*WAYS-1:0] trace_mask,
    output logic [2*N*TRACED*W-1:0] trace_address,
    output logic [2*N*PARENTS*TRACED*32-1:0] trace_data
);
    localparam [0:0] SUMS = ROLE == 2;

    logic [N-1:0] all_ended, clears, gives;
    logic [N*W-1:0] give_positions;
    logic [N*2-1:0] source_done;
    logic [N*8-1:0] source_finished;
    logic [N*W-1:0] clear_addresses;
    assign ended = all_ended[0];
    assign clear = clears[N-1];
    assign clear_address = clear_addresses[(N-1)*W +: W];

    genvar b, i, g, p;
    generate
        for (b = 0; b < N; b = b + 1) begin : above  // between boundary b and its parent's memory
            localparam integer P = b > 0 ? INSTANCES[INSIDE[(b > 0 ? b - 1 : 0)*32 +: 32]*32 +: 32] : 1;
            localparam integer G = GROUP[b*32 +: 32];
            logic read_valid;
            logic [G*W-1:0] read_address, write_address;
            logic [G-1:0] write_valid;
            logic [P*G*BITS-1:0] read_data, write_data;
        end
    endgenerate

    logic read_ready, write_ready;
    logic [2*N-1:0] wanted;
    dram #(.W(W), .BITS(BITS), .WORDS(DRAM_WORDS), .GROUP(GROUP[0 +: 32]), .LATENCY(LATENCY[0 +: 32])) memory (
        .clk, .reset, .read_valid(above[0].read_valid), .read_ready, .read_address(above[0].read_address),
        .read_data(above[0].read_data), .write_valid(above[0].write_valid), .write_ready, .write_address(above[0].write_address),
        .write_data(above[0].write_data), .load_valid, .load_address, .load_data, .look_data);
    always @* begin : ready
        request = wanted;
        request[0] = wanted[0] && read_ready;
        request[N] = wanted[N] && write_ready;
    end

    generate
        for (b = 0; b < N; b = b + 1) begin : chain
            localparam integer OUTER = b > 0 ? b - 1 : 0;
            localparam integer FROM = b > 0 ? INSIDE[OUTER*32 +: 32] : 0;
            localparam integer TO = INSIDE[b*32 +: 32];
            localparam integer P = INSTANCES[FROM*32 +: 32];
            localparam integer CHILDREN = INSTANCES[TO*32 +: 32];
            localparam integer EACH = CHILDREN / P;
            localparam [0:0] LAST = b == N - 1;
            localparam integer G = GROUP[b*32 +: 32];
            localparam integer PB = PARENT_BANKS[b*32 +: 32];
            localparam integer CB = CHILD_BANKS[b*32 +: 32];
            logic [2*PB-1:0] at_parent;
            logic [2*CB-1:0] at_child;
            logic [CHILDREN*7*W-1:0] own_offset;
            logic [CHILDREN-1:0] own_enabled;
            logic [EACH-1:0] own_heads;
            logic [CHILDREN*G-1:0] fills, drains;
            logic [CHILDREN*G*W-1:0] fill_places, drain_places;
            logic [CHILDREN*G*BITS-1:0] filled, drained;
            logic [2*G*EACH-1:0] mask;
            logic [2*G*W-1:0] address;
            logic [2*P*G*BITS-1:0] data;
            // An instance is where the first of its lanes is.
            for (i = 0; i < CHILDREN; i = i + 1) begin : child
                assign own_offset[i*7*W +: 7*W] = offset[i*(LANES/CHILDREN)*7*W +: 7*W];
                assign own_enabled[i] = enabled[i*(LANES/CHILDREN)];
            end
            for (i = 0; i < EACH; i = i + 1) begin : way
                assign own_heads[i] = !SUMS || heads[i*(LANES/CHILDREN)];
            end
            boundary #(.W(W), .LOOPS(LOOPS), .ROLE(ROLE), .BITS(BITS), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS),
                       .COLUMNS(COLUMNS), .INSTANCES(INSTANCES), .FROM(FROM), .TO(TO), .PARENTS(P), .LANES(EACH), .GROUP(G),
                       .PER_LANE(PER_LANE[b*32 +: 32]), .PARENT_BANKS(PB), .CHILD_BANKS(CB), .WINDOWED(WINDOWED[b*32]),
                       .PARENT_WINDOWED(b > 0 && WINDOWED[OUTER*32]), .OVERLAP(OVERLAP[b]), .SCAN(SCAN[b*32 +: 32]),
                       .ABOVE(ABOVE[b*32 +: 8]), .OUTER(b > 0 ? ABOVE[OUTER*32 +: 8] : 8'd0),
                       .STREAMS(LAST && STREAMS), .WHOLE_PARENT(b == 0), .SLOTS(SLOTS[b*32 +: 32]), .LATENCY(LATENCY[b*32 +: 32]),
                       .NETWORK(NETWORK[b*32 +: 32]), .SKEW(SKEW[b*32 +: 32]), .COMPLETE(LAST ? MAC - 1 : 0), .RING(RING)) crossing (
                .clk, .reset, .loop_bound, .loop_stride, .loop_dimension, .loop_level, .limit, .window, .span(span[b*7*W +: 7*W]),
                .offset(own_offset), .enabled(own_enabled), .heads(own_heads), .share_class(share_class[b*WAYS*8 +: EACH*8]),
                .place_address(place_address[b*WAYS*W +: EACH*W]), .skew, .link,
                .up_taps, .child_stride(tile_stride[b*4*W +: 4*W]),
                .parent_stride(b > 0 ? tile_stride[OUTER*4*W +: 4*W] : tensor_stride), .key_stride, .size, .copies,
                .child_words(tile_words[b*W +: W]), .parent_words(b > 0 ? tile_words[OUTER*W +: W] : {W{1'b0}}),
                .child_ring(ring[b*W +: W]), .parent_ring(b > 0 ? ring[OUTER*W +: W] : {W{1'b1}}),
                .give(!SUMS && (LAST ? issue : gives[(b+1)%N])),
                .give_position(LAST ? step_position + (step_done ? tile_words[b*W +: W] : step_left) : give_positions[(b+1)%N*W +: W]),
                .give_parent(gives[b]), .give_parent_position(give_positions[b*W +: W]),
                .parent_usable(b > 0 ? usable[OUTER*W +: W] : {W{1'b0}}),
                .give_back(SUMS ? 2'd0 : LAST ? {1'b0, step_done} : source_done[(b+1)%N*2 +: 2]),
                .finish(!SUMS ? 8'd0 : LAST ? {7'd0, step_done} : source_finished[(b+1)%N*8 +: 8]), .grant({grant[N+b], grant[b]}),
                .request({wanted[N+b], wanted[b]}), .ends({ends[N+b], ends[b]}), .parent_banks(at_parent), .child_banks(at_child),
                .reserved(reserved[b*W +: W]),
                .usable(usable[b*W +: W]), .room(room[b]), .held_back(held_back[b]), .source_done(source_done[b*2 +: 2]),
                .source_finished(source_finished[b*8 +: 8]), .ended(all_ended[b]), .clear(clears[b]),
                .clear_address(clear_addresses[b*W +: W]), .read_valid(above[b].read_valid), .read_address(above[b].read_address),
                .read_data(above[b].read_data), .write_valid(above[b].write_valid), .write_address(above[b].write_address),
                .write_data(above[b].write_data), .fill_valid(fills), .fill_address(fill_places), .fill_data(filled), .drain_valid(drains), .drain_address(drain_places), .drain_data(drained), .trace_mask(mask),
                .trace_address(address), .trace_data(data), .trace_tile({trace_tile[(N+b)*W +: W], trace_tile[b*W +: W]}),
                .trace_group({trace_group[(N+b)*W +: W], trace_group[b*W +: W]}));

            if (LAST) begin : at_lanes
                assign fill_valid = fills;
                assign fill_address = fill_places;
                assign fill_data = filled;
                assign drain_valid = drains;
                assign drain_address = drain_places;
                assign drained = drain_data;
            end else begin : keeper
                // What the boundary inside asks for and brings, at each instance.
                localparam integer INNER = GROUP[(b+1)%N*32 +: 32];
                logic [CHILDREN*INNER*W-1:0] read_places;
                logic [CHILDREN*INNER*(1+W)-1:0] writes;
                distribution #(.WIDTH(INNER*W), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS),
                               .INSTANCES(INSTANCES), .FROM(0), .TO(TO)) reading (
                    .clk, .reset, .link, .in(above[b+1].read_address), .out(read_places));
                distribution #(.WIDTH(INNER*(1+W)), .FANOUTS(FANOUTS), .POSITIONS(POSITIONS), .ROWS(ROWS), .COLUMNS(COLUMNS),
                               .INSTANCES(INSTANCES), .FROM(0), .TO(TO)) writing (
                    .clk, .reset, .link, .in({above[b+1].write_valid, above[b+1].write_address}),
                    .out(writes));
                for (i = 0; i < CHILDREN; i = i + 1) begin : place
                    buffer #(.W(W), .BITS(BITS), .WORDS(CHILD_WORDS[b*32 +: 32]), .OUTER(G), .INNER(INNER),
                             .LATENCY(LATENCY[(b+1)%N*32 +: 32])) part (
                        .clk, .reset, .fill_valid(fills[i*G +: G]), .fill_address(fill_places[i*G*W +: G*W]),
                        .fill_data(filled[i*G*BITS +: G*BITS]), .drain_valid(drains[i*G +: G]),
                        .drain_address(drain_places[i*G*W +: G*W]), .drain_data(drained[i*G*BITS +: G*BITS]),
                        .read_address(read_places[i*INNER*W +: INNER*W]),
                        .read_data(above[b+1].read_data[i*INNER*BITS +: INNER*BITS]),
                        .write_valid(writes[i*INNER*(1+W)+INNER*W +: INNER]), .write_address(writes[i*INNER*(1+W) +: INNER*W]),
                        .write_data(above[b+1].write_data[i*INNER*BITS +: INNER*BITS]));
                end
            end

            for (p = 0; p < 2; p = p + 1) begin : mover_banks
                assign parent_banks[(p*N+b)*BANKS +: BANKS] = BANKS'(at_parent[p*PB +: PB]);
                assign child_banks[(p*N+b)*BANKS +: BANKS] = BANKS'(at_child[p*CB +: CB]);
            end

            // To the traces, whose places are as wide as the widest.
            for (p = 0; p < 2; p = p + 1) begin : direction
                for (g = 0; g < TRACED; g = g + 1) begin : word
                    if (g < G) begin : used
                        if (EACH < WAYS) assign trace_mask[((p*N+b)*TRACED+g)*WAYS+EACH +: WAYS-EACH] = {WAYS-EACH{1'b0}};
                        assign trace_mask[((p*N+b)*TRACED+g)*WAYS +: EACH] = mask[(p*G+g)*EACH +: EACH];
                        assign trace_address[((p*N+b)*TRACED+g)*W +: W] = address[(p*G+g)*W +: W];
                    end else begin : unused
                        assign trace_mask[((p*N+b)*TRACED+g)*WAYS +: WAYS] = {WAYS{1'b0}};
                        assign trace_address[((p*N+b)*TRACED+g)*W +: W] = {W{1'b0}};
                    end
                    for (i = 0; i < PARENTS; i = i + 1) begin : at_parent
                        if (g < G && i < P)
                            assign trace_data[(((p*N+b)*PARENTS+i)*TRACED+g)*32 +: 32] = 32'(data[((p*P+i)*G+g)*BITS +: BITS]);
                        else
                            assign trace_data[(((p*N+b)*PARENTS+i)*TRACED+g)*32 +: 32] = 32'd0;
                    end
                end
            end
        end
    endgenerate
endmodule
