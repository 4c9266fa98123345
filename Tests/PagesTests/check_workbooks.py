"""Opens the workbooks of a set as their readers do.

Usage: check_workbooks.py SET FOLDER

Each workbook is read by openpyxl, and saved again by LibreOffice into FOLDER and read once more: what stands in the
cells must be the same. Every sheet must be one table with one header row in sight, without merged cells, blank
rows, hidden parts, links, macros or formulas; dates must be dates. Each file is unpacked and searched for every
child, family, referral, step and worker of the set: it may name only those of its own folder's exceptions.csv and
watch.csv. Prints what is wrong, and how much was looked at.
"""

import csv
import datetime
import pathlib
import shutil
import subprocess
import sys
import zipfile

import openpyxl

problems = []
IDS = ["child_id", "family_id", "referral_id", "step_id", "worker", "exception"]


def problem(path, text):
    problems.append(f"{path.parent.name}/{path.name}: {text}")


def ids(folder):
    found = set()
    for name in ("exceptions.csv", "watch.csv"):
        if (folder / name).exists():
            with open(folder / name, newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    found |= {row[column] for column in IDS if row.get(column)}
    return found


def values(path):
    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def look(path):
    book = openpyxl.load_workbook(path)
    for sheet in book:
        rows = list(sheet.iter_rows(values_only=True))
        where = f"sheet {sheet.title}"
        if sheet.sheet_state != "visible" or any(d.hidden for d in sheet.column_dimensions.values()):
            problem(path, f"{where} hides something")
        if sheet.merged_cells.ranges:
            problem(path, f"{where} has merged cells")
        if any(all(cell is None for cell in row) for row in rows):
            problem(path, f"{where} has a blank row")
        if any(not isinstance(cell, str) for cell in rows[0]) or len(set(rows[0])) != len(rows[0]):
            problem(path, f"{where} has no clear header")
        if sheet.freeze_panes != "A2":
            problem(path, f"{where} does not keep its header in sight")
        if len(rows) > 1 and [t.ref for t in sheet.tables.values()] != [sheet.dimensions]:
            problem(path, f"{where} is not one table")
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if cell.data_type == "f":
                    problem(path, f"{where} has a formula in {cell.coordinate}")
                name = rows[0][cell.column - 1]
                isDate = name in ("Started", "Due", "Last seen", "Last decision")
                if isDate and cell.value is not None and not isinstance(cell.value, datetime.datetime):
                    problem(path, f"{where}: {cell.coordinate} is no date")
    if "Returns" in book.sheetnames:
        lists = {str(v.sqref)[0]: v.formula1 for v in book["Returns"].data_validations.dataValidation}
        if len(book["Returns"].tables) and (len(lists) != 8 or lists.get("N") != "'Reasons'!$A$2:$A$18"):
            problem(path, f"the sheet Returns has the choices {lists}")


def search(path, foreign):
    parts = zipfile.ZipFile(path)
    for name in parts.namelist():
        if any(word in name for word in ("vba", "externalLink", "pivot", "connections")):
            problem(path, f"holds {name}")
        text = parts.read(name).decode("utf-8", "replace")
        for word in foreign:
            if f">{word}<" in text or f'"{word}"' in text:
                problem(path, f"{name} holds {word}, which is not its reader's")


def main():
    folder, again = map(pathlib.Path, sys.argv[1:])
    books = sorted(folder.rglob("*.xlsx"))
    everything = ids(folder / "data")
    again.mkdir(parents=True, exist_ok=True)
    rows = 0
    for number, path in enumerate(books):
        look(path)
        search(path, everything - ids(path.parent))
        shutil.copy(path, again / f"{number}.xlsx")
        rows += sum(len(sheet) - 1 for sheet in values(path).values())
    profile = (again / "profile").resolve().as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(again / "saved"), *[str(again / f"{n}.xlsx") for n in range(len(books))]],
        check=True, capture_output=True)
    for number, path in enumerate(books):
        if values(path) != values(again / "saved" / f"{number}.xlsx"):
            problem(path, "LibreOffice saves other cells than it was given")
    for text in problems:
        print(text)
    print(f"{len(books)} workbooks, {rows} rows, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
