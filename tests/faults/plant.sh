#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plants each fault of a list into a copy of the sources, one at a time, and runs tests on it: every one must be caught.
# Usage: plant.sh SOURCE_DIR WORK_DIR LIST [TEST_RTL]; ONLY="name of one fault" plants that one alone, FIRST=1 the first of each module of the machine.
# Without TEST_RTL the cross tests are built with each fault; with it the machines' templates are faulty, which needs no building.
set -euo pipefail
source=$1
work=$2
list=$source/tests/faults/$3
test_rtl=${4:-}
only=${ONLY:-}
mkdir -p "$work/tree"
for part in CMakeLists.txt mappings models sim tests configs; do
    rm -rf "$work/tree/$part.new"
    cp -r "$source/$part" "$work/tree/$part.new"
    rm -rf "${work:?}/tree/$part"
    mv "$work/tree/$part.new" "$work/tree/$part"
done
if [ -n "$test_rtl" ]; then
    must_have_faults='sim/rtl/templates/*.sv'
    build() { :; }
    caught() { ! (cd "$work" && ulimit -t 200 && ACCELSIM_TEMPLATES=$work/tree/sim/rtl/templates timeout 900 "$test_rtl" --run_test=rtl_icarus >"$work/log" 2>&1); }
else
    must_have_faults='sim/hardware/*.cpp'
    export ACCELSIM_DESIGNS=${ACCELSIM_FAULT_DESIGNS:-150} ACCELSIM_DEADLOCK_DESIGNS=40
    cmake -S "$work/tree" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 >"$work/log" 2>&1
    build() { cmake --build "$work/build" --target test_faults >"$work/log" 2>&1; }
    # The suites that are likely to see a fault of this file first: the tests stop at the first difference. A fault that makes them run on
    # and on has processor time, which other programs on the machine do not shorten.
    caught() {
        local likely=random_designs:hand_cycles:more_random_designs:deadlocks others=dram_controller:random_dram_designs
        case $file in *dram* | *burst*) likely=$others others=random_designs:hand_cycles:more_random_designs:deadlocks ;; esac
        ! (cd "$work/build/tests" && ulimit -t 40 && for suites in $likely $others; do timeout 600 ./test_faults --run_test="$suites" || exit 1; done >"$work/log" 2>&1)
    }
fi

file=none
build || { tail -30 "$work/log"; exit 1; }
if caught; then
    echo "the tests fail without any fault:"
    tail -30 "$work/log"
    exit 1
fi
planted=0
missed=0
seen=' '
while IFS='|' read -r name file text replacement; do
    trim() { local t=$1; t="${t#"${t%%[![:space:]]*}"}"; echo "${t%"${t##*[![:space:]]}"}"; }
    name=$(trim "$name")
    case $name in '' | '#'*) continue ;; esac
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    file=$(trim "$file")
    if [ -n "${FIRST:-}" ]; then
        # Headers and what is below the machine have everything built anew: not here.
        [[ $file == $must_have_faults ]] || continue
        case $seen in *" $file "*) continue ;; esac
        seen="$seen$file "
    fi
    text=$(trim "${text//\\p/|}")
    replacement=$(trim "${replacement//\\p/|}")
    planted=$((planted + 1))
    original=$(cat "$work/tree/$file")
    case $original in
        *"$text"*) ;;
        *) echo "FAULT NOT PLANTED: $name: $file has no '$text'"; missed=$((missed + 1)); continue ;;
    esac
    printf '%s\n' "${original/"$text"/"$replacement"}" >"$work/tree/$file"
    if ! build; then
        echo "FAULT DOES NOT COMPILE: $name"
        grep -m3 error "$work/log" || true
        missed=$((missed + 1))
    elif caught; then
        # Icarus refuses what is no SystemVerilog; no test has seen that.
        if grep -q "iverilog" "$work/log"; then echo "FAULT DOES NOT COMPILE: $name"; missed=$((missed + 1)); else echo "caught: $name"; fi
    else
        echo "MISSED: $name"
        missed=$((missed + 1))
    fi
    printf '%s\n' "$original" >"$work/tree/$file"
done <"$list"
for module in $(cd "$source" && echo $must_have_faults); do
    case $module in */testbench.sv | */probes.cpp | */simulate.cpp) continue ;; esac  # no part of the machine
    grep -q "| $module |" "$list" || { echo "NO FAULT FOR $module"; missed=$((missed + 1)); }
done
echo "$planted faults planted, $((planted - missed)) caught"
[ "$planted" -gt 0 ] && [ "$missed" -eq 0 ]
