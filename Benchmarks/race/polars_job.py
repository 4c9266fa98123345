"""The job of the race in Polars, on its streaming engine."""

from datetime import date
from pathlib import Path

import polars as pl

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
CALENDAR_RULES = (RULE["first_review"], RULE["later_review"], RULE["short_term_work"])
# Which of several events of one day says most surely who holds a case: the greatest number.
HOLDING = {"referral_received": 0, "referral_decided": 1, "initial_assessment_started": 2, "core_assessment_started": 2,
           "case_allocated": 3, "case_transferred": 4, "team_changed": 5}
LIMITS = (1, 3, 5, 7, 10, 15, 35)
TEN_DAYS_FROM = date(2010, 3, 17)
EARLY, LATE = -30_000, 60_000
EPOCH = date(1970, 1, 1)
KEY = ["child_id", "referral_id", "step_id"]
STREAMING = {"engine": "streaming"}


def number(day):
    """A day as a number: the days since 1970."""
    return (day - EPOCH).days


def days(name):
    """A column of dates as numbers."""
    return pl.col(name).cast(pl.Int32)


def code(value):
    """A small number as a column."""
    return pl.lit(value, pl.UInt8)


NO_DAY = pl.lit(None, pl.Int32)
NO_CODE = pl.lit(None, pl.UInt8)
NO_TEXT = pl.lit(None, pl.String)


class Calendar:
    """Working days, due dates and weeks, as tables that are looked up by position."""

    def __init__(self, path):
        table = pl.read_csv(path, schema={"date": pl.Date, "working": pl.Int32})
        self.first = table["date"].cast(pl.Int32)[0]
        self.counted = table["working"].cum_sum().alias("n")
        working = table.filter(pl.col("working") == 1)["date"].cast(pl.Int32)
        size = len(table)
        due, over = [], []
        # Where the calendar ends, there is no due date; no clock of the race comes near it.
        for limit in range(len(LIMITS)):
            position = self.counted + (LIMITS[limit] - 1)
            due.append(working.gather(position.clip(0, len(working) - 1)))
            over.append(working.gather((position + 1).clip(0, len(working) - 1)))
        self.due, self.over, self.size = pl.concat(due), pl.concat(over), size

    def working_days(self, day):
        """The number of working days up to a day."""
        return pl.lit(self.counted).gather(day - self.first)

    def lookup(self, table, start, limit):
        """What a table of due dates has for a start and a limit."""
        place = limit.replace_strict(LIMITS, list(range(len(LIMITS))), default=0, return_dtype=pl.Int32)
        return pl.lit(table).gather(place * self.size + (start - self.first))


def event_is(*names):
    """Whether the event is one of some."""
    codes = [pl.col("code") == CODE[name] for name in names]
    condition = codes[0]
    for other in codes[1:]:
        condition = condition | other
    return condition


def date_of(*names):
    """The date, where the event is one of some."""
    return pl.when(event_is(*names)).then("date")


def read(path, teams, as_at):
    """One pass over the file: the rows of steps and referrals put together, the reviews, and who held what."""
    rows = pl.scan_csv(path, schema={
        "child_id": pl.String, "event": pl.Enum(EVENTS), "date": pl.Date, "referral_id": pl.String, "step_id": pl.String,
        "recorded_at": pl.Date, "team": pl.Enum(teams), "worker": pl.String, "family_id": pl.String})
    rows = rows.select(*KEY, "date", "recorded_at", pl.col("event").to_physical().alias("code"),
                       pl.col("team").to_physical().alias("team"))
    rows = rows.filter(
        pl.col("referral_id").is_not_null()
        & pl.when(event_is("icpc_arranged")).then(pl.col("recorded_at") <= as_at).otherwise(pl.col("date") <= as_at))
    is_holding = event_is(*HOLDING)
    held_by = pl.when(is_holding).then("team")
    # A row for each step, and one without a step for what belongs to the referral alone. The two share columns: `started`
    # is the start of a step, or the day a referral was received, and so on.
    grouped = rows.group_by(KEY).agg(
        pl.col("code").min().alias("first"),
        date_of("referral_received", "initial_assessment_started", "core_assessment_started", "s47_started",
                "cp_plan_started").min().alias("started"),
        date_of("referral_decided", "initial_assessment_completed", "core_assessment_completed",
                "s47_completed").min().alias("completed"),
        date_of("child_seen", "initial_assessment_completed", "core_assessment_completed").max().alias("latest"),
        date_of("case_closed", "initial_assessment_authorised", "core_assessment_authorised").min().alias("authorised"),
        date_of("referral_nfa", "initial_assessment_cancelled", "core_assessment_cancelled",
                "s47_cancelled").min().alias("cancelled"),
        date_of("case_allocated", "initial_assessment_returned", "core_assessment_returned").min().alias("returned"),
        date_of("icpc_held", "icpc_not_required", "cp_plan_ended").min().alias("answered"),
        date_of("core_group_held").min().alias("core_group"),
        date_of("management_decision_recorded").max().alias("decision"),
        pl.when(~event_is("icpc_arranged") | (pl.col("date") <= as_at)).then("date").max().alias("last_event"),
        date_of("icpc_arranged").max().alias("booked"),
        held_by.min().alias("team_min"), held_by.max().alias("team_max"))
    reviews = rows.filter(event_is("cp_review_held")).select("child_id", "referral_id", "date")
    # The day, event, day of recording and team in one number.
    day = days("date")
    packed = ((day.cast(pl.Int64) * 32 + pl.col("code")) * 32768 + (days("recorded_at") - day).clip(0, 32767)) * 256 + pl.col("team")
    holding = rows.filter(is_holding).select(*KEY, packed.alias("packed"))
    return pl.collect_all([grouped, reviews, holding], **STREAMING)


