#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The last test: a secret that the tests signed in with is found in no file of a profile, no output,
# no list of arguments (tests/support/canary.h noted them) and no log of the suite.
#   tests/check_canary.sh BUILD
set -euo pipefail
build=$1
noted=$build/canary
pattern=
for secret in canary-19c4e7 canary-7f3a canary-token canary-secret-key; do
    pattern="${pattern:+$pattern|}$secret|$(printf %s "$secret" | base64)"
done
failed=0
if [ -s "$noted/found" ]; then
    echo "A secret lies in:"
    sort -u "$noted/found"
    failed=1
fi
# LastTest.log.tmp is that of the run that goes on.
if logs=$(grep -rlE "$pattern" "$build/Testing" 2>/dev/null); then
    echo "A secret was printed:"
    grep -rhoE ".{0,60}($pattern)" $logs | head -n 20
    failed=1
fi
looked=0
[ ! -f "$noted/looked" ] || looked=$(wc -l <"$noted/looked")
echo "$looked folders were looked through"
rm -rf "$noted"
exit "$failed"
