#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys elaborates and synthesises what the program writes and finds no problem in it. Narrow registers and few loops keep it
# below a minute; they change no structure. Usage: synthesis.sh ACCELSIM RUN_FILE WORK_DIR
set -euo pipefail
rm -rf "$3"
"$1" rtl "$2" --quiet -o "$3"
cd "$3"
rm testbench.sv
yosys -q -e . -p "read_verilog -sv *.sv; hierarchy -check -top machine -chparam W 12 -chparam LOOPS 6; prep -run begin:check; check -assert"
