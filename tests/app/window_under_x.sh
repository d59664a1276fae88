#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# window_under_x.sh SENDOFF DRAG_SOURCE: the window under a real X server and window manager, with
# real keys, a real drag from another program, a second start, and an end by SIGTERM.
set -euo pipefail

if [ -z "${SENDOFF_UNDER_X:-}" ]; then
    for tool in Xvfb openbox xdotool xvfb-run sqlite3 ffmpeg; do
        command -v "$tool" >/dev/null || { echo "needs $tool (bash tests/run.sh installs it)" >&2; exit 1; }
    done
    SENDOFF_UNDER_X=1 exec xvfb-run -a -s "-screen 0 1280x900x24" bash "$0" "$@"
fi

sendoff=$1
drag_source=$2
export QT_QPA_PLATFORM=xcb LC_ALL=C.UTF-8
scratch=$(mktemp -d)
profile=$scratch/profile
started=()
finish() {
    local id
    for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap finish EXIT

fail() {
    echo "FAILED: $1" >&2
    exit 1
}
# until SECONDS COMMAND...: the command succeeds within that time.
until_true() {
    local end=$((SECONDS + $1))
    shift
    while ! "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}
jobs() { sqlite3 "file:$profile/sendoff.db?mode=ro" "select count(*) from jobs"; }
has_jobs() { [ "$(jobs)" = "$1" ]; }
window_named() { xdotool search --onlyvisible --name "$1"; }

openbox &
started+=($!)
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=25:duration=2 -f lavfi \
    -i sine=duration=2 -c:v mpeg4 -c:a aac "$scratch/Dragged.mkv"
cp "$scratch/Dragged.mkv" "$scratch/Second start.mkv"
sum_before=$(sha256sum <"$scratch/Dragged.mkv")

"$sendoff" --profile "$profile" &
program=$!
started+=("$program")
until_true 60 window_named 'Sendoff$' || fail "no window appeared"
window=$(window_named 'Sendoff$' | tail -1)
xdotool windowmove "$window" 260 20 windowsize "$window" 1000 800
"$drag_source" "$scratch/Dragged.mkv" >"$scratch/drag.txt" &
started+=($!)
until_true 30 window_named 'drag source' || fail "no window to drag from"
source=$(window_named 'drag source' | tail -1)
xdotool windowmove "$source" 10 300
sleep 1

# A drag as a hand does it: press, move away, across, and let go.
eval "$(xdotool getwindowgeometry --shell "$source")"
xdotool mousemove $((X + 60)) $((Y + 60)) mousedown 1
for step in 80 110 140; do
    xdotool mousemove $((X + step)) $((Y + 70))
    sleep 0.3
done
eval "$(xdotool getwindowgeometry --shell "$window")"
for step in 300 320 340; do
    xdotool mousemove $((X + step)) $((Y + step))
    sleep 0.3
done
xdotool mouseup 1
until_true 30 has_jobs 1 || fail "the dragged file is not in the queue"
until_true 10 grep -q copied "$scratch/drag.txt" || fail "the drop was not a copy: $(cat "$scratch/drag.txt")"
echo "a drag from another program adds the file, as a copy"

# Keys of a real keyboard: the shortcuts page opens and Escape closes it.
xdotool windowactivate --sync "$window"
xdotool key --window "$window" F1
until_true 20 window_named 'Keyboard shortcuts' || fail "F1 shows no page"
xdotool key Escape
sleep 0.5
window_named 'Keyboard shortcuts' >/dev/null && fail "Escape does not close it"
echo "F1 opens the page of keys, Escape closes it"

# SIGTERM: gone within a few seconds, everything saved, nothing of the source touched.
kill -TERM "$program"
until_true 30 bash -c "! kill -0 $program" || fail "SIGTERM does not end it"
wait "$program" && code=0 || code=$?
[ "$code" = 0 ] || fail "it ended with $code"
has_jobs 1 || fail "the queue was not saved"
[ "$(sha256sum <"$scratch/Dragged.mkv")" = "$sum_before" ] || fail "the source was changed"
[ -f "$profile/window.ini" ] || fail "the window's settings were not saved"
echo "SIGTERM saves everything and ends it"

# Started again with a file: both rows.
"$sendoff" --profile "$profile" "$scratch/Second start.mkv" &
program=$!
started+=("$program")
until_true 60 has_jobs 2 || fail "the file of the command line was not added"
until_true 30 window_named 'Sendoff$' || fail "no window after a restart"
window=$(window_named 'Sendoff$' | tail -1)
xdotool windowactivate --sync "$window"
until_true 60 bash -c "! xdotool getwindowname $window | grep -q exporting"
xdotool key --window "$window" ctrl+q || true # it may be gone before the key is let go
until_true 30 bash -c "! kill -0 $program" || fail "Ctrl+Q does not quit"
echo "a restart keeps the queue and takes files; Ctrl+Q quits"
