#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plants each fault of a list into a copy of the sources, one at a time, and runs tests on it: every one must be caught.
# Usage: plant.sh BUILD_DIR WORK_DIR LIST; ONLY="name of one fault" plants that one alone, FROM=NAME that one and those behind it,
# FIRST=1 the first of each module of the machine, NONE=1 none: only their texts are looked for.
# BUILD_DIR is a build of these sources: what includes the faulty file is compiled anew as it was there, and linked with all that is there.
# LIST is faults.txt (the cross tests run with each fault), rtl_faults.txt (the machines' templates are faulty, which needs no compiling),
# program_faults.txt or self_checks.txt (the program and the tests that each fault names run).
# Writes WORK_DIR/LIST with a line "name | file | what caught it" for each; all.sh makes docs/faults.md of it.
set -euo pipefail
source=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
mkdir -p "$2/tree" "$2/bin"
export built work tree
built=$(cd "$1" && pwd)
work=$(cd "$2" && pwd)
tree=$work/tree
list_name=$3
list=$source/tests/faults/$list_name
only=${ONLY:-}
from=${FROM:-}
none=${NONE:-}
if [ -n "$none" ]; then
    tree=$source  # it stays as it is
else
    for part in CMakeLists.txt mappings models sim tests configs traces docs; do
        rm -rf "$tree/$part.new"
        cp -r "$source/$part" "$tree/$part.new"
        rm -rf "${tree:?}/$part"
        mv "$tree/$part.new" "$tree/$part"
    done
fi

# Makes executables of the build (bin/accelsim, tests/test_faults...) in WORK_DIR/bin, with the faulty file.
make_faulty() {
    local program link object archive links=()
    rm -rf "$work/objects"
    : >"$work/stale"
    for program in "$@"; do
        link=$(ninja -C "$built" -t commands -s "$program" | tail -1)
        for object in $(ninja -C "$built" -t deps | awk -v file="$source/$file" '/^[^ ]/ { object = $1; sub(":$", "", object) } $1 == file { print object }'); do
            archive=$(sed -E 's|CMakeFiles/([^/]+)\.dir/.*|lib\1.a|' <<<"$object")
            [[ $link == *" $object "* || $link == *" $archive "* ]] || continue
            echo "$object" >>"$work/stale"
            link=${link//" $object "/" "}
            link=${link/" -o "/" $work/objects/$object -o "}  # before the archives, which are not asked for their own then
        done
        links+=("${link/" -o $program "/" -o $work/bin/${program##*/} "}")
    done
    sort -u "$work/stale" | xargs -r -P "$(nproc)" -I{} "$source/tests/faults/compile.sh" {} || return 1
    for link in "${links[@]}"; do (cd "$built" && eval "$link") || return 1; done
}

must_have_faults=
# A fault that makes the tests run on and on has processor time, which other programs on the machine do not shorten.
case $list_name in
    rtl_faults.txt)
        must_have_faults='sim/rtl/templates/*.sv'
        build() { :; }
        run() { cd "$work" && ulimit -t 200 && ACCELSIM_TEMPLATES=$tree/sim/rtl/templates timeout 900 "$built/tests/test_rtl" --run_test=rtl_icarus; }
        ;;
    faults.txt)
        must_have_faults='sim/hardware/*.cpp'
        export ACCELSIM_DESIGNS=${ACCELSIM_FAULT_DESIGNS:-150} ACCELSIM_DEADLOCK_DESIGNS=40
        [ -n "$none" ] || cmake --build "$built" --target test_faults >"$work/log" 2>&1
        build() { make_faulty tests/test_faults >"$work/log" 2>&1; }
        # The suites that are likely to see a fault of this file first: the tests stop at the first difference.
        run() {
            local suites likely=random_designs:hand_cycles:more_random_designs:deadlocks others=dram_controller:detailed_dram:random_dram_designs
            case $file in *dram* | *burst*) likely=$others others=random_designs:hand_cycles:more_random_designs:deadlocks ;; esac
            cd "$work" && ulimit -t 40
            for suites in $likely $others; do timeout 600 bin/test_faults --run_test="$suites" || exit; done
        }
        ;;
    *)
        build() {
            local programs=bin/accelsim
            [ "$executable" = self_check ] || programs="$programs tests/$executable"
            make_faulty $programs >"$work/log" 2>&1
        }
        run() {
            cd "$work" && ulimit -t 200
            export ACCELSIM_PROGRAM=$work/bin/accelsim
            [ "$executable" = self_check ] || exec timeout 900 "bin/$executable" --run_test="$suites" --catch_system_errors=no
            "$ACCELSIM_PROGRAM" "$tree/configs/first_run.yaml" --set workload.dimensions.K=64 \
                --set workload.dimensions.C=64 --set architecture.levels.DRAM.width_bits=32  # so that the array waits
        }
        ;;
