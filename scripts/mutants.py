#!/usr/bin/python3
"""Plants each deliberate fault of Tests/Mutants/mutants.tsv; each must turn a test red.

Works in a copy of the tree in .build-mutants, so the tree itself is never changed. All faults share
one build there. A fault that no test notices, or that does not compile, makes this exit with 1.
"""

import argparse
import csv
import filecmp
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "Tests/Mutants/mutants.tsv"
WORK = ROOT / ".build-mutants"
TREE = WORK / "tree"
COLUMNS = ["name", "file", "find", "replace", "filter", "why"]
LEFT_OUT = {".git", ".swiftpm", "out", "dist", ".venv-census", ".venv-test", ".venv-race", "__pycache__"}
BUILD_SECONDS = 1800
TEST_SECONDS = 300


def read_list():
    """The rows of the list, and what is wrong with them."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    problems, names = [], set()
    for row in rows:
        name = row.get("name")
        if list(row) != COLUMNS or not all(row.get(column) for column in COLUMNS if column != "replace"):
            problems.append(f"{name}: every column of {', '.join(COLUMNS)} but `replace` must be filled")
            continue
        if name in names:
            problems.append(f"{name}: the name stands twice")
        names.add(name)
        if row["find"] == row["replace"]:
            problems.append(f"{name}: `replace` changes nothing")
        path = ROOT / row["file"]
        count = path.read_text(encoding="utf-8").count(row["find"]) if path.is_file() else 0
        if count != 1:
            problems.append(f"{name}: `find` occurs {count} times in {row['file']}, not once")
    return rows, problems


def copy_tree():
    """Brings TREE up to date, touching only files that differ, so that builds stay incremental."""
    wanted = set()
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in LEFT_OUT and not name.startswith((".build-", ".build_"))
                      and name != ".build"]
        for name in files:
            source = Path(folder) / name
            relative = source.relative_to(ROOT)
            target = TREE / relative
            wanted.add(relative)
            if not target.is_file() or not filecmp.cmp(source, target, shallow=False):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
    for folder, _, files in os.walk(TREE):
        for name in files:
            target = Path(folder) / name
            if target.relative_to(TREE) not in wanted and name != "Package.resolved":
                target.unlink()
    venv = TREE / ".venv-test"
    if (ROOT / ".venv-test").is_dir() and not venv.is_symlink():
        venv.symlink_to(ROOT / ".venv-test")


def end_session(leader):
    """Ends every process of one session: the test program leaves the process group of `swift test`, not its session."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = stat.read_text(errors="replace").rpartition(")")[2].split()[3]
            if int(session) == leader:
                os.kill(int(stat.parent.name), signal.SIGKILL)
        except OSError:
            continue  # it ended meanwhile


def run(arguments, seconds):
    """The exit status (None after `seconds`) and the output of `swift ARGUMENTS` in the copy."""
    process = subprocess.Popen(
        ["swift", *arguments, "--scratch-path", str(WORK / "build")], cwd=TREE, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        # A planted fault shows in the first few hundred exports.
        env={**os.environ, "CARDS_TWIN_BLOCKS": "4"})
    try:
        output, _ = process.communicate(timeout=seconds)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        end_session(process.pid)
        output, _ = process.communicate()
        return None, output
    except BaseException:
        end_session(process.pid)
        raise


def build():
    return run(["build", "--build-tests", "--quiet"], BUILD_SECONDS)


def test(test_filter):
    return run(["test", "--skip-build", "--disable-xctest", "--parallel", "--filter", test_filter], TEST_SECONDS)


def tests_run(output):
    found = re.search(r"Test run with (\d+) tests? ", output)
    return int(found.group(1)) if found else 0


def check_unchanged(filters):
    """Without a fault every filter must choose tests, and they must pass."""
    print("Building the tree without a fault ...", flush=True)
    status, output = build()
    if status != 0:
        sys.exit(f"The tree does not build:\n{output}")
    for test_filter in filters:
        status, output = test(test_filter)
        if status != 0 or tests_run(output) == 0:
            sys.exit(f"Without a fault, the tests of {test_filter} are not green ({tests_run(output)} ran):\n{output}")


def try_mutant(row):
    """killed, survived or an error of the list; the copy is as before afterwards."""
    path = TREE / row["file"]
    original = path.read_text(encoding="utf-8")
    try:
        path.write_text(original.replace(row["find"], row["replace"]), encoding="utf-8")
        status, output = build()
        if status != 0:
            return "does not compile", output
        status, output = test(row["filter"])
    finally:
        path.write_text(original, encoding="utf-8")
    if status is None:
        return "killed (hangs)", ""
    if status == 0:
        return "survived", row["why"]
    if tests_run(output) == 0:
        return ("killed (crashes)", "") if "unexpected signal" in output else ("no test ran", output)
    return "killed", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="NAME", action="append", help="try this fault alone (may be repeated)")
    parser.add_argument("--check", action="store_true", help="check the list against the sources; build nothing")
    options = parser.parse_args()

    rows, problems = read_list()
    unknown = set(options.only or []) - {row["name"] for row in rows}
    problems += [f"{name}: not in the list" for name in sorted(unknown)]
    if problems or not rows:
        sys.exit("\n".join([f"{LIST.relative_to(ROOT)}: {problem}" for problem in problems] or ["No faults listed."]))
    if options.check:
        return
    if options.only:
        rows = [row for row in rows if row["name"] in options.only]

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    copy_tree()
    check_unchanged(sorted({row["filter"] for row in rows}))
    width = max(len(row["name"]) for row in rows)
    killed = 0
    for row in rows:
        start = time.monotonic()
        result, detail = try_mutant(row)
        killed += result.startswith("killed")
        print(f"{row['name']:{width}}  {time.monotonic() - start:6.1f} s  {result}", flush=True)
        if detail:
            print("    " + detail.strip().replace("\n", "\n    "), flush=True)
    print(f"mutants: {killed} of {len(rows)} killed")
    sys.exit(0 if killed == len(rows) else 1)


if __name__ == "__main__":
    main()
