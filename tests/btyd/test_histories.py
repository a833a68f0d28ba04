import numpy as np
import pandas as pd
import pytest

from crmlib.btyd.histories import Histories, Levels, distinct, packed, whole_numbers


def frame(frequency, recency, T):
    return pd.DataFrame({"frequency": frequency, "recency": recency, "T": T})


def test_equal_customers_are_counted_once_and_found_back():
    rng = np.random.default_rng(1)
    T = rng.integers(5, 20, 500) / 7
    x = rng.integers(0, 4, 500)
    summary = frame(x, np.where(x > 0, np.minimum(T, rng.integers(1, 5, 500) / 7), 0), T)
    histories = Histories.of(summary)
    assert histories.count.sum() == 500
    assert len(histories.x) == len(summary.drop_duplicates())
    np.testing.assert_array_equal(histories.x[histories.back], summary["frequency"])
    np.testing.assert_array_equal(histories.t_x[histories.back], summary["recency"])
    np.testing.assert_array_equal(histories.T[histories.back], summary["T"])


def test_condensing_does_not_hang_on_the_order_of_customers():
    rng = np.random.default_rng(2)
    summary = frame([0] * 300, 0.0, rng.random(300).round(2) + 1)
    one, other = Histories.of(summary), Histories.of(summary.iloc[::-1])
    np.testing.assert_array_equal(one.T, other.T)
    np.testing.assert_array_equal(one.count, other.count)


def test_covariates_keep_customers_apart():
    summary = frame([1, 1, 1], 1.0, 2.0).assign(web=[0, 1, 1])
    assert len(Histories.of(summary).x) == 1
    assert Histories.of(summary, ["web"]).count.tolist() == [1, 2]


def test_huge_codes_do_not_collide():
    # Times off the day grid become ranks; many distinct ones must still make distinct keys.
    T = np.sqrt(np.arange(1, 2001))
    assert len(Histories.of(frame(np.arange(2000) * 10**9, T / 2 * (np.arange(2000) > 0), T)).x) == 2000


@pytest.mark.parametrize(
    ("customer", "message"),
    [
        (frame([1.5], 1.0, 2.0), "not a whole number"),
        (frame([-1], 0.0, 2.0), "negative"),
        (frame([1], 3.0, 2.0), "recency above T"),
        (frame([1], -1.0, 2.0), "recency below 0"),
        (frame([0], 1.0, 2.0), "no repeat purchase"),
        (frame([1], np.nan, 2.0), "missing or infinite"),
        (frame([], [], []), "no customer"),
        (frame([1], 1.0, 2.0)[["frequency", "T"]], r"lacks \['recency'\]"),
    ],
)
def test_impossible_histories_are_refused(customer, message):
    with pytest.raises(ValueError, match=message):
        Histories.of(customer)


def test_a_recency_rounded_above_the_age_is_the_age():
    histories = Histories.of(frame([1], 38.8571429, 38.8571428571))
    assert histories.T[0] == histories.t_x[0]


def test_coarse_histories_are_few_and_keep_the_order_of_purchases():
    ages = np.linspace(1, 40, 1000)
    assert len(Histories.of(frame(0, 0.0, ages)).coarse().x) == 40


def test_counts_and_ages_are_found_whatever_the_last_purchase():
    histories = Histories.of(frame([1, 1, 2], [3.0, 4.0, 4.0], 9.0))
    assert histories.distinct_counts_and_ages()[1].tolist() == [0, 0, 1]
    assert histories.take(np.array([2])).x.tolist() == [2]


def test_levels_are_evaluated_where_parameters_are_single_and_places_otherwise():
    levels = Levels.of(np.array([5.0, 0.0, 5.0]))
    assert levels.map(lambda value, base: np.sqrt(base + value), np.array([4.0])).tolist() == [3, 2, 3]
    assert levels.map(lambda value, base: base + value, np.array([1.0, 2.0, 3.0])).tolist() == [6, 2, 8]


def test_keys_sort_as_their_parts_do():
    assert packed(np.array([0, 1]), np.array([2.0, 0.0]), np.array([9.0, 5.0])).tolist() == [29, 35]
    first, back, count = distinct(np.array([7, 3, 7]))
    assert (first.tolist(), back.tolist(), count.tolist()) == ([1, 0], [1, 0, 1], [1, 2])


def test_times_in_days_are_days_and_others_ranks():
    assert whole_numbers(np.array([1 / 7, 2.0])).tolist() == [1, 14]
    assert whole_numbers(np.array([0.1234, 2.0])).tolist() == [0, 1]
