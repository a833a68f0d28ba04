"""Who buys after a contact at all: learnt from earlier campaigns, judged on the latest, beside simple rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.actions.response.people import folds
from crmlib.stats import Estimate, bootstrap
from crmlib.stats.calibration import CalibrationError, calibration_curve, calibration_error
from crmlib.stats.choice import simplest_of_the_best
from crmlib.stats.predictions import resampled, weighted_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Learn = Callable[[NDArray[np.float64], NDArray[np.float64]], Any]

LEAST_OF_EACH: Final = 20
"""So many who responded and so many who did not a campaign needs, to teach or to judge."""

FOLDS: Final = 5
RESAMPLES: Final = 300


@dataclass(frozen=True, slots=True)
class Round:
    """The contacts of one campaign: what was known of each before (no column known later), and whether it was answered.

    `rules` are simple orders, one column a rule, higher where a response is thought likelier.
    """

    name: str
    known: pd.DataFrame
    rules: pd.DataFrame
    responded: NDArray[np.bool_]
    person: NDArray[np.object_]

    @property
    def is_enough(self) -> bool:
        """Whether enough responded, and enough did not."""
        return int(np.bincount(self.responded, minlength=2).min()) >= LEAST_OF_EACH

    def only(self, rows: NDArray[np.bool_]) -> Round:
        """Keep some of the contacts."""
        return Round(self.name, self.known[rows], self.rules[rows], self.responded[rows], self.person[rows])


@dataclass(frozen=True, slots=True)
class Propensity:
    """How well a response was foretold in the latest campaign.

    `table` has a row a model and rule: ``name, simple, auc, brier`` with their limits, ``against`` (AUC less that of
    the best rule, same resampled people) and ``people``. `curve` and `error` are the chosen model's calibration.
    """

    test: str
    learnt_from: int
    chosen: str
    rule: str
    table: pd.DataFrame
    curve: pd.DataFrame
    error: CalibrationError
    responded: int
    people: int

    @property
    def against(self) -> Estimate:
        """By how much the chosen model orders people better than the best simple rule."""
        row = self.table.set_index("name").loc[self.chosen]
        value, low, high = (float(row[name]) for name in ("against", "against_low", "against_high"))
        return Estimate(value, low, high, self.people)


def foretell(rounds: Sequence[Round], seed: int) -> Propensity | None:
    """Learn who responds from earlier campaigns and judge it on the latest; `None` where too few did.

    The model is chosen on the earlier campaigns, each foretold from those before it (see `simplest_of_the_best`). Of
    one campaign alone the people are parted instead: each fifth is foretold from the others, and the simpler model
    stands, not chosen.
    """
    usable = [each for each in rounds if each.is_enough]
    if not usable:
        return None
    *earlier, test = usable
    if earlier:
        chosen = _choose(earlier)
        foretold = _predict(earlier, test)
    else:
        chosen, foretold = next(iter(LEARNERS)), _parted(test, seed)
    return _judged(test, foretold, chosen, len(earlier), seed)


def _choose(earlier: Sequence[Round]) -> str:
    """Name the model that came closest to the earlier campaigns."""
    losses = []
    for place in range(1, len(earlier)):
        later = earlier[place]
        found = _predict(earlier[:place], later)
        squared = {name: (chance - later.responded) ** 2 for name, chance in found.items()}
        losses.append(pd.DataFrame(squared, index=pd.Index(later.person)))
    return simplest_of_the_best(losses) if losses else next(iter(LEARNERS))


def _predict(past: Sequence[Round], later: Round) -> dict[str, NDArray[np.float64]]:
    """Let every model learn from earlier campaigns and say how likely each contact of a later one is answered."""
    names = [name for name in later.known if all(name in each.known for each in past)]
    known = pd.concat([each.known[names] for each in past]).to_numpy(dtype=float)
    responded = np.concatenate([each.responded for each in past]).astype(float)
    asked = later.known[names].to_numpy(dtype=float)
    return {name: learn(known, responded).predict_proba(asked)[:, 1] for name, learn in LEARNERS.items()}


def _parted(test: Round, seed: int) -> dict[str, NDArray[np.float64]]:
    """Foretell each fifth of the people from the others."""
    fold = folds(pd.factorize(test.person, sort=True)[0], seed, FOLDS)
    found = {name: np.empty(len(fold)) for name in LEARNERS}
    for number in range(FOLDS):
        here = fold == number
        for name, chance in _predict([test.only(~here)], test.only(here)).items():
            found[name][here] = chance
    return found


def _judged(
    test: Round, foretold: Mapping[str, NDArray[np.float64]], chosen: str, learnt_from: int, seed: int
) -> Propensity:
    """Set models and rules side by side on the same resampled people."""
    rng, n = np.random.default_rng(seed), len(test.responded)
    metrics = {
        (name, metric): figure
        for name, chance in foretold.items()
        for metric, figure in weighted_metrics(test.responded, chance, chance).items()
    }
    for name in test.rules:
        score = test.rules[name].to_numpy(dtype=float)
        metrics |= {(name, key): figure for key, figure in weighted_metrics(test.responded, score, None).items()}
    draws = resampled(metrics, n, rng=rng, n_resamples=RESAMPLES)
    areas = draws.iloc[0].xs("auc", level="metric")
    rule = str(areas[list(test.rules)].idxmax())
    rows = [_row(draws, name, rule, n, simple=name in test.rules) for name in (*foretold, *test.rules)]
    return Propensity(
        test=test.name, learnt_from=learnt_from, chosen=chosen, rule=rule, table=pd.DataFrame(rows),
        curve=calibration_curve(test.responded, foretold[chosen]),
        error=calibration_error(test.responded, foretold[chosen], rng=rng),
        responded=int(test.responded.sum()), people=n,
    )  # fmt: skip


def _row(draws: pd.DataFrame, name: str, rule: str, n: int, *, simple: bool) -> dict[str, object]:
    """Write what the resampled people say of a model or rule."""
    figures = {"auc": draws[name, "auc"], "against": draws[name, "auc"] - draws[rule, "auc"]}
    if (name, "brier") in draws:
        figures["brier"] = draws[name, "brier"]
    row: dict[str, object] = {"name": name, "simple": simple, "people": n}
    for figure, values in figures.items():
        found = bootstrap.estimate(values.to_numpy(), n)
        row |= {figure: found.value, f"{figure}_low": found.low, f"{figure}_high": found.high}
    return row


def _logistic(known: NDArray[np.float64], responded: NDArray[np.float64]) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cholesky")).fit(known, responded)


def _boosting(known: NDArray[np.float64], responded: NDArray[np.float64]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    settings = {"max_iter": 60, "max_leaf_nodes": 8, "min_samples_leaf": 40, "l2_regularization": 1.0}
    with threadpool_limits(1, user_api="openmp"):
        return HistGradientBoostingClassifier(**settings, early_stopping=False, random_state=0).fit(known, responded)


LEARNERS: Final[dict[str, Learn]] = {"logistic": _logistic, "boosting": _boosting}
"""The models, the simpler first."""
