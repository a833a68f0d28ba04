"""The words of the models: how they keep step, how they were chosen, and what does better."""

from typing import Final

import pandas as pd

from crmlib.segmentation.value.holdout import HEURISTICS, Judged, judged_swings, total_ratio
from crmlib.segmentation.value.wording import chosen_label, forecast_label, held_out_weeks
from crmlib.segmentation.wording import Words, listed, share, source_of
from crmlib.stats import Estimate
from crmlib.words import _, formats
from crmlib.workspace import Run

TOO_WIDE: Final = 0.5
"""An interval of foreseen over made that is wider than this cannot tell right from wrong."""

SAME: Final = 5e-5
"""Errors that differ by less agree to four digits."""

NOBODY_LEFT: Final = 0.99
"""Mean probability of being a customer still, above which a model finds that customers do not leave."""


def tracking(frame: pd.DataFrame, judged: Judged, run: Run) -> Words:
    """Give the words around the tracking plot."""
    ratio, day = total_ratio(judged), formats.day(judged.split)
    return {
        "title": tracking_title(ratio),
        "alt": _(
            "Two panels of lines by week up to {end}: repeat purchases made and expected. Of {n} purchases in the "
            "held-out time {model} foresaw {share}."
        ).format(
            end=formats.day(frame["ends"].iloc[-1]), n=formats.count(judged.held.actual.sum()),
            model=chosen_label(judged), share=formats.share(ratio.value, decimals=0),
        ),
        "read": _(
            "{model} was fitted on what lies before the dashed line ({day}); to its right, in the held-out time of "
            "{weeks}, it foresees what it has not seen."
        ).format(model=chosen_label(judged), day=day, weeks=held_out_weeks(judged)),
        "limits": " ".join([
            _("Only customers won before {day}; the model knows no season.").format(day=day), _ratio_holds(judged)
        ]),
        "source": source_of(run, len(judged.held.actual), "customers"),
    }  # fmt: skip


def _ratio_holds(judged: Judged) -> str:
    """Say what the interval of the purchases foreseen holds."""
    if judged_swings(judged).shape[1]:
        return _("The interval holds the luck of customers and the uncertainty of the model's parameters.")
    return _("The interval holds the luck of customers only: how uncertain the model's parameters are is not known.")


def tracking_title(ratio: Estimate) -> str:
    """Say whether the model foresaw too much, too little or about right, or that this cannot be told."""
    if not ratio.is_known:
        return _("Whether the model keeps step cannot be told: nobody bought again in the held-out time")
    words = formats.estimate(ratio, "share")
    foresaw = _("The model foresaw {ratio} of the held-out purchases").format(ratio=words)
    if cannot_tell(ratio):
        return _("{foresaw}: whether that is right cannot be told").format(foresaw=foresaw)
    if not ratio.excludes(1):
        return _("{foresaw}: about right").format(foresaw=foresaw)
    much = abs(ratio.value - 1) > 0.1
    if ratio.value < 1:
        return (_("{foresaw}: it is too cautious") if much else _("{foresaw}: a little cautious")).format(
            foresaw=foresaw
        )
    return (_("{foresaw}: it promises too much") if much else _("{foresaw}: a little too many")).format(foresaw=foresaw)


def cannot_tell(ratio: Estimate) -> bool:
    """Whether an interval that holds 1 is missing or too wide to say that the forecast is right."""
    return not ratio.has_interval or (not ratio.excludes(1) and ratio.high - ratio.low > TOO_WIDE)


def purchase_calibration(curve: pd.DataFrame, judged: Judged, run: Run) -> Words:
    """Give the words around the calibration of the probability of a purchase."""
    inside = int(((curve["expected"] >= curve["low"]) & (curve["expected"] <= curve["high"])).sum())
    furthest = curve.loc[(curve["observed"] - curve["expected"]).abs().idxmax()]
    return {
        "title": _("In {inside} of {n} groups as many bought as the probabilities said").format(
            inside=inside, n=len(curve)
        ),
        "alt": _(
            "Dots along a diagonal: probability of a purchase by {model} against the share that bought after {day}; "
            "the furthest from it is {observed} against {expected}."
        ).format(
            model=chosen_label(judged),
            day=formats.day(judged.split),
            observed=share(furthest["observed"]),
            expected=share(furthest["expected"]),
        ),
        "read": _(
            "Each dot is a tenth of the customers with its 95 % interval; on the diagonal the probability holds."
        ),
        "limits": _("One held-out time: a season in it moves all dots together."),
        "source": source_of(run, len(judged.held.actual), "customers"),
    }


