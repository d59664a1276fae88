#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# On a fresh machine: installs what is needed, builds, and starts Sendoff. With arguments it passes
# them on: bash app/run.sh export holiday.mov --out ~/Videos. Without: the demo in the terminal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. app/packages.sh

install_packages "${build_packages[@]}"
build=build/release
log=$build/build.log
mkdir -p "$build"
[ -f "$build/build.ninja" ] || cmake --preset release >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
echo "Building Sendoff (the first time takes a few minutes) …" >&2
cmake --build "$build" --target sendoff >"$log" 2>&1 || { tail -n 60 "$log" >&2; exit 1; }

cd - >/dev/null
program=$(dirname "${BASH_SOURCE[0]}")/../$build/sendoff
if [ $# -gt 0 ]; then
    exec "$program" "$@"
fi
# The window is not part of this version yet: the demo shows the main job in the terminal.
exec "$program" demo
