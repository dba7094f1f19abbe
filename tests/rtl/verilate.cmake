# SPDX-License-Identifier: Apache-2.0
# Machine NAME in the folder SV becomes a library of C++. Loops stay loops: unrolled they would take minutes to compile.
file(GLOB modules ${SV}/*.sv)
list(FILTER modules EXCLUDE REGEX "/testbench\\.sv$")
execute_process(COMMAND ${VERILATOR} --cc --top-module machine --prefix V${NAME} --Mdir ${SV}/made -O3 --unroll-count 1
    --output-split 5000 ${SV}/lint.vlt ${modules} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND make -C ${SV}/made -f V${NAME}.mk OPT_FAST=-O1 OPT_SLOW=-O0 V${NAME}__ALL.a
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
