"""Does to a workbook what people do before they send it back.

Usage: send_back.py WORKBOOK OUT STEP ...

    answer:CHILD:COLUMN=TEXT     writes a text into the row of a child
    date:CHILD:COLUMN=DATE       writes a real date
    sort:COLUMN                  sorts the rows, last ones first
    sort-alone:COLUMN            sorts one column and leaves the others as they are
    filter:COLUMN                leaves a filter on
    drop-column:COLUMN           deletes a column
    drop-row:CHILD               deletes a row
    twice:CHILD                  repeats a row at the end
    cover:TEXT                   writes another set on the cover
    rename:TEXT                  gives the sheet Returns another name
    libreoffice                  saves it again with LibreOffice
    csv, csv-excel               saves the sheet Returns as CSV: UTF-8, or as Excel does it, without leading zeros
"""

import csv
import datetime
import pathlib
import subprocess
import sys
import tempfile

import openpyxl

source, target, *steps = sys.argv[1:]
book = openpyxl.load_workbook(source)
sheet = book["Returns"]


def column(name):
    return next(cell.column for cell in sheet[1] if cell.value == name)


def row(child):
    return next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, column("Child")).value == child)


def body():
    return [list(cells) for cells in sheet.iter_rows(min_row=2, values_only=True)]


def put(rows):
    for number, cells in enumerate(rows, 2):
        for place, value in enumerate(cells, 1):
            sheet.cell(number, place).value = value


def words(value):
    return value.strftime("%d/%m/%Y") if isinstance(value, datetime.datetime) else "" if value is None else str(value)


def as_csv(for_excel):
    with open(target, "w", newline="", encoding="cp1252" if for_excel else "utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        for cells in sheet.iter_rows(values_only=True):
            row = [words(value) for value in cells]
            writer.writerow([str(int(v)) if for_excel and v.isdigit() else v for v in row])


written = False
for step in steps:
    kind, _, rest = step.partition(":")
    if kind in ("answer", "date"):
        child, _, pair = rest.partition(":")
        name, _, value = pair.partition("=")
        cell = sheet.cell(row(child), column(name))
        cell.value = datetime.datetime.fromisoformat(value) if kind == "date" else value
    elif kind == "sort":
        place = column(rest) - 1
        put(sorted(body(), key=lambda cells: words(cells[place]), reverse=True))
    elif kind == "sort-alone":
        place = column(rest) - 1
        values = sorted((cells[place] for cells in body()), key=words, reverse=True)
        put([cells[:place] + [value] + cells[place + 1:] for cells, value in zip(body(), values)])
    elif kind == "filter":
        sheet.tables.clear()
        sheet.auto_filter.ref = sheet.dimensions
        sheet.auto_filter.add_filter_column(column(rest) - 1, ["new"])
        sheet.row_dimensions[2].hidden = True
    elif kind == "drop-column":
        sheet.tables.clear()
        sheet.delete_cols(column(rest))
    elif kind == "drop-row":
        sheet.tables.clear()
        sheet.delete_rows(row(rest))
    elif kind == "twice":
        sheet.append([cell.value for cell in sheet[row(rest)]])
    elif kind == "cover":
        next(cells for cells in book["Cover"].iter_rows() if cells[0].value == "Set")[1].value = rest
    elif kind == "rename":
        sheet.title = rest
    elif kind in ("csv", "csv-excel"):
        as_csv(kind == "csv-excel")
        written = True
    elif kind == "libreoffice":
        with tempfile.TemporaryDirectory() as folder:
            book.save(f"{folder}/returned.xlsx")
            profile = (pathlib.Path(folder) / "profile").as_uri()
            subprocess.run(
                ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to",
                 "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{folder}/saved", f"{folder}/returned.xlsx"],
                check=True, capture_output=True)
            pathlib.Path(target).write_bytes(pathlib.Path(f"{folder}/saved/returned.xlsx").read_bytes())
        written = True
    else:
        sys.exit(f"no such step: {step}")
if not written:
    book.save(target)
