"""How firm the first reasons are: whether they stay against other customers, and with a model learnt from others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.churn.models.contenders import contender
from crmlib.churn.why.reasons import attribute_active, ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from crmlib.churn.history.slices import Slice
    from crmlib.churn.models.learnt import Learnt
    from crmlib.churn.study import Study
    from crmlib.churn.why.reasons import Explained

ASKED: Final = 100
"""So many of those put forward are explained again."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Shares of customers whose first reason stays: compared with others, and with a model learnt from others."""

    background: float
    refitted: float
    customers: int


def stability(found: Study, made: Explained, told: pd.DataFrame) -> Stability:
    """Explain some of those put forward again, and count whose first reason stays, of what can be told.

    The model is learnt anew from customers drawn with replacement (Efron & Tibshirani 1993), each with all of the
    cutoffs that it stands at.
    """
    rng = np.random.default_rng([found.settings.seed, 32])
    some = rng.permutation(len(made.customers))[:ASKED]
    asked, told = made.customers.iloc[some], told.iloc[some]
    before = ranked(made.attribution.values.iloc[some], told)[0]

    def stays(learnt: Learnt) -> float:
        again = attribute_active(learnt, asked, made.active, made.groups, rng)
        return float((ranked(again.values, told)[0].to_numpy() == before.to_numpy()).mean())

    drawn = contender(found.model).learn(
        resampled_slices([piece.sampled() for piece in found.slices], rng), found.current
    )
    return Stability(stays(made.learnt), float("nan") if drawn is None else stays(drawn), len(some))


def resampled_slices(slices: Sequence[Slice], rng: np.random.Generator) -> list[Slice]:
    """Draw customers with replacement, the same at every cutoff."""
    known = np.unique(np.concatenate([piece.customers["customer_id"].to_numpy(dtype=object) for piece in slices]))
    times = dict(zip(known, np.bincount(rng.integers(0, len(known), len(known)), minlength=len(known)), strict=True))
    return [replace(piece, customers=_repeated(piece.customers, times)) for piece in slices]


def _repeated(customers: pd.DataFrame, times: dict[object, int]) -> pd.DataFrame:
    repeats = customers["customer_id"].map(times).to_numpy(dtype=int)
    return customers.loc[customers.index.repeat(repeats)].reset_index(drop=True)
