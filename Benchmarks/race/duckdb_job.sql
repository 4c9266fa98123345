-- The job of the race in DuckDB: clocks, the week cube and the exception list of a case-events export.
-- duckdb_job.py fills in what stands in braces. The comments of the README say what the input is relied upon to be.

CREATE TYPE event_name AS ENUM (
    'contact_received', 'contact_decided', 'referral_received', 'referral_decided', 'referral_nfa',
    'case_allocated', 'case_transferred', 'case_closed', 'child_seen', 'management_decision_recorded',
    'initial_assessment_started', 'initial_assessment_completed', 'initial_assessment_authorised',
    'initial_assessment_returned', 'initial_assessment_cancelled',
    'core_assessment_started', 'core_assessment_completed', 'core_assessment_authorised',
    'core_assessment_returned', 'core_assessment_cancelled',
    'strategy_discussion_held', 's47_started', 's47_completed', 's47_cancelled',
    'icpc_arranged', 'icpc_held', 'icpc_not_required', 'core_group_held',
    'cp_plan_started', 'cp_plan_ended', 'cp_review_held', 'team_changed');

CREATE TABLE teams AS
SELECT unit, team, group_manager, service, short_term = 1 AS short_term
FROM read_csv('${teams}', header = true);

-- In order of the names, so that the greatest code is the greatest name.
CREATE TYPE team_name AS ENUM (SELECT unit FROM teams ORDER BY unit);

CREATE TABLE calendar AS
SELECT date AS d, working, sum(working) OVER (ORDER BY date)::INTEGER AS n
FROM read_csv('${calendar}', header = true, columns = {'date': 'DATE', 'working': 'TINYINT'});

-- For a start and a limit in working days: the due date, and the first day on which the clock is past it.
CREATE TABLE due AS
SELECT s.d AS start, limits.days, a.d AS due, b.d AS over
FROM calendar s, (VALUES (1), (3), (5), (7), (10), (15), (35)) limits(days), calendar a, calendar b
WHERE a.working = 1 AND a.n = s.n + limits.days AND b.working = 1 AND b.n = s.n + limits.days + 1;

SET VARIABLE as_at = DATE '${as_at}';

-- One pass over the file: a row for each step, and one, with an empty step, for what belongs to the referral alone.
CREATE TABLE grouped AS
SELECT
    child_id, referral_id, step_id,
    min(event) AS first_event,
    min(date) FILTER (event = 'referral_received') AS received,
    min(date) FILTER (event = 'referral_decided') AS decided,
    min(date) FILTER (event = 'referral_nfa') AS nfa,
    min(date) FILTER (event = 'case_allocated') AS allocated,
    min(date) FILTER (event = 'case_closed') AS closed,
    min(date) FILTER (event = 'icpc_held') AS held,
    min(date) FILTER (event = 'core_group_held') AS core_group,
    list(date) FILTER (event = 'cp_review_held') AS reviews,
    min(date) FILTER (event IN ('initial_assessment_started', 'core_assessment_started', 's47_started', 'cp_plan_started')) AS started,
    min(date) FILTER (event IN ('initial_assessment_completed', 'core_assessment_completed', 's47_completed')) AS completed,
    max(date) FILTER (event IN ('initial_assessment_completed', 'core_assessment_completed', 's47_completed')) AS completed_again,
    min(date) FILTER (event IN ('initial_assessment_returned', 'core_assessment_returned')) AS returned,
    min(date) FILTER (event IN ('initial_assessment_authorised', 'core_assessment_authorised')) AS authorised,
    min(date) FILTER (event IN ('initial_assessment_cancelled', 'core_assessment_cancelled', 's47_cancelled')) AS cancelled,
    min(date) FILTER (event = 'icpc_not_required') AS not_required,
    min(date) FILTER (event = 'cp_plan_ended') AS plan_ended,
    max(date) FILTER (event = 'child_seen') AS seen,
    max(date) FILTER (event = 'management_decision_recorded') AS decision,
    max(date) FILTER (date <= getvariable('as_at')) AS last_event,
    max(date) FILTER (event = 'icpc_arranged') AS booked,
    min(team) FILTER (event IN ('referral_received', 'referral_decided', 'case_allocated', 'case_transferred', 'team_changed',
        'initial_assessment_started', 'core_assessment_started')) AS team_min,
    max(team) FILTER (event IN ('referral_received', 'referral_decided', 'case_allocated', 'case_transferred', 'team_changed',
        'initial_assessment_started', 'core_assessment_started')) AS team_max,
    list({'date': date, 'event': event, 'recorded': recorded_at, 'team': team})
        FILTER (event IN ('referral_received', 'referral_decided', 'case_allocated', 'case_transferred', 'team_changed',
        'initial_assessment_started', 'core_assessment_started')) AS holding
