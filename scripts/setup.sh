#!/bin/sh
# Makes .venv with Python 3.10 and the pinned requirements; does nothing when it is up to date.
# Usage: scripts/setup.sh run|dev
set -eu
cd "$(dirname "$0")/.."
requirements="requirements/$1.txt"
# Services are started without a home; version managers keep their Pythons there all the same.
HOME=${HOME:-$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)}
export HOME

is_310() { [ -n "$1" ] && "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

# A 3.10 on the PATH first, then where version managers and installers keep theirs.
find_python() {
    for candidate in "${PYTHON:-}" python3.10 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python \
        "$HOME"/.local/share/uv/python/cpython-3.10*/bin/python3.10 \
        "$HOME"/.local/share/mise/installs/python/3.10*/bin/python3.10 \
        "$HOME"/.asdf/installs/python/3.10*/bin/python3.10 \
        "$HOME"/*conda3/envs/*/bin/python3.10 \
        /opt/homebrew/opt/python@3.10/bin/python3.10 \
        /usr/local/opt/python@3.10/bin/python3.10 \
        /opt/python/3.10*/bin/python3.10; do
        if is_310 "$candidate"; then echo "$candidate"; return; fi
    done
    return 1
}

stamp=".venv/.installed-$(cat "$requirements" "$0" | cksum | cut -d' ' -f1)"
# What is enough for the tests is enough for running.
[ -e "$stamp" ] && exit 0
if [ "$1" = run ] && [ -e ".venv/.installed-$(cat requirements/dev.txt "$0" | cksum | cut -d' ' -f1)" ]; then exit 0; fi

if ! is_310 .venv/bin/python; then
    python=$(find_python) || {
        echo "Xiaoer needs Python 3.10 (Rasa runs on nothing newer): install it with your system's packages, or with 'pyenv install 3.10' or 'uv python install 3.10', and run this again." >&2
        exit 1
    }
    echo "  making .venv with $("$python" -V)"
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "  installing packages: about 7 GB the first time, most of it PyTorch's libraries; this takes minutes on a slow line"
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.txt
( while sleep 20; do echo "  still installing …"; done ) & ticker=$!
trap 'kill $ticker 2>/dev/null' EXIT
# The machine's own certificates: some networks have one of their own.
.venv/bin/uv pip sync --system-certs --quiet --python .venv/bin/python --require-hashes "$requirements" requirements/installer.txt
rm -f .venv/.installed-*
touch "$stamp"
echo "  packages installed"
