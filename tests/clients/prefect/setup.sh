#!/usr/bin/env bash
# Makes the virtual environment of the real prefect 1.4.1, once, and prints its folder on stdout.
#
# Run it as often as you like, at the same time too. The folder's name carries a hash of
# requirements.txt and of Python's version, so a changed pin makes a new one. The stamp `.complete`
# is written last: an environment without it was interrupted and is made again.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)

say() { printf 'prefect client: %s\n' "$*" >&2; }

# The first Python that prefect 1.4.1's pins run on and that can make virtual environments.
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
hash=$({ cat "$here/requirements.txt"; "$python" -c 'import sys; print(sys.version)'; } | sha256sum | cut -c1-12)
venv=${CARGO_TARGET_DIR:-$root/target}/clients/prefect-1.4.1-$hash

mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
flock 9

if [[ ! -e $venv/.complete ]]; then
    say "making $venv with $("$python" --version) (once; about half a minute and 110 MB)"
    rm -rf "$venv"
    "$python" -m venv "$venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
    "$venv/bin/python" -c 'import prefect; assert prefect.__version__ == "1.4.1", prefect.__version__' >&2
    touch "$venv/.complete"
    say 'done'
fi
echo "$venv"
