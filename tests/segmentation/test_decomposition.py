"""The change of revenue, split exactly."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from crmlib.segmentation import study
from crmlib.segmentation.business.change import _changed, _driver_steps, _group_steps, show_revenue_change, strongest
from crmlib.segmentation.business.decomposition import FACTORS, GROUPS, RevenueChange, revenue_change, shapley
from crmlib.segmentation.business.monthly import monthly_figures
from crmlib.segmentation.business.waterfalls import unit_of, waterfalls
from crmlib.words.formats import NBSP

JANUARY, FEBRUARY, MARCH = (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1)), (
    date(2026, 3, 1), date(2026, 4, 1),
)  # fmt: skip
levels = st.lists(st.floats(0, 1e4), min_size=4, max_size=4).map(np.array)


@given(then=levels, now=levels)
def test_effects_of_factors_add_up_to_the_change_of_their_product(then, now):
    effects = shapley(then, now)
    # on the way a level may be the product of the larger values: rounding stays below 1e-12 of that
    largest = float(np.maximum(then, now).prod())
    assert effects.sum() == pytest.approx(now.prod() - then.prod(), rel=0, abs=1e-12 * largest + 1e-300)


@given(then=levels, now=levels)
def test_going_back_takes_away_what_going_there_gave(then, now):
    largest = float(np.maximum(then, now).prod())
    assert shapley(then, now) == pytest.approx(-shapley(now, then), rel=0, abs=1e-12 * largest + 1e-300)


def test_a_factor_that_did_not_change_has_no_effect():
    effects = shapley(np.array([10.0, 2.0, 3.0, 4.0]), np.array([12.0, 2.0, 3.0, 5.0]))
    assert effects[1:3].tolist() == [0, 0]
    assert effects.sum() == pytest.approx(12 * 6 * 5 - 10 * 6 * 4)


def test_the_small_shop_from_january_to_february(shop):
    change = revenue_change(shop, JANUARY, FEBRUARY)
    assert (change.then, change.now) == (45.0, 30.0)
    groups = change.groups.set_index("group")
    assert list(groups.index) == list(GROUPS)
    assert groups["customers"].tolist() == [0, 0, 1, 1]
    assert groups["effect"].tolist() == [0, 0, -15.0, -20.0]
    drivers = change.drivers.set_index("driver")
    assert drivers.loc["anonymous", "effect"] == 40.0
    assert drivers.loc["returns", "effect"] == -20.0
    assert drivers.loc["customers", ["then", "now"]].tolist() == [2, 1]
    assert drivers["effect"].sum() == pytest.approx(change.change)


def test_who_pauses_a_month_comes_back_and_who_is_new_is_new(shop):
    groups = revenue_change(shop, FEBRUARY, MARCH).groups.set_index("group")
    assert groups["customers"].tolist() == [1, 1, 1, 0]
    assert groups["now"].tolist() == [30.0, 10.0, 10.0, 0.0]
    assert groups["effect"].sum() == pytest.approx(50.0 - 10.0)


def test_the_split_agrees_with_the_monthly_figures(simulated_lines):
    lines, as_of = simulated_lines
    months = monthly_figures(lines, as_of).set_index("month")
    change = revenue_change(lines, (date(2026, 5, 1), date(2026, 6, 1)), (date(2026, 6, 1), date(2026, 7, 1)))
    assert change.then == pytest.approx(months.loc["2026-05-01", "net"])
    assert change.now == pytest.approx(months.loc["2026-06-01", "net"])
    assert change.drivers["effect"].sum() == pytest.approx(change.change)
    counts = change.groups.set_index("group")["customers"]
    june = months.loc["2026-06-01"]
    assert [counts["new"], counts["reactivated"], counts["retained"]] == june[["new", "reactivated", "again"]].tolist()


def test_nothing_in_either_period_is_no_change(lines_of):
    lines = lines_of([("a", "1", "2025-01-01", "p", 1, 10.0, False, True)])
    change = revenue_change(lines, JANUARY, FEBRUARY)
    assert (change.then, change.now) == (0, 0)
    assert change.drivers["effect"].tolist() == [0] * (len(FACTORS) + 2)


def test_the_strongest_drivers_are_those_that_went_the_way_of_the_whole():
    assert strongest({"customers": 97.0, "anonymous": 100.0, "returns": -180.0}, up=True) == ["anonymous", "customers"]
    assert strongest({"customers": 0.0, "returns": 0.0}, up=True) == []


@pytest.mark.parametrize(
    ("then", "now", "unit"), [(640.0, 720.0, 0.01), (1_062_678.0, 1_432_735.0, 1.0), (2.4e7, 2.6e7, 1e3)]
)
def test_steps_are_rounded_to_a_unit_in_which_few_of_them_vanish(then, now, unit):
    assert unit_of(then, now) == unit


def test_drivers_that_come_close_to_the_strongest_are_named_beside_it(run_of, lines_of):
    known = [(f"k{n:05d}", f"{month}{n}", f"2026-0{month}-05", "p", 1, 10.0, False, True)
             for month, many in ((1, 20), (2, 30)) for n in range(many)]  # fmt: skip
    rows = [*known, (None, "x", "2026-02-06", "p", 1, 98.0, False, True)]
    run = run_of(lines_of(rows), date(2026, 3, 1))
    shown = show_revenue_change(study(run), run)
    assert ": more customers brought €100.00 and more anonymous sales €98.00\n" in shown.text
    assert "known customers, whose price per unit stayed at €10.00; the table above has that of all sales." in (
        shown.html
    )
    assert "Not back this period" in shown.text
    assert "Did not buy again" not in shown.text


def test_in_mid_month_the_month_to_date_is_put_beside_the_same_days_of_the_month_before(run_of, lines_of):
    rows = [(f"k{n:05d}", f"{day}{n}", day, "p", 1, money, False, True) for n in range(20)
            for day, money in (("2026-01-05", 10.0), ("2026-01-20", 500.0), ("2026-02-05", 11.0))]  # fmt: skip
    run = run_of(lines_of(rows), date(2026, 2, 15))
    text = show_revenue_change(study(run), run).text
    assert "Net revenue rose by 10.0" in text
    assert "from €200.00 to €220.00" in text


def test_a_small_group_is_hidden_with_a_second_one_and_not_said_in_the_alt_text(run_of, lines_of):
    known = [(f"k{n:05d}", f"{month}{n}", f"2026-0{month}-05", "p", 1, 10.0, False, True)
             for month, people in ((1, range(40)), (2, range(20, 63))) for n in people]  # fmt: skip
    run = run_of(lines_of([*known, ("k00062", "y", "2026-02-06", "p", 1, 7.0, False, True)]), date(2026, 3, 1))
    found = study(run)
    change = found.change
    assert change.groups.set_index("group")["customers"].to_dict() == {
        "new": 23, "reactivated": 0, "retained": 20, "lost": 20,
    }  # fmt: skip
    few = replace(change, groups=change.groups.assign(customers=[3, 0, 40, 20]))
    steps = _group_steps(few, run).frame.set_index("step")
    # without the second the first were what the other steps leave of the change
    assert steps.index[steps["effect"].isna()].tolist() == ["new", "reactivated", "lost"]
    assert steps.index.tolist()[1] == "retained"
    said = show_revenue_change(found, run).text
    assert "Back after a pause hidden" in said
    assert "New customers +€237.00" in said
    assert "newly lost" not in said


def test_totals_are_marked_where_they_lie_and_steps_are_as_long_as_their_effect():
    axes = Figure().subplots(1, 2)
    steps = pd.DataFrame({
        "step": ["before", "new", "lost", "after"], "effect": [1000.0, 50.0, -20.0, 1030.0],
        "level": [1000.0, 1050.0, 1030.0, 1030.0], "whole": [True, False, False, True], "written": "",
    })  # fmt: skip
    waterfalls(axes, {"drivers": steps, "groups": steps}, "EUR")
    assert [abs(bar.get_width()) for bar in axes[0].patches] == [50, 20]
    marks, joints = axes[0].collections
    assert [segment[0, 0] for segment in marks.get_segments()] == [1000, 1030]
    assert [segment[0, 0] for segment in joints.get_segments()] == [1000, 1050, 1030]
    assert axes[0].get_xlim()[0] > 990


def sold(month, people, price, units=1, first=0):
    """Give one order each of so many customers of a month of 2026."""
    return [(f"k{n:05d}", f"{month}-{n}", f"2026-0{month}-05", "p", units, price * units, False, True)
            for n in range(first, first + people)]  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "title"),
    [
        (sold(1, 20, 10.0), sold(2, 40, 8.0),
         "rose by 60.0 %: more customers brought €180.00, while a lower price per unit took €60.00"),
        (sold(1, 40, 8.0), sold(2, 20, 10.0),
         "fell by 37.5 %: fewer customers took €180.00, while a higher price per unit brought €60.00"),
        # a fifth of the strongest is not named
        (sold(1, 20, 10.0), sold(2, 40, 9.0), "rose by 80.0 %: more customers brought €190.00"),
        (sold(1, 20, 10.0), sold(2, 20, 10.0), "did not change"),
        (sold(1, 20, 10.0), sold(2, 10, 10.0, 2),
         "did not change: more units per order brought €150.00, while fewer customers took €150.00"),
    ],
)  # fmt: skip
def test_the_title_names_what_brought_and_what_took(run_of, lines_of, then, now, title):
    run = run_of(lines_of([*then, *now]), date(2026, 3, 1))
    shown = show_revenue_change(study(run), run)
    assert shown.text.splitlines()[0].replace(NBSP, " ") == f"Figure: Net revenue {title}"
    # without anonymous sales there is one price
    assert "known customers, whose price" not in shown.html


@pytest.mark.parametrize("scale", [1.0, 300.0, 123_456.7, 4e8])
def test_the_steps_of_either_picture_add_up_as_they_are_written(run_of, lines_of, scale):
    rng = np.random.default_rng(5)
    rows = [(f"k{n:05d}" if n % 3 else None, f"{month}-{n}", f"2026-0{month}-05", "p", int(rng.integers(1, 9)),
             float(np.round(scale * rng.gamma(2), 2)) + 0.01, False, True)
            for month, many in ((1, range(60)), (2, range(30, 110))) for n in many]  # fmt: skip
    change = revenue_change(lines_of(rows), JANUARY, FEBRUARY)
    run = run_of(lines_of(rows), date(2026, 3, 1))
    data = {"drivers": _driver_steps(change, run).frame, "groups": _group_steps(change, run).frame}
    axes = Figure().subplots(1, 2)
    waterfalls(axes, data, "EUR")
    rest = []
    for each in axes:
        written = [float(text.get_text().replace(",", "").replace("−", "-")) for text in each.texts]
        assert written[0] + sum(written[1:-1]) == pytest.approx(written[-1], abs=1e-6)
        rest.append(written[-3:-1])
    # anonymous sales and returns are the same in both
    assert rest[0] == rest[1]


def test_without_units_the_order_value_is_a_driver(run_of, lines_of):
    rows = [(f"k{n:05d}" if n < 20 else None, f"{month}-{n}", f"2026-0{month}-05", "p", None, money, False, True)
            for month, money in ((1, 10.0), (2, 12.0)) for n in range(21)]  # fmt: skip
    run = run_of(lines_of(rows), date(2026, 3, 1))
    shown = show_revenue_change(study(run), run)
    assert ": a higher order value brought €40.00\n" in shown.text
    assert "Order value +€40.00" in shown.text
    assert "whose order value went from €10.00 to €12.00" in shown.html


def one_step(then, effect):
    """Give a change that one driver made."""
    drivers = pd.DataFrame({"driver": ["customers", "anonymous", "returns"], "effect": [effect, 0.0, 0.0]})
    return RevenueChange(then, then + effect, drivers, pd.DataFrame())


def test_the_picture_names_whose_drivers_they_are_and_its_unit(run_of, shop):
    steps = _driver_steps(one_step(2.4e7, 2e6), run_of(shop, date(2026, 4, 1))).rows([0, 1, 4]).frame
    axes = Figure().subplots(1, 2)
    waterfalls(axes, {"drivers": steps, "groups": steps}, "EUR")
    assert [each.get_title() for each in axes] == [
        "Known customers by driver, thousand EUR", "Known customers by group, thousand EUR",
    ]  # fmt: skip
    assert [text.get_text() for text in axes[0].texts] == ["24,000", "+2,000", "26,000"]


@pytest.mark.parametrize(
    ("then", "effect", "words"),
    [(100.0, 10.0, "rose by 10.0 %"), (100.0, 0.0, "did not change"), (-20.0, 120.0, "rose by €120.00"),
     (200.0, -50.0, "fell by 25.0 %")],
)  # fmt: skip
def test_a_change_is_told_in_per_cent_or_across_nothing_as_an_amount(run_of, shop, then, effect, words):
    assert _changed(one_step(then, effect), run_of(shop, date(2026, 4, 1))).replace(NBSP, " ") == words


def test_a_hidden_step_leaves_a_gap_and_no_change_draws_all_the_same(run_of, shop):
    axes = Figure().subplots(1, 2)
    steps = _driver_steps(one_step(0.0, 0.0), run_of(shop, date(2026, 4, 1))).rows([0, 1, 4]).frame
    hidden = steps["step"] == "customers"
    steps = steps.assign(effect=steps["effect"].mask(hidden), level=steps["level"].mask(hidden))
    waterfalls(axes, {"drivers": steps, "groups": steps}, "EUR")
    assert [text.get_text() for text in axes[0].texts] == ["0.00", "0.00"]


def test_lines_that_do_not_say_their_units_leave_three_factors_that_add_up(lines_of):
    def month(number, orders):
        return [(f"k{n}", f"{number}-{n}", f"2026-0{number}-10", "p", None, 100.0, False, True) for n in range(orders)]

    lines = lines_of([*month(1, 20), *month(2, 30)])
    change = revenue_change(lines, (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1)))
    assert change.drivers["driver"].tolist()[:3] == ["customers", "orders_per_customer", "order_value"]
    assert change.drivers["effect"].sum() == pytest.approx(change.change) == 1000
    months = monthly_figures(lines, date(2026, 3, 1))
    assert months["units_per_order"].isna().all()
    assert months["price_per_unit"].isna().all()
    assert months["average_order_value"].tolist() == [100.0, 100.0]


@pytest.mark.parametrize(
    ("sizes", "hidden"), [((3, 4, 40, 60), {"new", "reactivated", "retained"}), ((30, 40, 50, 60), set())]
)
def test_groups_hidden_together_are_no_handful_either(run_of, shop, sizes, hidden):
    groups = pd.DataFrame({
        "group": list(GROUPS), "customers": sizes, "then": 0.0, "now": 10.0, "effect": 10.0, "largest": 0.1,
    })  # fmt: skip
    steps = _group_steps(replace(one_step(0.0, 40.0), groups=groups), run_of(shop, date(2026, 4, 1)))
    assert set(steps.frame.loc[steps.hidden["effect"], "step"]) == hidden


def test_a_group_of_which_one_customer_brings_most_is_hidden_with_a_second_one(run_of, shop):
    groups = pd.DataFrame({
        "group": list(GROUPS), "customers": [30, 40, 50, 60], "then": 0.0, "now": 10.0,
        "effect": [10.0, 20.0, 30.0, 40.0], "largest": [0.1, 0.6, 0.1, 0.1],
    })  # fmt: skip
    steps = _group_steps(replace(one_step(0.0, 100.0), groups=groups), run_of(shop, date(2026, 4, 1)))
    assert set(steps.frame.loc[steps.hidden["effect"], "step"]) == {"new", "reactivated"}
