"""Promotion shares: the planted distribution is found, few orders are drawn to the average, alike stays alike."""

import re
from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib import segmentation
from crmlib.segmentation.prices.promotion import promotion_orders, promotion_shares


def counted(promoted, orders):
    return pd.DataFrame({
        "customer_id": [f"k{n:05d}" for n in range(len(orders))], "orders": orders, "promoted": promoted,
    })  # fmt: skip


def test_the_planted_distribution_is_found_and_intervals_cover():
    rng = np.random.default_rng(1)
    own = rng.beta(2, 6, 4000)
    orders = rng.integers(1, 60, 4000)
    shares = promotion_shares(counted(rng.binomial(orders, own), orders))
    # the standard errors of 4,000 customers are about 4 %
    assert shares.a == pytest.approx(2, rel=0.15)
    assert shares.b == pytest.approx(6, rel=0.15)
    covered = ((shares.customers["low"] <= own) & (own <= shares.customers["high"])).mean()
    assert covered == pytest.approx(0.95, abs=0.015)
    assert abs(shares.customers["share"] - own).mean() < abs(rng.binomial(orders, own) / orders - own).mean()


def test_few_orders_are_drawn_to_the_average():
    rng = np.random.default_rng(2)
    orders = np.r_[rng.integers(5, 40, 500), 1, 100]
    promoted = np.r_[rng.binomial(orders[:500], rng.beta(2, 6, 500)), 1, 100]
    shares = promotion_shares(counted(promoted, orders)).customers["share"]
    assert shares.iloc[-2] < 0.5
    assert shares.iloc[-1] > 0.9


def test_customers_who_do_not_differ_get_the_average():
    rng = np.random.default_rng(3)
    orders = rng.integers(1, 40, 2000)
    shares = promotion_shares(counted(rng.binomial(orders, 0.2), orders))
    assert not shares.differ
    assert shares.customers["share"].eq(shares.average.value).all()
    assert shares.average.low < 0.2 < shares.average.high
    nobody = promotion_shares(counted(np.zeros(50, dtype=int), np.full(50, 5)))
    assert not nobody.differ
    assert (nobody.customers["share"] == 0).all()


def test_an_order_is_on_promotion_when_a_line_of_it_is(lines_of):
    lines = lines_of([
        ("a", "1", "2026-01-02 10:00", "p", 1, 10.0, False, True),
        ("a", "1", "2026-01-02 10:00", "q", 1, 10.0, False, True),
        ("a", "2", "2026-01-03 10:00", "p", 1, 10.0, False, True),
        ("b", None, "2026-01-02 10:00", "p", 1, 10.0, False, True),
        ("b", None, "2026-01-02 18:00", "q", 1, 10.0, False, True),
    ])  # fmt: skip
    offered = ibis.ifelse(lines.product_id == "q", ibis.literal("spring"), ibis.null("string"))
    found = promotion_orders(lines.mutate(promotion_id=offered), date(2026, 2, 1))
    assert found.to_numpy().tolist() == [["a", 2, 1], ["b", 1, 1]]


def test_coupons_on_whole_orders_make_no_customers_differ(lines_of):
    differ = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        rows = [
            (f"k{who:05d}", f"{who}-{order}", "2026-01-02", "x" if coupon else "y", 1, 10.0, False, True)
            for who in range(300)
            for order in range(1 + rng.poisson(5))
            for coupon in [rng.random() < 0.15]
            for _line in range(rng.integers(1, 7))
        ]
        lines = lines_of(rows)
        coupons = ibis.ifelse(lines.product_id == "x", ibis.literal("coupon"), ibis.null("string"))
        differ += promotion_shares(promotion_orders(lines.mutate(promotion_id=coupons), date(2026, 2, 1))).differ
    # a test of 5 % rejects more than three of ten once in a thousand; by lines it rejected all
    assert differ <= 3


def test_a_page_without_promotions_and_with_flat_prices(run_of, simulated_lines):
    run = run_of(*simulated_lines)
    found = segmentation.study(run)
    assert "No promotion shares are shown" in segmentation.show_promotion(found, run).text
    assert "No elasticity is estimated" in segmentation.show_elasticity(found, run).text
    assert run.frame("promotion_shares").empty


def test_a_page_with_promotions(run_of, simulated_lines):
    lines, as_of = simulated_lines
    bargain = lines.mutate(discount=ibis.ifelse(lines.line_id.cast("int64") % 3 == 0, 1, 0).cast("decimal(18, 4)"))
    run = run_of(bargain, as_of)
    shown = segmentation.show_promotion(segmentation.study(run), run)
    # the average stands with its interval
    assert re.search(r"\d+\.\d\s% \(\d+\.\d\s% to \d+\.\d\s%\) of orders hold something on promotion", shown.text)
    assert "surely" not in shown.text
    bars = shown.data["figure"].frame["customers"].dropna()
    assert len(bars)
    assert (bars % 5 == 0).all()
    table = run.frame("promotion_shares")
    assert table["customer_id"].is_monotonic_increasing
    assert table["share"].between(table["low"], table["high"]).all()
    again = segmentation.show_promotion(segmentation.study(run), run)
    assert again.html == shown.html
