"""The last steps of the exception list, for the peers in Python: what is left by then is a few rows in a thousand."""

import csv

COLUMNS = ("week_ending", "group_manager", "team", "child_id", "referral_id", "step_id", "rule", "rank", "kind", "also",
           "started_on", "due_on", "elapsed", "limit", "days_over", "last_seen_on", "last_decision_on", "last_event_on")
KINDS = ("child_not_seen", "overdue", "no_outcome", "unallocated", "not_started", "no_oversight", "closed_unfinished",
         "beyond_limit", "no_recent_activity", "icpc_not_booked")
RANKS = {"child_not_seen": 1, "no_outcome": 1, "unallocated": 2, "not_started": 2, "no_oversight": 3, "closed_unfinished": 3,
         "beyond_limit": 4, "no_recent_activity": 4, "icpc_not_booked": 4}
RULE_RANKS = {"referral_decision": 2, "initial_assessment": 3, "core_assessment": 3, "authorisation": 4, "s47_to_icpc": 1,
              "icpc_to_core_group": 3, "first_review": 1, "later_review": 1}


def ranked(row):
    """The kinds that hold for a row, by rank and then in their usual order."""
    kinds = [kind for kind in KINDS if row.get(kind)]
    return sorted((RULE_RANKS[row["rule"]] if kind == "overdue" else RANKS[kind], KINDS.index(kind), kind) for kind in kinds)


def gravity(row):
    """What orders the rows of a referral."""
    return (row["kinds"][0][0], -max(row["past_due"], 0), row["started_on"], row["rule"], row["step_id"] or "")


def write(path, as_at, managers, clock_rows, referral_rows):
    """Writes the list.

    Each row is a dictionary with the columns that are given out, `referral`, `past_due`, and a truth value for each kind.
    The kinds about a referral go to its gravest row, behind a kind of the same rank, or to a row of their own.
    """
    rows, gravest = [], {}
    for row in clock_rows:
        row["kinds"] = ranked(row)
        rows.append(row)
        worst = gravest.get(row["referral"])
        if worst is None or gravity(row) < gravity(worst):
            gravest[row["referral"]] = row
    # The order of the rows is settled before anything is added to them.
    for row in referral_rows:
        kinds = ranked(row)
        clock_row = gravest.get(row["referral"])
        if clock_row is None:
            rows.append({**row, "rule": "referral", "step_id": None, "kinds": kinds})
        else:
            first = clock_row["kinds"][0]
            clock_row["kinds"] = sorted(clock_row["kinds"] + kinds, key=lambda kind: (kind[0], kind != first, kind[1]))
    rows.sort(key=lambda row: (row["kinds"][0][0], -max(row["past_due"] or 0, 0), row["started_on"], row["child_id"],
                               row["rule"], row["step_id"] or ""))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            names = [name for _, _, name in row["kinds"]]
            writer.writerow({
                **row, "week_ending": as_at, "group_manager": managers[row["team"]], "rank": row["kinds"][0][0],
                "kind": names[0], "also": " ".join(names[1:])})
