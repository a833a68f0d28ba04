"""The model's card: what it is, what it learnt from, how good it was, what it is not for, and the hash of all that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from crmlib.churn.evidence import lack_of_scores
from crmlib.churn.models.contenders import contender
from crmlib.churn.proof.groups import ACTIVE
from crmlib.churn.watch.fitted import features_used, parameters_of, predictions_hash
from crmlib.churn.watch.stability import name_of
from crmlib.reporting import Shown, folded, gate, insufficient, label
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

FILE = "churn"
"""The model's file among the run's models."""

SHOWN_OF_HASH = 16


def model_record(found: Study) -> dict[str, Any]:
    """Tell the fitted model in JSON: what it learnt, from which cutoffs, and the hash of what it says of customers."""
    return {
        "model": found.model,
        "as_of": found.plan.scoring.isoformat(),
        "horizon_days": found.horizon_days,
        "cutoffs": [piece.cutoff.isoformat() for piece in found.slices],
        "features": features_used(found.learnt),
        "seed": found.settings.seed,
        "learnt": parameters_of(found.learnt),
        "predictions": predictions_hash(found.scores["customer_id"], found.scores["churn_probability"]),
    }


def show_model_card(found: Study, run: Run) -> Shown:
    """Keep the fitted model with the run and show its card; one with features of one's own is kept nowhere."""
    if found.scores["churn_probability"].isna().all():
        return insufficient(
            needed=_("customers who bought more than once"),
            found=lack_of_scores(found, run),
            therefore=_("There is no model to describe."),
        )
    rows = _described(found, run)
    if not found.features:
        kept = run.keep_model(FILE, model_record(found))
        words = _("models/{file}.json in the private folder, SHA-256 {hash}; the manifest names it")
        rows.append((_("Kept as"), run.say(words, file=FILE, hash=kept[:SHOWN_OF_HASH])))
    gated = gate(
        pd.DataFrame(rows, columns=["what", "words"]), run, label("what", _("Model card")), label("words", _("Says"))
    )
    name = sentence_start(contender(found.model).label)
    return folded(run.say(_("Model card: {name}"), name=name), gated.table(name, confidence=None))


def _described(found: Study, run: Run) -> list[tuple[str, str]]:
    """Say in words what the model is."""
    asked = _("probability to buy nothing in {days:days}, of every customer known before {day:day}")
    return [
        (_("Answers"), run.say(asked, days=found.horizon_days, day=found.plan.scoring)),
        (_("Learnt from"), _learnt_from(found, run)),
        (_("Looks at"), _looks_at(found, run)),
        (_("Tested"), _tested(found, run)),
        (_("Limits"), _limits()),
    ]


def _looks_at(found: Study, run: Run) -> str:
    """Say what the model is told of a customer."""
    names = features_used(found.learnt)
    if not names:
        return _("the days on which each customer bought, nothing else")
    words = _("{n:count} numbers of each customer: {names}")
    return run.say(words, n=len(names), names="; ".join(name_of(name) for name in names))


def _learnt_from(found: Study, run: Run) -> str:
    """Say on which cutoffs the model has learnt."""
    if not found.slices:
        return _("purchase histories alone; no outcome was known")
    words = _("{n:count} cutoffs from {first:day} to {last:day}, {rows:people} customers at the last")
    first, last = found.slices[0], found.slices[-1]
    return run.say(words, n=len(found.slices), first=first.cutoff, last=last.cutoff, rows=len(last.customers))


def _tested(found: Study, run: Run) -> str:
    """Say how good the model was at the test."""
    judged = found.judged
    if judged is None or found.plan.test is None:
        return _("not yet: the history is too short")
    figures = {name: judged.estimate(found.model, name, judged.group) for name in ("auc", "brier", "slope")}
    words = _(
        "{cutoff:day}, {whom}: pairs in the right order {auc:share}; Brier score {brier:number3}; slope {slope:number2}"
    )
    whom = _("active customers") if judged.group == ACTIVE else _("all known customers")
    return run.say(words, cutoff=found.plan.test, whom=whom, **figures)


def _limits() -> str:
    return _(
        "Risk is not response: whom a contact keeps, only an experiment tells. For lists and totals of this shop; not "
        "for credit, prices or decisions about one person. Learnt anew each month."
    )
