"""What contacting those worth it would have earned, and over the range of each assumption."""

from itertools import pairwise

import numpy as np
import pytest

from crmlib.churn.money.assumptions import Assumptions
from crmlib.churn.money.gain import expected_gain
from crmlib.churn.money.prospect import SHARES, profit_curve, sensitivities

ASSUMED = Assumptions(
    kept_value=(80, 100, 130), incentive=(2, 5, 9), contact=(0.2, 0.5, 2), kept=(0.1, 0.3, 0.5), margin=1.0,
    told_by="nobody",
)  # fmt: skip


@pytest.fixture(scope="module")
def customers():
    rng = np.random.default_rng(4)
    probability = rng.beta(2, 2, 4_000)
    values = rng.gamma(1.0, 100.0, 4_000)
    return rng.random(4_000) < probability, probability, values


def changed(**ranges):
    from dataclasses import replace

    return replace(ASSUMED, **ranges)


def weighed(customers, assumed):
    churned, probability, values = customers
    gain = expected_gain(probability, values, assumed.likely)
    return gain, profit_curve(churned, gain, values, assumed, SHARES)


def test_value_and_risk_earn_more_than_risk_alone(customers):
    churned, probability, values = customers
    gain, curve = weighed(customers, ASSUMED)
    by_risk = profit_curve(churned, probability, values, ASSUMED, SHARES)
    assert (curve["profit"].iloc[:15] > by_risk["profit"].iloc[:15]).all()
    assert curve["profit"].iloc[-1] == pytest.approx(by_risk["profit"].iloc[-1])
    # probabilities that hold: what was expected of those worth it is what came, within four standard errors
    worth_it = gain > 0
    came = profit_curve(churned, gain, values, ASSUMED, [worth_it.mean()])["profit"].iloc[0]
    error = np.sqrt((0.3**2 * (values**2 * probability * (1 - probability))[worth_it]).sum())
    assert came == pytest.approx(gain[worth_it].sum(), abs=4 * error)


def test_the_band_holds_the_likely_profit_and_is_the_root_of_the_squared_ends(customers):
    _gain, curve = weighed(customers, ASSUMED)
    assert (curve["low"] < curve["profit"]).all()
    assert (curve["profit"] < curve["high"]).all()
    at = curve.iloc[7]
    rows = sensitivities(at, ASSUMED)
    assert at["low"] == pytest.approx(at["profit"] - np.sqrt(((at["profit"] - rows["low"]) ** 2).sum()))
    assert at["high"] == pytest.approx(at["profit"] + np.sqrt(((rows["high"] - at["profit"]) ** 2).sum()))


def test_the_tornado_is_sorted_and_monotone(customers):
    _gain, curve = weighed(customers, ASSUMED)
    rows = sensitivities(curve.iloc[7], ASSUMED)
    widths = (rows["high"] - rows["low"]).tolist()
    assert widths == sorted(widths, reverse=True)
    assert set(rows["assumption"]) == {"kept", "kept_value", "incentive", "contact"}
    better_is_more = rows.set_index("assumption").eval("at_better > at_worse")
    assert better_is_more.to_dict() == {"kept": True, "kept_value": True, "incentive": False, "contact": False}
    # the further a range reaches, the further its bar
    highs = [sensitivities(curve.iloc[7], changed(kept=(0.1, 0.3, top)))["high"].max() for top in (0.35, 0.5, 0.8)]
    assert all(low < high for low, high in pairwise(highs))


def test_a_known_number_has_no_bar(customers):
    known = changed(kept_value=(100,) * 3, incentive=(5,) * 3, contact=(0.5,) * 3, kept=(0.3,) * 3)
    _gain, curve = weighed(customers, known)
    assert sensitivities(curve.iloc[7], known).empty
    assert curve["low"].tolist() == curve["profit"].tolist() == curve["high"].tolist()


def test_without_costs_every_contact_pays_and_without_an_effect_none(customers):
    free = changed(incentive=(0, 0, 0), contact=(0, 0, 0))
    gain, curve = weighed(customers, free)
    assert (gain > 0).all()
    assert curve["profit"].is_monotonic_increasing
    lost = changed(kept=(-0.1, -0.02, 0.05))
    gain, curve = weighed(customers, lost)
    assert (gain <= 0).all()
    assert (curve["profit"] < 0).all()
