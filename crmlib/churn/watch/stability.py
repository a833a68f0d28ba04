"""Whether scores and features are spread as a month ago: the population stability index, beside chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.churn.models.logistic import TITLES, risk_features
from crmlib.stats.sampling import sampled
from crmlib.words import N_, _

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from crmlib.churn.history.slices import Slice
    from crmlib.churn.models.learnt import Learnt
    from crmlib.churn.study import Study

BINS: Final = 10
LITTLE, MUCH = 0.1, 0.25
"""The trade's limits: below the first a change is small, above the second a model is looked into."""

SCORE: Final = "score"
CHANGES: Final = {
    "as_before": N_("as before"),
    "little": N_("a little other"),
    "other": N_("other"),
    "very_other": N_("very other"),
}


@dataclass(frozen=True, slots=True)
class Stability:
    """A population stability index, and what chance alone exceeds one time in twenty where nothing has changed."""

    value: float
    by_chance: float

    @property
    def change(self) -> str:
        """How much has changed, by code: nothing that chance explains is called a change, however large."""
        if self.value <= self.by_chance:
            return "as_before"
        return "little" if self.value < LITTLE else "other" if self.value <= MUCH else "very_other"


def population_stability(now: ArrayLike, before: ArrayLike, bins: int = BINS) -> Stability:
    """Compare how a number is spread over customers now and before, over bins of about equal size before.

    The sum over bins of the difference of both shares times the difference of their logarithms. Of two samples of the
    same population, n and m customers in B bins, it is spread as (1/n + 1/m) times a chi-square with B - 1 degrees of
    freedom. The same customers at both dates are alike, so that the limit is too wide rather than too narrow. An empty
    bin counts as half a customer.

    References
    ----------
    Yurdakul & Naranjo (2020), Journal of Risk Model Validation 14(4). The limits .1 and .25: Siddiqi (2006), Credit
    Risk Scorecards.

    Examples
    --------
    >>> stability = population_stability(["late"] * 60 + ["soon"] * 40, ["late"] * 50 + ["soon"] * 50)
    >>> round(stability.value, 4), round(stability.by_chance, 4)
    (0.0405, 0.0768)
    """
    counts = _counted(np.asarray(now), np.asarray(before), bins)
    if counts.shape[1] < 2 or not counts.sum(axis=1).all():
        return Stability(0.0, 0.0)
    sizes = counts.sum(axis=1)
    shares = np.maximum(counts, 0.5) / sizes[:, None]
    value = float(((shares[0] - shares[1]) * np.log(shares[0] / shares[1])).sum())
    limit = float(distributions.chi2.ppf(0.95, counts.shape[1] - 1) * (1 / sizes).sum())
    return Stability(value, limit)


def _counted(now: NDArray[Any], before: NDArray[Any], bins: int) -> NDArray[np.float64]:
    """Count the customers of both dates by bin, now first."""
    values, place = np.unique(np.concatenate([now, before]), return_inverse=True)
    later, earlier = (np.bincount(part, minlength=len(values)) for part in (place[: len(now)], place[len(now) :]))
    if len(values) > bins:
        edges = np.unique(np.quantile(place[len(now) :], np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf"))
        groups = np.searchsorted(edges, np.arange(len(values)), side="left")
        later, earlier = (np.bincount(groups, weights=each) for each in (later, earlier))
    counts = np.array([later, earlier], dtype=float)
    return counts[:, counts.sum(axis=0) > 0]


def stability_of(found: Study) -> pd.DataFrame:
    """Compare the score and the features of the active customers with a month ago, all computed from today's data.

    The score is today's model's at both dates, so that a change is the customers' and not the model's. ``name, index,
    by_chance, change`` (a code of `CHANGES`), ``customers`` (the fewer of both dates), the score first, then what has
    changed most beyond chance. No rows without a model, a month before, or anybody active in it.
    """
    parts = [] if found.before is None else [watched(each, found.learnt) for each in (found, found.before)]
    if not all(map(len, parts)) or not parts:
        return pd.DataFrame(columns=["name", "index", "by_chance", "change", "customers"])
    now, then = parts
    compared = {name: population_stability(now[name], then[name]) for name in now.columns if name in then.columns}
    rows = pd.DataFrame({"name": list(compared), "index": [each.value for each in compared.values()]})
    rows["by_chance"] = [each.by_chance for each in compared.values()]
    rows["change"] = [each.change for each in compared.values()]
    rows["customers"] = min(len(now), len(then))
    beyond = (rows["index"] - rows["by_chance"]).mask(rows["name"] == SCORE, np.inf)
    return rows.loc[beyond.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def watched(found: Study, learnt: Learnt | None) -> pd.DataFrame:
    """Give the score and the features of the active customers, of very many those in the sample."""
    customers = found.current.customers
    active = sampled(customers[customers["days_since_last"] < found.active_days])
    features = features_of(replace(found.current, customers=active))
    said = None if learnt is None or active.empty else learnt.predict(active)
    return features if said is None else features.assign(**{SCORE: said.score})


def features_of(piece: Slice) -> pd.DataFrame:
    """Give what the models look at, one row a customer of a cutoff."""
    return risk_features(piece.customers, piece.own)


def name_of(feature: str) -> str:
    """Name the score or a feature in the reader's words; one's own as it is called."""
    return _("the score") if feature == SCORE else _(TITLES[feature]) if feature in TITLES else feature
