"""The words of value: what customers are worth and how far to believe it."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.value.holdout import PAST_RATE, Holdout, total_ratio
from crmlib.segmentation.wording import Words, money, share, source_of
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run


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
        "limits": _(
            "The intervals hold the uncertainty of the models' parameters, not the luck of single customers nor a "
            "change of season; nothing after {weeks} weeks is counted."
        ).format(weeks=formats.number(weeks)),
        "source": source_of(run, int(by_segment["customers"].sum()), "customers"),
    }


def tracking(frame: pd.DataFrame, held: Holdout, model: str, run: Run) -> Words:
    """Give the words around the tracking plot."""
    ratio = total_ratio(held, model)
    return {
        "title": tracking_title(ratio),
        "alt": _(
            "Two panels of lines by week up to {end}: repeat purchases made and expected. Of {n} purchases in the "
            "held-out time {model} foresaw {share}."
        ).format(
            end=formats.day(frame["ends"].iloc[-1]), n=formats.count(held.summary["purchases"].sum()), model=model,
            share=formats.share(ratio.value, decimals=0),
        ),
        "read": _(
            "{model} was fitted on what lies before the dashed line ({day}); to its right it foresees what it has not "
            "seen."
        ).format(model=model, day=formats.day(held.split)),
        "limits": _("Only customers won before {day}; the model knows no season.").format(day=formats.day(held.split)),
        "source": source_of(run, len(held.summary), "customers"),
    }  # fmt: skip


def tracking_title(ratio: Estimate) -> str:
    """Say whether the model foresaw too much, too little, or about right."""
    words = formats.estimate(ratio, "share")
    foresaw = _("The model foresaw {ratio} of the held-out purchases").format(ratio=words)
    if not ratio.excludes(1):
        return _("{foresaw}: about right").format(foresaw=foresaw)
    much = abs(ratio.value - 1) > 0.1
    if ratio.value < 1:
        return (_("{foresaw}: it is too cautious") if much else _("{foresaw}: a little cautious")).format(
            foresaw=foresaw
        )
    return (_("{foresaw}: it promises too much") if much else _("{foresaw}: a little too many")).format(foresaw=foresaw)


def held_out_means(means: pd.DataFrame, model: str, held: Holdout, run: Run) -> Words:
    """Give the words around the held-out means by frequency."""
    inside = ((means["expected"] >= means["low"]) & (means["expected"] <= means["high"])).sum()
    return {
        "title": _("In {inside} of {n} groups the expectation lies within the error of what was made").format(
            inside=inside, n=len(means)
        ),
        "alt": _(
            "Dots by repeat purchases before {day}: mean purchases after it, made and expected by {model}."
        ).format(day=formats.day(held.split), model=model),
        "read": _("Each pair of dots is a group of customers; the line is the 95 % interval of what was made."),
        "limits": _("Groups of frequent buyers are small, so that their intervals are wide."),
        "source": source_of(run, len(held.summary), "customers"),
    }


def models_note(judged: pd.DataFrame, model: str) -> str:
    """Say which model was chosen and, where the heuristic is ahead of it in a measure, say so."""
    rule = judged.loc[judged["model"] == PAST_RATE].iloc[0]
    chosen = _("{model} was chosen: least Poisson deviance in the held-out time.").format(model=model)
    numbers = [formats.fixed(abs(rule[name]), 3) for name in ("worse", "worse_low", "worse_high")]
    if rule["worse_high"] < 0:
        words = _(
            " By mean absolute error the plain past rate is ahead by {error} purchases a customer ({to} to {from_})."
        )
    elif rule["worse_low"] > 0:
        words = _(" The plain past rate errs by {error} purchases a customer more ({from_} to {to}).")
    else:
        words = _(" By mean absolute error the plain past rate cannot be told apart from it.")
    return chosen + words.format(
        error=numbers[0],
        from_=numbers[1] if rule["worse_low"] > 0 else numbers[2],
        to=numbers[2] if rule["worse_low"] > 0 else numbers[1],
    )


def value_answer(value: Estimate, model: str, weeks: float, run: Run) -> str:
    """Say what today's customers are worth within the horizon, and by which model."""
    between = formats.interval(value.low, value.high, "money", run.params.currency)
    words = _("Within {weeks} weeks today's customers are expected to bring {money} ({interval}; {model}).")
    return words.format(weeks=formats.number(weeks), money=money(run, value.value), interval=between, model=model)
