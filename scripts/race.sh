#!/usr/bin/env bash
# Runs the race against DuckDB, Polars and pandas; Benchmarks/README.md says what is compared.
# Usage: scripts/race.sh [OPTION...]; `scripts/race.sh --help` lists the options of the race.
# Takes .build/release/cards, or the executable named in CARDS.
set -euo pipefail
cd "$(dirname "$0")/.."

python=/usr/bin/python3
venv=.venv-race
packages=Benchmarks/race/requirements.txt
wanted=$({ "$python" --version; cat "$packages"; } | sha256sum)
if [ "$(cat "$venv/stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "Making $venv ..." >&2
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$packages"
    echo "$wanted" >"$venv/stamp"
fi
exec "$venv/bin/python" Benchmarks/race/race.py "$@"
