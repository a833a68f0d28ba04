"""What became of last month's likely to leave, counted again from the orders."""

from datetime import date

import pandas as pd
import pytest

from crmlib.churn.study import Study
from crmlib.churn.who.last_month import flagged_then
from crmlib.params.sections import ChurnSection

SETTINGS = ChurnSection(horizon_days=60, cutoffs=3, resamples=50)


@pytest.fixture(scope="module")
def found(shop):
    return Study(shop, date(2026, 1, 1), SETTINGS)


def test_who_was_likely_to_leave_then_is_followed_in_the_orders_since(found, shop_orders):
    rows = found.flagged.set_index("group")
    then = found.before.active
    likely = set(then.loc[then["churn_probability"] > 0.5, "customer_id"])
    since = set(shop_orders.loc[shop_orders["ordered_at"] >= "2025-12-01", "customer_id"])
    assert rows.loc["likely", ["customers", "bought"]].tolist() == [len(likely), len(likely & since)]
    others = set(then["customer_id"]) - likely
    assert rows.loc["other", ["customers", "bought"]].tolist() == [len(others), len(others & since)]
    assert rows["days"].tolist() == [31, 31]


def test_the_process_that_was_simulated_comes_back_as_foreseen(found):
    # four standard errors of so many customers, each with the chance of the mean
    for row in found.flagged.itertuples():
        error = (row.expected * (1 - row.expected) / row.customers) ** 0.5
        assert abs(row.bought / row.customers - row.expected) < 4 * error
    likely, other = found.flagged["expected"]
    assert likely < other / 2


def test_nothing_is_foreseen_where_nothing_was_seen_since(found):
    assert flagged_then(found.before, found.scores, found.before.plan.scoring) is None
    alone = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "days_since_last": []})
    assert flagged_then(found.before, alone, found.plan.scoring).empty
