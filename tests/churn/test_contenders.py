"""Rules of thumb, and how they become probabilities."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.slices import Slice
from crmlib.churn.models.rules import (
    NEVER_CERTAIN,
    hiatus_order,
    hiatus_threshold,
    learn_hiatus,
    learn_past_rate,
    learn_rank_sum,
    learn_recency,
    learn_shares,
    rank_sum_order,
    recency_order,
)


def piece(silence, churned, purchases=None):
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(len(silence))],
            "days_since_last": silence,
            "days_since_first": [days + 10 for days in silence],
            "purchase_days": purchases or [1] * len(silence),
            "churned": np.array(churned, dtype=bool),
        }
    )
    return Slice(date(2025, 6, 1), 30, customers)


def test_the_hiatus_limit_is_where_fewest_are_misjudged():
    past = piece([1, 5, 10, 20, 30, 40], [0, 0, 0, 1, 0, 1])
    # from 20 days on: one stayer (30) misjudged; from 40 on: one leaver (20); the first of equals
    assert hiatus_threshold([past], default=99) == 20
    assert hiatus_threshold([], default=99) == 99


def test_the_hiatus_limit_never_cuts_equal_customers_apart():
    past = piece([5, 5, 5, 9], [0, 1, 1, 1])
    assert hiatus_threshold([past], default=99) in {5, 9}


def test_orders_by_hand():
    customers = pd.DataFrame({"days_since_last": [3, 90, 90], "purchase_days": [9, 1, 1]})
    assert recency_order(customers).tolist() == [3, 90, 90]
    assert rank_sum_order(customers).tolist() == pytest.approx([1 / 6, 2 / 3, 2 / 3])
    assert hiatus_order(customers, threshold=60).tolist() == [0, 1, 1]


def test_equal_customers_get_equal_ranks():
    customers = pd.DataFrame({"days_since_last": [3, 3, 50], "purchase_days": [2, 2, 1]})
    ranks = rank_sum_order(customers)
    assert ranks[0] == ranks[1] < ranks[2]
    assert (ranks >= 0).all()
    assert (ranks <= 1).all()


def test_learnt_probabilities_rise_with_the_rule_and_are_never_certain():
    past = piece(list(range(100)), [0] * 50 + [1] * 50)
    learnt = learn_shares([past], [recency_order(past.customers)])
    probability = learnt.predict(np.array([-5.0, 10.0, 90.0, 500.0]))
    assert probability == pytest.approx([NEVER_CERTAIN, NEVER_CERTAIN, 1 - NEVER_CERTAIN, 1 - NEVER_CERTAIN])


@pytest.mark.parametrize("learn", [learn_hiatus, learn_recency, learn_rank_sum, learn_past_rate])
def test_without_a_past_a_rule_gives_an_order_alone(learn):
    now = piece([1, 40], [0, 1], [3, 1])
    prediction = learn([], now).predict(now.customers)
    assert prediction.score[1] > prediction.score[0]
    assert prediction.probability is None


def test_altered_customers_are_ranked_among_those_of_the_cutoff():
    now = piece([1, 5, 5, 40], [0, 1, 0, 1], [9, 3, 3, 1])
    learnt = learn_rank_sum([now], now)
    whole = learnt.predict(now.customers)
    alone = learnt.predict(now.customers.tail(1))
    assert alone.score == whole.score[-1:]
    assert alone.probability == whole.probability[-1:]
    longer = learnt.predict(now.customers.assign(days_since_last=41))
    assert (longer.score >= whole.score).all()