FROM read_csv('${events}', header = true, auto_detect = false, delim = ',', quote = '"', columns = {
    'child_id': 'VARCHAR', 'event': 'event_name', 'date': 'DATE', 'referral_id': 'VARCHAR', 'step_id': 'VARCHAR',
    'recorded_at': 'VARCHAR', 'team': 'team_name', 'worker': 'VARCHAR', 'family_id': 'VARCHAR'})
WHERE referral_id IS NOT NULL
    AND CASE WHEN event = 'icpc_arranged' THEN recorded_at <= '${as_at}' ELSE date <= getvariable('as_at') END
GROUP BY ALL;

-- Everything about a referral on one row.
CREATE TABLE referral AS
SELECT
    child_id, referral_id,
    min(received) AS received, min(decided) AS decided, min(nfa) AS nfa, min(allocated) AS allocated, min(closed) AS closed,
    min(held) AS held, min(core_group) AS core_group, any_value(reviews) AS reviews,
    min(started) FILTER (first_event = 'cp_plan_started') AS plan_started, min(plan_ended) AS plan_ended,
    bool_or(first_event BETWEEN 'initial_assessment_started' AND 's47_cancelled' AND step_id IS NOT NULL) AS has_step,
    max(seen) AS seen, max(decision) AS decision, max(last_event) AS last_event, max(booked) AS booked,
    min(team_min) AS team_min, max(team_max) AS team_max
FROM grouped
GROUP BY child_id, referral_id;

-- Who held each referral from a day to a day: most had one team all the time.
CREATE TABLE span AS
WITH many AS (
    SELECT g.child_id, g.referral_id, unnest(g.holding) AS h, g.step_id
    FROM grouped g SEMI JOIN (FROM referral WHERE team_min <> team_max) r USING (child_id, referral_id)
),
-- Rows that are the same: the one recorded first, then the smallest team.
kept AS (
    SELECT child_id, referral_id, h.date AS date, h.event AS event,
        arg_min(h.team, {'r': greatest(h.recorded, h.date::VARCHAR), 't': h.team}) AS team
    FROM many
    GROUP BY child_id, referral_id, step_id, h.date, h.event
),
-- Of one day, the event that says most surely who holds the case, then the greatest team.
daily AS (
    SELECT child_id, referral_id, date,
        arg_max(team, {'p': CASE event WHEN 'team_changed' THEN 5 WHEN 'case_transferred' THEN 4 WHEN 'case_allocated' THEN 3
            WHEN 'referral_decided' THEN 1 WHEN 'referral_received' THEN 0 ELSE 2 END, 't': team}) AS team
    FROM kept
    GROUP BY child_id, referral_id, date
),
changed AS (
    SELECT *, lag(team) OVER (PARTITION BY child_id, referral_id ORDER BY date) AS before
    FROM daily
    QUALIFY before IS DISTINCT FROM team
)
SELECT child_id, referral_id, team,
    CASE WHEN before IS NULL THEN DATE '1900-01-01' ELSE date END AS since,
    coalesce(lead(date) OVER (PARTITION BY child_id, referral_id ORDER BY date), DATE '2100-01-01') AS until
