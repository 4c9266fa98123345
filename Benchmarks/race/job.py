"""What the peers' jobs have in common: their options, and a timer for whoever wants to make them faster."""

import argparse
import sys
import time


def options(description):
    """The options of a job, from the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--events", required=True, help="the case-events export")
    parser.add_argument("--teams", required=True, help="the organisation file")
    parser.add_argument("--calendar", required=True, help="a table of days: date, and 1 for a working day, else 0")
    parser.add_argument("--as-at", required=True, help="the Sunday of the last complete week")
    parser.add_argument("--out", required=True, help="the folder for cards.csv and exceptions.csv")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clocks", action="store_true", help="also write every clock, to clocks.csv")
    parser.add_argument("--timings", action="store_true", help="print the seconds of each part")
    return parser.parse_args()


class Timer:
    """Prints the seconds and the processor's seconds since it was last asked, where that is wanted."""

    def __init__(self, is_on):
        self.is_on = is_on
        self.last = time.perf_counter()
        self.last_busy = time.process_time()

    def note(self, text):
        """Prints the seconds since the last note, and the first line of a text that is no comment."""
        if not self.is_on:
            return
        now, busy = time.perf_counter(), time.process_time()
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("--")]
        print(f"{now - self.last:8.3f} {busy - self.last_busy:8.3f}  {lines[0][:80] if lines else ''}", file=sys.stderr)
        self.last, self.last_busy = now, busy
