#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys elaborates the machine of this folder and says what it is made of: per module the instances and, over all of them, the word-level
# cells, the bits of registers and memories, and the widths of adders (comparators too) and multipliers, added up. A first estimate of area; words of
# memory are bits of SRAM or of register files. Usage: bash cells.sh [PARAMETER=VALUE of machine]...
set -euo pipefail
cd "$(dirname "$0")"
settings=()
for setting in "$@"; do settings+=(-chparam "${setting%%=*}" "${setting#*=}"); done
modules=$(ls ./*.sv | grep -v testbench | tr '\n' ' ')
yosys -q -e . -p "read_verilog -sv $modules; hierarchy -check -top machine ${settings[*]-}; proc; opt_expr; opt_clean; check -assert; wreduce; opt_clean;
    tee -q -o cells.stat stat -width -top machine"
awk '
/^=== design hierarchy ===/ { exit }
/^===/ { module = $2; modules[module] = 1; next }
/Number of memory bits:/ { memory[module] += $NF; next }
/^ +[^ ]+ +[0-9]+$/ {
    count[module, $1] = $2
    kinds[module] = kinds[module] " " $1
}
function base(name) { sub(/.*\\/, "", name); return name }
# Adds what one instance of a module is made of, times `times`.
function add(module, times,    i, n, kind, parts, cell, width) {
    instances[base(module)] += times
    memories[base(module)] += times * memory[module]
    n = split(kinds[module], kind, " ")
    for (i = 1; i <= n; i++) {
        cell = kind[i]
        if (cell in modules) { add(cell, times * count[module, cell]); continue }
        cells[base(module)] += times * count[module, cell]
        if (split(cell, parts, "_") < 2) continue
        width = parts[length(parts)] * count[module, cell] * times
        if (cell ~ /dff/) registers[base(module)] += width
        else if (cell ~ /^\$(add|sub|neg|lt|le|ge|gt)_/) adders[base(module)] += width
        else if (cell ~ /^\$mul_/) multipliers[base(module)] += width
    }
}
END {
    add("machine", 1)
    printf "%-16s %10s %10s %14s %12s %12s %17s\n", "module", "instances", "cells", "register bits", "memory bits", "adder bits", "multiplier bits"
    for (name in instances) {
        row = "%-16s %10d %10d %14d %12d %12d %17d\n"
        printf row, name, instances[name], cells[name], registers[name], memories[name], adders[name], multipliers[name] | "sort"
        c += cells[name]; r += registers[name]; m += memories[name]; a += adders[name]; x += multipliers[name]
    }
    close("sort")
    printf row, "all", 1, c, r, m, a, x
}' cells.stat
