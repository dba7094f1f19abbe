#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every supplied file is valid by docs/accelsim.schema.json, and files with a wrong key or value are not. Usage: json_schema.sh SOURCE_DIR
set -euo pipefail
if ! /usr/bin/python3 -c 'import jsonschema, yaml' 2>/dev/null; then
    echo "skipped: needs python3-jsonschema and python3-yaml"
    exit 77
fi
/usr/bin/python3 - "$1" <<'CHECK'
import json, pathlib, sys
import jsonschema, yaml

root = pathlib.Path(sys.argv[1])
schema = json.loads((root / "docs/accelsim.schema.json").read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
failures = 0
files = sorted(root.glob("configs/**/*.yaml"))
for file in files:
    error = jsonschema.exceptions.best_match(validator.iter_errors(yaml.safe_load(file.read_text())))
    if error is not None:
        failures += 1
        print(f"{file}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
wrong = 0
for text in ["workload: {type: conv3d}", "architecture: a.yaml\nworkload: w.yaml\nmaping: m.yaml",
             "workload: {type: gemm, dimensions: {N: 0, K: 1, C: 1}}",
             "architecture: {name: a, levels: [{name: D, type: dram, width: 3}]}"]:
    wrong += 1 if list(validator.iter_errors(yaml.safe_load(text))) else 0
print(f"{len(files)} files, {failures} not valid; {wrong} of 4 wrong ones noticed")
sys.exit(failures != 0 or wrong != 4 or len(files) < 50)
CHECK
