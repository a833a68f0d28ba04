"""Which purchase model to believe: chosen on one held-out time, judged on another that had no say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib import btyd
from crmlib.features import DAYS_PER_WEEK, next_purchases, purchase_summary
from crmlib.params.limits import REPEAT_BUYERS
from crmlib.segmentation.value.errors import Floats, foreseen_of_made, purchase_swings
from crmlib.stats.calibration import calibration_curve
from crmlib.stats.sampling import sampled
from crmlib.stats.skewed import mean_limits
from crmlib.words import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis import Table

    from crmlib.stats import Estimate
    from crmlib.workspace import Run

MODELS: Final[Mapping[str, type[btyd.PurchaseModel]]] = {
    "BG/NBD": btyd.BetaGeoNBD,
    "MBG/NBD": btyd.ModifiedBetaGeoNBD,
    "Pareto/NBD": btyd.ParetoNBD,
    "MBG/CNBD-k": btyd.ModifiedBetaGeoCNBD,
}
"""The models by the names of their papers, the simplest first."""

HEURISTICS: Final = {
    "own_rate": N_("own past rate"),
    "own_rate_unless_silent": N_("own past rate, none if long silent"),
    "average_rate": N_("everybody the average rate"),
}
"""Rules of thumb beside the models, as :func:`crmlib.btyd.heuristic_forecasts` calls them, in plain words."""

ENOUGH_REPEAT_BUYERS: Final = REPEAT_BUYERS
"""Fewer customers with a second purchase do not carry a model of four parameters."""

SHORTEST_TRIAL_DAYS: Final = 42
"""A history of less than six weeks before the split is not cut once more."""

MOST_FREQUENT: Final = 7
"""Customers with at least so many repeat purchases are shown together."""

RESAMPLES: Final = 400


@dataclass(frozen=True)
class Judged:
    """What was chosen before the split, what the models foresaw from there, and what customers then did.

    Without a choice, too few had bought twice by then, and the likelihood decided. The held-out time runs from the
    split to ``as_of``; forecasts are purchases foreseen of each customer, by model and heuristic, and the models those
    fitted before.
    """

    chosen: str
    choice: btyd.Choice | None
    split: date
    held: btyd.Holdout
    forecasts: Mapping[str, pd.Series]
    models: Mapping[str, btyd.PurchaseModel]
    seed: int = 0

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of the held-out time."""
        return self.split, self.split + timedelta(days=round(self.held.horizon * DAYS_PER_WEEK) - 1)

    @cached_property
    def spend(self) -> btyd.GammaGamma:
        """The spend model of what lies before the split; raises `NoSpendModelError` where that carries none."""
        return btyd.fit_spend(sampled(self.held.summary))

    @cached_property
    def swings(self) -> Floats:
        """By how much the purchases foreseen of each customer move with one standard error of the parameters."""
        return purchase_swings(self.held.summary, self.models[self.chosen], self.held.horizon)

    @cached_property
    def ratio(self) -> Estimate:
        """How many purchases the chosen model foresaw for each one made: 1 is right, above 1 too many."""
        foreseen, made = self.forecasts[self.chosen], self.held.actual
        return foreseen_of_made(foreseen.to_numpy("float64"), made.to_numpy("float64"), self.swings)

    @cached_property
    def compared(self) -> pd.DataFrame:
        """All forecasts beside what customers did; see `accuracy`."""
        return accuracy(self, np.random.default_rng(self.seed))

    @cached_property
    def by_frequency(self) -> pd.DataFrame:
        """Purchases foreseen and made by how often customers had bought; see `purchases_by_frequency`."""
        return purchases_by_frequency(self)

    @cached_property
    def calibration(self) -> pd.DataFrame:
        """The probability of a purchase against the share that bought, by tenths (`crmlib.stats.calibration`)."""
        model, held = self.models[self.chosen], self.held
        return calibration_curve(held.actual > 0, model.probability_of_purchase(held.summary, held.horizon))

    def label(self, name: str) -> str:
        """Call a forecast by its name on the page: a model as in its paper, a rule of thumb in plain words."""
        return _(HEURISTICS[name]) if name in HEURISTICS else model_label(name, self.models.get(name))

    def length(self, run: Run) -> str:
        """Say how long the held-out time is."""
        weeks = round(self.held.horizon)
        return run.say(plural("{n:count}\u00a0week", "{n:count}\u00a0weeks", weeks), n=weeks)


