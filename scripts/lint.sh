#!/usr/bin/env bash
# Checks format and house rules; prints every finding and exits with 1 if there is one.
# shellcheck disable=SC2329 # `forbid` calls the functions below
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
# Fails when the command behind it printed anything.
forbid() {
    local rule=$1 found
    found=$("${@:2}" || true)
    [ -z "$found" ] && return
    printf '%s:\n%s\n' "$rule" "$found" >&2
    status=1
}
# Searches the files of the project, also those not added yet.
search() { git grep --untracked -nIE "$@"; }
long_files() {
    git ls-files -z --cached --others --exclude-standard --deduplicate '*.swift' |
        while IFS= read -r -d '' file; do
            if [ -e "$file" ] && [ "$(wc -l <"$file")" -gt 600 ]; then echo "$file"; fi
        done
}
own_paths() {
    search '(^|[^[:alnum:]_.~$}*-])/(tmp|work|root|home|Users|opt/swift)/[[:alnum:]_.]' | grep -v mktemp
}

swift format lint --strict --recursive --parallel --configuration .swift-format \
    Sources Tests Package.swift Benchmarks/Parts Benchmarks/Package.swift || status=1
for script in scripts/*.sh .ci/run; do bash -n "$script" || status=1; done
scripts/mutants.py --check || status=1

forbid "Swift files of more than 600 lines" long_files
forbid "Blanks at the end of a line" search '[[:blank:]]+$' -- ':!Fixtures' ':!*.tsv'
forbid "Paths of one machine" own_paths

[ "$status" -ne 0 ] || echo "lint: nothing found"
exit "$status"
