"""Features of one's own see the lines before each cutoff and nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest
from ibis import _

from crmlib import churn
from crmlib.churn.history.own_features import HINDSIGHT, LookAheadError, measure_own
from crmlib.churn.history.slices import unlabelled_slice
from crmlib.params.sections import ChurnSection
from crmlib.workspace import MissingTableError

CUTOFF = date(2025, 7, 1)
SETTINGS = ChurnSection(horizon_days=60, cutoffs=3, resamples=50)


@dataclass
class RunOf:
    """What `churn.study` asks of a run."""

    lines: object

    as_of = date(2026, 1, 1)

    def table(self, _name):
        return self.lines

    def has(self, _name):
        return False

    def frame(self, name):
        """No other chapter has run."""
        raise MissingTableError(name)

    @property
    def params(self):
        return self

    churn = SETTINGS
    segmentation = type("Margin", (), {"margin": 0.5})
    actions = type("Arms", (), {"control_share": None})


@pytest.fixture
def dearest():
    """The same feature as an expression and as a function."""
    return {
        "as_expression": _.amount.max(),
        "as_function": lambda lines: lines.group_by("customer_id").agg(most=lines.amount.max()),
    }


def test_a_feature_equals_a_count_by_hand_of_what_came_before(shop, shop_orders, dearest):
    piece = unlabelled_slice(shop, CUTOFF, 60, dearest)
    past = shop_orders[shop_orders["ordered_at"] < pd.Timestamp(CUTOFF)]
    expected = past.groupby("customer_id")["amount"].max().round(2)
    for name in dearest:
        got = piece.customers.set_index("customer_id")[name]
        assert got.to_numpy() == pytest.approx(expected.loc[got.index].to_numpy())
    assert piece.own == ("as_expression", "as_function")


def test_a_customer_without_the_feature_has_nought(shop):
    piece = unlabelled_slice(shop, CUTOFF, 60, {"returns": lambda lines: lines.filter(lines.is_return)
                             .group_by("customer_id").agg(n=_.count())})  # fmt: skip
    assert (piece.customers["returns"] == 0).all()


def all_lines(shop, _lines):
    return shop.group_by("customer_id").agg(n=shop.count())


def joined_to_all_lines(shop, lines):
    return lines.join(shop.select("order_id"), "order_id").group_by("customer_id").agg(n=_.count())


def number_of_all_lines(shop, lines):
    marked = lines.mutate(latest=shop.ordered_at.max().as_scalar())
    return marked.group_by("customer_id").agg(n=(marked.latest == marked.ordered_at).sum())


def frame_made_elsewhere(_shop, _lines):
    return ibis.memtable({"customer_id": ["c00001"], "n": [1]})


@pytest.mark.parametrize("look", [all_lines, joined_to_all_lines, number_of_all_lines, frame_made_elsewhere])
def test_a_feature_that_looks_into_the_future_cannot_be_made(shop, look):
    with pytest.raises(LookAheadError, match="another table than the lines before the cutoff"):
        unlabelled_slice(shop, CUTOFF, 60, {"future": lambda lines: look(shop, lines)})


def test_an_expression_bound_to_all_lines_is_refused(shop):
    with pytest.raises(LookAheadError, match="bound to a table of its own"):
        unlabelled_slice(shop, CUTOFF, 60, {"future": shop.amount.max()})


def test_what_cleaning_judged_in_hindsight_is_not_there(shop):
    lines = shop.mutate(**{name: ibis.literal(value=True) for name in HINDSIGHT})
    seen = []
    measure_own(
        lines, CUTOFF, {"n": lambda lines: seen.append(lines) or lines.group_by("customer_id").agg(n=_.count())}
    )
    assert set(HINDSIGHT) & set(seen[0].columns) == set()
    assert seen[0].ordered_at.max().execute() < pd.Timestamp(CUTOFF)


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ({"spend": _.count()}, "feature spend already"),
        ({"name": _.channel.max()}, "not a number"),
        ({"many": lambda lines: lines.select("customer_id", "amount")}, "several rows a customer"),
        ({"wide": lambda lines: lines}, "one number a customer"),
    ],
)
def test_what_is_no_number_a_customer_is_refused(shop, features, said):
    with pytest.raises(ValueError, match=said):
        unlabelled_slice(shop, CUTOFF, 60, features)


def test_a_name_of_the_regression_is_taken(shop):
    with pytest.raises(ValueError, match="feature silence already"):
        _found = churn.study(RunOf(shop), features={"silence": _.count()}).odds


@pytest.fixture(scope="module")
def told(shop_orders, as_lines):
    """A shop in which two of three customers pay a small coin at the last purchase, and a few at any other."""
    orders = shop_orders.assign(when=pd.to_datetime(shop_orders["ordered_at"]))
    last = orders["when"] == orders.groupby("customer_id")["when"].transform("max")
    coin = np.random.default_rng(3).random(len(orders)) < np.where(last, 2 / 3, 0.03)
    orders["amount"] = orders["amount"].mask(coin, 0.77)
    return RunOf(as_lines(orders.drop(columns="when")))


def test_a_feature_enters_the_backtest_in_one_call(told):
    plain = churn.study(told)
    ours = churn.study(told, features={"farewell": (_.amount.cast("float64") == 0.77).sum()})
    assert ours.plan == plain.plan
    auc = [each.judged.values("known")["auc"].sort_index() for each in (plain, ours)]
    learners = ["logistic", "boosting", "combination"]
    assert (auc[1][learners] > auc[0][learners] + 0.02).all()
    others = auc[0].index.drop(learners)
    pd.testing.assert_series_equal(auc[0][others], auc[1][others])
    odds = ours.odds.set_index("feature")
    assert odds.loc["farewell", "low"] > 1
    assert ours.leaks == ()
    assert set(ours.before.features) == {"farewell"}


def test_the_window_of_the_label_is_not_seen(told):
    ours = churn.study(told, features={"latest": _.ordered_at.max().epoch_seconds()})
    for piece in (*ours.slices, ours.current):
        assert piece.customers["latest"].max() < pd.Timestamp(piece.cutoff).timestamp()
    assert ours.slices[-1].cutoff + timedelta(days=60) <= ours.coverage.observed_until


def test_scores_of_an_experiment_are_not_written(told, speaker):
    # this run cannot write: it would say so
    shown = churn.show_scores(churn.study(told, features={"coins": _.count()}), speaker)
    assert shown.words == ("Scores with features of one's own (coins) are an experiment: they are not written.",)
