"""Tags: rules without code, since when, what cannot be told, and the same answer whenever they are told."""

from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from crmlib import segmentation
from crmlib.params.tags import TagCondition, TagRule
from crmlib.segmentation.tags.carriers import rule_words, short_words, skipped_words, tag_label, unproven_words
from crmlib.segmentation.tags.conditions import OwnRates, by_chance, own_rates
from crmlib.segmentation.tags.history import DATES, History, field_values, history, month_ends
from crmlib.segmentation.tags.tagging import NUMBERS, tag_customers

AS_OF = date(2026, 4, 1)


def rule(field, value=None, operator="at_least", **others):
    return TagRule(all=(TagCondition(field=field, value=value, operator=operator, **others),))


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"field": "spend"}, "a value or with a quantile"),
        ({"field": "spend", "value": 1, "quantile": 0.5}, "a value or with a quantile"),
        ({"field": "category_share", "value": 0.5}, "of: names the values"),
        ({"field": "spend", "value": 1, "of": ["tea"]}, "of: names the values"),
        ({"field": "__import__('os')", "value": 1}, "Input should be"),
        ({"field": "spend", "value": 1, "operator": "=="}, "Input should be"),
        ({"field": "spend", "quantile": 1.5}, "less than 1"),
        ({"field": "spend", "value": 1, "sure": 0.9}, "sure: is for shares"),
        ({"field": "night_share", "value": 0.5, "sure": 1}, "less than 1"),
    ],
)
def test_what_is_no_rule_is_refused(condition, message):
    with pytest.raises(ValidationError, match=message):
        TagCondition(**condition)


def test_a_share_must_be_sure_unless_the_rule_says_otherwise():
    share = TagCondition(field="night_share", value=0.5)
    assert share.sure == 0.95
    assert TagCondition(**share.model_dump()) == share
    assert TagCondition(field="night_share", value=0.5, sure=0).sure == 0
    assert TagCondition(field="spend", value=1).sure is None


def test_a_tag_needs_a_condition():
    with pytest.raises(ValidationError, match="under all or any"):
        TagRule()


def weekends(rates, seed=1, orders=12):
    """Give the history of customers who buy at weekends at rates of their own, in the last month."""
    rng = np.random.default_rng(seed)
    number = rng.poisson(orders, len(rates)) + 1
    first_bin = np.zeros((len(rates), 25))
    first_bin[:, 0] = 1
    days = np.where(first_bin == 1, 20_000.0, np.nan)
    months = {
        "orders": first_bin * number[:, None], "spend": first_bin * 10.0, "purchase_days": first_bin,
        "weekend": first_bin * rng.binomial(number, rates)[:, None], "last": days, "first": days,
    }  # fmt: skip
    customers = pd.Series([f"k{n:05d}" for n in range(len(rates))], name="customer_id")
    return History(customers, month_ends(AS_OF), months, {}, frozenset({"time"})), number


WEEKEND = TagRule(all=(TagCondition(field="weekend_share", value=0.5), TagCondition(field="orders", value=3)))


def test_a_tag_by_chance_is_given_to_nobody(run_of, shop):
    past, _number = weekends(np.full(3000, 0.3))
    tags = tag_customers(past, {"weekend_shopper": WEEKEND}, 12)
    assert tags.counts.empty
    assert tags.carried.empty
    over = tags.unproven.iloc[0]
    # hundreds are over the limit, as many as chance brings: a deviation of a count is about its root
    assert over["now"] > 100
    assert over["now"] == pytest.approx(over["chance"], abs=4 * np.sqrt(over["chance"]))
    said = unproven_words(tags, run_of(shop, AS_OF))
    shown = f"{5 * round(over['now'] / 5):,}; {over['chance']:,.0f} by chance"
    assert said.startswith("Not given, because not clearly more customers qualify than chance would bring: ")
    assert f"Weekend shopper ({shown})" in said


