"""Counts the instructions of `cards weekly` on a small fixed input and compares them with the committed counts.

Usage: instructions.py CARDS [--record]

Callgrind counts what a run executes, so the figures do not depend on what else the machine does, and very little on
which x86-64 machine it is. They do depend on the compiler and the C library: record them anew with either.
Ends with 1 where the total or a part lies more than the tolerance from its committed count, in either direction: an
improvement that is not recorded would hide the next loss.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOLERANCE = 0.05
COMMITTED = Path(__file__).parent / "instructions.tsv"
HEADER = "part\tfunction\tinstructions"
SAMPLE = ["--without-faults", "--referrals", "2000", "--years", "2", "--seed", "1", "--quiet"]
WEEKLY = ["--weeks", "all", "--cores", "1", "--format", "csv", "--quiet"]

# The function that stands for each part, whatever its arguments; its count holds those of everything it calls, so that parts overlap: `read`
# holds `scan` to `take in`, `run` holds `group` to `aggregate`.
PARTS = {
    "total": "PROGRAM TOTALS",
    "read": "static ExportReader.read",
    "scan": "FieldScanner.scan",
    "parse": "BlockParser.run",
    "partition": "EventBuilder.takeBatch",
    "take in": "CaseStore.absorb",
    "group": "Partition.takeEvents",
    "load": "ChildRows.load",
    "link": "CaseFile.link",
    "evaluate": "ClockEvaluator.evaluate",
    "aggregate": "PastWeeks.add",
    "run": "WeeklyRun.run",
    "figures": "CardTable.figures",
    "render": "Table.bytes",
    "digest": "ExportDigests.add",
}


def run(command, **options):
    """Runs a command whose output nobody needs unless it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-2000:] + done.stderr[-2000:])
        sys.exit(f"instructions: `{command[0]}` ended with {done.returncode}")
    return done.stdout


def profile(cards, folder):
    """The lines (count, function) of Callgrind for one run."""
    # Valgrind of Debian 12 cannot read what Swift writes for debuggers.
    stripped = folder / "cards"
    run(["strip", "-g", "-o", stripped, cards])
    sample = folder / "sample"
    run([stripped, "sample", *SAMPLE, "--out", sample])
    out = folder / "callgrind.out"
    # In a folder of its own, so that no configuration is found; Swift's dictionaries in the same order every time.
    run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "./cards", "weekly", "sample/events.csv",
         "--teams", "sample/teams.csv", *WEEKLY, "--out", "out"],
        cwd=folder, env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"})
    listing = run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", out])
    plain = run(["swift", "demangle", "--simplified"], input=listing)
    for line in plain.splitlines():
        found = re.match(r"\s*([\d,]+) \([ \d.]+%\)\s+(.*)", line)
        if found:
            yield int(found[1].replace(",", "")), re.sub(r"^\S*?:|\s+\[[^\]]*\]$", "", found[2])


def counted(lines):
    """The count of each part; 0 where the function is not there."""
    counts = dict.fromkeys(PARTS, 0)
    places = {function: part for part, function in PARTS.items()}
    for count, function in lines:
        # Of overloads and specialised copies, the one that calls the others has the largest count.
        part = places.get(re.sub(r"\(.*", "", function.removeprefix("specialized ")))
        if part:
            counts[part] = max(counts[part], count)
    return counts


def record(counts):
    rows = [f"{part}\t{PARTS[part]}\t{count}" for part, count in counts.items()]
    COMMITTED.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


def differences(counts):
    """Prints every part beside its committed count; yields what is out of bounds."""
    lines = COMMITTED.read_text(encoding="utf-8").splitlines()[1:]
    committed = {part: int(count) for part, _, count in (line.split("\t") for line in lines)}
    print(f"{'part':<10} {'committed':>15} {'now':>15} {'change':>8}")
    for part, count in counts.items():
        was = committed.get(part)
        if not count:
            yield f"{part}: there is no function {PARTS[part]} any more; name another one in {Path(__file__).name}"
        elif not was:
            yield f"{part}: has no committed count"
        else:
            change = count / was - 1
            print(f"{part:<10} {was:>15,} {count:>15,} {change:>+8.1%}")
            if abs(change) > TOLERANCE:
                yield f"{part}: {abs(change):.1%} {'more' if change > 0 else 'fewer'} instructions ({PARTS[part]})"


def main():
    cards = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        counts = counted(profile(cards, Path(folder)))
    if "--record" in sys.argv[2:]:
        missing = [part for part, count in counts.items() if not count]
        if missing:
            sys.exit(f"instructions: no such function for {', '.join(missing)}")
        record(counts)
        print(COMMITTED.read_text(encoding="utf-8"), end="")
        return
    found = list(differences(counts))
    if found:
        print(f"\nMore than {TOLERANCE:.0%} from {COMMITTED.name}:", *found, sep="\n  ")
        print("Where this is meant, scripts/bench.sh --guard --record writes the new counts; say why in the commit.")
        sys.exit(1)
    print(f"No part is more than {TOLERANCE:.0%} from its committed count.")


if __name__ == "__main__":
    main()
