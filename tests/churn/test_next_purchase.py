"""How long the next purchase took after a cutoff."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import ModifiedBetaGeoNBD
from crmlib.churn.history.slices import unlabelled_slice
from crmlib.churn.when.next_purchase import next_waits, time_to_event
from crmlib.churn.when.next_purchase_shown import dates_verdict

CUTOFF, UNTIL = date(2025, 9, 1), date(2025, 11, 1)


def test_waits_by_hand(as_lines):
    rows = [("a", "2025-08-01"), ("a", "2025-09-01"), ("b", "2025-08-31"), ("b", "2025-09-10"), ("b", "2025-09-11"),
            ("c", "2025-08-02"), ("d", "2025-09-05"), ("e", "2025-08-05"), ("e", "2025-11-01")]  # fmt: skip
    lines = as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at"]).assign(amount=1.0))
    waits = next_waits(lines, CUTOFF, UNTIL).order_by("customer_id").to_pandas()
    assert waits.to_dict("list") == {
        "customer_id": ["a", "b", "c", "e"], "wait": [1, 10, 61, 61], "happened": [True, True, False, False],
    }  # fmt: skip


@pytest.fixture(scope="module")
def measured(shop):
    known = unlabelled_slice(shop, CUTOFF, 61).customers
    waits = next_waits(shop, CUTOFF, UNTIL).to_pandas()
    return time_to_event(known, waits, CUTOFF, ModifiedBetaGeoNBD.fit(known[["frequency", "recency", "T"]]))


def test_the_shop_s_planted_drivers_have_their_sign(measured):
    ratios = measured.ratios.set_index("feature")
    assert ratios.loc["days_since_last", "high"] < 1
    assert ratios.loc["purchase_days", "low"] > 1


def test_dates_of_the_right_model_hold(measured):
    dates = measured.dates.set_index("expected")
    assert dates["customers"].is_monotonic_decreasing
    for share, row in dates.iterrows():
        error = np.sqrt(share * (1 - share) / row["customers"])
        assert abs(row["observed"] - share) < 4 * error


def test_curves_end_at_the_share_that_came_back(shop, measured):
    known = unlabelled_slice(shop, CUTOFF, 61).customers
    joined = known.merge(next_waits(shop, CUTOFF, UNTIL).to_pandas(), on="customer_id")
    often = joined[joined["purchase_days"] >= 5]
    last = measured.curves[measured.curves["group"] == 5].iloc[-1]
    assert last["customers"] == len(often)
    assert last["share"] == pytest.approx(often["happened"].mean())


def test_it_does_not_hang_on_the_order_of_the_rows(shop, measured):
    known = unlabelled_slice(shop, CUTOFF, 61).customers
    again = time_to_event(known.iloc[::-1], next_waits(shop, CUTOFF, UNTIL).to_pandas(), CUTOFF, None)
    pd.testing.assert_frame_equal(again.ratios, measured.ratios)
    assert again.dates.empty


@pytest.mark.parametrize(
    ("observed", "words"),
    [
        ((0.26, 0.49, 0.73), "The dates hold"),
        ((0.31, 0.63, 0.74), "set for 25\xa0% and 50\xa0% were too late: more were back"),
        ((0.25, 0.42, 0.65), "set for 50\xa0% and 75\xa0% were too early: fewer were back"),
        ((0.31, 0.50, 0.65), "some were too early, some too late"),
    ],
)
def test_dates_are_judged_by_the_interval_of_what_came(speaker, observed, words):
    run = SimpleNamespace(say=speaker.say, too_few=lambda n: n < 10)
    back = pd.DataFrame({"expected": [0.25, 0.5, 0.75], "observed": observed, "customers": 900})
    assert words in dates_verdict(back.assign(low=back["observed"] - 0.03, high=back["observed"] + 0.03), run)
    assert dates_verdict(back.assign(customers=3, low=0.0, high=1.0), run) == ""
