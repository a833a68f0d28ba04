"""The sample is the same at every run, whatever else there is, and tells what all customers tell."""

import numpy as np
import pandas as pd

from crmlib.stats.sampling import sampled


def customers(n):
    return pd.DataFrame({"customer_id": [f"c{number:06}" for number in range(n)], "spend": np.arange(n) % 97.0})


def test_few_customers_are_the_frame_itself():
    few = customers(50)
    assert sampled(few, most=50) is few


def test_the_sample_hangs_on_the_pseudonyms_alone():
    every = customers(5_000)
    mixed = every.sample(frac=1, random_state=1)
    some = sampled(every, most=1_000)
    assert len(some) == 1_000
    assert some["customer_id"].is_monotonic_increasing
    pd.testing.assert_frame_equal(sampled(mixed, most=1_000).sort_index(), some)
    pd.testing.assert_frame_equal(
        sampled(every.set_index("customer_id"), most=1_000).reset_index(), some.reset_index(drop=True)
    )


def test_who_is_in_it_stays_in_it_when_others_come_only_where_there_is_room():
    before, after = (set(sampled(customers(n), most=1_000)["customer_id"]) for n in (4_000, 5_000))
    assert len(before & after) > 700


def test_it_is_no_special_part():
    spend = customers(100_000)
    error = spend["spend"].std() / np.sqrt(10_000)
    assert abs(sampled(spend, most=10_000)["spend"].mean() - spend["spend"].mean()) < 3 * error
