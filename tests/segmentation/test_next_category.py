"""The next category: a planted rule is learned, and where popularity wins it is said."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.affinity.next_category import hits, next_category, suggestion_scores
from crmlib.segmentation.affinity.next_category_shown import show_next_category, verdict

SPLIT, AS_OF = date(2026, 6, 1), date(2026, 9, 1)
PRODUCTS = ibis.memtable(pd.DataFrame({"product_id": list("abcdef"), "category": list("ABCDEF")}))


def line(customer, day, product):
    return (customer, f"{customer}-{day}-{product}", day, product, 1, 10.0, False, True)


def customers(count, seed=4):
    """Who has A goes on to B, who has C to D; E is the most popular."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        has, then = ("a", "b") if rng.random() < 0.5 else ("c", "d")
        who, early = f"k{number:05d}", number % 3
        rows.append(line(who, "2026-02-01", has))
        if early == 0:
            rows.append(line(who, "2026-03-01", then))
        if rng.random() < 0.5:
            rows.append(line(who, "2026-03-02", "e"))
        if early == 1:
            rows.append(line(who, "2026-07-01", then))
    return rows


def test_a_rule_in_the_data_beats_popularity(lines_of):
    judged = next_category(lines_of(customers(600)), PRODUCTS, SPLIT, AS_OF)
    assert judged.customers == 200
    one = judged.rates.set_index("suggestions").loc[1]
    assert one["hit"] > 0.9
    assert one["gain_low"] > 0
    assert one["hit_low"] < one["hit"] <= one["hit_high"]
    assert one["gain"] == pytest.approx(one["hit"] - one["popular"])


def test_only_customers_known_before_who_tried_something_new_are_judged(lines_of):
    rows = [
        line("k1", "2026-02-01", "a"), line("k1", "2026-07-01", "b"),
        line("k2", "2026-02-01", "a"), line("k2", "2026-07-01", "a"),
        line("k3", "2026-07-01", "b"),
        line("k4", "2026-02-01", "a"), line("k4", "2026-09-01", "b"),
    ]  # fmt: skip
    assert next_category(lines_of(rows), PRODUCTS, SPLIT, AS_OF).customers == 1


def test_what_a_customer_has_is_never_suggested():
    rng = np.random.default_rng(1)
    owners = (rng.random((50, 6)) < 0.4).astype(float)
    scores, popular = suggestion_scores(owners, owners > 0)
    assert np.isneginf(scores[owners > 0]).all()
    assert np.isneginf(popular[owners > 0]).all()
    assert np.isfinite(scores[owners == 0]).all()


def test_more_suggestions_never_hit_less_often():
    rng = np.random.default_rng(2)
    scores, tried = rng.random((100, 6)), rng.random((100, 6)) < 0.2
    rates = [hits(scores, tried, k).mean() for k in range(1, 7)]
    assert rates == sorted(rates)
    assert rates[-1] == tried.any(axis=1).mean()


def test_shown_and_where_there_are_too_few(run_of, lines_of):
    lines = lines_of(customers(600))
    run = run_of(lines, AS_OF)
    shown = show_next_category(next_category(lines, PRODUCTS, SPLIT, AS_OF), run)
    assert shown.kind == "group"
    assert "200 customers" in shown.text
    few = next_category(lines_of(customers(9)), PRODUCTS, SPLIT, AS_OF)
    assert show_next_category(few, run).kind == "insufficient"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.01, 0.03, "more often than popularity"), (-0.03, -0.01, "most popular ones"), (-0.01, 0.01, "says no more")],
)
def test_the_verdict_follows_the_interval(low, high, words):
    assert words in verdict(pd.DataFrame({"suggestions": [1], "gain_low": [low], "gain_high": [high]}))
