#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# On a fresh machine: installs what is needed, builds, and opens the window; without a display it
# runs the demo in the terminal. Arguments are passed on: bash app/run.sh holiday.mov, or a verb, as
# in bash app/run.sh export holiday.mov --out ~/Videos.
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
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ] || [ "$(uname)" = Darwin ]; then
    exec "$program"
fi
echo "There is no display here, so here is the demo in the terminal." >&2
exec "$program" demo
