#!/usr/bin/env bash
# Builds the release executable, with no output but warnings and errors.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v swift >/dev/null; then
    echo "The Swift toolchain (6.3 or newer) is not in PATH: install it, then run make again." >&2
    exit 1
fi
echo "Building cards (the first time takes some minutes) ..." >&2
swift build --quiet --configuration release --product cards
