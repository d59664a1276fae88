#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Apache with mod_dav on loopback, in the foreground: a server that takes files by PUT. Basic
# authentication, user u, password canary-7f3a.
#
#   DATA_DIR=dir PORT=n tests/servers/apache-dav.sh
#
# Files lie in DATA_DIR/dav. Says its address in one line on standard output; replaced by Apache,
# so that a signal to this ends it.
set -euo pipefail
data=${DATA_DIR:?}
port=${PORT:?}
modules=/usr/lib/apache2/modules
mkdir -p "$data/dav" "$data/run"
echo "u:$(openssl passwd -apr1 canary-7f3a)" > "$data/users"
if [ "$(id -u)" = 0 ]; then
    chown -R www-data "$data/dav" "$data/run"
    chmod o+rx "$data"
    account=$(printf 'User www-data\nGroup www-data')
else
    account=
fi
{
    for module in mpm_event authn_core authn_file authz_core authz_user auth_basic dav dav_fs alias; do
        echo "LoadModule ${module}_module $modules/mod_$module.so"
    done
    cat <<END
ServerName localhost
ServerRoot $data
PidFile $data/run/pid
DefaultRuntimeDir $data/run
Mutex file:$data/run
Listen 127.0.0.1:$port
ErrorLog /dev/null
$account
DavLockDB $data/run/locks
DocumentRoot $data/dav
Alias /dav/ $data/dav/
LimitRequestBody 0
<Directory $data/dav>
Dav On
AuthType Basic
AuthName dav
AuthUserFile $data/users
Require valid-user
</Directory>
END
} > "$data/httpd.conf"
echo "http://127.0.0.1:$port/dav/"
exec /usr/sbin/apache2 -f "$data/httpd.conf" -D FOREGROUND
