-- The job of the race in DuckDB: clocks, the week cube and the exception list of a case-events export.
-- duckdb_job.py fills in what stands in braces; ../README.md says what is relied upon in the input.

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

CREATE TYPE rule_name AS ENUM (
    'referral_decision', 'initial_assessment', 'core_assessment', 'authorisation', 's47_to_icpc', 'icpc_to_core_group',
    'first_review', 'later_review', 'short_term_work');

CREATE TABLE teams AS
SELECT unit, team, group_manager, service, short_term = 1 AS short_term
FROM read_csv('${teams}', header = true);

-- In order of the names, so that the greatest code is the greatest name.
CREATE TYPE team_name AS ENUM (SELECT unit FROM teams ORDER BY unit);

CREATE TABLE calendar AS
SELECT date AS d, working, sum(working) OVER (ORDER BY date)::INTEGER AS n
FROM read_csv('${calendar}', header = true, columns = {'date': 'DATE', 'working': 'TINYINT'});

-- For a start and a limit in working days: the due date, and the first day on which the clock is past it.
CREATE MACRO due_key(day, days) AS (day - DATE '2000-01-01') * 64 + days;

CREATE TABLE due AS
SELECT due_key(s.d, limits.days) AS key, a.d AS due, b.d AS over
FROM calendar s, (VALUES (1), (3), (5), (7), (10), (15), (35)) limits(days), calendar a, calendar b
WHERE a.working = 1 AND a.n = s.n + limits.days AND b.working = 1 AND b.n = s.n + limits.days + 1;

SET VARIABLE as_at = DATE '${as_at}';

-- One pass over the file: a row for each step, and one, without a step, for what belongs to the referral alone. The two
-- share columns, since an aggregate costs the same for few rows as for many: `started` is the start of a step, or the day
-- a referral was received, and so on. Rows that are the same leave the least and the greatest as they are; the two lists
-- lose them further down.
CREATE TABLE grouped AS
SELECT
    child_id, referral_id, step_id,
    min(event) AS first_event,
    min(date) FILTER (event IN ('referral_received', 'initial_assessment_started', 'core_assessment_started', 's47_started',
        'cp_plan_started')) AS started,
    min(date) FILTER (event IN ('referral_decided', 'initial_assessment_completed', 'core_assessment_completed',
        's47_completed')) AS completed,
    max(date) FILTER (event IN ('child_seen', 'initial_assessment_completed', 'core_assessment_completed')) AS latest,
    min(date) FILTER (event IN ('case_closed', 'initial_assessment_authorised', 'core_assessment_authorised')) AS authorised,
    min(date) FILTER (event IN ('referral_nfa', 'initial_assessment_cancelled', 'core_assessment_cancelled', 's47_cancelled'))
        AS cancelled,
    min(date) FILTER (event IN ('case_allocated', 'initial_assessment_returned', 'core_assessment_returned')) AS returned,
    min(date) FILTER (event IN ('icpc_held', 'icpc_not_required', 'cp_plan_ended')) AS answered,
    min(date) FILTER (event = 'core_group_held') AS core_group,
    list(date) FILTER (event = 'cp_review_held') AS reviews,
    max(date) FILTER (event = 'management_decision_recorded') AS decision,
    max(date) FILTER (event <> 'icpc_arranged' OR date <= getvariable('as_at')) AS last_event,
    max(date) FILTER (event = 'icpc_arranged') AS booked,
    min(team) FILTER (event IN (${holding})) AS team_min,
    max(team) FILTER (event IN (${holding})) AS team_max,
    -- The rows that say who holds the case, each in one number: its day, event, day of recording and team.
    list(((date - DATE '2000-01-01') * 32 + enum_code(event)) * 8388608
        + greatest(recorded_at - date, 0) * 256 + enum_code(team)) FILTER (event IN (${holding})) AS holding
FROM read_csv('${events}', header = true, auto_detect = false, delim = ',', quote = '"', columns = {
    'child_id': 'VARCHAR', 'event': 'event_name', 'date': 'DATE', 'referral_id': 'VARCHAR', 'step_id': 'VARCHAR',
    'recorded_at': 'DATE', 'team': 'team_name', 'worker': 'VARCHAR', 'family_id': 'VARCHAR'})
