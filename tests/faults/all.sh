#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plants every fault of every list, as told by plant.sh, and writes docs/faults.md: what was planted, and what caught it. Takes an hour.
# all.sh --table writes the page from what the last runs left in out/faults.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
lists="faults rtl_faults program_faults self_checks"
title() {
    case $1 in
        faults) echo "The machine, the nest and its counts" ;;
        rtl_faults) echo "The machines in SystemVerilog" ;;
        program_faults) echo "Models, searches, importers and the program" ;;
        self_checks) echo "The checks of the running program itself" ;;
    esac
}
code=0
if [ "${1:-}" != --table ]; then
    ACCELSIM_PACKAGES="verilator iverilog yosys libonnx-dev libprotobuf-dev protobuf-compiler" \
        "$root/.ci/setup.sh" release -DACCELSIM_RTL_TESTS=ON
    for list in $lists; do
        work=$root/out/faults/$list
        case $list in program_faults | self_checks) work=$root/out/faults/program ;; esac
        "$root/tests/faults/plant.sh" "$root/out/build/release" "$work" "$list.txt" || code=1
    done
fi
page=$root/docs/faults.md
listed=0 planted=0 caught=0
body=
for list in $lists; do
    result=$(ls "$root"/out/faults/*/"$list.txt" 2>/dev/null || true)
    body+=$'\n'"## $(title "$list")"$'\n\n'"[tests/faults/$list.txt](../tests/faults/$list.txt)"$'\n\n| fault | in | caught by |\n|---|---|---|\n'
    while IFS='|' read -r name file rest; do
        case $name in '' | '#'*) continue ;; esac
        listed=$((listed + 1))
        how=$([ -z "$result" ] || awk -F ' [|] ' -v name="${name% }" '$1 == name { print $3; exit }' "$result")
        case $how in '' | '**'*) ;; *) caught=$((caught + 1)) ;; esac
        [ -z "$how" ] || planted=$((planted + 1))
        body+="| ${name% } | \`${file// /}\` | ${how:-not in the last runs} |"$'\n'
    done <"$root/tests/faults/$list.txt"
done
{
    echo "# Planted faults"
    echo
    echo "Written by \`tests/faults/all.sh\`, which plants each fault alone in a copy of the sources, runs the tests and keeps what caught it. **Listed: $listed; of these planted in the last runs: $planted; caught: $caught.**"
    echo "The third column names the first test that failed, or the check of the program that fired."
    printf '%s' "$body"
} >"$page"
echo "$listed faults, $planted planted, $caught caught; see docs/faults.md"
exit $code
