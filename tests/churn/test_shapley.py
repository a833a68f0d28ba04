"""Attributions: they sum, treat equal groups equally, give nothing to a group that does nothing."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.why import shapley
from crmlib.churn.why.shapley import attribute

GROUPS = {"rhythm": ["silence", "gap"], "service": ["complaints"], "twin": ["tickets"], "idle": ["shoe_size"]}


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(3)
    drawn = rng.normal(size=(40, 5))
    return pd.DataFrame(drawn, columns=["silence", "gap", "complaints", "tickets", "shoe_size"])


def predict(rows):
    """A model that is not additive, and takes complaints and tickets for the same."""
    trouble = rows["complaints"] + rows["tickets"]
    return (1 / (1 + np.exp(-(rows["silence"] - rows["gap"] + trouble * rows["silence"])))).to_numpy()


def test_attributions_sum_to_the_score_less_the_base(people):
    found = attribute(predict, people, people.head(7), GROUPS)
    assert found.base == pytest.approx(predict(people.head(7)).mean(), abs=1e-12)
    assert found.score == pytest.approx(predict(people), abs=1e-12)
    assert found.base + found.values.sum(axis=1).to_numpy() == pytest.approx(found.score, abs=1e-9)


def test_a_group_that_does_nothing_gets_nothing(people):
    assert (attribute(predict, people, people.head(7), GROUPS).values["idle"].abs() < 1e-12).all()


def test_equal_groups_of_equal_customers_get_the_same(people):
    alike = people.assign(tickets=people["complaints"])
    found = attribute(predict, alike, alike.head(7), GROUPS).values
    assert found["twin"].to_numpy() == pytest.approx(found["service"].to_numpy(), abs=1e-12)
    assert found["twin"].abs().max() > 0.01


def test_it_is_the_mean_over_all_orders_counted_out_by_hand(people):
    who, others = people.iloc[[20]], people.head(3)

    def worth(coalition):
        own = [column for group in coalition for column in GROUPS[group]]
        mixed = others.assign(**{column: who[column].iloc[0] for column in own})
        return predict(mixed).mean()

    orders = list(permutations(GROUPS))
    joins = [worth(order[: order.index("rhythm") + 1]) - worth(order[: order.index("rhythm")]) for order in orders]
    found = attribute(predict, who, others, GROUPS)
    assert found.values["rhythm"].iloc[0] == pytest.approx(np.mean(joins), abs=1e-12)


def test_small_chunks_change_nothing(people, monkeypatch):
    whole = attribute(predict, people, people.head(7), GROUPS).values
    monkeypatch.setattr(shapley, "AT_ONCE", 1)
    pd.testing.assert_frame_equal(attribute(predict, people, people.head(7), GROUPS).values, whole)


def test_nobody_to_explain_gives_no_rows(people):
    assert attribute(predict, people.head(0), people, GROUPS).values.shape == (0, 4)


@pytest.mark.parametrize(
    ("groups", "background", "message"),
    [
        ({"a": ["gap"], "b": ["gap"]}, 5, "in two groups"),
        ({str(n): [f"c{n}"] for n in range(11)}, 5, "coalitions"),
        (GROUPS, 0, "nobody to compare"),
    ],
)
def test_what_cannot_be_attributed_is_refused(people, groups, background, message):
    with pytest.raises(ValueError, match=message):
        attribute(predict, people, people.head(background), groups)