def make_referrals(grouped):
    """Everything about a referral on one row, with a number of its own. Its team, if it was only ever one's."""
    own = pl.col("step_id").is_null()
    plan = (pl.col("first") == CODE["cp_plan_started"]) | (pl.col("first") == CODE["cp_plan_ended"])
    referrals = grouped.lazy().group_by("child_id", "referral_id").agg(
        *[pl.when(own).then(column).min().alias(name) for column, name in (
            ("started", "received"), ("completed", "decided"), ("cancelled", "nfa"), ("returned", "allocated"),
            ("authorised", "closed"), ("answered", "held"))],
        pl.when(own).then("latest").max().alias("seen"), pl.col("core_group").min(),
        pl.when(plan).then("started").min().alias("plan_started"), pl.when(plan).then("answered").min().alias("plan_ended"),
        (~own & ~plan).any().alias("has_step"),
        pl.col("decision").max(), pl.col("last_event").max(), pl.col("booked").max(), pl.col("team_min").min(),
        pl.col("team_max").max()).collect(**STREAMING)
    return referrals.with_columns(
        pl.when(pl.col("team_min") == pl.col("team_max")).then("team_min").alias("team")).drop(
            "team_min", "team_max").with_row_index("referral")


def make_spans(holding, referrals):
    """Who held a referral from a day to a day, for those that changed hands."""
    many = referrals.filter(pl.col("team").is_null()).select("child_id", "referral_id", "referral")
    precedence = [HOLDING.get(name, 0) for name in EVENTS]
    packed = pl.col("packed")
    kept = holding.join(many, on=["child_id", "referral_id"]).select(
        "referral", "step_id", (packed // 8388608).alias("event_day"), packed % 8388608).group_by(
            # Of rows that are the same, the one recorded first, then the one with the smallest team.
            "referral", "step_id", "event_day").agg(packed.min())
    # Of one day, the event that says most surely who holds the case, then the greatest team.
    daily = kept.select(
        "referral", (pl.col("event_day") // 32).cast(pl.Int32).alias("day"),
        (pl.lit(pl.Series(precedence)).gather(pl.col("event_day") % 32) * 256 + packed % 256).alias("choice")).group_by(
            "referral", "day").agg((pl.col("choice").max() % 256).cast(pl.UInt8).alias("team")).sort("referral", "day")
    changed = daily.filter((pl.col("team") != pl.col("team").shift().over("referral")).fill_null(True))
    before, after = pl.col("day").shift().over("referral"), pl.col("day").shift(-1).over("referral")
    return changed.select(
        "referral", pl.col("team").alias("span_team"),
        pl.when(before.is_null()).then(pl.lit(EARLY, pl.Int32)).otherwise("day").alias("since"),
        after.fill_null(LATE).alias("until"))


def short_term_work(referrals, spans, marked):
    """The days from which, and until which, a unit marked for short-term work had a referral."""
    single = referrals.filter(pl.col("team").is_in(marked)).select(
        "referral", pl.lit(EARLY, pl.Int32).alias("marked_since"), NO_DAY.alias("left_on"))
    is_marked = pl.col("span_team").is_in(marked)
    next_marked = is_marked.shift(-1).over("referral")
    moved = spans.with_columns(is_marked.alias("marked"), next_marked.alias("next_marked")).filter("marked").group_by(
        "referral").agg(pl.col("since").min().alias("marked_since"),
                        pl.col("until").filter(~pl.col("next_marked")).min().alias("left_on"))
    return pl.concat([single, moved])


def make_steps(grouped, referrals):
    """The assessments and S47s, with what their clocks need of the referral."""
    return grouped.lazy().filter(pl.col("step_id").is_not_null() & (pl.col("first") < CODE["cp_plan_started"])).select(
        *KEY, "first", *[days(name) for name in (
            "started", "completed", "latest", "returned", "authorised", "cancelled", "answered")]).join(
                referrals.lazy().select("child_id", "referral_id", "referral", "team", *[days(name) for name in (
                    "received", "closed", "held")]),
                on=["child_id", "referral_id"]).drop("child_id", "referral_id").collect(**STREAMING)


def clock(rule, started, stopped, voided, why, closed, seen_from, limit, seen_to=NO_DAY, step=NO_TEXT):
    """The columns of a clock before it is judged.

    A clock as one sees it changes with what has happened so far: `seen_from` is the first day on which it is there,
    `seen_to` the first on which another one stands in its place.
    """
    return [code(RULE[rule]).alias("rule"), pl.col("referral"), pl.col("team"), step.alias("step_id"), started.alias("started"),
            stopped.alias("stopped"), voided.alias("voided"), why.alias("why"), closed.alias("closed"),
            seen_from.alias("seen_from"), seen_to.alias("seen_to"), limit.cast(pl.Int32).alias("days")]


def find_clocks(referrals, steps, reviews, short_term):
    """Every clock of every rule, before it is judged."""
    col = pl.col
    referrals = referrals.with_columns(*[days(name) for name in (
        "received", "decided", "nfa", "closed", "held", "core_group", "plan_started", "plan_ended")])
    limit = lambda start: pl.when(start < number(TEN_DAYS_FROM)).then(7).otherwise(10)
    step = col("step_id")
    first = steps.filter(col("first") == CODE["initial_assessment_started"])
    core = steps.filter(col("first") == CODE["core_assessment_started"])
    assessments = steps.filter((col("first") == CODE["initial_assessment_started"]) | (col("first") == CODE["core_assessment_started"]))
    handed_in = assessments.filter(col("completed").is_not_null())
    handed_in_again = assessments.filter(col("completed") < col("latest"))
    returned = pl.when(col("first") == CODE["initial_assessment_started"]).then(
        code(CODE["initial_assessment_returned"])).otherwise(code(CODE["core_assessment_returned"]))
    plans = referrals.filter(col("plan_started").is_between(col("held"), col("held") + 15))
    reviews = reviews.unique().join(
        referrals.filter(col("plan_started").is_not_null()).select(
            "child_id", "referral_id", "referral", "team", "plan_started", "plan_ended", "closed"),
        on=["child_id", "referral_id"]).with_columns(days("date").alias("day"))
    after = reviews.join(plans.select("referral", "held"), on="referral").filter(col("day") > col("held")).group_by(
        "referral").agg(col("day").min().alias("first_review"))
    plans = plans.join(after, on="referral", how="left")
    later = reviews.filter((col("plan_started") <= col("day")) & ~(col("plan_ended") < col("day")).fill_null(False)).sort(
        "referral", "day").with_columns(col("day").shift(-1).over("referral").alias("next_day"))
    months = lambda name, count: (col(name).cast(pl.Date).dt.offset_by(f"{count}mo").cast(pl.Int32) - col(name))
    short = short_term.join(referrals, on="referral")
    ended = pl.min_horizontal("closed", "left_on")
    plan_ended = code(CODE["cp_plan_ended"])
    cancelled_first = (col("cancelled") <= col("answered")) | col("answered").is_null()
    return pl.concat([
        referrals.select(clock("referral_decision", col("received"), pl.min_horizontal("decided", "nfa"), NO_DAY, NO_CODE,
                               col("closed"), col("received"), code(1))),
        # The only initial assessment of a referral is its first; a cancelled one is not the first, and runs from its own start.
        first.select(clock("initial_assessment", col("received"), col("authorised"), NO_DAY, NO_CODE, col("closed"),
                           col("started"), limit(col("received")), col("cancelled"), step)),
        first.filter(col("cancelled").is_not_null()).select(clock(
            "initial_assessment", col("started"), NO_DAY, col("cancelled"), code(CODE["initial_assessment_cancelled"]), NO_DAY,
            col("cancelled"), limit(col("started")), step=step)),
        core.select(clock("core_assessment", col("started"), col("authorised"), col("cancelled"),
                          code(CODE["core_assessment_cancelled"]), col("closed"), col("started"), code(35), step=step)),
        # From the last completion so far: one that was handed in twice is seen twice.
        handed_in.select(clock("authorisation", col("latest"), col("authorised"),
                               pl.when(col("returned") >= col("latest")).then("returned"), returned, col("closed"),
                               col("latest"), code(5), step=step)),
        handed_in_again.select(clock("authorisation", col("completed"), NO_DAY,
                                     pl.when(col("returned") < col("latest")).then("returned"), returned, col("closed"),
                                     col("completed"), code(5), col("latest"), step)),
        steps.filter(col("first") == CODE["s47_started"]).select(clock(
            "s47_to_icpc", col("started"), pl.when(col("held") >= col("started")).then("held"),
            pl.min_horizontal("answered", "cancelled"),
            pl.when(cancelled_first).then(code(CODE["s47_cancelled"])).otherwise(code(CODE["icpc_not_required"])),
            col("closed"), col("started"), code(15), step=step)),
        plans.select(clock("icpc_to_core_group", col("held"), col("core_group"), col("plan_ended"), plan_ended, col("closed"),
                           col("plan_started"), code(10))),
        plans.select(clock("first_review", col("held"), col("first_review"), col("plan_ended"), plan_ended, col("closed"),
                           col("plan_started"), months("held", 3))),
        later.select(clock("later_review", col("day"), col("next_day"), col("plan_ended"), plan_ended, col("closed"), col("day"),
                           months("day", 6))),
        short.select(clock("short_term_work", col("received"), pl.when(~(col("nfa") <= ended).fill_null(False)).then(ended),
                           col("nfa"), code(CODE["referral_nfa"]), NO_DAY, pl.max_horizontal("received", "marked_since"),
                           code(84))),
    ])


def judge(found, calendar):
    """The clocks with their ends and due dates. A void ends a clock as a stop does."""
    col = pl.col
    is_calendar = col("rule").is_in(CALENDAR_RULES)
    judged = found.lazy().with_columns(
        (col("stopped").is_not_null() & (col("voided").is_null() | (col("stopped") <= col("voided")))).alias("is_stopped"),
    ).with_columns(
        pl.when("is_stopped").then("stopped").otherwise(pl.min_horizontal(
            "voided", pl.when(col("closed") >= col("started")).then("closed"))).alias("ended"),
        pl.when(is_calendar).then(col("started") + col("days")).otherwise(
            calendar.lookup(calendar.due, col("started"), col("days"))).alias("due"),
        pl.when(is_calendar).then(col("started") + col("days") + 1).otherwise(
            calendar.lookup(calendar.over, col("started"), col("days"))).alias("over"),
        # What stops after the closure was void from the closure to the stop.
        (col("is_stopped") & (col("closed") >= col("started")) & (col("closed") < col("stopped"))).fill_null(False).alias("is_late"),
    ).with_columns(
        pl.when("is_stopped").then(NO_CODE).when(col("voided") == col("ended")).then("why").when(
            col("ended").is_not_null()).then(code(CODE["case_closed"])).alias("reason"),
        pl.when("is_late").then("ended").otherwise("seen_from").alias("seen_from"),
        col("seen_from").alias("first_seen_from")).drop("stopped", "voided", "why").collect()
    void = judged.filter("is_late").with_columns(
        col("first_seen_from").alias("seen_from"), col("ended").alias("seen_to"), col("closed").alias("ended"),
        pl.lit(False).alias("is_stopped"), code(CODE["case_closed"]).alias("reason"))
    return pl.concat([judged, void]).drop("first_seen_from", "is_late", "closed")


def make_cube(clocks, spans, monday, weeks):
    """Flow and stock for every rule, team and week."""
    col = pl.col
    week = lambda name: ((col(name) - monday + 700) // 7 - 100).cast(pl.Int32)
    sunday = lambda name: col(name) * 7 + monday + 6
    clocks = clocks.lazy().select(
        "rule", "referral", "team", "is_stopped", (col("ended") < col("over")).fill_null(False).alias("is_met"), "ended",
        *[week(name).alias(f"{name}_week") for name in ("started", "due", "over", "ended", "seen_from", "seen_to")])
    # Clocks that add the same to the same weeks are put together: everything about them fits one number.
    is_plain = col("team").is_not_null() & (col("seen_from_week") == col("started_week")) & col("seen_to_week").is_null()
    fields = (("rule", 4, 0), ("team", 8, 0), ("is_stopped", 1, 0), ("is_met", 1, 0), ("lag", 1, 0), ("started_week", 12, 2),
              ("due_week", 12, 2), ("ended_week", 12, 2))
    packed = pl.lit(0, pl.Int64)
    for name, bits, offset in fields:
        value = col("over_week") - col("due_week") if name == "lag" else col(name)
        packed = packed * (1 << bits) + (value.cast(pl.Int64) + offset).fill_null(0)
    unpacked, shift = [], 0
    for name, bits, offset in reversed(fields):
        value = ((col("packed") // (1 << shift)) % (1 << bits) - offset).cast(pl.Int32)
        if name == "ended_week":
            value = pl.when(value > -2).then(value)
        unpacked.append(value.alias(name))
        shift += bits
    plain = clocks.filter(is_plain).select(packed.alias("packed")).group_by("packed").len("clocks").select(
        "clocks", *unpacked).with_columns(
            (col("due_week") + col("lag")).alias("over_week"), col("is_stopped") == 1, col("is_met") == 1,
            col("started_week").alias("seen_from_week"), pl.lit(None, pl.Int32).alias("seen_to_week"),
            pl.lit(0).alias("since_week"), pl.lit(9999).alias("until_week"), *[
                pl.lit(True).alias(name) for name in ("has_start", "has_end", "has_due")])
    others = clocks.filter(~is_plain)
    single = others.filter(col("team").is_not_null()).with_columns(
        pl.lit(EARLY, pl.Int32).alias("since"), pl.lit(LATE, pl.Int32).alias("until"))
    moved = others.filter(col("team").is_null()).drop("team").join(spans.lazy(), on="referral").rename({"span_team": "team"})
    inside = lambda day: (day >= col("since")) & (day < col("until"))
    before = col("ended") - 1
    others = pl.concat([single, moved], how="diagonal").with_columns(
        pl.lit(1, pl.UInt32).alias("clocks"), week("since").alias("since_week"), week("until").alias("until_week"),
        inside(before).alias("has_end"),
        inside(pl.when(col("ended_week") <= col("started_week")).then(before).otherwise(sunday("started_week"))).alias("has_start"),
        inside(pl.when(col("ended_week") <= col("due_week")).then(before).otherwise(sunday("due_week"))).alias("has_due"))
    columns = ["rule", "team", "clocks", "is_stopped", "is_met", "started_week", "due_week", "over_week", "ended_week",
               "seen_from_week", "seen_to_week", "since_week", "until_week", "has_start", "has_end", "has_due"]
    types = {"rule": pl.UInt8, "team": pl.UInt8, "clocks": pl.Int64, "since_week": pl.Int32, "until_week": pl.Int32}
    there = lambda name: (col("seen_from_week") <= col(name)) & (col("seen_to_week").is_null() | (col(name) < col("seen_to_week")))
    later = pl.max_horizontal("seen_from_week", "since_week", 0)
    pieces = pl.concat([plain.select(columns).cast(types), others.select(columns).cast(types)]).with_columns(
        later.alias("run_from"), pl.max_horizontal(later, "over_week").alias("over_from"),
        pl.min_horizontal("ended_week", "seen_to_week", "until_week", weeks).alias("run_to")).collect()
    stopped = (col("ended_week") <= col("due_week")).fill_null(False)

    def flow(week_column, condition, **sums):
        return pieces.lazy().filter(condition & (col(week_column) >= 0)).group_by(
            "rule", "team", col(week_column).cast(pl.Int32).alias("week")).agg(
                *[(sign * (col("clocks") if truth is None else pl.when(truth).then("clocks").otherwise(0)).sum()).alias(name)
                  for name, (sign, truth) in sums.items()])

    runs, overruns = col("run_from") < col("run_to"), col("over_from") < col("run_to")
    cells = pl.concat([
        flow("started_week", col("has_start") & there("started_week"), started=(1, None)),
        flow("ended_week", col("has_end") & there("ended_week"), stopped=(1, col("is_stopped")),
             in_time=(1, col("is_stopped") & col("is_met")), voided=(1, ~col("is_stopped"))),
        flow("due_week", col("has_due") & there("due_week") & (col("is_stopped") | ~stopped), due=(1, None),
             met=(1, col("is_stopped") & col("is_met") & stopped)),
        flow("run_from", runs, running=(1, None)), flow("run_to", runs, running=(-1, None)),
        flow("over_from", overruns, overdue=(1, None)), flow("run_to", overruns, overdue=(-1, None)),
    ], how="diagonal").group_by("rule", "team", "week").sum()
    cells = cells.collect()
    grid = cells.select("rule", "team").unique().join(pl.DataFrame({"week": range(weeks)}, schema={"week": pl.Int32}), how="cross")
    return grid.join(cells, on=["rule", "team", "week"], how="left").fill_null(0).sort("rule", "team", "week").with_columns(
        col("running").cum_sum().over("rule", "team"), col("overdue").cum_sum().over("rule", "team"))


def write_cards(cube, structure, monday, path):
    """Adds the cube up for each level, one line for each measure that is not zero."""
    col = pl.col
    named = cube.lazy().join(structure.lazy(), left_on="team", right_on="code").drop("team")
    sums = ["started", "stopped", "in_time", "voided", "due", "met", "running", "overdue"]
    levels = pl.concat([
        named.group_by("week", "rule", (pl.lit("all") if level == "authority" else col(column)).alias("name")).agg(
            col(sums).sum()).with_columns(pl.lit(level).alias("level"))
        for level, column in (("unit", "unit"), ("team", "unit_team"), ("group_manager", "group_manager"),
                              ("service", "service"), ("authority", ""))])
    levels = levels.with_columns((col("due") - col("met")).alias("missed"))
    lines = []
    for measure, part, whole in (
            ("started", "started", None), ("stopped", "stopped", None), ("in_time", "in_time", "stopped"), ("due_cohort", "due", None),
            ("met", "met", "due"), ("missed", "missed", "due"), ("voided", "voided", None), ("running", "running", None),
            ("overdue", "overdue", None)):
        value = col(part).cast(pl.String)
        if whole:
            # Half up, in tenths of a per cent.
            tenths = (col(part) * 2000 + col(whole)) // (2 * col(whole))
            value = pl.when(col(whole) >= 10).then(pl.concat_str(tenths // 10, pl.lit("."), tenths % 10))
        lines.append(levels.filter(col(whole or part) > 0).select(
            (col("week") * 7 + monday + 6).cast(pl.Date).alias("week_ending"), "level", "name",
            pl.lit(pl.Series(RULES, dtype=pl.String)).gather(col("rule")).alias("rule"), pl.lit(measure).alias("measure"),
            (col(part) if whole else pl.lit(None, pl.Int64)).alias("numerator"),
            (col(whole) if whole else pl.lit(None, pl.Int64)).alias("denominator"), value.alias("value")))
    pl.concat(lines).collect().write_csv(path)


def holders(clocks, spans, as_at):
    """Clocks with their holder: at the as-at date, or on the day before the end."""
    day = (pl.col("ended") - 1).fill_null(as_at)
    single = clocks.filter(pl.col("team").is_not_null())
    moved = clocks.filter(pl.col("team").is_null()).drop("team").join(spans, on="referral").filter(
        (day >= pl.col("since")) & (day < pl.col("until"))).rename({"span_team": "team"})
    return pl.concat([single, moved.select(single.columns)])


def write_clocks(clocks, referrals, spans, teams, calendar, as_at, path):
    """Every clock, for the check."""
    col = pl.col
    clocks = holders(clocks.filter(col("seen_to").is_null()), spans, as_at).join(
        referrals.select("referral", "child_id", "referral_id"), on="referral")
    end = col("ended").fill_null(as_at)
    is_calendar = col("rule").is_in(CALENDAR_RULES)
    is_void = col("reason").is_not_null()
    clocks = clocks.with_columns(
        pl.when(~is_void).then(pl.when(is_calendar).then(end - col("started")).otherwise(
            calendar.working_days(end) - calendar.working_days(col("started")))).alias("elapsed"),
        (calendar.working_days(col("due")) - calendar.working_days(pl.lit(as_at))).alias("left"))
    verdict = pl.when(is_void).then(pl.lit("void")).when("is_stopped").then(
        pl.when(col("elapsed") <= col("days")).then(pl.lit("in_time")).otherwise(pl.lit("late"))).when(
            col("elapsed") > col("days")).then(pl.lit("overdue")).when(col("elapsed") == col("days")).then(pl.lit("at_limit")).when(
                (col("due") > as_at) & (col("left") <= 5)).then(pl.lit("due_soon")).when(
                    (col("rule") == RULE["short_term_work"]) & (col("elapsed") > 56)).then(pl.lit("beyond_expected")).otherwise(
                        pl.lit("open"))
    clocks.select(
        pl.lit(pl.Series(RULES, dtype=pl.String)).gather(col("rule")).alias("rule"), "child_id", "referral_id", "step_id",
        pl.lit(pl.Series(teams, dtype=pl.String)).gather(col("team")).alias("team"), col("started").cast(pl.Date).alias("started_on"),
        col("ended").cast(pl.Date).alias("stopped_on"),
        pl.when(is_calendar).then(pl.lit("days")).otherwise(pl.lit("wd")).alias("unit"), col("days").alias("limit"), "elapsed",
        pl.when(~is_void).then(col("due").cast(pl.Date)).alias("due_on"), verdict.alias("verdict"),
        pl.lit(pl.Series(EVENTS, dtype=pl.String)).gather(col("reason")).alias("reason"),
        pl.when(verdict.is_in(["late", "overdue"])).then(col("elapsed") - col("days")).alias("days_over")).write_csv(path)


def write_exceptions(clocks, grouped, referrals, spans, structure, calendar, as_at, path):
    """The exception list: running clocks past something, what a closure ended unfinished, referrals left alone."""
    col = pl.col
    rule_is = lambda *names: col("rule").is_in([RULE[name] for name in names])
    is_running = col("ended").is_null()
    now = calendar.working_days(pl.lit(as_at))
    clocks = clocks.filter(col("seen_to").is_null() & (is_running | (
        (col("reason") == CODE["case_closed"]) & ((col("ended") > as_at - 7) | rule_is("s47_to_icpc")))))
    end = col("ended").fill_null(as_at)
    clocks = clocks.with_columns(
        is_running.alias("is_running"), (now - calendar.working_days(col("due"))).alias("past_due"),
        pl.when(col("rule").is_in(CALENDAR_RULES)).then(end - col("started")).otherwise(
            calendar.working_days(end) - calendar.working_days(col("started"))).alias("age"))
    # The days that the list shows are the child's or the referral's.
    listed = referrals.filter((col("nfa").is_null() & col("closed").is_null()) | col("referral").is_in(clocks["referral"].implode()))
    seen = referrals.join(listed.select("child_id").unique(), on="child_id", how="semi").group_by("child_id").agg(
        days("seen").max().alias("child_seen"))
    running = clocks.filter("is_running")["referral"].unique()
    context = listed.join(seen, on="child_id").select(
        "referral", "child_id", "referral_id", "child_seen", "has_step", col("team").alias("own_team"),
        *[days(name) for name in ("received", "decided", "decision")], col("allocated").is_not_null().alias("is_allocated"),
        (col("nfa").is_null() & col("closed").is_null()).alias("is_open"),
        (days("booked") >= as_at).fill_null(False).alias("is_booked"),
        pl.max_horizontal(days("last_event"), "child_seen").alias("last_any"),
        col("referral").is_in(running.implode()).alias("has_running"))
    s47 = grouped.filter(col("first") == CODE["s47_started"]).select("child_id", "referral_id", "step_id", days("completed"))
    rows = clocks.join(context, on="referral")
    rows = rows.join(s47, on=["child_id", "referral_id", "step_id"], how="left")
    is_s47, is_past = rule_is("s47_to_icpc"), (col("age") > col("days")) & col("is_running")
    is_assessment = rule_is("initial_assessment", "core_assessment")
    is_short = rule_is("short_term_work")
    kinds = {
        "child_not_seen": col("is_running") & (col("child_seen").is_null() | (col("child_seen") < col("started"))) & (
            (is_assessment & (col("age") > 10)) | (is_s47 & (col("age") > 1))),
        "overdue": is_past & ~is_short,
        "no_outcome": col("is_running") & is_s47 & ~col("is_booked") & (
            (now - calendar.working_days(col("completed"))) >= 5).fill_null(False),
        "no_oversight": is_past & (col("past_due") >= 3) & (col("decision").is_null() | (col("decision") < col("due"))),
        "closed_unfinished": ~col("is_running") & pl.when(is_assessment).then(col("age") > col("days")).when(is_s47).then(
            (col("ended") > as_at - 7) | col("completed").is_null()).otherwise(rule_is("first_review", "later_review")),
        "beyond_limit": is_past & is_short,
        "icpc_not_booked": col("is_running") & is_s47 & ~col("is_booked") & (col("age") >= 10),
    }
    rows = rows.with_columns(**kinds).filter(pl.any_horizontal(*kinds))
    age = now - calendar.working_days(col("received"))
    kinds_of_referral = {
        "unallocated": ~col("is_allocated") & col("has_running") & (age > 1),
        "not_started": col("is_open") & col("decided").is_not_null() & ~col("has_step") & (age > 3),
        "no_recent_activity": col("is_open") & ((now - calendar.working_days(col("last_any"))) >= 20),
    }
    alone = context.with_columns(**kinds_of_referral).filter(pl.any_horizontal(*kinds_of_referral))
    limit = pl.when("unallocated").then(1).when("not_started").then(3)
    due = calendar.lookup(calendar.due, col("received"), limit.fill_null(1).cast(pl.Int32))
    alone = alone.with_columns(
        col("received").alias("started"), age.alias("age"), limit.cast(pl.Int32).alias("days"), NO_DAY.alias("ended"),
        pl.when(limit.is_not_null()).then(due).alias("due"), pl.lit(True).alias("is_running")).with_columns(
            (now - calendar.working_days(col("due"))).alias("past_due"))
    names = structure["unit"].to_list()

    def dictionaries(frame, kinds):
        shown = lambda name: pl.when("is_running").then(name)
        frame = frame.with_columns(col("own_team").alias("team"))
        frame = holders(frame, spans, as_at).select(
            "referral", "child_id", "referral_id", *([] if frame is alone else []), *[
                name for name in ("rule", "step_id") if name in frame.columns], "team", col("past_due").fill_null(0), *kinds,
            col("started").cast(pl.Date).alias("started_on"), shown("due").cast(pl.Date).alias("due_on"),
            shown("age").alias("elapsed"), col("days").alias("limit"),
            pl.when(col("is_running") & (col("age") > col("days"))).then(col("age") - col("days")).alias("days_over"),
            col("child_seen").cast(pl.Date).alias("last_seen_on"), col("decision").cast(pl.Date).alias("last_decision_on"),
            col("last_any").cast(pl.Date).alias("last_event_on"))
        found = frame.to_dicts()
        for row in found:
            row["team"] = names[row["team"]]
            if "rule" in row:
                row["rule"] = RULES[row["rule"]]
        return found

    exception_list.write(
        path, (EPOCH.fromordinal(EPOCH.toordinal() + as_at)), dict(zip(names, structure["group_manager"])),
        dictionaries(rows, kinds), dictionaries(alone, kinds_of_referral))


def main():
    options = job.options(__doc__)
    timer = job.Timer(options.timings)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    as_at_day = date.fromisoformat(options.as_at)
    as_at = number(as_at_day)
    structure = pl.read_csv(options.teams).sort("unit").select(
        "unit", pl.col("team").alias("unit_team"), "group_manager", "service", "short_term").with_row_index("code").with_columns(
            pl.col("code").cast(pl.UInt8))
    teams = structure["unit"].to_list()
    calendar = Calendar(options.calendar)
    timer.note("settings")
    grouped, reviews, holding = read(options.events, teams, as_at_day)
    timer.note("read and group")
    referrals = make_referrals(grouped)
    timer.note("referrals")
    spans = make_spans(holding, referrals)
    del holding
    marked = structure.filter(pl.col("short_term") == 1)["code"].to_list()
    short_term = short_term_work(referrals, spans, marked)
    timer.note("holders")
    steps = make_steps(grouped, referrals)
    timer.note("steps")
    clocks = judge(find_clocks(referrals, steps, reviews, short_term), calendar)
    del steps
    timer.note("clocks")
    first = referrals["received"].cast(pl.Int32).min()
    # The first whole week begins on the first Monday; 1970 began on a Thursday.
    monday = first + (4 - first) % 7
    weeks = (as_at - monday) // 7 + 1
    cube = make_cube(clocks, spans, monday, weeks)
    timer.note("cube")
    write_cards(cube, structure, monday, out / "cards.csv")
    timer.note("cards")
    write_exceptions(clocks, grouped, referrals, spans, structure, calendar, as_at, out / "exceptions.csv")
    timer.note("exceptions")
    if options.clocks:
        write_clocks(clocks, referrals, spans, teams, calendar, as_at, out / "clocks.csv")


if __name__ == "__main__":
    main()
