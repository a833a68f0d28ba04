"""Movement between segments adds up."""

import numpy as np
import pandas as pd
import pytest

from crmlib.params.segments import DEFAULT_SEGMENTS
from crmlib.segmentation.customers.migration import migration_matrix, segment_migration
from crmlib.segmentation.customers.segments import NOT_YET


@pytest.fixture
def migration():
    rng = np.random.default_rng(2)
    then = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(300)],
            "segment": rng.choice(list(DEFAULT_SEGMENTS), 300),
            "spend": 10.0,
        }
    )
    now = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(340)],
            "segment": rng.choice(list(DEFAULT_SEGMENTS), 340),
            "spend": 12.0,
        }
    )
    return segment_migration(then, now)


def test_every_customer_of_today_is_in_the_matrix_once(migration):
    matrix = migration_matrix(migration)
    assert matrix["customers"].sum() == 340
    assert matrix.loc[matrix["was"] == NOT_YET, "customers"].sum() == 40
    assert len(matrix) == (len(DEFAULT_SEGMENTS) + 1) * len(DEFAULT_SEGMENTS)
    assert matrix["spend_before"].sum() == pytest.approx(3000)
    assert matrix["spend_since"].sum() == pytest.approx(340 * 12 - 3000)


def test_shares_of_a_segment_add_up_to_one_with_intervals_around_them(migration):
    matrix = migration_matrix(migration)
    assert matrix.groupby("was", observed=True)["share"].sum().tolist() == pytest.approx(
        [1.0] * (len(DEFAULT_SEGMENTS) + 1)
    )
    assert ((matrix["low"] <= matrix["share"]) & (matrix["share"] <= matrix["high"])).all()


def test_who_left_the_best_segments():
    segments = ["champions", "cooling", "promising"]
    then = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": segments, "spend": 1.0})
    now = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": ["cooling", "cant_lose", "champions"], "spend": 1.0})
    assert segment_migration(then, now)["left_best"].tolist() == [True, False, False]


def test_a_first_purchase_came_from_nowhere():
    then = pd.DataFrame({"customer_id": ["a"], "segment": ["champions"], "spend": [90.0]})
    now = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["cant_lose", "promising"], "spend": [90.0, 5.0]})
    found = segment_migration(then, now)[["customer_id", "was", "now", "left_best"]]
    assert found.to_numpy().tolist() == [["a", "champions", "cant_lose", True], ["b", NOT_YET, "promising", False]]
