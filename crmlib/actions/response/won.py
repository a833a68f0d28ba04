"""What contacts brought beyond what would have come anyway, to whom, and what a rule of whom to contact is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.actions.response.people import NORMAL_95, averaged
from crmlib.actions.response.qini import TENTHS, Ranked, among, minus
from crmlib.actions.response.uplift import learn_uplift
from crmlib.stats import Estimate
from crmlib.stats.predictions import Linearised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from crmlib.actions.response.uplift import Trial, Uplift

SPLITS: Final = 3
"""So many times the people are parted anew; the mean hangs less on how the lots fell."""

ENOUGH: Final = 50_000
"""Of so many contacts one parting says the same as three."""

HALF: Final = 0.5
ORDERS: Final = ("both", "recent")
TWO_TRIED: Final = 2.2414
ENDS: Final = {"gain": "value", "low": "low", "high": "high"}
POWERED: Final = 2.8
"""Standard errors of what shows in eight of ten trials: 1.96 + .84."""


@dataclass(frozen=True, slots=True)
class Won:
    """What the campaigns with random arms say of whom a contact wins over.

    Attributes
    ----------
    by
        The order that is spoken of: ``both``, the models' mean, or ``recent``, the plain rule that the latest purchase
        comes first, wherever the models are not shown to be better than that.
    effect
        Extra buyers a contact, over everybody; `top` and `rest` in the first half of the order and in the other.
    curve
        Qini's: ``contacted`` (share, in the order), ``gain`` (extra buyers a customer), ``random`` (the same at
        random), ``low, high`` (the interval of what lies between the two, about the random) and ``people``.
    beyond_recent
        By how much the area of the models exceeds that of the plain rule.
    areas
        ``name, area, area_low, area_high, people`` of each model, of their mean and of the plain rule: Qini's, between
        the curve and contact at random, above 0 where the order tells whom to contact.
    policies
        ``policy, share`` (contacted), ``value, value_low, value_high`` (margin a customer beyond contacting nobody,
        less cost), ``against_all`` with its limits (beside contacting everybody), ``people``.
    margin
        What a buyer in the window brings on average.
    """

    by: str
    effect: Estimate
    top: Estimate
    rest: Estimate
    curve: pd.DataFrame
    beyond_recent: Estimate
    areas: pd.DataFrame
    policies: pd.DataFrame
    margin: float

    @property
    def area(self) -> Estimate:
        """Qini's area of the order that is spoken of."""
        return _read(self.areas, "name", self.by, "area")

    @property
    def is_told(self) -> bool:
        """Whether it can be told beyond chance whom a contact wins over."""
        return _tells(self.area)

    def worth(self, policy: str) -> Estimate:
        """Read what a rule of whom to contact is worth a customer."""
        return _read(self.policies, "policy", policy, "value")

    @property
    def would_show(self) -> float:
        """The area that eight of ten such sets of campaigns would have shown, had there been one."""
        return POWERED * (self.area.high - self.area.low) / 2 / NORMAL_95


def whom_contacts_win(trial: Trial, silence: NDArray[np.float64], margin: float, seed: int) -> Won:
    """Learn whom a contact wins over, and judge it on people that were not learnt from.

    Parameters
    ----------
    trial
        The contacts of campaigns with random arms.
    silence
        Days since the last purchase, or what rises with them: the order of the plain rule.
    margin
        What a buyer brings.
    seed
        Of the parting of people.

    References
    ----------
    Radcliffe (2007), Direct Marketing Analytics Journal, and Yadlowsky, Fleming, Shah, Brunskill & Wager (2025), JASA
    120, for the curve and its limit theory; Dudík, Langford & Li (2011), ICML, and Athey & Wager (2021), Econometrica
    89, for the value of a policy.
    """
    splits = SPLITS if len(trial.bought) < ENOUGH else 1
    return judge_uplift(trial, [learn_uplift(trial, seed + split) for split in range(splits)], silence, margin)


def judge_uplift(trial: Trial, learnt: Sequence[Uplift], silence: NDArray[np.float64], margin: float) -> Won:
    """Judge what was learnt of each contact from other people, at each parting of the people."""
    figures = [_figures(trial, each, silence, margin) for each in learnt]
    found = {name: averaged([each[name] for each in figures], trial.person) for name in figures[0]}
    areas = {name: found[f"area {name}"] for name in ("two_model", "transformed", "both", "recent")}
    by = spoken_of(areas["recent"], found["beyond recent"])
    policies = [name.removeprefix("value ") for name in found if name.startswith("value ")]
    values = _table("policy", {name: found[f"value {name}"] for name in policies}, "value")
    beside = _table("policy", {name: found[f"against {name}"] for name in policies}, "against_all")
    shares = {name: found[f"share {name}"].value for name in policies}
    return Won(
        by=by,
        effect=found["effect"],
        top=found[f"top {by}"],
        rest=found[f"rest {by}"],
        curve=_curve([found[f"{by} {share:.1f}"] for share in TENTHS], found["effect"].value),
        beyond_recent=found["beyond recent"],
        areas=_table("name", areas, "area"),
        policies=values.merge(beside.drop(columns="people"), on="policy").assign(
            share=lambda rows: rows["policy"].map(shares)
        ),
        margin=margin,
    )


