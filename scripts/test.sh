#!/usr/bin/env bash
# Builds and runs the tests. Prints what went wrong and the closing line; everything is in .build/test.log.
# Usage: scripts/test.sh [--filter REGEX ...]
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests --quiet

log=.build/test.log
status=0
swift test --skip-build --disable-xctest --parallel "$@" >"$log" 2>&1 || status=$?

# Swift Testing marks what started with ◇, what it says of itself with ↳, what passed with ✔.
grep -vE '^(◇|↳|✔|\[[0-9]+/[0-9]+\]) |Test run with ' "$log" || true
closing=$(grep -E 'Test run with [0-9]+ tests? ' "$log" || true)
if [ "$status" -eq 0 ] && ! grep -qE 'with [1-9][0-9]* tests? ' <<<"$closing"; then
    echo "No test was run." >&2
    status=1
fi
echo "$closing"
exit "$status"
