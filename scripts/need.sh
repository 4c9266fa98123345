#!/usr/bin/env bash
# Makes sure that Debian packages are installed.
# Usage: scripts/need.sh PACKAGE...
# Installs the missing ones where it may (root, or sudo without a password). Otherwise it prints the
# one line that an administrator must run, and exits with 1. Calls apt only when something is missing.
set -euo pipefail

missing=()
for package in "$@"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
    exit 1
fi

echo "Installing ${missing[*]} ..." >&2
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" >&2
