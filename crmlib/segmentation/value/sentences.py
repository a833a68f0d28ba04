"""The words of value: what customers are worth and how far to believe it."""

from typing import Final

import pandas as pd

from crmlib.btyd import ModifiedBetaGeoCNBD
from crmlib.reporting import formats
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.holdout import HEURISTICS, Judged, total_ratio
from crmlib.segmentation.wording import Words, money, share, source_of
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run

TOO_WIDE: Final = 0.5
"""An interval of foreseen over made that is wider than this cannot tell right from wrong."""

NEAR_NOUGHT: Final = 0.1
"""A correlation of frequency and spend up to which the values are hardly touched."""


def value(by_segment: pd.DataFrame, weeks: float, model: str, run: Run) -> Words:
    """Give the words around the picture of value by segment."""
    shown = by_segment[by_segment["customers"] >= run.rules.threshold]
    top = shown.iloc[int(shown["value"].argmax())]
    title = _("{segment} hold {share} of the money expected within {weeks} weeks").format(
        segment=segment_label(top["segment"]), share=share(top["value_share"]), weeks=formats.number(weeks)
    )
    parts = [
        _("{name} {money} each").format(name=segment_label(row["segment"]), money=money(run, row["value_each"]))
        for _index, row in shown.iterrows()
    ]
    margin, rate = run.params.segmentation.margin, run.params.segmentation.discount_rate
    kind = _("revenue") if margin == 1 else _("margin at {share} of revenue").format(share=share(margin))
    return {
        "title": title,
        "alt": _("Two panels of bars by segment, in {currency}: {parts}.").format(
            currency=run.params.currency, parts="; ".join(parts)
        ),
        "read": _(
            "Expected purchases ({model}) times expected spend (Gamma-Gamma), as {kind} in {currency}, discounted by "
            "{rate} a year; lines are 95 % intervals."
        ).format(model=model, kind=kind, currency=run.params.currency, rate=share(rate)),
        "limits": _value_limits(by_segment, weeks),
        "source": source_of(run, int(by_segment["customers"].sum()), "customers"),
    }


def _value_limits(by_segment: pd.DataFrame, weeks: float) -> str:
    """Say what the intervals hold, or why there are none, and what the money is not."""
    if by_segment["value_low"].notna().any():
        held = _(
            "The intervals hold the uncertainty of the models' parameters only (by their covariance, not by "
            "refitting), not the luck of single customers nor a change of season."
        )
    else:
        held = _("The likelihood does not tell how uncertain the models' parameters are, so that no interval is given.")
    scope = _("The money is before returns; nothing after {weeks} weeks is counted.")
    return " ".join([held, scope.format(weeks=formats.number(weeks))])


def tracking(frame: pd.DataFrame, judged: Judged, run: Run) -> Words:
    """Give the words around the tracking plot."""
    ratio, day = total_ratio(judged), formats.day(judged.split)
    return {
        "title": tracking_title(ratio),
        "alt": _(
            "Two panels of lines by week up to {end}: repeat purchases made and expected. Of {n} purchases in the "
            "held-out time {model} foresaw {share}."
        ).format(
            end=formats.day(frame["ends"].iloc[-1]), n=formats.count(judged.held.actual.sum()), model=judged.chosen,
            share=formats.share(ratio.value, decimals=0),
        ),
        "read": _(
            "{model} was fitted on what lies before the dashed line ({day}); to its right it foresees what it has not "
            "seen."
        ).format(model=judged.chosen, day=day),
        "limits": _("Only customers won before {day}; the model knows no season.").format(day=day),
        "source": source_of(run, len(judged.held.actual), "customers"),
    }  # fmt: skip


