#!/usr/bin/env python3
"""An independent reading of the fixtures in Fixtures/formats, to compare the program's with.

read_formats.py FORMAT PATH, with FORMAT one of ssd, sqlite, census, api, annex, xlsx, mapping, prints every event
as child,event,date,referral,step in order, one a line, and then how many events there are, those without a usable
date among them. Python's own readers and openpyxl do the reading; nothing here is fast.
"""
import csv
import datetime
import json
import pathlib
import re
import sqlite3
import sys
import xml.etree.ElementTree as ElementTree

NOTHING = {'', 'null', '#n/a', '-1', ':', 'none'}


def date(value):
    """A date as yyyy-mm-dd; None for nothing, False for what is none."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        value = value.isoformat()
    text = clean(value)
    text = text.split('T')[0].strip()
    if re.fullmatch(r'\d{1,4}[-/]\d{1,2}[-/]\d{1,4} \d.*', text):
        text = text.split(' ')[0]
    if not text or text in ('1900-01-01', '01/01/1900', '9999-12-31'):
        return None
    if re.fullmatch(r'\d{5}(\.\d+)?', text):
        return (datetime.date(1899, 12, 30) + datetime.timedelta(int(float(text)))).isoformat()
    for form in ('%Y-%m-%d', '%d/%m/%Y', '%d-%b-%y', '%d %B %Y'):
        try:
            return datetime.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            pass
    return False


def clean(value):
    text = '' if value is None else str(value).replace('\u00a0', ' ').strip()
    return '' if text.lower() in NOTHING else text


def ident(value):
    return re.sub(r'^(\d+)\.0$', r'\1', clean(value))


def yes(value):
    return any(part.strip().lower() in ('y', 'yes', '1', 'true') for part in re.split(r'[)]', clean(value)))


class Events(list):
    def add(self, child, event, day, referral='', step='', needed=False):
        found = date(day)
        if found is None and not needed:
            return
        self.append((ident(child), event, found or '', ident(referral), ident(step)))

    def step(self, child, kind, dates, referral='', step=''):
        """The events of one step; one with a name and no date at all is there all the same."""
        has = any(date(day) is not None for _, day in dates)
        for verb, day in dates:
            self.add(child, f'{kind}_{verb}', day, referral, step,
                     needed=verb == 'started' and not has and ident(step) != '')


def dataset(tables):
    events = Events()
    for r in tables.get('ssd_contacts', []):
        events.add(r['cont_person_id'], 'contact_received', r['cont_contact_date'])
    for r in tables.get('ssd_cin_episodes', []):
        child, referral = r['cine_person_id'], r['cine_referral_id']
        events.add(child, 'referral_received', r['cine_referral_date'], referral, needed=True)
        if yes(r['cine_referral_nfa']):
            closed = date(r['cine_close_date'])
            events.add(child, 'referral_nfa', closed or r['cine_referral_date'], referral)
        events.add(child, 'case_closed', r['cine_close_date'], referral)
    for r in tables.get('ssd_cin_assessments', []):
        events.step(r['cina_person_id'], 'assessment', [('started', r['cina_assessment_start_date']),
                    ('authorised', r['cina_assessment_auth_date'])], r['cina_referral_id'], r['cina_assessment_id'])
    for r in tables.get('ssd_s47_enquiry', []):
        child, referral, step = r['s47e_person_id'], r['s47e_referral_id'], r['s47e_s47_enquiry_id']
        events.step(child, 's47', [('started', r['s47e_s47_start_date']), ('completed', r['s47e_s47_end_date'])],
                    referral, step)
        if yes(r['s47e_s47_nfa']):
            events.add(child, 'icpc_not_required', r['s47e_s47_end_date'], referral, step)
    for r in tables.get('ssd_initial_cp_conference', []):
        child, referral = r['icpc_person_id'], r['icpc_referral_id']
        if yes(r['icpc_icpc_transfer_in']):
            events.add(child, 'transfer_in_conference_held', r['icpc_icpc_date'], referral)
        else:
            events.add(child, 'icpc_held', r['icpc_icpc_date'], referral, r['icpc_s47_enquiry_id'])
    for r in tables.get('ssd_cp_plans', []):
        child, referral, step = r['cppl_person_id'], r['cppl_referral_id'], r['cppl_cp_plan_id']
        events.add(child, 'cp_plan_started', r['cppl_cp_plan_start_date'], referral, step, needed=True)
        events.add(child, 'cp_plan_ended', r['cppl_cp_plan_end_date'], referral, step)
    for r in tables.get('ssd_cp_reviews', []):
        events.add(r['cppr_person_id'], 'cp_review_held', r['cppr_cp_review_date'], '', r['cppr_cp_plan_id'])
    for r in tables.get('ssd_cp_visits', []):
        if yes(r['cppv_cp_visit_seen']):
            events.add(r['cppv_person_id'], 'child_seen', r['cppv_cp_visit_date'])
    for r in tables.get('ssd_involvements', []):
        if r['invo_professional_role_id'] not in ('IRO', 'QA'):
            events.add(r['invo_person_id'], 'case_allocated', r['invo_involvement_start_date'], r['invo_referral_id'])
    return events


def made_step(start, others):
    """The name of a step that has none: the dates of its record, where there is more than its start."""
    dates = [found for found in map(date, [start, *others]) if found]
    return '/'.join(dates) if date(start) and len(dates) > 1 else ''


def annex(lists):
    events = Events()
    spread = {number: [{re.sub(r'\s+', ' ', str(k)).strip().lower(): v for k, v in row.items()} for row in rows]
              for number, rows in lists.items()}
    for r in spread.get(1, []):
        events.add(r['child unique id'], 'contact_received', r['date of contact'])
    for r in spread.get(3, []):
        child = r['child unique id']
        events.add(child, 'referral_received', r['date of referral'], needed=True)
        if yes(r['referral nfa?']):
            events.add(child, 'referral_nfa', r['date of referral'])
    for r in spread.get(4, []):
        child, start = r['child unique id'], r['continuous assessment start date']
        end = r['continuous assessment date of authorisation']
        step = made_step(start, [end])
        events.add(child, 'assessment_started', start, step=step)
        events.add(child, 'assessment_authorised', end, step=step)
    for r in spread.get(5, []):
        child, start = r['child unique id'], r['strategy discussion initiating section 47 enquiry start date']
        held = r['date of initial child protection conference']
        needless = yes(r['was an initial child protection conference deemed unnecessary?'])
        step = made_step(start, [held, start if needless else None])
        events.add(child, 's47_started', start, step=step)
        events.add(child, 'icpc_held', held, step=step)
        if needless:
            events.add(child, 'icpc_not_required', start, step=step)
    for r in spread.get(6, []):
        events.add(r['child unique id'], 'child_seen', r['date child was last seen'])
        events.add(r['child unique id'], 'case_closed', r['cin closure date'])
    for r in spread.get(7, []):
        child = r['child unique id']
        events.add(child, 'cp_plan_started', r['child protection plan start date'])
        events.add(child, 'cp_plan_ended', r['child protection plan end date'])
        events.add(child, 'cp_review_held', r['date of the latest review conference'])
        events.add(child, 'child_seen', r['date of the last statutory visit'])
    return events


def census(path):
    root = ElementTree.parse(path).getroot()
    for element in root.iter():
        element.tag = re.sub(r'^\{.*\}', '', element.tag)
    events = Events()
    for child in root.iter('Child'):
        name = child.findtext('.//LAchildID', '')
        used = {}

        def made(stem):
            used[stem] = used.get(stem, 0) + 1
            return stem if used[stem] == 1 else f'{stem}.{used[stem]}'

        for details in child.findall('CINdetails'):
            received = details.findtext('CINreferralDate', '')
            referral = made('R' + received)
            events.add(name, 'referral_received', received, referral, needed=True)
            closed = details.findtext('CINclosureDate', '')
            if yes(details.findtext('ReferralNFA')):
                events.add(name, 'referral_nfa', closed or received, referral)
            events.add(name, 'case_closed', closed, referral)
            events.add(name, 'transfer_in_conference_held', details.findtext('DateOfInitialCPC'), referral)
            for group, kind, letter, stem in [
                    ('Assessments', 'assessment', 'A', 'Assessment'),
                    ('InitialAssessments', 'initial_assessment', 'I', 'InitialAssessment'),
                    ('CoreAssessments', 'core_assessment', 'C', 'CoreAssessment')]:
                for part in details.findall(group):
                    start = part.findtext(stem + 'ActualStartDate', '')
                    events.step(name, kind, [('started', start),
                                ('authorised', part.findtext(stem + 'AuthorisationDate'))],
                                referral, made(f'{referral} {letter}{start}'))
            for part in details.findall('Section47'):
                start = part.findtext('S47ActualStartDate', '')
                step = made(f'{referral} S{start}')
                events.add(name, 's47_started', start, referral, step, needed=True)
                events.add(name, 'icpc_held', part.findtext('DateOfInitialCPC'), referral, step)
                if yes(part.findtext('ICPCnotRequired')):
                    events.add(name, 'icpc_not_required', start, referral, step)
            for part in details.findall('ChildProtectionPlans'):
                start = part.findtext('CPPstartDate', '')
                step = made(f'{referral} P{start}')
                events.add(name, 'cp_plan_started', start, referral, step, needed=True)
                events.add(name, 'cp_plan_ended', part.findtext('CPPendDate'), referral, step)
                for review in part.iter('CPPreviewDate'):
                    events.add(name, 'cp_review_held', review.text, referral, step)
    return events


def api(path):
    events = Events()
    for child in json.loads(pathlib.Path(path).read_text(encoding='utf-8'))['Children']:
        if child.get('purge'):
            continue
        name = child['la_child_id']
        for episode in child['social_care_episodes']:
            if episode.get('purge'):
                continue
            referral, closed = episode['social_care_episode_id'], episode.get('closure_date')
            events.add(name, 'referral_received', episode['referral_date'], referral, needed=True)
            if episode.get('referral_no_further_action_flag'):
                events.add(name, 'referral_nfa', closed or episode['referral_date'], referral)
            events.add(name, 'case_closed', closed, referral)
            for worker in episode.get('care_worker_details', []):
                events.add(name, 'case_allocated', worker['start_date'], referral)
            for part in episode.get('child_and_family_assessments', []):
                if not part.get('purge'):
                    events.step(name, 'assessment', [('started', part.get('start_date')),
                                ('authorised', part.get('authorisation_date'))], referral,
                                part['child_and_family_assessment_id'])
            for part in episode.get('section_47_assessments', []):
                if not part.get('purge'):
                    step, end = part['section_47_assessment_id'], part.get('end_date')
                    events.add(name, 's47_started', part['start_date'], referral, step, needed=True)
                    events.add(name, 'icpc_held', part.get('icpc_date'), referral, step)
                    if part.get('icpc_required_flag') is False:
                        events.add(name, 'icpc_not_required', end, referral, step)
                    events.add(name, 's47_completed', end, referral, step)
            for part in episode.get('child_protection_plans', []):
                step = part['child_protection_plan_id']
                events.add(name, 'cp_plan_started', part['start_date'], referral, step, needed=True)
                events.add(name, 'cp_plan_ended', part.get('end_date'), referral, step)
    return events


def mapping(path):
    import yaml
    events = Events()
    document = yaml.safe_load(pathlib.Path(path).read_text(encoding='utf-8'))
    names = {'utf-8': 'utf-8-sig', 'windows-1252': 'cp1252', 'utf-16le': 'utf-16'}
    separators = {'comma': ',', 'semicolon': ';', 'tab': '\t'}
    for table in document['files']:
        file, = pathlib.Path(path).parent.glob(table['file'])
        text = file.read_text(encoding=names[document.get('encoding', 'utf-8')])
        rows = list(csv.reader(text.splitlines(keepends=True),
                               delimiter=separators[document.get('delimiter', 'comma')]))
        header = [name.strip() for name in rows[0]]
        for row in rows[1:]:
            if not any(cell.strip() for cell in row) or [cell.strip() for cell in row] == header:
                continue
            if row[0].lower().startswith('total'):
                continue
            if len(row) < len(header):
                events.append(('', 'field_count', '', '', ''))
                continue
            record = dict(zip(header, row))

            def meets(place, record=record):
                def matches(column, words):
                    cell = clean(record[column]).lower()
                    keys = {cell, *[part.strip() for part in cell.split(')')]}
                    return any(word.lower() in keys for word in (words if isinstance(words, list) else [words]))
                return (all(matches(*pair) for pair in place.get('where', {}).items())
                        and not any(matches(*pair) for pair in place.get('unless', {}).items()))

            if not meets(table):
                continue
            written = set()
            late = []
            for event in table['events']:
                if not meets(event):
                    continue
                kind = event['event']
                if isinstance(kind, dict):
                    kind = kind['values'].get(clean(record[kind['column']]), clean(record[kind['column']]))
                step = ident(record.get(event.get('step', table.get('step')), ''))
                referral = ident(record.get(table.get('referral'), ''))
                if date(record[event['date']]) is None:
                    late.append((kind, referral, step, event.get('needed', False)))
                    continue
                events.add(record[table['child']], kind, record[event['date']], referral, step)
                written.add(kind.rsplit('_', 1)[0])
            for kind, referral, step, needed in late:
                stem, verb = kind.rsplit('_', 1)
                start = verb == 'started' and not stem.startswith('cp_') and step and stem not in written
                if needed or start:
                    events.add(record[table['child']], kind, '', referral, step, needed=True)
    return events


def records(file):
    with open(file, newline='', encoding='utf-8-sig') as stream:
        return list(csv.DictReader(stream))


def read(kind, path):
    if kind == 'ssd':
        return dataset({file.stem: records(file) for file in pathlib.Path(path).glob('ssd_*.csv')})
    if kind == 'sqlite':
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return dataset({name: [dict(row) for row in connection.execute(f'SELECT * FROM {name}')] for name in names})
    if kind == 'annex':
        return annex({int(re.search(r'\d', file.stem).group()): records(file)
                      for file in pathlib.Path(path).glob('*.csv')})
    if kind == 'xlsx':
        import openpyxl
        numbers = {'List 1': 1, 'Referrals': 3, 'Sheet4': 4, 'Section 47': 5, 'CIN': 6, 'List 7': 7}
        lists = {}
        book = openpyxl.load_workbook(path, data_only=True)
        for name, number in numbers.items():
            rows = [list(row) for row in book[name].values if sum(cell is not None for cell in row) > 1]
            lists[number] = [dict(zip(rows[0], row)) for row in rows[1:]]
        return annex(lists)
    return {'census': census, 'api': api, 'mapping': mapping}[kind](path)


found = read(sys.argv[1], sys.argv[2])
for row in sorted(set(row for row in found if row[2])):
    print(','.join(row))
print(len(found), sum(not row[2] for row in found))
