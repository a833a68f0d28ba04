"""Why the model expects each customer who is put forward to leave: the groups of features that speak most for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.history.features import columns_by_group
from crmlib.churn.history.memberships import ends_in_words
from crmlib.churn.why.facts import facts_of
from crmlib.churn.why.shapley import Attribution, attribute
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from crmlib.churn.models.learnt import Learnt
    from crmlib.churn.study import Study
    from crmlib.churn.why.shapley import Groups, Predict
    from crmlib.workspace import Run

BACKGROUND: Final = (4, 32)
"""So few and so many active customers those put forward are compared with, spread evenly over the probabilities."""
ROWS: Final = 100_000
"""So many mixed customers are asked for, while the background allows it."""
MOST_ROWS: Final = 1_250_000
"""So many at the most: of more customers put forward the most urgent are explained."""
TOLD: Final = 3
LEAST: Final = 0.01
"""A further reason moves the probability by a point at least: less is not seen in a whole per cent."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The customers explained, one row each, and what the model makes of each group, compared with the active ones."""

    learnt: Learnt
    customers: pd.DataFrame
    active: pd.DataFrame
    groups: Groups
    attribution: Attribution


def explained_groups(customers: pd.DataFrame, own: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """List columns by group, as customers are told apart by them.

    Since when a customer has been one belongs to the rhythm: nobody can be silent for longer. What is the same for all,
    as the season is on one day, tells nobody apart. Features of one's own make one group.
    """
    found = columns_by_group(customers, own)
    rhythm = {"rhythm": [*found.pop("rhythm"), *found.pop("tenure", [])]}
    groups = rhythm | {group: names for group, names in found.items() if group not in own} | {"own": list(own)}
    return {group: names for group, names in groups.items() if any(differs(customers[name]) for name in names)}


def differs(values: pd.Series) -> bool:
    """Say whether customers differ in something; one without a value differs from one with."""
    return bool((values != values.iloc[0]).any()) and bool(values.notna().any()) if len(values) else False


def probabilities(learnt: Learnt) -> Predict:
    """Give what a model says as probabilities, of any customers."""

    def predict(customers: pd.DataFrame) -> NDArray[np.float64]:
        probability = learnt.predict(customers).probability
        if probability is None:
            raise ValueError(
                "a rule that has learnt no probabilities gives an order alone: there is nothing to attribute"
            )
        return probability

    return predict


def spread(active: pd.DataFrame, probability: NDArray[np.float64], rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Draw customers spread evenly over their probabilities, one of each part: few of them then stand for all."""
    order = np.argsort(probability, kind="stable")
    n = min(n, len(active))
    places = (np.arange(n) + rng.random(n)) * len(active) / max(n, 1)
    return active.iloc[order[places.astype(int)]]


def attribute_active(
    learnt: Learnt, customers: pd.DataFrame, active: pd.DataFrame, groups: Groups, rng: np.random.Generator
) -> Attribution:
    """Attribute the probabilities of customers, compared with active ones drawn for it."""
    predict, (least, most) = probabilities(learnt), BACKGROUND
    n = int(np.clip(ROWS // (max(len(customers), 1) * 2 ** len(groups)), least, most))
    return attribute(predict, customers, spread(active, predict(active), rng, n), groups)


def explain(found: Study) -> Explained | None:
    """Attribute the probabilities of those put forward to groups of features; ``None`` where nobody is."""
    learnt = found.learnt
    if found.candidates.empty or learnt is None:
        return None
    known = found.current.customers
    active = known[known["customer_id"].isin(found.active["customer_id"])]
    groups = explained_groups(active, found.current.own)
    urgent = found.candidates.sort_values(["score", "customer_id"], ascending=[False, True], kind="stable")
    first = urgent.drop_duplicates("customer_id")["customer_id"].head(MOST_ROWS // (BACKGROUND[0] * 2 ** len(groups)))
    customers = known.set_index("customer_id", drop=False).loc[first].reset_index(drop=True)
    rng = np.random.default_rng([found.settings.seed, 31])
    return Explained(learnt, customers, active, groups, attribute_active(learnt, customers, active, groups, rng))


def ranked(values: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Rank the groups that speak for leaving and have something to tell, largest first: a row a customer.

    Empty where nothing more speaks for it that is worth telling; further ones have `LEAST`.
    """
    names = np.array([group for group in values.columns if group in told.columns], dtype=object)
    speaks = values[names].where(told[names].to_numpy(), 0.0).clip(lower=0).to_numpy()
    order = np.argsort(-speaks, axis=1, kind="stable")[:, :TOLD]
    most = np.take_along_axis(speaks, order, axis=1)
    worth = (most > 0) & ((most >= LEAST) | (np.arange(order.shape[1]) == 0))
    return pd.DataFrame(np.where(worth, names[order], ""), index=values.index)


def reasons_of(found: Study, run: Run) -> pd.DataFrame:
    """Say of each customer put forward what speaks for leaving, and for staying: ``customer_id, why``.

    Each with the points by which it moves the probability, and all else, which sum to it. Words on single customers,
    for the private list alone. The most urgent are explained, as many as `MOST_ROWS` allows.
    """
    made = found.explained
    if made is None:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in ("customer_id", "why")})
    values, base = made.attribution.values, made.attribution.base
    leaving, staying = (
        facts_of(made.customers, made.active, found.horizon_days, run.say, staying=which) for which in (False, True)
    )
    against = ranked(-values, staying.notna() & (values.reindex(columns=staying.columns) <= -LEAST))
    ends = ends_in_words(found, made.customers["customer_id"], run.say)
    why = [
        ends[row] + _in_words(values.loc[row], base, _chosen(groups, others, leaving.loc[row], staying.loc[row]), run)
        for row, groups, others in zip(
            values.index, ranked(values, leaving.notna()).to_numpy(), against.to_numpy(), strict=True
        )
    ]
    return pd.DataFrame({"customer_id": made.customers["customer_id"], "why": why})


def _chosen(groups: Sequence[str], others: Sequence[str], leaving: pd.Series, staying: pd.Series) -> dict[str, str]:
    """Choose what is told of a customer: lateness, whatever weighs most, then the rest for leaving, then for staying.

    Whoever is put forward is late: that comes first.
    """
    told = {"rhythm": leaving["rhythm"]} | {group: leaving[group] for group in groups if group not in {"", "rhythm"}}
    for group in others:
        if group and group not in told and len(told) < TOLD:
            told[group] = _("for staying: {fact}").format(fact=staying[group])
    return told


def _in_words(values: pd.Series, base: float, told: Mapping[str, str], run: Run) -> str:
    """Put what is told into words, each with its points, and how they make the probability of the usual one."""
    points = values.reindex(list(told)).fillna(0.0)
    facts = [f"{fact} ({_points(points[group])})" for group, fact in told.items()]
    whole = run.say(
        _("{usual:share0} is usual, all else {rest}, together {probability:share0}"),
        usual=base, rest=_points(values.sum() - points.sum()), probability=base + values.sum(),
    )  # fmt: skip
    return "; ".join([*facts, whole])


def _points(moved: float) -> str:
    return f"{100 * moved:+.0f}".replace("-", "−").replace("+0", "0").replace("−0", "0")
