#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the servers that the tests talk to into node_modules beside this file, in the versions
# of package-lock.json. Does nothing where they are installed already.
set -eu
cd "$(dirname "$0")"

# The same lock file and the same Node: nothing to do.
stamp=node_modules/.sendoff-installed
wanted="$(cat package-lock.json install.sh | cksum)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

npm ci --no-audit --no-fund --omit=dev

# Debian 12's Node is too old for them; an own one goes beside them there.
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number);
              process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    npm install --no-save --no-audit --no-fund node@20.19.5
fi
printf '%s' "$wanted" > "$stamp"
