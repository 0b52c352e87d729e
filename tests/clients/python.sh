#!/usr/bin/env bash
# Makes the virtual environment of one folder here that has a requirements.txt, once, and prints where it is.
#
#   python.sh prefect      the folder, by its path from here; its requirements.txt pins the real client
#   python.sh --python     only prints the Python that would be used, and fails where there is none
#
# Run it as often as you like, at the same time too. The environment's name carries a hash of the
# pins and of Python's version, so a changed pin makes a new one. The stamp `.complete` is written
# last: an environment without it was interrupted and is made again.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

say() { printf 'python clients: %s\n' "$*" >&2; }

# The first Python that the pins run on and that can make virtual environments.
find_python() {
    local python
    for python in ${HIGHWATER_TEST_PYTHON:+"$HIGHWATER_TEST_PYTHON"} python3 python3.11 python3.12 /usr/bin/python3; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit((3, 11) > sys.version_info[:2] or sys.version_info[:2] > (3, 12))' 2>/dev/null; then
            "$python" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say 'no Python 3.11 or 3.12 with the venv module was found; on Debian or Ubuntu: apt-get install python3-venv'
    say '(or name one in HIGHWATER_TEST_PYTHON)'
    return 1
}

python=$(find_python)
if [[ ${1:?name a folder of tests/clients} == --python ]]; then
    echo "$python"
    exit
fi

pins=$here/$1/requirements.txt
hash=$({ cat "$pins"; "$python" -c 'import sys; print(sys.version)'; } | sha256sum | cut -c1-12)
venv=${CARGO_TARGET_DIR:-$root/target}/clients/$(basename "$1")-$hash

mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
flock 9

if [[ ! -e $venv/.complete ]]; then
    say "making $venv with $("$python" --version), once"
    rm -rf "$venv"
    "$python" -m venv "$venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins" >&2
    touch "$venv/.complete"
    say 'done'
fi
echo "$venv"
