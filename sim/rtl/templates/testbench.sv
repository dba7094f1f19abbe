// SPDX-License-Identifier: Apache-2.0
// Loads the program and the operands, runs the machine, and writes what happened: cycles by cause to the standard output, the
// output tensor to output.hex, and with +trace every cycle to trace.txt: the cause, the data that arrive at the eight boundaries,
// and the groups that are granted, each word as place, lanes : address. Files are those of this folder.
// +most=N gives up after N cycles.
module testbench;
    localparam integer W = @W@;
    localparam integer LANES = @ROWS@ * @COLUMNS@;
    logic clk = 0, reset = 1;
    logic [2:0] load_target = 0;
    logic [W-1:0] load_address = 0;
    logic [31:0] load_data = 0;
    logic [31:0] look_data;
    logic done;
    logic [3:0] cause;
    logic [7:0] grant;
    logic [8*W-1:0] trace_tile, trace_group;
    logic [@INPUT_BUFFER_GROUP@-1:0] input_buffer_valid;
    logic [@INPUT_BUFFER_GROUP@*W-1:0] input_buffer_address;
    logic [@WEIGHT_BUFFER_GROUP@-1:0] weight_buffer_valid;
    logic [@WEIGHT_BUFFER_GROUP@*W-1:0] weight_buffer_address;
    logic [@OUTPUT_BUFFER_GROUP@-1:0] output_buffer_valid, up_buffer_valid;
    logic [@OUTPUT_BUFFER_GROUP@*W-1:0] output_buffer_address, up_buffer_address;
    logic [@INPUT_LANE_GROUP@*LANES-1:0] input_lane_mask;
    logic [@INPUT_LANE_GROUP@*W-1:0] input_lane_address;
    logic [@WEIGHT_LANE_GROUP@*LANES-1:0] weight_lane_mask;
    logic [@WEIGHT_LANE_GROUP@*W-1:0] weight_lane_address;
    logic [@OUTPUT_LANE_GROUP@*LANES-1:0] output_lane_mask, up_lane_mask;
    logic [@OUTPUT_LANE_GROUP@*W-1:0] output_lane_address, up_lane_address;
    logic [@INPUT_BUFFER_GROUP@*@INPUT_BITS@-1:0] input_buffer_data;
    logic [@INPUT_LANE_GROUP@*@INPUT_BITS@-1:0] input_lane_data;
    logic [@WEIGHT_BUFFER_GROUP@*@WEIGHT_BITS@-1:0] weight_buffer_data;
    logic [@WEIGHT_LANE_GROUP@*@WEIGHT_BITS@-1:0] weight_lane_data;
    logic [@OUTPUT_BUFFER_GROUP@*@OUTPUT_BITS@-1:0] output_buffer_data, up_buffer_data;
    logic [@OUTPUT_LANE_GROUP@*@OUTPUT_BITS@-1:0] output_lane_data, up_lane_data;

    machine dut (
        .clk, .reset, .load_target, .load_address, .load_data, .look_data, .done, .cause, .grant, .trace_tile, .trace_group,
        .input_buffer_valid, .input_buffer_address, .input_buffer_data, .input_lane_mask, .input_lane_address, .input_lane_data,
        .weight_buffer_valid, .weight_buffer_address, .weight_buffer_data, .weight_lane_mask, .weight_lane_address,
        .weight_lane_data, .output_buffer_valid, .output_buffer_address, .output_buffer_data, .output_lane_mask,
        .output_lane_address, .output_lane_data, .up_buffer_valid, .up_buffer_address, .up_buffer_data,
        .up_lane_mask, .up_lane_address, .up_lane_data);

    logic [31:0] program_words [0:@program_words@-1];
    logic [31:0] input_words [0:@input_words@-1];
    logic [31:0] weight_words [0:@weight_words@-1];
    integer file, i, m, cycle, most;
    integer counts [0:15];

    task tick;
        begin
            #1 clk = 1;
            #1 clk = 0;
        end
    endtask

    task load(input [2:0] target, input integer address, input [31:0] data);
        begin
            load_target = target;
            load_address = address[W-1:0];
            load_data = data;
            tick;
        end
    endtask

    // A word: its place in the group's data, its lanes, its address in the child's tile.
    task word(input [LANES-1:0] mask, input [W-1:0] address);
        if (mask != 0) $fwrite(file, " %0d %h : %0d", i, mask, address);
    endtask

    task trace_words(input integer mover);
        case (mover)
            0: for (i = 0; i < @INPUT_BUFFER_GROUP@; i = i + 1) word({{LANES-1{1'b0}}, input_buffer_valid[i]}, input_buffer_address[i*W +: W]);
            1: for (i = 0; i < @WEIGHT_BUFFER_GROUP@; i = i + 1) word({{LANES-1{1'b0}}, weight_buffer_valid[i]}, weight_buffer_address[i*W +: W]);
            2: for (i = 0; i < @OUTPUT_BUFFER_GROUP@; i = i + 1) word({{LANES-1{1'b0}}, output_buffer_valid[i]}, output_buffer_address[i*W +: W]);
            3: for (i = 0; i < @OUTPUT_BUFFER_GROUP@; i = i + 1) word({{LANES-1{1'b0}}, up_buffer_valid[i]}, up_buffer_address[i*W +: W]);
            4: for (i = 0; i < @INPUT_LANE_GROUP@; i = i + 1) word(input_lane_mask[i*LANES +: LANES], input_lane_address[i*W +: W]);
            5: for (i = 0; i < @WEIGHT_LANE_GROUP@; i = i + 1) word(weight_lane_mask[i*LANES +: LANES], weight_lane_address[i*W +: W]);
            6: for (i = 0; i < @OUTPUT_LANE_GROUP@; i = i + 1) word(output_lane_mask[i*LANES +: LANES], output_lane_address[i*W +: W]);
            default: for (i = 0; i < @OUTPUT_LANE_GROUP@; i = i + 1) word(up_lane_mask[i*LANES +: LANES], up_lane_address[i*W +: W]);
        endcase
    endtask

    task trace_cycle;
        begin
            $fwrite(file, "cycle %0d cause %0d\n", cycle, cause);
            $fwrite(file, "data %h %h %h %h %h %h %h %h\n", input_buffer_data, weight_buffer_data, output_buffer_data,
                    up_buffer_data, input_lane_data, weight_lane_data, output_lane_data, up_lane_data);
            for (m = 0; m < 8; m = m + 1)
                if (grant[m]) begin
                    $fwrite(file, "grant %0d tile %0d group %0d", m, trace_tile[m*W +: W], trace_group[m*W +: W]);
                    trace_words(m);
                    $fwrite(file, "\n");
                end
        end
    endtask

    initial begin
        $readmemh("program.hex", program_words);
        $readmemh("input.hex", input_words);
        $readmemh("weight.hex", weight_words);
        for (i = 0; i < 16; i = i + 1) counts[i] = 0;
        for (i = 0; i < @program_words@; i = i + 1) load(3'd1, i, program_words[i]);
        for (i = 0; i < @input_words@; i = i + 1) load(3'd2, i, input_words[i]);
        for (i = 0; i < @weight_words@; i = i + 1) load(3'd3, i, weight_words[i]);
        load_target = 0;
        tick;
        reset = 0;
        #1 cycle = 0;
        most = 10000000;
        if ($value$plusargs("most=%d", most) != 0) $display("at most %0d cycles", most);
        file = 0;
        if ($test$plusargs("trace") != 0) file = $fopen("trace.txt", "w");
        while (!done && cycle < most) begin
            counts[cause] = counts[cause] + 1;
            if (file != 0) trace_cycle;
            tick;
            #1 cycle = cycle + 1;
        end
        counts[cause] = counts[cause] + 1;
        if (file != 0) trace_cycle;
        tick;
        if (file != 0) $fclose(file);
        $display("cycles %0d", cycle + 1);
        for (i = 0; i < 11; i = i + 1)
            if (counts[i] != 0) $display("cause %0d cycles %0d", i, counts[i]);
        file = $fopen("output.hex", "w");
        for (i = 0; i < @output_words@; i = i + 1) begin
            load_address = i[W-1:0];
            #1 $fwrite(file, "%h\n", look_data);
        end
        $fclose(file);
        $finish;
    end
endmodule
