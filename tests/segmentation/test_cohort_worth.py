"""What customers won bring, and whether cohorts differ: by hand, against statsmodels, and with coverage."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import survdiff

from crmlib import segmentation
from crmlib.segmentation.cohorts.places import verdict
from crmlib.segmentation.cohorts.retention import cohort_retention
from crmlib.segmentation.cohorts.returning import cohorts_differ
from crmlib.segmentation.cohorts.second_purchase import LogRank, log_rank
from crmlib.segmentation.cohorts.worth import (
    LatestCohort,
    cohort_worth,
    customers_won,
    latest_cohort,
    margin_scale,
    worth_by_age,
)
from crmlib.segmentation.cohorts.worth_shown import _words, latest_differs, show_worth
from crmlib.stats import Estimate
from crmlib.stats.skewed import ENOUGH_CUSTOMERS

AS_OF = date(2026, 4, 1)


def costed(shop, share=0.6):
    return shop.mutate(cost=(shop.amount * share).cast("decimal(18, 4)"))


def test_the_small_shop_cumulates_revenue_and_margin(shop):
    won = customers_won(costed(shop), AS_OF).set_index("customer_id")
    assert won.loc["a", ["spend_0", "spend_1", "spend_2", "spend_3"]].tolist() == [25.0, 35.0, 45.0, 45.0]
    assert won.loc["b", ["spend_0", "spend_1", "spend_2"]].tolist() == [20.0, 20.0, 30.0]
    cells = cohort_worth(won.reset_index(), AS_OF)
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
    cells = cohort_worth(customers_won(lines, as_of), as_of)
    other = cohort_retention(lines, as_of)[["cohort", "age", "spend_each", "partial"]]
    both = cells.merge(other, on=["cohort", "age"], validate="one_to_one")
    assert len(both) == len(cells)
    np.testing.assert_allclose(both["spend"], both["spend_each"])
    assert both["partial_x"].equals(both["partial_y"])
    enough = cells["customers"] >= ENOUGH_CUSTOMERS
    assert cells["spend"].between(cells["spend_low"], cells["spend_high"])[enough].all()
    assert cells.loc[~enough, ["spend_low", "spend_high"]].isna().all(axis=None)
    assert enough.any()


def test_a_cut_month_is_partial(shop):
    cells = cohort_worth(customers_won(shop, date(2026, 3, 10)), date(2026, 3, 10))
    assert cells.loc[cells["partial"], "age"].tolist() == [2, 0]


def test_without_costs_there_is_no_margin_and_products_fill_in(shop):
    assert np.isnan(margin_scale(customers_won(shop, AS_OF)))
    cells = cohort_worth(customers_won(shop, AS_OF), AS_OF)
    assert cells["margin"].isna().all()
    products = ibis.memtable(pd.DataFrame({"product_id": ["p", "q"], "unit_cost": [1.0, 2.0]}))
    products = products.mutate(unit_cost=products.unit_cost.cast("decimal(18, 4)"))
    won = customers_won(shop, AS_OF, products).set_index("customer_id")
    # a bought two p and one q in January: 25 less 2 x 1 and 1 x 2
    assert won.loc["a", "margin_0"] == 21.0
    assert margin_scale(won) == 1.0


def test_a_known_margin_stands_for_all_revenue_where_enough_costs_are_known():
    assert margin_scale(pd.DataFrame({"spend": [100.0], "costed": [96.0]})) == pytest.approx(1.042, abs=5e-4)
    assert np.isnan(margin_scale(pd.DataFrame({"spend": [100.0], "costed": [90.0]})))


def test_nobody_won_gives_no_row(lines_of):
    lines = lines_of([(None, "1", "2026-01-01", "p", 1, 10.0, False, True)])
    assert cohort_worth(customers_won(lines, AS_OF), AS_OF).empty


def test_a_month_too_small_to_be_compared_is_said_to_be(run_of, simulated_lines):
    lines, as_of = simulated_lines
    run = run_of(lines, as_of)
    latest = LatestCohort(pd.Series(np.ones(20)), Estimate(2.0, np.nan, np.nan, 20), 12)
    assert "Too few customers" in latest_differs(latest, run)
    known = LatestCohort(latest.spend, Estimate(2.0, 1.0, 3.0, 20), 12)
    assert "more than in the 12 months before" in latest_differs(known, run)


def drawn_waits(rng, n, scale):
    days = np.ceil(rng.exponential(scale, n))
    seen = rng.integers(20, 300, n)
    return np.minimum(days, seen), days <= seen


def test_the_month_in_which_the_data_begin_is_no_month_of_customers_won(lines_of):
    # the first month holds regulars who spend ten times as much
    rows = [(f"r{n}", f"r{n}", "2026-01-05", "p", 1, 100.0 + n, False, True) for n in range(60)]
    rows += [(f"n{n}", f"n{n}", f"2026-0{2 + n % 3}-05", "p", 1, 9.0 + n / 100, False, True) for n in range(180)]
    won = customers_won(lines_of(rows), date(2026, 5, 1))
    assert worth_by_age(won, date(2026, 5, 1), [0])["spend"].item() == pytest.approx(9.9, abs=0.02)
    assert worth_by_age(won, date(2026, 4, 9), [0])["customers"].item() == 120  # whole months only
    latest = latest_cohort(won, date(2026, 5, 1))
    assert latest.months == 2
    assert not latest.difference.excludes(0)
    cells = cohort_worth(won, date(2026, 5, 1))
    assert cells.loc[cells["opening"], "cohort"].unique().tolist() == [pd.Timestamp("2026-01-01")]


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


def test_months_that_differ_are_named_where_the_test_over_all_says_so(run_of, shop):
    run = run_of(shop, AS_OF)
    months = pd.to_datetime(["2026-01-01", "2026-02-01"])
    groups = pd.DataFrame(
        {"group": months, "customers": 50, "ratio": [1.31, 0.8], "p": [0.001, 0.4], "q": [0.002, 0.4]}
    )
    assert "1 of 2 months' customers" in cohorts_differ(LogRank(0.001, groups), run)
    assert "Jan\xa02026 (1.31 times" in cohorts_differ(LogRank(0.001, groups), run)
    assert cohorts_differ(LogRank(0.098, groups), run).startswith("No difference between months")
    alone = cohorts_differ(LogRank(0.012, groups.assign(q=0.2)), run)
    assert alone.startswith("Months differ in how their customers come back, but no single one stands out")
    assert "cannot be tested" in cohorts_differ(LogRank(float("nan"), groups), run)


def test_log_rank_says_no_where_groups_are_alike():
    rng = np.random.default_rng(5)
    days, again = drawn_waits(rng, 400, 80)
    found = log_rank(pd.Series(days), pd.Series(again), pd.Series(rng.choice(list("abcd"), 400)))
    assert found.p > 0.05
    assert (found.groups["q"] > 0.05).all()


def test_log_rank_of_eight_customers():
    days, again = pd.Series([5, 6, 7, 8, 30, 40, 50, 60]), pd.Series([True] * 8)
    assert log_rank(days, again, pd.Series(list("aaaabbbb"))).p == pytest.approx(0.0067, abs=5e-5)


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
    shown = segmentation.show_return(segmentation.study(run), run)
    text = shown.text
    assert "First bought: Web | 60 | " in text
    assert "Customers come back differently between channels" in shown.html
    assert "Revenue each, 3 months" in text
    assert "no margin is shown" in text
    assert "Too few customers were won in the last whole month" in text


def test_cohorts_that_are_alike_are_said_to_be(run_of, simulated_lines):
    lines, as_of = simulated_lines
    run = run_of(lines, as_of)
    assert "No difference between months" in segmentation.show_return(segmentation.study(run), run).text


def test_small_months_show_their_means_without_an_interval(run_of, lines_of):
    rows = [
        (f"k{month}{number:04d}", f"{month}-{number}", pd.Timestamp(2026, month, 3), "p", 1, 10.0 + number, False, True)
        for month, customers in ((1, 40), (2, 20))
        for number in range(customers)
    ]
    run = run_of(lines_of(rows), date(2026, 6, 1))
    shown = show_worth(segmentation.study(run), run)
    assert "Feb 2026 | 20 | €19.50\n" in shown.text
    assert "Jan 2026 | 40 | €29.50 (€25.76 to €33.24)" in shown.text
    assert "Months with fewer than 30 customers won have no interval." in shown.html


@pytest.mark.parametrize(
    ("p", "differ", "alike"),
    [
        ((0.02, 0.03, 0.04), None, "ways of being won, channels and stores"),
        ((0.02, 0.01, 0.2), "ways of being won and channels", "stores"),
        ((np.nan, 0.03, 0.2), None, "channels and stores"),
        ((np.nan, 0.03, np.nan), "channels", None),
    ],
)
def test_places_are_tested_together(run_of, shop, p, differ, alike):
    said = verdict(dict(zip(("acquired", "channel", "store"), p, strict=True)), run_of(shop, AS_OF))
    assert (f"differently between {differ} (log-rank test, p < 0.05" in said) == (differ is not None)
    assert (f"is shown between {alike}." in said) == (alike is not None)
    assert ("Holm" in said) == (differ is not None and alike is not None)


def bought(month, spends, later="2026-05-03"):
    """Give customers won in a month with what each spends in it, all back later for little."""
    return [
        (f"k{month}{n}", f"{kind}{month}-{n}", day, "p", 1, money, False, True)
        for n, spend in enumerate(spends)
        for kind, day, money in (("a", f"2026-{month:02d}-03", spend), ("b", later, 1.0))
    ]


def test_a_month_of_which_one_customer_brings_most_is_hidden_in_the_table_too(run_of, lines_of):
    rows = bought(1, [10.0] * 40) + bought(2, [10.0] * 39 + [1000.0])
    run = run_of(lines_of(rows), date(2026, 6, 1))
    shown = show_worth(segmentation.study(run), run)
    assert "Feb 2026 | 40 | hidden\n" in shown.text
    assert "Jan 2026 | 40 | €10.00" in shown.text


def test_where_one_customer_brings_most_of_each_month_nothing_is_shown(run_of, lines_of):
    run = run_of(lines_of(bought(1, [10.0] * 39 + [9000.0])), date(2026, 6, 1))
    shown = show_worth(segmentation.study(run), run)
    assert shown.kind == "insufficient"
    assert "of whom no one brings more than half" in shown.text


def test_the_words_fit_a_single_month_and_one_that_is_not_over(run_of, lines_of):
    run = run_of(lines_of(bought(1, [10.0] * 40)), date(2026, 6, 1))
    cells = cohort_worth(customers_won(run.table("transactions"), run.as_of), run.as_of)
    words = _words(
        cells, worth_by_age(customers_won(run.table("transactions"), run.as_of), run.as_of, []), ["spend"], run
    )
    assert words["title"] == "What a customer won brings in a whole month cannot be said yet"
    assert "These customers were won in the month in which the data begin" in words["limits"]


def test_what_one_customer_mostly_brings_is_not_said(run_of, simulated_lines):
    lines, as_of = simulated_lines
    ruled = LatestCohort(pd.Series([1.0] * 39 + [40.0]), Estimate(2.0, 1.0, 3.0, 40), 12)
    assert "Too few customers" in latest_differs(ruled, run_of(lines, as_of))
    one = pd.DataFrame({"first_number": [24_300] * 39 + [24_299], "spend_3": [1.0] * 39 + [1.0]})
    assert worth_by_age(one, as_of, [3])["largest"].item() == pytest.approx(1 / 39)
    assert worth_by_age(one.assign(spend_3=[40.0] + [1.0] * 39), as_of, [3])["largest"].item() > 0.5