WHERE referral_id IS NOT NULL
    AND CASE WHEN event = 'icpc_arranged' THEN recorded_at <= getvariable('as_at') ELSE date <= getvariable('as_at') END
GROUP BY child_id, referral_id, step_id;

-- Everything about a referral on one row, with a number of its own. Its team, if it was only ever one's.
CREATE TABLE referral AS
WITH own AS (
    FROM grouped WHERE step_id IS NULL
),
steps AS (
    SELECT child_id, referral_id, min(started) FILTER (first_event = 'cp_plan_started') AS plan_started,
        min(answered) FILTER (first_event IN ('cp_plan_started', 'cp_plan_ended')) AS plan_ended,
        bool_or(first_event < 'cp_plan_started'::event_name) AS has_step, max(last_event) AS last_event,
        min(team_min) AS team_min, max(team_max) AS team_max
    FROM grouped WHERE step_id IS NOT NULL GROUP BY child_id, referral_id
)
SELECT row_number() OVER () AS referral, o.child_id, o.referral_id, o.started AS received, o.completed AS decided, o.cancelled AS nfa,
    o.returned AS allocated, o.authorised AS closed, o.answered AS held, o.core_group, o.reviews, o.latest AS seen,
    s.plan_started, s.plan_ended, coalesce(s.has_step, false) AS has_step, o.decision, greatest(o.last_event, s.last_event) AS last_event,
    o.booked, CASE WHEN least(o.team_min, s.team_min) = greatest(o.team_max, s.team_max) THEN o.team_min END AS team
FROM own o LEFT JOIN steps s USING (child_id, referral_id);

