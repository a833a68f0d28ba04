"""Customer by customer."""

from datetime import date

import pandas as pd
import pytest

from crmlib.params.sections import SatisfactionSection
from crmlib.satisfaction.answers.survey import make_survey
from crmlib.satisfaction.service.complaints import waiting
from crmlib.satisfaction.whom.candidates import COLUMNS, candidates
from crmlib.satisfaction.whom.customers import satisfaction_customers

AS_OF = date(2026, 4, 1)
NOBODY = pd.DataFrame({"customer_id": [], "last_return_at": [], "part": []})


@pytest.fixture
def told():
    rows = pd.DataFrame({
        "response_id": ["1", "2", "3", "4"],
        "answered_at": pd.to_datetime(["2026-01-10", "2026-03-10", "2026-03-12", "2025-06-01"]),
        "customer_id": ["a", "a", "b", "c"],
        "score_recommend": [10.0, 2.0, 9.0, 0.0],
        "score_satisfaction": [5.0, 2.0, 4.0, 1.0],
    })  # fmt: skip
    return make_survey(rows, AS_OF, SatisfactionSection())


@pytest.fixture
def waits():
    made = pd.DataFrame({
        "customer_id": ["b", "b", "d", "e", None],
        "at": pd.to_datetime(["2026-03-25", "2026-03-01", "2026-02-01", "2025-01-01", "2026-03-30"]),
        "resolved_at": pd.to_datetime([None, None, "2026-02-03", None, None]),
    })  # fmt: skip
    return waiting(made, AS_OF)


def test_the_last_score_and_the_open_complaints(told, waits):
    found = satisfaction_customers(told, waits).set_index("customer_id")
    assert found["last_score"].dropna().to_dict() == {"a": 2, "b": 4, "c": 1}
    assert found["open_complaints"].to_dict() == {"a": 0, "b": 2, "c": 0, "e": 1}
    assert found["recommends"].dropna().to_dict() == {"a": "detractor", "b": "promoter", "c": "detractor"}


def test_who_only_recommends_is_known_by_that():
    rows = pd.DataFrame({
        "response_id": [str(n) for n in range(5)],
        "answered_at": pd.Timestamp("2026-03-10"),
        "customer_id": [f"k{score}" for score in (0, 6, 7, 8, 9)],
        "score_recommend": [0.0, 6.0, 7.0, 8.0, 9.0],
        "score_satisfaction": [3.0, None, None, None, 5.0],
    })  # fmt: skip
    found = satisfaction_customers(make_survey(rows, AS_OF, SatisfactionSection()), None).set_index("customer_id")
    passives = dict.fromkeys(["k7", "k8"], "passive")
    assert found["recommends"].to_dict() == {"k0": "detractor", "k6": "detractor", **passives, "k9": "promoter"}
    assert found["last_score"].dropna().to_dict() == {"k0": 3, "k9": 5}


@pytest.mark.parametrize("lacking", ["survey", "complaints", "both"])
def test_columns_and_types_stay_whatever_is_missing(told, waits, lacking):
    found = satisfaction_customers(
        None if lacking in {"survey", "both"} else told, None if lacking in {"complaints", "both"} else waits
    )
    expected = {"customer_id": "str", "last_score": "float64", "recommends": "str", "open_complaints": "int64"}
    assert {name: str(found[name].dtype) for name in expected} == expected
    assert str(found["last_answered_at"].dtype) == "datetime64[us]"


def _known(**stages):
    rows = [(customer, stage, 100.0, 10.0) for customer, stage in stages.items()]
    return pd.DataFrame(rows, columns=["customer_id", "lifecycle", "lifetime_value", "days_since_last"])


def test_reasons_and_how_pressing_they_are(told, waits):
    returned = pd.DataFrame({"customer_id": ["f"], "last_return_at": [pd.Timestamp("2026-03-01")], "part": [0.4]})
    found = candidates(told, waits, returned, None, as_of=AS_OF, recent=90).set_index(["customer_id", "reason"])[
        "score"
    ]
    # c answered too long ago; d is settled; e complained more than a year ago
    assert sorted(found.index) == [("a", "unhappy"), ("b", "open_complaint"), ("f", "returned_and_quiet")]
    assert found[("a", "unhappy")] == pytest.approx(5 / 7)
    assert found[("b", "open_complaint")] == 1
    assert found.between(0, 1).all()


def test_a_customer_has_the_most_pressing_reason_with_the_value_at_stake_and_why(told, waits):
    returned = pd.DataFrame({"customer_id": ["a"], "last_return_at": [pd.Timestamp("2026-03-20")], "part": [1.0]})
    known = _known(a="loyal", b="lost")
    found = candidates(told, waits, returned, known, as_of=AS_OF, recent=90).set_index("customer_id")
    assert list(found.reset_index()[list(COLUMNS)].columns) == list(COLUMNS)
    assert found["reason"].to_dict() == {"a": "unhappy", "b": "open_complaint"}
    assert found["score"].to_dict() == {"a": pytest.approx(100 * 5 / 7), "b": 100}
    assert found.loc["a", "why"] == "gave 2 of 10 on 10 Mar 2026"
    assert found.loc["a", "last_purchase"] == pd.Timestamp("2026-03-21")
    assert found.loc["b", "since"] == pd.Timestamp("2026-03-25")


@pytest.mark.parametrize(("stage", "called"), [("loyal", True), ("lost", False)])
def test_an_old_complaint_is_called_about_only_where_the_customer_still_buys(stage, called):
    made = pd.DataFrame({
        "customer_id": ["x", "y"], "at": pd.to_datetime(["2025-10-01", "2026-03-20"]),
        "resolved_at": pd.to_datetime([None, None]), "topic": ["price", None],
    })  # fmt: skip
    found = candidates(None, waiting(made, AS_OF), NOBODY, _known(x=stage, y=stage), as_of=AS_OF, recent=90)
    assert ("x" in set(found["customer_id"])) is called
    assert "y" in set(found["customer_id"])
    if called:
        assert found.set_index("customer_id").loc["x", "why"] == "complaint open for 182 days, about price"
        assert found["score"].is_monotonic_increasing  # the older, the less pressing


def test_who_returned_goods_and_is_gone_is_not_won_back_here():
    returned = pd.DataFrame({
        "customer_id": ["x", "y"], "last_return_at": [pd.Timestamp("2026-03-01")] * 2, "part": [0.5, 0.5]
    })  # fmt: skip
    found = candidates(None, None, returned, _known(x="dormant", y="loyal"), as_of=AS_OF, recent=90)
    assert found["customer_id"].tolist() == ["y"]


def test_nobody_is_a_frame_without_rows():
    found = candidates(None, None, NOBODY, None, as_of=AS_OF, recent=90)
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
