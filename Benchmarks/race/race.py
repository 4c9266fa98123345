"""The race: `cards weekly` against DuckDB, Polars and pandas, and against itself.

Each competitor does the job that README.md describes, as a whole process, in turn. The table goes to standard output,
everything else to standard error. Exits with 1 where a peer's answers are not ours.
"""

import argparse
import filecmp
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from measure import measured, median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / ".build-race"
YEARS = 5
COUNCIL = 12_000
GROWTH = 5
VARIANTS = {"quoted": "every field quoted", "crlf": "CRLF", "slashed": "dd/mm/yyyy", "shuffled": "shuffled rows",
            "wide": "40 columns"}
PEERS = ("duckdb", "polars", "pandas")
MEGABYTE = 1_000_000


def say(text):
    """Tells how far the race has come."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Competitor:
    """Somebody who does the job, and how long it took."""

    name: str
    command: list
    out: Path
    environment: dict = field(default_factory=dict)
    runs: list = field(default_factory=list)

    def run(self, *more):
        """Does the job once, into an empty folder."""
        shutil.rmtree(self.out, ignore_errors=True)
        return measured([*self.command, *more], WORK / f"{self.name}.log", self.environment)

    def files(self):
        """The folder with the files it wrote."""
        sets = sorted(self.out.glob("*-W*/data"))
        return sets[0] if sets else self.out

    @property
    def seconds(self):
        return median([run.seconds for run in self.runs])

    @property
    def peak_bytes(self):
        return median([run.peak_bytes for run in self.runs])


class Race:
    """The inputs, the competitors and the lines of the table."""

    def __init__(self, options):
        self.options = options
        self.cards = Path(os.environ.get("CARDS") or ROOT / ".build/release/cards").resolve()
        if not os.access(self.cards, os.X_OK):
            sys.exit(f"race: {self.cards} is not there: build it, or name another one in CARDS")
        WORK.mkdir(exist_ok=True)
        self.calendar = WORK / "calendar.csv"

    # Inputs

    def sample(self, referrals, with_faults=False):
        """The folder of a made-up authority, made where it is not there yet."""
        folder = WORK / f"sample-{referrals}{'-faults' if with_faults else ''}"
        if not (folder / "made").exists():
            say(f"making {folder.name} ...")
            shutil.rmtree(folder, ignore_errors=True)
            command = [self.cards, "sample", "--referrals", str(referrals), "--years", str(YEARS), "--out", folder, "--quiet"]
            subprocess.run(command if with_faults else [*command, "--without-faults"], check=True)
            (folder / "made").touch()
        return folder

    def derived(self, kind, folder):
        """The folder of an input derived from another one."""
        target = WORK / f"{folder.name}-{kind}"
        if not (target / "made").exists():
            say(f"making {target.name} ...")
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            shutil.copy(folder / "teams.csv", target)
            subprocess.run(
                [sys.executable, HERE / "inputs.py", kind, folder / "events.csv", target / "events.csv"], check=True)
            (target / "made").touch()
        return target

    # Competitors

    def ours(self, folder, cores, formats="csv", weeks="all"):
        """`cards weekly` over an input."""
        out = WORK / f"out-cards-{cores}"
        return Competitor("cards", [
            self.cards, "weekly", folder / "events.csv", "--teams", folder / "teams.csv", "--weeks", weeks, "--format", formats,
            "--cores", str(cores), "--quiet", "--out", out], out)

    def peer(self, name, folder, as_at):
        """A peer's job over an input."""
        out = WORK / f"out-{name}"
        return Competitor(name, [
            sys.executable, HERE / f"{name}_job.py", "--events", folder / "events.csv", "--teams", folder / "teams.csv",
            "--calendar", self.calendar, "--as-at", as_at, "--threads", str(self.options.cores), "--out", out], out,
            {"POLARS_MAX_THREADS": str(self.options.cores), "OMP_NUM_THREADS": str(self.options.cores)})

    def wc(self, folder):
        """The floor: every byte touched once."""
        return Competitor("wc -l", ["wc", "-l", folder / "events.csv"], WORK / "out-wc")

    # Running

    def check(self, ours, peers):
        """Lets everybody do the job once, with the clocks, and compares the answers."""
        for competitor in [ours, *peers]:
            say(f"  {competitor.name}, with clocks ...")
            competitor.run("--clocks")
        for peer in peers:
            self.compare(ours, peer, "--clocks")

    def compare(self, ours, peer, *more):
        say(f"  answers of {peer.name}:")
        result = subprocess.run([sys.executable, HERE / "answers.py", ours.files(), peer.files(), *more],
                                stdout=sys.stderr, check=False)
        if result.returncode != 0:
            sys.exit(f"race: the answers of {peer.name} are not ours")

    def rounds(self, competitors, times=None):
        """Lets everybody run in turn, so that whatever else the machine does hits all of them alike."""
        for number in range(times or self.options.runs):
            for competitor in competitors:
                run = competitor.run()
                competitor.runs.append(run)
                say(f"  {number + 1}: {competitor.name:8} {run.seconds:8.3f} s {run.peak_bytes / MEGABYTE:8.0f} MB")


