"""How sure the order of the drivers is, folded: what answers lack, overlap, the ordinal model, kinds of drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.reporting import Shown, estimate, estimated_on, folded, gate, label, note
from crmlib.satisfaction.drivers.importance import MOST_DRIVERS
from crmlib.satisfaction.drivers.imputation import IMPUTATIONS
from crmlib.satisfaction.drivers.key_drivers import MODELLED
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.drivers.key_drivers import Drivers
    from crmlib.satisfaction.drivers.steps import Steps
    from crmlib.workspace import Run

_CHANCE: Final = 0.05
_MUCH: Final = 5.0
"""Variance inflation from which the order of the drivers hangs on how they overlap."""


def how_sure(drivers: Drivers, survey: Survey, run: Run) -> Shown:
    """Fold how the figures were made, what the answers lack, and what the models behind them say."""
    said = [*_made(drivers, run), *left_out(drivers, run)]
    parts = [_ranks(drivers, run), _quarters(drivers, run)]
    if drivers.steps is None:
        said.append(_("What one step brings is not told: too few answers on one side of the top, or no finite odds."))
    else:
        said += [_odds_words(drivers.steps, run), *estimated_on(drivers.people, run, MODELLED)]
        parts.append(_odds(drivers, survey, run))
    return folded(_("How sure this is, and which drivers punish or reward"), note(*said), *parts, _kinds(drivers, run))


def _made(drivers: Drivers, run: Run) -> list[str]:
    """Say how importance was estimated, and how far the drivers overlap."""
    method = _("LMG") if len(drivers.table) <= MOST_DRIVERS else _("Johnson's relative weights")
    words = _(
        "{whole:share} of the answers score all drivers. Each correlation is of the answers with both scores: what "
        "does not apply has no score to fill in. Importances are {method}, weighted; intervals come from resamples."
    )
    most = drivers.table.loc[drivers.table["inflation"].idxmax()]
    overlap = _("The drivers overlap little: variance inflation is at most {x:number1} ({driver}).")
    if most["inflation"] > _MUCH:
        overlap = _("The drivers overlap much, and their order hangs on it: variance inflation {x:number1} ({driver}).")
    return [
        run.say(words, whole=drivers.complete / drivers.answers, method=method),
        run.say(overlap, x=most["inflation"], driver=score_name(most["driver"])),
    ]


def left_out(drivers: Drivers, run: Run) -> list[str]:
    """Name the drivers that are not told of, and say why."""
    reasons = (
        (_("Left out, since all these answers are alike: {names:list}."), drivers.alike),
        (_("Left out, since it is answered as another driver is: {names:list}."), drivers.same),
        (_("Left out, since too few scored it beside the others: {names:list}."), drivers.seldom),
    )
    return [run.say(words, names=[score_name(name) for name in names]) for words, names in reasons if names]


def _ranks(drivers: Drivers, run: Run) -> Shown:
    """Show the rank of each driver, how many answers lack it and how far the others tell it."""
    ranks = drivers.table["rank_low"].astype(str), drivers.table["rank_high"].astype(str)
    spans = [first if first == last else _("{} to {}").format(first, last) for first, last in zip(*ranks, strict=True)]
    gated = gate(
        drivers.told("first", "lacking", "inflation").assign(rank=spans), run,
        label("driver", _("Driver")),
        estimate("rank", _("Rank"), "text", of="people"),
        estimate("first", _("Chance to be first to fix"), of="people", decimals=0),
        estimate("lacking", _("Answers without it"), of="people"),
        estimate("inflation", _("Variance inflation"), "number", of="people", decimals=1),
    )  # fmt: skip
    return gated.table(_("How sure the rank is, and what the answers lack"))


def _quarters(drivers: Drivers, run: Run) -> Shown:
    """Show how likely each driver lies in each quarter of the picture."""
    quarters = {
        "priority": _("Matters more, scores less"), "keep": _("Matters more, scores well"),
        "minor": _("Matters less, scores less"), "ample": _("Matters less, scores well"),
    }  # fmt: skip
    chances = [estimate(name, heading, of="people", decimals=0) for name, heading in quarters.items()]
    gated = gate(drivers.told(*quarters), run, label("driver", _("Driver")), *chances)
    words = _("Against the mean of the drivers; a driver that does not go with satisfaction matters less.")
    return gated.table(_("In which quarter of the picture each driver lies, in so many of 100 resamples"), note=words)


def _odds_words(steps: Steps, run: Run) -> str:
    """Say what one step is read from, and whether that model holds."""
    made = _(
        "One step is read from an ordinal logistic regression on all drivers, weighted; missing scores were drawn "
        "{n:count} times."
    )
    said = [run.say(made, n=IMPUTATIONS)]
    if steps.proportional is not None:
        words = _("One odds ratio for all thresholds fits (Brant's test, p = {p:number2}).")
        if steps.proportional < _CHANCE:
            words = _("Odds ratios differ between thresholds (Brant's test, p = {p:number3}): look at both ends.")
        said.append(run.say(words, p=steps.proportional))
    return " ".join(said)


def _odds(drivers: Drivers, survey: Survey, run: Run) -> Shown:
    """Show what a step does to the mean and to the odds of a better answer, at both ends of the scale too."""
    brings = _("One step brings, points of {score}").format(score=score_name(survey.outcome).lower())
    gated = gate(
        drivers.told("mean_gain", "odds", "odds_bottom", "odds_top"), run,
        label("driver", _("Driver")),
        estimate("mean_gain", brings, "number", of="people", decimals=2),
        estimate("odds", _("Odds ratio"), "number", of="people", decimals=2),
        estimate("odds_bottom", _("At the lowest threshold"), "number", of="people", decimals=2),
        estimate("odds_top", _("At the highest"), "number", of="people", decimals=2),
    )  # fmt: skip
    if drivers.steps is not None and drivers.steps.proportional is None:
        gated = gated.only("driver", "mean_gain", "odds")
    return gated.table(_("The ordinal model: one step of a driver, the others held"))


def _kinds(drivers: Drivers, run: Run) -> Shown:
    """Show what low and high scores do to satisfaction, against those between."""
    words = {
        "basic": _("basic: punishes more"), "excitement": _("excitement: rewards more"),
        "performance": _("performance: both"), "unsettled": _("not settled"),
    }  # fmt: skip
    kinds = drivers.kinds.assign(kind=drivers.kinds["kind"].map(words))
    table = (
        drivers.told().assign(name=drivers.table["driver"]).merge(kinds.rename(columns={"driver": "name"}), on="name")
    )
    ends = {"penalty": -table["penalty"], "penalty_low": -table["penalty_high"], "penalty_high": -table["penalty_low"]}
    gated = gate(
        table.drop(columns="name").assign(**ends), run,
        label("driver", _("Driver")),
        estimate("penalty", _("Low scores"), "number", of="people", decimals=2, missing=_("too few")),
        estimate("reward", _("High scores"), "number", of="people", decimals=2, missing=_("too few")),
        estimate("kind", _("Kind"), "text", of="people"),
    )  # fmt: skip
    return gated.table(
        _("What low scores (below the middle) and high ones (top fifth) do to the overall score"),
        note=_("Against those between (Brandt's penalty-reward contrast); kinds at a false discovery rate of 5 %."),
    )
