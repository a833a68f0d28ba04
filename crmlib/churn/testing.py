"""How it is tested: where the past was cut, how the model was chosen there, and that nothing later was seen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.churn.contenders import contender
from crmlib.churn.evidence import untested
from crmlib.reporting import Shown, gate, label, note, people, rate, show_all
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from crmlib.churn.study import Study
    from crmlib.workspace import Run


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
        rate("rate", _("Churn rate"), per=("churned", "customers")),
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
    rounds = found.backtest.choice.rounds
    means = rounds.groupby("model")["brier"].mean().sort_values()
    others = means.drop(found.model)
    return run.say(
        _(
            "{model} was chosen before the test was looked at: over {n:count} earlier cutoffs, each predicted from the "
            "ones before it, its probabilities were closest to what happened (mean Brier score {own:number}; next "
            "{other}, {next:number})."
        ),
        model=sentence_start(own),
        n=rounds["cutoff"].nunique(),
        own=means.loc[found.model],
        other=contender(str(others.index[0])).called,
        next=others.iloc[0],
    )


def _leak_sentence(found: Study, run: Run) -> str:
    """Say whether a feature has seen the future."""
    if not found.leaks:
        return _("Features were computed twice at the test's cutoff, with later sales and without: not one differed.")
    words = _("Some features know later sales, so the test is too good to be true: {names}.")
    return run.say(words, names=", ".join(found.leaks))
