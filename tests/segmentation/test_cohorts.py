"""Cohorts: what has not been observed is blank, what is cut off is partial."""

from datetime import date

import pandas as pd
import pytest

from crmlib import segmentation
from crmlib.segmentation.cohorts.retention import _words, cohort_retention, show_cohorts
from crmlib.stats.intervals import proportion


def test_the_small_shop(shop):
    cells = cohort_retention(shop, date(2026, 4, 1))
    assert cells[["age", "size", "active"]].to_numpy().tolist() == [[0, 2, 2], [1, 2, 1], [2, 2, 2], [0, 1, 1]]
    assert cells["spend_each"].tolist() == [22.5, 27.5, 37.5, 30.0]
    expected = proportion(1, 2)
    assert cells.loc[1, ["retention", "low", "high"]].tolist() == pytest.approx(
        [expected.value, expected.low, expected.high]
    )
    assert not cells["partial"].any()


def test_months_not_yet_observed_have_no_row_and_a_cut_month_is_partial(shop):
    cells = cohort_retention(shop, date(2026, 3, 10))
    assert cells["month"].max() == pd.Timestamp("2026-03-01")
    assert cells.loc[cells["partial"], "month"].unique().tolist() == [pd.Timestamp("2026-03-01")]
    # b bought on 20 March: not seen yet, which a partial cell says
    assert cells.loc[(cells["age"] == 2), "active"].item() == 1


def test_a_month_in_which_nobody_came_back_is_zero_not_blank(lines_of):
    lines = lines_of([
        ("a", "1", "2026-01-01", "p", 1, 10.0, False, True),
        ("b", "2", "2026-03-01", "p", 1, 10.0, False, True),
    ])  # fmt: skip
    cells = cohort_retention(lines, date(2026, 4, 1))
    january = cells[cells["cohort"] == pd.Timestamp("2026-01-01")]
    assert january["retention"].tolist() == [1.0, 0.0, 0.0]


def test_only_the_latest_cohorts_are_followed(shop):
    cells = cohort_retention(shop, date(2026, 4, 1), cohorts=1)
    assert cells["cohort"].tolist() == [pd.Timestamp("2026-03-01")]


def test_the_month_in_which_the_data_begin_does_not_count_in_the_headline(run_of, lines_of):
    # regulars from before the data begin come back every month, who is won later never does
    rows = [(f"r{n}", f"r{n}-{m}", f"2026-0{m}-0{1 + n % 9}", "p", 1, 9.0, False, True) for n in range(40)
            for m in range(1, 6)]  # fmt: skip
    rows += [(f"n{n}", f"n{n}", "2026-03-05", "p", 1, 9.0, False, True) for n in range(40)]
    run = run_of(lines_of(rows), date(2026, 6, 1))
    cells = cohort_retention(run.table("transactions"), run.as_of)
    assert cells.loc[cells["opening"], "cohort"].unique().tolist() == [pd.Timestamp("2026-01-01")]
    words = _words(cells, run)
    # none of forty: a share of 0 % would say so
    assert words["title"] == "Fewer than 10 of the customers won buy again in the month after"
    assert words["limits"].startswith("the cohort of the month in which the data begin")


def test_nobody_known_gives_no_cohort(lines_of):
    lines = lines_of([(None, "1", "2026-01-01", "p", 1, 10.0, False, True)])
    cells = cohort_retention(lines, date(2026, 4, 1))
    assert cells.empty
    assert "retention" in cells


def won_and_back(won, back, months=("2026-01", "2026-02")):
    """Give customers won in each month, of whom some are back in March."""
    rows = [(f"k{month}{n}", f"{month}-{n}", f"{month}-05", "p", 1, 10.0, False, True) for month in months
            for n in range(won)]  # fmt: skip
    again = [(f"k{month}{n}", f"b{month}-{n}", "2026-03-09", "p", 1, 10.0, False, True) for month in months
             for n in range(back)]  # fmt: skip
    return rows + again


def test_where_too_few_are_ever_back_no_cohort_is_shown(run_of, lines_of):
    run = run_of(lines_of(won_and_back(40, 9)), date(2026, 4, 1))
    shown = show_cohorts(segmentation.study(run), run)
    assert shown.kind == "insufficient"
    assert "10 customers won in one month who buy again in one and the same later month" in shown.text


