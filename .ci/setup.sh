#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what a Debian 12 machine lacks, then configures and builds. Used by ./accelsim, ./check and ./bench.
# Usage: setup.sh PRESET [cmake options...]; quiet when there is nothing to do.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=$1
shift
packages=(g++ cmake ninja-build pkg-config libsystemc-dev libyaml-cpp-dev libfmt-dev nlohmann-json3-dev libcli11-dev
          libssl-dev libboost-test-dev)

install_packages() {
    local missing=() package
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "accelsim needs these Debian packages; install them as root: ${missing[*]}" >&2
            exit 2
        fi
        as_root=(sudo)
    fi
    echo "accelsim: installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build_dir="$root/out/build/$preset"
mkdir -p "$build_dir"
exec 9>"$root/out/build/.lock"
flock 9
install_packages
echo "accelsim: building ($preset)" >&2
log="$build_dir/build.log"
if ! { cmake -S "$root" --preset "$preset" "$@" && cmake --build "$build_dir" -j "$(nproc)" ${ACCELSIM_TARGET:+--target "$ACCELSIM_TARGET"}; } >"$log" 2>&1; then
    grep -E "error:|^CMake Error" -A4 "$log" >&2 || tail -40 "$log" >&2
    echo "accelsim: the build failed; the whole log is in ${log#"$root"/}" >&2
    exit 1
fi
touch "$build_dir/.built"
