"""The gate: what it hides, what it rounds, and that nothing hidden can be computed back."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.privacy.disclosure import DisclosureRules, disclose
from crmlib.privacy.rules import partitions, protect
from crmlib.stats.intervals import proportion

PEOPLE = st.one_of(st.integers(0, 25), st.integers(0, 2_000))


def segments(counts, **columns):
    return pd.DataFrame({"segment": [f"s{i}" for i in range(len(counts))], "customers": counts, **columns})


def gated(counts, **settings):
    return disclose(segments(counts), labels=["segment"], counts=["customers"], **settings)


@pytest.mark.parametrize(
    ("people", "shown"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (1_237, 1_235), (1_238, 1_240)]
)
def test_a_count_of_people_is_hidden_below_ten_and_rounded_to_five_from_ten_on(people, shown):
    assert DisclosureRules().rounded(people) == shown


def test_rounding_never_goes_below_the_threshold():
    assert DisclosureRules(threshold=12, base=5).rounded(12) == 15


@pytest.mark.parametrize("settings", [{"threshold": 0}, {"base": 0}])
def test_rules_that_would_not_protect_anyone_are_refused(settings):
    with pytest.raises(ValueError, match="at least 1"):
        DisclosureRules(**settings)


def test_measures_and_exact_columns_go_with_the_people_they_rest_on():
    frame = segments([40, 4], rate=[0.25, 0.5], spend=[400.0, 12.5])
    shown = disclose(
        frame, labels=["segment"], counts=["customers"], based_on="customers", measures=["rate"], exact=["spend"]
    )
    assert shown.frame.loc[0, ["customers", "rate", "spend"]].tolist() == [40, 0.25, 400.0]
    assert shown.frame.loc[1, ["customers", "rate", "spend"]].isna().all()
    assert shown.hidden == 3
    assert frame.customers.tolist() == [40, 4]


def test_exact_columns_that_rest_on_nobody_stay():
    shown = disclose(pd.DataFrame({"file": ["a"], "lines": [3]}), labels=["file"], exact=["lines"])
    assert shown.frame.lines.tolist() == [3]
    assert shown.hidden == 0


def test_a_column_that_only_steers_is_left_out():
    shown = disclose(segments([40]).assign(rate=0.5), labels=["segment"], based_on="customers", measures=["rate"])
    assert list(shown.frame.columns) == ["segment", "rate"]


def test_each_measure_may_rest_on_its_own_people():
    frame = pd.DataFrame({"store": ["x"], "a": [0.1], "b": [0.2], "n_a": [100], "n_b": [3]})
    shown = disclose(frame, labels=["store"], measures=["a", "b"], based_on={"a": "n_a", "b": "n_b"})
    assert shown.frame.a.tolist() == [0.1]
    assert shown.frame.b.isna().all()


def test_what_was_missing_before_is_not_observed_rather_than_hidden():
    frame = segments([40, 40, 3], rate=[0.5, np.nan, np.nan])
    shown = disclose(frame, labels=["segment"], counts=["customers"], based_on="customers", measures=["rate"])
    assert shown.mask.rate.tolist() == [False, False, False]
    assert shown.mask.customers.tolist() == [False, False, True]


def test_shares_of_people_come_from_rounded_counts():
    shown = gated([203, 48, 749], shares={"share": "customers"})
    assert shown.frame.share.tolist() == [0.205, 0.05, 0.75]  # 205, 50 and 750 of 1,000; 749 rounds to 750


def test_a_rate_of_two_counts_is_hidden_where_either_is():
    frame = segments([100, 100], buyers=[52, 4])
    shown = disclose(
        frame, labels=["segment"], counts=["customers", "buyers"], shares={"rate": ("buyers", "customers")}
    )
    assert shown.frame.rate[0] == 0.5
    assert np.isnan(shown.frame.rate[1])
    assert shown.mask.rate.tolist() == [False, True]


def test_a_single_hidden_cell_takes_the_smallest_other_with_it_where_totals_are_seen():
    assert gated([213, 48, 4], totals=True).frame.customers.isna().tolist() == [False, True, True]
    assert gated([213, 48, 4], totals=False).frame.customers.isna().tolist() == [False, False, True]


def test_hidden_cells_of_a_total_are_together_at_least_the_threshold():
    assert gated([213, 48, 4, 3], totals=True).frame.customers.isna().tolist() == [False, True, True, True]


def test_an_empty_cell_has_nobody_to_protect():
    assert gated([213, 48, 0], totals=True).frame.customers.isna().tolist() == [False, False, True]


def test_money_of_a_hidden_cell_cannot_be_had_by_subtraction():
    frame = segments([213, 48, 4], spend=[900.0, 80.0, 20.0])
    shown = disclose(
        frame, labels=["segment"], counts=["customers"], based_on="customers", exact=["spend"], totals=True
    )
    assert shown.frame.spend.isna().tolist() == [False, True, True]


def test_a_total_of_which_one_person_holds_most_is_hidden():
    frame = segments([40, 60, 80], spend=[900.0, 80.0, 200.0], top=[0.6, 0.1, 0.2])
    shown = disclose(
        frame, labels=["segment"], counts=["customers"], exact=["spend"], largest={"spend": "top"}, totals=True
    )
    assert shown.frame.spend.isna().tolist() == [True, True, False]
    assert shown.frame.customers.tolist() == [40, 60, 80]
    assert "top" not in shown.frame


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"labels": ["segment"]}, "not declared: customers"),
        ({"labels": ["segment"], "counts": ["customers", "buyers"]}, "not in the frame: buyers"),
        ({"labels": ["segment", "customers"], "counts": ["customers"]}, "twice: customers"),
        ({"labels": ["segment"], "measures": ["customers"]}, "based_on"),
        ({"labels": ["segment"], "exact": ["customers"], "shares": {"share": "customers"}}, "not declared as one"),
    ],
)
def test_what_nobody_vouched_for_is_refused(declared, message):
    with pytest.raises(ValueError, match=message):
        disclose(segments([40, 50]), **declared)


def test_pseudonyms_of_people_never_become_labels():
    frame = pd.DataFrame({"customer_id": ["c0123456789abcdef"], "orders": [4]})
    with pytest.raises(ValueError, match="pseudonyms") as refusal:
        disclose(frame, labels=["customer_id"], exact=["orders"])
    assert "0123456789abcdef" not in str(refusal.value)


def test_negative_people_are_refused():
    with pytest.raises(ValueError, match="negative"):
        gated([40, -1])


def test_an_empty_frame_passes():
    assert gated([]).frame.empty


@given(st.lists(PEOPLE, min_size=1, max_size=8), st.booleans())
def test_no_count_below_the_threshold_and_no_exact_count_is_ever_shown(counts, totals):
    shown = gated(counts, totals=totals, shares={"share": "customers"})
    seen = shown.frame.customers.dropna()
    assert (seen >= 10).all()
    assert (seen % 5 == 0).all()
    assert shown.frame.customers[np.array(counts) < 10].isna().all()
    assert shown.frame.share[shown.frame.customers.isna()].isna().all()


def assert_protected(people, hidden, sums, threshold=10):
    for rows in sums:
        inside = hidden[rows]
        if (inside & (people[rows] > 0)).any() and not inside.all():
            assert inside.sum() >= 2
            assert people[rows][inside].sum() >= threshold


@given(st.lists(PEOPLE, min_size=1, max_size=8))
def test_no_difference_from_a_total_gives_a_hidden_group_away(counts):
    shown = gated(counts, totals=True)
    hidden = shown.frame.customers.isna().to_numpy()
    assert_protected(np.array(counts), hidden, [np.arange(len(counts))])


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_no_margin_of_a_cross_table_gives_a_hidden_cell_away(height, width, data):
    counts = data.draw(st.lists(PEOPLE, min_size=height * width, max_size=height * width))
    cells = list(product(range(height), range(width)))
    frame = pd.DataFrame(cells, columns=["was", "is"]).assign(customers=counts)
    shown = disclose(frame, labels=["was", "is"], counts=["customers"], totals=True)
    hidden = shown.frame.customers.isna().to_numpy()
    assert_protected(np.array(counts), hidden, partitions(frame, ["was", "is"]))


@given(st.lists(st.integers(0, 40), min_size=2, max_size=4))
def test_an_attacker_who_knows_the_exact_total_finds_more_than_one_answer(counts):
    """Enumerate every table that agrees with what is shown and with the unrounded total."""
    shown = gated(counts, totals=True).frame.customers
    hidden = [i for i, value in enumerate(shown) if np.isnan(value)]
    secret = [counts[i] for i in hidden]
    if not any(0 < people < 10 for people in secret) or sum(counts) < 10:
        return
    total = sum(secret)
    worlds = {
        first: True
        for guess in product(range(total + 1), repeat=len(hidden) - 1)
        if (rest := total - sum(guess)) >= 0 and min(first := (*guess, rest)) < 10
    }
    for place, people in enumerate(secret):
        if people:
            assert len({world[place] for world in worlds}) > 1


def test_the_interval_of_a_share_comes_from_the_same_rounded_counts():
    frame = pd.DataFrame({"month": ["Sep", "Oct", "Nov"], "before": [1361, 21, 12], "again": [616, 12, 3]})
    shown = disclose(
        frame, labels=["month"], counts=["before", "again"], shares={"rate": ("again", "before"), "part": "again"},
        ranges=["rate", "part"],
    )  # fmt: skip
    rate, part = proportion(615, 1360), proportion(615, 630)
    first = shown.frame.iloc[0]
    assert first[["rate", "rate_low", "rate_high"]].tolist() == pytest.approx([rate.value, rate.low, rate.high])
    assert first[["part", "part_low", "part_high"]].tolist() == pytest.approx([part.value, part.low, part.high])
    assert shown.frame.loc[1, "rate"] == 0.5
    assert shown.frame.loc[2, ["rate", "rate_low", "rate_high"]].isna().all()
    assert shown.mask.loc[2, ["rate", "rate_low", "rate_high"]].all()


def test_the_sums_a_reader_sees_are_all_rows_and_each_margin():
    moves = pd.DataFrame({"was": ["a", "a", "b", "b"], "is": ["a", "b", "a", "b"]})
    assert [rows.tolist() for rows in partitions(moves, ["was", "is"])] == [
        [0, 1, 2, 3],
        [0, 2],
        [1, 3],
        [0, 1],
        [2, 3],
    ]


def test_the_smallest_shown_cell_is_hidden_with_a_hidden_one():
    people = np.array([100.0, 40.0, 3.0])
    assert protect(people, people < 10, [np.arange(3)], 10).tolist() == [False, True, True]


@pytest.mark.parametrize(("people", "largest", "basis"), [(40, 0.2, 40), (40, 0.6, 1), (0, 0.0, 0)])
def test_money_of_which_one_holds_most_rests_on_one(people, largest, basis):
    assert DisclosureRules().basis(people, largest) == basis