def tracking_title(ratio: Estimate) -> str:
    """Say whether the model foresaw too much, too little or about right, or that this cannot be told."""
    if not ratio.is_known:
        return _("Whether the model keeps step cannot be told: nobody bought again in the held-out time")
    words = formats.estimate(ratio, "share")
    foresaw = _("The model foresaw {ratio} of the held-out purchases").format(ratio=words)
    if _cannot_tell(ratio):
        return _("{foresaw}: whether that is right cannot be told").format(foresaw=foresaw)
    if not ratio.excludes(1):
        return _("{foresaw}: about right").format(foresaw=foresaw)
    much = abs(ratio.value - 1) > 0.1
    if ratio.value < 1:
        return (_("{foresaw}: it is too cautious") if much else _("{foresaw}: a little cautious")).format(
            foresaw=foresaw
        )
    return (_("{foresaw}: it promises too much") if much else _("{foresaw}: a little too many")).format(foresaw=foresaw)


def _cannot_tell(ratio: Estimate) -> bool:
    """Whether an interval that holds 1 is missing or too wide to say that the forecast is right."""
    return not ratio.has_interval or (not ratio.excludes(1) and ratio.high - ratio.low > TOO_WIDE)


def held_out_money(ratio: Estimate) -> str:
    """Say how the money foreseen of the held-out time stands against what was spent in it."""
    if not ratio.is_known:
        return _("Whether the values hold in money cannot be told from the held-out time.")
    foresaw = _(
        "In money the models foresaw {ratio} of what the same customers spent in the held-out time, before returns"
    ).format(ratio=formats.estimate(ratio, "share"))
    if _cannot_tell(ratio):
        return _("{foresaw}; whether that is right cannot be told.").format(foresaw=foresaw)
    if not ratio.excludes(1):
        return _("{foresaw}: that is about right.").format(foresaw=foresaw)
    if ratio.value < 1:
        return _("{foresaw}: over such a time values were too low.").format(foresaw=foresaw)
    return _("{foresaw}: over such a time values were too high.").format(foresaw=foresaw)


def independence(correlation: Estimate) -> str:
    """Say whether frequency and spend go together, which the values take not to be so, and what follows."""
    if not correlation.has_interval:
        return _("Whether frequent buyers spend more a purchase, which the spend model excludes, cannot be tested.")
    found = _(
        "How often repeat buyers come and what they spend a purchase have a rank correlation of {r} ({low} to {high})"
    )
    found = found.format(**{
        name: formats.fixed(value, 2)
        for name, value in (("r", correlation.value), ("low", correlation.low), ("high", correlation.high))
    })  # fmt: skip
    if not correlation.excludes(0) and max(-correlation.low, correlation.high) > 2 * NEAR_NOUGHT:
        return _("{found}; the spend model takes it to be nought, which these data cannot settle.").format(found=found)
    if not correlation.excludes(0) or abs(correlation.value) <= NEAR_NOUGHT:
        return _("{found}; the spend model takes it to be nought, which is near enough.").format(found=found)
    if correlation.value > 0:
        words = _(
            "{found}; the spend model takes it to be nought. Who was seen once or twice is drawn towards the mean of "
            "more frequent buyers, so that such customers' values are rather too high."
        )
    else:
        words = _(
            "{found}; the spend model takes it to be nought. Who was seen once or twice is drawn towards the mean of "
            "more frequent buyers, so that such customers' values are rather too low."
        )
    return words.format(found=found)


def held_out_means(means: pd.DataFrame, judged: Judged, run: Run) -> Words:
    """Give the words around the held-out means by frequency."""
    inside = ((means["expected"] >= means["low"]) & (means["expected"] <= means["high"])).sum()
    return {
        "title": _("In {inside} of {n} groups the expectation lies within the error of what was made").format(
            inside=inside, n=len(means)
        ),
        "alt": _(
            "Dots by repeat purchases before {day}: mean purchases after it, made and expected by {model}."
        ).format(day=formats.day(judged.split), model=judged.chosen),
        "read": _("Each pair of dots is a group of customers; the line is the 95 % interval of what was made."),
        "limits": _("Groups of frequent buyers are small, so that their intervals are wide."),
        "source": source_of(run, len(judged.held.actual), "customers"),
    }


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
            model=judged.chosen,
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


