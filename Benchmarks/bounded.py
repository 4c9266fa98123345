"""Runs `cards weekly` on a large export in a process with limited memory, and ends with 1 where it needs more.

The limit is one on resident memory, mapped files included: looked at twenty times a second to stop the run early, and
decided by the peak that the kernel reports at the end. With --address-space the kernel enforces it (RLIMIT_AS), and what
was asked for and never touched counts too.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

GB = 10**9
# A sample of 1,000,000 referrals over five years, and what else must stay free on the disk.
BYTES_PER_REFERRAL = 980
FREE_AFTERWARDS = 5 * GB
MOST_REFERRALS, LEAST_REFERRALS = 5_000_000, 100_000

# Writes each row and a twin whose ids have other letters: twice the children, still in order of date.
# Columns: child_id event date referral_id step_id recorded_at team worker family_id
TWINS = """
BEGIN { FS = OFS = ","; other["A"] = "B"; other["S"] = "U"; other["P"] = "Q" }
{ print }
NR > 1 {
    $1 = "D" substr($1, 2)
    if ($4 != "") $4 = "T" substr($4, 2)
    if ($5 != "") $5 = other[substr($5, 1, 1)] substr($5, 2)
    if ($9 != "") $9 = "G" substr($9, 2)
    print
}
"""


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bounded.sh", description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=float, default=10, metavar="GB", help="the export to make, in GB (default 10)")
    parser.add_argument("--limit", type=float, default=6, metavar="GB", help="the memory it may use (default 6)")
    parser.add_argument("--address-space", action="store_true", help="limit the address space, not resident memory")
    parser.add_argument("--events", type=Path, help="take this export instead of making one; needs --teams")
    parser.add_argument("--teams", type=Path, help="its organisation file")
    parser.add_argument("--work", type=Path, default=Path(".build-bounded"), help="the folder to work in")
    parser.add_argument("--keep", action="store_true", help="keep the export for the next time")
    parser.add_argument("--cores", default="2", help="the threads to use (default 2)")
    parser.add_argument("--weeks", default="all", help="as for cards weekly (default all)")
    parser.add_argument("--cards", type=Path, required=True, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if (given.events is None) != (given.teams is None):
        parser.error("--events and --teams go together")
    return given


def made_export(given):
    """An export of the wanted size, or of as much as the disk has room for."""
    folder = given.work / f"export-{given.size:g}"
    events, teams = folder / "events.csv", folder / "teams.csv"
    if events.exists() and teams.exists():
        return events, teams
    # While the twins are written, the sample, half the size, is still there.
    room = (shutil.disk_usage(given.work).free - FREE_AFTERWARDS) / 1.5
    size = given.size * GB
    if room < size:
        print(f"bounded: the disk has room for {room / GB:.1f} GB only, so the export is scaled down", file=sys.stderr)
        size = room
    referrals = int(min(MOST_REFERRALS, size / 2 / BYTES_PER_REFERRAL))
    if referrals < LEAST_REFERRALS:
        sys.exit("bounded: an export of less than 0.2 GB says nothing; make room on the disk")
    sample = given.work / "sample"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    print(f"Making an export of twice {referrals} referrals ...", file=sys.stderr)
    subprocess.run(
        [given.cards, "sample", "--without-faults", "--referrals", str(referrals), "--years", "5", "--quiet",
         "--force", "--out", sample],
        check=True)
    unfinished = folder / "events.unfinished"
    with open(unfinished, "wb") as target:
        subprocess.run(
            ["awk", TWINS, sample / "events.csv"], stdout=target, check=True, env={**os.environ, "LC_ALL": "C"})
    shutil.copy(sample / "teams.csv", teams)
    shutil.rmtree(sample)
    unfinished.rename(events)
    return events, teams


def row_count(path):
    return int(subprocess.run(["wc", "-l", path], capture_output=True, text=True, check=True).stdout.split()[0]) - 1


def resident(process):
    """The peak of a process so far in bytes, or 0 where it has ended."""
    try:
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def limited(command, limit, given):
    """Runs a command under the limit; its exit code, time, peak, and whether it was stopped for its memory."""
    def bound():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if given.address_space:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], preexec_fn=bound, env=environment)
    stopped = False
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        if not given.address_space and not stopped and resident(process.pid) > limit:
            process.kill()
            stopped = True
        time.sleep(0.05)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.perf_counter() - start, usage.ru_maxrss * 1024, stopped


def main():
    given = arguments()
    given.cards = given.cards.resolve()
    given.work.mkdir(exist_ok=True)
    events, teams = (given.events, given.teams) if given.events else made_export(given)
    out = given.work / "out"
    limit = int(given.limit * GB)
    size, rows = events.stat().st_size, row_count(events)
    what = "address space" if given.address_space else "resident memory"
    print(f"{size / GB:.2f} GB, {rows:,} rows; limit: {given.limit:g} GB of {what}; {given.cores} cores", flush=True)
    code, seconds, peak, stopped = limited(
        [given.cards, "weekly", events, "--teams", teams, "--weeks", given.weeks, "--cores", given.cores,
         "--format", "csv", "--out", out, "--quiet"], limit, given)
    shutil.rmtree(out, ignore_errors=True)
    if not given.events and not given.keep:
        shutil.rmtree(events.parent)
    print(f"{seconds:.1f} s, {size / seconds / 1e6:.0f} MB a second; peak {peak / 1e6:.0f} MB resident, "
          f"{peak / rows:.1f} bytes a row")
    if code != 0 or stopped or peak > limit:
        sys.exit(f"bounded: not within {given.limit:g} GB of {what} (exit code {code})")
    print(f"bounded: within {given.limit:g} GB of {what}")


if __name__ == "__main__":
    main()
