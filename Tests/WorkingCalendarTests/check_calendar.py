"""Checks closures, elapsed and due days against `holidays` and numpy; prints each mismatch.

`holidays` lists the nominal weekend date beside a substitute, so weekends are left out; and a plain
`busday_count(start, end)` counts the start and not the end, so both are moved on by a day.
"""

import sys

import holidays
import numpy

england = holidays.country_holidays("GB", subdiv="ENG", years=range(1999, 2032))
closed = sorted(day for day in england if day.weekday() < 5)
days = numpy.array(closed, dtype="datetime64[D]")
one = numpy.timedelta64(1, "D")

lines = open(sys.argv[1], encoding="utf-8").read().split("\n")[:-1]
mismatches = []
mine = set()
for line in lines:
    kind, *fields = line.split(" ")
    if kind == "closure":
        mine.add(fields[0])
    elif kind == "elapsed":
        start, end = (numpy.datetime64(text) for text in fields[:2])
        count = numpy.busday_count(start + one, end + one, holidays=days)
        if count != int(fields[2]):
            mismatches.append(f"{line}: {count}")
    else:
        # The earliest working day that many on: from the last working day on or before the start.
        start = numpy.datetime64(fields[0])
        due = numpy.busday_offset(start, int(fields[1]), roll="backward", holidays=days)
        if str(due) != fields[2]:
            mismatches.append(f"{line}: {due}")
theirs = {str(day) for day in closed if day.year <= 2030}
mismatches += [f"only here: {day}" for day in sorted(mine - theirs)]
mismatches += [f"only in holidays: {day}" for day in sorted(theirs - mine)]
for text in mismatches[:20]:
    print(text)
if mismatches:
    sys.exit(1)
print(len(lines), "lines agree")
