#!/usr/bin/env bash
# Finds out which functions run, and how often, when a server starts and answers, and writes them to functions.txt:
# those of requests first, the most called before the others. See link.rs.
#
# The names hold the compiler's and the dependencies' versions: run it again when those change, or much of src/. A name
# that is no more is passed over. Takes some ten minutes; needs valgrind (Debian: apt-get install valgrind) and PostgreSQL (../setup.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v valgrind >/dev/null || { echo 'install valgrind' >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cargo build --release --locked
server=$(pwd)/target/release/highwater

# The server under valgrind, which writes a profile of its own for each run.
cat >"$folder/traced" <<SCRIPT
#!/bin/sh
exec valgrind --quiet --tool=callgrind --demangle=no --callgrind-out-file='$folder/'"\${PROFILE:-requests}.%p" '$server' "\$@"
SCRIPT
chmod +x "$folder/traced"

# What a start needs, to be told from what requests do.
PROFILE=start "$folder/traced" serve --listen 127.0.0.1:0 --database-url "sqlite://$folder/a.db?mode=rwc" >"$folder/log" &
server_pid=$!
until grep -q 'is ready' "$folder/log"; do kill -0 $server_pid; sleep 1; done
kill -TERM $server_pid
wait $server_pid || true

cargo run --release --locked --package bench -- --dry --server "$folder/traced" --works read,set,mixed,rest,list --databases sqlite,postgres --peers none \
    --connections 8 --rounds 1 --seconds 4

# Calls of each function in the profiles of the two servers, less those of two starts. A profile names a function once,
# then by its number.
awk '
    FNR == 1 { split("", name) }
    /^c?fn=/ {
        number = $0; sub(/^c?fn=/, "", number); text = number
        sub(/ .*/, "", number); sub(/^[^ ]* ?/, "", text)
        sub(/'"'"'[0-9]+$/, "", text)
        if (text != "") name[number] = text
        if ($0 ~ /^c/) called = name[number]; else seen[name[number]] = 1
    }
    /^calls=/ { split($1, part, "="); calls[called] += FILENAME ~ /\/start\.[0-9]+$/ ? -2 * part[2] : part[2] }
    END { for (each in seen) print (calls[each] > 0 ? calls[each] : 0), each }
' "$folder"/start.* "$folder"/requests.* | sort -k1,1nr -k2,2 | cut -d' ' -f2 >"$folder/called"

# Those that are the program's own, and not a library's beside it.
nm "$server" | awk 'NF == 3 && $2 ~ /[tTwW]/ { print $3 }' | sort -u >"$folder/own"
awk 'NR == FNR { own[$0] = 1; next } $0 in own' "$folder/own" "$folder/called" >scripts/order/functions.txt
wc -l scripts/order/functions.txt
