# SPDX-License-Identifier: Apache-2.0
# Includes go in the direction of the house's arrows only: mappings <- models <- sim/hardware <- sim/program. They are written from
# the repository's root, because a path with dots would hide where it leads.
function(forbid folder pattern)
    file(GLOB_RECURSE files ${SOURCE_DIR}/${folder}/*.cpp ${SOURCE_DIR}/${folder}/*.hpp)
    if(NOT files)
        message(FATAL_ERROR "no sources in ${folder}")
    endif()
    foreach(file ${files})
        file(STRINGS ${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"](\\.|${pattern})")
        if(lines)
            message(SEND_ERROR "${file} includes against the arrows, or not from the root: ${lines}")
        endif()
    endforeach()
endfunction()

forbid(mappings "models/|sim/|tests/|systemc|sysc/|tlm|yaml")
forbid(models "sim/|tests/|systemc|sysc/|tlm|yaml")
forbid(sim/files "models/|sim/hardware|sim/rtl|sim/program|tests/|systemc|yaml")
forbid(sim/hardware "sim/program|tests/|yaml")
forbid(sim/program "tests/")