FROM changed
UNION ALL
SELECT child_id, referral_id, team_min, DATE '1900-01-01', DATE '2100-01-01' FROM referral WHERE team_min = team_max;

-- Short-term work: from the first day with a marked unit, to the first change from a marked unit to one without a mark.
CREATE TABLE short_term AS
WITH marked AS (
    SELECT s.*, t.short_term,
        lead(t.short_term) OVER (PARTITION BY child_id, referral_id ORDER BY since) AS next_short_term
    FROM span s JOIN teams t ON t.unit = s.team
)
SELECT child_id, referral_id, min(since) FILTER (short_term) AS since,
    min(until) FILTER (short_term AND NOT next_short_term) AS left_on
FROM marked
GROUP BY child_id, referral_id
HAVING since IS NOT NULL;

-- The clocks, before they are judged. A clock as one sees it changes with what has happened so far: `seen_from` is the
-- first day on which it is there, `seen_to` the first on which another one stands in its place. A void ends it as a stop does.
CREATE TABLE clock AS
WITH step AS (
    SELECT g.child_id, g.referral_id, g.step_id, g.first_event, g.started, g.completed, g.completed_again, g.returned,
        g.authorised, g.cancelled, g.not_required, r.received, r.closed, r.held
    FROM grouped g JOIN referral r USING (child_id, referral_id)
    WHERE g.step_id IS NOT NULL
),
assessment AS (
    SELECT * FROM step WHERE first_event IN ('initial_assessment_started', 'core_assessment_started')
),
plan AS (
    SELECT * FROM referral WHERE plan_started BETWEEN held AND held + 15
),
review AS (
    SELECT child_id, referral_id, date, plan_ended, closed,
        lead(date) OVER (PARTITION BY child_id, referral_id ORDER BY date) AS next_date
    FROM (SELECT child_id, referral_id, unnest(list_distinct(reviews)) AS date, plan_started, plan_ended, closed
        FROM referral WHERE reviews IS NOT NULL AND plan_started IS NOT NULL)
    WHERE plan_started <= date AND (plan_ended IS NULL OR plan_ended >= date)
),
found(rule, child_id, referral_id, step_id, started, stopped, voided, why, closed, seen_from, seen_to, days) AS (
    SELECT 'referral_decision', child_id, referral_id, NULL, received, least(decided, nfa), NULL::DATE, NULL,
        closed, received, NULL::DATE, 1
    FROM referral
    UNION ALL
    -- The only initial assessment of a referral is its first; a cancelled one is not the first, and runs from its own start.
    SELECT 'initial_assessment', child_id, referral_id, step_id, received, authorised, NULL, NULL, closed, started, cancelled,
        CASE WHEN received <= DATE '2010-03-16' THEN 7 ELSE 10 END
    FROM assessment WHERE first_event = 'initial_assessment_started'
    UNION ALL
    SELECT 'initial_assessment', child_id, referral_id, step_id, started, NULL, cancelled, 'initial_assessment_cancelled', NULL,
        cancelled, NULL, CASE WHEN started <= DATE '2010-03-16' THEN 7 ELSE 10 END
    FROM assessment WHERE first_event = 'initial_assessment_started' AND cancelled IS NOT NULL
    UNION ALL
    SELECT 'core_assessment', child_id, referral_id, step_id, started, authorised, cancelled, 'core_assessment_cancelled', closed,
        started, NULL, 35
    FROM assessment WHERE first_event = 'core_assessment_started'
    UNION ALL
    -- From the last completion so far: one that was handed in twice is seen twice.
    SELECT 'authorisation', child_id, referral_id, step_id, completed_again, authorised,
        CASE WHEN returned >= completed_again THEN returned END, replace(first_event::VARCHAR, 'started', 'returned'), closed,
        completed_again, NULL, 5
    FROM assessment WHERE completed IS NOT NULL
    UNION ALL
    SELECT 'authorisation', child_id, referral_id, step_id, completed, NULL, CASE WHEN returned < completed_again THEN returned END,
        replace(first_event::VARCHAR, 'started', 'returned'), closed, completed, completed_again, 5
    FROM assessment WHERE completed < completed_again
    UNION ALL
    SELECT 's47_to_icpc', child_id, referral_id, step_id, started, CASE WHEN held >= started THEN held END,
        least(not_required, cancelled), CASE WHEN cancelled <= not_required OR not_required IS NULL THEN 's47_cancelled'
            ELSE 'icpc_not_required' END, closed, started, NULL, 15
    FROM step WHERE first_event = 's47_started'
    UNION ALL
    SELECT 'icpc_to_core_group', child_id, referral_id, NULL, held, core_group, plan_ended, 'cp_plan_ended', closed,
        plan_started, NULL, 10
    FROM plan
    UNION ALL
    SELECT 'first_review', child_id, referral_id, NULL, held, list_min(list_filter(reviews, lambda d: d > held)), plan_ended, 'cp_plan_ended', closed,
        plan_started, NULL, date_diff('day', held, held + INTERVAL 3 MONTHS)::INTEGER
    FROM plan
    UNION ALL
    SELECT 'later_review', child_id, referral_id, NULL, date, next_date, plan_ended, 'cp_plan_ended', closed, date, NULL,
        date_diff('day', date, date + INTERVAL 6 MONTHS)::INTEGER
    FROM review
    UNION ALL
    SELECT 'short_term_work', child_id, referral_id, NULL, received,
        CASE WHEN nfa <= least(r.closed, s.left_on) THEN NULL ELSE least(r.closed, s.left_on) END, nfa, 'referral_nfa', NULL,
        greatest(received, s.since), NULL, 84
    FROM referral r JOIN short_term s USING (child_id, referral_id)
),
ended AS (
    SELECT *, rule IN ('first_review', 'later_review', 'short_term_work') AS is_calendar,
        stopped IS NOT NULL AND (voided IS NULL OR stopped <= voided) AS is_stopped,
        CASE WHEN is_stopped THEN stopped ELSE least(voided, CASE WHEN closed >= started THEN closed END) END AS ended
    FROM found
    WHERE started IS NOT NULL
)
SELECT e.* EXCLUDE (stopped, voided, why, seen_from),
    -- What stops after the closure was void from the closure to the stop.
    CASE WHEN is_stopped AND closed >= started AND closed < ended THEN ended ELSE seen_from END AS seen_from,
    CASE WHEN is_stopped AND closed >= started AND closed < ended THEN e.seen_from END AS first_seen_from,
    CASE WHEN ended IS NOT NULL AND NOT is_stopped THEN CASE WHEN voided = ended THEN why ELSE 'case_closed' END END AS reason,
    CASE WHEN is_calendar THEN started + e.days ELSE d.due END AS due,
    CASE WHEN is_calendar THEN started + e.days + 1 ELSE d.over END AS over
