"""Whether scores and features are spread as a month ago: the population stability index, beside chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.churn.history.features import SEASON, TITLES
from crmlib.churn.watch.fitted import features_used
from crmlib.stats.sampling import sampled
from crmlib.words import N_, _

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from crmlib.churn.models.learnt import Learnt
    from crmlib.churn.study import Study

BINS: Final = 10
FINENESS: Final = 20
LITTLE, MUCH = 0.1, 0.25
"""The trade's limits: below the first a change is small, above the second a model is looked into."""

SCORE: Final = "score"
CHANGES: Final = {
    "as_before": N_("as before"),
    "little": N_("a little other"),
    "other": N_("other"),
    "very_other": N_("very other"),
}
FEWEST_DAYS: Final = 2
"""Purchase days above which a customer has gaps of different lengths."""


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
    bin counts as half a customer. Values are told apart to a twentieth of their spread before: where many customers
    share one, it may move a little with the mean of all.

    References
    ----------
    Yurdakul & Naranjo (2020), Journal of Risk Model Validation 14(4). The limits .1 and .25: Siddiqi (2006), Credit
    Risk Scorecards.

    Examples
    --------
    >>> stability = population_stability([1] * 60 + [2] * 40, [1] * 50 + [2] * 50)
    >>> round(stability.value, 4), round(stability.by_chance, 4)
    (0.0405, 0.0768)
    """
    counts = _counted(np.asarray(now, dtype=float), np.asarray(before, dtype=float), bins)
    if counts.shape[1] < 2 or not counts.sum(axis=1).all():
        return Stability(0.0, 0.0)
    sizes = counts.sum(axis=1)
    shares = np.maximum(counts, 0.5) / sizes[:, None]
    value = float(((shares[0] - shares[1]) * np.log(shares[0] / shares[1])).sum())
    limit = float(distributions.chi2.ppf(0.95, counts.shape[1] - 1) * (1 / sizes).sum())
    return Stability(value, limit)


def _counted(now: NDArray[np.float64], before: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    """Count the customers of both dates by bin, now first."""
    cells = [_cells(each, before) for each in (now, before)]
    if not len(before):
        return np.zeros((2, 0))
    edges = np.unique(np.quantile(cells[1], np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf"))
    # whatever is above the greatest value of before belongs to the last bin, not to one that was empty then
    places = [np.searchsorted(edges[edges < cells[1].max()], each, side="left") for each in cells]
    counts = np.array([np.bincount(each, minlength=bins) for each in places], dtype=float)
    return counts[:, counts.sum(axis=0) > 0]


def _cells(values: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put values into cells of a twentieth of the spread before, the commonest value in the middle of its own."""
    step = float(before.std()) / FINENESS if len(before) else 0.0
    if step == 0:
        return values
    known, times = np.unique(before, return_counts=True)
    return np.asarray(np.round((values - known[times.argmax()]) / step))


def stability_of(found: Study) -> pd.DataFrame:
    """Compare the score and the features of the active customers with a month ago, all computed from today's data.

    The score is today's model's at both dates, so that a change is the customers' and not the model's. ``name, index,
    by_chance, change`` (a code of `CHANGES`), ``customers`` (the fewer of both dates), the score first, then what has
    changed most beyond chance; not the season, which is the same for all customers, nor what is the same at both dates
    for everybody. No rows without a model, a month before, or anybody active in it.
    """
    parts = [] if found.before is None else [watched(each, found.learnt) for each in (found, found.before)]
    if not all(map(len, parts)) or not parts:
        return pd.DataFrame(columns=["name", "index", "by_chance", "change", "customers"])
    now, then = parts
    names = [name for name in now.columns if name in then.columns and name not in SEASON]
    compared = {name: population_stability(now[name].dropna(), then[name].dropna()) for name in names}
    rows = pd.DataFrame({"name": list(compared), "index": [each.value for each in compared.values()]})
    rows["by_chance"] = [each.by_chance for each in compared.values()]
    rows["change"] = [each.change for each in compared.values()]
    rows["customers"] = min(len(now), len(then))
    rows = rows[rows["by_chance"] > 0]
    beyond = (rows["index"] - rows["by_chance"]).mask(rows["name"] == SCORE, np.inf)
    return rows.loc[beyond.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def watched(found: Study, learnt: Learnt | None) -> pd.DataFrame:
    """Give the score and the features of the active customers, of very many those in the sample.

    Who has no gaps of their own to be irregular has everybody's irregularity, which moves at once for all: left out.
    """
    customers = found.current.customers
    active = sampled(customers[customers["days_since_last"] < found.active_days])
    features = active[found.current.features]
    if "irregularity" in features:
        features = features.assign(irregularity=features["irregularity"].where(active["purchase_days"] > FEWEST_DAYS))
    if learnt is None or active.empty or not set(features_used(learnt)) <= set(active.columns):
        return features
    return features.assign(**{SCORE: learnt.predict(active).score})


def name_of(feature: str) -> str:
    """Name the score or a feature in the reader's words; one's own as it is called."""
    return _("the score") if feature == SCORE else _(TITLES[feature]) if feature in TITLES else feature
