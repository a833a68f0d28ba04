"""Whether the questions measure anything: scales that hang together, answers that repeat."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.satisfaction.answers.population import SHOWN_DAYS
from crmlib.stats import Estimate
from crmlib.stats.intervals import effective_sample_size
from crmlib.stats.jackknife import delete_a_group
from crmlib.words import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.workspace import Run

_ENOUGH = 2
_FEWEST_ITEMS: Final = 3
_FEWEST_ANSWERS: Final = 30
_GROUPS: Final = 30
_ROUNDS: Final = 500
_CLOSE: Final = 1e-8
_USABLE: Final = 0.7
"""What a scale of which sums are made should reach (Nunnally 1978)."""
_ENOUGH_PAIRS = 4  # Fisher's z divides by the root of n − 3


def cronbach_alpha(items: pd.DataFrame, weights: pd.Series | None = None, *, confidence: float = 0.95) -> Estimate:
    """Estimate how far the questions of a scale measure one thing: above 0.7 is usually called usable.

    Answers (rows) with a gap are left out; unknown with fewer than two questions or answers, or where all are alike.
    Cronbach (1951), Psychometrika 16; interval of Feldt (1965), Psychometrika 30, on the effective number of answers.
    """
    complete, weight = _complete(items, weights)
    n, k = complete.shape
    between = np.cov(complete, rowvar=False, aweights=weight) if n >= _ENOUGH and k >= _ENOUGH else np.zeros((1, 1))
    if not between.sum() > 0:
        return Estimate.unknown(n, confidence)
    alpha = k / (k - 1) * (1 - float(between.trace() / between.sum()))
    worth = effective_sample_size(weight) - 1
    f = distributions.f(worth, worth * (k - 1))
    low, high = (1 - (1 - alpha) * float(f.ppf(tail)) for tail in ((1 + confidence) / 2, (1 - confidence) / 2))
    return Estimate(alpha, low, high, n, confidence)


def mcdonald_omega(items: pd.DataFrame, weights: pd.Series | None = None) -> Estimate:
    """Estimate how much of a scale's sum is the one thing that its questions share, however unequally they measure it.

    One factor by minimal residuals; answers with a gap are left out; unknown with fewer than three questions or thirty
    answers, or where all answer a question alike. McDonald (1999), Test Theory; interval by the delete-a-group
    jackknife.
    """
    complete, weight = _complete(items, weights)
    n, k = complete.shape
    if k < _FEWEST_ITEMS or n < _FEWEST_ANSWERS or (complete.min(axis=0) == complete.max(axis=0)).any():
        return Estimate.unknown(n)
    group = np.random.default_rng(n).permutation(n) % _GROUPS
    covariance = np.cov(complete, rowvar=False, aweights=weight)
    loading = _one_factor(covariance, np.full(k, 0.7))
    kept = [group != left for left in range(_GROUPS)]
    left_out = (np.cov(complete[some], rowvar=False, aweights=weight[some]) for some in kept)
    without = [_omega(part, _one_factor(part, loading)) for part in left_out]
    return delete_a_group(_omega(covariance, loading), without, n, most=1.0)


def _complete(items: pd.DataFrame, weights: pd.Series | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the answers without a gap, and their weights."""
    whole = items.notna().all(axis=1)
    complete = items[whole].to_numpy(dtype=float)
    return complete, np.ones(len(complete)) if weights is None else weights[whole].to_numpy(dtype=float)


def _omega(covariance: NDArray[np.float64], loading: NDArray[np.float64]) -> float:
    """Give omega of a one-factor model of a covariance matrix with such standardised loadings."""
    variance = np.diag(covariance)
    common = float((loading * np.sqrt(variance)).sum()) ** 2
    return common / (common + float(((1 - loading**2) * variance).sum()))


def _one_factor(covariance: NDArray[np.float64], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the standardised loadings that leave the least of the correlations between questions unexplained."""
    spread, loading = np.sqrt(np.diag(covariance)), start
    if not spread.all():
        return np.full(len(spread), nan)
    between = covariance / np.outer(spread, spread) - np.eye(len(spread))
    for _round in range(_ROUNDS):
        others = np.maximum((loading**2).sum() - loading**2, _CLOSE)
        # half a step: whole ones for all questions at once may swing
        moved = (loading + np.clip(between @ loading / others, -1.0, 1.0)) / 2
        if np.abs(moved - loading).max() < _CLOSE:
            return moved
        loading = moved
    return loading


def reliability_words(survey: Survey, run: Run) -> str:
    """Say in one sentence whether the drivers' questions measure one thing; nothing where that cannot be told."""
    answers = survey.answers(SHOWN_DAYS)
    items, weights = answers[list(survey.drivers)], answers["weight"]
    alpha, omega = cronbach_alpha(items, weights), mcdonald_omega(items, weights)
    if not (alpha.is_known and omega.is_known):
        return ""
    words = _(
        "The {k:count} driver questions hang together with Cronbach's alpha {alpha:number2} and McDonald's omega "
        "{omega:number2}: {use}."
    )
    one, several = _("they may be read as one scale"), _("too loosely for one sum of them")
    use = one if omega.low >= _USABLE else several
    return run.say(words, k=items.shape[1], alpha=alpha, omega=omega, use=use)


def retest_correlation(answers: pd.DataFrame, score: str, *, within_days: int = 180) -> Estimate:
    """Estimate how alike two answers of the same customer are, one after the other and not too far apart.

    Of `customer_id, answered_at` and the score; Pearson's correlation with Fisher's interval. Each customer counts
    once, with the last pair of answers.
    """
    given = answers.dropna(subset=["customer_id", score]).sort_values(["customer_id", "answered_at"], kind="stable")
    earlier = given.groupby("customer_id")[[score, "answered_at"]].shift()
    apart = given["answered_at"] - earlier["answered_at"]
    pairs = pd.DataFrame({"customer_id": given["customer_id"], "now": given[score], "before": earlier[score]})
    pairs = pairs[(apart <= pd.Timedelta(days=within_days)).to_numpy()].drop_duplicates("customer_id", keep="last")
    n = len(pairs)
    if n < _ENOUGH_PAIRS or pairs["now"].nunique() < _ENOUGH or pairs["before"].nunique() < _ENOUGH:
        return Estimate(nan, nan, nan, n)
    fitted = distributions.pearsonr(pairs["before"].to_numpy(float), pairs["now"].to_numpy(float))
    limits = fitted.confidence_interval(0.95)
    return Estimate(float(fitted.statistic), float(np.float64(limits.low)), float(np.float64(limits.high)), n)
