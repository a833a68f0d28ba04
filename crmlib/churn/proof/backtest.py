"""The competition: rules and models learn from earlier cutoffs, one is chosen there, and the latest cutoff judges."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import untested
from crmlib.churn.models.contenders import CONTENDERS, contender
from crmlib.reporting import Shown, gate, label, note, people, rate, show_all
from crmlib.stats import Estimate
from crmlib.stats.choice import differences, mean_losses, simplest_of_the_best
from crmlib.stats.predictions import brier_score
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmlib.churn.history.slices import Slice
    from crmlib.churn.models.learnt import Prediction
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

DEFAULT: Final = "bg_nbd"
"""The score where too little history is there to choose: it needs no labels."""


NORMAL_95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model scores the customers, and whether it was chosen on training cutoffs; else the default stands.

    `rival` is the best of the others by mean loss there, `worse` the chosen one's loss minus that one's, customer by
    customer; empty and unknown where there was no choice.
    `rounds` has a row for each model at each training cutoff, predicted from the ones before it: ``cutoff, model,
    customers, churned, expected`` (mean probability), ``brier``.
    """

    name: str
    rounds: pd.DataFrame
    validated: bool
    rival: str = ""
    worse: Estimate = field(default_factory=Estimate.unknown)


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the latest cutoff says of every rule and model: the choice is made on the training cutoffs alone.

    `predictions` are by model, in the order of the contenders; a model that could not be learnt is not in it.
    """

    choice: Choice
    training: tuple[Slice, ...]
    test: Slice
    predictions: Mapping[str, Prediction]

    @property
    def chosen(self) -> Prediction:
        """What the chosen model says of the test's customers."""
        return self.predictions[self.choice.name]


def run_backtest(slices: Sequence[Slice]) -> Backtest | None:
    """Let rules and models compete on labelled slices one horizon apart, the test last; ``None`` without a prediction.

    No label window of the training reaches the test's cutoff, so nothing learnt or chosen has seen what the test asks.
    """
    if not slices:
        return None
    *training, test = slices
    check_no_overlap(slices)
    training = [piece.sampled() for piece in training]
    predictions = predict_all(training, test)
    choice = choose_model(training, list(predictions))
    if choice.name not in predictions:
        return None
    return Backtest(choice, tuple(training), test, predictions)


def predict_all(past: Sequence[Slice], later: Slice) -> dict[str, Prediction]:
    """Let every rule and model learn from earlier slices and predict a later one."""
    learnt = {rival.name: rival.learn(past, later) for rival in CONTENDERS}
    return {name: model.predict(later.customers) for name, model in learnt.items() if model is not None}


def choose_model(training: Sequence[Slice], able: Sequence[str]) -> Choice:
    """Choose, of those able to predict the test, the one that was closest to what happened at the training cutoffs.

    Each cutoff is predicted from the ones before it, and judged by the Brier score; see `simplest_of_the_best`. With
    fewer than two cutoffs the default stands, not validated.
    """
    rounds, losses = [], []
    for k in range(1, len(training)):
        predictions = predict_all(training[:k], training[k])
        rounds += _rows(training[k], predictions)
        losses.append(_losses(training[k], predictions))
    frame = pd.DataFrame(rounds, columns=["cutoff", "model", "customers", "churned", "expected", "brier"])
    complete = [name for name in able if losses and all(name in lost for lost in losses)]
    if not complete:
        return Choice(DEFAULT, frame, validated=False)
    known = [lost[complete] for lost in losses]
    name = simplest_of_the_best(known)
    others = mean_losses(known).drop(name)
    if others.empty:
        return Choice(name, frame, validated=True)
    rival = str(others.idxmin())
    gap, error = differences(known, rival)
    n = len(pd.concat(known).index.unique())
    low, high = gap[name] - NORMAL_95 * error[name], gap[name] + NORMAL_95 * error[name]
    return Choice(name, frame, validated=True, rival=rival, worse=Estimate(gap[name], low, high, n))


def check_no_overlap(slices: Sequence[Slice]) -> None:
    """Refuse label windows that reach beyond the cutoff of a later slice."""
    for earlier, later in pairwise(slices):
        if (later.cutoff - earlier.cutoff).days < earlier.horizon_days:
            raise ValueError(
                f"the label window of {earlier.cutoff} ({earlier.horizon_days} days) reaches beyond the cutoff "
                f"{later.cutoff}: what is learnt there would know a part of what is asked here"
            )


