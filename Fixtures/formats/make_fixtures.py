#!/usr/bin/env python3
"""Makes the fixtures that are no plain UTF-8 text, from the text beside them: always the same bytes.

paris/*.csv in Windows-1252 with CRLF, mosaic/*.txt as Excel's "Unicode text", ssd.sqlite from ssd/*.csv and
annex-a.xlsx from annex-a/*.csv. Everybody in them is made up.
"""
import csv
import datetime
import pathlib
import sqlite3
import zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent

PARIS = {
    'referrals.csv': '''Client ID;Referral No;Date Received;Decision Date;Outcome;Team;Worker;Client Name;Notes
PA1;R1;05/03/2024;06/03/2024;a) Assess;Children’s Duty;W1;CANARY-PARIS;"CANARY-PARIS: said ""no"""
PA2;R2;06/03/2024;07/03/2024;n) NFA;Children’s Duty;W2;CANARY-PARIS;
PA3;R3;07/03/2024;;;#N/A;W1;CANARY-PARIS;"two
lines; CANARY-PARIS"
Client ID;Referral No;Date Received;Decision Date;Outcome;Team;Worker;Client Name;Notes
PA4;R4;;;;Children’s Duty;W2;CANARY-PARIS;
PA5;R5;31/02/2024;;;Children’s Duty;W2;CANARY-PARIS;
Total;5;;;;;;;
''',
    'assessments.csv': '''Client ID;Assessment No;Referral No;Start Date;Completed;Authorised;Team;Worker
PA1;A1;R1;07/03/2024;02/05/2024;10/05/2024;North;W3
PA3;A3;R3;08/03/2024;01/01/1900;;North;W3
PA5;A5;R5;;;;North;W3
''',
}
MOSAIC = {
    'steps.txt': '''PersonID\tWorkflow Step\tStep Type\tReferral\tStarted\tFinished\tTeam\tSurname
101.0\t5001\tSingle Assessment\t900\t2024-03-05T09:00:00\t\tNorth\u00a0\tCANARY-MOSAIC
101.0\t5002\tS47 Enquiry\t900\t6-Mar-24\t45370\tNorth\tCANARY-MOSAIC
102\t5003\tSingle Assessment\t\t45357\t2024-05-01 16:30\tSouth\tCANARY-MOSAIC
102\t5003\tSingle Assessment\t\t45357\t2024-05-01 16:30\tSouth\tCANARY-MOSAIC
103\t5004\tGarden Project\t901\t2024-03-08\t\tSouth\tCANARY-MOSAIC
''',
    'referrals.txt': '''PersonID\tReferral\tReceived\tClosed\tTeam
101\t900\t2024-03-04\tNULL\tDuty
102\t902\t05/03/2024\t2024-05-10\tDuty
103\t901\t45358\t9999-12-31\tDuty
''',
}
SHEETS = [('Front page', None), ('List 1', 'List 1.csv'), ('Referrals', 'List 3.csv'), ('Sheet4', 'List_4.csv'),
          ('Section 47', 'list 5.csv'), ('CIN', 'List 6.csv'), ('List 7', 'List 7.csv')]


def texts():
    """The text files in other encodings."""
    for name, text in PARIS.items():
        (HERE / 'paris' / name).write_bytes(text.replace('\n', '\r\n').encode('cp1252'))
    for name, text in MOSAIC.items():
        (HERE / 'mosaic' / name).write_bytes(('\ufeff' + text.replace('\n', '\r\n')).encode('utf-16-le'))


def database():
    """The tables of the dataset, all columns text, as a council's copy has them."""
    path = HERE / 'ssd.sqlite'
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    for file in sorted((HERE / 'ssd').glob('*.csv')):
        with file.open(newline='', encoding='utf-8') as stream:
            header, *rows = csv.reader(stream)
        connection.execute(f'CREATE TABLE {file.stem} ({", ".join(f"{name} TEXT" for name in header)})')
        marks = ', '.join('?' * len(header))
        connection.executemany(f'INSERT INTO {file.stem} VALUES ({marks})',
                               [[None if cell == 'NULL' else cell for cell in row] for row in rows])
    connection.execute("CREATE VIEW ssd_disability AS SELECT 'CANARY-SSD-VIEW' AS disa_person_id")
    connection.commit()
    connection.execute('VACUUM')
    connection.close()


def serial(text):
    """A date dd/mm/yyyy as a workbook's day number, or nothing."""
    try:
        return (datetime.datetime.strptime(text, '%d/%m/%Y').date() - datetime.date(1899, 12, 30)).days
    except ValueError:
        return None


def workbook():
    """The lists as sheets: every third date as text, teams as shared texts, a formula and an error among them."""
    shared = []
    sheets = []
    for number, (name, file) in enumerate(SHEETS):
        if file is None:
            rows = [['CANARY-ANNEX-FRONT']]
        else:
            with (HERE / 'annex-a' / file).open(newline='', encoding='utf-8-sig') as stream:
                rows = list(csv.reader(stream))
        if name == 'Sheet4':
            rows.insert(0, ['Assessments in the last six months'])
        cells = []
        for line, row in enumerate(rows, 1):
            text = ''
            for column, value in enumerate(row):
                place = f'{chr(65 + column)}{line}'
                day = serial(value)
                if value == '':
                    continue
                if value == '#N/A':
                    text += f'<c r="{place}" t="e"><v>#N/A</v></c>'
                elif day is not None and (line + column) % 3:
                    text += f'<c r="{place}" s="{1 + line % 2}"><v>{day}</v></c>'
                elif value == 'N':
                    text += f'<c r="{place}" t="str"><f>LEFT("No",1)</f><v>N</v></c>'
                elif value.isdigit():
                    text += f'<c r="{place}"><v>{value}.0</v></c>'
                elif (line + column) % 2:
                    text += f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
                else:
                    if value not in shared:
                        shared.append(value)
                    text += f'<c r="{place}" t="s"><v>{shared.index(value)}</v></c>'
            cells.append(f'<row r="{line}">{text}</row>')
        sheets.append((name, f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(cells)}</sheetData></worksheet>'))
    parts = {
        '[Content_Types].xml': f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType='
        '"application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>' + ''.join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>' for n in range(1, len(sheets) + 1)) + ''.join(
            f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.{part}+xml"/>' for part in ('styles', 'sharedStrings')) + '</Types>',
        '_rels/.rels': f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        'xl/workbook.xml': f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>' + ''.join(
            f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, (name, _) in enumerate(sheets, 1))
        + '</sheets></workbook>',
        'xl/_rels/workbook.xml.rels': f'<Relationships xmlns="{PACKAGE}/relationships">' + ''.join(
            f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1))
        + f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        'xl/styles.xml': f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="dd\\-mmm'
        '\\-yyyy"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills><borders count="1">'
        '<border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" xfId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="170" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        'xl/sharedStrings.xml': f'<sst xmlns="{MAIN}">' + ''.join(
            f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared) + '</sst>',
    }
    for n, (_, text) in enumerate(sheets, 1):
        parts[f'xl/worksheets/sheet{n}.xml'] = text
    with zipfile.ZipFile(HERE / 'annex-a.xlsx', 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

texts()
database()
workbook()
