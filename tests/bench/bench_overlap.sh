#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Upload while it exports: `send` against export and upload alone, over an uplink that makes both
# take the same time, and against what people do today: ffmpeg, then a tus client.
#   bash tests/bench/bench_overlap.sh [PROGRAM] [SECONDS]     prints CSV: figure,value
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
servers=$here/../servers
program=$(realpath "${1:-$here/../../build/bench/sendoff}")
seconds=${2:-120}
node=${SENDOFF_NODE:-$servers/node_modules/node/bin/node}
[ -x "$node" ] || node=node
scratch=$(mktemp -d)
children=()
trap 'kill "${children[@]}" 2>/dev/null || true; rm -rf "$scratch"' EXIT

now() { date +%s.%N; }
elapsed() { echo "$(now) - $1" | bc; }
start() { # start FILE COMMAND…: in the background; its first line goes to FILE
    "${@:2}" >"$1" 2>"$1.log" &
    children+=($!)
    until [ -s "$1" ]; do sleep 0.05; done
}

ffmpeg -v error -f lavfi -i "testsrc2=size=1920x1080:rate=30,noise=alls=4:allf=t" \
    -f lavfi -i sine=frequency=440:sample_rate=48000 -t "$seconds" \
    -c:v libx264 -preset ultrafast -crf 16 -pix_fmt yuv420p -c:a aac "$scratch/source.mkv"
mkdir "$scratch/stored" "$scratch/out"
start "$scratch/tus" env DATA_DIR="$scratch/stored" "$node" "$servers/tus-server.mjs"
target=$(sed 's/.*:\([0-9]*\)\/.*/\1/' "$scratch/tus")

run() { # run NAME PROFILE ARGUMENTS…: seconds of one command
    local began
    began=$(now)
    "$program" --profile "$scratch/$2" --json "${@:3}" >"$scratch/$1.json"
    elapsed "$began"
}
export_s=$(run export alone export "$scratch/source.mkv" --preset web-1080p --encode --out "$scratch/out")
file=$(echo "$scratch"/out/*)
size=$(stat -c %s "$file")
rate=$(echo "$size / $export_s" | bc)
start "$scratch/port" "$node" "$here/rate-proxy.mjs" "$target" "$rate"
address=http://127.0.0.1:$(cat "$scratch/port")/files
upload_s=$(run upload alone upload "$file" --to "tus+$address")
send_s=$(run send both send "$scratch/source.mkv" --preset web-1080p --encode --to "tus+$address")
url=$(grep '"leg":"upload"' "$scratch/send.json" | grep '"event":"done"' | sed 's/.*"url":"\([^"]*\)".*/\1/')
sent=$(grep '"leg":"export"' "$scratch/send.json" | grep '"event":"done"' | sed 's/.*"sha256":"\([^"]*\)".*/\1/')
direct=${url/$(cat "$scratch/port")/$target}
got=$(curl -s "$direct" | sha256sum | cut -d' ' -f1)

command=$("$program" --profile "$scratch/alone" plan "$scratch/source.mkv" --preset web-1080p --encode \
    --ffmpeg 2>/dev/null || "$program" --profile "$scratch/alone" plan "$scratch/source.mkv" --preset web-1080p --ffmpeg)
mkdir "$scratch/peer"
began=$(now)
(cd "$scratch/peer" && eval "$command" >/dev/null 2>&1 </dev/null)
peer_file=$(find "$scratch/peer" "$scratch" -maxdepth 1 -name '*.mp4' | head -n 1)
"$node" "$servers/tus-upload.mjs" "$peer_file" "$address" >"$scratch/peer.json"
peer_s=$(elapsed "$began")

longer=$(echo "if ($export_s > $upload_s) $export_s else $upload_s" | bc)
echo "figure,value"
echo "source s,$seconds"
echo "exported MB,$((size / 1000000))"
echo "uplink kB/s,$((rate / 1000))"
echo "export alone s,$export_s"
echo "upload alone s,$upload_s"
echo "send s,$send_s"
echo "send / the longer of both,$(echo "scale=3; $send_s / $longer" | bc)"
echo "send / their sum,$(echo "scale=3; $send_s / ($export_s + $upload_s)" | bc)"
echo "ffmpeg and then a tus client s,$peer_s"
echo "that / send,$(echo "scale=3; $peer_s / $send_s" | bc)"
echo "delivered as exported,$([ "$got" = "$sent" ] && echo yes || echo NO)"
