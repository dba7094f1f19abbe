#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A part of docs/paper.md is what ./paper makes of it today. Usage: paper_up_to_date.sh ACCELSIM SOURCE_DIR WORK_DIR
set -euo pipefail
if ! /usr/bin/python3 -c 'import matplotlib, yaml' 2>/dev/null; then
    echo "skipped: needs python3-matplotlib and python3-yaml"
    exit 77
fi
rm -rf "$3"
ACCELSIM_PROGRAM=$1 /usr/bin/python3 "$2/configs/paper/figures.py" --only blocking -o "$3"
/usr/bin/python3 - "$3/paper.md" "$2/docs/paper.md" <<'CHECK'
import sys
part, page = (open(name).read() for name in sys.argv[1:])
if part not in page:
    sys.exit("docs/paper.md is not up to date: run ./paper. The part is now:\n" + part)
CHECK
