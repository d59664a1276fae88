#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Figures of the whole program that are not ratios: memory on a very large upload, a thousand
# uploads at once, and how late the loops are during the demo, on all cores and on one.
#   bash tests/bench/bench_limits.sh [PROGRAM]        prints CSV: figure,value,bound
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${1:-$here/../../build/bench/sendoff}
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$scratch"' EXIT

field() { # field JSON-LINES EVENT PATH
    python3 -c '
import json, sys
for line in open(sys.argv[1]):
    value = json.loads(line)
    if value.get("event") == sys.argv[2]:
        for key in sys.argv[3].split("."):
            value = value[key]
        print(value)' "$1" "$2" "$3" | tail -n 1
}
start_server() {
    "${SENDOFF_NODE:-node}" "$here/discard-tus.mjs" >"$scratch/address" &
    server=$!
    until [ -s "$scratch/address" ]; do sleep 0.05; done
    address=tus+$(head -n 1 "$scratch/address")
}
resident() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$1/status"; }

echo "figure,value,bound"
start_server

# 1. Memory above idle while 100 GB go out, for a minute.
truncate -s 100G "$scratch/sparse.mkv"
truncate -s 1M "$scratch/small.mkv"
"$program" --profile "$scratch/idle" --json upload "$scratch/small.mkv" --to "$address" >"$scratch/idle.json"
idle=$(field "$scratch/idle.json" summary peak_rss_mib)
"$program" --profile "$scratch/large" --json upload "$scratch/sparse.mkv" --to "$address" >"$scratch/large.json" &
upload=$!
peak=0
for _ in $(seq 60); do
    sleep 1
    now=$(resident "$upload") || break
    [ "$now" -gt "$peak" ] && peak=$now
done
kill -INT "$upload"; wait "$upload" || true
sent=$(field "$scratch/large.json" progress bytes)
echo "peak MiB with a 1 MiB file,$idle,"
echo "peak MiB with a 100 GB file ($((sent / 1000000000)) GB in a minute),$peak,idle + 60"

# 2. A thousand uploads of 1 MiB at once.
mkdir "$scratch/many"
for number in $(seq 1000); do
    head -c 1048576 /dev/zero >"$scratch/many/$number.mkv"
    printf '%s' "$number" | dd of="$scratch/many/$number.mkv" conv=notrunc status=none
done
"$program" --profile "$scratch/thousand" --json upload "$scratch"/many/*.mkv --to "$address" \
    --at-once 1000 >"$scratch/many.json"
echo "of 1000 uploads at once done,$(field "$scratch/many.json" summary done),1000"
echo "their wall s,$(field "$scratch/many.json" summary wall_s),"
echo "their network loop lag p99 ms,$(field "$scratch/many.json" summary network_loop_lag_ms.p99),20"
echo "their peak MiB,$(field "$scratch/many.json" summary peak_rss_mib),"

# 3. How late the main loop is during the demo.
"$program" --json demo >"$scratch/demo.json"
echo "demo: main loop lag p99 ms,$(field "$scratch/demo.json" summary main_loop_lag_ms.p99),16"
echo "demo: network loop lag p99 ms,$(field "$scratch/demo.json" summary network_loop_lag_ms.p99),"
echo "demo: cores used,$(field "$scratch/demo.json" summary cores_used),"
taskset -c 0 "$program" --json demo >"$scratch/one.json"
echo "demo on one core: main loop lag p99 ms,$(field "$scratch/one.json" summary main_loop_lag_ms.p99),16"
