#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles an object of $built from the sources in $tree to $work/objects, as it was compiled there but for what only the build needs:
# plant.sh's. -O1 compiles faster, and the warnings of a fault are not what must find it.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "$(dirname "$work/objects/$1")"
command=$(ninja -C "$built" -t commands -s "$1" | tail -1)
cd "$built"
eval "$(sed -E -e 's| -MD -MT [^ ]+ -MF [^ ]+||; s| -Werror | |' -e "s| -o [^ ]+ | -O1 -o $work/objects/$1 |; s|-I$source |-I$tree |g; s| -c $source/| -c $tree/|" <<<"$command")"
