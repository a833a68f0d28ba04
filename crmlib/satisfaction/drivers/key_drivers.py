"""What satisfaction hangs on: importance, rank, how well each driver is done, and what one step of it brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.drivers.importance import MOST_DRIVERS, ranked, shared_out
from crmlib.satisfaction.drivers.imputation import Whole, completed
from crmlib.satisfaction.drivers.moments import Moments, moments
from crmlib.satisfaction.drivers.penalty import penalty_reward
from crmlib.satisfaction.drivers.priorities import priorities
from crmlib.satisfaction.drivers.steps import Steps, steps
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.scores.scores import DETRACTOR, PROMOTER
from crmlib.stats import Estimate
from crmlib.stats.bootstrap import limits
from crmlib.stats.sampling import sampled
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.workspace import Run

    Numbers = NDArray[np.float64]

FEWEST_ANSWERS: Final = 100
"""Answers with both of any two scores below which importances are not told: intervals would span most of the scale."""
RESAMPLES: Final = 1_000
MODELLED: Final = 10_000
"""So many people place what one step brings within half a point: more cost time and tell nothing that is shown."""
_SAME: Final = 0.9999
_RIDGE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Drivers:
    """What the year's satisfaction hangs on.

    `table`: as `relative_importance`, `priorities` and `Steps`, with `people` (who scored it and the whole),
    `lacking` (part of the answers without it), `mean, mean_low, mean_high` and `inflation` (of variance).
    `explained`: the part of the differences in satisfaction that all drivers account for (R²), percentile bootstrap.
    `alike, same, seldom` name the drivers left out. `steps` is `None` where its model cannot be fitted.
    """

    table: pd.DataFrame
    explained: Estimate
    people: int
    answers: int
    complete: int
    alike: tuple[str, ...]
    same: tuple[str, ...]
    seldom: tuple[str, ...]
    steps: Steps | None
    kinds: pd.DataFrame

    def told(self, *names: str) -> pd.DataFrame:
        """Give columns of the table with the ends of their intervals, the people behind them and the drivers' names."""
        ends = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
        table = self.table.assign(driver=self.table["driver"].map(score_name))
        return table[["driver", "people", *(name for name in ends if name in table)]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The drivers that can be told of, and those that cannot: answered alike, the same as another, answered by few."""

    names: tuple[str, ...]
    alike: tuple[str, ...]
    same: tuple[str, ...]
    seldom: tuple[str, ...]


def key_drivers(run: Run, survey: Survey | None) -> Drivers | Gap:
    """Estimate what the year's satisfaction hangs on, or say what is missing for it."""
    therefore = _("What satisfaction hangs on is not shown.")
    words = _("at least two scored drivers, and {n:count} answers in a year with both of any two scores")
    needed = run.say(words, n=FEWEST_ANSWERS)
    if survey is None or len(survey.drivers) < 2:
        return Gap(needed, _("fewer than two driver scores"), therefore)
    answers = survey.answers(YEAR).dropna(subset=[survey.outcome])
    chosen = choose(answers[list(survey.drivers)], answers[survey.outcome])
    if len(chosen.names) < 2:
        found = _("fewer answers than that") if chosen.seldom else _("answers that are all alike")
        return Gap(needed, found, therefore, delivered=True)
    return estimate_drivers(survey, answers, chosen, run.params.satisfaction.seed)


def choose(X: pd.DataFrame, y: pd.Series) -> Chosen:
    """Leave out the drivers of which nothing can be told, and say why."""
    names = [str(name) for name in X.columns]
    if not y.min() < y.max():
        return Chosen((), tuple(names), (), ())
    alike = [name for name in names if X[name].min() == X[name].max()]
    between = X.drop(columns=alike).assign(overall=y).corr(min_periods=FEWEST_ANSWERS)
    seldom = []
    while (lacking := between.drop(columns="overall", index="overall").isna().sum() + between["overall"].isna()).any():
        worst = str(lacking[lacking == lacking.max()].index[-1])
        seldom.append(worst)
        between = between.drop(columns=worst, index=worst)
    rest = [str(name) for name in between.columns.drop("overall")]
    same = [name for i, name in enumerate(rest) if (between.loc[name, rest[:i]].abs() > _SAME).any()]
    kept = tuple(name for name in rest if name not in same)
    return Chosen(kept, tuple(alike), tuple(same), tuple(seldom))


def estimate_drivers(survey: Survey, answers: pd.DataFrame, chosen: Chosen, seed: int) -> Drivers:
    """Estimate importance, priority, gain and kind of the chosen drivers from answers with an overall score."""
    names, outcome = list(chosen.names), survey.outcome
    scores = answers[[*names, outcome]].to_numpy(dtype=float)
    weights = answers["weight"].to_numpy(dtype=float)
    found = moments(scores, weights, answers["person"], np.random.default_rng(seed), RESAMPLES)
    seen = answers[names].notna()
    shares = shared_out(found, "lmg" if len(names) <= MOST_DRIVERS else "relative_weights")
    table = _table(survey, names, found, shares).assign(
        people=[answers.loc[seen[name], "person"].nunique() for name in names],
        lacking=1 - seen.mean().to_numpy(),
        inflation=_inflation(found.correlations[0][:-1, :-1]),
    )
    whole = _whole(survey, answers, chosen.names, found, seed)
    made = _steps(whole, survey)
    people = int(answers.loc[seen.any(axis=1), "person"].nunique())
    order = table.sort_values(["importance", "driver"], ascending=[False, True], ignore_index=True)
    return Drivers(
        table=order if made is None else order.merge(made.table, on="driver"),
        explained=_explained(shares, people),
        people=people,
        answers=len(answers), complete=int(seen.all(axis=1).sum()),
        alike=chosen.alike, same=chosen.same, seldom=chosen.seldom, steps=made, kinds=penalty_reward(whole),
    )  # fmt: skip


def _explained(shares: Numbers, people: int) -> Estimate:
    """Give R²: what the drivers account for together, in the answers and in the resamples."""
    whole = shares.sum(axis=1)
    low, high = limits(whole[1:])
    # few people leave a resample more to fit than the answers themselves
    return Estimate(float(whole[0]), float(min(low, whole[0])), float(high), people)


def _table(survey: Survey, names: list[str], found: Moments, shares: Numbers) -> pd.DataFrame:
    scales = [survey.scales[name] for name in names]
    means = found.means[:, :-1]
    done = (means - [scale.low for scale in scales]) / [scale.high - scale.low for scale in scales]
    low, high = limits(means[1:])
    table = ranked(names, shares).rename(columns={"low": "importance_low", "high": "importance_high"})
    table = table.assign(mean=means[0], mean_low=low, mean_high=high)
    return priorities(table, shares, done, found.correlations[:, :-1, -1])


def _whole(survey: Survey, answers: pd.DataFrame, names: tuple[str, ...], found: Moments, seed: int) -> Whole:
    """Complete the answers of at most so many people for the models that need all scores."""
    some_people = sampled(pd.DataFrame(index=answers["person"].unique()), MODELLED).index
    answers = answers[answers["person"].isin(some_people)]
    scores = answers[[*names, survey.outcome]].to_numpy(dtype=float)
    scales = tuple(survey.scales[name] for name in (*names, survey.outcome))
    # an answer without any driver says nothing of them
    some = ~np.isnan(scores[:, :-1]).all(axis=1)
    ends = np.array([[scale.low, scale.high] for scale in scales]).T
    sets = completed(scores[some], found, ends, np.random.default_rng([seed, 1]))
    return Whole(
        names=names, scales=scales[:-1],
        scores=scores[some, :-1], sets=tuple(filled[:, :-1] for filled in sets), y=scores[some, -1],
        weights=answers["weight"].to_numpy(dtype=float)[some], people=answers.loc[some, "person"],
    )  # fmt: skip


def _steps(whole: Whole, survey: Survey) -> Steps | None:
    try:
        return steps(whole, tops(survey))
    except ValueError:  # a level with too few answers, or drivers that tell it apart without a mistake
        return None


def tops(survey: Survey) -> list[float]:
    """Give the scores whose passing counts: the top box of overall satisfaction, else promoters and passives."""
    if survey.overall is None:
        return [DETRACTOR + 1.0, float(PROMOTER)]
    return [float(survey.top if survey.top is not None else survey.scales[survey.overall].high)]


def _inflation(correlations: Numbers) -> Numbers:
    """Give the variance inflation of each driver by the others: 1 where it goes with none."""
    return np.asarray(np.diag(np.linalg.inv(correlations + _RIDGE * np.eye(len(correlations)))))