def models_note(table: pd.DataFrame, judged: Judged) -> str:
    """Say how the model was chosen, which other model did better than it, and which are one here.

    Parameters
    ----------
    table
        From :func:`crmlib.segmentation.value.holdout.accuracy`.
    judged
        The models, as fitted before the held-out time.
    """
    return " ".join([_choice(judged), *_closer_models(table, judged), *_one_model(table, judged)])


def _choice(judged: Judged) -> str:
    day, model = formats.day(judged.split), chosen_label(judged)
    if judged.choice is None:
        words = _(
            "{model} was chosen by its likelihood: too few had bought twice early enough before {day} for a trial."
        )
        return words.format(model=model, day=day)
    return _(
        "{model} was chosen in a trial before {day}, where it gave what customers then did the highest probability; "
        "the errors are those of the time after {day}, which had no say."
    ).format(model=model, day=day)


def rules_of_thumb(table: pd.DataFrame, judged: Judged) -> str:
    """Compare the best rule of thumb with the chosen model; where the rule wins, the sentence says so.

    Parameters
    ----------
    table
        From :func:`crmlib.segmentation.value.holdout.accuracy`, the smallest error first.
    judged
        The models, as fitted before the held-out time.
    """
    rule, model = table[table["forecast"].isin(HEURISTICS)].iloc[0], chosen_label(judged)
    name = forecast_label(rule["forecast"], judged)
    if rule["mae_difference_high"] < 0:
        words = _(
            "A rule of thumb does better: “{rule}” errs by {less} purchases a customer less than {model} ({from_} to "
            "{to})."
        )
        return words.format(rule=name, model=model, **_less(rule))
    if rule["mae_difference_low"] > 0:
        words = _(
            "Every rule of thumb errs by more than {model}; the best of them, “{rule}”, by {more} purchases a customer "
            "({from_} to {to})."
        )
        low, high = (formats.fixed(rule[f"mae_difference_{side}"], 3) for side in ("low", "high"))
        more = formats.fixed(rule["mae_difference"], 3)
        return words.format(rule=name, model=model, more=more, from_=low, to=high)
    words = _("The rule of thumb “{rule}” cannot be told apart from {model} by its mean absolute error.")
    return words.format(rule=name, model=model)


def _closer_models(table: pd.DataFrame, judged: Judged) -> list[str]:
    """Name the model that would have been closer; it is not taken for that, or the judgement would be worth nothing."""
    closer = table[~table["forecast"].isin(HEURISTICS) & (table["mae_difference_high"] < 0)]
    if closer.empty:
        return []
    words = _("{model} would have erred by {less} less ({from_} to {to}), which the trial could not know.")
    return [words.format(model=forecast_label(closer["forecast"].iloc[0], judged), **_less(closer.iloc[0]))]


def _less(row: pd.Series) -> dict[str, str]:
    names = {"less": "mae_difference", "from_": "mae_difference_high", "to": "mae_difference_low"}
    return {key: formats.fixed(abs(row[name]), 3) for key, name in names.items()}


def _one_model(table: pd.DataFrame, judged: Judged) -> list[str]:
    """Name the models that coincide on these customers, with why: two rows that agree are no two witnesses."""
    words = _("{models} foresee the same here, with errors that agree to four digits{why}.")
    return [
        words.format(models=listed([forecast_label(name, judged) for name in names]), why=_why_one(names, judged))
        for names in _coinciding(table, judged)
    ]


def _coinciding(table: pd.DataFrame, judged: Judged) -> list[list[str]]:
    """Group the models whose errors agree to four digits, in the order of the models."""
    errors = table.set_index("forecast")[["mae", "rmse"]]
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
        reasons.append(words.format(model=forecast_label(irregular[0], judged)))
    return _(": {reasons}").format(reasons="; ".join(reasons)) if reasons else ""
