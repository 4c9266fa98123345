#!/usr/bin/env bash
# Makes dist/cards: the executable with the Swift runtime linked in, and in lib/ the shared libraries
# that every Debian does not have. The folder can be copied anywhere and run.
set -euo pipefail
cd "$(dirname "$0")/.."

newest_glibc=2.36 # Debian 12
# On every Debian (libc6 and libgcc-s1): never shipped.
base='^(linux-vdso|ld-linux[-a-z0-9_]*|libc|libm|libdl|libpthread|librt|libutil|libresolv|libgcc_s)\.so'
# Linked in where Debian offers the static form; shipped in lib/ otherwise.
libraries=(stdc++)

# A folder with only the static forms, searched first: the linker then has no choice.
scratch=.build-dist
static=$PWD/$scratch/static
rm -rf "$static" dist
mkdir -p "$static" dist/cards
for library in "${libraries[@]}"; do
    archive=$(gcc -print-file-name="lib$library.a")
    if [ -e "$archive" ]; then ln -s "$archive" "$static/"; fi
done

# DT_RPATH (the old tag) also holds for the libraries that the shipped libraries need themselves.
options=(--scratch-path "$scratch" --configuration release --product cards --static-swift-stdlib
    --disable-local-rpath -Xswiftc -no-toolchain-stdlib-rpath "-Xswiftc" "-L$static"
    -Xlinker --disable-new-dtags -Xlinker -rpath -Xlinker "\$ORIGIN/lib")
echo "Building cards with the Swift runtime linked in ..." >&2
swift build --quiet "${options[@]}"
built=$(swift build "${options[@]}" --show-bin-path)

# GRDB's holds nothing but a privacy manifest for Apple's stores.
bundles=$(find "$built" -maxdepth 1 \( -name '*.resources' -o -name '*.bundle' \) ! -name GRDB_GRDB.resources)
if [ -n "$bundles" ]; then
    echo "These resource bundles would be left behind:" "$bundles" >&2
    exit 1
fi

strip -o dist/cards/cards "$built/cards"
cp README.md LICENSE dist/cards/
while read -r name arrow path _; do
    if [ "$arrow" != "=>" ] || [[ $name =~ $base ]]; then continue; fi
    mkdir -p dist/cards/lib
    cp --dereference "$path" "dist/cards/lib/$name"
done < <(ldd dist/cards/cards)

# What is shipped must not ask for a newer C library than the oldest Debian has.
for file in dist/cards/cards dist/cards/lib/*.so*; do
    [ -e "$file" ] || continue
    needs=$(objdump -T "$file" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -uV | tail -n 1)
    if [ "$(printf '%s\n' "$needs" "$newest_glibc" | sort -V | tail -n 1)" != "$newest_glibc" ]; then
        echo "$file needs glibc $needs, newer than Debian 12's $newest_glibc: build on Debian 12." >&2
        exit 1
    fi
    echo "$file ($(du -h "$file" | cut -f1), needs glibc $needs)"
done
