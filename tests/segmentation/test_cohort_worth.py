"""What customers won bring, and whether cohorts differ: by hand, against statsmodels, and with coverage."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import survdiff

from crmlib import segmentation
from crmlib.segmentation.cohorts.differences import LogRank, log_rank
from crmlib.segmentation.cohorts.retention import cohort_retention
from crmlib.segmentation.cohorts.sentences import cohorts_differ
from crmlib.segmentation.cohorts.worth import (
    bootstrap_difference,
    bootstrap_means,
    cohort_worth,
    customers_won,
    margin_scale,
)

AS_OF = date(2026, 4, 1)


def costed(shop, share=0.6):
    return shop.mutate(cost=(shop.amount * share).cast("decimal(18, 4)"))


def test_the_small_shop_cumulates_revenue_and_margin(shop):
    won = customers_won(costed(shop), AS_OF).set_index("customer_id")
    assert won.loc["a", ["spend_0", "spend_1", "spend_2", "spend_3"]].tolist() == [25.0, 35.0, 45.0, 45.0]
    assert won.loc["b", ["spend_0", "spend_1", "spend_2"]].tolist() == [20.0, 20.0, 30.0]
    cells = cohort_worth(won.reset_index(), AS_OF, np.random.default_rng(1))
    # January's customers have reached two months, March's none: nothing stands for what has not been
    assert cells[["age", "customers", "spend"]].to_numpy().tolist() == [
        [0, 2, 22.5],
        [1, 2, 27.5],
        [2, 2, 37.5],
        [0, 1, 30.0],
    ]
    assert cells["margin"].tolist() == pytest.approx([9.0, 11.0, 15.0, 12.0])
    assert not cells["partial"].any()


def test_worth_and_retention_tell_the_same_revenue(simulated_lines):
    lines, as_of = simulated_lines
    cells = cohort_worth(customers_won(lines, as_of), as_of, np.random.default_rng(1))
    other = cohort_retention(lines, as_of)[["cohort", "age", "spend_each", "partial"]]
    both = cells.merge(other, on=["cohort", "age"], validate="one_to_one")
    assert len(both) == len(cells)
    np.testing.assert_allclose(both["spend"], both["spend_each"])
    assert both["partial_x"].equals(both["partial_y"])
    assert (cells["spend_low"] <= cells["spend"]).all()
    assert (cells["spend"] <= cells["spend_high"]).all()


def test_a_cut_month_is_partial(shop):
    cells = cohort_worth(customers_won(shop, date(2026, 3, 10)), date(2026, 3, 10), np.random.default_rng(1))
    assert cells.loc[cells["partial"], "age"].tolist() == [2, 0]


def test_without_costs_there_is_no_margin_and_products_fill_in(shop):
    assert np.isnan(margin_scale(customers_won(shop, AS_OF)))
    cells = cohort_worth(customers_won(shop, AS_OF), AS_OF, np.random.default_rng(1))
    assert cells["margin"].isna().all()
    products = ibis.memtable(pd.DataFrame({"product_id": ["p", "q"], "unit_cost": [1.0, 2.0]}))
    products = products.mutate(unit_cost=products.unit_cost.cast("decimal(18, 4)"))
    won = customers_won(shop, AS_OF, products).set_index("customer_id")
    # a bought two p and one q in January: 25 less 2 x 1 and 1 x 2
    assert won.loc["a", "margin_0"] == 21.0
    assert margin_scale(won) == 1.0


def test_nobody_won_gives_no_row(lines_of):
    lines = lines_of([(None, "1", "2026-01-01", "p", 1, 10.0, False, True)])
    assert cohort_worth(customers_won(lines, AS_OF), AS_OF, np.random.default_rng(1)).empty


def test_bootstrap_limits_cover_the_mean_of_skewed_spend():
    rng = np.random.default_rng(11)
    covered = 0
    for _round in range(200):
        low, high = bootstrap_means(rng.lognormal(0, 1, (120, 1)), rng)
        covered += bool(low[0] <= np.exp(0.5) <= high[0])
    # 200 rounds at 95 %: standard error 1.5 points, and the percentile interval of a skewed mean is a little short
    assert 0.88 <= covered / 200 <= 0.99


def test_one_customer_has_no_interval():
    low, high = bootstrap_means(np.array([[3.0]]), np.random.default_rng(1))
    assert np.isnan([low[0], high[0]]).all()


def test_the_difference_of_two_groups_is_found_and_denied():
    rng = np.random.default_rng(2)
    rich, poor = rng.lognormal(1.0, 0.5, 300), rng.lognormal(0.5, 0.5, 300)
    found = bootstrap_difference(rich, poor, rng)
    assert found.low > 0
    assert found.value == pytest.approx(rich.mean() - poor.mean())
    assert not bootstrap_difference(poor[:150], poor[150:], rng).excludes(0)
    assert not bootstrap_difference(poor[:1], rich, rng).is_known


def drawn_waits(rng, n, scale):
    days = np.ceil(rng.exponential(scale, n))
    seen = rng.integers(20, 300, n)
    return np.minimum(days, seen), days <= seen


def test_log_rank_equals_statsmodels_over_groups_and_for_each_against_the_others():
    rng = np.random.default_rng(3)
    parts = [drawn_waits(rng, 150, scale) for scale in (60, 90, 60)]
    days = pd.Series(np.concatenate([part[0] for part in parts]))
    again = pd.Series(np.concatenate([part[1] for part in parts]))
    group = pd.Series(np.repeat(["x", "y", "z"], 150))
    found = log_rank(days, again, group)
    assert found.p == pytest.approx(survdiff(days, again.astype(int), group)[1], rel=1e-9)
    for row in found.groups.itertuples():
        assert row.p == pytest.approx(survdiff(days, again.astype(int), (group == row.group).to_numpy())[1], rel=1e-9)
    assert found.groups.set_index("group").loc["y", "ratio"] < 0.9
    assert found.groups["expected"].sum() == pytest.approx(again.sum())


def test_months_that_differ_are_named_where_the_test_over_all_says_so():
    months = pd.to_datetime(["2026-01-01", "2026-02-01"])
    groups = pd.DataFrame(
        {"group": months, "customers": 50, "ratio": [1.31, 0.8], "p": [0.001, 0.4], "q": [0.002, 0.4]}
    )
    assert "1 of 2 months' customers" in cohorts_differ(LogRank(0.001, groups))
    assert "Jan\xa02026 (1.31 times" in cohorts_differ(LogRank(0.001, groups))
    assert cohorts_differ(LogRank(0.098, groups)).startswith("No difference between months")
    alone = cohorts_differ(LogRank(0.012, groups.assign(q=0.2)))
    assert alone.startswith("Months differ in how their customers come back, but no single one stands out")
    assert "cannot be tested" in cohorts_differ(LogRank(float("nan"), groups))


def test_log_rank_says_no_where_groups_are_alike():
    rng = np.random.default_rng(5)
    days, again = drawn_waits(rng, 400, 80)
    found = log_rank(pd.Series(days), pd.Series(again), pd.Series(rng.choice(list("abcd"), 400)))
    assert found.p > 0.05
    assert (found.groups["q"] > 0.05).all()


@pytest.mark.parametrize(
    ("again", "group"), [([True, True], ["a", "a"]), ([False, False], ["a", "b"]), ([True, True], [None, "b"])]
)
def test_log_rank_is_unknown_where_nothing_can_be_compared(again, group):
    found = log_rank(pd.Series([3, 5]), pd.Series(again), pd.Series(group))
    assert np.isnan(found.p)
    assert found.groups.empty


def placed(lines_of, channels):
    """Give customers of two channels, those of the second coming back sooner, each won in January."""
    rng = np.random.default_rng(9)
    rows, order = [], 0
    for number in range(120):
        day, quick = pd.Timestamp("2026-01-05"), number % 2 == 0
        for _visit in range(4):
            rows.append((f"k{number:05d}", str(order), day, "p", 1, 10.0 + number % 5, False, True))
            order += 1
            day += pd.Timedelta(days=int(rng.integers(2, 12 if quick else 40)))
    lines = lines_of(rows)
    quick = lines.customer_id.substr(5, 1).isin(["0", "2", "4", "6", "8"])
    return lines.mutate(channel=ibis.cases((quick, channels[0]), else_=channels[1]))


def test_the_page_compares_where_customers_were_won(run_of, lines_of):
    run = run_of(placed(lines_of, ("web", "store")), date(2026, 6, 1))
    shown = segmentation.show_return(run.table("transactions"), run)
    text = shown.text
    assert "First bought: Web | 60 | " in text
    assert "Customers come back differently between channels" in shown.html
    assert "Revenue each, 3 months" in text
    assert "no margin is shown" in text
    assert "Too few customers were won in the last whole month" in text


def test_cohorts_that_are_alike_are_said_to_be(run_of, simulated_lines):
    lines, as_of = simulated_lines
    run = run_of(lines, as_of)
    assert "No difference between months" in segmentation.show_return(run.table("transactions"), run).text
