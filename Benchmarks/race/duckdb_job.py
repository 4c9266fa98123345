"""The job of the race in DuckDB: runs duckdb_job.sql statement by statement."""

import string
from pathlib import Path

import duckdb

import job

# The events that say who holds a case.
HOLDING = ("'referral_received', 'referral_decided', 'case_allocated', 'case_transferred', 'team_changed', "
           "'initial_assessment_started', 'core_assessment_started'")


def statements(text):
    """The statements of a script, none of which has `;` at the end of a line inside it."""
    return [part for part in text.split(";\n") if part.strip()]


def main():
    options = job.options(__doc__)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": options.threads, "preserve_insertion_order": False})
    script = string.Template((Path(__file__).parent / "duckdb_job.sql").read_text(encoding="utf-8")).substitute(
        events=options.events, teams=options.teams, calendar=options.calendar, as_at=options.as_at, out=out, holding=HOLDING)
    timer = job.Timer(options.timings)
    for statement in statements(script):
        connection.execute(statement)
        timer.note(statement)
    if options.clocks:
        connection.execute(f"COPY judged TO '{out}/clocks.csv' (HEADER)")


if __name__ == "__main__":
    main()
