#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How much of our code the tests ran, by folder: after ./check --coverage, or by hand with its build folder as argument. Writes
# out/coverage/table.md, and out/coverage/index.html with every line. Exit code 1 below 90% of the lines or 80% of the branches.
# Counted are mappings, models and sim. Branches: as gcc sees them in its intermediate code, without those that only an exception takes
# (every call has one) and without those that gcc itself marks unreachable (gcovr's --exclude-throw-branches, --exclude-unreachable-branches).
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
build=$1
out=$root/out/coverage
mkdir -p "$out"
cd "$root"
code=0
gcovr --root "$root" --object-directory "$build" --filter "$root/mappings/" --filter "$root/models/" --filter "$root/sim/" \
    --exclude-throw-branches --exclude-unreachable-branches -j "$(nproc)" --csv "$out/files.csv" --html-details "$out/index.html" \
    --fail-under-line 90 --fail-under-branch 80 "$build" >/dev/null || code=1
awk -F, '
    NR > 1 {
        folder = $1; sub(/\/[^\/]*$/, "", folder)
        for (i = 2; i <= 6; i++) { sum[folder, i] += $i; all[i] += $i }
        if (!(folder in seen)) { seen[folder] = 1; order[++n] = folder }
    }
    function row(name, lines, hit, branches, taken) {
        printf "| %s | %d | %.1f%% | %d | %.1f%% |\n", name, lines, lines ? 100 * hit / lines : 100, branches, branches ? 100 * taken / branches : 100
    }
    END {
        print "| folder | lines | run | branches | taken |\n|---|---|---|---|---|"
        for (i = 1; i <= n; i++) row("`" order[i] "`", sum[order[i], 2], sum[order[i], 3], sum[order[i], 5], sum[order[i], 6])
        row("all", all[2], all[3], all[5], all[6])
    }' "$out/files.csv" >"$out/table.md"
cat "$out/table.md"
exit "$code"
