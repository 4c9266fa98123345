#!/usr/bin/env bash
# Runs the published validator of the children in need census and `cards check --census` on one message.
# Usage: scripts/census-validator.sh [CENSUS.xml] [RULESET]
set -euo pipefail
cd "$(dirname "$0")/.."

census=$(realpath "${1:-Fixtures/formats/census-boundaries.xml}")
rules=${2:-cin2024_25}
venv=$PWD/.venv-census
if [ ! -x "$venv/bin/python" ]; then
    /usr/bin/python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check csc-validator-be-cin==0.1.13 "numpy<1.25" pytest
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && "$venv/bin/python" -W ignore -m cin_validator run "$census" -o -r "$rules" >/dev/null 2>&1)
echo "the validator's, by rule and child:"
"$venv/bin/python" - "$work/user_report.csv" <<'PYTHON'
import csv
import sys

found = {}
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        found.setdefault((row["rule_code"], row["rule_description"][:90]), set()).add(row["LAchildID"])
for (rule, words), children in sorted(found.items()):
    print(f"{rule:6} {len(children):3}  {words}")
    print("            " + " ".join(sorted(children)))
PYTHON
echo
"$(swift build --configuration release --show-bin-path)/cards" check "$census" --census | sed -n '/^beside/,$p'
