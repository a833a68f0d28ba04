"""Parts of money compared group by group."""

import numpy as np
import pytest

from crmlib.stats.parts import compare_parts


def drawn(rng, n=1_500):
    """Draw log-normal money with a few large customers, marks and groups that have nothing to do with one another."""
    return rng.lognormal(3, 1.5, n), rng.random(n) < 0.3, rng.choice(list("abcde"), n, p=[0.08, 0.12, 0.2, 0.3, 0.3])


def test_parts_by_hand_and_the_linearised_error():
    rng = np.random.default_rng(1)
    values, marked, groups = drawn(rng, 30_000)
    inside = groups == "a"
    found = compare_parts(values, marked, groups, rng).loc["a"]
    assert found["part"] == pytest.approx(values[inside & marked].sum() / values[inside].sum())
    assert found["other_part"] == pytest.approx(values[~inside & marked].sum() / values[~inside].sum())
    error = np.sqrt(sum(
        (values[side] ** 2 * (marked[side] - part) ** 2).sum() / values[side].sum() ** 2
        for side, part in ((inside, found["part"]), (~inside, found["other_part"]))
    ))  # fmt: skip
    z = abs(found["part"] - found["other_part"]) / error
    from scipy.stats import norm

    assert found["p"] == pytest.approx(2 * norm.sf(z))


def test_of_heavy_money_chance_is_called_a_finding_as_often_as_it_says():
    rng = np.random.default_rng(2)
    p = np.concatenate([compare_parts(*drawn(rng), rng, draws=199)["p"] for _shop in range(60)])
    # 300 figures: within three standard errors of .05
    assert abs((p < 0.05).mean() - 0.05) < 0.038


def test_a_planted_difference_is_found_and_few_are_not_tested():
    rng = np.random.default_rng(3)
    values, marked, groups = drawn(rng, 4_000)
    marked |= (groups == "c") & (values > np.median(values))
    groups[:15] = "f"
    found = compare_parts(values, marked, groups, rng)
    assert found["p"].idxmin() == "c"
    assert found.loc["c", "p"] == 1 / 2_000
    assert np.isnan(found.loc["f", "p"])
    again = compare_parts(values, marked, groups, np.random.default_rng(3), draws=99)
    assert again["p"].equals(compare_parts(values, marked, groups, np.random.default_rng(3), draws=99)["p"])
