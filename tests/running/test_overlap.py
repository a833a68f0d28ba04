"""Months of a backfill overlap where they may, and end as they would one after the other."""

import json
import os
import re
from datetime import date

import pytest

from crmlib.chapters import Chapter
from crmlib.running import execution
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.run import run, run_periods
from crmlib.running.watching import Watcher

NOTED = """
import time
from pathlib import Path
def note(what):
    with Path(run_dir, "..", "order").open("a") as file:
        _ = file.write(f"{what} STEM {Path(run_dir).name}\\n")
note("begins")
""".strip()
DONE = "note('ends')"
WAIT = """
deadline = time.monotonic() + 20
while not Path(run_dir, "..", "{0}").exists():
    assert time.monotonic() < deadline, "{0}"
    time.sleep(0.05)
""".strip()
CHAPTERS = (
    Chapter("01_first", "01_first.html", "First"),
    Chapter("02_second", "02_second.html", "Second", ("01_first",)),
    Chapter("03_third", "index.html", "Third", ("01_first", "02_second"), looks_back=True),
)
MONTHS = ("2026-08", "2026-09", "2026-10")


@pytest.fixture
def noted(series):
    """A series of three notebooks that note when they begin and end."""
    for chapter in CHAPTERS:
        write(series, chapter.stem, "pass")
    return series


def write(series, stem, *codes):
    series.write(stem, NOTED.replace("STEM", stem), *codes, DONE)


def months(series, **changes):
    ends = [date(2026, month, 1) for month in (9, 10, 11)]
    return [series.asked(as_of=end, chapters=CHAPTERS, **changes) for end in ends]


def order(series):
    return (series.work / "order").read_text(encoding="utf-8").splitlines()


def only_in(period, code):
    return f"if Path(run_dir).name == '{period}':\n" + "\n".join(f"    {line}" for line in code.splitlines())


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_the_next_month_begins_while_this_one_has_room_and_no_further(noted, printer):
    write(noted, "02_second", only_in("2026-08", WAIT.format("2026-09/notebooks/01_first.ipynb")))
    pages = run_periods(months(noted), printer)
    assert [page.parent.name for page in pages] == list(MONTHS)
    said = order(noted)
    assert said.index("ends 01_first 2026-09") < said.index("ends 02_second 2026-08")
    assert said.index("begins 01_first 2026-10") > said.index("ends 03_third 2026-08")


def test_a_notebook_waits_for_its_like_of_the_month_before_and_for_what_that_publishes(noted, printer):
    write(noted, "03_third", "time.sleep(0.5)", "before = {'2026-09': '2026-08', '2026-10': '2026-09'}",
          "reports = Path(run_dir).parents[2] / 'reports' / 'tiny'",
          "assert (reports / before.get(Path(run_dir).name, '.')).exists()")  # fmt: skip
    noted.reports.mkdir(parents=True)
    run_periods(months(noted), printer)
    said = order(noted)
    for stem in (chapter.stem for chapter in CHAPTERS):
        told = [line for line in said if stem in line]
        assert told == [f"{what} {stem} {month}" for month in MONTHS for what in ("begins", "ends")]


def test_a_month_is_published_when_nobody_takes_over_clean_tables(noted, printer):
    ended = "while 'ends 03_third 2026-08' not in Path(run_dir, '..', 'order').read_text():\n    time.sleep(0.05)"
    published = "(Path(run_dir).parents[2] / 'reports' / 'tiny' / '2026-08').exists()"
    write(noted, "01_first", only_in("2026-09", f"{ended}\ntime.sleep(1)\nassert not {published}"))
    assert len(run_periods(months(noted), printer)) == 3
    assert order(noted).count("begins 01_first 2026-09") == 1, "it did not fail ahead of its turn"


def test_the_bytes_are_those_of_months_one_after_the_other(noted, printer):
    run_periods(months(noted), printer)
    together = noted.published()
    made = [manifest(noted.reports / month)["predecessor"] for month in MONTHS]
    for request in months(noted, again=True):
        run(request, printer)
    assert noted.published() == together
    assert [manifest(noted.reports / month)["predecessor"] for month in MONTHS] == made


def fail_in(series, period):
    """Let the second notebook fail in a month once the next month has begun, from outside: the code is the same."""
    nearby = {"2026-08": "2026-09", "2026-09": "2026-10"}
    write(series, "02_second", only_in(period, WAIT.format(f"{nearby[period]}/notebooks/01_first.ipynb")),
          only_in(period, "assert not Path(run_dir, '..', 'broken').exists()"))  # fmt: skip
    series.work.mkdir(parents=True, exist_ok=True)
    (series.work / "broken").touch()


