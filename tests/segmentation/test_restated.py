"""A shop in which nothing changed restates nothing, also while its yardsticks are not yet kept."""

import json
from dataclasses import asdict
from datetime import date

import pytest

from crmlib import segmentation
from crmlib.reporting import show_headlines
from crmlib.segmentation.headlines import headlines
from crmlib.summary import comparison
from crmlib.workspace import period_of

MONTHS = (date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1))


@pytest.mark.parametrize("kept", [pytest.param(False, marks=pytest.mark.thorough), True])
def test_three_months_of_an_unchanged_shop(run_of, keep_limits, simulated_lines, kept):
    lines, _end = simulated_lines
    compared = []
    for as_of in MONTHS:
        run = run_of(lines, as_of)
        if kept and as_of == MONTHS[0]:
            keep_limits(run)
        found = segmentation.study(run)
        assert found.base.measure.is_settled is kept
        show_headlines(headlines(found, run), run, "02_segmentation")
        results = run.results()
        names = {result.name for result in results}
        assert {"overdue_customers", "newly_lost_customers"}.isdisjoint(names) is not kept
        assert {"best_segments_share", "net_revenue", "value_ahead"} <= names
        assert comparison.restated(run, results) == []
        before = comparison.published_before(run)
        numbers = before[0] if before else {}
        compared += [
            each.name for each in results if each.previous is not None and f"{each.chapter}.{each.name}" in numbers
        ]
        report = run.run_dir.parents[2] / "reports" / "shop" / period_of(as_of)
        report.mkdir(parents=True)
        (report / "results.json").write_text(json.dumps([asdict(each) for each in results]))
    assert compared.count("net_revenue") == 2
    assert compared.count("overdue_customers") == (2 if kept else 0)


def test_who_is_overdue_is_shown_with_its_reservation_where_it_is_no_headline(run_of, simulated_lines):
    run = run_of(simulated_lines[0], date(2025, 10, 1))
    shown = segmentation.show_lifecycle(segmentation.study(run), run)
    assert "are overdue but not yet lost" in shown.text
    assert "The history is too short for limits that last" in shown.html
