"""The real pages and the real front door, made by a run of tiny notebooks."""

import json

import pytest

from crmlib.reporting.problems import page_problems
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.printer import ReportPrinter
from crmlib.running.run import run

SAY = "from crmlib.reporting import answer\nanswer('Sales were steady.', 'Fewer customers returned.')"


def test_a_report_is_printed_checked_and_listed(series):
    series.write("01_first", SAY)
    series.write("02_second", SAY)
    page = run(series.request, ReportPrinter()).read_text(encoding="utf-8")
    manifest = json.loads((series.reports / "2026-10" / "manifest.json").read_text(encoding="utf-8"))
    assert page_problems(page) == []
    assert "Sales were steady." in page
    assert manifest["run_id"] in page
    assert str(series.folder) not in page
    assert manifest["sentences"] == ["Sales were steady.", "Fewer customers returned."]
    front = (series.reports / "index.html").read_text(encoding="utf-8")
    assert '<a href="2026-10/index.html">October 2026</a>' in front
    assert "Sales were steady." in front


def test_a_raw_output_stops_the_report(series):
    series.write("01_first", "'Li Wei'")
    with pytest.raises(RunFailureError) as failure:
        run(series.request, ReportPrinter())
    assert failure.value.outcome is Outcome.REPORT_REFUSED
    assert failure.value.lines[0] == "notebook: 01_first"
    assert "Li Wei" not in str(failure.value)
    assert not (series.reports / "2026-10").exists()