def forecast_label(name: str, judged: Judged) -> str:
    """Call a forecast by its name on the page: a model as in its paper, a rule of thumb in plain words."""
    model = judged.models.get(name)
    if isinstance(model, ModifiedBetaGeoCNBD):
        return name.replace("-k", f"-{model.k}")
    plain = {
        "own_rate": _("own past rate"),
        "own_rate_unless_silent": _("own past rate, none if long silent"),
        "average_rate": _("everybody the average rate"),
    }
    return plain.get(name, name)


def models_note(table: pd.DataFrame, judged: Judged) -> str:
    """Say how the model was chosen, and which rule of thumb or other model did better than it in the held-out time."""
    return " ".join([_choice(judged), _rules_of_thumb(table, judged), *_closer_models(table)])


def _choice(judged: Judged) -> str:
    day = formats.day(judged.split)
    if judged.choice is None:
        words = _(
            "{model} was chosen by its likelihood: too few had bought twice early enough before {day} for a trial."
        )
        return words.format(model=judged.chosen, day=day)
    return _(
        "{model} was chosen in a trial before {day}, where it gave what customers then did the highest probability; "
        "the errors are those of the time after {day}, which had no say."
    ).format(model=judged.chosen, day=day)


def _rules_of_thumb(table: pd.DataFrame, judged: Judged) -> str:
    """Compare the best rule of thumb with the chosen model; where the rule wins, the sentence says so."""
    rule = table[table["forecast"].isin(HEURISTICS)].iloc[0]
    name = forecast_label(rule["forecast"], judged)
    if rule["mae_difference_high"] < 0:
        words = _("A rule of thumb does better: “{rule}” errs by {less} purchases a customer less ({from_} to {to}).")
        return words.format(rule=name, **_less(rule))
    if rule["mae_difference_low"] > 0:
        words = _("Every rule of thumb errs by more; the best of them, “{rule}”, by {more} ({from_} to {to}).")
        low, high = (formats.fixed(rule[f"mae_difference_{side}"], 3) for side in ("low", "high"))
        return words.format(rule=name, more=formats.fixed(rule["mae_difference"], 3), from_=low, to=high)
    return _("The rule of thumb “{rule}” cannot be told apart from it by its mean absolute error.").format(rule=name)


def _closer_models(table: pd.DataFrame) -> list[str]:
    """Name the model that would have been closer; it is not taken for that, or the judgement would be worth nothing."""
    closer = table[~table["forecast"].isin(HEURISTICS) & (table["mae_difference_high"] < 0)]
    if closer.empty:
        return []
    words = _("{model} would have erred by {less} less ({from_} to {to}), which the trial could not know.")
    return [words.format(model=closer["forecast"].iloc[0], **_less(closer.iloc[0]))]


def _less(row: pd.Series) -> dict[str, str]:
    names = {"less": "mae_difference", "from_": "mae_difference_high", "to": "mae_difference_low"}
    return {key: formats.fixed(abs(row[name]), 3) for key, name in names.items()}


def value_answer(value: Estimate, forecast: Forecast, run: Run) -> str:
    """Say what today's customers are worth within the horizon, before returns, by which model and how surely."""
    weeks, model = run.params.segmentation.lifetime_weeks, "" if forecast.valued is None else forecast.valued.name
    between = _("no interval can be given")
    if value.has_interval:
        between = _("{interval} by the uncertainty of the models' parameters alone").format(
            interval=formats.interval(value.low, value.high, "money", run.params.currency)
        )
    words = _(
        "Within {weeks} weeks today's customers are expected to bring {money} before returns ({interval}; {model})."
    )
    said = words.format(weeks=formats.number(weeks), money=money(run, value.value), interval=between, model=model)
    return f"{said} {_off(forecast.money)}".strip()


def _off(ratio: Estimate) -> str:
    """Say by how much such values were off in the held-out time; nothing where that cannot be told from right."""
    if not ratio.excludes(1):
        return ""
    words = _("Such values were {off} too low in the held-out time.")
    if ratio.value > 1:
        words = _("Such values were {off} too high in the held-out time.")
    return words.format(off=share(abs(ratio.value - 1)))
