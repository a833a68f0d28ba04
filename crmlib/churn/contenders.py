"""The rules and models that compete, each as one function: learn from earlier cutoffs, say something of a later one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoNBD, PurchaseModel
from crmlib.churn.logistic import fit_logistic, predict_logistic
from crmlib.churn.rules import (
    Prediction,
    hiatus_order,
    hiatus_threshold,
    learn_probability,
    rank_sum_order,
    recency_order,
)
from crmlib.churn.slices import Slice
from crmlib.features import DAYS_PER_WEEK
from crmlib.words import N_, _

Judge = Callable[[Sequence[Slice], Slice], Prediction | None]
"""Learns from earlier slices and predicts a later one; ``None`` where it has too little to learn from."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A rule or model in the competition; its title is English, marked with `N_`, and a simple one needs no model."""

    name: str
    title: str
    simple: bool
    judge: Judge

    @property
    def label(self) -> str:
        """Its name in the report's language."""
        return _(self.title)

    @property
    def called(self) -> str:
        """Its name inside a sentence: the simple rule "…", the …."""
        return (_('the simple rule "{name}"') if self.simple else _("the {name}")).format(name=self.label)


def judge_hiatus(past: Sequence[Slice], later: Slice) -> Prediction:
    """Call those leavers who were silent for longer than the threshold learnt from earlier cutoffs."""
    threshold = hiatus_threshold(past, default=float(later.horizon_days))
    return _ordered(past, later, lambda customers: hiatus_order(customers, threshold))


def judge_recency(past: Sequence[Slice], later: Slice) -> Prediction:
    """Order customers by how long they have been silent."""
    return _ordered(past, later, recency_order)


def judge_rank_sum(past: Sequence[Slice], later: Slice) -> Prediction:
    """Order customers by how long they have been silent and how seldom they bought, ranks added."""
    return _ordered(past, later, rank_sum_order)


def judge_bg_nbd(past: Sequence[Slice], later: Slice) -> Prediction | None:  # noqa: ARG001 - needs no labels
    """Take the probability of no purchase from a BG/NBD model fitted on the purchase histories at the cutoff itself."""
    return _silence(fit_purchases(BetaGeoNBD, later.customers), later)


def judge_mbg_nbd(past: Sequence[Slice], later: Slice) -> Prediction | None:  # noqa: ARG001 - needs no labels
    """Take it from an MBG/NBD model, in which a customer may leave after the very first purchase too."""
    return _silence(fit_purchases(ModifiedBetaGeoNBD, later.customers), later)


def judge_logistic(past: Sequence[Slice], later: Slice) -> Prediction | None:
    """Learn from earlier cutoffs how features go with leaving; see `crmlib.churn.logistic`."""
    if not past or len(np.unique(np.concatenate([piece.churned for piece in past]))) < 2:
        return None
    probability = predict_logistic(fit_logistic(past), later.customers)
    return Prediction(probability, probability)


CONTENDERS: Final = (
    Contender("hiatus", N_("silence beyond a limit"), simple=True, judge=judge_hiatus),
    Contender("recency", N_("days since the last purchase"), simple=True, judge=judge_recency),
    Contender("rank_sum", N_("recency and frequency ranks"), simple=True, judge=judge_rank_sum),
    Contender("bg_nbd", N_("BG/NBD purchase model"), simple=False, judge=judge_bg_nbd),
    Contender("mbg_nbd", N_("MBG/NBD purchase model"), simple=False, judge=judge_mbg_nbd),
    Contender("logistic", N_("logistic regression"), simple=False, judge=judge_logistic),
)
"""All competitors, the simplest first."""


def contender(name: str) -> Contender:
    """Find a competitor by its name."""
    for rival in CONTENDERS:
        if rival.name == name:
            return rival
    raise KeyError(f"no rule or model {name!r}; there are {', '.join(rival.name for rival in CONTENDERS)}")


def fit_purchases(kind: type[PurchaseModel], customers: pd.DataFrame) -> PurchaseModel | None:
    """Fit a purchase model to the histories known at a cutoff; ``None`` where nobody bought on a second day."""
    if not (customers["frequency"] > 0).any():
        return None
    return kind.fit(customers[["frequency", "recency", "T"]])


def _silence(model: PurchaseModel | None, later: Slice) -> Prediction | None:
    """Give the probability of no purchase within the slice's horizon."""
    if model is None:
        return None
    bought = model.probability_of_purchase(later.customers, later.horizon_days / DAYS_PER_WEEK)
    probability = 1 - bought.to_numpy(dtype=float)
    return Prediction(probability, probability)


def _ordered(
    past: Sequence[Slice], later: Slice, order: Callable[[pd.DataFrame], np.ndarray[tuple[int], np.dtype[np.float64]]]
) -> Prediction:
    score = order(later.customers)
    if not past:
        return Prediction(score, None)
    learnt = learn_probability(past, [order(piece.customers) for piece in past])
    return Prediction(score, np.asarray(learnt.predict(score), dtype=float))