def test_a_habit_is_found_and_who_carries_it_has_it():
    rng = np.random.default_rng(2)
    rates = rng.beta(1.5, 6, 4000)
    past, _number = weekends(rates)
    tags = tag_customers(past, {"weekend_shopper": WEEKEND}, 12)
    carriers = past.customers.isin(tags.carried["customer_id"]).to_numpy()
    assert carriers.sum() > 100
    # each is above the average with 95 % or more, so of all together more than 95 % are
    assert (rates[carriers] > 0.2).mean() > 0.95
    # at the average rate a few dozen would be so far above it as to seem sure; the others' habits are their own
    assert tags.counts["chance"].iloc[0] < 0.2 * carriers.sum()
    assert tags.unproven.empty


def test_where_the_count_alone_decides_chance_stands_beside_it(run_of, shop):
    plain = TagRule(all=(TagCondition(field="weekend_share", value=0.5, sure=0), TagCondition(field="orders", value=3)))
    past, number = weekends(np.full(3000, 0.3))
    tags = tag_customers(past, {"plain": plain}, 12)
    answer = tags.results["plain"][0]
    simulated = np.random.default_rng(5).binomial(number, answer.rates.average, (400, 3000))
    expected = ((simulated / number >= 0.5) & (number >= 3)).sum(axis=1).mean()
    # the mean of 400 replications of a count of several hundred: its error is about 1
    assert tags.counts["chance"].iloc[0] == pytest.approx(expected, abs=5)
    assert "surely" not in rule_words(tags, "plain", plain, run_of(shop, AS_OF))


def test_below_the_average_is_told_as_well():
    past, _number = weekends(np.r_[np.full(40, 0.01), np.full(400, 0.6)], orders=30)
    rules = {"rarely": TagRule(all=(TagCondition(field="weekend_share", operator="at_most", value=0.05),))}
    tags = tag_customers(past, rules, 12)
    # of 40 at a rate of 1 % a few have two orders or more at weekends
    assert 33 <= tags.counts["now"].iloc[0] <= 40
    assert set(tags.carried["customer_id"]) <= set(past.customers[:40])


def test_as_many_carriers_as_chance_brings_are_no_tag(run_of, shop):
    # customers differ a little, but whoever is over a limit so high is there by chance
    rng = np.random.default_rng(3)
    past, _number = weekends(rng.beta(30, 60, 3000), orders=8)
    rules = {"only_weekends": TagRule(all=(TagCondition(field="weekend_share", value=0.95),))}
    tags = tag_customers(past, rules, 12)
    assert tags.counts.empty
    assert tags.unproven["now"].iloc[0] <= 10
    assert "Only weekends (too few to tell)" in unproven_words(tags, run_of(shop, AS_OF))


def test_tags_too_few_to_tell_stand_behind_those_with_numbers(run_of, shop):
    unproven = pd.DataFrame({"tag": ["night_shopper", "weekend_shopper"], "now": [3, 71], "chance": [0.4, 71.2]})
    tags = SimpleNamespace(unproven=unproven)
    said = unproven_words(tags, run_of(shop, AS_OF))
    assert said.endswith(": Weekend shopper (70; 71 by chance), Night shopper (too few to tell).")


def test_chance_by_hand():
    chance = by_chance(np.array([0.0, 1.0, 3.0]), 0.5, lambda yes, orders: yes / orders >= 0.6)
    np.testing.assert_allclose(chance, [0, 0.5, 0.5])


def test_a_window_that_begins_before_the_data_is_not_compared(run_of, shop):
    run = run_of(shop, AS_OF)
    rules = {"high": rule("spend", 20), "dormant": rule("days_since_last", 26)}
    tags = tag_customers(history(shop, AS_OF), rules, 12)
    assert tags.short == {"high"}
    assert "2\u00a0Jan\u00a02026" in short_words(tags, rules, run)
    assert "“High” cannot be compared" in short_words(tags, rules, run)
    # two months back from 1 March are whole: the data begin in the first week of January
    assert tag_customers(history(shop, AS_OF), rules, 2).short == frozenset()
    assert short_words(tag_customers(history(shop, AS_OF), rules, 2), rules, run) == ""


@pytest.mark.parametrize(
    ("tag", "condition", "label"),
    [
        ("dormant", {"field": "days_since_last", "value": 180}, "No purchase for 180 days"),
        (
            "newcomer",
            {"field": "days_since_first", "value": 60, "operator": "at_most"},
            "First purchase within 60 days",
        ),
        ("night_shopper", {"field": "night_share", "value": 0.5}, "Night shopper"),
        ("dormant", {"field": "orders", "value": 1, "operator": "at_most"}, "Dormant"),
    ],
)
def test_tags_are_not_called_like_stages(run_of, shop, tag, condition, label):
    assert tag_label(tag, run_of(shop, AS_OF), TagRule(all=(TagCondition(**condition),))) == label


