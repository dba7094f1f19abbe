#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Speed of the simulator, best of three. One layer: the simulation alone, in seconds of the processor that its process used, the reference
# check left out. Usage: bench.sh [run files]: these alone
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program="$root/out/build/release/bin/accelsim"
cpu_clock="$root/out/build/release/bin/libaccelsim_cpu_clock.so"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { sed -n "s/.*\"$2\": *\([^,]*\).*/\1/p" "$1" | head -1; }
# Least seconds of the simulation among three runs; its result stays in $work/result.json.
best() {
    local least= wall
    for _ in 1 2 3; do
        LD_PRELOAD=$cpu_clock "$program" "$@" --quiet --json "$work/result.json"
        wall=$(field "$work/result.json" wall_s)
        if [ -z "$least" ] || awk -v a="$wall" -v b="$least" 'BEGIN { exit !(a < b) }'; then least=$wall; fi
    done
    echo "$least"
}
# rate UNIT FACTOR ARGUMENTS: so many of the result's UNIT per second of the simulation, divided by FACTOR.
rate() {
    local unit=$1 factor=$2 seconds
    shift 2
    seconds=$(best "$@")
    awk -v n="$(field "$work/result.json" "$unit")" -v s="$seconds" -v f="$factor" 'BEGIN { printf "%.2f", n / s / f }'
}

# Compute-bound layers, the same dataflow in a column.
table() {
    local title=$1 size run
    shift
    printf '%-32s' "$title"
    for size in 16 32 128; do
        [ "$size" = 16 ] || printf '%-32s' ''
        printf '%9s' "${size}x$size"
        for run in ck rs os; do printf '%12s' "$(rate "$@" --set "simulation.advance=$mode" "$(layer $run $size)")"; done
        printf '\n'
    done
}
layer() {
    case $1_$2 in
        ck_16) echo "$root/configs/first_run.yaml" ;;
        *_16) echo "$root/configs/runs/alexnet_conv3_$1.yaml" ;;
        *) echo "$root/tests/bench/layers/$1_$2.yaml" ;;
    esac
}
if [ $# -eq 0 ]; then
    printf '%-41s%12s%12s%12s\n' 'one layer' 'C | K' 'FYC | Y' 'X | Y'
    mode=batched table 'batched, G MAC/s' macs 1e9
    mode=single_step table 'single-step, M cycles/s' cycles 1e6
    mode=batched table 'batched, data off, M cycles/s' cycles 1e6 --set data=off
    printf '\n'
fi

all=$#
[ $# -gt 0 ] || set -- "$root"/configs/runs/{alexnet_conv3_eyeriss,fc_4096_ddr4,mobilenet_depthwise}.yaml
printf '%-24s %-11s %11s %14s %12s %10s\n' run advance 'M MAC/s' 'M cycles/s' seconds 'peak MB'
for run in "$@"; do
    for mode in batched single_step; do
        least=$(best "$run" --set "simulation.advance=$mode")
        awk -v name="$(basename "$run" .yaml)" -v mode="$mode" -v wall="$least" -v macs="$(field "$work/result.json" macs)" \
            -v cycles="$(field "$work/result.json" cycles)" -v peak="$(field "$work/result.json" peak_bytes)" \
            'BEGIN { printf "%-24s %-11s %11.0f %14.2f %12.3f %10.0f\n", name, mode, macs / wall / 1e6, cycles / wall / 1e6, wall, peak / 1e6 }'
    done
done
[ "$all" -eq 0 ] || exit 0

# What a detailed DRAM costs: the same layer with an ideal one, and its requests given to the controller alone.
printf '\n%-24s %12s %14s %14s %14s %12s\n' 'detailed DRAM' bursts 'machine us' 'movers, TLM us' 'controller us' 'us per burst'
for run in alexnet_conv3_ddr4 fc_4096_ddr4; do
    file="$root/configs/runs/$run.yaml"
    ideal=$(best "$file" --set architecture=architectures/ck_16x16.yaml)
    detailed=$(best "$file")
    bursts=$(field "$work/result.json" bursts)
    "$program" "$file" --quiet --dram-requests "$work/requests.txt"
    LD_PRELOAD=$cpu_clock "$program" dram dram/ddr4_3200_8gb_x8.yaml "$work/requests.txt" --json "$work/alone.json" >/dev/null
    alone=$(sed -n 's/.*"wall_s": *\([0-9.e-]*\).*/\1/p' "$work/alone.json")
    awk -v name="$run" -v n="$bursts" -v i="$ideal" -v d="$detailed" -v a="$alone" \
        'BEGIN { printf "%-24s %12d %14.0f %14.0f %14.0f %12.2f\n", name, n, i * 1e6, (d - i - a) * 1e6, a * 1e6, (d - i) * 1e6 / n }'
done

# Whole networks, process start-up and the reference check included: behind an ideal and a detailed DRAM, without data, on two cores.
detail=(--set architecture.levels.DRAM.model=detailed --set architecture.levels.DRAM.device=dram/ddr4_3200_8gb_x8.yaml)
seconds() {
    local TIMEFORMAT=%R least= wall
    for _ in 1 2 3; do
        wall=$({ time "$program" "$@" --quiet --json "$work/result.json"; } 2>&1)
        if [ -z "$least" ] || awk -v a="$wall" -v b="$least" 'BEGIN { exit !(a < b) }'; then least=$wall; fi
    done
    echo "$least"
}
printf '\n%-24s %12s %14s %14s %14s\n' 'network, s' 'ideal -j 1' 'ideal -j 2' 'detailed -j 1' 'data off -j 1'
for run in {alexnet,resnet50,vgg16}_{16,32,128}; do
    file="$root/configs/runs/$run.yaml"
    printf '%-24s %12s %14s %14s %14s\n' "$run" "$(seconds "$file" -j 1)" "$(seconds "$file" -j 2)" \
        "$(seconds "$file" -j 1 "${detail[@]}")" "$(seconds "$file" -j 1 --set data=off)"
done

# How fast mappings are priced.
printf '\n'
"$root/out/build/release/bin/accelsim_search_rate" "$root/configs/runs/alexnet_conv3_auto.yaml" "$root/tests/bench/search_free.yaml"
