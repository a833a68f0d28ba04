"""The customer journey: steps counted by hand, and the one after which many fall silent."""

from dataclasses import replace
from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.orders import as_days, as_orders
from crmlib.params.sections import SatisfactionSection
from crmlib.satisfaction import show_journey, study
from crmlib.satisfaction.answers.survey import make_survey
from crmlib.satisfaction.journey.page import score_steps
from crmlib.satisfaction.journey.steps import journey, order_cells, touchpoints_of, weakest

AS_OF = date(2026, 11, 1)
NOTHING = pd.DataFrame({"kind": [], "order_id": [], "customer_id": [], "at": pd.to_datetime([])})


def _lines(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "ordered_at", "channel"])
    return ibis.memtable(frame.assign(
        ordered_at=pd.to_datetime(frame["ordered_at"]), amount=10.0, quantity=1.0, is_return=False, is_product=True,
        product_id="P", store_id=None,
    ))  # fmt: skip


def _cells(rows, about=NOTHING):
    lines = _lines(rows)
    return order_cells(as_orders(lines), as_days(lines), about, AS_OF, 90)


def test_orders_after_which_nothing_was_bought_are_counted_by_hand():
    rows = [("a", "1", "2026-05-01", "web"), ("a", "2", "2026-06-01", "web"), ("b", "3", "2026-05-01", "web"),
            ("b", "4", "2026-09-20", "store"), ("c", "5", "2026-07-01", "store")]  # fmt: skip
    about = pd.DataFrame({"kind": ["complaint"], "order_id": ["3"]})
    found = _cells(rows, about)
    assert found.groupby("channel")[["orders", "silent", "first"]].sum().to_numpy().tolist() == [[1, 1, 1], [3, 2, 2]]
    assert found.loc[found["complaint"], ["orders", "silent"]].to_numpy().tolist() == [[1, 1]]
    # 31 days after the purchase before; the first of a customer stands among the longest absences
    assert sorted(found["band"]) == [3, 5, 5, 5]


@pytest.fixture(scope="module")
def simulated():
    """Draw orders of 600 customers; a complaint makes half of those silent who had bought on, and web does nothing."""
    rng = np.random.default_rng(5)
    rows, about = [], []
    for customer in range(600):
        day, number = date(2025, 8, 10) + timedelta(days=int(rng.integers(0, 40))), 0
        while day < date(2026, 10, 20):
            order = f"{customer}-{number}"
            rows.append((f"c{customer}", order, str(day), "web" if rng.random() < 0.4 else "store"))
            complains = rng.random() < 0.06
            about += [("complaint", order, f"c{customer}", pd.Timestamp(day))] if complains else []
            if rng.random() < (0.55 if complains else 0.1):
                break
            day, number = day + timedelta(days=int(rng.integers(5, 50))), number + 1
    events = pd.DataFrame(about, columns=["kind", "order_id", "customer_id", "at"])
    return journey(_cells(rows, events), events, {"web": "web order"}, AS_OF)


def test_the_step_after_which_many_fall_silent_is_found_and_no_other(simulated):
    step = weakest(simulated)
    assert step["stage"] == "complaint"
    error = (step["gap_high"] - step["gap_low"]) / 3.92
    assert step["gap"] == pytest.approx(0.45, abs=4 * error)
    orders = simulated[simulated["stage"] == "order"]
    assert (orders["q"] > 0.05).all()
    assert orders["name"].tolist() == ["store", "web order"]


def test_without_a_step_that_stands_apart_there_is_no_weakest(simulated):
    assert weakest(simulated[simulated["stage"] == "order"]) is None


def test_a_touchpoint_belongs_to_a_channel_where_nearly_all_of_its_answers_do():
    told = pd.DataFrame({
        "touchpoint": ["shop"] * 20 + ["web"] * 20 + ["both"] * 2,
        "order_channel": ["s"] * 20 + ["w"] * 20 + ["s", "w"],
    })  # fmt: skip
    assert touchpoints_of(told) == {"s": "shop", "w": "web"}
    assert touchpoints_of(told.assign(touchpoint=None)) == {}


def test_steps_have_the_scores_and_the_effort_of_the_answers_about_them():
    rows = pd.DataFrame({
        "response_id": [f"r{i}" for i in range(40)], "customer_id": [f"c{i}" for i in range(40)],
        "answered_at": pd.Timestamp("2026-09-01"), "order_id": [f"o{i}" for i in range(40)],
        "touchpoint": ["web"] * 20 + ["shop"] * 20, "score_recommend": [10.0] * 20 + [0.0, 10.0] * 10,
        "score_effort": [3.0, 5.0] * 10 + [1.0, 3.0] * 10,
    })  # fmt: skip
    knobs = SatisfactionSection(scales={"score_recommend": {"low": 0, "high": 10}})
    survey = make_survey(rows, AS_OF, knobs)
    events = pd.DataFrame({"kind": "complaint", "order_id": ["o20", "o22"], "order_channel": None})
    steps = pd.DataFrame(
        [("order", "w", "web"), ("complaint", None, None), ("answer", None, None)], columns=["stage", "channel", "name"]
    )
    found = score_steps(steps, events, survey)
    assert found[["answered", "score", "effort"]].to_numpy().tolist() == [[20, 100, 4], [2, -100, 1], [40, 50, 3]]
    assert score_steps(steps, events, None) is steps


def test_orders_without_channel_and_contacts_are_one_step():
    found = journey(_cells([("a", "1", "2026-05-01", None)]), NOTHING, {}, AS_OF)
    assert found["stage"].tolist() == ["order"]
    assert found["q"].isna().all()
    assert journey(_cells([("a", "1", "2020-05-01", None)]), NOTHING, {}, AS_OF).empty


def test_effort_stands_with_its_scale_where_it_was_asked_and_is_said_to_be_missing_elsewhere(demo_run):
    found = study(demo_run)
    assert "no answer has an effort score (score_effort)" in show_journey(found, demo_run).text
    rows = demo_run.table("surveys").to_pandas().assign(score_effort=lambda given: given["score_speed"])
    knobs = demo_run.params.satisfaction
    asked = make_survey(rows, demo_run.as_of, knobs)
    survey = asked.weighted(found.survey.invitations["weight"])
    found.__dict__["now"] = replace(found.now, survey=survey)
    found.__dict__.pop("journey")
    text = show_journey(found, demo_run).text
    assert "Effort score (1 to 5)" in text
    assert "score_effort" not in text
