#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the golden traces, the pictures of docs/see.md, the YAML reference and schema, docs/errors.md and docs/validation.md anew from the program as it is now; look at the difference before you commit it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for run in configs/walkthroughs/*.yaml; do
    ./accelsim "$run" --quiet --transactions "traces/walkthroughs/$(basename "$run" .yaml).csv"
done
for run in first_run runs/alexnet_conv3_rs; do
    ./accelsim explain "configs/$run.yaml" --svg "docs/see/$(basename "$run").svg" >/dev/null
done
ACCELSIM_REGENERATE=1 out/build/release/tests/test_sim --run_test='load_run_files/*_up_to_date'
(cd out/build/release/tests && ACCELSIM_REGENERATE=1 ./test_errors --run_test=error_catalogue)
ACCELSIM_PROGRAM=$PWD/out/build/release/bin/accelsim ACCELSIM_REGENERATE=1 out/build/release/tests/test_program --run_test=suites/the_page_in_docs_is_up_to_date  # minutes