def expected_and_observed(backtest: Backtest) -> pd.DataFrame:
    """Set what the chosen model expected beside what came: ``cutoff, customers, churned, expected``, the test last."""
    rounds = backtest.choice.rounds
    chosen = rounds[rounds["model"] == backtest.choice.name].set_index("cutoff")["expected"]
    rows = [(piece, float(chosen.get(piece.cutoff, float("nan")))) for piece in backtest.training]
    probability = backtest.chosen.probability
    rows.append((backtest.test, float("nan") if probability is None else float(probability.mean())))
    return pd.DataFrame([{**_counted(piece), "expected": expected} for piece, expected in rows])


def _rows(later: Slice, predictions: Mapping[str, Prediction]) -> list[dict[str, object]]:
    """Say what each model expected of a cutoff, and how close it came."""
    return [
        {
            **_counted(later),
            "model": name,
            "expected": float(prediction.probability.mean()),
            "brier": brier_score(later.churned, prediction.probability),
        }
        for name, prediction in predictions.items()
        if prediction.probability is not None
    ]


def _losses(later: Slice, predictions: Mapping[str, Prediction]) -> pd.DataFrame:
    """Give the squared distance of each probability from what the customer did."""
    known = {
        name: (prediction.probability - later.churned) ** 2
        for name, prediction in predictions.items()
        if prediction.probability is not None
    }
    return pd.DataFrame(known, index=pd.Index(later.customers["customer_id"]))


def _counted(piece: Slice) -> dict[str, date | int]:
    return {"cutoff": piece.cutoff, "customers": len(piece.customers), "churned": int(piece.churned.sum())}


def show_cutoffs(found: Study, run: Run) -> Shown:
    """Show at which dates the past was cut, and that nothing later was looked at."""
    if found.backtest is None:
        return untested(found, run, _("The score has not been tested."))
    cutoffs = len(found.slices)
    roles = [_("to learn"), *[_("to learn and to choose")] * (cutoffs - 2), _("the test")][-cutoffs:]
    rows = pd.DataFrame(
        {
            "role": roles,
            "cutoff": [piece.cutoff for piece in found.slices],
            "until": [found.plan.window(piece.cutoff)[1] - timedelta(days=1) for piece in found.slices],
            "customers": [len(piece.customers) for piece in found.slices],
            "churned": [int(piece.churned.sum()) for piece in found.slices],
        }
    )
    gated = gate(
        rows, run,
        label("role", _("Used")),
        label("cutoff", _("Known before"), "day"),
        label("until", _("Asked until"), "day"),
        people("customers", _("Customers")),
        people("churned"),
        rate("rate", _("Left, of all known"), per=("churned", "customers")),
    )  # fmt: skip
    shown = gated.table(_("Cutoffs one horizon apart: no window overlaps another"))
    return show_all(shown, note(_choice_sentence(found, run), _leak_sentence(found, run)))


def _choice_sentence(found: Study, run: Run) -> str:
    """Say how the model was chosen."""
    own = contender(found.model).called
    if found.backtest is None or not found.backtest.choice.validated:
        words = _(
            "There are too few earlier cutoffs to choose a model on; {model} stands, which learns from purchase "
            "histories alone and needs no known outcomes."
        )
        return run.say(words, model=own)
    choice = found.backtest.choice
    words = _(
        "{model} was chosen before the test was looked at: over {n:count} earlier cutoffs, each predicted from the "
        "ones before it, its probabilities were closest to what happened: its Brier score is {size:number4} below "
        "that of the next, {other}."
    )
    tied = _(
        "{model} was chosen before the test was looked at: over {n:count} earlier cutoffs, each predicted from the "
        "ones before it, its Brier score is {size:number4} above that of the best, {other}: within one "
        "standard error, and it is simpler."
    )
    return run.say(
        tied if choice.worse.value > 0 else words,
        model=sentence_start(own), n=choice.rounds["cutoff"].nunique(), other=contender(choice.rival).called,
        size=abs(choice.worse),
    )  # fmt: skip


def _leak_sentence(found: Study, run: Run) -> str:
    """Say whether a feature has seen the future."""
    if not found.leaks:
        return _("Features were computed twice at the test's cutoff, with later sales and without: not one differed.")
    words = _("Some features know later sales, so the test is too good to be true: {names}.")
    return run.say(words, names=", ".join(found.leaks))
