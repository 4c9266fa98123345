"""Runs commands as whole processes and measures their wall time and peak memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One run of a command."""

    seconds: float
    peak_bytes: int


def measured(command, log, environment=None):
    """Runs a command to its end; its output goes to the file `log`.

    The peak is that of the process alone, not of this one: keep this one small, since a child's count
    begins with what its parent held when it was started.
    """
    with open(log, "wb") as sink:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as file:
            sys.stderr.write(file.read()[-4000:])
        sys.exit(f"race: `{' '.join(str(part) for part in command)}` ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss * 1024)


def median(values):
    """The median; of an even number, the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
