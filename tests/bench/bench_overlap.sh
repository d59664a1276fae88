#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Upload while it exports: `send` against export and upload alone, over an uplink that makes both
# take the same time, and against what people do today: ffmpeg, then a tus client or rclone.
#   bash tests/bench/bench_overlap.sh [KIND] [SECONDS] [PROGRAM]
# KIND: tus, s3 or all; SECONDS of 1080p (120). On one core: `taskset -c 0 bash …`. Prints CSV
# (figure,value); exit code 1 where a bound is not kept or what arrived is not what was exported.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
servers=$here/../servers
kind=${1:-all}
seconds=${2:-120}
program=$(realpath "${3:-$here/../../build/bench/sendoff}")
if [ "$kind" = all ]; then
    status=0
    for each in tus s3; do
        bash "$0" "$each" "$seconds" "$program" || status=1
    done
    exit "$status"
fi
node=${SENDOFF_NODE:-$servers/node_modules/node/bin/node}
[ -x "$node" ] || node=node
scratch=$(mktemp -d)
children=()
trap 'exec 4>&-; kill "${children[@]}" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT

now() { date +%s.%N; }
elapsed() { echo "$(now) - $1" | bc; }
start() { # start FILE COMMAND…: in the background; its first line goes to FILE
    "${@:2}" >"$1" 2>"$1.log" &
    children+=($!)
    until [ -s "$1" ]; do sleep 0.05; done
}
field() { # field FILE LEG NAME: of the line that says that the leg is done
    grep "\"leg\":\"$2\"" "$scratch/$1.json" | grep '"event":"done"' | sed "s/.*\"$3\":\"\([^\"]*\)\".*/\1/"
}

# Each kind of server: its port, `place` through a port, `fetch` past the uplink, `peer FILE PORT`.
start_tus() {
    part=8388608
    mkdir "$scratch/stored"
    start "$scratch/server" env DATA_DIR="$scratch/stored" "$node" "$servers/tus-server.mjs"
    target=$(sed 's/.*:\([0-9]*\)\/.*/\1/' "$scratch/server")
}
tus_place() { echo "tus+http://127.0.0.1:$1/files"; }
tus_fetch() { curl -s "$(field send upload url | sed "s/:$1\//:$target\//")"; }
tus_peer() { "$node" "$servers/tus-upload.mjs" "$1" "http://127.0.0.1:$2/files" >"$scratch/peer.json"; }

unset AWS_CA_BUNDLE # rclone takes it for a file that it cannot use
export AWS_ACCESS_KEY_ID=test:tester AWS_SECRET_ACCESS_KEY=canary-secret-key
cloud() { rclone -q --config /dev/null --s3-provider Other --s3-env-auth --s3-region us-east-1 --s3-endpoint "http://127.0.0.1:$1" "${@:2}"; }
start_s3() {
    part=5242880
    target=$((20000 + RANDOM % 12000))
    mkfifo "$scratch/alive"
    exec 4<>"$scratch/alive" # it ends where this is closed
    start "$scratch/server" env DATA_DIR="$scratch/stored" PORT="$target" \
        bash -c 'exec bash "$1" <"$2" 4>&-' _ "$servers/swift-s3.sh" "$scratch/alive"
    cloud "$target" mkdir :s3:sent
}
s3_place() { echo "s3://sent?endpoint=http://127.0.0.1:$1&region=us-east-1&path_style=1"; }
s3_fetch() { cloud "$target" cat ":s3:sent/$(cloud "$target" lsf --files-only :s3:sent --format tp | sort | tail -n 1 | cut -d';' -f2)"; }
s3_peer() { cloud "$2" --s3-chunk-size 8M --s3-upload-concurrency 4 copy "$1" :s3:sent/peer; }

ffmpeg -v error -f lavfi -i "testsrc2=size=1920x1080:rate=30,noise=alls=4:allf=t" \
    -f lavfi -i sine=frequency=440:sample_rate=48000 -t "$seconds" \
    -c:v libx264 -preset ultrafast -crf 16 -pix_fmt yuv420p -c:a aac "$scratch/source.mkv"
mkdir "$scratch/out" "$scratch/peer"
"start_$kind"

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
uplink=$(cat "$scratch/port")
upload_s=$(run upload alone upload "$file" --to "$("${kind}_place" "$uplink")")
send_s=$(run send both send "$scratch/source.mkv" --preset web-1080p --encode --to "$("${kind}_place" "$uplink")")
sent=$(field send export sha256)
got=$("${kind}_fetch" "$uplink" | sha256sum | cut -d' ' -f1)

command=$("$program" --profile "$scratch/alone" plan "$scratch/source.mkv" --preset web-1080p --encode --ffmpeg)
began=$(now)
(cd "$scratch/peer" && eval "$command" >/dev/null 2>&1 </dev/null)
"${kind}_peer" "$(find "$scratch/peer" "$scratch" -maxdepth 1 -name '*.mp4' | head -n 1)" "$uplink"
peer_s=$(elapsed "$began")

# One segment to encode (T = clamp(duration / 40, 2 s, 10 s)), two parts, 1 s.
longer=$(echo "if ($export_s > $upload_s) $export_s else $upload_s" | bc)
segment=$(echo "t = $seconds / 40; if (t < 2) 2 else if (t > 10) 10 else t" | bc)
allowed=$(echo "scale=3; $longer + $segment * $export_s / $seconds + 2 * $part / $rate + 1" | bc)
ratio=$(echo "scale=3; $send_s / $longer" | bc)
arrived=$([ "$got" = "$sent" ] && echo yes || echo NO)
cat <<END
figure,value
destination,$kind
source s,$seconds
exported MB,$((size / 1000000))
uplink kB/s,$((rate / 1000))
export alone s,$export_s
upload alone s,$upload_s
send s,$send_s
allowed s,$allowed
send / the longer of both,$ratio
send / their sum,$(echo "scale=3; $send_s / ($export_s + $upload_s)" | bc)
ffmpeg and then a client s,$peer_s
that / send,$(echo "scale=3; $peer_s / $send_s" | bc)
delivered as exported,$arrived
END
[ "$arrived" = yes ] && [ "$(echo "$send_s <= $allowed && $ratio <= 1.1" | bc)" = 1 ]
