#!/usr/bin/env python3
"""Writes the first inputs of a fuzzed reader into a folder: seeds.py READER FOLDER."""
import pathlib
import sys

EVENTS = (
    'child_id,event,date,referral_id,step_id,recorded_at,team,worker,restricted\r\n'
    'C1,referral_received,2024-03-05,R1,,2024-03-05T10:00:00+01:00,"North, ""A""",W1,1\r\n'
    '"C2",assessment_started,05/03/2024,,A1,NULL,\u00a0North\u00a0,123.0,\r\n'
    'C3,s47_started,,R1,S1,,,,\nC4,none,2024-03-05,,,,,,\nC5\n'
)
MAPPED = (
    'Id,Step,Team,Status,Date,Start,Type,Other\n'
    '1,A1,n) N,Open,05/03/2024,5-Mar-24,a,45356\n'
    '2.0,,"x\ny",b) Void,2024-03-05T10:00,,b,\n'
    'Id,Step,Team,Status,Date,Start,Type,Other\nTotal,2,,,,,,\n'
)
CENSUS = (
    '<?xml version="1.0"?><Message xmlns="urn:x"><Header><CollectionDetails><ReferenceDate>2024-03-31'
    '</ReferenceDate></CollectionDetails></Header><Children><Child><ChildIdentifiers><LAchildID>C1</LAchildID>'
    '</ChildIdentifiers><CINdetails><CINreferralDate>2024-03-05</CINreferralDate><Assessments>'
    '<AssessmentActualStartDate>2024-03-06</AssessmentActualStartDate><AssessmentAuthorisationDate>2024-04-02'
    '</AssessmentAuthorisationDate></Assessments><Section47><S47ActualStartDate>2024-03-06</S47ActualStartDate>'
    '<DateOfInitialCPC>2024-03-20</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>'
    '<ReferralNFA>true</ReferralNFA><ChildProtectionPlans><CPPstartDate>2024-03-20</CPPstartDate><Reviews>'
    '<CPPreviewDate>2024-06-10</CPPreviewDate></Reviews></ChildProtectionPlans></CINdetails></Child></Children>'
    '</Message>'
)
MESSAGE = (
    '{"Children": [{"social_care_episodes": [{"social_care_episode_id": "E1", "referral_date": "2024-03-05", '
    '"referral_no_further_action_flag": true, "care_worker_details": [{"worker_id": 1.5, "start_date": null}], '
    '"section_47_assessments": [{"section_47_assessment_id": "S1", "start_date": "2024-03-06", '
    '"icpc_required_flag": false, "end_date": "2024-03-19", "purge": false}]}], "la_child_id": "\\u00e9"}]}'
)
SHEET = (
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2"><v>1.5E3</v></c><c r="B2" s="1"><v>45356.5</v></c></row>'
    '<row r="3"><c r="A3" t="inlineStr"><is><t>x</t></is></c><c r="B3" t="e"><v>#N/A</v></c></row>'
    '</sheetData></worksheet>'
)
MAPPING = (
    'mapping: X\ncomplete_from: 2024-04-01\nfiles:\n  - file: [a.csv, "b*"]\n    encoding: utf-16le\n'
    '    delimiter: tab\n    dates: [excel]\n    nothing: [n/k]\n    child: Id\n    team: {value: T}\n'
    '    where: {S: [a, b]}\n    events:\n      - event: {column: T, values: {a: s47_started}}\n        date: D\n'
    '        or_date: E\n        needed: yes\n        carried: no\n'
)


def seeds(reader):
    """The inputs of a reader, as bytes."""
    if reader == 'csv':
        return [EVENTS.encode(), b'\xef\xbb\xbf' + EVENTS.encode(), EVENTS.encode('utf-16')]
    if reader == 'mapped':
        encodings = ['utf-8', 'cp1252', 'utf-16-le', 'utf-16-be']
        texts = [(MAPPED if first < 4 else MAPPED.replace(',', ';'), first) for first in range(8)]
        return [bytes([first]) + text.encode(encodings[first & 3]) for text, first in texts]
    if reader == 'xml':
        return [CENSUS.encode(), CENSUS.encode('utf-16')]
    if reader == 'json':
        return [MESSAGE.encode()]
    if reader == 'xlsx':
        return [b'\x04' + SHEET.encode(), b'\x03<sst><si><r><t>Child Unique ID</t></r></si></sst>']
    if reader == 'zip':
        import io
        import zipfile
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('xl/workbook.xml', '<workbook><sheets><sheet name="List 3" id="r1"/></sheets></workbook>')
            archive.writestr('xl/_rels/workbook.xml.rels',
                             '<R><Relationship Id="r1" Target="worksheets/sheet1.xml"/></R>')
            archive.writestr('xl/worksheets/sheet1.xml', SHEET)
            archive.writestr('xl/sharedStrings.xml',
                             '<sst><si><t>Child Unique ID</t></si><si><t>Date of Referral</t></si></sst>')
        return [buffer.getvalue()]
    return [MAPPING.encode()]


for number, seed in enumerate(seeds(sys.argv[1])):
    (pathlib.Path(sys.argv[2]) / f'seed-{number}').write_bytes(seed)
