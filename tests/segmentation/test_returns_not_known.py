"""Where no source can tell what was taken back, nothing on the pages says that nothing was."""

from datetime import date
from types import SimpleNamespace

import pytest

from crmlib import segmentation
from crmlib.features import returns_known
from crmlib.params.cleaning import ReturnsRules
from crmlib.segmentation.headlines import business_headlines

AS_OF = date(2026, 4, 1)
UNKNOWN = "What was taken back is not known: no source tells returns."
SOLD = [(f"k{n:05d}", f"{month}-{n}", f"2026-0{month}-{1 + n % 27:02}", "p", 1, 10.0 + n, False, True)
        for month in (1, 2, 3) for n in range(40 + month)]  # fmt: skip
BACK = ("k00001", "r", "2026-02-09", "p", -1, -1.0, True, True)


@pytest.fixture
def told(run_of, lines_of):
    """Give a function that tells the headlines, the glance and the change of revenue of some lines."""

    def parts(rows):
        run = run_of(lines_of(rows), AS_OF)
        found = segmentation.study(run)
        glance, change = segmentation.show_glance(found, run), segmentation.show_revenue_change(found, run)
        returned = next(each for each in business_headlines(found, run) if each.measure.code == "returned_share")
        return SimpleNamespace(run=run, returned=returned, glance=glance, change=change)

    return parts


def test_without_a_source_that_tells_returns_they_are_not_known(told):
    found = told(SOLD)
    assert not returns_known(found.run)
    assert found.returned.value is None
    assert found.returned.previous is None
    assert found.returned.definition.endswith(UNKNOWN)
    assert UNKNOWN in found.glance.text
    assert "Returned" not in found.glance.text
    assert UNKNOWN in found.change.html
    assert "Returns" not in found.change.html


def test_one_return_delivered_makes_a_month_without_one_nought(told):
    found = told([*SOLD, BACK])
    assert returns_known(found.run)
    assert (found.returned.value, found.returned.previous > 0) == (0.0, True)
    assert UNKNOWN not in found.glance.text + found.change.html
    assert "Returned | 0.0 %" in found.glance.text
    assert "Returns" in found.change.html


def test_a_return_after_the_end_of_the_report_tells_nothing_yet(run_of, lines_of):
    later = ("k00001", "r", "2026-04-02", "p", -1, -1.0, True, True)
    assert not returns_known(run_of(lines_of([*SOLD, later]), AS_OF))


@pytest.mark.parametrize("column", ["is_return", "returned_order_id"])
def test_a_mapped_column_or_a_prefix_tells_returns_also_where_there_were_none(run_of, lines_of, column):
    run = run_of(lines_of(SOLD), AS_OF)
    source = run.params.sources.transactions[0].model_copy(update={"columns": {"ordered_at": "at", column: "back"}})
    sources = run.params.sources.model_copy(update={"transactions": [source]})
    object.__setattr__(run, "params", run.params.model_copy(update={"sources": sources}))
    assert returns_known(run)


@pytest.mark.parametrize("rule", [{"order_id_prefix": "C"}, {"orders": {"file": "returns", "column": "Order ID"}}])
def test_a_list_of_returned_orders_or_their_prefix_tells_returns(run_of, lines_of, rule):
    run = run_of(lines_of(SOLD), AS_OF)
    cleaning = run.params.cleaning.model_copy(update={"returns": ReturnsRules.model_validate(rule)})
    object.__setattr__(run, "params", run.params.model_copy(update={"cleaning": cleaning}))
    assert returns_known(run)
