"""The whole path: raw files in, a published report out, that says nothing it may not and the same each time."""

import csv
import json
import re
import stat

import pandas as pd
import pytest

from crmlib.chapters import CHAPTERS
from crmlib.reporting.problems import page_problems

REPORTS = ["demo_report", "online_retail_report", "cdnow_report"]


@pytest.fixture(params=REPORTS)
def report(request):
    return request.getfixturevalue(request.param)


def test_every_chapter_is_a_page_that_passes_its_checks(report):
    pages = {page.name: page.read_text(encoding="utf-8") for page in report.glob("*.html")}
    stores = {name for name in pages if name.startswith("store_")}
    assert set(pages) - stores == {chapter.page for chapter in CHAPTERS}
    assert {name for name in stores if f'href="{name}"' not in pages["05_actions.html"]} == set()
    assert {name: page_problems(html) for name, html in pages.items()} == {name: [] for name in pages}
    assert max(map(len, pages.values())) < 1_000_000
    assert (report.parent / "index.html").exists()


def test_each_store_has_its_own_page(demo_report):
    pages = {page.name: page.read_text(encoding="utf-8") for page in demo_report.glob("store_*.html")}
    assert len(pages) == 8
    assert all(
        "How does it stand beside the others?" in html and "Whom do we contact?" in html for html in pages.values()
    )
    assert sum("Settle what customers complain of" in html for html in pages.values()) == 1


def test_results_and_manifest_say_what_the_report_says(report):
    rows = json.loads((report / "results.json").read_text())
    manifest = json.loads((report / "manifest.json").read_text())
    assert manifest["status"] == "published"
    assert {row["chapter"] for row in rows} >= {"01_data_prep", "02_segmentation", "03_churn", "05_actions"}
    assert all(row["definition"] and row["unit"] for row in rows)
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows if row["low"] is not None)
    assert "root" not in json.dumps(manifest["parameters"])


def test_no_number_of_people_below_the_threshold_is_published(report):
    rows = json.loads((report / "results.json").read_text())
    people = [row["value"] for row in rows if row["unit"] == "people" and row["value"] is not None]
    assert people
    assert all(value >= 10 and value % 5 == 0 for value in people)


def test_no_pseudonym_is_published(report):
    pseudonym = re.compile(rb"\bc[0-9a-f]{16}\b")
    for file in report.parent.rglob("*"):
        assert not file.is_file() or not pseudonym.search(file.read_bytes()), file.name


def test_the_private_folder_is_private(report):
    work = report.parents[2] / "work"
    assert stat.S_IMODE(work.stat().st_mode) == 0o700


def test_the_list_holds_pseudonyms_and_no_formula(report):
    lists = report.parents[2] / "work" / report.parent.name / report.name / "lists"
    with (lists / "contact_list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(re.fullmatch(r"c[0-9a-f]{16}", row["customer_id"]) for row in rows)
    assert len({row["customer_id"] for row in rows}) == len(rows)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@\t\r" and cell]


@pytest.mark.parametrize("series", ["cdnow_report", pytest.param("demo_report", marks=pytest.mark.thorough)])
def test_the_same_run_twice_gives_the_same_bytes(request, again, series):
    folders = request.getfixturevalue(series), again(series.removesuffix("_report"))
    first, second = ({p.name: p.read_bytes() for p in one.iterdir() if p.name != "manifest.json"} for one in folders)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    one, two = (
        (folder.parents[2] / "work" / folder.parent.name / folder.name / "lists/contact_list.csv").read_bytes()
        for folder in folders
    )
    assert one == two


def test_nothing_planted_reaches_a_published_byte(demo_files, demo_report):
    """Every phone number and e-mail address of the raw files, a script and a formula, searched in every byte."""
    secrets = pd.read_parquet(demo_files / "truth" / "secrets.parquet")
    personal = secrets[secrets.kind.isin(["phone", "email"])].value.astype(str)
    assert len(personal) > 1000
    series = demo_report.parent
    everything = b"\n".join(file.read_bytes() for file in sorted(series.rglob("*")) if file.is_file())
    words = set(re.findall(rb"[0-9A-Za-z._%+@-]{6,}", everything))
    joined = b" ".join(words).lower()
    assert [each for each in personal if each.lower().encode() in joined] == []
    assert b"<script>alert" not in everything


def test_the_executed_notebooks_hold_no_personal_data_either(demo_files, demo_report):
    secrets = pd.read_parquet(demo_files / "truth" / "secrets.parquet")
    personal = secrets[secrets.kind.isin(["phone", "email"])].value.astype(str)
    work = demo_report.parents[2] / "work/demo" / demo_report.name
    text = "\n".join(file.read_text(encoding="utf-8") for file in (work / "notebooks").glob("*.ipynb")).lower()
    for folder in ("clean", "tables"):
        for file in (work / folder).glob("*.parquet"):
            frame = pd.read_parquet(file)
            for name in frame.select_dtypes(include=["str", "object"]).columns:
                text += "\n" + "\n".join(frame[name].dropna().astype(str).unique()).lower()
    digits = set(re.findall(r"\d{11}", text))
    addresses = set(re.findall(r"[\w.%+-]+@[\w.-]+", text))
    phones = set(personal[secrets.kind == "phone"].str.replace(r"\D", "", regex=True).str[-11:])
    assert digits & phones == set()
    assert addresses & set(personal.str.lower()) == set()


def test_lines_in_are_clean_set_aside_or_merged(report):
    rows = json.loads((report / "results.json").read_text())
    value = {row["name"]: row["value"] for row in rows if row["chapter"] == "01_data_prep"}
    assert value["lines_in"] == value["lines_clean"] + value["lines_quarantined"] + value["lines_merged"]


def test_online_retail_delivers_541909_lines(online_retail_report):
    rows = json.loads((online_retail_report / "results.json").read_text())
    assert next(row["value"] for row in rows if row["name"] == "lines_in") == 541_909


def test_the_documented_tables_are_those_that_a_run_writes(project, demo_report):
    text = (project / "docs" / "tables.md").read_text(encoding="utf-8")
    sections = re.split(r"^## `(\w+)`$", text, flags=re.MULTILINE)[1:]
    documented = {
        name: re.findall(r"^\| `(\w+)` \| \S.* \| \S.* \|$", body, flags=re.MULTILINE)
        for name, body in zip(sections[::2], sections[1::2], strict=True)
    }
    tables = demo_report.parents[2] / "work" / demo_report.parent.name / demo_report.name / "tables"
    written = {file.stem: pd.read_parquet(file).columns.tolist() for file in tables.glob("*.parquet")}
    assert documented == written
