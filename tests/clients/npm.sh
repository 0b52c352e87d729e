#!/usr/bin/env bash
# Installs the npm packages of one of the clients beside this file, once, and prints their folder on stdout.
#
#     tests/clients/npm.sh graphql-http
#
# Run it as often as you like, at the same time too. The folder's name carries a hash of
# package-lock.json and of Node's version, so a changed pin makes a new one. The stamp `.complete`
# is written last: a folder without it was interrupted and is made again.
#
# `npm.sh --node` only says which Node would be used, and fails where there is none that will do.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

say() { printf 'npm clients: %s\n' "$*" >&2; }

# What Vite, which builds ui/, asks for; the clients alone would be content with less.
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    say 'no Node 20.19 or later was found; on Debian or Ubuntu: apt-get install nodejs npm'
    exit 1
fi
if ! npm --version >/dev/null 2>&1; then
    say 'Node is there, but npm is not; on Debian or Ubuntu: apt-get install npm'
    exit 1
fi
if [[ ${1:-} == --node ]]; then
    node --version
    exit
fi

client=${1:?a folder, by its path from here}
hash=$({ cat "$here/$client/package-lock.json"; node --version; } | sha256sum | cut -c1-12)
folder=${CARGO_TARGET_DIR:-$root/target}/clients/$(basename "$client")-$hash

mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9

if [[ ! -e $folder/.complete ]]; then
    say "making $folder with Node $(node --version) (once)"
    rm -rf "$folder"
    mkdir "$folder"
    cp "$here/$client/package.json" "$here/$client/package-lock.json" "$folder"
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >&2)
    touch "$folder/.complete"
    say 'done'
fi
echo "$folder"
