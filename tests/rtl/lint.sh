#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Verilator has no warning for what the program writes, but those that lint.vlt waives. Usage: lint.sh ACCELSIM RUN_FILE WORK_DIR
set -euo pipefail
rm -rf "$3"
"$1" rtl "$2" --quiet -o "$3"
cd "$3"
verilator --lint-only --timing -Wall --top-module testbench lint.vlt ./*.sv
rm testbench.sv
verilator --lint-only -Wall --top-module machine lint.vlt ./*.sv
