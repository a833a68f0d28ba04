"""A month that is up to date is left alone, a run that stopped goes on, and nothing that changed is reused."""

import json
from datetime import date

import pytest

from crmlib.running.outcomes import RunFailureError
from crmlib.running.run import run, run_periods
from crmlib.running.watching import Watcher

COUNTED = "from pathlib import Path\n_ = Path(run_dir, '..', '{0}.count').open('a').write('x')"
BROKEN = "raise ValueError('not today')"


class Told(Watcher):
    """Keeps what a run says of periods that are up to date and of notebooks that it goes on after."""

    def __init__(self):
        self.current = []
        self.after = []

    def up_to_date(self, period):
        self.current.append(period)

    def goes_on(self, stems):
        self.after = list(stems)


@pytest.fixture
def counted(series):
    """A series whose notebooks count how often they run."""
    series.write("01_first", COUNTED.format("first"), "_ = Path(run_dir, 'tables').mkdir()",
                 "_ = Path(run_dir, 'tables', 'a.parquet').write_text('a')")  # fmt: skip
    series.write("02_second", COUNTED.format("second"), "'second'")
    return series


def times(series, name):
    file = series.work / f"{name}.count"
    return len(file.read_text()) if file.exists() else 0


def test_a_published_month_of_the_same_is_left_alone_unless_asked_again(counted, printer):
    told = Told()
    page = run(counted.request, printer, [told])
    assert (run(counted.request, printer, [told]), told.current) == (page, ["2026-10"])
    assert times(counted, "first") == 1
    run(counted.asked(again=True), printer)
    assert times(counted, "first") == 2


@pytest.mark.parametrize("changed", ["input", "parameters", "code", "private folder"])
def test_what_changed_makes_a_month_out_of_date(counted, printer, changed):
    run(counted.request, printer)
    request = counted.request
    if changed == "input":
        (counted.folder / "data" / "orders.csv").write_text("id,who,when,how_much\n1,a,2026-10-01,6\n")
    elif changed == "parameters":
        request = counted.asked(overrides={"churn.horizon_days": "45"})
    elif changed == "code":
        counted.write("02_second", COUNTED.format("second"), "'other'")
    else:
        (counted.work / "2026-10" / "manifest.json").unlink()
    run(request, printer)
    assert times(counted, "first") == 2


def break_second(series, printer):
    """Let the second notebook fail once, from outside: the code is the same when the run goes on."""
    series.write("02_second", COUNTED.format("second"), "assert not Path(run_dir, '..', 'broken').exists()")
    series.work.mkdir(parents=True, exist_ok=True)
    (series.work / "broken").touch()
    with pytest.raises(RunFailureError, match="02_second"):
        run(series.request, printer)
    (series.work / "broken").unlink()


def test_a_run_that_failed_goes_on_with_the_notebook_that_failed(counted, printer):
    break_second(counted, printer)
    told = Told()
    run(counted.asked(resume=True), printer, [told])
    assert told.after == ["01_first"]
    assert (times(counted, "first"), times(counted, "second")) == (1, 2)
    timings = json.loads((counted.work / "2026-10" / "timings.json").read_text(encoding="utf-8"))
    assert list(timings) == ["01_first", "02_second"]
    pages = counted.published()
    run(counted.asked(again=True), printer)
    assert counted.published() == pages, "a run that was gone on with publishes what a whole one does"


@pytest.mark.parametrize("changed", ["table", "input", "code"])
def test_nothing_that_changed_is_gone_on_with(counted, printer, changed):
    break_second(counted, printer)
    if changed == "table":
        (counted.work / "2026-10" / "tables" / "a.parquet").write_text("by hand")
    elif changed == "input":
        (counted.folder / "data" / "more.csv").write_text("id,who,when,how_much\n2,b,2026-10-01,6\n")
    else:
        counted.write("01_first", COUNTED.format("first"), "_ = 'other'")
    told = Told()
    run(counted.asked(resume=True), printer, [told])
    assert told.after == []
    assert times(counted, "first") == 2


def test_months_are_published_one_after_the_other(counted, printer):
    ends = [date(2026, month, 1) for month in (9, 10, 11)]
    pages = run_periods([counted.asked(as_of=end) for end in ends], printer)
    assert [page.parent.name for page in pages] == ["2026-08", "2026-09", "2026-10"]
    manifests = [json.loads((page.parent / "manifest.json").read_text(encoding="utf-8")) for page in pages]
    assert [each["status"] for each in manifests] == ["published"] * 3
    assert manifests[2]["predecessor"]["period"] == "2026-09"
    told = Told()
    run_periods([counted.asked(as_of=end) for end in ends], printer, [told])
    assert told.current == ["2026-08", "2026-09", "2026-10"]
