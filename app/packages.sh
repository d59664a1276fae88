# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by app/run.sh and tests/run.sh: the Debian packages that Sendoff is built with, and how
# they are installed. Idempotent, and quiet where nothing is missing.

build_packages=(
    build-essential cmake ninja-build pkg-config ccache
    qt6-base-dev qt6-svg-dev qt6-l10n-tools libqt6sql6-sqlite fonts-dejavu-core qcoro-qt6-dev libexpected-dev
    qtkeychain-qt6-dev libsecret-1-0
    libcurl4-openssl-dev libssl-dev libxxhash-dev ca-certificates
    libavformat-dev libavcodec-dev libavfilter-dev libavutil-dev libswscale-dev libswresample-dev
)

# install_packages NAME...: as root or through sudo; only what is missing.
install_packages() {
    local missing=() name
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null)" = "install ok installed" ] ||
            missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "Sendoff needs these packages: ${missing[*]}. Install them as root, then start again." >&2
            return 1
        }
        as_root=(sudo)
    fi
    echo "Installing: ${missing[*]}" >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 \
        install -y --no-install-recommends "${missing[@]}" >&2
}
