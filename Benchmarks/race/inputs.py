"""The inputs of the race: the plain export, a tenth of it, its variants, and the calendar.

Run as a program, it writes one input: inputs.py KIND EVENTS TARGET. race.py does so, to stay small itself.
"""

import random
import subprocess
import sys
from datetime import date, timedelta

SHUFFLE_SEED = 1
DOUBLE_SEED = 1
COLUMNS_WANTED = 40


def write_calendar(cards, path):
    """A table of days, from the calendar that `cards` ships: the date, and 1 where it is a working day."""
    first, last = 2000, 2030
    closed = set()
    for year in range(first, last + 1):
        listed = subprocess.run([cards, "calendar", "list", str(year)], capture_output=True, text=True, check=True)
        closed.update(line.split()[0] for line in listed.stdout.splitlines() if line)
    day = date(first, 1, 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write("date,working\n")
        while day.year <= last:
            is_working = day.weekday() < 5 and day.isoformat() not in closed
            file.write(f"{day},{int(is_working)}\n")
            day += timedelta(1)


def tenth(lines):
    """Every row of the children whose reference ends in 3: whole lives, so that the clocks stay the same."""
    yield next(lines)
    for line in lines:
        if line[: line.index(b",")].endswith(b"3"):
            yield line


def quoted(lines):
    """Every field in quotes."""
    for line in lines:
        yield b'"' + line.rstrip(b"\n").replace(b",", b'","') + b'"\n'


def crlf(lines):
    """Lines that end as on Windows."""
    for line in lines:
        yield line.rstrip(b"\n") + b"\r\n"


def slashed(lines):
    """Dates as dd/mm/yyyy, in both columns that have them."""
    header = next(lines)
    yield header
    names = header.rstrip(b"\n").split(b",")
    places = [names.index(b"date"), names.index(b"recorded_at")]
    turned = {}
    for line in lines:
        fields = line.split(b",")
        for place in places:
            text = fields[place]
            if text not in turned:
                turned[text] = b"/".join(reversed(text.split(b"-")))
            fields[place] = turned[text]
        yield b",".join(fields)


def shuffled(lines):
    """The rows in another order."""
    yield next(lines)
    rows = list(lines)
    random.Random(SHUFFLE_SEED).shuffle(rows)
    yield from rows


def wide(lines):
    """40 columns: the usual ones, and others between them that nobody reads."""
    header = next(lines).rstrip(b"\n").split(b",")
    more = COLUMNS_WANTED - len(header)
    yield b",".join(header + [b"extra_%d" % number for number in range(1, more + 1)]) + b"\n"
    for number, line in enumerate(lines):
        # A filler is a text, a number, a date or nothing, by turns.
        kinds = [b"Area %d" % (number % 17), b"", b"%d" % number, b"2010-01-%02d" % (number % 28 + 1), b""]
        filler = b",".join(kinds[place % len(kinds)] for place in range(more))
        yield line.rstrip(b"\n") + b"," + filler + b"\n"


def doubled(lines):
    """One row in twenty twice: some copies were recorded on another day, some name another team."""
    header = next(lines)
    yield header
    names = header.rstrip(b"\n").split(b",")
    team, recorded, event = names.index(b"team"), names.index(b"recorded_at"), names.index(b"event")
    drawn = random.Random(DOUBLE_SEED)
    teams, copies = [], []
    for line in lines:
        yield line
        fields = line.rstrip(b"\n").split(b",")
        if len(teams) < 1_000:
            teams.append(fields[team])
        if drawn.random() >= 0.05 or fields[event] == b"icpc_arranged":
            continue
        if drawn.random() < 0.5:
            fields[team] = drawn.choice(teams)
        if drawn.random() < 0.5:
            day = date.fromisoformat(fields[recorded].decode()) - timedelta(drawn.randint(1, 9))
            fields[recorded] = day.isoformat().encode()
        copies.append(b",".join(fields) + b"\n")
    yield from copies


KINDS = {function.__name__: function for function in (tenth, quoted, crlf, slashed, shuffled, wide, doubled)}


def main():
    kind, source, target = sys.argv[1:]
    with open(source, "rb") as lines, open(target, "wb", buffering=1 << 20) as file:
        file.writelines(KINDS[kind](lines))


if __name__ == "__main__":
    main()
