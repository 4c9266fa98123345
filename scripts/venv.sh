#!/usr/bin/env bash
# Makes .venv-test: Python with the packages of Tests/requirements.txt, for the tests' independent checks.
# Does nothing when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

python=/usr/bin/python3
venv=.venv-test
wanted=$({ "$python" --version; cat Tests/requirements.txt; } | sha256sum)
[ "$(cat "$venv/stamp" 2>/dev/null || true)" != "$wanted" ] || exit 0

echo "Making $venv ..." >&2
rm -rf "$venv"
"$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement Tests/requirements.txt
echo "$wanted" >"$venv/stamp"
