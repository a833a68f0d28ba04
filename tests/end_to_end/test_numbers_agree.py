"""One name, one number: what a chapter answers, tiles, draws and records is what the first page says of it."""

import json
import re
from html.parser import HTMLParser

import pytest

from crmlib.chapters import CHAPTERS
from crmlib.privacy.rules import DisclosureRules
from crmlib.stats import Estimate
from crmlib.words.saying import Speaker

PAGES = {each.stem: each.page for each in CHAPTERS}
NEAR = 0.25
"""Points between two shares that are meant to be one: a reader takes one of 66.5 % and 66.6 % for wrong."""


class Texts(HTMLParser):
    """Collects tiles, tables' rows and all words of a page, what pictures say of themselves among them."""

    def __init__(self):
        super().__init__()
        self.tiles, self.rows, self.words = [], [], []
        self.cell = None

    def handle_starttag(self, tag, attrs):
        self.words += [value for name, value in attrs if name in {"aria-label", "alt"} and value]
        if tag == "tr":
            self.rows.append([])
        if tag in {"dt", "dd", "th", "td"}:
            self.cell = (tag, dict(attrs).get("class", ""), [])

    def handle_data(self, data):
        self.words.append(data)
        if self.cell:
            self.cell[2].append(data)

    def handle_endtag(self, tag):
        if not self.cell or tag != self.cell[0]:
            return
        kind, style, parts = self.cell
        text = " ".join("".join(parts).split())
        if kind == "dt":
            self.tiles.append([text, ""])
        elif kind == "dd" and style.startswith("v") and self.tiles:
            self.tiles[-1][1] = text
        elif kind in {"th", "td"} and self.rows:
            self.rows[-1].append(text)
        self.cell = None


def read(report, page):
    found = Texts()
    found.feed((report / page).read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module", params=["demo_report", "online_retail_report"])
def told(request):
    report = request.getfixturevalue(request.param)
    rows = json.loads((report / "results.json").read_text(encoding="utf-8"))
    currency = json.loads((report / "manifest.json").read_text(encoding="utf-8"))["parameters"]["currency"]
    return report, rows, Speaker(DisclosureRules(), currency)


def written(row, speaker):
    whole = row["low"] is not None and row["n"] is not None
    value = Estimate(row["value"], row["low"], row["high"], row["n"]) if whole else row["value"]
    said = speaker.say(f"{{x:{row['unit']}:point}}", {"x": value})
    return " ".join(said.split())


def test_every_name_is_one_number(told):
    _report, rows, _speaker = told
    labels = [row["label"] for row in rows]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_a_tile_says_what_is_recorded(told):
    report, rows, speaker = told
    compared = 0
    for stem, page in PAGES.items():
        shown = dict(read(report, page).tiles)
        of_page = [row for row in rows if row["chapter"] == stem or page == "index.html"]
        for row in of_page:
            if row["label"] in shown and row["value"] is not None:
                assert shown[row["label"]] == written(row, speaker), (page, row["label"])
                compared += 1
    assert compared > 15


def test_the_first_page_lists_every_number_as_its_chapter_recorded_it(told):
    report, rows, speaker = told
    listed = {cells[0]: cells[1] for cells in read(report, "index.html").rows if len(cells) == 6}
    for row in rows:
        if row["value"] is not None:
            assert listed[row["label"]].startswith(written(row, speaker)), row["label"]


def test_no_number_of_an_answer_is_nearly_a_headline_and_not_it(told):
    report, rows, speaker = told
    answers = {}
    for stem, page in PAGES.items():
        found = re.findall(
            r'<div class="crm-answer">(.*?)</div>', (report / page).read_text(encoding="utf-8"), re.DOTALL
        )
        answers[stem] = " ".join(found).replace("\u00a0", " ")
    assert all(answers.values())
    shares = [row for row in rows if row["unit"] == "share" and row["value"] is not None]
    headlines = {written(row, speaker) for row in shares}
    for row in shares:
        if 0.02 < row["value"] < 0.98:
            value = 100 * row["value"]
            for answer in (answers[row["chapter"]], answers["06_summary"]):
                near = {each for each in re.findall(r"\d+\.\d %", answer) if abs(float(each[:-2]) - value) < NEAR}
                assert near <= headlines, (row["chapter"], row["label"], near)
