#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests need, builds once with AddressSanitizer and UBSan, and runs every test.
#   bash tests/run.sh               the whole suite
#   bash tests/run.sh -R net        only tests whose names match (passed on to ctest)
#   bash tests/run.sh --all         also ThreadSanitizer, long kill series and the benchmarks
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. app/packages.sh

test_packages=(ffmpeg curl openssl sqlite3 strace librapidcheck-dev
    apache2-bin dbus-daemon gnome-keyring memcached swift-account swift-container swift-object
    swift-proxy openbox xauth xdotool xvfb)
command -v npm >/dev/null || test_packages+=(nodejs npm)
install_packages "${build_packages[@]}" "${test_packages[@]}"
bash tests/servers/install.sh
# Where the machine's Node is too old for the servers, one was installed beside them.
if [ -x tests/servers/node_modules/node/bin/node ]; then
    SENDOFF_NODE=$PWD/tests/servers/node_modules/node/bin/node
    export SENDOFF_NODE
fi

all=0
if [ "${1:-}" = --all ]; then
    all=1
    shift
fi
shared_media=$(cd .. && pwd)/shared/media
[ -d "$shared_media" ] && export SENDOFF_SHARED_MEDIA=$shared_media

export UBSAN_OPTIONS=print_stacktrace=1
jobs=$(nproc)
cmake --preset asan
cmake --build --preset asan -- -j "$jobs"
status=0
ctest --preset asan -j "$jobs" "$@" || status=$?

if [ "$all" = 1 ]; then
    install_packages bc handbrake-cli rclone # only for the benchmarks
    bash tests/run_long.sh || status=$?
fi
exit "$status"
