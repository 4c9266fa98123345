#!/usr/bin/env bash
# Fuzzes the readers, one after the other, each until no new edge was found for five minutes and for at least
# ten in all. Prints executions, edges and crashes. What it finds stays in .build-fuzz/corpus.
# Usage: scripts/fuzz.sh [READER ...]     of csv mapped xml json xlsx zip yaml
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$PWD/.build-fuzz
swift build --quiet --package-path Fuzzing --scratch-path "$scratch" --configuration release \
    --sanitize address -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld --product FuzzReaders
program=$scratch/release/FuzzReaders

readers=("$@")
[ ${#readers[@]} -gt 0 ] || readers=(csv mapped xml json xlsx zip yaml)
status=0
for reader in "${readers[@]}"; do
    corpus=$scratch/corpus/$reader
    log=$scratch/$reader.log
    mkdir -p "$corpus"
    Fuzzing/seeds.py "$reader" "$corpus"
    export CARDS_FUZZ=$reader ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
    "$program" -max_total_time=7200 -timeout=20 -rss_limit_mb=2048 -max_len=65536 -use_value_profile=0 \
        -artifact_prefix="$scratch/$reader-" "$corpus" >"$log" 2>&1 &
    pid=$!
    begun=$SECONDS
    edges=0
    found=$SECONDS
    while kill -0 "$pid" 2>/dev/null; do
        sleep 10
        now=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1 | cut -d' ' -f2 || true)
        if [ "${now:-0}" -gt "$edges" ]; then
            edges=$now
            found=$SECONDS
        fi
        if [ $((SECONDS - begun)) -ge 600 ] && [ $((SECONDS - found)) -ge 300 ]; then
            kill -INT "$pid" 2>/dev/null || true
            break
        fi
    done
    code=0
    wait "$pid" || code=$?
    runs=$(grep -oE '^#[0-9]+' "$log" | tail -n 1 | tr -d '#')
    crash=$(grep -cE 'ERROR: (AddressSanitizer|libFuzzer: (deadly|timeout|out-of-memory))|Fatal error' "$log" || true)
    echo "$reader: ${runs:-0} executions, $edges edges, $crash crashes, $((SECONDS - begun)) s"
    [ "$crash" -eq 0 ] || status=1
done
exit "$status"
