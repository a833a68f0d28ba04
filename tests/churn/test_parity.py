"""Every row-grain expression of chapter 03 gives the same on Spark as on DuckDB."""

from datetime import date

import ibis
import pandas as pd
import pytest

from crmlib.churn.history.cutoffs import Coverage, observe_coverage
from crmlib.churn.history.described import describe_customers
from crmlib.churn.history.horizon import anonymous_orders
from crmlib.churn.history.memberships import count_ended, memberships_at
from crmlib.churn.history.silences import count_returned, count_waits
from crmlib.churn.history.slices import churn_labels
from crmlib.churn.when.next_purchase import next_waits
from crmlib.engine import connect
from crmlib.features import known_purchases, main_place
from crmlib.funnel import count_buyers, count_waiting
from crmlib.orders import as_orders

# what PySpark and its gateway warn of (old pandas keywords, sockets left to the end) is theirs to mend
pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

ALL = Coverage(date(2025, 1, 1), date(2026, 1, 1))
CUTOFF = date(2025, 9, 1)


def channels(lines):
    return main_place(known_purchases(as_orders(lines), CUTOFF), "channel")


def members(lines):
    """Make members of all who ever buy, from the day they first do to the day they last do."""
    days = lines.ordered_at.date()
    return lines.group_by("customer_id").agg(
        joined_at=days.min(), member_until=days.max(), known_at=lines.ordered_at.max()
    )


def events_like(lines):
    """Make contacts, answers and categories of order lines, on the lines' own engine."""
    dear = lines.amount > 40
    contacts = lines.select(
        "customer_id", at=lines.ordered_at, kind=dear.ifelse("Complaint", "suggestion"),
        resolved_at=dear.ifelse(lines.ordered_at + ibis.interval(days=9), None),
    )  # fmt: skip
    answers = lines.select(
        "customer_id", response_id=lines.order_id, answered_at=lines.ordered_at, score=lines.amount.cast("float64")
    )
    firsts = lines.group_by(["customer_id", dear.ifelse("dear", "cheap").name("category")]).agg(
        first_at=lines.ordered_at.min()
    )
    return {"interactions": contacts, "surveys": answers, "categories": firsts}


EXPRESSIONS = {
    "describe_customers": lambda lines: describe_customers(lines, CUTOFF, 60),
    "describe_events": lambda lines: describe_customers(lines, CUTOFF, 60, events=events_like(lines)),
    "churn_labels": lambda lines: churn_labels(lines, CUTOFF, 60, ALL),
    "count_waits": lambda lines: count_waits(lines, CUTOFF),
    "count_waits_by_place": lambda lines: count_waits(lines, CUTOFF, channels(lines)),
    "count_returned": lambda lines: count_returned(lines, [date(2025, 7, 1), CUTOFF], 60),
    "next_waits": lambda lines: next_waits(lines, CUTOFF, date(2026, 1, 1)),
    "count_ended": lambda lines: count_ended(members(lines), "member_until", [date(2025, 7, 1), CUTOFF], 30),
    "memberships_at": lambda lines: memberships_at(members(lines), "member_until", CUTOFF, 60),
    "anonymous_orders": lambda lines: anonymous_orders(as_orders(lines), CUTOFF),
    "count_buyers": lambda lines: count_buyers(lines, CUTOFF, {"year": date(2025, 3, 1), "active": date(2025, 6, 1)}),
    "count_waiting": lambda lines: count_waiting(members(lines), lines, CUTOFF),
}


@pytest.fixture(scope="module")
def engines(spark, tmp_path_factory, shop):
    assert spark.version
    path = str(tmp_path_factory.mktemp("parity") / "transactions.parquet")
    shop.to_parquet(path)
    opened = {name: connect(name) for name in ("duckdb", "spark")}
    return {name: con.read_parquet(path, table_name="churn_parity") for name, con in opened.items()}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_both_engines_agree_row_by_row(engines, name):
    first, second = (EXPRESSIONS[name](lines).to_pandas() for lines in engines.values())
    assert len(first) > 0
    by = list(first.columns)[:4]
    first, second = (each.sort_values(by, ignore_index=True) for each in (first, second[first.columns]))
    assert list(first.columns) == list(second.columns)
    for column in first.columns:
        left, right = first[column], second[column]
        if column == "cutoff":
            left, right = pd.to_datetime(left), pd.to_datetime(right)
        pd.testing.assert_series_equal(left, right, check_dtype=False, check_exact=True)


def test_coverage_agrees(engines):
    first, second = (observe_coverage(lines, date(2025, 12, 1)) for lines in engines.values())
    assert first == second
