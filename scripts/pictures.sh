#!/usr/bin/env bash
# Makes the pictures of docs/pictures anew from the sample's set, as the tests look at it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/test.sh --filter PagesTests
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cards=$(swift build --configuration release --show-bin-path)/cards
"$cards" weekly Fixtures/sample/events.csv --teams Fixtures/sample/teams.csv --workers Fixtures/sample/workers.csv \
    --rulebook Fixtures/rulebooks/sample.yaml --format xlsx --out "$work/out" --quiet
book=$(find "$work/out" -path '*manager-group-manager-a-*' -name cards.xlsx)
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" "$book" >/dev/null

mkdir -p docs/pictures
cp .build/pages/manager-index-1280.png docs/pictures/group-manager.png
pdftoppm -r 75 -png -singlefile .build/pages/manager-card.pdf docs/pictures/card
# The cover, the contents and the notes come before the sheet of returns.
pdftoppm -r 300 -x 190 -y 190 -W 1900 -H 560 -png -singlefile -f 4 -l 4 "$work/cards.pdf" docs/pictures/workbook
ls -l docs/pictures
