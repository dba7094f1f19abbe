#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# docs/validation.md says what `accelsim validate` says today: its text, and the rows of the runs that take no time.
# Usage: validation_up_to_date.sh ACCELSIM SOURCE_DIR WORK_DIR
set -euo pipefail
page=$2/docs/validation.md
rm -rf "$3"
mkdir -p "$3"
cmp <(head -c "$(stat -c %s "$2/configs/validation/introduction.md")" "$page") "$2/configs/validation/introduction.md" ||
    { echo "docs/validation.md does not begin with configs/validation/introduction.md: run tests/regenerate.sh"; exit 1; }
cat > "$3/suite.yaml" <<'SUITE'
suite:
  runs:
    - {name: os4_mlp, run: validation/os4.yaml, set: {workload: {type: fc, dimensions: {K: 250, C: 500}}}}
    - {name: ws16_mlp, run: validation/ws16.yaml, set: {workload: {type: fc, dimensions: {K: 250, C: 500}}}}
    - walkthroughs/a_weight_stationary.yaml
    - walkthroughs/b_row_stationary.yaml
    - walkthroughs/c_output_stationary.yaml
    - {name: timeloop_g01_gemm_2l_allfit, run: validation/timeloop/g01_gemm_2l_allfit.yaml}
    - {name: timeloop_c09_conv_1d_P, run: validation/timeloop/c09_conv_1d_P.yaml}
    - {name: interstellar_c01_tiny_CK_4x4, run: validation/interstellar/c01_tiny_CK_4x4.yaml}
    - {name: interstellar_c26_mac1, run: validation/interstellar/c26_mac1.yaml}
SUITE
"$1" validate "$3/suite.yaml" -j 2 --markdown "$3/tables.md" > /dev/null
rows=0
while read -r row; do
    grep -qxF -e "$row" "$page" || { echo "docs/validation.md is not up to date: run tests/regenerate.sh. A row is now:"; echo "$row"; exit 1; }
    rows=$((rows + 1))
done < <(sed -n '/^## Errors per run/,/^## Errors per arch/p' "$3/tables.md" | grep '^|')
[ "$rows" = 11 ] || { echo "expected the heading and 9 runs, found $rows rows"; exit 1; }
