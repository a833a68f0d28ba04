"""A campaign that left nobody out: an effect at equal behaviour is found, what cannot be compared is refused."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.actions.campaigns.observed import CONTACTED, OTHERS, judge, observe
from crmlib.adjustment.compared import compare


def compared(rng, effect=0.0, hidden=0.0, choice=0.09, size=1_500):
    """Simulate customers of whom frequent buyers are contacted the more; `hidden` adds to what nobody recorded."""
    frequent = rng.poisson(3, size) + 1
    contacted = rng.random(size) < choice * np.minimum(frequent, 8)
    bought = rng.random(size) < 0.1 + 0.06 * np.minimum(frequent, 7) + (effect + hidden) * contacted
    around = pd.DataFrame({
        "days_before": frequent, "spend_before": frequent * 40.0, "idle": 5.0, "tenure": 300.0, "channel": "web",
        "store": None, "at": pd.Timestamp("2026-05-02"), "days_after": bought.astype(int),
        "spend_after": np.where(bought, 30.0, 0.0),
    })  # fmt: skip
    names = pd.Series(np.where(contacted, CONTACTED, OTHERS)).astype("category")
    return compare(names, around)


def test_an_effect_among_customers_of_equal_behaviour_is_found():
    rng = np.random.default_rng(1)
    seen = judge(compared(rng, effect=0.12), lambda: compared(rng))
    assert seen.refused is None
    assert seen.won.low < 0.12 < seen.won.high
    assert seen.won.excludes(0)


def test_groups_that_differed_before_the_contact_are_refused():
    rng = np.random.default_rng(2)
    seen = judge(compared(rng, hidden=0.15), lambda: compared(rng, hidden=0.15))
    assert seen.refused == "placebo"
    assert seen.placebo.excludes(0)


@pytest.mark.parametrize(("choice", "size", "why"), [(0.005, 400, "few"), (0.09, 30, "few")])
def test_too_few_are_refused_before_anything_is_estimated(choice, size, why):
    seen = judge(compared(np.random.default_rng(3), choice=choice, size=size), lambda: pytest.fail("was asked"))
    assert (seen.refused, seen.won.is_known) == (why, False)


def test_who_is_compared_are_all_who_had_bought_by_the_day():
    rows = [("a", "2026-04-01"), ("b", "2026-05-01"), ("c", "2026-05-02")]
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at"]).assign(
        order_id=["1", "2", "3"], amount=10.0, quantity=1.0, is_return=False, is_product=True, product_id="P",
        channel="web", store_id="s", ordered_at=lambda t: pd.to_datetime(t["ordered_at"]),
    )  # fmt: skip
    seen = observe(pd.Series(["a"]), date(2026, 5, 1), ibis.memtable(frame), date(2026, 6, 1), 14)
    assert (seen.refused, seen.won.n) == ("few", 2)
