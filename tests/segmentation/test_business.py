"""The business by month, against figures worked out by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.reporting.formats import NBSP
from crmlib.segmentation.business.monthly import earlier_figures, monthly_figures
from crmlib.segmentation.business.sentences import headline
from crmlib.segmentation.business.shown import show_business
from crmlib.stats.intervals import proportion, ratio


def test_every_figure_of_the_small_shop(shop):
    months = monthly_figures(shop, date(2026, 4, 1))
    columns = ["gross", "returned", "net", "identified", "orders", "units", "active", "new", "again", "before"]
    assert months[columns].to_numpy().tolist() == [
        [45.0, 0.0, 45.0, 45.0, 2, 7.0, 2, 2, 0, 0],
        [50.0, 20.0, 30.0, 10.0, 2, 2.0, 1, 0, 1, 2],
        [50.0, 0.0, 50.0, 50.0, 3, 6.0, 3, 1, 1, 1],
    ]
    assert months["reactivated"].tolist() == [0, 0, 1]
    assert months["average_order_value"].tolist() == pytest.approx([22.5, 25.0, 50 / 3])
    assert months["partial"].tolist() == [False, False, False]
    assert months["net_per_day"].tolist() == pytest.approx([45 / 31, 30 / 28, 50 / 31])


def test_postage_and_what_comes_after_the_date_do_not_count(shop):
    assert monthly_figures(shop, date(2026, 4, 1))["gross"].sum() == 145.0
    cut = monthly_figures(shop, date(2026, 3, 6))
    assert cut["gross"].iloc[-1] == 40.0
    assert cut["partial"].tolist() == [False, False, True]
    assert cut["net_per_day"].iloc[-1] == 40 / 5


def test_the_repurchase_rate_is_unknown_in_the_first_month_and_has_wilsons_interval(shop):
    months = monthly_figures(shop, date(2026, 4, 1))
    assert np.isnan(months["repurchase_rate"].iloc[0])
    expected = proportion(1, 2)
    row = months.iloc[1]
    assert [row["repurchase_rate"], row["repurchase_rate_low"], row["repurchase_rate_high"]] == pytest.approx(
        [expected.value, expected.low, expected.high]
    )


def test_the_interval_of_the_order_value_equals_the_one_from_single_customers(shop):
    # January: a spends 25 in one order, b 20 in one; sums of squares give what the arrays give, to rounding
    expected = ratio([25, 20], [1, 1])
    row = monthly_figures(shop, date(2026, 4, 1)).iloc[0]
    assert [row["average_order_value_low"], row["average_order_value_high"]] == pytest.approx(
        [expected.low, expected.high], rel=1e-12
    )


def test_a_month_without_sales_is_a_row_of_zeros(lines_of):
    shop = lines_of([
        ("a", "1", "2026-01-01", "p", 1, 10.0, False, True),
        ("a", "2", "2026-03-01", "p", 1, 10.0, False, True),
    ])  # fmt: skip
    months = monthly_figures(shop, date(2026, 4, 1))
    assert months["orders"].tolist() == [1, 0, 1]
    assert np.isnan(months["average_order_value"].iloc[1])
    assert months["again"].tolist() == [0, 0, 0]


def test_no_purchase_at_all_gives_no_month(lines_of):
    shop = lines_of([("a", "C1", "2026-01-01", "p", -1, -10.0, True, True)])
    months = monthly_figures(shop, date(2026, 4, 1))
    assert months.empty
    assert "repurchase_rate" in months


@pytest.mark.parametrize("as_of", [date(2026, 4, 1), date(2026, 3, 22), date(2026, 3, 1)])
def test_the_last_periods_figures_are_those_of_its_own_end(run_of, shop, as_of):
    run = run_of(shop, as_of)
    lines = run.table("transactions")
    earlier = earlier_figures(monthly_figures(lines, as_of), lines, run)
    pd.testing.assert_frame_equal(earlier, monthly_figures(lines, run.previous_as_of))


def months_of(lines_of, each_day):
    """Give the months of a shop that sells so much every day of each month, two thirds of it to known customers."""
    rows = []
    for month, money in enumerate(each_day, start=1):
        for day in range(1, pd.Period(f"2025-{month:02d}").days_in_month + 1):
            at = f"2025-{month:02d}-{day:02d}"
            rows += [(f"k{day:05d}", f"{at}a", at, "p", 1, 2.0 * money, False, True),
                     (None, f"{at}b", at, "p", 1, 1.0 * money, False, True)]  # fmt: skip
    return lines_of(rows)


def said_of(run):
    lines = run.table("transactions")
    months = monthly_figures(lines, run.as_of)
    return headline(months, earlier_figures(months, lines, run), run).replace(NBSP, " ")


def test_the_first_sentence_says_whose_sales_they_are_and_what_the_calendar_did(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 12, 12, 9, 10, 10, 11, 10, 10, 10]), date(2025, 11, 1))
    assert said_of(run) == (
        "Net revenue of October 2025 was €930.00; it rose by 3.3 % on the period before (per day it did not change; "
        "the 8 changes before lay between −25 % and +20 % per day). 30 known customers (67 % of sales) bought, fewer "
        "than 10 of them new."
    )


def test_months_of_the_same_length_and_few_months_say_no_more_than_the_change(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 10, 10, 10, 10, 10, 10, 11]), date(2025, 9, 1))
    assert "rose by 10.0 % on the period before (the 6 changes before lay between" in said_of(run)
    few = run_of(months_of(lines_of, [10, 10, 10, 10, 10, 10, 10, 11]), date(2025, 8, 1))
    assert "per day" not in said_of(few).replace("per day it", "")


def test_a_partial_month_is_compared_by_the_day_where_the_spans_differ(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 10, 10]), date(2025, 3, 31))
    assert "it rose by 11.1 % on the period before (per day it did not change)." in said_of(run)


def test_too_few_customers_are_not_put_beside_their_part_of_the_sales(run_of, shop):
    assert "Fewer than 10 customers are known." in said_of(run_of(shop, date(2026, 4, 1)))


def test_the_first_month_has_nobody_to_buy_again_rather_than_something_to_hide(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 10]), date(2025, 3, 1))
    shown = show_business(monthly_figures(run.table("transactions"), run.as_of), run).text.splitlines()
    row = next(each for each in shown if each.replace(NBSP, " ").startswith("Jan 2025"))
    assert "not observed" in row
    assert "hidden" not in row
