#!/usr/bin/env bash
# Runs `cards weekly` over the sample export: once into out/, once to the terminal.
set -euo pipefail
cd "$(dirname "$0")/.."

cards=$(swift build --configuration release --show-bin-path)/cards
sample=Fixtures/sample
weekly=("$cards" weekly "$sample/events.csv" --teams "$sample/teams.csv" --workers "$sample/workers.csv"
    --rulebook Fixtures/rulebooks/sample.yaml)

"${weekly[@]}" --out out
"${weekly[@]}"

newest=$(find out -mindepth 1 -maxdepth 1 -name '[0-9]*-W[0-9]*' -printf '%T@ %p\n' | sort -n | tail -n 1)
echo "To run cards by its name in this terminal: export PATH=\"\$PWD/.build/release:\$PATH\""
echo "The set is in ${newest#* }: open ${newest#* }/index.html"
