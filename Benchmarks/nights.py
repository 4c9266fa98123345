"""Times the nights of a council, and a large first night beside the `.import` of the same rows by the sqlite3 shell.

Every run is a whole process, in turn with what it is compared with; figures are medians, and the last column is what
was asked for. The rows of the first table are of one council; the second loads the same rows twice.
"""

import argparse
import csv
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

CONFIGURATION = """\
exports: [events.csv]
teams: teams.csv
workers: workers.csv
out: out
formats: [html, csv]
nightly:
  ledger: ledger.sqlite
  most_future_rows: 10000
"""
COUNCIL = 12_000
# Of a usual night's rows, how many say something else than the night before.
CHANGED = 0.002


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/nights.sh", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (default 5)")
    parser.add_argument(
        "--referrals", type=int, default=100_000,
        help="the referrals of the large night, about eleven rows each (default 100000; 800000 are 9 million rows)")
    parser.add_argument("--work", type=Path, default=Path(".build-nights"), help="the folder to work in")
    parser.add_argument("--cards", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def median(values):
    return sorted(values)[len(values) // 2]


def prepared(given, name, referrals):
    """A folder with an export, its organisation and a configuration."""
    folder = given.work / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"Making the export of {referrals:,} referrals ...", file=sys.stderr)
    subprocess.run(
        [given.cards, "sample", "--out", folder, "--referrals", str(referrals), "--years", "5", "--ending",
         "2010-12-19", "--quiet"], check=True)
    (folder / "cards.yaml").write_text(CONFIGURATION)
    return folder


def forget(folder):
    """Takes away what nights have left."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    for file in folder.glob("ledger.sqlite*"):
        file.unlink()


def night(given, folder, day):
    """Runs a night: how long it took, and how long each step of it."""
    start = time.perf_counter()
    run = subprocess.run(
        [given.cards.resolve(), "nightly", "--night", day, "--log-json"], cwd=folder, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if run.returncode != 0:
        sys.exit(f"nights: the night of {day} ended with {run.returncode}: {run.stderr}")
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    steps = {}
    for line, next_line in zip(lines, lines[1:]):
        steps[line["step"]] = steps.get(line["step"], 0) + next_line["seconds"] - line["seconds"]
    return seconds, steps


def change(folder, seed):
    """Gives some rows of an export another team."""
    choice = random.Random(seed)
    with open(folder / "events.csv", newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    team = header.index("team")
    teams = sorted({row[team] for row in rows})
    for row in rows:
        if choice.random() < CHANGED:
            row[team] = choice.choice(teams)
    with open(folder / "events.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def council(given):
    """First nights, usual nights and cards of a council."""
    folder = prepared(given, "council", COUNCIL)
    original = (folder / "events.csv").read_bytes()
    first, usual, weekly, written, told = [], [], [], [], []
    for run in range(given.runs):
        forget(folder)
        (folder / "events.csv").write_bytes(original)
        first.append(night(given, folder, "2010-12-20")[0])
        change(folder, run)
        before = changed_rows(folder)
        usual.append(night(given, folder, "2010-12-21")[0])
        written.append(changed_rows(folder) - before)
        told.append(original.count(b"\n") - 1)
        # Not in its folder, whose configuration would have a set written.
        start = time.perf_counter()
        subprocess.run([given.cards, "weekly", folder / "ledger.sqlite", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        weekly.append(time.perf_counter() - start)
    print(f"A council: {told[0]:,} rows, {COUNCIL:,} referrals in five years.\n")
    print("| what | seconds | asked |\n|---|---|---|")
    print(f"| first night, to finished sets and backup | {median(first):.2f} | 2 |")
    print(f"| usual night, {median(written):,} rows written | {median(usual):.2f} | 0.5 |")
    print(f"| `cards weekly` from the ledger, to the terminal | {median(weekly):.2f} | 0.2 |")


def changed_rows(folder):
    """How many rows of events the ledger has written: added, or marked as gone."""
    with sqlite3.connect(f"file:{folder / 'ledger.sqlite'}?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) + count(gone) FROM event").fetchone()[0]


def large(given):
    """A large first night beside the sqlite3 shell, which loads the same rows into the same tables."""
    folder = prepared(given, "large", given.referrals)
    ours, theirs, whole = [], [], []
    rows = 0
    for run in range(given.runs):
        forget(folder)
        seconds, steps = night(given, folder, "2010-12-20")
        whole.append(seconds)
        ours.append(steps["read"] + steps["judge"] + steps["take in"])
        if run == 0:
            rows = written_rows(folder)
        theirs.append(imported(folder))
    print(f"\nA first night of {rows:,} rows.\n")
    print("| what | seconds | rows a second |\n|---|---|---|")
    print(f"| read, checked and taken in by us | {median(ours):.2f} | {rows / median(ours):,.0f} |")
    print(f"| `.import` by the sqlite3 shell | {median(theirs):.2f} | {rows / median(theirs):,.0f} |")
    print(f"| the whole night, to finished sets and backup | {median(whole):.2f} | |")
    print(f"\nOur speed is {median(theirs) / median(ours):.2f} of the shell's; asked: 0.5.")


def written_rows(folder):
    """Writes the rows of a ledger for the shell: a file for each table."""
    with sqlite3.connect(f"file:{folder / 'ledger.sqlite'}?mode=ro", uri=True) as database:
        tables = {name: sql for name, sql in database.execute(
            "SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ('night', 'document', 'child', 'event') "
            "AND sql IS NOT NULL ORDER BY rowid")}
        (folder / "schema.sql").write_text(";\n".join(tables.values()) + ";\n")
        for table, columns in (("child", "id, name, hex(form)"), ("event", "*")):
            with open(folder / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(
                    database.execute(f"SELECT {columns} FROM {table} ORDER BY id"))
        return database.execute("SELECT count(*) FROM event").fetchone()[0]


def imported(folder):
    """How long the shell takes for the same rows, with the same keys and the same care for the disk."""
    for file in folder.glob("shell.sqlite*"):
        file.unlink()
    # A column of a STRICT table takes no text for bytes, and no empty text for nothing.
    schema = (folder / "schema.sql").read_text().replace("form BLOB", "form TEXT")
    schema = schema.replace("gone INTEGER REFERENCES night(id)", "gone TEXT")
    script = f"""PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
{schema}
BEGIN;
.mode csv
.import child.csv child
.import event.csv event
COMMIT;
"""
    start = time.perf_counter()
    run = subprocess.run(["sqlite3", "shell.sqlite"], input=script, cwd=folder, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if run.returncode != 0 or run.stderr:
        sys.exit(f"nights: sqlite3 ended with {run.returncode}: {run.stderr[:2000]}")
    with sqlite3.connect(folder / "shell.sqlite") as database:
        loaded = database.execute("SELECT count(*) FROM event").fetchone()[0]
    with open(folder / "event.csv", encoding="utf-8") as file:
        told = sum(1 for _ in csv.reader(file))
    if loaded != told:
        sys.exit(f"nights: sqlite3 loaded {loaded} rows of {told}")
    return seconds


def main():
    given = arguments()
    council(given)
    large(given)


if __name__ == "__main__":
    main()
