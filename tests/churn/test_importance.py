"""What a model loses when a group of features is shuffled."""

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.models.learnt import Prediction
from crmlib.churn.why.importance import permutation_importance

GROUPS = {"idle": ["shoe_size"], "weak": ["returns"], "strong": ["silence", "gap"]}


def predict(rows):
    logit = 1.5 * (rows["silence"] - rows["gap"]) + 0.3 * rows["returns"]
    probability = (1 / (1 + np.exp(-logit))).to_numpy()
    return Prediction(probability, probability)


def shop(seed, customers=500):
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(rng.normal(size=(customers, 4)), columns=["silence", "gap", "returns", "shoe_size"])
    return rows, rng.random(customers) < predict(rows).probability, rng


@pytest.fixture(scope="module")
def found():
    return permutation_importance(predict, *shop(1)[:2], GROUPS, shop(1)[2])


def test_the_planted_driver_ranks_first_and_an_idle_group_loses_nothing(found):
    assert found["group"].tolist() == ["strong", "weak", "idle"]
    assert found.loc[0, "auc_low"] > 0.1
    assert found.loc[0, "brier_low"] > 0.05
    assert found.loc[1, "behind_low"] > 0
    assert found.loc[2, ["auc", "auc_low", "auc_high", "brier"]].tolist() == [0, 0, 0, 0]


def test_the_same_seed_gives_the_same_digits(found):
    pd.testing.assert_frame_equal(permutation_importance(predict, *shop(1)[:2], GROUPS, shop(1)[2]), found)


def test_intervals_are_as_wide_as_the_figures_scatter():
    # other customers each time; 40 shops place their spread within about a tenth of itself, three of those are allowed
    shops = [permutation_importance(predict, rows, left, GROUPS, rng) for rows, left, rng in map(shop, range(40))]
    tables = [table.set_index("group").loc["strong"] for table in shops]
    for figure in ("auc", "brier"):
        scatter = np.std([table[figure] for table in tables], ddof=1)
        told = np.mean([table[f"{figure}_high"] - table[f"{figure}_low"] for table in tables]) / 2 / 1.96
        assert told == pytest.approx(scatter, rel=0.35)


def test_a_rule_without_probabilities_has_no_brier_score():
    rows, left, rng = shop(2)
    ordered = permutation_importance(lambda frame: Prediction(predict(frame).score, None), rows, left, GROUPS, rng)
    assert "brier" not in ordered
    assert ordered.loc[0, "auc"] > 0.1
