#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs a command in a session of its own with a real Secret Service: gnome-keyring, opened, with
# everything in a temporary folder.
#
#   tests/servers/with-keyring.sh COMMAND ARGUMENT...
set -euo pipefail
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_DATA_HOME=$home/data XDG_RUNTIME_DIR=$home/run XDG_CONFIG_HOME=$home/config
mkdir -p -m 700 "$XDG_DATA_HOME" "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME"
export SENDOFF_TEST_KEYCHAIN=1
dbus-run-session -- bash -c '
    printf password | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
    "$@"' with-keyring "$@"