esac

# Whether the tests fail; then `how` says what failed.
caught() {
    local code=0
    (run) >"$work/log" 2>&1 || code=$?
    [ "$code" -ne 0 ] || return 1
    how=$(grep -oam1 'in "[^"]*"' "$work/log" | head -1 | cut -d'"' -f2 || true)
    if [ -z "$how" ] && [ "$code" -ge 124 ]; then how="a run that does not end (exit code $code)"; fi
    if [ "$executable" = self_check ] && [ -n "$suites" ]; then
        how="accelsim's check: $(grep -am1 '^error: ' "$work/log" | cut -d: -f3- | cut -c2-)"
        [ "$code" -eq 1 ] && grep -qaF "this is a bug of accelsim" "$work/log" && grep -qaF -- "$suites" "$work/log" || return 1
        # What is compared after the run has no state to print.
        grep -qa "closed form\|outputs differ" "$work/log" || grep -qa "^state in cycle " "$work/log"
    fi
}

trim() { local t=$1; t="${t#"${t%%[![:space:]]*}"}"; echo "${t%"${t##*[![:space:]]}"}"; }

# What became of the fault, in place of what is there of it.
note() {
    { grep -vF "$name | $file |" "$work/$list_name" || true; } >"$work/results"
    echo "$name | $file | $1" >>"$work/results"
    mv "$work/results" "$work/$list_name"
}

# Without any fault the tests must pass: once for all, or once for what each fault names.
sound=' '
check_sound() {
    case $sound in *" $executable $suites "*) return 0 ;; esac
    sound="$sound$executable $suites "
    local wanted=$suites
    if [ "$executable" = self_check ]; then suites=; fi
    build || { tail -30 "$work/log"; exit 1; }
    if caught; then
        echo "the tests fail without any fault:"
        tail -30 "$work/log"
        exit 1
    fi
    suites=$wanted
}

file=none executable= suites=
planted=0
missed=0
seen=' '
{ [ -n "$only$from" ] && [ -e "$work/$list_name" ]; } || : >"$work/$list_name"  # else what the other faults gave stays there
while IFS='|' read -r name file text replacement tests; do
    name=$(trim "$name")
    case $name in '' | '#'*) continue ;; esac
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    [ "$from" != "$name" ] || from=
    [ -z "$from" ] || continue
    file=$(trim "$file")
    if [ -n "${FIRST:-}" ]; then
        # Headers and what is below the machine have everything built anew: not here.
        [[ $file == $must_have_faults ]] || continue
        case $seen in *" $file "*) continue ;; esac
        seen="$seen$file "
    fi
    read -r executable suites <<<"$tests" || true
    [ -n "$none" ] || check_sound
    text=$(trim "${text//\\p/|}")
    replacement=$(trim "${replacement//\\p/|}")
    planted=$((planted + 1))
    original=$(cat "$tree/$file")
    case $original in
        *"$text"*) ;;
        *) echo "FAULT NOT PLANTED: $name: $file has no '$text'"; missed=$((missed + 1)); continue ;;
    esac
    [ -z "$none" ] || continue
    printf '%s\n' "${original/"$text"/"$replacement"}" >"$tree/$file"
    how=
    if ! build; then
        echo "FAULT DOES NOT COMPILE: $name"
        grep -m3 error "$work/log" || true
        missed=$((missed + 1))
    elif caught; then
        # Icarus refuses what is no SystemVerilog; no test has seen that.
        if grep -q "iverilog" "$work/log"; then
            echo "FAULT DOES NOT COMPILE: $name"
            missed=$((missed + 1))
        else
            echo "caught: $name ($how)"
            note "$how"
        fi
    else
        echo "MISSED: $name"
        note "**nothing**"
        missed=$((missed + 1))
    fi
    printf '%s\n' "$original" >"$tree/$file"
done <"$list"
for module in $(cd "$source" && echo $must_have_faults); do
    case $module in */testbench.sv | */probes.cpp | */simulate.cpp | *_waveform.cpp | */fst_absent.cpp | */wave_view.cpp | */tile_marks.cpp)
            continue ;;  # no part of the machine
    esac
    grep -q "| $module |" "$list" || { echo "NO FAULT FOR $module"; missed=$((missed + 1)); }
done
if [ -n "$none" ]; then echo "$planted faults listed, of $missed there is no text"; else echo "$planted faults planted, $((planted - missed)) caught"; fi
[ "$planted" -gt 0 ] && [ "$missed" -eq 0 ]
