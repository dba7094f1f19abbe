#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the commands of docs/tutorial.md, in order, in a folder that looks like the checkout. Usage: tutorial.sh ACCELSIM SOURCE_DIR WORK_DIR
set -euo pipefail
rm -rf "$3"
mkdir -p "$3/out/tutorial"
cp -r "$2/configs" "$3/configs"
cd "$3"
ln -s "$1" accelsim
commands=0
while IFS= read -r command; do
    expected=0
    [[ $command != *"# exit code 1"* ]] || expected=1
    code=0
    bash -c "$command" >output.txt 2>&1 || code=$?
    if [ "$code" != "$expected" ]; then
        echo "exit code $code: $command"
        cat output.txt
        exit 1
    fi
    # The first report's numbers are in the text.
    if [ "$commands" = 0 ]; then
        for number in 586,115 99.7% "1.34 mJ"; do grep -qF "$number" output.txt; done
    fi
    commands=$((commands + 1))
done < <(sed -n 's/^    //p' "$2/docs/tutorial.md")
[ "$commands" -ge 15 ]
echo "$commands commands"
