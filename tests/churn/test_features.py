"""Features: by hand, from what was known alone, and as the docs list them."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.described import describe_customers
from crmlib.churn.history.features import FEATURES, NAMES, columns_by_group, features_page, with_features
from crmlib.churn.history.slices import Slice, leaking_columns, leaks_at, unlabelled_slice
from crmlib.churn.history.transforms import typical_gap
from crmlib.churn.models.design import learnable

CUTOFF = date(2025, 3, 1)


@pytest.fixture
def lines(as_lines):
    rows = [
        ("a", "2025-01-01", 10.0, False), ("a", "2025-01-11", 20.0, False), ("a", "2025-02-20", 30.0, False),
        ("a", "2025-02-21", -5.0, True), ("b", "2025-02-01", 40.0, False), ("b", "2025-03-05", 40.0, False),
    ]  # fmt: skip
    return as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount", "is_return"]))


def told(contacts=(), answers=()):
    """Tables of contacts (at, kind, resolved_at) and answers (at, score) of customer a."""
    frames = {
        "interactions": pd.DataFrame(contacts, columns=["at", "kind", "resolved_at"]),
        "surveys": pd.DataFrame(answers, columns=["answered_at", "score"]),
    }
    times = {"at": "timestamp(6)", "resolved_at": "timestamp(6)", "answered_at": "timestamp(6)"}
    kinds = {"customer_id": "string", "response_id": "string", "kind": "string", "score": "float64", **times}
    tables = {}
    for name, frame in frames.items():
        rows = frame.assign(customer_id="a", response_id=[f"r{number}" for number in range(len(frame))])
        dated = rows.assign(**{column: pd.to_datetime(rows[column]) for column in times if column in rows})
        tables[name] = ibis.memtable(dated, schema={column: kinds[column] for column in dated.columns})
    return tables


EVENTS = told(
    contacts=[
        ("2025-01-02", "Complaint", "2025-01-05"),
        ("2025-02-20", "complaint", None),
        ("2025-02-25", "complaint", "2025-03-09"),
        ("2025-02-26", "suggestion", None),
        ("2025-03-02", "complaint", None),
    ],
    answers=[("2025-01-03", 5.0), ("2025-02-22", 2.0), ("2025-03-03", 4.0)],
)


def test_counts_by_hand(lines):
    described = describe_customers(lines, CUTOFF, 14, events=EVENTS).to_pandas().set_index("customer_id")
    a, b = described.loc["a"], described.loc["b"]
    assert (a["complaint_count"], a["recent_complaint_count"], a["contact_count"]) == (3, 2, 1)
    # one that was settled after the cutoff was open then
    assert a["open_complaint_count"] == 2
    assert (a["answer_count"], a["last_score"]) == (2, 2.0)
    assert (a["recent_purchase_days"], a["earlier_purchase_days"], a["gap_squares"]) == (1, 0, 100 + 1600)
    assert (a["line_count"], a["store_count"], a["channel_count"], a["return_count"]) == (3, 1, 1, 1)
    assert (b["complaint_count"], b["answer_count"], b["earlier_spend"]) == (0, 0, 40)
    assert np.isnan(b["last_score"])


def test_the_typical_gap_is_drawn_to_everybodys(lines):
    customers = unlabelled_slice(lines, CUTOFF, 14).customers.set_index("customer_id")
    # a bought after 10 and after 40 days; the mean of all gaps is 25, and weighs as two
    assert typical_gap(customers)["a"] == pytest.approx((50 + 2 * 25) / (2 + 2))
    assert typical_gap(customers)["b"] == pytest.approx(25)
    assert customers.loc["b", "relative_silence"] == pytest.approx(np.log1p(27 / 25))


def test_no_feature_hides_a_count_of_the_same_name(lines):
    assert set(describe_customers(lines, CUTOFF, 14, events=EVENTS).columns) & set(NAMES) == set()


def test_without_a_table_of_events_there_is_no_feature_of_them(lines):
    customers = unlabelled_slice(lines, CUTOFF, 14).customers
    assert {"complaints", "satisfaction", "categories"} & set(customers.columns) == set()
    assert "satisfaction" in unlabelled_slice(lines, CUTOFF, 14, events=EVENTS).customers


def test_nothing_leaks_from_events_either(lines):
    known = unlabelled_slice(lines, CUTOFF, 14, events=EVENTS)
    assert leaks_at(lines, CUTOFF, 14, events=EVENTS) == leaks_at(lines, CUTOFF, 14, known=known, events=EVENTS) == ()


def test_a_planted_settlement_of_the_future_is_caught(lines):
    def describe(sold, events, cutoff):
        contacts = events["interactions"]
        ever = contacts.group_by("customer_id").agg(settled_ever=contacts.resolved_at.notnull().sum())
        return describe_customers(sold, cutoff, 14).left_join(ever, "customer_id").drop("customer_id_right")

    assert leaking_columns(describe, lines, CUTOFF, EVENTS) == ("settled_ever",)


def test_seasons_count_from_two_years_on():
    customers = pd.DataFrame({"customer_id": ["a"], "silence": [1.0], "season_east": [0.1], "season_north": [0.2]})
    first, second, third = (
        Slice(day, 90, customers) for day in (date(2024, 1, 1), date(2025, 1, 1), date(2025, 10, 2))
    )
    assert learnable([first, second]) == ["silence"]
    assert learnable([first, second, third]) == ["silence", "season_east", "season_north"]


def test_each_column_is_in_one_group(lines):
    piece = unlabelled_slice(lines, CUTOFF, 14, events=EVENTS)
    columns = [name for names in columns_by_group(piece.customers, ("own",)).values() for name in names]
    assert len(columns) == len(set(columns))
    assert {*piece.features, "recency", "T", "own"} <= set(columns)


def test_features_change_no_frame_of_the_caller(lines):
    described = describe_customers(lines, CUTOFF, 14).to_pandas()
    columns = list(described.columns)
    with_features(described, CUTOFF, 14, None)
    assert list(described.columns) == columns


def test_the_docs_list_every_feature(project):
    page = (project / "docs" / "features.md").read_text(encoding="utf-8")
    assert features_page(page) == page, "run `make schema`"
    assert all(f"`{feature.name}`" in page for feature in FEATURES)
