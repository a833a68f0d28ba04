"""Which forecast did best: every model and rule of thumb on customers and a time that had no say in the choice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from crmlib.reporting import Shown, estimate, estimated_on, folded, gate, label, note, people, show_all
from crmlib.segmentation.value.holdout import HEURISTICS
from crmlib.segmentation.value.money import independence
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.segmentation.study import Study
    from crmlib.segmentation.value.forecast import Forecast
    from crmlib.segmentation.value.holdout import Judged
    from crmlib.workspace import Run

SAME: Final = 5e-5
"""Errors that differ by less agree to four digits."""

NOBODY_LEFT: Final = 0.99
"""Mean probability of being a customer still, above which a model finds that customers do not leave."""

_BEYOND: Final = ("mae_difference", "mae_difference_low", "mae_difference_high")


def show_models(found: Study, run: Run) -> Shown:
    """Show every model and rule of thumb in one table, how the model was chosen and what the spend model assumes."""
    forecast = found.forecast
    judged = forecast.judged
    if judged is None:
        return forecast.missing if forecast.valued is None else show_all(forecast.missing, *_assumed(forecast, run))
    compared = judged.compared
    run.write("forecast_accuracy", compared, by=["forecast"])
    said = note(models_note(compared, judged, run))
    parts = (_models_table(compared, judged, run), said, *_assumed(forecast, run))
    return folded(_("All models and rules of thumb, and how one was chosen"), *parts)


def _assumed(forecast: Forecast, run: Run) -> list[Shown]:
    valued = forecast.valued
    if valued is None:
        return []
    said = independence(valued.independence, forecast.each_time, run)
    return [note(said, *(estimated_on(len(valued.customers), run) if forecast.judged is None else []))]


def _models_table(compared: pd.DataFrame, judged: Judged, run: Run) -> Shown:
    chosen = compared["forecast"] == judged.chosen
    words = {name: judged.label(name) for name in compared["forecast"]}
    words[judged.chosen] = run.say(_("{model} (chosen)"), model=words[judged.chosen])
    numbers = [*_BEYOND, "mae", "rmse", "foreseen"]
    frame = compared[["forecast", "customers", *numbers]]
    frame = frame.assign(**{name: frame[name].mask(chosen) for name in _BEYOND})
    number = partial(estimate, kind="number", of="customers", decimals=3)
    gated = gate(
        frame, run,
        label("forecast", _("Forecast")),
        people("customers"),
        number("mae", _("Mean absolute error")),
        number("mae_difference", _("Beyond the chosen model's"), missing="–"),
        number("rmse", _("Root mean squared error")),
        estimate("foreseen", _("Foreseen of those made"), of="customers", decimals=0),
    )  # fmt: skip
    caption = _(
        "All forecasts on what customers did in the held-out time: errors in purchases a customer, smaller is better"
    )
    return gated.worded("forecast", words).table(caption, note=_("–: the chosen model itself."))


def models_note(compared: pd.DataFrame, judged: Judged, run: Run) -> str:
    """Say how the model was chosen, which other model did better than it, and which are one here."""
    return " ".join([
        _choice(judged, run), *_closer_models(compared, judged, run), *_one_model(compared, judged, run),
        *estimated_on(len(judged.held.actual), run),
    ])  # fmt: skip


def _choice(judged: Judged, run: Run) -> str:
    words = _(
        "{model} was chosen in a trial before {day:day}, where it gave what customers then did the highest "
        "probability; the errors are those of the time after {day:day}, which had no say."
    )
    if judged.choice is None:
        words = _(
            "{model} was chosen by its likelihood: too few had bought twice early enough before {day:day} for a trial."
        )
    return run.say(words, model=judged.label(judged.chosen), day=judged.split)


def rules_of_thumb(compared: pd.DataFrame, judged: Judged, run: Run) -> str:
    """Compare the best rule of thumb with the chosen model; where the rule wins, the sentence says so."""
    rule = compared[compared["forecast"].isin(list(HEURISTICS))].iloc[0]
    beyond = _beyond(rule)
    words = _("The rule of thumb “{rule}” cannot be told apart from {model} by its mean absolute error.")
    if beyond.high < 0:
        words = _(
            "A rule of thumb does better: “{rule}” errs by {less:number3:point} purchases a customer less than {model} "
            "({less:number3:interval})."
        )
    if beyond.low > 0:
        words = _(
            "Every rule of thumb errs by more than {model}; the best of them, “{rule}”, by {more:number3:point} "
            "purchases a customer ({more:number3:interval})."
        )
    names = {"rule": judged.label(rule["forecast"]), "model": judged.label(judged.chosen)}
    return run.say(words, more=beyond, less=beyond.scaled(-1), **names)


def _beyond(row: pd.Series) -> Estimate:
    value, low, high = (float(row[name]) for name in _BEYOND)
    return Estimate(value, low, high, int(row["customers"]))


def _closer_models(compared: pd.DataFrame, judged: Judged, run: Run) -> list[str]:
    """Name the model that would have been closer; it is not taken for that, or the judgement would be worth nothing."""
    models = ~compared["forecast"].isin(list(HEURISTICS))
    closer = compared[models & (compared["mae_difference_high"] < 0)].head(1)
    words = _(
        "{model} would have erred by {less:number3:point} less ({less:number3:interval}), which the trial could not "
        "know."
    )
    return [
        run.say(words, model=judged.label(row["forecast"]), less=_beyond(row).scaled(-1))
        for _place, row in closer.iterrows()
    ]


def _one_model(compared: pd.DataFrame, judged: Judged, run: Run) -> list[str]:
    words = _("{models:list} foresee the same here, with errors that agree to four digits{why}.")
    return [
        run.say(words, models=[judged.label(name) for name in names], why=_why_one(names, judged))
        for names in _coinciding(compared, judged)
    ]


def _coinciding(compared: pd.DataFrame, judged: Judged) -> list[list[str]]:
    errors = compared.set_index("forecast")[["mae", "rmse"]]
    groups: list[list[str]] = []
    for name in (name for name in judged.models if name in errors.index):
        near = (group for group in groups if (errors.loc[group[0]] - errors.loc[name]).abs().max() < SAME)
        found = next(near, None)
        if found is None:
            groups.append([name])
        else:
            found.append(name)
    return [group for group in groups if len(group) > 1]


def _why_one(names: list[str], judged: Judged) -> str:
    """Say why models coincide, where their parameters tell: nobody leaves, or purchases are not regular."""
    models = [judged.models[name] for name in names]
    irregular = [name for name, model in zip(names, models, strict=True) if getattr(model, "k", None) == 1]
    reasons = []
    if all(model.probability_alive(judged.held.summary).mean() > NOBODY_LEFT for model in models):
        reasons.append(_("they find next to nobody who has left, and differ in nothing but how customers leave"))
    if irregular:
        words = _("{model} is MBG/NBD, in which purchases come at random")
        reasons.append(words.format(model=judged.label(irregular[0])))
    return _(": {reasons}").format(reasons="; ".join(reasons)) if reasons else ""
