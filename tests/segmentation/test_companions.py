"""Companions of a category: what is planted is found, and where there is nothing nothing is."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.affinity.companions import COLUMNS, companions

AS_OF = date(2026, 10, 22)


def simulated(seed, planted=1.0):
    """Draw when 3,000 customers, who differ in how much they buy, first buy of eight categories.

    Who has k1 buys k2 so many times as fast from then on.
    """
    rng = np.random.default_rng(seed)
    pace = rng.gamma(1, 1, (3000, 1)) * np.linspace(0.5, 2, 8) / 300
    days = rng.uniform(0, 400, (3000, 1)) + rng.exponential(1 / pace)
    after = days[:, 2] > days[:, 1]
    days[after, 2] = days[after, 1] + (days[after, 2] - days[after, 1]) / planted
    who, what = np.nonzero(days < 720)
    first_at = pd.Timestamp("2024-11-01") + pd.to_timedelta(days[who, what], unit="D")
    return pd.DataFrame({"customer_id": who.astype(str), "category": [f"k{n}" for n in what], "first_at": first_at})


@pytest.mark.parametrize("seed", range(4))
def test_customers_who_buy_more_of_everything_make_no_companions(seed):
    assert companions(simulated(seed), AS_OF, 90).empty


def test_what_is_planted_is_found_with_about_its_lift():
    found = companions(simulated(7, planted=4.0), AS_OF, 90)
    assert found[["first", "second"]].to_numpy().tolist() == [["k1", "k2"]]
    # a pace four times as fast makes a share within 90 days that is at most as many times as high
    assert found["lift_low"].between(1.5, 4).all()


def test_no_category_and_a_single_one_have_no_companion():
    one = pd.DataFrame({"customer_id": ["a"], "category": ["x"], "first_at": [pd.Timestamp("2026-01-01")]})
    assert companions(one, AS_OF, 90).empty
    assert tuple(companions(one.iloc[:0], AS_OF, 90).columns) == COLUMNS
