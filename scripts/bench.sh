#!/usr/bin/env bash
# Times the parts of a run, then counts the instructions of a whole one and compares them with
# Benchmarks/instructions.tsv. Times are for people; the counts, which repeat, decide.
# Usage: scripts/bench.sh [--parts | --guard] [--record]
#   --parts   only times          --guard   only counts
#   --record  writes the counts as the new ones instead of comparing them
# Takes .build/release/cards, or the executable named in CARDS.
set -euo pipefail
cd "$(dirname "$0")/.."

parts=yes
guard=yes
record=()
for argument in "$@"; do
    case $argument in
    --parts) guard=no ;;
    --guard) parts=no ;;
    --record) record=(--record) ;;
    *)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
        exit 2
        ;;
    esac
done

if [ "$parts" = yes ]; then
    echo "Building the benchmarks (the first time takes some minutes) ..." >&2
    (cd Benchmarks && swift package benchmark --target Parts --no-progress --grouping metric)
fi
if [ "$guard" = yes ]; then
    /usr/bin/python3 Benchmarks/instructions.py "${CARDS:-.build/release/cards}" "${record[@]}"
fi
