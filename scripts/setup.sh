#!/usr/bin/env bash
# Brings what the tests need beside Rust: PostgreSQL's server binaries, Python and Node with the real clients'
# packages, and Chromium.
#
# Installs with apt-get, as root or by sudo; elsewhere it says what to install. Nothing is started or configured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=tests/clients/python.sh
npm=tests/clients/npm.sh

say() { printf 'setup: %s\n' "$*"; }

has_postgres() {
    local bin
    [[ -n ${HIGHWATER_TEST_POSTGRES:-} ]] && return
    for bin in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin ${PATH//:/ }; do
        [[ -x $bin/initdb ]] && return
    done
    return 1
}

has_python() { "$python" --python >/dev/null 2>&1; }

has_node() { "$npm" --node >/dev/null 2>&1; }

has_chromium() { [[ -x ${HIGHWATER_TEST_CHROMIUM:-/usr/bin/chromium} ]]; }

# Debian's own Python where it fits, else one that fits beside it.
python_package() {
    local version
    for version in 3.11 3.12; do
        if apt-cache show "python$version-venv" >/dev/null 2>&1; then
            echo "python$version-venv"
            return
        fi
    done
    echo python3-venv
}

if has_postgres && has_python && has_node && has_chromium; then
    say 'PostgreSQL, Python, Node and Chromium are there'
else
    if ! command -v apt-get >/dev/null; then
        has_postgres || say 'install the PostgreSQL server, with initdb where pg_config --bindir says' >&2
        has_python || say 'install Python 3.11 or 3.12 with its venv module' >&2
        has_node || say 'install Node 20.19 or later with npm' >&2
        has_chromium || say 'install Chromium, and name it in HIGHWATER_TEST_CHROMIUM' >&2
        exit 1
    fi
    as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || { say 'run as root: apt-get install postgresql python3-venv nodejs npm chromium' >&2; exit 1; }
        as_root=(sudo)
    fi
    say 'asking apt-get for its lists'
    "${as_root[@]}" apt-get update -qq
    packages=()
    has_postgres || packages+=(postgresql)
    has_python || packages+=("$(python_package)")
    has_node || packages+=(nodejs npm)
    has_chromium || packages+=(chromium)
    say "installing ${packages[*]} with apt-get"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${packages[@]}"
    has_postgres || { say 'still no initdb: install the PostgreSQL server by hand' >&2; exit 1; }
    has_node || { say 'still no Node 20.19 with npm: install them by hand' >&2; exit 1; }
    has_chromium || { say 'still no /usr/bin/chromium: name yours in HIGHWATER_TEST_CHROMIUM' >&2; exit 1; }
fi

for pins in tests/clients/*/requirements.txt; do
    environment=$("$python" "$(basename "$(dirname "$pins")")")
    say "Python packages are in $environment"
done

for folder in tests/clients/*/package-lock.json; do
    packages=$("$npm" "$(basename "$(dirname "$folder")")")
    say "npm packages are in $packages"
done
