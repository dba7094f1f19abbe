#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Yosys elaborates what the program writes, finds no problem in it, and counts its cells as they must be. Narrow registers and few
# loops keep it below a minute; they change no structure. Usage: synthesis.sh ACCELSIM RUN_FILE WORK_DIR
set -euo pipefail
rm -rf "$3"
"$1" rtl "$2" --quiet -o "$3"
cd "$3"
bash cells.sh W=12 LOOPS=6 | tee cells.txt
# The program's words, less four for each of six loops, are registers of 12 bits; the walkthroughs have 2 x 2 PEs.
words=$(($(wc -l <program.hex) - 24))
awk -v bits=$((words * 12)) '$1 == "registers" { if ($4 != bits) exit 1; seen++ }
    $1 == "pe" { if ($2 != 4) exit 1; seen++ }
    $1 == "register_file" { if ($2 != 8 || $5 == 0) exit 1; seen++ }
    END { if (seen != 3) exit 1 }' cells.txt
