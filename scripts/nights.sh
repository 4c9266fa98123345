#!/usr/bin/env bash
# Times nights, and a first one beside the sqlite3 shell; see Benchmarks/README.md.
# Usage: scripts/nights.sh [--help] [OPTION...]
# Takes .build/release/cards, or the executable named in CARDS.
set -euo pipefail
cd "$(dirname "$0")/.."

exec /usr/bin/python3 Benchmarks/nights.py --cards "${CARDS:-.build/release/cards}" "$@"
