"""The real pages and the real front door, made by a run of tiny notebooks."""

import json
import re
from datetime import date
from html import unescape

import pytest

from crmlib.chapters import Chapter
from crmlib.reporting.problems import page_problems
from crmlib.running.edition import Edition
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


@pytest.mark.parametrize("name", ["静安旗舰店", "<b>Sale</b> & *more*", "a_b_c [x](http://x) # 1", "`code`\n## two"])
def test_a_store_s_page_stands_under_its_name_which_is_no_more_than_text(tmp_path, name):
    told = Chapter("store_S1", "store_S1.html", name, notebook="store")
    cells = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# A store\n", "\n", "How it stands."]}
    ]
    executed = tmp_path / "store_S1.ipynb"
    executed.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    html = ReportPrinter().page(executed, told, Edition("A shop", date(2026, 11, 1), "run", "en"))
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL).group(1)
    assert unescape(re.sub("<a.*", "", heading)).split() == name.split()
    assert ReportPrinter().problems(html) == []