FROM ended e LEFT JOIN due d ON d.start = e.started AND d.days = e.days;

INSERT INTO clock BY NAME
SELECT * REPLACE (first_seen_from AS seen_from, ended AS seen_to, closed AS ended, false AS is_stopped, 'case_closed' AS reason)
FROM clock
WHERE first_seen_from IS NOT NULL;

-- Each clock with each of its holders, and the weeks, counted from the first whole one, that matter.
SET VARIABLE monday = (SELECT date_trunc('week', min(received) + 6) FROM referral);
CREATE MACRO week(day) AS (day - getvariable('monday')::DATE + 700) // 7 - 100;
CREATE MACRO sunday(week) AS getvariable('monday')::DATE + (week * 7 + 6)::INTEGER;
SET VARIABLE weeks = (SELECT week(getvariable('as_at')) + 1);

CREATE TABLE piece AS
SELECT rule, s.team, s.since, s.until, is_stopped, ended, started, due, over, seen_from, seen_to,
    week(started) AS start_week, week(due) AS due_week, week(seen_from) AS from_week,
    coalesce(week(seen_to), 9999) AS to_week, coalesce(week(ended), 9999) AS end_week,
    CASE WHEN end_week <= start_week THEN ended - 1 ELSE sunday(start_week) END AS start_day,
    CASE WHEN end_week <= due_week THEN ended - 1 ELSE sunday(due_week) END AS due_day,
    greatest(from_week, week(since), 0) AS run_from,
    least(end_week, to_week, week(until), getvariable('weeks')) AS run_to,
    greatest(run_from, week(over)) AS over_from
