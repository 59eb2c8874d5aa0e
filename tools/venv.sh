#!/usr/bin/env bash
# Make the virtual environment `.venv` with the package and its development tools, once.
#
#     tools/venv.sh            in the project's folder; PYTHON=... chooses the interpreter
#
# `.venv/ready` marks a finished one and names what it was made from, so that an interrupted run is begun anew.
set -euo pipefail
cd "$(dirname "$0")/.."

made_from=$(cat pyproject.toml planlang/__init__.py | cksum)
if [ -x .venv/bin/python ] && [ "$(cat .venv/ready 2>/dev/null)" = "$made_from" ]; then
    exit 0
fi

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

python=""
for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if suits "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "error: no Python of version 3.11 or newer was found; name one by PYTHON=/path/to/python" >&2
    exit 2
fi

if [ ! -e .venv/ready ]; then
    rm -rf .venv
    if ! said=$("$python" -m venv .venv 2>&1); then
        rm -rf .venv
        if "$python" -m virtualenv --version >/dev/null 2>&1; then
            "$python" -m virtualenv --quiet .venv
        else
            echo "$said" >&2
            echo "error: \`$python -m venv\` does not work: its packages \`venv\` and \`ensurepip\` are missing." >&2
            echo "On Debian and Ubuntu: apt install python3-venv. Elsewhere: $python -m pip install virtualenv." >&2
            echo "Or name another interpreter by PYTHON=/path/to/python." >&2
            exit 2
        fi
    fi
fi
echo "installing into .venv ($("$python" --version))" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
echo "$made_from" >.venv/ready
