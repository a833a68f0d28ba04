"""Promotion shares: the planted distribution is found, few lines are drawn to the average, alike stays alike."""

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.prices.promotion import promotion_shares
from crmlib.segmentation.prices.shown import show_price_sensitivity


def counted(promoted, lines):
    return pd.DataFrame({
        "customer_id": [f"k{n:05d}" for n in range(len(lines))], "lines": lines, "promoted": promoted,
    })  # fmt: skip


def test_the_planted_distribution_is_found_and_intervals_cover():
    rng = np.random.default_rng(1)
    own = rng.beta(2, 6, 4000)
    lines = rng.integers(1, 60, 4000)
    shares = promotion_shares(counted(rng.binomial(lines, own), lines))
    # the standard errors of 4,000 customers are about 4 %
    assert shares.a == pytest.approx(2, rel=0.15)
    assert shares.b == pytest.approx(6, rel=0.15)
    covered = ((shares.customers["low"] <= own) & (own <= shares.customers["high"])).mean()
    assert covered == pytest.approx(0.95, abs=0.015)
    assert abs(shares.customers["share"] - own).mean() < abs(rng.binomial(lines, own) / lines - own).mean()


def test_few_lines_are_drawn_to_the_average():
    rng = np.random.default_rng(2)
    lines = np.r_[rng.integers(5, 40, 500), 1, 100]
    promoted = np.r_[rng.binomial(lines[:500], rng.beta(2, 6, 500)), 1, 100]
    shares = promotion_shares(counted(promoted, lines)).customers["share"]
    assert shares.iloc[-2] < 0.5
    assert shares.iloc[-1] > 0.9


def test_customers_who_do_not_differ_get_the_average():
    rng = np.random.default_rng(3)
    lines = rng.integers(1, 40, 2000)
    shares = promotion_shares(counted(rng.binomial(lines, 0.2), lines))
    assert not shares.differ
    assert shares.customers["share"].eq(shares.average.value).all()
    assert shares.average.low < 0.2 < shares.average.high
    nobody = promotion_shares(counted(np.zeros(50, dtype=int), np.full(50, 5)))
    assert not nobody.differ
    assert (nobody.customers["share"] == 0).all()


def test_a_page_without_promotions_and_with_flat_prices(run_of, simulated_lines):
    lines, as_of = simulated_lines
    run = run_of(lines, as_of)
    shown = show_price_sensitivity(run.table("transactions"), run)
    assert "No promotion shares are shown" in shown.text
    assert "No elasticity is estimated" in shown.text
    assert run.frame("promotion_shares").empty


def test_a_page_with_promotions(run_of, simulated_lines):
    import ibis

    lines, as_of = simulated_lines
    bargain = lines.mutate(discount=ibis.ifelse(lines.line_id.cast("int64") % 3 == 0, 1, 0).cast("decimal(18, 4)"))
    run = run_of(bargain, as_of)
    shown = show_price_sensitivity(run.table("transactions"), run)
    assert "of what is bought is on promotion" in shown.text
    table = run.frame("promotion_shares")
    assert table["customer_id"].is_monotonic_increasing
    assert table["share"].between(table["low"], table["high"]).all()
    again = show_price_sensitivity(run.table("transactions"), run)
    assert again.html == shown.html
