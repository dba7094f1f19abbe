#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what a Debian 12 machine lacks, then configures and builds. Used by ./accelsim, ./check, ./bench and ./nightly.
# Usage: setup.sh PRESET [cmake options...]; quiet when there is nothing to do. ACCELSIM_PACKAGES: more packages to install.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
preset=$1
shift
packages=(g++ cmake ninja-build pkg-config libsystemc-dev libyaml-cpp-dev libfmt-dev nlohmann-json3-dev libcli11-dev
          libssl-dev libsqlite3-dev libboost-test-dev)
read -ra more <<<"${ACCELSIM_PACKAGES:-}"
packages+=("${more[@]}")

install_packages() {
    local missing=() package
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    if ! command -v apt-get >/dev/null || ! command -v "${as_root[@]:-true}" >/dev/null; then
        echo "accelsim needs these Debian packages; install them as root: ${missing[*]}" >&2
        exit 2
    fi
    echo "accelsim: installing ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq >&2
    # Through env, because sudo does not pass our environment on.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build_dir="$root/out/build/$preset"
mkdir -p "$build_dir"
exec 9>"$root/out/build/.lock"
flock 9
install_packages
echo "accelsim: building ($preset)" >&2
log="$build_dir/build.log"
# The stamp says when the build began, so that a file edited meanwhile counts as newer, and for which checkout it is.
echo "$root" >"$build_dir/.building"
fresh=()
clean=()
if [ -e "$build_dir/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build_dir/CMakeCache.txt"; then
    fresh=(--fresh)  # the checkout was moved or copied; cmake refuses another checkout's cache
fi
# Objects that were made while the clock was ahead look newer than any edit.
[ -z "$(find "$build_dir/.built" -newermt '2 minutes' -print 2>/dev/null)" ] || clean=(--clean-first)
if ! { cmake -S "$root" --preset "$preset" "${fresh[@]}" "$@" && cmake --build "$build_dir" "${clean[@]}" -j "$(nproc)" ${ACCELSIM_TARGET:+--target "$ACCELSIM_TARGET"}; } >"$log" 2>&1; then
    grep -E "error:|^CMake Error" -A4 "$log" >&2 || tail -40 "$log" >&2
    echo "accelsim: the build failed; the whole log is in ${log#"$root"/}" >&2
    exit 1
fi
mv "$build_dir/.building" "$build_dir/.built"
