# SPDX-License-Identifier: Apache-2.0
# An installed program runs from anywhere and finds the data files installed with it, not those of the source tree.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/elsewhere)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${WORK}/prefix/bin/accelsim explain first_run.yaml WORKING_DIRECTORY ${WORK}/elsewhere
                OUTPUT_VARIABLE nest COMMAND_ERROR_IS_FATAL ANY)
if(NOT nest MATCHES "dataflow C . K")
    message(FATAL_ERROR "unexpected: ${nest}")
endif()
execute_process(COMMAND ${WORK}/prefix/bin/accelsim explain runs/schedule_output_stationary.yaml WORKING_DIRECTORY ${WORK}/elsewhere
                OUTPUT_VARIABLE nest COMMAND_ERROR_IS_FATAL ANY)
if(NOT nest MATCHES "dataflow X . Y")
    message(FATAL_ERROR "unexpected: ${nest}")
endif()
file(WRITE ${WORK}/elsewhere/bad.yaml "architecture: nowhere.yaml\nworkload: workloads/alexnet_conv3.yaml\nmapping: {nest: []}\n")
execute_process(COMMAND ${WORK}/prefix/bin/accelsim bad.yaml WORKING_DIRECTORY ${WORK}/elsewhere RESULT_VARIABLE code ERROR_VARIABLE message)
if(NOT code EQUAL 2 OR NOT message MATCHES "nor in the data directory ${WORK}/prefix/share/accelsim/configs")
    message(FATAL_ERROR "exit code ${code}: ${message}")
endif()
