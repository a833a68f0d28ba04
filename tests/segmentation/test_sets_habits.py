"""Sets of three and four where customers repeat themselves: habits are no findings, a planted set still is."""

from itertools import combinations

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.engine import computed_once
from crmlib.segmentation.affinity.baskets import codes_of, comparable, partner_margins, set_baskets, set_people, wide
from crmlib.segmentation.affinity.chance import beyond_subsets
from crmlib.segmentation.affinity.pairs import LEAST_TOGETHER
from crmlib.segmentation.affinity.sets import larger_sets

ITEMS = 17
ROUNDS = 5


def repeated(seed, customers=250, planted=0.0):
    """Draw a basket of independent items for each customer, bought again and again; items 0 to 2 are the planted."""
    rng = np.random.default_rng(seed)
    baskets = []
    for number, times in enumerate(rng.geometric(0.15, customers)):
        own = {*(3 + rng.choice(ITEMS - 3, rng.integers(2, 7), replace=False)), *np.flatnonzero(rng.random(3) < 0.1)}
        own |= {0, 1, 2} if rng.random() < planted else set()
        baskets += [(f"k{number:05d}", sorted(own), rng.random() < 0.25) for _again in range(times)]
    return baskets


def entries_of(baskets, *, known=True):
    rows = [
        (str(n), f"i{item:02d}", 10.0, pd.Timestamp("2026-08-03" if late else "2026-03-02"), customer, len(items), late)
        for n, (customer, items, late) in enumerate(baskets)
        for item in items
    ]
    frame = pd.DataFrame(rows, columns=["basket", "item", "money", "at", "customer", "size", "late"])
    table = ibis.memtable(frame)
    customer = table.customer if known else ibis.null("string")
    return table.mutate(money=table.money.cast("decimal(18, 4)"), customer=customer)


def codes():
    names = [f"i{item:02d}" for item in range(ITEMS)]
    return ibis.memtable(
        pd.DataFrame({"item": names, "code": range(ITEMS)}), schema={"item": "string", "code": "int64"}
    )


def sets_of(baskets, *, known=True):
    """Look for sets as if all pairs had been found, so that every set of three is compared."""
    pairs = pd.DataFrame(list(combinations(range(ITEMS), 2)), columns=["a", "b"])
    with computed_once(comparable(entries_of(baskets, known=known), codes())) as kept:
        return larger_sets(kept, pairs, partner_margins(kept).to_pandas(), LEAST_TOGETHER)


def test_customers_who_repeat_their_own_basket_make_no_sets():
    found = [sets_of(repeated(seed)).found for seed in range(ROUNDS)]
    # nothing is planted, so every set found is false, and one round in twenty may hold any
    assert sum(each > 0 for each in found) <= 1
    # the same baskets, each of a customer of its own, would be read as tens of findings
    assert sum(sets_of(repeated(seed), known=False).found for seed in range(ROUNDS)) > 20


def test_a_planted_set_is_found_among_customers_who_repeat_themselves():
    sets = sets_of(repeated(7, customers=900, planted=0.15)).sets
    assert sets[codes_of(3)].to_numpy().tolist() == [[0, 1, 2]]
    assert sets["c4"].isna().all()
    assert (sets["times"] > 1.1).all()


def test_customers_are_counted_as_by_hand():
    baskets = repeated(3)
    held = pd.Series([customer for customer, items, late in baskets if {3, 4, 5} <= set(items) and not late])
    late = pd.Series([customer for customer, items, late in baskets if {3, 4, 5} <= set(items) and late])
    with computed_once(comparable(entries_of(baskets), codes())) as kept:
        people = set_people(set_baskets(kept, pd.DataFrame([[3, 4, 5]], columns=codes_of(3))), 3).iloc[0]
    assert people["early_squares"] == (held.value_counts() ** 2).sum()
    assert people["late_squares"] == (late.value_counts() ** 2).sum()
    assert people["customers"] == pd.concat([held, late]).nunique()


def counted(times):
    """Give the counts of three items: 200 baskets each, 60 with any two, 30 with all, so many times over."""
    baskets = {1: 200, 2: 60, 3: 30}
    frames = {
        size: pd.DataFrame(list(combinations(range(3), size)), columns=codes_of(size)).assign(late=False, kind=3, n=n)
        for size, n in baskets.items()
    }
    return {size: wide(frame.assign(n=times * frame["n"]), codes_of(size)) for size, frame in frames.items()}


def test_baskets_all_bought_four_times_prove_as_much_as_bought_once():
    triple = np.array([[0, 1, 2]])
    once = beyond_subsets(triple, counted(1), late=False)
    unallowed = beyond_subsets(triple, counted(4), late=False)
    four = beyond_subsets(triple, counted(4), late=False, effect=np.array([4.0]))
    assert once["expected"][0] == 60 * 60 / 200
    assert unallowed["p"][0] < once["p"][0] / 1000
    # the hypergeometric variance has n / (n - 1), so four times the counts are not exactly four times as large
    assert four["p"][0] == pytest.approx(once["p"][0], rel=0.05)
