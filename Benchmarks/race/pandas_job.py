"""The job of the race in pandas, with numpy where it is faster. Days are numbers; a day that did not come is NEVER."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

import exception_list
import job

EVENTS = (
    "contact_received", "contact_decided", "referral_received", "referral_decided", "referral_nfa", "case_allocated",
    "case_transferred", "case_closed", "child_seen", "management_decision_recorded", "initial_assessment_started",
    "initial_assessment_completed", "initial_assessment_authorised", "initial_assessment_returned",
    "initial_assessment_cancelled", "core_assessment_started", "core_assessment_completed", "core_assessment_authorised",
    "core_assessment_returned", "core_assessment_cancelled", "strategy_discussion_held", "s47_started", "s47_completed",
    "s47_cancelled", "icpc_arranged", "icpc_held", "icpc_not_required", "core_group_held", "cp_plan_started", "cp_plan_ended",
    "cp_review_held", "team_changed")
CODE = {name: code for code, name in enumerate(EVENTS)}
RULES = ("referral_decision", "initial_assessment", "core_assessment", "authorisation", "s47_to_icpc", "icpc_to_core_group",
         "first_review", "later_review", "short_term_work")
RULE = {name: code for code, name in enumerate(RULES)}
# Which of several events of one day says most surely who holds a case: the greatest number.
HOLDING = {"referral_received": 0, "referral_decided": 1, "initial_assessment_started": 2, "core_assessment_started": 2,
           "case_allocated": 3, "case_transferred": 4, "team_changed": 5}
MEASURES = ("started", "stopped", "in_time", "voided", "due", "met", "running", "overdue")
EPOCH = date(1970, 1, 1).toordinal()
TEN_DAYS_FROM = date(2010, 3, 17).toordinal() - EPOCH
NEVER, EARLY = 1_000_000, -1_000_000
NONE = -1


class Calendar:
    """Working days and due dates, as arrays that are looked up by position."""

    def __init__(self, path):
        table = pd.read_csv(path, parse_dates=["date"])
        self.day = table["date"].to_numpy().astype("datetime64[D]").astype(np.int32)
        self.first = int(self.day[0])
        self.counted = np.cumsum(table["working"].to_numpy())
        self.working = self.day[table["working"].to_numpy() == 1]

    def working_days(self, day):
        """The number of working days up to a day; of a day that did not come, up to the last one."""
        return self.counted[np.clip(day - self.first, 0, len(self.counted) - 1)]

    def due(self, start, limit):
        """The day on which a limit in working days is reached."""
        return self.working[np.clip(self.working_days(start) + limit - 1, 0, len(self.working) - 1)]


def read(path, teams, as_at):
    """The rows of the file that count, as numbers, and the ids they stand for."""
    columns = ["child_id", "event", "date", "referral_id", "step_id", "recorded_at", "team"]
    frame = pd.read_csv(path, usecols=columns, engine="pyarrow", dtype_backend="pyarrow")
    # A date as a number costs nothing in this type, and much in any other.
    day = frame["date"].astype("int32[pyarrow]").to_numpy()
    recorded = frame["recorded_at"].astype("int32[pyarrow]").to_numpy()
    event, team = coded(frame["event"], EVENTS), coded(frame["team"], teams)
    child, children = pd.factorize(frame["child_id"])
    name, names = pd.factorize(frame["referral_id"])
    step, steps = pd.factorize(frame["step_id"])
    del frame
    # What belongs to no referral, and what was not known yet, does not count.
    said = np.where(event == CODE["icpc_arranged"], recorded, day)
    counts = np.flatnonzero((name >= 0) & (said <= as_at))
    child, name, step, event, day, recorded, team = (
        column[counts] for column in (child, name, step, event, day, recorded, team))
    referral, pairs = pd.factorize(child.astype(np.int64) * len(names) + name)
    rows = pd.DataFrame({"referral": referral, "step": step, "event": event, "day": day, "recorded": np.maximum(recorded, day),
                         "team": team})
    # Rows that are the same: the one recorded first is kept, then the one with the smallest team.
    same = ((rows["referral"].to_numpy().astype(np.int64) * (len(steps) + 1) + rows["step"] + 1) * 32 + rows["event"]) * 65536 + rows["day"]
    if same.duplicated().any():
        order = np.lexsort((rows["team"], rows["recorded"]))
        rows = rows.iloc[order[~same.iloc[order].duplicated().to_numpy()]]
    ids = {"child": (pairs // len(names)).astype(np.int64), "children": np.asarray(children, dtype=object),
           "referrals": np.asarray(names, dtype=object)[pairs % len(names)], "steps": np.asarray(steps, dtype=object)}
    return rows, ids


def coded(column, names):
    """The place of each value among some names."""
    place = {name: code for code, name in enumerate(names)}
    codes, found = pd.factorize(column)
    return np.array([place[name] for name in found], dtype=np.int16)[codes]


class Extremes:
    """The first or last day of some events, for each referral or step."""

    def __init__(self, rows, key, size):
        self.size = size
        self.event = rows["event"].to_numpy()
        self.key = rows[key].to_numpy()
        self.day = rows["day"].to_numpy()
        # The rows of each event, found once.
        order = np.argsort(self.event, kind="stable")
        ends = np.searchsorted(self.event[order], np.arange(len(EVENTS) + 1))
        self.places = {name: order[ends[code]:ends[code + 1]] for name, code in CODE.items()}

    def first(self, *events):
        days = np.full(self.size, NEVER, dtype=np.int32)
        for event in events:
            rows = self.places[event]
            np.minimum.at(days, self.key[rows], self.day[rows])
        return days

    def last(self, *events):
        days = np.full(self.size, EARLY, dtype=np.int32)
        for event in events:
            rows = self.places[event]
            np.maximum.at(days, self.key[rows], self.day[rows])
        return days


def make_referrals(rows, ids, as_at):
    """Everything about a referral, by its number."""
    size = len(ids["child"])
    of = Extremes(rows, "referral", size)
    past = [name for name in EVENTS if name != "icpc_arranged"]
    booked = rows[(rows["event"] == CODE["icpc_arranged"]) & (rows["day"] <= as_at)]
    last_event = of.last(*past)
    np.maximum.at(last_event, booked["referral"].to_numpy(), booked["day"].to_numpy())
    return pd.DataFrame({
        "referral": np.arange(size), "child": ids["child"], "received": of.first("referral_received"),
        "decided": of.first("referral_decided"), "nfa": of.first("referral_nfa"), "allocated": of.first("case_allocated"),
        "closed": of.first("case_closed"), "held": of.first("icpc_held"), "core_group": of.first("core_group_held"),
        "plan_started": of.first("cp_plan_started"), "plan_ended": of.first("cp_plan_ended"), "seen": of.last("child_seen"),
        "decision": of.last("management_decision_recorded"), "booked": of.last("icpc_arranged"), "last_event": last_event})


def make_steps(rows, kind, referrals):
    """The steps of a kind, with what their clocks need of the referral."""
    events = [name for name in EVENTS if name.startswith(f"{kind}_")]
    own = rows[rows["event"].isin([CODE[name] for name in events + ["icpc_not_required"] * (kind == "s47")])]
    number, pairs = pd.factorize(own["referral"].to_numpy().astype(np.int64) * (1 << 31) + own["step"].to_numpy())
    of = Extremes(own.assign(number=number), "number", len(pairs))
    verb = lambda name: of.first(f"{kind}_{name}") if f"{kind}_{name}" in CODE else np.full(len(pairs), NEVER, dtype=np.int32)
    referral = pairs >> 31
    steps = pd.DataFrame({
        "referral": referral, "step": pairs & ((1 << 31) - 1), "started": verb("started"), "completed": verb("completed"),
        "completed_again": of.last(f"{kind}_completed"), "returned": verb("returned"), "authorised": verb("authorised"),
        "cancelled": verb("cancelled"), "not_required": of.first("icpc_not_required")})
    for name in ("team", "received", "closed", "held"):
        steps[name] = referrals[name].to_numpy()[referral]
    return steps


def make_holders(rows, referrals):
    """The team of the referrals that had one, and, for the others, who held them from a day to a day."""
    precedence = np.array([HOLDING.get(name, NONE) for name in EVENTS])
    holding = rows[precedence[rows["event"].to_numpy()] >= 0]
    referral, team = holding["referral"].to_numpy(), holding["team"].to_numpy()
    least, greatest = np.full(len(referrals), NEVER), np.full(len(referrals), NONE)
    np.minimum.at(least, referral, team)
    np.maximum.at(greatest, referral, team)
    one = np.where(least == greatest, least, NONE)
    many = holding[one[referral] == NONE]
    choice = precedence[many["event"].to_numpy()] * 256 + many["team"].to_numpy()
    daily = many.assign(choice=choice).groupby(["referral", "day"], as_index=False)["choice"].max()
    daily["team"] = daily["choice"] % 256
    is_first = (daily["referral"] != daily["referral"].shift()).to_numpy()
    changed = daily[is_first | (daily["team"] != daily["team"].shift()).to_numpy()]
    is_first = (changed["referral"] != changed["referral"].shift()).to_numpy()
    is_last = (changed["referral"] != changed["referral"].shift(-1)).to_numpy()
    spans = pd.DataFrame({
        "referral": changed["referral"].to_numpy(), "span_team": changed["team"].to_numpy(),
        "since": np.where(is_first, EARLY, changed["day"]),
        "until": np.where(is_last, NEVER, changed["day"].shift(-1, fill_value=NEVER))})
    return one, spans


def short_term_work(referrals, spans, marked):
    """The days from which, and until which, a unit marked for short-term work had a referral."""
    since, left_on = np.full(len(referrals), NEVER), np.full(len(referrals), NEVER)
    team = referrals["team"].to_numpy()
    since[(team != NONE) & marked[team]] = EARLY
    is_marked = marked[spans["span_team"].to_numpy()]
    referral = spans["referral"].to_numpy()
    np.minimum.at(since, referral[is_marked], spans["since"].to_numpy()[is_marked])
    leaves = is_marked[:-1] & ~is_marked[1:] & (referral[:-1] == referral[1:])
    np.minimum.at(left_on, referral[:-1][leaves], spans["until"].to_numpy()[:-1][leaves])
    return since, left_on


def months_after(day, months):
    """The day some months later; where that month is too short, its last day."""
    start = day.astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    target = (month + months).astype("datetime64[D]") + (start - month.astype("datetime64[D]"))
    last = (month + months + 1).astype("datetime64[D]") - 1
    return np.minimum(target, last).astype(np.int64)


def clocks_of(rule, frame, started, stopped, voided, why, closed, seen_from, days, seen_to=NEVER, has_step=False):
    """Clocks before they are judged.

    A clock as one sees it changes with what has happened so far: `seen_from` is the first day on which it is there,
    `seen_to` the first on which another one stands in its place.
    """
    return pd.DataFrame({
        "rule": np.int8(RULE[rule]), "referral": frame["referral"].to_numpy(), "team": frame["team"].to_numpy(),
        "step": frame["step"].to_numpy() if has_step else NONE, "started": started, "stopped": stopped, "voided": voided,
        "why": why, "closed": closed, "seen_from": seen_from, "seen_to": seen_to, "days": days})


def find_clocks(referrals, initial, core, s47, reviews, since, left_on):
    """Every clock of every rule, before it is judged."""
    limit = lambda start: np.where(start < TEN_DAYS_FROM, 7, 10)
    clocks = [
        clocks_of("referral_decision", referrals, referrals["received"], np.minimum(referrals["decided"], referrals["nfa"]), NEVER,
                  NONE, referrals["closed"], referrals["received"], 1),
        # The only initial assessment of a referral is its first; a cancelled one is not the first, and runs from its own start.
        clocks_of("initial_assessment", initial, initial["received"], initial["authorised"], NEVER, NONE, initial["closed"],
                  initial["started"], limit(initial["received"]), initial["cancelled"], True),
        clocks_of("core_assessment", core, core["started"], core["authorised"], core["cancelled"],
                  CODE["core_assessment_cancelled"], core["closed"], core["started"], 35, has_step=True)]
    some = initial[initial["cancelled"] < NEVER]
    clocks.append(clocks_of("initial_assessment", some, some["started"], NEVER, some["cancelled"],
                            CODE["initial_assessment_cancelled"], NEVER, some["cancelled"], limit(some["started"]), has_step=True))
    for kind, steps in (("initial_assessment", initial), ("core_assessment", core)):
        # From the last completion so far: one that was handed in twice is seen twice.
        some = steps[steps["completed"] < NEVER]
        last, returned = some["completed_again"], some["returned"]
        clocks.append(clocks_of("authorisation", some, last, some["authorised"], np.where(returned >= last, returned, NEVER),
                                CODE[f"{kind}_returned"], some["closed"], last, 5, has_step=True))
        some = some[some["completed"] < last]
        last, returned = some["completed_again"], some["returned"]
        clocks.append(clocks_of("authorisation", some, some["completed"], NEVER, np.where(returned < last, returned, NEVER),
                                CODE[f"{kind}_returned"], some["closed"], some["completed"], 5, last, True))
    clocks.append(clocks_of(
        "s47_to_icpc", s47, s47["started"], np.where(s47["held"] >= s47["started"], s47["held"], NEVER),
        np.minimum(s47["not_required"], s47["cancelled"]),
        np.where(s47["cancelled"] <= s47["not_required"], CODE["s47_cancelled"], CODE["icpc_not_required"]), s47["closed"],
        s47["started"], 15, has_step=True))
    planned = referrals["plan_started"].between(referrals["held"], referrals["held"] + 15) & (referrals["held"] < NEVER)
    plans = referrals[planned]
    clocks.append(clocks_of("icpc_to_core_group", plans, plans["held"], plans["core_group"], plans["plan_ended"],
                            CODE["cp_plan_ended"], plans["closed"], plans["plan_started"], 10))
    held = referrals["held"].to_numpy()
    after = reviews[reviews["day"].to_numpy() > held[reviews["referral"].to_numpy()]]
    first_review = np.full(len(referrals), NEVER)
    np.minimum.at(first_review, after["referral"].to_numpy(), after["day"].to_numpy())
    start = plans["held"].to_numpy()
    clocks.append(clocks_of("first_review", plans, start, first_review[plans["referral"]], plans["plan_ended"],
                            CODE["cp_plan_ended"], plans["closed"], plans["plan_started"], months_after(start, 3) - start))
    reviews = reviews[["referral", "day"]].drop_duplicates().sort_values(["referral", "day"]).merge(
        referrals[["referral", "team", "plan_started", "plan_ended", "closed"]], on="referral")
    reviews = reviews[(reviews["plan_started"] <= reviews["day"]) & (reviews["plan_ended"] >= reviews["day"])]
    following = np.where(reviews["referral"] == reviews["referral"].shift(-1), reviews["day"].shift(-1, fill_value=NEVER), NEVER)
    start = reviews["day"].to_numpy()
    clocks.append(clocks_of("later_review", reviews, start, following, reviews["plan_ended"], CODE["cp_plan_ended"],
                            reviews["closed"], start, months_after(start, 6) - start))
    short = referrals[since < NEVER]
    ended = np.minimum(short["closed"], left_on[short["referral"]])
    clocks.append(clocks_of("short_term_work", short, short["received"], np.where(short["nfa"] <= ended, NEVER, ended),
                            short["nfa"], CODE["referral_nfa"], NEVER, np.maximum(short["received"], since[short["referral"]]), 84))
    return pd.concat(clocks, ignore_index=True)


def judge(clocks, calendar):
    """The clocks with their ends and due dates. A void ends a clock as a stop does."""
    start, stop, void = (clocks[name].to_numpy() for name in ("started", "stopped", "voided"))
    closed = np.where(clocks["closed"] >= start, clocks["closed"], NEVER)
    is_stopped = (stop < NEVER) & (stop <= void)
    ended = np.where(is_stopped, stop, np.minimum(void, closed))
    is_calendar = (clocks["rule"] >= RULE["first_review"]).to_numpy()
    days = clocks["days"].to_numpy()
    due = np.where(is_calendar, start + days, calendar.due(start, days))
    over = np.where(is_calendar, start + days + 1, calendar.due(start, days + 1))
    reason = np.where(is_stopped | (ended == NEVER), NONE, np.where(void == ended, clocks["why"], CODE["case_closed"]))
    # What stops after the closure was void from the closure to the stop.
    is_late = is_stopped & (closed < stop)
    judged = clocks[["rule", "referral", "team", "step", "started", "seen_to", "days"]].assign(
        seen_from=np.where(is_late, ended, clocks["seen_from"]), ended=ended, is_stopped=is_stopped, due=due, over=over,
        reason=reason, is_calendar=is_calendar)
    void = judged[is_late].assign(seen_from=clocks["seen_from"][is_late], seen_to=ended[is_late], ended=closed[is_late],
                                  is_stopped=False, reason=CODE["case_closed"])
    return pd.concat([judged, void], ignore_index=True)


def make_cube(clocks, spans, teams, monday, weeks):
    """Flow and stock for every rule, team and week: an array for each measure."""
    held = clocks[clocks["team"] != NONE].assign(since=EARLY, until=NEVER)
    moved = clocks[clocks["team"] == NONE].drop(columns="team").merge(spans, on="referral").rename(columns={"span_team": "team"})
    pieces = pd.concat([held, moved], ignore_index=True)
    week = lambda day: (day - monday) // 7
    sunday = lambda number: number * 7 + monday + 6
    get = lambda name: pieces[name].to_numpy()
    since, until, ended, over = get("since"), get("until"), get("ended"), get("over")
    start_week, due_week, end_week = week(get("started")), week(get("due")), week(ended)
    from_week, to_week = week(get("seen_from")), week(get("seen_to"))
    is_stopped = get("is_stopped")
    is_met = is_stopped & (ended < over)
    place = get("rule").astype(np.int64) * teams + get("team")
    inside = lambda day: (day >= since) & (day < until)
    there = lambda number: (from_week <= number) & (number < to_week) & (number >= 0) & (number < weeks)

    def count(number, condition, columns=weeks):
        return np.bincount(place[condition] * columns + number[condition], minlength=len(RULES) * teams * columns).reshape(
            len(RULES), teams, columns)

    has_start = there(start_week) & inside(np.where(end_week <= start_week, ended - 1, sunday(start_week)))
    has_end = there(end_week) & inside(ended - 1)
    has_due = there(due_week) & inside(np.where(end_week <= due_week, ended - 1, sunday(due_week))) & (
        is_stopped | (end_week > due_week))
    run_from = np.maximum(np.maximum(from_week, week(since)), 0)
    run_to = np.minimum(np.minimum(np.minimum(end_week, to_week), week(until)), weeks)
    over_from = np.maximum(run_from, week(over))
    runs, overruns = run_from < run_to, over_from < run_to
    # What begins less what ends, added up from week to week.
    stock = lambda begin, condition: np.cumsum(
        count(begin, condition, weeks + 1) - count(run_to, condition, weeks + 1), axis=2)[:, :, :weeks]
    return {
        "started": count(start_week, has_start), "stopped": count(end_week, has_end & is_stopped),
        "in_time": count(end_week, has_end & is_met), "voided": count(end_week, has_end & ~is_stopped),
        "due": count(due_week, has_due), "met": count(due_week, has_due & is_met & (end_week <= due_week)),
        "running": stock(run_from, runs), "overdue": stock(over_from, overruns)}


def iso(days, is_there=None):
    """Days as text; empty where there is none."""
    text = np.datetime_as_string(np.where((days < NEVER) & (days > EARLY), days, 0).astype("datetime64[D]"))
    is_there = (days < NEVER) & (days > EARLY) if is_there is None else is_there & (days < NEVER) & (days > EARLY)
    return np.where(is_there, text, "")


def write_cards(cube, structure, monday, weeks, path):
    """Adds the cube up for each level, one line for each measure that is not zero.

    Written by pyarrow, like pandas' own reading: `to_csv` takes several times as long.
    """
    sundays = pa.array(iso(np.arange(weeks) * 7 + monday + 6))
    rules = pa.array(RULES)
    tables = []
    for level, names in (("unit", structure["unit"]), ("team", structure["team"]), ("group_manager", structure["group_manager"]),
                         ("service", structure["service"]), ("authority", pd.Series(["all"] * len(structure)))):
        code, found = pd.factorize(names)
        found = pa.array(found, pa.string())
        member = np.equal.outer(np.arange(len(found)), code).astype(np.int64)
        sums = {name: np.einsum("nt,rtw->rnw", member, values) for name, values in cube.items()}
        for measure, part, whole in (
                ("started", sums["started"], None), ("stopped", sums["stopped"], None),
                ("in_time", sums["in_time"], sums["stopped"]), ("due_cohort", sums["due"], None), ("met", sums["met"], sums["due"]),
                ("missed", sums["due"] - sums["met"], sums["due"]), ("voided", sums["voided"], None),
                ("running", sums["running"], None), ("overdue", sums["overdue"], None)):
            rule, name, week = np.nonzero(part if whole is None else whole)
            parts = part[rule, name, week]
            if whole is None:
                numerator, denominator, value = None, None, pa.array(parts).cast(pa.string())
            else:
                # Half up, in tenths of a per cent.
                wholes = whole[rule, name, week]
                tenths = (parts * 2000 + wholes) // (2 * wholes)
                numerator, denominator = pa.array(parts), pa.array(wholes)
                value = pc.binary_join_element_wise(
                    pa.array(tenths // 10, mask=wholes < 10).cast(pa.string()), pa.array(tenths % 10).cast(pa.string()), ".")
            nothing = pa.nulls(len(parts), pa.int64())
            tables.append(pa.table({
                "week_ending": sundays.take(pa.array(week)), "level": pa.repeat(level, len(parts)),
                "name": found.take(pa.array(name)), "rule": rules.take(pa.array(rule)), "measure": pa.repeat(measure, len(parts)),
                "numerator": nothing if numerator is None else numerator,
                "denominator": nothing if denominator is None else denominator, "value": value}))
    pyarrow.csv.write_csv(pa.concat_tables(tables), path)


def holders(clocks, spans, as_at):
    """Clocks with their holder: at the as-at date, or on the day before the end."""
    held, moved = clocks[clocks["team"] != NONE], clocks[clocks["team"] == NONE]
    moved = moved.drop(columns="team").merge(spans, on="referral").rename(columns={"span_team": "team"})
    day = np.where(moved["ended"] == NEVER, as_at, moved["ended"] - 1)
    return pd.concat([held, moved[(day >= moved["since"]) & (day < moved["until"])][held.columns]], ignore_index=True)


def write_clocks(clocks, ids, spans, teams, calendar, as_at, path):
    """Every clock, for the check."""
    clocks = holders(clocks[clocks["seen_to"] == NEVER], spans, as_at)
    get = lambda name: clocks[name].to_numpy()
    ended, started, due, days, referral, reason = (
        get(name) for name in ("ended", "started", "due", "days", "referral", "reason"))
    end = np.where(ended == NEVER, as_at, ended)
    elapsed = np.where(get("is_calendar"), end - started, calendar.working_days(end) - calendar.working_days(started))
    is_void = reason != NONE
    left = calendar.working_days(due) - calendar.working_days(np.int64(as_at))
    verdict = np.select(
        [is_void, get("is_stopped") & (elapsed <= days), get("is_stopped"), elapsed > days, elapsed == days, (due > as_at) & (left <= 5),
         (get("rule") == RULE["short_term_work"]) & (elapsed > 56)],
        ["void", "in_time", "late", "overdue", "at_limit", "due_soon", "beyond_expected"], "open")
    is_over = np.isin(verdict, ["late", "overdue"])
    text = lambda numbers, is_there: np.where(is_there, numbers.astype(str), "")
    pd.DataFrame({
        "rule": np.array(RULES)[get("rule")], "child_id": ids["children"][ids["child"][referral]],
        "referral_id": ids["referrals"][referral],
        "step_id": np.where(get("step") == NONE, "", ids["steps"][np.maximum(get("step"), 0)]),
        "team": np.array(teams, dtype=object)[get("team")], "started_on": iso(started), "stopped_on": iso(ended),
        "unit": np.where(get("is_calendar"), "days", "wd"), "limit": days, "elapsed": text(elapsed, ~is_void),
        "due_on": iso(due, ~is_void), "verdict": verdict,
        "reason": np.where(is_void, np.array(EVENTS)[np.maximum(reason, 0)], ""), "days_over": text(elapsed - days, is_over),
    }).to_csv(path, index=False)


def write_exceptions(clocks, referrals, ids, s47, has_step, spans, structure, calendar, as_at, path):
    """The exception list: running clocks past something, what a closure ended unfinished, referrals left alone."""
    rule_is = lambda *names: clocks["rule"].isin([RULE[name] for name in names]).to_numpy()
    now = calendar.working_days(np.int64(as_at))
    running = clocks["ended"] == NEVER
    clocks = clocks[(clocks["seen_to"] == NEVER) & (running | ((clocks["reason"] == CODE["case_closed"]) & (
        (clocks["ended"] > as_at - 7) | rule_is("s47_to_icpc"))))]
    get = lambda name: clocks[name].to_numpy()
    is_running = get("ended") == NEVER
    end = np.where(is_running, as_at, get("ended"))
    age = np.where(get("is_calendar"), end - get("started"), calendar.working_days(end) - calendar.working_days(get("started")))
    past_due = now - calendar.working_days(get("due"))
    # The days that the list shows are the child's or the referral's.
    child_seen = np.full(int(ids["child"].max()) + 1, EARLY)
    np.maximum.at(child_seen, ids["child"], referrals["seen"].to_numpy())
    referrals = referrals.assign(
        child_seen=child_seen[ids["child"]], is_open=(referrals["nfa"] == NEVER) & (referrals["closed"] == NEVER),
        is_booked=referrals["booked"] >= as_at, has_step=has_step)
    referrals["last_any"] = np.maximum(referrals["last_event"], referrals["child_seen"])
    has_running = np.zeros(len(referrals), dtype=bool)
    has_running[get("referral")[is_running]] = True
    of = lambda name: referrals[name].to_numpy()[get("referral")]
    completed = clocks[["referral", "step"]].merge(s47[["referral", "step", "completed"]], how="left", on=["referral", "step"])[
        "completed"].fillna(NEVER).to_numpy()
    days = get("days")
    is_s47, is_assessment = rule_is("s47_to_icpc"), rule_is("initial_assessment", "core_assessment")
    is_short, is_past = rule_is("short_term_work"), is_running & (age > days)
    completed_long_ago = (completed < NEVER) & (now - calendar.working_days(np.minimum(completed, as_at).astype(np.int64)) >= 5)
    kinds = {
        "child_not_seen": is_running & (of("child_seen") < get("started")) & ((is_assessment & (age > 10)) | (is_s47 & (age > 1))),
        "overdue": is_past & ~is_short,
        "no_outcome": is_running & is_s47 & ~of("is_booked") & completed_long_ago,
        "no_oversight": is_past & (past_due >= 3) & (of("decision") < get("due")),
        "closed_unfinished": ~is_running & np.select(
            [is_assessment, is_s47], [age > days, (get("ended") > as_at - 7) | (completed == NEVER)],
            rule_is("first_review", "later_review")),
        "beyond_limit": is_past & is_short,
        "icpc_not_booked": is_running & is_s47 & ~of("is_booked") & (age >= 10),
    }
    listed = np.logical_or.reduce(list(kinds.values()))
    clock_rows = clocks.assign(age=age, past_due=past_due, is_running=is_running, **kinds)[listed]
    received = referrals["received"].to_numpy()
    age = now - calendar.working_days(received)
    kinds_of_referral = {
        "unallocated": (referrals["allocated"] == NEVER).to_numpy() & has_running & (age > 1),
        "not_started": (referrals["is_open"] & (referrals["decided"] < NEVER) & ~referrals["has_step"]).to_numpy() & (age > 3),
        "no_recent_activity": referrals["is_open"].to_numpy() & (now - calendar.working_days(referrals["last_any"].to_numpy()) >= 20),
    }
    limit = np.select([kinds_of_referral["unallocated"], kinds_of_referral["not_started"]], [1, 3], NEVER)
    due = np.where(limit < NEVER, calendar.due(received, np.where(limit < NEVER, limit, 1)), NEVER)
    alone = np.logical_or.reduce(list(kinds_of_referral.values()))
    referral_rows = referrals[["referral", "team"]].assign(
        started=received, ended=NEVER, days=limit, due=due, age=age, is_running=True,
        past_due=np.where(due < NEVER, now - calendar.working_days(due), 0), **kinds_of_referral)[alone]
    text = lambda day: date.fromordinal(EPOCH + int(day)).isoformat() if EARLY < day < NEVER else ""

    def dictionaries(frame, kinds):
        rows = []
        for row in holders(frame, spans, as_at).to_dict("records"):
            case = referrals.iloc[row["referral"]]
            limit = row["days"] if row["days"] < NEVER else ""
            is_shown = row["is_running"]
            found = {
                "referral": row["referral"], "child_id": ids["children"][ids["child"][row["referral"]]],
                "referral_id": ids["referrals"][row["referral"]], "team": structure["unit"][row["team"]], "past_due": row["past_due"],
                "started_on": text(row["started"]), "due_on": text(row["due"]) if is_shown else "",
                "elapsed": row["age"] if is_shown else "", "limit": limit,
                "days_over": row["age"] - limit if is_shown and limit != "" and row["age"] > limit else "",
                "last_seen_on": text(case["child_seen"]), "last_decision_on": text(case["decision"]),
                "last_event_on": text(case["last_any"]), **{kind: row[kind] for kind in kinds}}
            if "rule" in row:
                found |= {"rule": RULES[row["rule"]], "step_id": ids["steps"][row["step"]] if row["step"] != NONE else ""}
            rows.append(found)
        return rows

    exception_list.write(path, text(as_at), dict(zip(structure["unit"], structure["group_manager"])),
                         dictionaries(clock_rows, kinds), dictionaries(referral_rows, kinds_of_referral))


def main():
    options = job.options(__doc__)
    timer = job.Timer(options.timings)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    as_at = date.fromisoformat(options.as_at).toordinal() - EPOCH
    structure = pd.read_csv(options.teams).sort_values("unit", ignore_index=True)
    teams = structure["unit"].tolist()
    calendar = Calendar(options.calendar)
    timer.note("settings")
    rows, ids = read(options.events, teams, as_at)
    timer.note("read")
    referrals = make_referrals(rows, ids, as_at)
    timer.note("referrals")
    referrals["team"], spans = make_holders(rows, referrals)
    timer.note("holders")
    initial, core, s47 = (make_steps(rows, kind, referrals) for kind in ("initial_assessment", "core_assessment", "s47"))
    timer.note("steps")
    since, left_on = short_term_work(referrals, spans, (structure["short_term"] == 1).to_numpy())
    reviews = rows[rows["event"] == CODE["cp_review_held"]]
    clocks = judge(find_clocks(referrals, initial, core, s47, reviews, since, left_on), calendar)
    timer.note("clocks")
    # The first whole week begins on the first Monday; 1970 began on a Thursday.
    first = int(referrals["received"].min())
    monday = first + (4 - first) % 7
    weeks = (as_at - monday) // 7 + 1
    cube = make_cube(clocks, spans, len(teams), monday, weeks)
    timer.note("cube")
    write_cards(cube, structure, monday, weeks, out / "cards.csv")
    timer.note("cards")
    has_step = np.zeros(len(referrals), dtype=bool)
    for steps in (initial, core, s47):
        has_step[steps["referral"]] = True
    write_exceptions(clocks, referrals, ids, s47, has_step, spans, structure, calendar, as_at, out / "exceptions.csv")
    timer.note("exceptions")
    if options.clocks:
        write_clocks(clocks, ids, spans, teams, calendar, as_at, out / "clocks.csv")


if __name__ == "__main__":
    main()
