#!/usr/bin/env bash
# Runs `cards weekly` on an export that is larger than the memory it may have; see Benchmarks/README.md.
# Usage: scripts/bounded.sh [--help] [OPTION...]
# Takes .build/release/cards, or the executable named in CARDS.
set -euo pipefail
cd "$(dirname "$0")/.."

exec /usr/bin/python3 Benchmarks/bounded.py --cards "${CARDS:-.build/release/cards}" "$@"
