#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# What tests/run.sh --all adds: ThreadSanitizer on the concurrency core, a long kill series, every
# header on its own, and the benchmarks in a release build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
status=0

cmake --preset tsan
cmake --build --preset tsan
ctest --preset tsan || status=1

cmake --build build/asan --target all_verify_interface_header_sets || status=1
SENDOFF_KILLS=100 ctest --preset asan -R '^(tst_cli_kill|tst_cli_send_s3)$' --timeout 7200 || status=1
SENDOFF_LARGE_FILES=1 QTEST_FUNCTION_TIMEOUT=3600000 \
    ctest --preset asan -R tst_destination_contract --timeout 3600 || status=1
QTEST_FUNCTION_TIMEOUT=7200000 SENDOFF_KILLS=100 ctest --preset asan -R tst_export_kills --timeout 7200 || status=1
QTEST_FUNCTION_TIMEOUT=14400000 SENDOFF_KILLS=1000 ctest --preset asan -R tst_queue_kills --timeout 14400 || status=1

cmake --preset bench
cmake --build --preset bench
for bench in build/bench/tests/bench/bench_*; do
    [ -x "$bench" ] && [ -f "$bench" ] || continue
    echo "== ${bench##*/}"
    "$bench" || status=1
done
for script in tests/bench/bench_*.sh; do
    echo "== ${script##*/}"
    bash "$script" || status=1
done
exit "$status"