FROM clock JOIN span s USING (child_id, referral_id);

CREATE TABLE cube AS
WITH flow AS (
    SELECT rule, team, start_week AS week, count(*) AS started, 0 AS stopped, 0 AS in_time, 0 AS voided, 0 AS due, 0 AS met,
        0 AS running, 0 AS overdue
    FROM piece
    WHERE from_week <= start_week AND start_week < to_week AND start_day >= since AND start_day < until
    GROUP BY ALL
    UNION ALL
    SELECT rule, team, end_week, 0, count(*) FILTER (is_stopped), count(*) FILTER (is_stopped AND ended < over),
        count(*) FILTER (NOT is_stopped), 0, 0, 0, 0
    FROM piece
    WHERE from_week <= end_week AND end_week < to_week AND end_week < 9999 AND ended - 1 >= since AND ended - 1 < until
    GROUP BY ALL
    UNION ALL
    SELECT rule, team, due_week, 0, 0, 0, 0, count(*), count(*) FILTER (is_stopped AND end_week <= due_week AND ended < over), 0, 0
    FROM piece
    WHERE from_week <= due_week AND due_week < to_week AND due_day >= since AND due_day < until
        AND (is_stopped OR end_week > due_week)
    GROUP BY ALL
    UNION ALL
    SELECT rule, team, run_from, 0, 0, 0, 0, 0, 0, count(*), 0 FROM piece WHERE run_from < run_to GROUP BY ALL
    UNION ALL
    SELECT rule, team, run_to, 0, 0, 0, 0, 0, 0, -count(*), 0 FROM piece WHERE run_from < run_to GROUP BY ALL
    UNION ALL
    SELECT rule, team, over_from, 0, 0, 0, 0, 0, 0, 0, count(*) FROM piece WHERE over_from < run_to GROUP BY ALL
    UNION ALL
    SELECT rule, team, run_to, 0, 0, 0, 0, 0, 0, 0, -count(*) FROM piece WHERE over_from < run_to GROUP BY ALL
),
cell AS (
    SELECT rule, team, week, sum(COLUMNS(* EXCLUDE (rule, team, week))) FROM flow GROUP BY ALL
),
grid AS (
    SELECT rule, team, week
    FROM (SELECT DISTINCT rule, team FROM cell), range(0, getvariable('weeks')) weeks(week)
)
SELECT rule, team, week, started, stopped, in_time, voided, due, met,
    sum(running) OVER cumulated AS running, sum(overdue) OVER cumulated AS overdue
FROM grid LEFT JOIN cell USING (rule, team, week)
WINDOW cumulated AS (PARTITION BY rule, team ORDER BY week);

