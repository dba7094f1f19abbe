#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# When ./accelsim builds again: with a cmake that only says what it was asked. Usage: rebuild.sh SOURCE_DIR WORK_DIR
set -euo pipefail
source=$1
work=$2
rm -rf "$work"
mkdir -p "$work/tools" "$work/tree/.ci" "$work/tree/mappings" "$work/tree/models" "$work/tree/sim" "$work/tree/out/build/release/bin"
cp "$source/accelsim" "$source/CMakeLists.txt" "$source/CMakePresets.json" "$work/tree"
cp "$source/.ci/setup.sh" "$work/tree/.ci"
touch "$work/tree/sim/main.cpp"
cat >"$work/tools/cmake" <<EOS
#!/bin/sh
echo "\$@" >>"$work/asked"
printf '#!/bin/sh\necho "ran \$1"\n' >"$work/tree/out/build/release/bin/accelsim"
chmod +x "$work/tree/out/build/release/bin/accelsim"
EOS
chmod +x "$work/tools/cmake"
# What there is to say: "ran x", and whether cmake was asked to build, and to clean.
look() {
    : >"$work/asked"
    local said
    said=$(PATH=$work/tools:$PATH "$work/tree/accelsim" x 2>/dev/null)
    [ "$said" = "ran x" ] || { echo "$1: it said '$said'"; exit 1; }
    local found=nothing
    ! grep -q -- "--build" "$work/asked" || found=built
    ! grep -q -- "--clean-first" "$work/asked" || found=cleaned
    [ "$found" = "$2" ] || { echo "$1: $found, not $2"; exit 1; }
}
stamp=$work/tree/out/build/release/.built
find "$work/tree" -exec touch -d '1 hour ago' {} +
look "no program yet" built
look "nothing changed" nothing
touch -d '10 seconds' "$work/tree/sim/main.cpp"
look "a source was edited" built
touch -d '2099-01-01' "$work/tree/sim/main.cpp"
look "a source from the future" built
look "it is still from the future" built
touch -d '1 hour ago' "$work/tree/sim/main.cpp" "$work/tree/sim"
look "it was put right" nothing
touch -d '2099-01-01' "$stamp"
look "a build from the future" cleaned
look "a build of today" nothing
echo elsewhere >"$stamp"
look "a build of another checkout" built
