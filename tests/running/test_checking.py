"""``crm check`` on small files: what would come in, what is wrong, and nothing left behind."""

import pytest

from crmlib.running.checking import check_input
from crmlib.running.outcomes import Outcome, RunFailureError


def test_it_says_table_by_table_what_would_come_in(series):
    orders = series.folder / "data" / "orders.csv"
    orders.write_text("id,who,when,how_much\n1,a,2026-10-01,5\n2,b,no day,7\n", encoding="utf-8")
    said = check_input(series.request)
    assert said[0].split() == ["table", "source", "lines", "in", "clean", "set", "aside", "merged"]
    assert said[1].split() == ["transactions", "transactions", "2", "1", "1", "0"]
    assert any("ordered at cannot be read" in line for line in said[3:])
    assert not any("no day" in line for line in said)
    assert list(series.work.iterdir()) == []
    assert not series.reports.exists()


@pytest.mark.parametrize(
    ("content", "outcome"),
    [("", Outcome.INPUT_REJECTED), ("id,whom,when,how_much\n1,a,2026-10-01,5\n", Outcome.BAD_PARAMETERS)],
)
def test_what_would_stop_a_run_ends_with_its_code(series, content, outcome):
    (series.folder / "data" / "orders.csv").write_text(content, encoding="utf-8")
    with pytest.raises(RunFailureError) as failure:
        check_input(series.request)
    assert failure.value.outcome is outcome
    assert failure.value.lines
    assert list(series.work.iterdir()) == []
