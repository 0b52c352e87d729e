#!/usr/bin/env bash
# Installs what Highwater is held against, once, into target/, and prints where its program is.
#
#     bench/peers.sh etcd            from Debian's package; the release of Debian pins its version
#     bench/peers.sh postgraphile    from npm, pinned by peers/postgraphile/package-lock.json
#     bench/peers.sh prefect         from PyPI, pinned by peers/prefect/requirements.txt
#     bench/peers.sh                 all of them
#
# Run it as often as you like. Nothing is started or configured, and nothing outside target/ is touched, but for
# the lists of apt-get where they lack etcd-server. pgbench comes with PostgreSQL (scripts/setup.sh).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
clients=$root/tests/clients

say() { printf 'peers: %s\n' "$*" >&2; }

etcd() {
    local folder=${CARGO_TARGET_DIR:-$root/target}/clients/etcd
    if [[ ! -e $folder/.complete ]]; then
        if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
            command -v etcd && return
            say 'no apt-get here: install etcd 3.4 or later by hand, on the PATH'
            return 1
        fi
        rm -rf "$folder"
        mkdir -p "$folder"
        cd "$folder"
        if ! apt-get download -qq etcd-server >/dev/null 2>&1; then
            say 'asking apt-get for its lists'
            local as_root=()
            ((EUID == 0)) || as_root=(sudo)
            "${as_root[@]}" apt-get update -qq >&2
            apt-get download -qq etcd-server >&2
        fi
        say "unpacking $(ls etcd-server_*.deb)"
        dpkg-deb -x etcd-server_*.deb .
        rm etcd-server_*.deb
        touch .complete
    fi
    echo "$folder/usr/bin/etcd"
}

postgraphile() {
    local folder
    folder=$("$clients/npm.sh" ../../bench/peers/postgraphile)
    echo "$folder/node_modules/.bin/postgraphile"
}

prefect() {
    local folder
    folder=$("$clients/python.sh" ../../bench/peers/prefect)
    echo "$folder/bin/prefect"
}

peers=("$@")
((${#peers[@]})) || peers=(etcd postgraphile prefect)
for peer in "${peers[@]}"; do
    case $peer in
        etcd | postgraphile | prefect) "$peer" ;;
        *) say "no such peer: $peer"; exit 2 ;;
    esac
done
