"""The business at a glance: spans of time, every figure by hand, parts of the business, and what is left out."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib import segmentation
from crmlib.orders import as_orders, orders_by_category
from crmlib.privacy.rules import DisclosureRules
from crmlib.segmentation.business.glance import COLUMNS, business_figures
from crmlib.segmentation.business.glance_shown import _rolling_label
from crmlib.segmentation.business.measures import FIGURES, figures_page, fillings
from crmlib.segmentation.business.monthly import calendar, monthly_figures
from crmlib.segmentation.business.people import window_people
from crmlib.segmentation.business.windows import Window, began_within, holds, part_starts, report_windows, slots_between
from crmlib.words.formats import NBSP
from crmlib.words.saying import Speaker

AS_OF = date(2026, 4, 1)


def by_category(lines, products):
    return orders_by_category(lines, products, as_orders(lines))


def figures_of(lines, as_of=AS_OF, first=date(2026, 1, 1), **more):
    return business_figures(lines, report_windows(first, as_of), as_of, **more)


def test_the_spans_of_a_report_in_mid_month_are_cut_alike():
    spans = {each.code: each for each in report_windows(date(2024, 1, 1), date(2026, 4, 15))}
    assert (spans["period"].start, spans["period"].end) == (date(2026, 4, 1), date(2026, 4, 15))
    assert (spans["before"].start, spans["before"].end) == (date(2026, 3, 1), date(2026, 3, 15))
    assert (spans["year_ago"].start, spans["year_ago"].end) == (date(2025, 4, 1), date(2025, 4, 15))
    assert (spans["rolling"].start, spans["rolling"].base) == (date(2025, 4, 15), date(2024, 4, 15))
    assert spans["rolling"].known
    assert spans["rolling_year_ago"].start == date(2024, 4, 15)
    assert not spans["rolling_year_ago"].known


def test_a_short_history_has_fewer_spans_and_knows_less():
    spans = report_windows(date(2026, 3, 20), AS_OF)
    assert [each.code for each in spans] == ["period", "rolling"]
    assert not any(each.known for each in spans)
    assert report_windows(date(2026, 3, 1), date(2026, 11, 1))[-1].start == date(2026, 3, 1)
    fourteen = report_windows(date(2025, 9, 1), date(2026, 11, 1))
    assert [each.code for each in fourteen] == ["period", "before", "year_ago", "rolling", "rolling_before"]


def test_a_history_holds_a_span_that_it_begins_with_by_two_days():
    assert holds(date(2026, 1, 2), date(2026, 1, 1))
    assert holds(date(2026, 1, 3), date(2026, 1, 1))
    assert not holds(date(2026, 1, 9), date(2026, 1, 1))


def test_spans_are_made_of_the_stretches_between_their_cuts():
    cuts = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
    assert slots_between(cuts, date(2026, 9, 1), date(2026, 10, 1)) == [2]
    assert slots_between(cuts, None, date(2026, 9, 1)) == [0, 1]


def test_a_part_that_sells_seldom_has_not_begun_later_for_a_few_days_without_a_sale():
    starts = pd.DataFrame({"first_day": pd.to_datetime(["2025-09-01", "2025-01-09"]), "purchase_days": [60, 30]})
    year = Window("year_ago", date(2025, 1, 1), date(2026, 1, 1), date(2024, 1, 1))
    assert began_within(starts, year, date(2026, 1, 1)).tolist() == [True, False]


@pytest.mark.parametrize(
    ("first", "as_of", "days"),
    [
        (date(2026, 3, 4), AS_OF, 28),
        (date(2026, 3, 3), AS_OF, 31),
        (date(2026, 2, 10), AS_OF, 31),
        (date(2026, 3, 27), date(2026, 3, 31), 4),
    ],
)
def test_a_period_has_the_days_that_the_data_cover_as_in_the_monthly_table(first, as_of, days):
    assert report_windows(first, as_of)[0].days == days
    assert calendar(first, as_of)["days"].iloc[-1] == days


@pytest.mark.parametrize(
    ("first", "as_of", "label"),
    [
        (date(2024, 1, 1), AS_OF, "Last 12 months"),
        (date(2025, 11, 1), AS_OF, "Last 5 months"),
        (date(2025, 11, 9), AS_OF, "Since 9 Nov 2025"),
        (date(2026, 3, 1), AS_OF, "Since 1 Mar 2026"),
        (date(2026, 3, 20), date(2026, 3, 30), "Since 20 Mar 2026"),
    ],
)
def test_the_longest_span_is_named_by_whole_months_or_by_its_first_day(first, as_of, label):
    rolling = next(each for each in report_windows(first, as_of) if each.code == "rolling")
    say = Speaker(DisclosureRules(), "EUR").say
    run = SimpleNamespace(say=lambda sentence, **values: say(sentence, values))
    assert _rolling_label(rolling, run).replace(NBSP, " ") == label


def test_a_history_shorter_than_a_month_has_one_revenue_a_day(run_of, lines_of):
    rows = [(f"k{n:05d}", str(n), "2026-03-27", "p", 1, 10.0, False, True) for n in range(30)]
    run = run_of(lines_of(rows), AS_OF)
    found = segmentation.study(run)
    assert "Net revenue per day | €60.00 | €60.00" in segmentation.show_glance(found, run).text
    assert found.months["net_per_day"].tolist() == [60.0]


def test_in_mid_month_the_columns_are_named_by_their_days(run_of, lines_of):
    rows = [(f"k{n:05d}", f"{day}{n}", day, "p", 1, 10.0, False, True) for n in range(20)
            for day in ("2026-01-05", "2026-02-05")]  # fmt: skip
    run = run_of(lines_of(rows), date(2026, 2, 15))
    found = segmentation.study(run)
    assert "1–14 February 2026 | " in segmentation.show_glance(found, run).text


def test_every_figure_of_the_small_shop(shop):
    figures = figures_of(shop).set_index(["window", "part", "item"])
    row = figures.loc[("period", "all", "all")]
    expected = {"gross": 50.0, "returned": 0.0, "net": 50.0, "identified": 50.0, "orders": 3, "units": 6, "active": 3,
                "new": 1, "returning": 2, "again": 1, "before": 1, "reactivated": 1}  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert row["average_order_value"] == pytest.approx(50 / 3)
    assert row["net_per_day"] == pytest.approx(50 / 31)
    whole = figures.loc[("rolling", "all", "all")]
    assert (whole["gross"], whole["returned"], whole["orders"], whole["active"]) == (145.0, 20.0, 7, 3)
    # three months of history do not say who was new to the shop in the year
    assert np.isnan(whole["new"])
    assert figures.columns.tolist() == [name for name in COLUMNS if name not in ("window", "part", "item")]


def test_the_period_equals_the_last_month(simulated_lines):
    lines, _as_of = simulated_lines
    as_of = date(2026, 7, 1)
    first = lines.ordered_at.min().execute().date()
    period = figures_of(lines, as_of, first).iloc[0]
    month = monthly_figures(lines, as_of).iloc[-1]
    same = [name for name in COLUMNS if name in month.index]
    assert len(same) > 20
    pd.testing.assert_series_equal(period[same].astype(float), month[same].astype(float), check_names=False, rtol=1e-12)


def test_who_is_lost_on_which_day(lines_of):
    lines = lines_of([
        ("a", "1", "2026-01-02", "p", 1, 10.0, False, True),  # lost on 1 February, back on 10 March
        ("a", "2", "2026-03-10", "p", 1, 10.0, False, True),
        ("b", "3", "2026-01-31", "p", 1, 10.0, False, True),  # 30 days end on 2 March
        ("c", "4", "2026-02-10", "p", 1, 10.0, False, True),  # bought again on the very day: not lost
        ("c", "5", "2026-03-12", "p", 1, 10.0, False, True),
    ])  # fmt: skip
    people = window_people(lines, report_windows(date(2026, 1, 2), AS_OF), AS_OF, lost_after=30).set_index("window")
    assert people.loc["period", "lost"] == 1
    assert people.loc["before", "lost"] == 1
    assert np.isnan(people.loc["rolling", "lost"])
    assert people.loc["period", "reactivated"] == 1
    without = window_people(lines, report_windows(date(2026, 1, 2), AS_OF), AS_OF)
    assert without["lost"].isna().all()


def marked(shop):
    return shop.mutate(
        channel=ibis.cases((shop.customer_id == "a", "web"), else_="store"),
        store_id=ibis.cases((shop.customer_id == "b", "S1"), else_=None).cast("string"),
        discount=(shop.amount / 4).cast("decimal(18, 4)"),
        points_redeemed=ibis.cases((shop.customer_id == "a", 100), else_=None).cast("decimal(18, 4)"),
    )


def test_parts_of_the_business_add_up_and_customers_are_told_apart_by_all_their_purchases(shop):
    products = ibis.memtable(pd.DataFrame({"product_id": ["p", "q"], "category": ["food", "tools"]}))
    members = ibis.memtable(pd.DataFrame({"customer_id": ["a", "b"], "tier": ["gold", None]}),
                            schema={"customer_id": "string", "tier": "string"})  # fmt: skip
    figures = figures_of(marked(shop), categories=by_category(marked(shop), products), members=members)
    period = figures[figures["window"] == "period"].set_index(["part", "item"])
    assert period["net"].to_dict() == {
        ("all", "all"): 50.0, ("channel", "store"): 40.0, ("channel", "web"): 10.0, ("store", "S1"): 10.0,
        ("category", "food"): 40.0, ("category", "tools"): 10.0, ("tier", "gold"): 10.0,
    }  # fmt: skip
    assert period.loc[("channel", "store"), ["active", "new", "orders"]].tolist() == [2, 1, 2]
    # b bought in this category in January already; so did everybody in the shop
    assert period.loc[("category", "tools"), ["new", "returning"]].tolist() == [0, 1]
    # of a alone, who bought food on the web in February, it can be said whether that happened again
    assert period.loc[("channel", "web"), ["before", "again"]].tolist() == [1, 1]
    assert period.loc[("category", "food"), ["before", "again"]].tolist() == [1, 1]
    # c bought food in the shop in March only, and b is back there after a pause
    assert period.loc[("channel", "store"), ["before", "again"]].tolist() == [0, 0]
    assert period.loc[("tier", "gold"), ["before", "again"]].isna().all()
    assert period.loc[period.index.get_level_values("part") != "all", ["lost", "reactivated"]].isna().all(axis=None)
    assert period["discount_share"].to_numpy() == pytest.approx(np.full(len(period), 0.2))
    assert period.loc[("all", "all"), "points"] == 100
    assert np.isnan(period.loc[("store", "S1"), "points"])
    assert period.loc[("channel", "store"), "largest"] == pytest.approx(0.75)


def test_nothing_bought_gives_no_row(lines_of):
    lines = lines_of([("a", "1", "2026-01-02", "POST", 1, 10.0, False, False)])
    assert figures_of(lines).empty


def test_the_page_says_what_is_left_out(run_of, lines_of):
    rows = [(f"k{n % 30:05d}", str(n), f"2026-0{1 + n % 3}-05", "p", 1, 10.0 + n, False, True) for n in range(120)]
    run = run_of(lines_of(rows), AS_OF)
    found = segmentation.study(run)
    shown = segmentation.show_glance(found, run)
    text = shown.text
    assert (
        "The data hold no discounts, points, channels, stores, categories or tiers, so these figures are left out."
        in text
    )
    assert "No line says" not in text
    assert "–: the data do not tell." in shown.html
    assert "The history does not yet tell “Back after a pause” and “Newly lost customers”." in text
    assert "Newly lost customers | " not in text
    assert "Month before" in text
    assert "A year ago" not in text


def test_too_few_customers_are_hidden_and_nothing_at_all_is_said(run_of, shop):
    run = run_of(shop, AS_OF)
    assert "Customers who bought | hidden" in segmentation.show_glance(segmentation.study(run), run).text
    nothing = run_of(shop.filter(shop.amount > 1000), date(2026, 3, 1))
    assert segmentation.show_glance(segmentation.study(nothing), nothing).kind == "insufficient"


def test_each_figure_is_defined_once_by_a_column_of_the_table():
    for name in ("code", "column", "title"):
        assert len({getattr(each, name) for each in FIGURES}) == len(FIGURES), name
    assert {name for each in FIGURES for name in each.columns} <= set(COLUMNS)
    assert all(each.meaning and each.source and (each.people or each.unit == "people") for each in FIGURES)
    assert all(bool(each.needs) == bool(each.lack) for each in FIGURES)


def test_what_makes_a_customer_lost_is_said_with_the_limits_of_the_run(run_of, shop):
    lost = next(each for each in FIGURES if each.column == "lost")
    said = lost.explained(**fillings(run_of(shop, AS_OF), 285.0))
    assert "285 days" in said
    assert "97\u00a0% did so sooner" in said


def test_the_documentation_defines_what_the_page_does(project):
    page = (project / "docs" / "figures.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) == len(FIGURES)
    for row, each in zip(rows, FIGURES, strict=True):
        assert row.startswith(f"| {each.label} | `{each.column}` | ")
        assert f" | {each.explained(**fillings())} | " in row
        assert re.findall(r"`(\w+)`", row)[1:] == each.source.split(", ")
    assert figures_page(page) == page, "run `make schema`"


def recorded(run):
    """Show the first screen without the models of value, and give what it records."""
    found = segmentation.study(run)
    found.forecast = SimpleNamespace(valued=None, valued_before=None)
    shown = segmentation.show_answer(found, run)
    return found, shown, {each.name: each for each in run.results("02_segmentation")}


def test_the_headlines_are_recorded_with_last_month_beside_them(run_in, keep_limits, simulated_lines, tmp_path):
    lines, _as_of = simulated_lines
    run = keep_limits(run_in(tmp_path, lines, date(2026, 7, 1)))
    found, _shown, results = recorded(run)
    # the simulated shop says neither discounts nor points
    figures = {each.code for each in FIGURES if each.recorded and not each.needs}
    assert {"reactivated_customers", "newly_lost_customers", "identified_share", "price_per_unit"} <= figures
    assert figures == {name for name in results if name in {each.code for each in FIGURES}}
    assert all(results[each.code].label == each.label for each in FIGURES if each.code in figures)
    whole = found.glance.figures[found.glance.figures["part"] == "all"].set_index("window")
    assert results["price_per_unit"].value == pytest.approx(whole.loc["period", "price_per_unit"])
    assert results["price_per_unit"].previous == pytest.approx(whole.loc["before", "price_per_unit"])
    assert results["reactivated_customers"].value % 5 == 0


def test_what_is_told_a_head_is_made_of_the_rounded_heads(run_in, simulated_lines, tmp_path):
    run = run_in(tmp_path, simulated_lines[0], date(2026, 7, 1))
    found, _answer, results = recorded(run)
    row = found.glance.figures.iloc[0]
    assert row["active"] % 5
    assert row["revenue_per_customer"] == pytest.approx(row["identified"] / row["active"])
    told = row["identified"] / (5 * round(row["active"] / 5))
    assert results["revenue_per_customer"].value == pytest.approx(told)
    assert f"Revenue per customer | €{told:.2f} | " in segmentation.show_glance(found, run).text


def test_a_last_month_of_too_few_people_does_not_reach_the_results(run_of, lines_of):
    rows = [(f"k{n:05d}", f"{month}{n}", f"2026-0{month}-02", "p", 1, 10.0, False, True)
            for month, many in ((1, 30), (2, 3), (3, 30)) for n in range(many)]  # fmt: skip
    back = ("k00001", "31", "2026-03-09", "p", -1, -1.0, True, True)
    _found, _shown, results = recorded(run_of(lines_of([*rows, back]), AS_OF))
    for name in (
        "net_revenue",
        "orders",
        "returned_share",
        "average_order_value",
        "price_per_unit",
        "identified_share",
    ):
        assert results[name].value is not None, name
        assert results[name].previous is None, name
    # of thirty customers the top tenth are three
    assert (results["top_tenth_share"].hidden, results["top_tenth_share"].previous) == (True, None)


def test_the_share_of_few_known_customers_among_many_anonymous_orders_is_hidden(run_of, lines_of):
    rows = [(f"k{n:05d}" if n < 3 else None, str(n), "2026-03-02", "p", 1, 10.0, False, True) for n in range(60)]
    run = run_of(lines_of(rows), AS_OF)
    found, _shown, results = recorded(run)
    assert "Known customers' share | hidden" in segmentation.show_glance(found, run).text
    assert (results["identified_share"].hidden, results["price_per_unit"].value) == (True, 10.0)


def test_without_a_sale_there_is_no_headline(run_of, shop):
    run = run_of(shop.filter(shop.amount > 1000), AS_OF)
    assert segmentation.headlines(segmentation.study(run), run) == []


def with_parts(lines):
    """Give every line a channel and a store, and half of them a discount."""
    order = lines.order_id.cast("int64")
    return lines.mutate(
        channel=ibis.cases((order % 4 == 0, "web"), else_="store"),
        store_id=ibis.cases((order % 2 == 0, "S1"), else_="S2"),
        discount=(lines.amount / 9).cast("decimal(18, 4)"),
    )


def test_the_parts_show_discounts_who_bought_again_and_twelve_months(run_in, simulated_lines, tmp_path):
    lines, _as_of = simulated_lines
    run = run_in(tmp_path, with_parts(lines), date(2026, 7, 1))
    found = segmentation.study(run)
    shown = segmentation.show_glance(found, run)
    text, notes = shown.text, shown.html
    heads = ["Part of the business", "Net revenue", "Change on the month before", "Change on a year ago",
             "Customers who bought", "Discount"]  # fmt: skip
    assert " | ".join(heads) in text
    assert "Channel: Store | " in text
    assert "| 10.0 % |" in text
    assert "Repurchase rate in this part" in text
    # every sale has a channel and a store, and there are no tiers and categories
    assert "are left out of those rows" not in notes
    assert "A tier is" not in notes
    assert "The data hold no points, categories or tiers, so these figures are left out." in text
    changes = [line.split(" | ")[2] for line in text.splitlines() if line.startswith(("Channel: ", "Store: "))][:4]
    assert all(re.fullmatch(r"[+−]\d+\s%|0\s%", change) for change in changes)
    assert "June 2026 by part of the business: customers and orders" in text
    assert "Last 12 months by part of the business" in text


def test_a_row_of_nothing_is_left_out_with_its_definition_and_said_so(run_in, simulated_lines, tmp_path):
    run = run_in(tmp_path, simulated_lines[0], date(2026, 7, 1))
    found = segmentation.study(run)
    whole = segmentation.show_glance(found, run).text
    assert "Newly lost customers | " in whole
    bare = found.glance.figures.assign(lost=np.nan, units_per_order=np.nan, price_per_unit=np.nan)
    found.glance = replace(found.glance, figures=bare)
    text = segmentation.show_glance(found, run).text
    assert not re.search("(Newly lost customers|Units per order|Price per unit)( \\||:)", text)
    assert "The history does not yet tell “Newly lost customers”." in text
    assert "Lines do not say their units, so “Units per order” and “Price per unit” are left out." in text


def test_only_sales_that_lack_a_part_are_said_to_be_left_out(run_of, lines_of):
    rows = [(f"k{n:05d}", f"{n}", "2026-03-05", "p", 1, 10.0, False, True) for n in range(60)]
    lines = lines_of(rows)
    order = lines.order_id.cast("int64")
    lines = lines.mutate(channel=ibis.literal("web"), store_id=ibis.cases((order % 2 == 0, "S1")).cast("string"))
    run = run_of(lines, AS_OF)
    found = segmentation.study(run)
    html = segmentation.show_glance(found, run).html
    assert "Sales without a store are left out of those rows." in html


def opened(day, every, until="2026-07-01"):
    return [str(each.date()) for each in pd.date_range(day, until, freq=f"{every}D", inclusive="left")]


def test_a_part_that_began_later_is_not_compared_with_the_time_before_it(run_of, lines_of):
    days = {"old": opened("2024-07-01", 3), "young": opened("2025-05-10", 3), "slow": opened("2024-07-20", 30)}
    rows = [(f"k{n:05d}", f"{store}{day}{n}", day, "p", 1, 10.0, False, True)
            for store, each in days.items() for day in each for n in range(12)]  # fmt: skip
    lines = lines_of(rows)
    lines = lines.mutate(store_id=lines.order_id.re_extract("^([a-z]+)", 1))
    run = run_of(lines, date(2026, 7, 1))
    found = segmentation.study(run)
    assert set(found.glance.starts["part"]) == {"store"}
    text = segmentation.show_glance(found, run).text
    table = text[text.index("Last 12 months by part") :]
    rows = {line.split(" | ")[0]: line.split(" | ")[2] for line in table.splitlines() if line.startswith("Store: ")}
    assert rows["Store: young"].replace(NBSP, " ") == "only since May 2025"
    # of a store that sells once a month, nineteen days without a sale at the start say nothing
    assert re.fullmatch(r"[+−]?\d+\s%", rows["Store: slow"])
    assert re.fullmatch(r"[+−]?\d+\s%", rows["Store: old"])


def test_when_parts_began_is_the_day_of_their_first_purchase(shop):
    products = ibis.memtable(pd.DataFrame({"product_id": ["p", "q"], "category": ["food", "tools"]}))
    starts = part_starts(marked(shop), AS_OF, by_category(marked(shop), products)).set_index(["part", "item"])
    assert starts["first_day"].dt.strftime("%m-%d").to_dict() == {
        ("category", "food"): "01-02", ("category", "tools"): "01-02", ("channel", "store"): "01-20",
        ("channel", "web"): "01-02", ("store", "S1"): "01-20",
    }  # fmt: skip
    # what was taken back is no sale
    assert starts.loc[("store", "S1"), "purchase_days"] == 2
    assert part_starts(shop, AS_OF).empty


def test_strip_and_tables_say_the_same_and_no_share_of_people_gives_its_counts_away(run_in, simulated_lines, tmp_path):
    run = run_in(tmp_path, simulated_lines[0], date(2026, 7, 1))
    found, answer, results = recorded(run)
    for name in ("repurchase_rate", "best_segments_share"):
        people = results[name].value * results[name].n
        assert people == pytest.approx(5 * round(people / 5), abs=1e-6), name
    assert found.months["again"].iloc[-1] % 5 or found.months["before"].iloc[-1] % 5
    said = re.search(r"Repurchase rate: ([\d.]+ %), ([\d.]+ % to [\d.]+ %)", answer.text).groups()
    for shown in (segmentation.show_business(found, run), segmentation.show_glance(found, run)):
        assert "{} ({})".format(*said) in shown.text
