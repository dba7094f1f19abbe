// SPDX-License-Identifier: Apache-2.0
// Loads the program and the operands, runs the machine, and writes what happened: cycles by cause to the standard output, the
// output tensor to output.hex, and with +trace every cycle to trace.txt: the cause, per mover the data that arrive,
// and the groups that are granted, each word as place, lanes : address. Files are those of this folder.
// +most=N gives up after N cycles.
module testbench;
    localparam integer W = @W@, MOVERS = @MOVERS@, TRACED = @TRACED@, WAYS = @WAYS@, PARENTS = @PARENTS@;
    logic clk = 0, reset = 1;
    logic [2:0] load_target = 0;
    logic [W-1:0] load_address = 0;
    logic [31:0] load_data = 0;
    logic [31:0] look_data;
    logic done;
    logic [7:0] cause;
    logic [MOVERS-1:0] grant;
    logic [MOVERS*W-1:0] trace_tile, trace_group;
    logic [MOVERS*TRACED*WAYS-1:0] trace_mask;
    logic [MOVERS*TRACED*W-1:0] trace_address;
    logic [MOVERS*PARENTS*TRACED*32-1:0] trace_data;

    machine dut (
        .clk, .reset, .load_target, .load_address, .load_data, .look_data, .done, .cause, .grant, .trace_tile, .trace_group,
        .trace_mask, .trace_address, .trace_data);

    logic [31:0] program_words [0:@program_words@-1];
    logic [31:0] input_words [0:@input_words@-1];
    logic [31:0] weight_words [0:@weight_words@-1];
    integer file, i, m, cycle, most;
    integer counts [0:255];

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

    task trace_cycle;
        begin
            $fwrite(file, "cycle %0d cause %0d\n", cycle, cause);
            $fwrite(file, "data");
            for (m = 0; m < MOVERS; m = m + 1) $fwrite(file, " %h", trace_data[m*PARENTS*TRACED*32 +: PARENTS*TRACED*32]);
            $fwrite(file, "\n");
            for (m = 0; m < MOVERS; m = m + 1)
                if (grant[m]) begin
                    $fwrite(file, "grant %0d tile %0d group %0d", m, trace_tile[m*W +: W], trace_group[m*W +: W]);
                    // A word: its place in the group's data, its lanes, its address in the child's tile.
                    for (i = 0; i < TRACED; i = i + 1)
                        if (trace_mask[(m*TRACED+i)*WAYS +: WAYS] != 0)
                            $fwrite(file, " %0d %h : %0d", i, trace_mask[(m*TRACED+i)*WAYS +: WAYS], trace_address[(m*TRACED+i)*W +: W]);
                    $fwrite(file, "\n");
                end
        end
    endtask

    initial begin
        $readmemh("program.hex", program_words);
        $readmemh("input.hex", input_words);
        $readmemh("weight.hex", weight_words);
        for (i = 0; i < 256; i = i + 1) counts[i] = 0;
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
        for (i = 0; i < 256; i = i + 1)
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
