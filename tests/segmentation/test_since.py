"""What became of those who stood somewhere."""

import numpy as np
import pandas as pd

from crmlib.segmentation.customers.since import bought_since, differ, stood


def test_who_has_bought_since_is_told_by_the_days_of_silence():
    then = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": pd.Categorical(["new", "new", "lost"]),
                         "lifecycle": pd.Categorical(["new", "new", "lost"])})  # fmt: skip
    # b's last purchase was the day before the span of 90 days began; d came after it began
    now = pd.DataFrame({"customer_id": ["d", "c", "b", "a"], "days_since_last": [3, 0, 90, 89]})
    assert stood(then, now, 90)["bought"].tolist() == [True, False, True]


def test_shares_have_wilson_limits_and_empty_groups_none():
    standing = pd.DataFrame({"segment": pd.Categorical(["new"] * 10, categories=["new", "lost"]),
                             "bought": [True] * 3 + [False] * 7})  # fmt: skip
    shares = bought_since(standing, "segment")
    assert shares.loc["new", "since"] == 0.3
    assert 0.1 < shares.loc["new", "since_low"] < 0.11
    assert shares.loc["lost", "were"] == 0
    assert np.isnan(shares.loc["lost", "since"])


def test_groups_without_a_difference_are_not_told_apart():
    rng = np.random.default_rng(2)
    standing = pd.DataFrame({"segment": np.repeat(["one", "other"], 500), "bought": rng.random(1000) < 0.4})
    assert differ(standing, "segment") > 0.05
    assert np.isnan(differ(standing.assign(bought=True), "segment"))