def model_label(name: str, model: btyd.PurchaseModel | None) -> str:
    """Call a model as its paper does, with the regularity that was found instead of the letter for it."""
    return name.replace("-k", f"-{model.k}") if isinstance(model, btyd.ModifiedBetaGeoCNBD) else name


def split_date(first_day: date, as_of: date, share: float) -> date:
    """Find the day that leaves a share of the history after it."""
    return as_of - timedelta(days=round((as_of - first_day).days * share))


def hold_out(transactions: Table, split: date, as_of: date) -> btyd.Holdout:
    """Set aside what customers known before a split bought from then to ``as_of`` (exclusive)."""
    days = (as_of - split).days
    summary = purchase_summary(transactions, split, gaps=True).to_pandas().set_index("customer_id").sort_index()
    later = next_purchases(transactions, split, days).select("customer_id", "purchase_days").to_pandas()
    bought = later.set_index("customer_id")["purchase_days"].reindex(summary.index).fillna(0).astype("int64")
    return btyd.Holdout(summary=summary, actual=bought, horizon=days / DAYS_PER_WEEK)


def judge(transactions: Table, first_day: date, split: date, as_of: date, seed: int = 0) -> Judged:
    """Choose a model on what lies before the split, and let all of them foresee what comes from there to ``as_of``.

    The models are compared over the last third of the time before the split; what customers did after it judges them.
    """
    choice = _trial(transactions, first_day, split)
    held = hold_out(transactions, split, as_of)
    fitted_on = sampled(held.summary)
    models = {name: model.fit(fitted_on) for name, model in MODELS.items()}
    # rounded: models that are one and the same here keep their order, the simplest first
    chosen = max(models, key=lambda name: round(models[name].log_likelihood, 3))
    if choice is not None:
        chosen = next(name for name, model in MODELS.items() if model is choice.model)
    foreseen = {name: model.expected_purchases(held.summary, held.horizon) for name, model in models.items()}
    rules = btyd.heuristic_forecasts(held.summary, held.horizon)
    return Judged(chosen, choice, split, held, foreseen | {name: rules[name] for name in HEURISTICS}, models, seed)


def _trial(transactions: Table, first_day: date, split: date) -> btyd.Choice | None:
    """Compare the models inside the time before the split; nothing where it is too short or too few came back."""
    if (split - first_day).days < SHORTEST_TRIAL_DAYS:
        return None
    start = btyd.inner_cutoff(first_day, split - timedelta(days=1)).date() + timedelta(days=1)
    inner = hold_out(transactions, start, split)
    if int((inner.summary["frequency"] > 0).sum()) < ENOUGH_REPEAT_BUYERS:
        return None
    some = sampled(inner.summary)
    tried = replace(inner, summary=some, actual=inner.actual.loc[some.index])
    return btyd.choose_model(tried, tuple(MODELS.values()))


def accuracy(judged: Judged, rng: np.random.Generator) -> pd.DataFrame:
    """Compare all forecasts with what customers did in the held-out time, best first, and with the chosen model."""
    table = btyd.forecast_accuracy(judged.held, judged.forecasts, judged.chosen, rng, resamples=RESAMPLES)
    scores = {} if judged.choice is None else judged.choice.table["log_score"].to_dict()
    by_name = {name: scores.get(model.__name__, np.nan) for name, model in MODELS.items()}
    table = table.assign(
        foreseen=1 + table["bias"],
        log_score=[by_name.get(str(name), np.nan) for name in table.index],
        customers=len(judged.held.actual),
    )
    # Stable: forecasts that are equal to four digits keep their order, the simplest first.
    return table.sort_values("mae", key=lambda column: column.round(4), kind="stable").reset_index()


def purchases_by_frequency(judged: Judged) -> pd.DataFrame:
    """Compare purchases the chosen model foresaw with those made, by how often customers had bought before the split.

    The 95 % limits of the mean made are missing in small groups, and where all did the same, which shows no error.
    """
    frame = pd.DataFrame({
        "frequency": judged.held.summary["frequency"].clip(upper=MOST_FREQUENT).astype("int64"),
        "actual": judged.held.actual,
        "expected": judged.forecasts[judged.chosen],
    })  # fmt: skip
    groups = frame.groupby("frequency")
    means = groups.agg(customers=("actual", "size"), expected=("expected", "mean"), actual=("actual", "mean"))
    limits = [mean_limits(group[["actual"]].to_numpy("float64")) for _frequency, group in groups]
    low, high = (np.concatenate(ends) for ends in zip(*limits, strict=True))
    told = high > low
    return means.assign(low=np.where(told, low, np.nan), high=np.where(told, high, np.nan)).reset_index()