-- Added up for each level, one line for each measure that is not zero.
CREATE TABLE card AS
WITH summed AS (
    SELECT week, rule,
        CASE WHEN grouping(unit) = 0 THEN 'unit' WHEN grouping(t.team) = 0 THEN 'team'
            WHEN grouping(group_manager) = 0 THEN 'group_manager' WHEN grouping(service) = 0 THEN 'service'
            ELSE 'authority' END AS level,
        coalesce(unit::VARCHAR, t.team, group_manager, service, 'all') AS name,
        sum(started) AS started, sum(stopped) AS stopped, sum(in_time) AS in_time, sum(voided) AS voided, sum(due) AS due,
        sum(met) AS met, sum(running) AS running, sum(overdue) AS overdue
    FROM cube c JOIN teams t ON t.unit = c.team
    GROUP BY GROUPING SETS ((week, rule, unit), (week, rule, t.team), (week, rule, group_manager), (week, rule, service),
        (week, rule))
),
line AS (
    SELECT week, level, name, rule, unnest([
        {'measure': 'started', 'part': started, 'whole': NULL}, {'measure': 'stopped', 'part': stopped, 'whole': NULL},
        {'measure': 'in_time', 'part': in_time, 'whole': stopped}, {'measure': 'due_cohort', 'part': due, 'whole': NULL},
        {'measure': 'met', 'part': met, 'whole': due}, {'measure': 'missed', 'part': due - met, 'whole': due},
        {'measure': 'voided', 'part': voided, 'whole': NULL}, {'measure': 'running', 'part': running, 'whole': NULL},
        {'measure': 'overdue', 'part': overdue, 'whole': NULL}], recursive := true)
    FROM summed
)
SELECT sunday(week) AS week_ending, level, name, rule, measure,
    CASE WHEN whole IS NOT NULL THEN part::BIGINT END AS numerator, whole::BIGINT AS denominator,
    CASE WHEN whole IS NULL THEN part::VARCHAR
        -- Half up, in tenths of a per cent.
        WHEN whole >= 10 THEN printf('%d.%d', (part * 2000 + whole)::BIGINT // (2 * whole)::BIGINT // 10,
            (part * 2000 + whole)::BIGINT // (2 * whole)::BIGINT % 10) END AS value
FROM line
WHERE coalesce(whole, part) > 0;

COPY card TO '${out}/cards.csv' (HEADER);

-- The clocks as at the day, for the check.
CREATE VIEW judged AS
SELECT rule, c.child_id, c.referral_id, step_id, s.team, started AS started_on, ended AS stopped_on,
    CASE WHEN is_calendar THEN 'days' ELSE 'wd' END AS unit, days AS "limit",
    CASE WHEN reason IS NULL THEN
        CASE WHEN is_calendar THEN coalesce(ended, getvariable('as_at')) - started ELSE b.n - a.n END END AS elapsed,
    CASE WHEN reason IS NULL THEN due END AS due_on,
    CASE WHEN reason IS NOT NULL THEN 'void'
        WHEN is_stopped THEN CASE WHEN elapsed <= days THEN 'in_time' ELSE 'late' END
        WHEN elapsed > days THEN 'overdue'
        WHEN elapsed = days THEN 'at_limit'
        WHEN getvariable('as_at') < c.due AND d.n - b.n <= 5 THEN 'due_soon'
        WHEN rule = 'short_term_work' AND elapsed > 56 THEN 'beyond_expected'
        ELSE 'open' END AS verdict,
    reason,
    CASE WHEN verdict IN ('late', 'overdue') THEN elapsed - days END AS days_over
FROM clock c
JOIN span s ON s.child_id = c.child_id AND s.referral_id = c.referral_id
    AND coalesce(ended - 1, getvariable('as_at')) >= s.since AND coalesce(ended - 1, getvariable('as_at')) < s.until
JOIN calendar a ON a.d = started
JOIN calendar b ON b.d = coalesce(ended, getvariable('as_at'))
JOIN calendar d ON d.d = c.due
WHERE seen_to IS NULL;

-- What may need an answer: running clocks past something, S47s and late work that a closure ended, referrals left alone.
SET VARIABLE now = (SELECT n FROM calendar WHERE d = getvariable('as_at'));

CREATE TABLE kind AS
FROM (VALUES ('child_not_seen', 1), ('overdue', 2), ('no_outcome', 3), ('unallocated', 4), ('not_started', 5),
    ('no_oversight', 6), ('closed_unfinished', 7), ('beyond_limit', 8), ('no_recent_activity', 9), ('icpc_not_booked', 10))
    kinds(name, place);

CREATE TABLE listed AS
WITH late_clock AS (
    SELECT c.rule, c.child_id, c.referral_id, c.step_id, c.started, c.due, c.ended, c.days, c.reason, c.is_calendar,
        ended IS NULL AS is_running,
        CASE WHEN ended IS NULL THEN CASE WHEN is_calendar THEN getvariable('as_at') - started ELSE getvariable('now') - a.n END END AS elapsed,
        CASE WHEN is_calendar THEN coalesce(ended, getvariable('as_at')) - started ELSE b.n - a.n END AS age,
        getvariable('now') - d.n AS past_due
    FROM clock c JOIN calendar a ON a.d = started JOIN calendar b ON b.d = coalesce(ended, getvariable('as_at'))
        JOIN calendar d ON d.d = c.due
    WHERE seen_to IS NULL AND (ended IS NULL OR (reason = 'case_closed'
        AND (ended > getvariable('as_at') - 7 OR rule = 's47_to_icpc')))
),
-- The days that the list shows are the child's or the referral's.
open_referral AS (
    SELECT * FROM referral SEMI JOIN (SELECT child_id, referral_id FROM late_clock
        UNION SELECT child_id, referral_id FROM referral WHERE nfa IS NULL AND closed IS NULL) USING (child_id, referral_id)
),
child AS (
    SELECT child_id, max(seen) AS seen FROM referral SEMI JOIN open_referral USING (child_id) GROUP BY child_id
),
context AS (
    SELECT r.*, c.seen AS child_seen, greatest(r.last_event, c.seen) AS last_any, nfa IS NULL AND closed IS NULL AS is_open,
        booked >= getvariable('as_at') AS is_booked
    FROM open_referral r JOIN child c USING (child_id)
),
clock_kinds AS (
    SELECT l.*, list_filter([
        {'rank': 1, 'place': 1, 'holds': is_running AND (child_seen IS NULL OR child_seen < l.started)
            AND (rule IN ('initial_assessment', 'core_assessment') AND elapsed > 10 OR rule = 's47_to_icpc' AND elapsed > 1)},
        {'rank': CASE WHEN rule IN ('s47_to_icpc', 'first_review', 'later_review') THEN 1 WHEN rule = 'referral_decision' THEN 2
            WHEN rule = 'authorisation' THEN 4 ELSE 3 END, 'place': 2,
            'holds': is_running AND rule <> 'short_term_work' AND elapsed > days},
        {'rank': 1, 'place': 3, 'holds': is_running AND rule = 's47_to_icpc' AND getvariable('now') - s.n >= 5
            AND is_booked IS NOT TRUE},
        {'rank': 3, 'place': 6, 'holds': is_running AND elapsed > days AND past_due >= 3
            AND (decision IS NULL OR decision < due)},
        {'rank': 3, 'place': 7, 'holds': reason = 'case_closed' AND CASE
            WHEN rule IN ('initial_assessment', 'core_assessment') THEN age > days
            WHEN rule = 's47_to_icpc' THEN ended > getvariable('as_at') - 7 OR s.completed IS NULL
            ELSE rule IN ('first_review', 'later_review') END},
        {'rank': 4, 'place': 8, 'holds': is_running AND rule = 'short_term_work' AND elapsed > days},
        {'rank': 4, 'place': 10, 'holds': is_running AND rule = 's47_to_icpc' AND elapsed >= 10 AND is_booked IS NOT TRUE}
    ], lambda k: k.holds) AS kinds
    FROM late_clock l JOIN context USING (child_id, referral_id)
    LEFT JOIN (SELECT g.child_id, g.referral_id, g.step_id, g.completed, n.n
        FROM grouped g SEMI JOIN late_clock USING (child_id, referral_id, step_id) LEFT JOIN calendar n ON n.d = g.completed
        WHERE first_event = 's47_started') s USING (child_id, referral_id, step_id)
),
clock_row AS (
    SELECT *,
        row_number() OVER (PARTITION BY child_id, referral_id
            ORDER BY first_kind['rank'], greatest(past_due, 0) DESC, started, rule, step_id NULLS FIRST) AS number
    FROM (SELECT *, list_sort(kinds)[1] AS first_kind FROM clock_kinds WHERE len(kinds) > 0)
),
running_referral AS (
    SELECT DISTINCT child_id, referral_id FROM late_clock WHERE is_running
),
referral_row AS (
    SELECT c.child_id, c.referral_id, c.received, getvariable('now') - a.n AS age, list_filter([
        {'rank': 2, 'place': 4, 'holds': allocated IS NULL AND r.child_id IS NOT NULL AND getvariable('now') - a.n > 1},
        {'rank': 2, 'place': 5, 'holds': is_open AND decided IS NOT NULL AND NOT has_step AND getvariable('now') - a.n > 3},
        {'rank': 4, 'place': 9, 'holds': is_open AND getvariable('now') - b.n >= 20}
    ], lambda k: k.holds) AS kinds
    FROM context c LEFT JOIN running_referral r USING (child_id, referral_id)
        JOIN calendar a ON a.d = received JOIN calendar b ON b.d = last_any
    WHERE len(kinds) > 0
),
-- What is about the referral stands on its gravest row, behind a kind of the same rank, or on a row of its own.
entry AS (
    SELECT rule, child_id, referral_id, step_id, c.started, c.due, c.elapsed, c.days, c.past_due, c.is_running, c.ended,
        list_concat(list_transform(c.kinds, lambda k: {'rank': k.rank, 'added': k <> first_kind, 'place': k.place}),
            CASE WHEN number = 1 THEN list_transform(r.kinds, lambda k: {'rank': k.rank, 'added': true, 'place': k.place}) END) AS kinds
    FROM clock_row c LEFT JOIN referral_row r USING (child_id, referral_id)
    UNION ALL
    SELECT 'referral', child_id, referral_id, NULL, r.received, d.due, r.age, d.days, getvariable('now') - n.n, true, NULL,
        list_transform(r.kinds, lambda k: {'rank': k.rank, 'added': true, 'place': k.place})
    FROM referral_row r ANTI JOIN clock_row USING (child_id, referral_id)
    LEFT JOIN due d ON d.start = r.received AND d.days = CASE r.kinds[1].place WHEN 4 THEN 1 WHEN 5 THEN 3 END
    LEFT JOIN calendar n ON n.d = d.due
)
SELECT getvariable('as_at') AS week_ending, t.group_manager, s.team, e.child_id, e.referral_id, step_id, rule,
    list_sort(kinds)[1].rank AS rank, (SELECT name FROM kind WHERE place = list_sort(kinds)[1].place) AS kind,
    array_to_string(list_transform(list_sort(kinds)[2:], lambda k: (['child_not_seen', 'overdue', 'no_outcome', 'unallocated',
        'not_started', 'no_oversight', 'closed_unfinished', 'beyond_limit', 'no_recent_activity', 'icpc_not_booked'])[k.place]), ' ') AS also,
    started AS started_on, CASE WHEN is_running THEN e.due END AS due_on, elapsed, days AS "limit",
    CASE WHEN elapsed > days THEN elapsed - days END AS days_over,
    child_seen AS last_seen_on, decision AS last_decision_on, last_any AS last_event_on
FROM entry e JOIN context c USING (child_id, referral_id)
JOIN span s ON s.child_id = e.child_id AND s.referral_id = e.referral_id
    AND coalesce(e.ended - 1, getvariable('as_at')) >= s.since AND coalesce(e.ended - 1, getvariable('as_at')) < s.until
JOIN teams t ON t.unit = s.team
ORDER BY rank, greatest(past_due, 0) DESC, started_on, e.child_id, rule, step_id;

COPY listed TO '${out}/exceptions.csv' (HEADER);