-- Who held a referral from a day to a day, for those that changed hands.
CREATE TABLE span AS
WITH many AS (
    SELECT r.referral, g.step_id, unnest(g.holding) AS packed
    FROM grouped g JOIN referral r USING (child_id, referral_id)
    WHERE r.team IS NULL
),
-- Of rows that are the same, the one recorded first, then the one with the smallest team.
kept AS (
    SELECT referral, DATE '2000-01-01' + (packed // 268435456)::INTEGER AS date, packed // 8388608 % 32 AS event,
        min(packed % 8388608) % 256 AS team
    FROM many
    GROUP BY referral, step_id, packed // 8388608, date, event
),
-- Of one day, the event that says most surely who holds the case, then the greatest team.
daily AS (
    SELECT referral, date, max(256 * CASE enum_range(NULL::event_name)[event + 1] WHEN 'team_changed' THEN 5
            WHEN 'case_transferred' THEN 4 WHEN 'case_allocated' THEN 3 WHEN 'referral_decided' THEN 1
            WHEN 'referral_received' THEN 0 ELSE 2 END + team) % 256 AS team
    FROM kept
    GROUP BY referral, date
),
changed AS (
    SELECT *, lag(team) OVER (PARTITION BY referral ORDER BY date) AS before
    FROM daily
    QUALIFY before IS DISTINCT FROM team
)
SELECT referral, enum_range(NULL::team_name)[team + 1]::team_name AS team,
    CASE WHEN before IS NULL THEN DATE '1900-01-01' ELSE date END AS since,
    coalesce(lead(date) OVER (PARTITION BY referral ORDER BY date), DATE '2100-01-01') AS until
FROM changed;

-- Short-term work: from the first day with a marked unit, to the first change from a marked unit to one without a mark.
CREATE TABLE short_term AS
WITH held AS (
    SELECT * FROM span
    UNION ALL
    SELECT referral, team, DATE '1900-01-01', DATE '2100-01-01' FROM referral
    WHERE team IN (SELECT unit::team_name FROM teams WHERE short_term)
),
marked AS (
    SELECT h.*, t.short_term, lead(t.short_term) OVER (PARTITION BY referral ORDER BY since) AS next_short_term
    FROM held h JOIN teams t ON t.unit::team_name = h.team
)
SELECT referral, min(since) FILTER (short_term) AS since, min(until) FILTER (short_term AND NOT next_short_term) AS left_on
FROM marked
GROUP BY referral
HAVING since IS NOT NULL;

-- The clocks. A clock as one sees it changes with what has happened so far: `seen_from` is the first day on which it is
-- there, `seen_to` the first on which another one stands in its place. A void ends it as a stop does.
CREATE TABLE clock AS
WITH step AS (
    SELECT g.rowid AS step, g.first_event, g.started, g.completed, g.latest, g.returned, g.authorised, g.cancelled, g.answered,
        r.referral, r.team, r.received, r.closed, r.held
    FROM grouped g JOIN referral r USING (child_id, referral_id)
    WHERE g.step_id IS NOT NULL AND g.first_event < 'cp_plan_started'::event_name
),
plan AS (
    SELECT * FROM referral WHERE plan_started BETWEEN held AND held + 15
),
review AS (
    SELECT referral, team, date, plan_ended, closed, lead(date) OVER (PARTITION BY referral ORDER BY date) AS next_date
    FROM (SELECT referral, team, unnest(list_distinct(reviews)) AS date, plan_started, plan_ended, closed
        FROM referral WHERE reviews IS NOT NULL AND plan_started IS NOT NULL)
    WHERE plan_started <= date AND (plan_ended IS NULL OR plan_ended >= date)
),
found(rule, referral, team, step, started, stopped, voided, why, closed, seen_from, seen_to, days) AS (
    SELECT 'referral_decision'::rule_name, referral, team, NULL, received, least(decided, nfa), NULL::DATE, NULL::event_name,
        closed, received, NULL::DATE, 1
    FROM referral
    UNION ALL
    -- The only initial assessment of a referral is its first; a cancelled one is not the first, and runs from its own start.
    SELECT 'initial_assessment'::rule_name, referral, team, step, received, authorised, NULL, NULL, closed, started, cancelled,
        CASE WHEN received <= DATE '2010-03-16' THEN 7 ELSE 10 END
    FROM step WHERE first_event = 'initial_assessment_started'
    UNION ALL
    SELECT 'initial_assessment'::rule_name, referral, team, step, started, NULL, cancelled, 'initial_assessment_cancelled'::event_name, NULL,
        cancelled, NULL, CASE WHEN started <= DATE '2010-03-16' THEN 7 ELSE 10 END
    FROM step WHERE first_event = 'initial_assessment_started' AND cancelled IS NOT NULL
    UNION ALL
    SELECT 'core_assessment'::rule_name, referral, team, step, started, authorised, cancelled, 'core_assessment_cancelled'::event_name, closed,
        started, NULL, 35
    FROM step WHERE first_event = 'core_assessment_started'
    UNION ALL
    -- From the last completion so far: one that was handed in twice is seen twice.
    SELECT 'authorisation'::rule_name, referral, team, step, latest, authorised, CASE WHEN returned >= latest THEN returned END,
        CASE first_event WHEN 'initial_assessment_started' THEN 'initial_assessment_returned'::event_name
            ELSE 'core_assessment_returned'::event_name END,
        closed, latest, NULL, 5
    FROM step WHERE first_event IN ('initial_assessment_started', 'core_assessment_started') AND completed IS NOT NULL
    UNION ALL
    SELECT 'authorisation'::rule_name, referral, team, step, completed, NULL, CASE WHEN returned < latest THEN returned END,
        CASE first_event WHEN 'initial_assessment_started' THEN 'initial_assessment_returned'::event_name
            ELSE 'core_assessment_returned'::event_name END,
        closed, completed, latest, 5
    FROM step WHERE first_event IN ('initial_assessment_started', 'core_assessment_started') AND completed < latest
    UNION ALL
    SELECT 's47_to_icpc'::rule_name, referral, team, step, started, CASE WHEN held >= started THEN held END, least(answered, cancelled),
        CASE WHEN cancelled <= answered OR answered IS NULL THEN 's47_cancelled'::event_name
            ELSE 'icpc_not_required'::event_name END, closed,
        started, NULL, 15
    FROM step WHERE first_event = 's47_started'
    UNION ALL
    SELECT 'icpc_to_core_group'::rule_name, referral, team, NULL, held, core_group, plan_ended, 'cp_plan_ended'::event_name, closed, plan_started,
        NULL, 10
    FROM plan
    UNION ALL
    SELECT 'first_review'::rule_name, referral, team, NULL, held, list_min(list_filter(reviews, lambda day: day > held)), plan_ended,
        'cp_plan_ended'::event_name, closed, plan_started, NULL, date_diff('day', held, held + INTERVAL 3 MONTHS)::INTEGER
    FROM plan
    UNION ALL
    SELECT 'later_review'::rule_name, referral, team, NULL, date, next_date, plan_ended, 'cp_plan_ended'::event_name, closed, date, NULL,
        date_diff('day', date, date + INTERVAL 6 MONTHS)::INTEGER
    FROM review
    UNION ALL
    SELECT 'short_term_work'::rule_name, referral, r.team, NULL, received,
        CASE WHEN nfa <= least(r.closed, s.left_on) THEN NULL ELSE least(r.closed, s.left_on) END, nfa, 'referral_nfa'::event_name, NULL,
        greatest(received, s.since), NULL, 84
    FROM referral r JOIN short_term s USING (referral)
),
ended AS (
    SELECT *, rule >= 'first_review'::rule_name AS is_calendar,
        coalesce(stopped <= voided, stopped IS NOT NULL) AS is_stopped,
        CASE WHEN is_stopped THEN stopped ELSE least(voided, CASE WHEN closed >= started THEN closed END) END AS ended,
        -- What stops after the closure was void from the closure to the stop.
        coalesce(is_stopped AND closed >= started AND closed < ended, false) AS is_late
    FROM found
)
SELECT rule, referral, team, step, started, ended, is_stopped, is_late, is_calendar, closed, days, seen_to,
    CASE WHEN is_late THEN ended ELSE seen_from END AS seen_from, seen_from AS first_seen_from,
    CASE WHEN is_stopped THEN NULL WHEN voided = ended THEN why WHEN ended IS NOT NULL THEN 'case_closed'::event_name END AS reason,
    CASE WHEN is_calendar THEN started + days ELSE d.due END AS due,
    CASE WHEN is_calendar THEN started + days + 1 ELSE d.over END AS over
FROM ended LEFT JOIN due d ON d.key = due_key(started, days);

INSERT INTO clock BY NAME
SELECT * REPLACE (first_seen_from AS seen_from, ended AS seen_to, closed AS ended, false AS is_stopped, false AS is_late,
    'case_closed' AS reason)
FROM clock
WHERE is_late;

-- Weeks are counted from the first whole one.
SET VARIABLE monday = (SELECT date_trunc('week', min(received) + 6)::DATE FROM referral);
CREATE MACRO week(day) AS (day - getvariable('monday') + 700) // 7 - 100;
CREATE MACRO sunday(week) AS getvariable('monday') + (week * 7 + 6)::INTEGER;
SET VARIABLE weeks = (SELECT (week(getvariable('as_at')) + 1)::INTEGER);

-- What each clock, or each holder of one, adds to which weeks; clocks that add the same are put together first.
CREATE TABLE piece AS
WITH held AS (
    SELECT rule, team, is_stopped, ended < over AS is_met, week(started) AS start_week, week(due) AS due_week,
        week(over) AS over_week, week(ended) AS end_week, week(seen_from) AS from_week, week(seen_to) AS to_week,
        count(*) AS clocks
    FROM clock
    WHERE team IS NOT NULL
    GROUP BY ALL
),
moved AS (
    SELECT rule, s.team, s.since, s.until, is_stopped, ended < over AS is_met, week(started) AS start_week, week(due) AS due_week,
        week(over) AS over_week, week(ended) AS end_week, week(seen_from) AS from_week, week(seen_to) AS to_week,
        ended - 1 AS end_day,
        CASE WHEN end_week <= start_week THEN ended - 1 ELSE sunday(start_week) END AS start_day,
        CASE WHEN end_week <= due_week THEN ended - 1 ELSE sunday(due_week) END AS due_day
    FROM clock JOIN span s USING (referral)
),
joined AS (
    SELECT *, 0 AS since_week, 9999 AS until_week, true AS has_start, true AS has_end, true AS has_due FROM held
    UNION ALL BY NAME
    SELECT rule, team, is_stopped, is_met, start_week, due_week, over_week, end_week, from_week, to_week, 1 AS clocks,
        week(since) AS since_week, week(until) AS until_week, start_day >= since AND start_day < until AS has_start,
        end_day >= since AND end_day < until AS has_end, due_day >= since AND due_day < until AS has_due
    FROM moved
)
SELECT rule, team, is_stopped, is_met, clocks,
    CASE WHEN has_start AND from_week <= start_week AND (to_week IS NULL OR start_week < to_week) THEN start_week END AS start_week,
    CASE WHEN has_end AND from_week <= end_week AND (to_week IS NULL OR end_week < to_week) THEN end_week END AS end_week,
    CASE WHEN has_due AND from_week <= due_week AND (to_week IS NULL OR due_week < to_week)
        AND (is_stopped OR end_week IS NULL OR end_week > due_week) THEN due_week END AS due_week,
    is_met AND joined.end_week <= joined.due_week AS is_met_then,
    greatest(from_week, since_week, 0) AS run_from,
    least(joined.end_week, to_week, until_week, getvariable('weeks')) AS run_to,
    greatest(from_week, since_week, 0, over_week) AS over_from
FROM joined;

CREATE TABLE cube AS
WITH flow AS (
    SELECT rule, team, start_week AS week, sum(clocks) AS started, 0 AS stopped, 0 AS in_time, 0 AS voided, 0 AS due, 0 AS met,
        0 AS running, 0 AS overdue
    FROM piece WHERE start_week >= 0 GROUP BY ALL
    UNION ALL
    SELECT rule, team, end_week, 0, coalesce(sum(clocks) FILTER (is_stopped), 0), coalesce(sum(clocks) FILTER (is_stopped AND is_met), 0),
        coalesce(sum(clocks) FILTER (NOT is_stopped), 0), 0, 0, 0, 0
    FROM piece WHERE end_week >= 0 GROUP BY ALL
    UNION ALL
    SELECT rule, team, due_week, 0, 0, 0, 0, sum(clocks), coalesce(sum(clocks) FILTER (is_stopped AND is_met_then), 0), 0, 0
    FROM piece WHERE due_week >= 0 GROUP BY ALL
    UNION ALL
    SELECT rule, team, run_from, 0, 0, 0, 0, 0, 0, sum(clocks), 0 FROM piece WHERE run_from < run_to GROUP BY ALL
    UNION ALL
    SELECT rule, team, run_to, 0, 0, 0, 0, 0, 0, -sum(clocks), 0 FROM piece WHERE run_from < run_to GROUP BY ALL
    UNION ALL
    SELECT rule, team, over_from, 0, 0, 0, 0, 0, 0, 0, sum(clocks) FROM piece WHERE over_from < run_to GROUP BY ALL
    UNION ALL
    SELECT rule, team, run_to, 0, 0, 0, 0, 0, 0, 0, -sum(clocks) FROM piece WHERE over_from < run_to GROUP BY ALL
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
COPY (
WITH summed AS (
    SELECT week, rule,
        CASE WHEN grouping(unit) = 0 THEN 'unit' WHEN grouping(t.team) = 0 THEN 'team'
            WHEN grouping(group_manager) = 0 THEN 'group_manager' WHEN grouping(service) = 0 THEN 'service'
            ELSE 'authority' END AS level,
        coalesce(unit::VARCHAR, t.team, group_manager, service, 'all') AS name,
        sum(started) AS started, sum(stopped) AS stopped, sum(in_time) AS in_time, sum(voided) AS voided, sum(due) AS due,
        sum(met) AS met, sum(running) AS running, sum(overdue) AS overdue
    FROM cube c JOIN teams t ON t.unit::team_name = c.team
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
WHERE coalesce(whole, part) > 0) TO '${out}/cards.csv' (HEADER);

-- The clocks as at the day, as ids and names, for the check.
CREATE VIEW judged AS
SELECT rule, r.child_id, r.referral_id, g.step_id, coalesce(c.team, s.team) AS team, c.started AS started_on, ended AS stopped_on,
    CASE WHEN is_calendar THEN 'days' ELSE 'wd' END AS unit, days AS "limit",
    CASE WHEN reason IS NULL THEN
        CASE WHEN is_calendar THEN coalesce(ended, getvariable('as_at')) - c.started ELSE b.n - a.n END END AS elapsed,
    CASE WHEN reason IS NULL THEN due END AS due_on,
    CASE WHEN reason IS NOT NULL THEN 'void'
        WHEN is_stopped THEN CASE WHEN elapsed <= days THEN 'in_time' ELSE 'late' END
        WHEN elapsed > days THEN 'overdue'
        WHEN elapsed = days THEN 'at_limit'
        WHEN getvariable('as_at') < due AND d.n - b.n <= 5 THEN 'due_soon'
        WHEN rule = 'short_term_work' AND elapsed > 56 THEN 'beyond_expected'
        ELSE 'open' END AS verdict,
    reason,
    CASE WHEN verdict IN ('late', 'overdue') THEN elapsed - days END AS days_over
FROM clock c
JOIN referral r USING (referral)
LEFT JOIN grouped g ON g.rowid = c.step
LEFT JOIN span s ON s.referral = c.referral
    AND coalesce(ended - 1, getvariable('as_at')) >= s.since AND coalesce(ended - 1, getvariable('as_at')) < s.until
JOIN calendar a ON a.d = c.started
JOIN calendar b ON b.d = coalesce(ended, getvariable('as_at'))
JOIN calendar d ON d.d = c.due
WHERE seen_to IS NULL;

-- What may need an answer: running clocks past something, S47s and late work that a closure ended, referrals left alone.
SET VARIABLE now = (SELECT n FROM calendar WHERE d = getvariable('as_at'));

COPY (
WITH late_clock AS (
    SELECT c.rule, c.referral, c.step, c.started, c.due, c.ended, c.days, c.reason, ended IS NULL AS is_running,
        CASE WHEN is_calendar THEN coalesce(ended, getvariable('as_at')) - started ELSE b.n - a.n END AS age,
        getvariable('now') - d.n AS past_due
    FROM clock c JOIN calendar a ON a.d = started JOIN calendar b ON b.d = coalesce(ended, getvariable('as_at'))
        JOIN calendar d ON d.d = c.due
    WHERE seen_to IS NULL AND (ended IS NULL OR (reason = 'case_closed'
        AND (ended > getvariable('as_at') - 7 OR rule = 's47_to_icpc')))
),
-- The days that the list shows are the child's or the referral's.
open_referral AS (
    SELECT * FROM referral WHERE (nfa IS NULL AND closed IS NULL) OR referral IN (SELECT referral FROM late_clock)
),
child AS (
    SELECT child_id, max(seen) AS seen FROM referral SEMI JOIN open_referral USING (child_id) GROUP BY child_id
),
context AS (
    SELECT r.* EXCLUDE (team), c.seen AS child_seen, greatest(r.last_event, c.seen) AS last_any,
        nfa IS NULL AND closed IS NULL AS is_open, coalesce(booked >= getvariable('as_at'), false) AS is_booked
    FROM open_referral r JOIN child c USING (child_id)
),
clock_kinds AS (
    SELECT l.*, g.step_id, list_filter([
        {'rank': 1, 'place': 1, 'holds': is_running AND (child_seen IS NULL OR child_seen < l.started)
            AND (rule IN ('initial_assessment', 'core_assessment') AND age > 10 OR rule = 's47_to_icpc' AND age > 1)},
        {'rank': CASE WHEN rule IN ('s47_to_icpc', 'first_review', 'later_review') THEN 1 WHEN rule = 'referral_decision' THEN 2
            WHEN rule = 'authorisation' THEN 4 ELSE 3 END, 'place': 2,
            'holds': is_running AND rule <> 'short_term_work' AND age > days},
        {'rank': 1, 'place': 3, 'holds': is_running AND rule = 's47_to_icpc' AND NOT is_booked
            AND getvariable('now') - n.n >= 5},
        {'rank': 3, 'place': 6, 'holds': is_running AND age > days AND past_due >= 3 AND (decision IS NULL OR decision < due)},
        {'rank': 3, 'place': 7, 'holds': reason = 'case_closed' AND CASE
            WHEN rule IN ('initial_assessment', 'core_assessment') THEN age > days
            WHEN rule = 's47_to_icpc' THEN ended > getvariable('as_at') - 7 OR g.completed IS NULL
            ELSE rule IN ('first_review', 'later_review') END},
        {'rank': 4, 'place': 8, 'holds': is_running AND rule = 'short_term_work' AND age > days},
        {'rank': 4, 'place': 10, 'holds': is_running AND rule = 's47_to_icpc' AND NOT is_booked AND age >= 10}
    ], lambda k: k.holds) AS kinds
    FROM late_clock l JOIN context USING (referral)
    LEFT JOIN (FROM grouped SELECT rowid AS step, step_id, completed) g USING (step)
    LEFT JOIN calendar n ON n.d = g.completed
),
clock_row AS (
    SELECT *,
        row_number() OVER (PARTITION BY referral
            ORDER BY first_kind['rank'], greatest(past_due, 0) DESC, started, rule::VARCHAR, step_id NULLS FIRST) AS number
    FROM (SELECT *, list_sort(kinds)[1] AS first_kind FROM clock_kinds WHERE len(kinds) > 0)
),
referral_row AS (
    SELECT referral, c.received, getvariable('now') - a.n AS age, list_filter([
        {'rank': 2, 'place': 4, 'holds': allocated IS NULL AND getvariable('now') - a.n > 1
            AND referral IN (SELECT referral FROM late_clock WHERE is_running)},
        {'rank': 2, 'place': 5, 'holds': is_open AND decided IS NOT NULL AND NOT has_step AND getvariable('now') - a.n > 3},
        {'rank': 4, 'place': 9, 'holds': is_open AND getvariable('now') - b.n >= 20}
    ], lambda k: k.holds) AS kinds
    FROM context c JOIN calendar a ON a.d = received JOIN calendar b ON b.d = last_any
    WHERE len(kinds) > 0
),
-- What is about the referral stands on its gravest row, behind a kind of the same rank, or on a row of its own.
entry AS (
    SELECT rule::VARCHAR AS rule, referral, step_id, c.started, c.due, c.age, c.days, c.past_due, c.is_running, c.ended,
        list_sort(list_concat(list_transform(c.kinds, lambda k: {'rank': k.rank, 'added': k <> first_kind, 'place': k.place}),
            CASE WHEN number = 1 THEN list_transform(r.kinds, lambda k: {'rank': k.rank, 'added': true, 'place': k.place}) END)) AS kinds
    FROM clock_row c LEFT JOIN referral_row r USING (referral)
    UNION ALL
    SELECT 'referral', referral, NULL, r.received, d.due, r.age, CASE r.kinds[1].place WHEN 4 THEN 1 WHEN 5 THEN 3 END,
        getvariable('now') - n.n, true, NULL,
        list_sort(list_transform(r.kinds, lambda k: {'rank': k.rank, 'added': true, 'place': k.place}))
    FROM referral_row r ANTI JOIN clock_row USING (referral)
    LEFT JOIN due d ON d.key = due_key(r.received, CASE r.kinds[1].place WHEN 4 THEN 1 WHEN 5 THEN 3 END)
    LEFT JOIN calendar n ON n.d = d.due
),
named AS (
    SELECT *, list_transform(kinds, lambda k: (['child_not_seen', 'overdue', 'no_outcome', 'unallocated', 'not_started',
        'no_oversight', 'closed_unfinished', 'beyond_limit', 'no_recent_activity', 'icpc_not_booked'])[k.place]) AS names
    FROM entry
)
SELECT getvariable('as_at') AS week_ending, t.group_manager, t.unit AS team, c.child_id, c.referral_id, step_id, rule,
    kinds[1].rank AS rank, names[1] AS kind, array_to_string(names[2:], ' ') AS also,
    started AS started_on, CASE WHEN is_running THEN due END AS due_on, CASE WHEN is_running THEN age END AS elapsed,
    days AS "limit", CASE WHEN is_running AND age > days THEN age - days END AS days_over,
    child_seen AS last_seen_on, c.decision AS last_decision_on, last_any AS last_event_on
FROM named e JOIN context c USING (referral) JOIN referral r USING (referral)
LEFT JOIN span s ON s.referral = e.referral
    AND coalesce(e.ended - 1, getvariable('as_at')) >= s.since AND coalesce(e.ended - 1, getvariable('as_at')) < s.until
JOIN teams t ON t.unit::team_name = coalesce(r.team, s.team)
ORDER BY rank, greatest(past_due, 0) DESC, started_on, c.child_id, rule, step_id
) TO '${out}/exceptions.csv' (HEADER);
