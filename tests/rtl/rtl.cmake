# SPDX-License-Identifier: Apache-2.0
# The machines in SystemVerilog: written by the program, verilated once per structure, driven beside the simulator; and what
# verilator, Icarus and yosys say about what the program writes.
find_program(VERILATOR verilator)
find_program(IVERILOG iverilog)
find_program(YOSYS yosys)
if(NOT VERILATOR OR NOT IVERILOG OR NOT YOSYS)
    if(ACCELSIM_RTL_TESTS)
        message(FATAL_ERROR "the tests of the machines in SystemVerilog need verilator, iverilog and yosys")
    endif()
    message(STATUS "verilator, iverilog or yosys is not installed: the machines in SystemVerilog are not tested")
    return()
endif()

file(GLOB rtl_templates CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sim/rtl/templates/*)
file(GLOB rtl_sources CONFIGURE_DEPENDS rtl/*.cpp)
execute_process(COMMAND ${VERILATOR} --getenv VERILATOR_ROOT OUTPUT_VARIABLE verilator_root OUTPUT_STRIP_TRAILING_WHITESPACE)
add_executable(test_rtl ${rtl_sources} support/main.cpp ${verilator_root}/include/verilated.cpp
               ${verilator_root}/include/verilated_threads.cpp)
target_link_libraries(test_rtl PRIVATE accelsim_test_support accelsim_program)
target_include_directories(test_rtl SYSTEM PRIVATE ${verilator_root}/include ${verilator_root}/include/vltstd)
set_source_files_properties(${verilator_root}/include/verilated.cpp ${verilator_root}/include/verilated_threads.cpp PROPERTIES COMPILE_OPTIONS -w)
file(STRINGS rtl/machines.txt machines REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS rtl/machines.txt)
foreach(line ${machines})
    string(REGEX MATCH "^([^ ]*) \\| ([^ ]*) \\| (.*)$" matched "${line}")
    set(machine ${CMAKE_MATCH_1})
    set(run_file ${CMAKE_SOURCE_DIR}/${CMAKE_MATCH_2})
    string(REPLACE " " ";" settings ${CMAKE_MATCH_3})
    list(TRANSFORM settings PREPEND "--set=" OUTPUT_VARIABLE overrides)
    set(sv ${CMAKE_CURRENT_BINARY_DIR}/rtl/${machine})
    add_custom_command(OUTPUT ${sv}/machine.sv COMMAND accelsim_exe rtl ${run_file} ${overrides} --quiet -o ${sv}
                       DEPENDS accelsim_exe ${rtl_templates} ${run_file} rtl/machines.txt)
    add_custom_command(OUTPUT ${sv}/made/V${machine}.h ${sv}/made/V${machine}__ALL.a
        COMMAND ${CMAKE_COMMAND} -DVERILATOR=${VERILATOR} -DNAME=${machine} -DSV=${sv} -P ${CMAKE_CURRENT_SOURCE_DIR}/rtl/verilate.cmake
        DEPENDS ${sv}/machine.sv rtl/verilate.cmake)
    target_sources(test_rtl PRIVATE ${sv}/made/V${machine}.h)
    target_include_directories(test_rtl SYSTEM PRIVATE ${sv}/made)
    target_link_libraries(test_rtl PRIVATE ${sv}/made/V${machine}__ALL.a)
endforeach()
foreach(suite rtl_lock_step rtl_report rtl_icarus rtl_accelerators rtl_random_structures)
    add_test(NAME rtl.${suite} COMMAND test_rtl --run_test=${suite} --catch_system_errors=no)
endforeach()
foreach(run a_weight_stationary b_row_stationary c_output_stationary)
    foreach(tool lint synthesis)
        # The modules are the same in all three; Yosys, which takes a minute, sees them once.
        if(tool STREQUAL synthesis AND NOT run STREQUAL b_row_stationary)
            continue()
        endif()
        add_test(NAME rtl.${tool}_${run} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/rtl/${tool}.sh $<TARGET_FILE:accelsim_exe>
                 ${CMAKE_SOURCE_DIR}/configs/walkthroughs/${run}.yaml ${CMAKE_CURRENT_BINARY_DIR}/rtl_${tool}/${run})
    endforeach()
endforeach()
