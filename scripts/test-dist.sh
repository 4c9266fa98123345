#!/usr/bin/env bash
# Runs a copy of dist/cards as an ordinary user, with the toolchain and this source tree out of reach.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -a dist/cards/. "$copy/"
chmod -R a+rX "$copy"

# In a mount namespace of our own, empty file systems cover the toolchain and the source tree.
cover=("$PWD")
if swift=$(command -v swift); then
    toolchain=$(dirname "$(dirname "$(readlink -f "$swift")")")
    if [ "$toolchain" = /usr ]; then
        for folder in /usr/lib/swift /usr/lib/swift_static; do [ ! -d "$folder" ] || cover+=("$folder"); done
    else
        cover+=("$toolchain")
    fi
fi
if [ "$(id -u)" -eq 0 ]; then
    namespace=(unshare --mount)
    user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
else
    namespace=(unshare --user --map-root-user --mount) # root only inside, to mount
    user=(env)
fi
if ! "${namespace[@]}" true; then
    echo "dist/cards is made but not tried: run scripts/test-dist.sh as root, who may hide the toolchain." >&2
    exit 1
fi

"${namespace[@]}" bash -euo pipefail -s -- "$copy" "${cover[@]}" -- "${user[@]}" <<'INSIDE'
fail() { echo "test-dist: $*" >&2; exit 1; }
cd "$1"
shift
while [ "$1" != -- ]; do
    mount -t tmpfs -o mode=755 none "$1"
    [ -z "$(ls -A "$1")" ] || fail "$1 is still in reach"
    shift
done
shift
run=("$@" env -i PATH=/usr/bin:/bin)

! "${run[@]}" sh -c 'command -v swift' || fail "a Swift toolchain is still in reach"
answer=$("${run[@]}" ./cards calendar due 2010-12-20 15)
[ "${answer%%$'\n'*}" = 2011-01-13 ] || fail "15 working days from 2010-12-20: $answer"

base='^(linux-vdso|/lib.*/ld-linux|libc|libm|libdl|libpthread|librt|libutil|libresolv|libgcc_s)[-a-z0-9_]*\.so'
libraries=$("${run[@]}" ldd "$PWD/cards")
while read -r name arrow path _; do
    if [[ $name =~ $base ]]; then continue; fi
    [[ $arrow = "=>" && $path = "$PWD"/lib/* ]] || fail "cards needs a library from outside: $name $arrow $path"
done <<<"$libraries"
INSIDE
echo "dist/cards runs as an ordinary user without the toolchain."
