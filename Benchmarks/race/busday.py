"""What numpy takes to count the working days between two dates, and to find a due date: nanoseconds an element, as JSON.

Usage: busday.py CALENDAR.
"""

import csv
import json
import sys
import time

import numpy as np

COUNT = 1_000_000
RUNS = 5


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        days = [(np.datetime64(row["date"]), row["working"] == "1") for row in csv.DictReader(file)]
    closed = np.array([day for day, is_working in days if not is_working])
    calendar = np.busdaycalendar(holidays=closed)
    random = np.random.default_rng(1)
    start = days[0][0] + random.integers(0, 7_000, COUNT).astype("timedelta64[D]")
    end = start + random.integers(0, 120, COUNT).astype("timedelta64[D]")
    limit = random.integers(1, 45, COUNT)
    best = {"elapsed": float("inf"), "due": float("inf")}
    for _ in range(RUNS):
        begin = time.perf_counter()
        # The start is day 0.
        np.busday_count(start + 1, end + 1, busdaycal=calendar)
        middle = time.perf_counter()
        np.busday_offset(start, limit, roll="preceding", busdaycal=calendar)
        finish = time.perf_counter()
        best["elapsed"] = min(best["elapsed"], (middle - begin) / COUNT * 1e9)
        best["due"] = min(best["due"], (finish - middle) / COUNT * 1e9)
    json.dump(best, sys.stdout)


if __name__ == "__main__":
    main()
