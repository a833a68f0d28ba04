"""The rules and models that compete, each as one function: learn from earlier cutoffs, say something of a later one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoNBD, PurchaseModel
from crmlib.churn.history.slices import Slice
from crmlib.churn.models.logistic import fit_logistic, predict_logistic
from crmlib.features import DAYS_PER_WEEK
from crmlib.stats.ranks import average_ranks
from crmlib.stats.sampling import sampled
from crmlib.words import N_, _

NEVER_CERTAIN = 0.005
"""Learnt probabilities stay this far from 0 and 1: a few hundred customers cannot prove certainty."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a rule or model says of each customer: a score, higher where leaving is likelier, at times a probability."""

    score: NDArray[np.float64]
    probability: NDArray[np.float64] | None


def recency_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by the days since their last purchase."""
    return customers["days_since_last"].to_numpy(dtype=float)


def rank_sum_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by recency and frequency together: the mean of the two percentile ranks, 1 late and seldom."""
    n = max(len(customers), 1)
    late = average_ranks(customers["days_since_last"])
    seldom = average_ranks(-customers["purchase_days"])
    ranks: NDArray[np.float64] = (late + seldom - 1) / (2 * n)
    return ranks


def hiatus_threshold(past: Sequence[Slice], default: float) -> float:
    """Find the days of silence after which most customers did not come back; the default without earlier cutoffs.

    The threshold that would have classified most customers rightly (Wübben & von Wangenheim, Journal of Marketing 72,
    2008).
    """
    if not past:
        return default
    silent = np.concatenate([recency_order(piece.customers) for piece in past])
    churned = np.concatenate([piece.churned for piece in past])
    order = np.argsort(silent, kind="stable")
    days, left = silent[order], churned[order]
    # a threshold before position i calls the first i customers staying and the others leaving
    right = np.concatenate([[0], np.cumsum(~left)]) + (left.sum() - np.concatenate([[0], np.cumsum(left)]))
    starts = np.concatenate([[0], np.flatnonzero(np.diff(days)) + 1])
    return float(days[starts[np.argmax(right[starts])]])


def hiatus_order(customers: pd.DataFrame, threshold: float) -> NDArray[np.float64]:
    """Say 1 of customers silent for at least so many days, else 0."""
    return (recency_order(customers) >= threshold).astype(float)


def learn_probability(past: Sequence[Slice], orders: Sequence[NDArray[np.float64]]) -> Any:
    """Learn what share left at each value of a rule, never falling as it rises; values outside take the nearest."""
    from sklearn.isotonic import IsotonicRegression

    learnt = IsotonicRegression(y_min=NEVER_CERTAIN, y_max=1 - NEVER_CERTAIN, out_of_bounds="clip")
    return learnt.fit(np.concatenate(list(orders)), np.concatenate([piece.churned for piece in past]))


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
    return silence(fit_purchases(BetaGeoNBD, later.customers), later)


def judge_mbg_nbd(past: Sequence[Slice], later: Slice) -> Prediction | None:  # noqa: ARG001 - needs no labels
    """Take it from an MBG/NBD model, in which a customer may leave after the very first purchase too."""
    return silence(fit_purchases(ModifiedBetaGeoNBD, later.customers), later)


def judge_logistic(past: Sequence[Slice], later: Slice) -> Prediction | None:
    """Learn from earlier cutoffs how features go with leaving; see `crmlib.churn.models.logistic`."""
    if not past or len(np.unique(np.concatenate([piece.churned for piece in past]))) < 2:
        return None
    probability = predict_logistic(fit_logistic(past), later.customers)
    return Prediction(probability, probability)


PURCHASE_MODELS: Final[Mapping[str, type[PurchaseModel]]] = {"bg_nbd": BetaGeoNBD, "mbg_nbd": ModifiedBetaGeoNBD}
"""Those of the models below that need no labels, by name."""

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
    return kind.fit(sampled(customers)[["frequency", "recency", "T"]])


def silence(model: PurchaseModel | None, later: Slice) -> Prediction | None:
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
