"""Compares the answers of a peer with ours: clock by clock, measure by measure, exception by exception.

Usage: answers.py OURS THEIRS [--clocks]. Exits with 1, and shows the first differences, where they differ.
"""

import argparse
import sys

import duckdb

SHOWN = 10

CLOCKS = ("rule", "child_id", "referral_id", "step_id", "team", "started_on", "stopped_on", "unit", "limit", "elapsed",
          "due_on", "verdict", "reason", "days_over")
CARDS = ("week_ending", "level", "name", "rule", "measure", "numerator", "denominator", "value")
EXCEPTIONS = ("week_ending", "group_manager", "team", "child_id", "referral_id", "step_id", "rule", "rank", "kind", "also",
              "started_on", "due_on", "elapsed", "limit", "days_over", "last_seen_on", "last_decision_on",
              "last_event_on")
MEASURES = ("started", "stopped", "in_time", "due_cohort", "met", "missed", "voided", "running", "overdue")


def difference(connection, name, ours, theirs, columns, where):
    """Prints what only one side has of a file, and says whether the two are the same."""
    listed = ", ".join(f'"{column}"' for column in columns)
    sides = {}
    for side, folder in (("ours", ours), ("theirs", theirs)):
        # An empty cell is an empty cell, in quotes or not.
        cells = ", ".join(f"""coalesce("{column}", '') AS "{column}" """ for column in columns)
        connection.execute(
            f"CREATE OR REPLACE TABLE {side} AS SELECT {cells} "
            f"FROM read_csv('{folder}/{name}', header = true, all_varchar = true, quote = '\"', delim = ',') "
            f"WHERE {where if side == 'ours' else 'true'}")
        sides[side] = connection.execute(f"SELECT count(*) FROM {side}").fetchone()[0]
    is_same = sides["ours"] == sides["theirs"]
    for side, other in (("ours", "theirs"), ("theirs", "ours")):
        rows = connection.execute(
            f"SELECT * FROM (SELECT {listed} FROM {side} EXCEPT ALL SELECT {listed} FROM {other}) "
            f"ORDER BY ALL LIMIT {SHOWN}").fetchall()
        for row in rows:
            print(f"{name}: only {side}: {','.join(row)}")
            is_same = False
    print(f"{name}: {sides['ours']} rows of ours, {sides['theirs']} of theirs: {'the same' if is_same else 'DIFFERENT'}")
    return is_same


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ours", help="the folder with our files")
    parser.add_argument("theirs", help="the folder with theirs")
    parser.add_argument("--clocks", action="store_true", help="compare clocks.csv too")
    options = parser.parse_args()
    connection = duckdb.connect()
    measures = ", ".join(f"'{measure}'" for measure in MEASURES)
    files = [("cards.csv", CARDS, f"measure IN ({measures}) AND rule <> 'referral'"),
             ("exceptions.csv", EXCEPTIONS, "status <> 'cleared'")]
    if options.clocks:
        files.append(("clocks.csv", CLOCKS, "true"))
    same = [difference(connection, name, options.ours, options.theirs, columns, where)
            for name, columns, where in files]
    sys.exit(0 if all(same) else 1)


if __name__ == "__main__":
    main()