def test_figures_by_hand(shop):
    past = history(shop, AS_OF)
    assert past.customers.tolist() == ["a", "b", "c"]
    assert past.dates[:3] == (date(2026, 4, 1), date(2026, 3, 1), date(2026, 2, 1))
    spend = field_values(past, "spend", (), 12)
    np.testing.assert_array_equal(
        spend[:, :4], [[45, 35, 25, np.nan], [30, 20, 20, np.nan], [30, np.nan, np.nan, np.nan]]
    )
    orders = field_values(past, "orders", (), 1)
    np.testing.assert_array_equal(orders[:, 0], [1, 1, 1])
    since_last = field_values(past, "days_since_last", (), 12)
    # 4 March to 31 March, 20 March, 5 March; 3 February to 28 February
    np.testing.assert_array_equal(since_last[:, 0], [27, 11, 26])
    assert since_last[0, 1] == 25
    np.testing.assert_array_equal(field_values(past, "days_since_first", (), 12)[:, 0], [88, 70, 26])
    assert field_values(past, "order_value", (), 12)[0, 0] == 15
    assert field_values(past, "promotion_share", (), 12) is None
    assert field_values(past, "category_share", ("tea",), 12) is None


def test_since_when_by_hand(shop):
    rules = {"buyer_of_20": rule("spend", 20), "bought": rule("orders", 1), "away": rule("days_since_last", 26)}
    tags = tag_customers(history(shop, AS_OF), rules, 12)
    since = tags.carried.set_index(["customer_id", "tag"])["since"].dt.date
    assert since["a", "buyer_of_20"] == date(2026, 2, 1)
    assert since["c", "bought"] == date(2026, 4, 1)
    assert ("b", "away") not in since.index
    assert not tags.carried["or_before"].any()
    counts = tags.counts.set_index("tag")
    assert counts.loc["bought", list(NUMBERS)].tolist() == [3, 2, 1, 0]
    assert counts["chance"].isna().all()
    assert (tags.customers, tags.customers_before) == (3, 2)


def test_all_and_any(shop):
    either = TagRule(
        any=(TagCondition(field="spend", value=40), TagCondition(field="days_since_last", value=12, operator="below"))
    )
    both = TagRule(
        all=(TagCondition(field="spend", value=40), TagCondition(field="days_since_last", value=12, operator="below"))
    )
    tags = tag_customers(history(shop, AS_OF), {"either": either, "both": both}, 12)
    assert tags.counts["now"].tolist() == [2, 0]


def test_a_quantile_is_that_of_the_report_s_date(shop):
    tags = tag_customers(history(shop, AS_OF), {"high": TagRule(all=(TagCondition(field="spend", quantile=0.9),))}, 12)
    assert [answer.limit for answer in tags.results["high"]] == [45.0]
    assert tags.carried["customer_id"].tolist() == ["a"]
    assert tags.counts["before"].tolist() == [0]


def test_tags_told_late_are_those_told_in_time(simulated_lines):
    """What a tag was a month ago is what it would have been told then."""
    lines, as_of = simulated_lines
    now = history(lines, as_of)
    for back in (1, 12):
        then = history(lines, month_ends(as_of)[back])
        who = now.customers.isin(then.customers).to_numpy()
        for field in ("spend", "orders", "order_value", "purchase_days", "days_since_last", "days_since_first"):
            late, intime = field_values(now, field, (), 12), field_values(then, field, (), 12)
            np.testing.assert_allclose(late[who, back], intime[:, 0])
            assert np.isnan(late[~who, back]).all()


def test_a_report_in_the_middle_of_a_month_counts_months_back_from_it():
    ends = month_ends(date(2026, 1, 15))
    assert ends[1] == date(2025, 12, 15)
    assert month_ends(date(2026, 3, 31))[:3] == (date(2026, 3, 31), date(2026, 2, 28), date(2026, 1, 31))
    assert len(ends) == DATES