def test_rates_and_their_intervals_come_from_rounded_numbers(run_of, lines_of):
    run = run_of(lines_of(won_and_back(41, 23)), date(2026, 4, 1))
    shown = show_cohorts(segmentation.study(run), run)
    rounded = proportion(25, 40)
    low, high = (f"{100 * end:.0f}" for end in (rounded.low, rounded.high))
    # nobody was back in February: 0 of 41, which the gate hides
    assert f"Feb 2026 | 40 | 62 % ({low} % to {high} %)\n" in shown.text.replace("\u00a0", " ")
    assert "Jan 2026 | 40 | hidden" in shown.text


def test_a_month_that_is_cut_off_has_no_rate_in_the_title(run_of, lines_of):
    run = run_of(lines_of(won_and_back(40, 20, ("2026-02",))), date(2026, 3, 15))
    words = _words(cohort_retention(run.table("transactions"), run.as_of), run)
    assert words["title"] == "How many of the customers won buy again in the month after cannot be said yet"
    assert words["limits"].startswith("these customers were won in the month in which the data begin")


def test_the_small_shop_by_quarter_and_by_week(shop):
    quarters = cohort_retention(shop, date(2026, 4, 1), by="quarter")
    assert quarters[["cohort", "age", "size", "active"]].to_numpy().tolist() == [[pd.Timestamp("2026-01-01"), 0, 3, 3]]
    assert not quarters["partial"].any()
    weeks = cohort_retention(shop, date(2026, 4, 1), by="week")
    # a was won on Friday 2 January, in the week of Monday 29 December
    first = weeks[weeks["cohort"] == pd.Timestamp("2025-12-29")]
    assert first["size"].unique().tolist() == [1]
    back = first.loc[first["active"] > 0, "month"]
    assert back.tolist() == [pd.Timestamp(day) for day in ("2025-12-29", "2026-02-02", "2026-03-02")]
    # 1 April is a Wednesday: the last week is cut off
    assert weeks.loc[weeks["partial"], "month"].unique().tolist() == [pd.Timestamp("2026-03-30")]
    assert not cohort_retention(shop, date(2026, 4, 6), by="week")["partial"].any()


@pytest.mark.parametrize("by", ["week", "quarter"])
def test_cohorts_of_any_period_equal_a_count_in_pandas(simulated_lines, by):
    lines, as_of = simulated_lines
    cells = cohort_retention(lines, as_of, 200, by)
    bought = lines.filter(lines.is_purchase).select("customer_id", "ordered_at", "amount").to_pandas()
    letter = {"week": "W-SUN", "quarter": "Q"}[by]
    bought["month"] = bought["ordered_at"].dt.to_period(letter)
    bought["cohort"] = bought.groupby("customer_id")["month"].transform("min")
    expected = bought.groupby(["cohort", "month"])["customer_id"].nunique()
    got = cells[cells["active"] > 0]
    keys = [got[name].dt.to_period(letter) for name in ("cohort", "month")]
    assert got["active"].tolist() == expected.loc[list(zip(*keys, strict=True))].tolist()
    assert len(got) == len(expected)
    ages = [(month - cohort).n for cohort, month in expected.index]
    assert got["age"].tolist() == ages


@pytest.mark.parametrize(
    ("by", "row", "caption"),
    [("quarter", "2025 Q2", "won in each quarter"), ("week", "5 Jan 2026", "won in each week")],
)
def test_the_page_calls_cohorts_by_their_period(run_of, simulated_lines, by, row, caption):
    lines, as_of = simulated_lines
    # few are won in one week: all of a quarter buy in its first days
    if by == "week":
        again = lines.mutate(ordered_at=lines.ordered_at.truncate("quarter"))
        lines = again.filter(again.ordered_at >= pd.Timestamp("2026-01-01"))
        lines = lines.mutate(ordered_at=lines.ordered_at + pd.Timedelta(days=4))
        as_of = date(2026, 4, 8)
    run = run_of(lines, as_of, cohort_by=by)
    shown = show_cohorts(segmentation.study(run), run)
    text = shown.text.replace("\u00a0", " ")
    assert row in text
    assert caption in text
    assert f"by {by}s since the first purchase" in text
    assert any(f"the {by} in which the data begin" in words for words in shown.words)
    assert "month" not in text


def test_of_the_first_cohort_nothing_is_said_where_it_is_not_shown(run_of, simulated_lines):
    run = run_of(*simulated_lines)
    lines = run.table("transactions")
    all_of_them, latest = (_words(cohort_retention(lines, run.as_of, last), run)["limits"] for last in (24, 13))
    assert "in which the data begin" in all_of_them
    assert "in which the data begin" not in latest
    assert latest.endswith("A hatched cell is a partial month.")
