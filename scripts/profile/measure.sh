#!/usr/bin/env bash
# Finds out how often each branch of the server is taken when it answers, and writes it to requests.profdata, by which
# the compiler then optimises (rustc, beside this).
#
# Run it again when the compiler or the dependencies change, or much of src/; then ../order/measure.sh, since other functions
# are left. Takes a quarter of an hour; needs PostgreSQL (../setup.sh), and llvm-profdata of the compiler's LLVM (Debian:
# apt-get install llvm-22).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
merge=llvm-profdata-$llvm
command -v "$merge" >/dev/null || { echo "install $merge" >&2; exit 1; }
folder=$(pwd)/target/profile

# The same crates by the same names, with counters in them.
RUSTC_WRAPPER='' RUSTFLAGS="-Cprofile-generate=$folder/counted" CARGO_TARGET_DIR=$folder cargo build --release --locked
# What building itself ran: build scripts and macros.
rm -rf "$folder/counted"

cargo run --release --locked --package bench -- --dry --server "$folder/release/highwater" \
    --works read,set,mixed,rest,list --databases sqlite,postgres --peers none --connections 8,64 --rounds 2 --seconds 2
"$merge" merge --sparse --output scripts/profile/requests.profdata "$folder"/counted/*.profraw
"$merge" show scripts/profile/requests.profdata
# cargo would keep the libraries that it built by the profile before.
cargo clean --release --quiet
