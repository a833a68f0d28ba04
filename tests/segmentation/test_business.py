"""The business by month, against figures worked out by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.months import number_of
from crmlib.segmentation import study
from crmlib.segmentation.business.glance import business_figures
from crmlib.segmentation.business.month_by_month import show_business
from crmlib.segmentation.business.monthly import calendar, customer_months, earlier_figures, monthly_figures
from crmlib.segmentation.business.period_words import period_in_words, usual_changes
from crmlib.segmentation.business.windows import report_windows
from crmlib.segmentation.headlines import business_headlines
from crmlib.stats.intervals import proportion, ratio
from crmlib.words.formats import NBSP


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


def test_the_error_of_the_order_value_equals_the_one_from_single_customers(shop):
    # January: a spends 25 in one order, b 20 in one; sums of squares give what the arrays give, to rounding
    expected = ratio([25, 20], [1, 1])
    reach = np.exp((expected.high - expected.value) / expected.value)
    row = monthly_figures(shop, date(2026, 4, 1)).iloc[0]
    assert [row["average_order_value_low"], row["average_order_value_high"]] == pytest.approx(
        [expected.value / reach, expected.value * reach], rel=1e-12
    )


def bought(month, people, money=10.0, first=0):
    """Give one order each of so many customers on the second of a month of 2026."""
    return [(f"k{n:05d}", f"{month}-{n}", f"2026-{month:02d}-02", "p", 1, money, False, True)
            for n in range(first, first + people)]  # fmt: skip


def test_one_large_buyer_among_many_leaves_an_order_value_above_zero(lines_of):
    lines = lines_of([*bought(1, 50), ("w", "w", "2026-01-06", "p", 1, 200_000.0, False, True)])
    row = monthly_figures(lines, date(2026, 2, 1)).iloc[0]
    assert 0 < row["average_order_value_low"] < row["average_order_value"] < row["average_order_value_high"]


def test_a_thousand_million_a_buyer_and_a_month_is_no_overflow(lines_of):
    lines = lines_of([(f"k{n % 50:05d}", str(n), "2026-01-05", "p", 1, 1e9 + n, False, True) for n in range(100)])
    row = monthly_figures(lines, date(2026, 2, 1)).iloc[0]
    expected = ratio([2e9 + 2 * n + 50 for n in range(50)], [2] * 50)
    assert row["average_order_value"] == expected.value
    # what is left of squares of 1e18 in a float: sixteen digits
    assert row["average_order_value_high"] == pytest.approx(expected.high, rel=1e-6)
    glance = business_figures(lines, report_windows(date(2026, 1, 5), date(2026, 2, 1)), date(2026, 2, 1))
    assert glance.iloc[0]["average_order_value_high"] == row["average_order_value_high"]


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
    found = study(run)
    return period_in_words(found.months, found.earlier, run).replace(NBSP, " ")


def headlines_of(run):
    return {each.measure.code: each for each in business_headlines(study(run), run)}


def test_the_first_sentence_says_whose_sales_they_are_and_what_the_calendar_did(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 12, 12, 9, 10, 10, 11, 10, 10, 10]), date(2025, 11, 1))
    assert said_of(run) == (
        "Net revenue of October 2025 was €930.00: 3.3 % above September, only because October has a day more (the same "
        "per day, where the 8 months before moved by −25 % to +20 %). 30 known customers (67 % of sales) bought, fewer "
        "than 10 of them new."
    )


@pytest.mark.parametrize(
    ("february", "march", "words"),
    [
        # 28 and 31 days: 10.7 % of what a day makes comes from the days alone
        (100, 102, "13 % above February, most of that because March has 3 days more (+2.0 % per day)"),
        (100, 98, "8.5 % above February, only because March has 3 days more (−2.0 % per day)"),
        (100, 120, "33 % above February (+20 % per day)"),
        (100, 80, "11 % below February (−20 % per day)"),
    ],
)
def test_the_length_of_a_month_is_called_the_cause_only_where_it_made_most_of_a_change(
    run_of, lines_of, february, march, words
):
    run = run_of(months_of(lines_of, [100, february, march]), date(2025, 4, 1))
    assert f": {words}. " in said_of(run)


def test_a_shorter_month_made_most_of_a_fall(run_of, lines_of):
    run = run_of(months_of(lines_of, [100, 99]), date(2025, 3, 1))
    assert "11 % below January, most of that because February has 3 days fewer (−1.0 % per day)" in said_of(run)


def test_months_of_the_same_length_and_few_months_say_no_more_than_the_change(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 10, 10, 10, 10, 10, 10, 11]), date(2025, 9, 1))
    assert ": 10 % above July (the 6 months before moved by 0 % to 0 % per day). " in said_of(run)
    few = run_of(months_of(lines_of, [10, 10, 10, 10, 10, 10, 10, 11]), date(2025, 8, 1))
    assert ": as much as in June, " not in said_of(few)
    assert ": 3.3 % above June, only because July has a day more (the same per day). " in said_of(few)


def test_usual_changes_are_those_between_whole_months_before_the_last():
    months = pd.DataFrame({"net_per_day": [10.0, 11.0, 9.9, 12.0], "partial": [True, False, False, False]})
    assert usual_changes(months).tolist() == pytest.approx([-0.1])


def test_a_partial_month_is_compared_by_the_day_where_the_spans_differ(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 10, 10]), date(2025, 3, 31))
    assert said_of(run).startswith(
        "Net revenue of 1–30 March 2025 was €900.00: 7.1 % above the same days of February (the same per day)."
    )


def yearly(lines_of, *amounts, first="2025-01-01"):
    """Give a shop that takes so much from thirty customers on the third day of each of so many months."""
    days = pd.date_range(first, periods=len(amounts), freq="MS") + pd.Timedelta(days=2)
    return lines_of([(f"k{n:05d}", f"{day:%y%m}{n}", day, "p", 1, money, False, True)
                     for day, money in zip(days, amounts, strict=True) for n in range(30)])  # fmt: skip


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (110.0, ": 10 % above January 2025 and 10 % above December 2025 ("),
        (90.0, ": 10 % below January 2025 and 10 % below December 2025 ("),
        (100.0, ": as much as in January 2025 and as much as in December 2025 ("),
    ],
)
def test_a_year_ago_comes_first_and_another_year_is_named(run_of, lines_of, now, words):
    run = run_of(yearly(lines_of, *[100.0] * 12, now), date(2026, 2, 1))
    assert words in said_of(run)


def test_a_fall_after_a_rise_is_a_but(run_of, lines_of):
    run = run_of(yearly(lines_of, *[100.0] * 11, 150.0, 120.0), date(2026, 2, 1))
    assert ": 20 % above January 2025, but 20 % below December 2025 (" in said_of(run)


def test_a_month_of_which_the_data_hold_a_part_is_named_by_its_days(run_of, lines_of):
    rows = [(f"k{n:05d}", f"{day}{n}", day, "p", 1, 10.0, False, True) for n in range(20)
            for day in (*pd.date_range("2026-01-12", "2026-02-28").strftime("%Y-%m-%d"),)]  # fmt: skip
    february = run_of(lines_of(rows), date(2026, 3, 1))
    assert ": 40 % above the 20 days of January in the data (the same per day)." in said_of(february)
    # in mid-month the days of the month before would be fourteen, and three are in the data
    assert ": 367 % above the 3 days of January in the data" in said_of(run_of(lines_of(rows), date(2026, 2, 15)))


def test_a_year_ago_that_was_cut_is_not_compared_with(run_of, lines_of):
    days = [pd.Timestamp("2025-01-20"), *pd.date_range("2025-02-01", periods=12, freq="MS")]
    rows = [(f"k{n:05d}", f"{day:%y%m}{n}", day, "p", 1, 10.0, False, True) for n in range(20) for day in days]
    said = said_of(run_of(lines_of(rows), date(2026, 2, 1)))
    assert said.startswith("Net revenue of January 2026 was €200.00: as much as in December 2025 (")


ANONYMOUS = [(None, f"x{n}", "2026-02-02", "p", 1, 10.0, False, True) for n in range(10)]


@pytest.mark.parametrize(
    ("january", "as_of", "words"),
    [
        (30, date(2026, 3, 1), "(75 % of sales, 100 % the month before)"),
        (30, date(2026, 2, 15), "(75 % of sales, 100 % in the same days a month earlier)"),
        # too few bought for their share to be said
        (3, date(2026, 3, 1), "(75 % of sales)"),
    ],
)
def test_the_known_customers_share_of_the_month_before_is_said_where_it_moved(run_of, lines_of, january, as_of, words):
    run = run_of(lines_of([*bought(1, january), *bought(2, 30), *ANONYMOUS]), as_of)
    assert f"30 known customers {words} bought, " in said_of(run)


def test_a_share_that_stayed_is_not_said_twice(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 12]), date(2025, 3, 1))
    assert "(67 % of sales) bought" in said_of(run)


def test_too_few_customers_are_not_put_beside_their_part_of_the_sales(run_of, lines_of):
    anonymous = [(None, f"x{n}", "2026-02-06", "p", 1, 10.0, False, True) for n in range(20)]
    run = run_of(lines_of([*bought(1, 20), *bought(2, 3), *anonymous]), date(2026, 3, 1))
    assert said_of(run).endswith("Fewer than 10 known customers bought.")


def test_the_money_of_too_few_buyers_is_neither_said_nor_drawn(run_of, lines_of):
    run = run_of(lines_of([*bought(1, 20), *bought(2, 20), *bought(3, 3, 77.0)]), date(2026, 4, 1))
    assert said_of(run) == (
        "Fewer than 10 customers, each anonymous order counted as one, bought in March 2026: no more is said."
    )
    shown = show_business(study(run), run)
    assert "March 2026: too few buyers to show" in shown.text
    assert "hidden in Mar 2026" in shown.text.replace(NBSP, " ")
    assert "231" not in shown.text
    # the strip hides by this number of people
    history = headlines_of(run)["net_revenue"].history
    assert [(each.value, each.n) for each in history] == [(200, 20), (200, 20), (231, 3)]


def test_a_period_after_one_of_too_few_buyers_is_not_compared_with_it(run_of, lines_of):
    run = run_of(lines_of([*bought(1, 20), *bought(2, 3, 77.0), *bought(3, 30)]), date(2026, 4, 1))
    assert said_of(run).startswith(
        "Net revenue of March 2026 was €300.00; too few bought in February to compare it with that. 30 known"
    )
    title = show_business(study(run), run).text
    assert title.replace(NBSP, " ").startswith(
        "Figure: March 2026: net revenue €300.00, 50 % above the only month before that can be shown"
    )


def test_a_few_people_in_every_month_have_no_picture(run_of, shop):
    run = run_of(shop, date(2026, 4, 1))
    assert show_business(study(run), run).kind == "insufficient"


def test_what_came_back_may_outweigh_what_was_sold(run_of, lines_of):
    back = [("k00000", "C", "2026-01-06", "p", -1, -300.0, True, True)]
    run = run_of(lines_of([*bought(1, 20), *back, *bought(2, 20)]), date(2026, 3, 1))
    assert ": €300.00 above January." in said_of(run)
    title = show_business(study(run), run).text
    assert "net revenue €200.00, €300.00 above the month before" in title


def test_months_of_nothing_are_no_base_of_a_percentage(run_of, lines_of):
    run = run_of(lines_of([*bought(1, 1), *bought(9, 30)]), date(2026, 10, 1))
    title = show_business(study(run), run).text
    assert "mean" not in title


def test_the_first_month_has_nobody_to_buy_again_rather_than_something_to_hide(run_of, lines_of):
    run = run_of(months_of(lines_of, [10, 10]), date(2025, 3, 1))
    shown = show_business(study(run), run).text.splitlines()
    row = next(each for each in shown if each.replace(NBSP, " ").startswith("Jan 2025"))
    assert "not observed" in row
    assert "hidden" not in row


def test_only_a_cut_month_is_said_to_be_hatched_and_only_the_drawn_months_are_told_of(run_of, lines_of):
    run = run_of(yearly(lines_of, *[100.0] * 14), date(2026, 3, 1))
    html = show_business(study(run), run).html
    assert "hatched" not in html
    assert "looks like a first purchase" in html
    cut = run_of(yearly(lines_of, *[100.0] * 14), date(2026, 2, 15))
    assert "A hatched month is partial." in show_business(study(cut), cut).html
    long = run_of(yearly(lines_of, *[100.0] * 30), date(2027, 7, 1))
    shown = show_business(study(long), long)
    assert "first purchase in the earliest" not in shown.html
    assert "€3,000 in Jun 2025" in shown.text.replace(NBSP, " ")


def test_the_monthly_table_calls_the_rate_as_the_strip_does(run_of, lines_of):
    run = run_of(yearly(lines_of, *[100.0] * 4), date(2025, 5, 1))
    assert f" | {headlines_of(run)['repurchase_rate'].label} | " in show_business(study(run), run).text


@pytest.mark.parametrize(
    ("known", "anonymous", "counted"),
    [
        (30, 12, "(30 customers and 10 anonymous orders)"),
        # the parts add up to the 45 that are shown of both
        (33, 11, "(35 customers and 10 anonymous orders)"),
        (30, 0, "customers"),
        (30, 4, "customers and anonymous orders"),
        (3, 30, "customers and anonymous orders"),
    ],
)
def test_the_tile_says_whose_orders_the_order_value_rests_on(run_of, lines_of, known, anonymous, counted):
    rows = [(None, f"x{n}", "2026-02-02", "p", 1, 10.0, False, True) for n in range(anonymous)]
    run = run_of(lines_of([*bought(2, known), *rows]), date(2026, 3, 1))
    assert headlines_of(run)["average_order_value"].counted == counted


@pytest.mark.parametrize(("months", "told"), [((2, 3), False), ((1, 2, 3), True)])
def test_the_tile_does_not_put_a_month_beside_one_that_the_data_begin_within(run_of, lines_of, months, told):
    lines = lines_of([
        (f"k{n}", f"{month}-{n}", f"2025-{month:02d}-16", "p", 1, 10.0, False, True)
        for month in months
        for n in range(20)
    ])  # fmt: skip
    run = run_of(lines, date(2025, 4, 1))
    assert (headlines_of(run)["net_revenue"].previous is not None) == told


def test_a_month_in_which_no_known_customer_came_back_has_a_rate_of_nought(lines_of):
    anonymous = [(None, f"x{n}", "2026-02-06", "p", 1, 10.0, False, True) for n in range(20)]
    months = monthly_figures(lines_of([*bought(1, 20), *anonymous, *bought(3, 20)]), date(2026, 4, 1))
    assert months["before"].tolist() == [0, 20, 0]
    assert months["repurchase_rate"].tolist()[1] == 0
    assert months["again"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("first", "as_of", "partial", "days"),
    [
        (date(2026, 1, 1), date(2026, 3, 1), [False, False], [31, 28]),
        (date(2026, 1, 4), date(2026, 3, 1), [True, False], [28, 28]),
        (date(2026, 1, 3), date(2026, 3, 2), [False, False, True], [31, 28, 1]),
        (date(2026, 3, 9), date(2026, 3, 20), [True], [11]),
    ],
)
def test_a_month_cut_off_at_either_end_is_partial(first, as_of, partial, days):
    months = calendar(first, as_of)
    assert months["partial"].tolist() == partial
    assert months["days"].tolist() == days


def test_the_calendar_goes_over_the_end_of_a_year_without_gaps():
    months = calendar(date(2025, 11, 1), date(2026, 2, 1))["month"].tolist()
    assert months == [pd.Timestamp("2025-11-01"), pd.Timestamp("2025-12-01"), pd.Timestamp("2026-01-01")]


def test_customer_months_know_the_first_and_the_one_before(shop):
    months = customer_months(shop, date(2026, 4, 1)).to_pandas().sort_values(["customer_id", "number"])
    b = months[months["customer_id"] == "b"]
    first, third = number_of(date(2026, 1, 1)), number_of(date(2026, 3, 1))
    assert b["number"].tolist() == [first, third]
    assert pd.isna(b["previous_number"].iloc[0])
    assert b["previous_number"].iloc[1] == first
    assert months["first_number"].min() == first
    assert set(months["customer_id"]) == {"a", "b", "c"}
