#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Speed of the simulator: each run in batches and in single steps, side by side; best of three. The reference check is timed apart
# and left out. Usage: bench.sh [run files]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program="$root/out/build/release/bin/accelsim"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- "$root/configs/first_run.yaml" "$root"/configs/runs/*.yaml

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