def rows_of(folder):
    """The rows of an export, without its header."""
    counted = subprocess.run(["wc", "-l", folder / "events.csv"], capture_output=True, text=True, check=True)
    return int(counted.stdout.split()[0]) - 1


def bytes_of(folder):
    """The size of an export."""
    return (folder / "events.csv").stat().st_size


def as_at_of(competitor):
    """The day that a set of ours is as at."""
    return json.loads((competitor.files().parent / "run.json").read_text(encoding="utf-8"))["as_at"]


def table(title, head, lines):
    """Prints a table in Markdown."""
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for line in lines:
        print(f"| {' | '.join(line)} |")
    sys.stdout.flush()


def main_race(race, folder):
    """Us, the peers that take the whole input, and the floor; then pandas on a tenth."""
    cores = race.options.cores
    ours = race.ours(folder, cores)
    say(f"{folder.name}: {rows_of(folder)} rows, {bytes_of(folder) / MEGABYTE:.0f} MB")
    say("  cards, to find the week ...")
    ours.run()
    as_at = as_at_of(ours)
    peers = [race.peer(name, folder, as_at) for name in race.options.peers if name != "pandas"]
    if not race.options.no_check:
        race.check(ours, peers)
    floor = race.wc(folder)
    if race.options.runs:
        race.rounds([floor, ours, *peers])
        for peer in peers:
            race.compare(ours, peer)
        rows = rows_of(folder)
        lines = [[competitor.name, f"{competitor.seconds:.3f}", f"{competitor.seconds / ours.seconds:.2f}",
                  f"{competitor.peak_bytes / MEGABYTE:.0f}", f"{competitor.peak_bytes / ours.peak_bytes:.2f}",
                  f"{competitor.peak_bytes / rows:.0f}"] for competitor in [ours, *peers, floor]]
        table(f"{rows} rows, {bytes_of(folder) / MEGABYTE:.0f} MB, {cores} threads, medians of {race.options.runs} runs; "
              f"cards takes {ours.seconds / floor.seconds:.1f} times the floor (`wc -l`)",
              ["", "seconds", "times ours", "peak MB", "times ours", "bytes a row"], lines)
    small = race.derived("tenth", folder)
    if not race.options.no_check:
        # The plain input has no row twice; the job is to drop those that come twice all the same.
        doubled = race.derived("doubled", small)
        say(f"{doubled.name}: {rows_of(doubled)} rows, some of them twice")
        race.check(race.ours(doubled, cores), [race.peer(name, doubled, as_at) for name in race.options.peers])
    if "pandas" not in race.options.peers:
        return
    ours = race.ours(small, cores)
    pandas = race.peer("pandas", small, as_at)
    say(f"{small.name}: {rows_of(small)} rows")
    if not race.options.no_check:
        race.check(ours, [pandas])
    if race.options.runs:
        race.rounds([ours, pandas])
        race.compare(ours, pandas)
        table(f"A tenth of the children, {rows_of(small)} rows", ["", "seconds", "times ours", "peak MB", "times ours"], [
            [competitor.name, f"{competitor.seconds:.3f}", f"{competitor.seconds / ours.seconds:.1f}",
             f"{competitor.peak_bytes / MEGABYTE:.0f}", f"{competitor.peak_bytes / ours.peak_bytes:.2f}"]
            for competitor in (ours, pandas)])


def cores_race(race, folder):
    """One core against two."""
    one, two = race.ours(folder, 1), race.ours(folder, 2)
    say("one core against two")
    race.rounds([one, two])
    table("One core and two", ["cores", "seconds", "peak MB"], [
        ["1", f"{one.seconds:.3f}", f"{one.peak_bytes / MEGABYTE:.0f}"],
        ["2", f"{two.seconds:.3f}", f"{two.peak_bytes / MEGABYTE:.0f}"],
        ["times faster", f"{one.seconds / two.seconds:.2f}", ""]])