def spoken_of(recent: Estimate, beyond_recent: Estimate) -> str:
    """Choose the order to speak of: the plain rule if it tells and the models are not shown to be better, else them."""
    return "recent" if _tells(recent) and not beyond_recent.low > 0 else "both"


def _tells(area: Estimate) -> bool:
    """Say whether an area is above chance; two orders are tried, each with half of the error (Bonferroni)."""
    return area.value - TWO_TRIED / NORMAL_95 * (area.value - area.low) > 0


def _figures(trial: Trial, learnt: Uplift, silence: NDArray[np.float64], margin: float) -> dict[str, Linearised]:
    """Work out all that is said of one parting of the people; who was only learnt from pulls at nothing."""
    parts, both = learnt.parts, learnt.scores["both"].to_numpy()
    silence, cost = silence[learnt.judged], trial.cost[learnt.judged]
    orders = {name: Ranked.of(learnt.scores[name], learnt.strata) for name in learnt.scores}
    orders |= {"recent": Ranked.of(-silence, learnt.strata), "riskiest": Ranked.of(silence, learnt.strata)}
    halves = {name: orders[name].among_first(HALF) for name in ("both", "recent", "riskiest")}
    areas = {f"area {name}": order.area(parts) for name, order in orders.items()}
    beyond = {f"{name} {share:.1f}": orders[name].beyond(parts, share) for name in ORDERS for share in TENTHS}
    tops = {f"top {name}": _mean_of(parts, halves[name]) for name in ORDERS}
    rests = {f"rest {name}": _mean_of(parts, 1 - halves[name]) for name in ORDERS}
    policies = {
        "all": np.ones(len(both)),
        "paying": (both * margin > cost).astype(float),
        "half": halves["both"],
        "recent": halves["recent"],
        "riskiest": halves["riskiest"],
    }
    found = {
        "effect": Linearised.mean_of(parts), **tops, **rests,
        "beyond recent": minus(areas["area both"], areas["area recent"]),
        **areas, **beyond, **policy_values(policies, parts * margin - cost),
    }  # fmt: skip
    return {name: among(figure, learnt.judged) for name, figure in found.items()}


def policy_values(policies: Mapping[str, NDArray[np.float64]], gains: NDArray[np.float64]) -> dict[str, Linearised]:
    """Estimate what each policy is worth a customer: ``value``, ``against`` contacting everybody, and its ``share``.

    A policy says which contacts it makes: 1 or 0, or between where a tie is cut. ``gains`` are each contact's part in
    the mean gain of being contacted, less its cost: right whatever the models are worth, the arms being random.
    """
    made = {f"value {name}": Linearised.mean_of(chosen * gains) for name, chosen in policies.items()}
    made |= {f"against {name}": Linearised.mean_of((chosen - 1) * gains) for name, chosen in policies.items()}
    return made | {f"share {name}": Linearised.mean_of(chosen) for name, chosen in policies.items()}


def _mean_of(parts: NDArray[np.float64], inside: NDArray[np.float64]) -> Linearised:
    """Take the mean of some of the contacts."""
    value = float(inside @ parts / inside.sum())
    return Linearised(value, inside * (parts - value) / inside.sum())


def _curve(beyond: Sequence[Estimate], effect: float) -> pd.DataFrame:
    """Lay out the curve: contact at random, and about it what lies beyond with its interval."""
    random = TENTHS * effect
    ends = {name: random + [getattr(each, end) for each in beyond] for name, end in ENDS.items()}
    return pd.DataFrame({"contacted": TENTHS, "random": random, **ends, "people": [each.n for each in beyond]})


def _read(table: pd.DataFrame, first: str, name: str, what: str) -> Estimate:
    """Read an estimate of a table made by `_table`."""
    row = table.set_index(first).loc[name]
    value, low, high = (float(row[f"{what}{end}"]) for end in ("", "_low", "_high"))
    return Estimate(value, low, high, int(row["people"]))


def _table(first: str, found: Mapping[Any, Estimate], what: str) -> pd.DataFrame:
    """Lay estimates out with their ends."""
    rows = [
        {first: name, what: each.value, f"{what}_low": each.low, f"{what}_high": each.high, "people": each.n}
        for name, each in found.items()
    ]
    return pd.DataFrame(rows)