def test_a_month_that_fails_leaves_those_after_it_unpublished_and_the_run_goes_on_from_there(noted, printer):
    fail_in(noted, "2026-08")
    told = noted.folder / "told"
    command = json.dumps(["sh", "-c", f"cat >> {told}; echo >> {told}"])
    with pytest.raises(RunFailureError, match="02_second") as failure:
        run_periods(months(noted, overrides={"running.notices.command": command}), printer)
    assert failure.value.lines[2].startswith("AssertionError")
    assert [json.loads(line)["period"] for line in told.read_text().splitlines()] == ["2026-08"]
    assert not noted.reports.exists()
    failed, left = (manifest(noted.work / month) for month in MONTHS[:2])
    assert (failed["status"], failed["exit_code"]) == ("failed", Outcome.NOTEBOOK_FAILED)
    assert (left["status"], left["failure"]) == ("failed", ["given up before its turn came; nothing was published"])
    assert not (noted.work / "2026-10").exists()
    (noted.work / "broken").unlink()
    after = []

    class Told(Watcher):
        def goes_on(self, stems):
            after.append(list(stems))

    run_periods(months(noted, resume=True, overrides={"running.notices.command": command}), printer, [Told()])
    assert after == [["01_first"], ["01_first"], []]
    assert [folder.name for folder in sorted(noted.reports.glob("2026*"))] == list(MONTHS)


def test_a_month_that_fails_ahead_of_its_turn_is_tried_again_when_its_turn_comes(noted, printer):
    write(noted, "01_first", only_in("2026-09", "Path(run_dir, '..', 'failed').open('a').write('x')\nraise ValueError"))
    write(noted, "02_second", only_in("2026-08", WAIT.format("failed")))
    with pytest.raises(RunFailureError, match="01_first"):
        run_periods(months(noted), printer)
    assert manifest(noted.reports / "2026-08")["status"] == "published"
    assert (noted.work / "failed").read_text() == "xx"
    assert manifest(noted.work / "2026-09")["failure"][0] == "notebook: 01_first"


def test_what_is_refused_ahead_of_its_turn_is_asked_again(noted, printer, monkeypatch):
    from crmlib.running import making

    rooms = []

    def room(_inputs, places):
        rooms.append(places.period)
        if rooms.count("2026-09") == 1 and places.period == "2026-09":
            raise RunFailureError(Outcome.STORAGE, "the disk has too little room")
        return "room"

    monkeypatch.setattr(making, "room", room)
    assert len(run_periods(months(noted), printer)) == 3
    assert rooms == ["2026-08", "2026-09", "2026-09", "2026-10"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a folder may be open just then
def test_an_interruption_notes_both_months_and_leaves_no_child(noted, printer):
    stop = f"import os, signal\nos.kill({os.getpid()}, signal.SIGINT)\ntime.sleep(60)"
    write(noted, "02_second", only_in("2026-08", WAIT.format("2026-09/notebooks/01_first.ipynb")), stop)
    with pytest.raises(RunFailureError) as failure:
        run_periods(months(noted), printer)
    assert failure.value.lines == ("interrupted; nothing was published",)
    assert [manifest(noted.work / month)["status"] for month in MONTHS[:2]] == ["failed", "failed"]
    assert not noted.reports.exists()


@pytest.mark.parametrize("alone", ["many lines", "a chapter of the shop's own", "one at a time"])
def test_where_there_is_no_company_the_months_run_one_after_the_other(noted, printer, monkeypatch, alone):
    overrides = {}
    if alone == "many lines":
        monkeypatch.setattr(execution, "LINES_WITH_COMPANY", 1)
    elif alone == "one at a time":
        overrides = {"running.parallel": "1"}
    else:
        noted.write("07_own", "'own'")
        overrides = {"chapters": "{07_own: Our own}"}
    run_periods(months(noted, overrides=overrides), printer)
    assert [line.rpartition(" ")[2] for line in order(noted)] == [month for month in MONTHS for _ in range(6)]


def test_each_month_has_its_own_log_and_times(noted, printer):
    write(noted, "02_second", only_in("2026-08", WAIT.format("2026-09/notebooks/01_first.ipynb")))
    run_periods(months(noted), printer)
    for month in MONTHS:
        log = (noted.work / month / "log.txt").read_text(encoding="utf-8")
        assert len(re.findall(r"INFO .*01_first finished", log)) == 1
        assert set(re.findall(r"published .*/(\S+)", log)) == {month}
        times = json.loads((noted.work / month / "timings.json").read_text(encoding="utf-8"))
        assert set(times) == {chapter.stem for chapter in CHAPTERS}
