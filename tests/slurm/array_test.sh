#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A sweep as a job array on a real Slurm of one node: array_test.sh ACCELSIM WORK_DIR. The points are those of a run without Slurm, and a
# task that is cancelled loses its own points alone, which the next command runs.
set -euo pipefail
accelsim=$1
work=$2
here=$(cd "$(dirname "$0")" && pwd)
if [ "${3:-}" != inside ]; then
    rm -rf "$work"
    mkdir -p "$work"
    exec timeout 240 "$here/one_node.sh" "$work/slurm" "$0" "$accelsim" "$work" inside
fi
cd "$work"
cat >sweep.yaml <<'YAML'
sweep:
  run: walkthroughs/a_weight_stationary.yaml
  grid: {data.seed: [1, 2, 3, 4, 5, 6], architecture.levels.DRAM.width_bits: [32, 64]}
YAML
wait_for_jobs() { while [ -n "$(squeue --noheader)" ]; do sleep 0.3; done; }
"$accelsim" sweep sweep.yaml -o array.sqlite --slurm 3
wait_for_jobs
"$accelsim" sweep sweep.yaml -o array.sqlite --collect --csv array.csv >array.txt
"$accelsim" sweep sweep.yaml -o plain.sqlite --csv plain.csv --quiet
cmp array.csv plain.csv
! grep -q "not run" array.txt

# One of three tasks is cancelled before it begins.
scontrol update nodename="$(hostname -s)" state=drain reason=test
job=$("$accelsim" sweep sweep.yaml -o broken.sqlite --slurm 3 | sed 's/^Slurm job \([0-9]*\).*/\1/')
scancel "${job}_2"
scontrol update nodename="$(hostname -s)" state=resume
wait_for_jobs
"$accelsim" sweep sweep.yaml -o broken.sqlite --collect >broken.txt
[ "$(grep -c "not run" broken.txt)" -eq 4 ]
"$accelsim" sweep sweep.yaml -o broken.sqlite --csv broken.csv --quiet
cmp broken.csv plain.csv
echo "a job array gives what a plain sweep gives, and a cancelled task is made up for"