def test_categories_and_channels(lines_of):
    rows = [
        ("a", "1", "2026-01-05", "p", 1, 10.0, False, True), ("a", "2", "2026-01-06", "q", 1, 10.0, False, True),
        ("b", "3", "2026-01-07", "p", 1, 10.0, False, True), ("b", "4", "2024-06-07", "q", 1, 10.0, False, True),
    ]  # fmt: skip
    lines = lines_of(rows)
    lines = lines.mutate(channel=ibis.ifelse(lines.product_id == "p", "store", "web"))
    products = ibis.memtable(
        pd.DataFrame({"product_id": ["p", "q"], "category": ["tea", "nappies"], "brand": ["x", "y"]})
    )
    past = history(lines, AS_OF, products)
    np.testing.assert_array_equal(field_values(past, "categories", (), 12)[:, 0], [2, 1])
    np.testing.assert_array_equal(field_values(past, "category_share", ("nappies", "baby"), 12)[:, 0], [0.5, 0])
    np.testing.assert_array_equal(field_values(past, "channels", (), 12)[:, 0], [2, 1])
    np.testing.assert_array_equal(field_values(past, "channel_share", ("web",), 12)[:, 0], [0.5, 0])
    assert field_values(past, "category_share", ("toys",), 12) is None


def test_the_page_says_what_it_cannot_tell(run_of, simulated_lines):
    lines, as_of = simulated_lines
    run = run_of(lines, as_of)
    shown = segmentation.show_tags(segmentation.study(run), run)
    assert "High value" in shown.text
    assert "No purchase for 180 days" in shown.text
    assert "Dormant" not in shown.text
    assert "Mother and baby (missing: categories)" in shown.text
    assert "Multi channel (missing: several channels)" in shown.text
    table = run.frame("customer_tags")
    assert list(table.columns) == ["customer_id", "tag", "since", "or_before"]
    assert not table.duplicated(["customer_id", "tag"]).any()
    first = (run.run_dir / "tables" / "customer_tags.parquet").read_bytes()
    again = segmentation.show_tags(segmentation.study(run), run)
    assert again.html == shown.html
    assert (run.run_dir / "tables" / "customer_tags.parquet").read_bytes() == first


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"category"}, "Toys (missing: a category called toys or games)"),
        (set(), "Toys (missing: categories)"),
    ],
)
def test_a_category_is_missing_by_name_only_where_there_are_categories(run_of, shop, known, words):
    condition = TagCondition(field="category_share", value=0.2, of=("toys", "games"))
    tags = SimpleNamespace(skipped={"toys": condition}, known=frozenset(known))
    assert skipped_words(tags, run_of(shop, AS_OF)) == f"These tags cannot be told from the data: {words}."


def test_what_the_data_have_is_kept_with_the_tags(run_of, lines_of):
    lines = lines_of([(f"k{n}", str(n), "2026-01-05", "p", 1, 10.0, False, True) for n in range(5)])
    products = ibis.memtable(pd.DataFrame({"product_id": ["p"], "category": ["tea"], "brand": ["x"]}))
    rules = {"toys": TagRule(all=(TagCondition(field="category_share", value=0.2, of=("toys",)),))}
    run = run_of(lines, AS_OF)
    with_categories = tag_customers(history(lines, AS_OF, products), rules, 12)
    assert "a category called toys" in skipped_words(with_categories, run)
    without = tag_customers(history(lines, AS_OF), rules, 12)
    assert "missing: categories" in skipped_words(without, run)


def test_too_few_customers_show_no_tags(run_of, shop):
    run = run_of(shop, AS_OF)
    assert segmentation.show_tags(segmentation.study(run), run).kind == "insufficient"
    assert len(run.frame("customer_tags"))


def test_rates_that_differ_and_how_surely_one_lies_above_the_average():
    assert own_rates(np.array([1.0, 9.0] * 40), np.full(80, 10.0)).differ
    alike = own_rates(np.array([3.0] * 80), np.full(80, 10.0))
    assert not alike.differ
    assert alike.average == pytest.approx(0.3)
    few, many = OwnRates(0.2, 2.0, 8.0).beyond(np.array([2.0, 20.0]), np.array([3.0, 30.0]), above=True)
    assert few == pytest.approx(0.79, abs=0.005)
    assert many > 0.995
