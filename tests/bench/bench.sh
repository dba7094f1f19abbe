#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Speed of the simulator: each run in batches and in single steps, side by side; best of three. The reference check is timed apart
# and left out. Usage: bench.sh [run files]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program="$root/out/build/release/bin/accelsim"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# By default the single layers: networks have a table of their own.
[ $# -gt 0 ] || set -- "$root/configs/first_run.yaml" "$root"/configs/runs/alexnet_conv3_{rs,os,eyeriss}.yaml "$root"/configs/runs/{fc_4096_ddr4,mobilenet_depthwise}.yaml

field() { sed -n "s/.*\"$2\": *\([^,]*\).*/\1/p" "$1" | head -1; }
printf '%-24s %-10s %12s %14s %12s %10s\n' run dataflow 'M MAC/s' 'M cycles/s' 'wall s' 'peak MB'
for run in "$@"; do
    for mode in batched single_step; do
        best=
        for _ in 1 2 3; do
            "$program" "$run" --quiet --json "$work/result.json" --set "simulation.advance=$mode"
            wall=$(field "$work/result.json" wall_s)
            if [ -z "$best" ] || awk -v a="$wall" -v b="$best" 'BEGIN { exit !(a < b) }'; then
                best=$wall
            fi
        done
        awk -v name="$(basename "$run" .yaml)" -v mode="$mode" -v wall="$best" -v macs="$(field "$work/result.json" macs)" \
            -v cycles="$(field "$work/result.json" cycles)" -v peak="$(field "$work/result.json" peak_bytes)" \
            'BEGIN { printf "%-24s %-11s %11.0f %14.2f %12.3f %10.0f\n", name, mode, macs / wall / 1e6, cycles / wall / 1e6, wall, peak / 1e6 }'
    done
done

# What a detailed DRAM costs: the same layer with an ideal one, and its requests given to the controller alone.
best() {
    local least= wall
    for _ in 1 2 3; do
        "$program" "$@" --quiet --json "$work/result.json"
        wall=$(field "$work/result.json" wall_s)
        if [ -z "$least" ] || awk -v a="$wall" -v b="$least" 'BEGIN { exit !(a < b) }'; then least=$wall; fi
    done
    echo "$least"
}
printf '\n%-24s %12s %14s %14s %14s %12s\n' 'detailed DRAM' bursts 'machine us' 'movers, TLM us' 'controller us' 'us per burst'
for run in alexnet_conv3_ddr4 fc_4096_ddr4; do
    file="$root/configs/runs/$run.yaml"
    ideal=$(best "$file" --set architecture=architectures/ck_16x16.yaml)
    detailed=$(best "$file")
    bursts=$(field "$work/result.json" bursts)
    "$program" "$file" --quiet --dram-requests "$work/requests.txt"
    "$program" dram dram/ddr4_3200_8gb_x8.yaml "$work/requests.txt" --json "$work/alone.json" >/dev/null
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
