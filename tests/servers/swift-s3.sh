#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sendoff authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# OpenStack Swift with its S3 interface: signatures really checked, multipart uploads, on loopback,
# in the foreground. One replica, no replication, and nothing in /etc/swift is touched.
#
#   DATA_DIR=dir PORT=n tests/servers/swift-s3.sh     (PORT … PORT+4 are taken)
#
# Says its address in one line on standard output once it answers. Region us-east-1, path style,
# access key test:tester, secret key canary-secret-key. DATA_DIR must be on a file system with
# extended attributes.
set -euo pipefail
data=${DATA_DIR:?}
port=${PORT:?}
etc=$data/etc
mkdir -p "$etc" "$data/node/d1"

cat > "$etc/swift.conf" <<END
[swift-hash]
swift_hash_path_suffix = sendoff
swift_hash_path_prefix = test
[storage-policy:0]
name = Policy-0
default = yes
[swift-constraints]
max_file_size = 5368709122
END

# Rings of one device each; by one Python, as swift-ring-builder would take nine.
/usr/bin/python3 - "$etc" "$port" <<'END'
import sys
from swift.common.ring import RingBuilder
etc, port = sys.argv[1], int(sys.argv[2])
for kind, offset in (('object', 1), ('container', 2), ('account', 3)):
    builder = RingBuilder(4, 1, 0)
    where = {'ip': '127.0.0.1', 'port': port + offset}
    builder.add_dev({'region': 1, 'zone': 1, 'device': 'd1', 'weight': 1.0, 'meta': '', **where,
                     **{'replication_' + key: value for key, value in where.items()}})
    builder.rebalance()
    builder.get_ring().save('%s/%s.ring.gz' % (etc, kind))
END

defaults() { # defaults NAME PORT
    cat <<END
[DEFAULT]
swift_dir = $etc
devices = $data/node
mount_check = false
bind_ip = 127.0.0.1
bind_port = $2
user = $(id -un)
workers = 0
log_level = CRITICAL
disable_fallocate = true
fallocate_reserve = 0
log_name = $1
END
}
storage() { # storage NAME PORT
    defaults "$1" "$2"
    printf '[pipeline:main]\npipeline = %s-server\n[app:%s-server]\nuse = egg:swift#%s\n' "$1" "$1" "$1"
}
storage object $((port + 1)) > "$etc/object-server.conf"
storage container $((port + 2)) > "$etc/container-server.conf"
storage account $((port + 3)) > "$etc/account-server.conf"
{
    defaults proxy "$port"
    cat <<END
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache bulk s3api tempauth slo dlo versioned_writes proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
client_timeout = 60
# A busy machine is no broken one.
conn_timeout = 30
node_timeout = 60
recoverable_node_timeout = 60
error_suppression_limit = 1000000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$((port + 4))
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
dns_compliant_bucket_names = true
max_upload_part_num = 10000
max_parts_listing = 1000
min_segment_size = 5242880
allow_multipart_uploads = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = canary-secret-key .admin
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
max_manifest_size = 16777216
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
END
} > "$etc/proxy-server.conf"

# Swift reads /etc/swift/swift.conf by a constant; this puts ours in its place.
cat > "$data/run.py" <<'END'
import sys
import swift.common.utils as utils
etc, kind = sys.argv[1:3]
utils.SWIFT_CONF_FILE = etc + '/swift.conf'
utils.validate_configuration.__globals__['SWIFT_CONF_FILE'] = utils.SWIFT_CONF_FILE
from swift.common.wsgi import run_wsgi
options = {}
if kind == 'object':
    from swift.obj import server
    options['global_conf_callback'] = server.global_conf_callback
sys.argv = ['swift-%s-server' % kind, '%s/%s-server.conf' % (etc, kind)]
sys.exit(run_wsgi(sys.argv[1], '%s-server' % kind, verbose=False, **options))
END

processes=()
stop() {
    trap - TERM INT EXIT
    kill "${processes[@]}" "${holder:-}" 2> /dev/null || true
    wait
}
trap stop TERM INT EXIT
# Whoever started this holds our input open for as long as it lives.
exec 3<&0
{
    cat <&3 > /dev/null
    kill -TERM $$
} &
holder=$!
memcached -l 127.0.0.1 -p $((port + 4)) -U 0 -m 32 -u nobody &
processes+=($!)
for kind in account container object proxy; do
    /usr/bin/python3 "$data/run.py" "$etc" "$kind" &
    processes+=($!)
done
answers() { # answers PATH-WITH-PORT: any status will do
    curl -s --noproxy '*' -o /dev/null "http://127.0.0.1:$1"
}
until answers "$port/healthcheck" && answers $((port + 1)) && answers $((port + 2)) &&
    answers $((port + 3)); do
    sleep 0.1
    for process in "${processes[@]}"; do
        kill -0 "$process" 2> /dev/null || exit 1
    done
done
echo "http://127.0.0.1:$port"
wait "$holder"
