# SPDX-License-Identifier: Apache-2.0
# Includes go in the direction of the house's arrows only: mappings <- models <- sim/hardware <- sim/program.
function(forbid folder pattern)
    file(GLOB_RECURSE files ${SOURCE_DIR}/${folder}/*.cpp ${SOURCE_DIR}/${folder}/*.hpp)
    if(NOT files)
        message(FATAL_ERROR "no sources in ${folder}")
    endif()
    foreach(file ${files})
        file(STRINGS ${file} lines REGEX "^ *#include [<\"](${pattern})")
        if(lines)
            message(SEND_ERROR "${file} includes against the arrows: ${lines}")
        endif()
    endforeach()
endfunction()

forbid(mappings "models/|sim/|tests/|systemc|tlm|yaml-cpp")
forbid(models "sim/|tests/|systemc|tlm|yaml-cpp")
forbid(sim/hardware "sim/program|tests/|yaml-cpp")
forbid(sim/program "tests/")