def growth_race(race, folder):
    """The same again over five times the referrals."""
    big = race.sample(GROWTH * race.options.referrals)
    small_run, big_run = race.ours(folder, race.options.cores), race.ours(big, race.options.cores)
    say(f"{GROWTH} times the referrals")
    race.rounds([small_run, big_run])
    table(f"{GROWTH} times the referrals", ["referrals", "MB", "seconds", "peak MB", "bytes a row"], [
        [str(referrals), f"{bytes_of(where) / MEGABYTE:.0f}", f"{run.seconds:.3f}", f"{run.peak_bytes / MEGABYTE:.0f}",
         f"{run.peak_bytes / rows_of(where):.0f}"]
        for referrals, where, run in ((race.options.referrals, folder, small_run),
                                      (GROWTH * race.options.referrals, big, big_run))]
        + [["times", "", f"{big_run.seconds / small_run.seconds:.2f}", f"{big_run.peak_bytes / small_run.peak_bytes:.2f}", ""]])


def variants_race(race, folder):
    """The same rows in other clothes: the answers must be the same bytes."""
    cores = race.options.cores
    plain = race.ours(folder, cores)
    say("variants of the file")
    plain.run()
    wanted = WORK / "wanted"
    shutil.rmtree(wanted, ignore_errors=True)
    shutil.copytree(plain.files(), wanted)
    # Each variant runs in turn with the plain file; those measured before it do not wear it out.
    lines = []
    for kind, words in VARIANTS.items():
        where = race.derived(kind, folder)
        plain, other = race.ours(folder, cores), race.ours(where, cores)
        race.rounds([plain, other])
        for name in ("cards.csv", "exceptions.csv"):
            if not filecmp.cmp(wanted / name, other.files() / name, shallow=False):
                sys.exit(f"race: {name} of the file with {words} is not that of the plain file")
        pace = plain.seconds / bytes_of(folder)
        lines.append([words, f"{bytes_of(where) / MEGABYTE:.0f}", f"{other.seconds:.3f}", f"{plain.seconds:.3f}",
                      f"{other.seconds / bytes_of(where) / pace:.2f}", f"{other.peak_bytes / plain.peak_bytes:.2f}"])
        shutil.rmtree(where)
    table("The same rows in other clothes, with the same answers",
          ["file", "MB", "seconds", "plain file", "time a byte, times the plain file's", "peak, times the plain file's"], lines)


def council_race(race):
    """A council's five years, from the start of the process to the finished files."""
    folder = race.sample(COUNCIL, with_faults=True)
    ours = race.ours(folder, race.options.cores, formats="csv,text", weeks="1")
    say("a council")
    race.rounds([ours], 3 * race.options.runs)
    fastest = min(run.seconds for run in ours.runs)
    table(f"A council: {COUNCIL} referrals, {rows_of(folder)} rows, to csv and text", ["median ms", "fastest ms", "peak MB"], [
        [f"{ours.seconds * 1000:.0f}", f"{fastest * 1000:.0f}", f"{ours.peak_bytes / MEGABYTE:.0f}"]])


def days_race(race):
    """What numpy takes for one working-day count and one due date: the parts' benchmark says what ours takes."""
    say("numpy's working days")
    found = json.loads(subprocess.run([sys.executable, HERE / "busday.py", race.calendar], capture_output=True, text=True,
                                      check=True).stdout)
    table("numpy, best of five", ["", "ns an element"], [
        ["elapsed (`busday_count`)", f"{found['elapsed']:.1f}"], ["due (`busday_offset`)", f"{found['due']:.1f}"]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--referrals", type=int, default=1_000_000, help="of the plain input; at least 100000")
    parser.add_argument("--runs", type=int, default=5, help="how often each runs; 0 only checks the answers")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--peers", default=",".join(PEERS), help="who runs, with commas between them")
    parser.add_argument("--only", default="race,cores,variants,council,days",
                        help="the parts, with commas between them: race, cores, variants, council, days")
    parser.add_argument("--growth", action="store_true", help="also five times the referrals, which needs 5 GB of disk")
    parser.add_argument("--no-check", action="store_true", help="leave out the check with every clock")
    options = parser.parse_args()
    options.peers = [name for name in options.peers.split(",") if name]
    if options.referrals < 100_000:
        parser.error("smaller samples lack ids here and there, which the peers do not handle: take 100000 or more")
    if unknown := set(options.peers) - set(PEERS):
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    parts = options.only.split(",")
    race = Race(options)
    say("reading the calendar ...")
    subprocess.run([sys.executable, "-c", "import sys, inputs; inputs.write_calendar(sys.argv[1], sys.argv[2])",
                    race.cards, race.calendar], check=True, cwd=HERE)
    folder = race.sample(options.referrals)
    if "race" in parts:
        main_race(race, folder)
    if options.runs:
        if "cores" in parts:
            cores_race(race, folder)
        if options.growth:
            growth_race(race, folder)
        if "variants" in parts:
            variants_race(race, folder)
        if "council" in parts:
            council_race(race)
        if "days" in parts:
            days_race(race)


if __name__ == "__main__":
    main()
