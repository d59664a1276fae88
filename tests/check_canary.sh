#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The last test: a secret that the tests signed in with is found in no file of a profile, no output,
# no list of arguments, no core (tests/support/canary.h noted them) and no log of the suite. Where no
# test looked, that is no proof.
#   tests/check_canary.sh BUILD
set -euo pipefail
build=$1
noted=$build/canary
header=$(dirname "${BASH_SOURCE[0]}")/support/canary.h
patterns=$(mktemp)
trap 'rm -f "$patterns"' EXIT
# A secret looks like this: as it is; and in base64, as canary.cpp has it, behind 0, 1 or 2 bytes.
for secret in $(grep -oE '"canary-[^"]+"' "$header" | tr -d '"'); do
    echo "$secret"
    for before in '' x xx; do
        encoded=$(printf %s "$before$secret" | base64 -w0)
        first=$(((${#before} * 8 + 5) / 6))
        echo "${encoded:first:$(((${#before} + ${#secret}) * 8 / 6 - first))}"
    done
done >"$patterns"
[ -s "$patterns" ] || { echo "canary.h names no secrets"; exit 1; }
failed=0
if [ -s "$noted/found" ]; then
    echo "A secret lies in:"
    sort -u "$noted/found"
    failed=1
fi
# LastTest.log.tmp is that of the run that goes on.
if logs=$(grep -rlFf "$patterns" "$build/Testing" 2>/dev/null); then
    echo "A secret was printed, as these files tell:"
    echo "$logs"
    failed=1
fi
count() { if [ -f "$noted/$1" ]; then wc -l <"$noted/$1"; else echo 0; fi; }
looked=$(count looked)
echo "$looked folders were looked through, and $(count processes) lists of arguments"
if [ "$looked" = 0 ]; then
    echo "No test has looked through its files: run the suite, then this"
    failed=1
fi
rm -rf "$noted"
exit "$failed"
