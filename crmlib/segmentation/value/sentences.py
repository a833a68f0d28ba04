"""The words of value: what customers are worth and how far to believe it."""

from typing import Final

import pandas as pd

from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.model_sentences import cannot_tell
from crmlib.segmentation.value.money import SpendEachTime
from crmlib.segmentation.value.wording import held_out_weeks, model_label, span_of
from crmlib.segmentation.wording import Words, money, share, source_of
from crmlib.stats import Estimate
from crmlib.words import _, formats
from crmlib.workspace import Run

NEAR_NOUGHT: Final = 0.1
"""A correlation of frequency and spend up to which the values are hardly touched."""

FAR_OFF: Final = 0.2
"""Values that were off by so much in the held-out time are nothing to plan on."""


def value(shown: pd.DataFrame, n: int, forecast: Forecast, run: Run) -> Words:
    """Give the words around the picture of value by segment.

    Parameters
    ----------
    shown
        The segments of :func:`crmlib.segmentation.value.valuation.value_by_segment` as the gate lets them through.
    n
        How many customers were valued.
    forecast
        The value ahead.
    run
        The run.
    """
    section = run.params.segmentation
    told = shown[shown["value"].notna()]
    parts = [
        _("{name} {money} each").format(name=segment_label(row["segment"]), money=money(run, row["value_each"]))
        for _index, row in told.iterrows()
    ]
    kind = (
        _("revenue") if section.margin == 1 else _("margin at {share} of revenue").format(share=share(section.margin))
    )
    read = _(
        "Expected purchases ({model}) times expected spend (Gamma-Gamma), as {kind} in {currency}, discounted by "
        "{rate} a year{lines}."
    )
    lines = _("; lines are 95 % intervals") if told["value_low"].notna().any() else ""
    return {
        "title": _value_title(told, section.lifetime_weeks),
        "alt": _("Two panels of bars by segment, in {currency}: {parts}.").format(
            currency=run.params.currency, parts="; ".join(parts) or _("all hidden")
        ),
        "read": read.format(
            model=_model(forecast), kind=kind, currency=run.params.currency, rate=share(section.discount_rate),
            lines=lines,
        ),
        "limits": _value_limits(told, forecast, section.lifetime_weeks),
        "source": source_of(run, n, "customers"),
    }  # fmt: skip


def _model(forecast: Forecast) -> str:
    valued = forecast.valued
    return "" if valued is None else model_label(valued.name, valued.purchase_model)


def _value_title(told: pd.DataFrame, weeks: float) -> str:
    """Name the segment that holds most of the value, of those that are shown."""
    if told.empty:
        return _("Too few customers in each segment to show what they are worth")
    top = told.iloc[int(told["value"].argmax())]
    return _("{segment} hold {share} of the money expected within {weeks} weeks").format(
        segment=segment_label(top["segment"]), share=share(top["value_share"]), weeks=formats.number(weeks)
    )


def _value_limits(told: pd.DataFrame, forecast: Forecast, weeks: float) -> str:
    """Say what the intervals hold, or why there are none, and what the money is not."""
    if told["value_low"].notna().any():
        held = _(
            "The intervals hold the uncertainty of the models' parameters only (by their covariance, not by "
            "refitting), not the luck of single customers nor a change of season."
        )
    elif forecast.money.excludes(1):
        held = _(
            "No interval of the money is given: what was spent in the held-out time lies outside the one that the "
            "models give themselves."
        )
    else:
        held = _("The likelihood does not tell how uncertain the models' parameters are, so that no interval is given.")
    scope = _("The money is before returns; nothing after {weeks} weeks is counted.")
    return " ".join([held, *spend_towards(forecast), scope.format(weeks=formats.number(weeks))])


def spend_towards(forecast: Forecast) -> list[str]:
    """Say where the spend model's own mean could not be believed, and what took its place; nothing where it could."""
    if forecast.valued is None or forecast.valued.spend_model.has_own_mean:
        return []
    return [
        _(
            "What these customers spend gives Gamma-Gamma no mean to be believed (none exists, or one beside what was "
            "paid): whoever has no repeat purchase is taken to spend the mean of those who have, the others what they "
            "spent, drawn towards it."
        )
    ]


def held_out_money(forecast: Forecast, run: Run) -> str:
    """Say how the money foreseen of the held-out time stands against what was spent in it, and how long that was."""
    ratio, judged = forecast.money, forecast.judged
    if judged is None or not ratio.is_known:
        return _("Whether the values hold in money cannot be told from the held-out time.")
    foresaw = _(
        "In money the models foresaw {ratio} of what the same customers spent in the held-out time ({span}), before "
        "returns"
    ).format(ratio=formats.estimate(ratio, "share"), span=span_of(judged.split, run.as_of))
    return f"{_held(ratio).format(foresaw=foresaw)} {_season(forecast, run)}".strip()


def _held(ratio: Estimate) -> str:
    if cannot_tell(ratio):
        return _("{foresaw}; whether that is right cannot be told.")
    if not ratio.excludes(1):
        return _("{foresaw}: that is about right.")
    if ratio.value < 1:
        return _("{foresaw}: over such a time values were too low.")
    return _("{foresaw}: over such a time values were too high.")


def _season(forecast: Forecast, run: Run) -> str:
    """Say how much shorter the held-out time is than the one that the values are told of."""
    weeks = run.params.segmentation.lifetime_weeks
    if forecast.judged is None or forecast.judged.held.horizon >= weeks:
        return ""
    words = _("The held-out time is {held} long, the value ahead {weeks}: a season in it weighs more.")
    return words.format(held=held_out_weeks(forecast.judged), weeks=formats.number(weeks))


def independence(correlation: Estimate, each: SpendEachTime) -> str:
    """Say whether frequency and spend go together, which the values take not to be so, and what came of it.

    Parameters
    ----------
    correlation
        The rank correlation of :class:`crmlib.segmentation.value.valuation.CustomerValue`.
    each
        What the spend model foresaw of single purchases in the held-out time.
    """
    takes = _("The spend model assumes that how often customers come says nothing about how much they spend each time.")
    if not correlation.has_interval:
        return f"{takes} {_('Whether that is so cannot be tested here.')}"
    r, low, high = (formats.fixed(value, 2) for value in (correlation.value, correlation.low, correlation.high))
    between = _("rank correlation {r}, {low} to {high}").format(r=r, low=low, high=high)
    found = _here(correlation).format(between=between)
    return " ".join(filter(None, [takes, found, _came_of_it(each) if _goes_together(correlation) else ""]))


def _goes_together(correlation: Estimate) -> bool:
    return correlation.excludes(0) and abs(correlation.value) > NEAR_NOUGHT


def _here(correlation: Estimate) -> str:
    if _goes_together(correlation) and correlation.value > 0:
        return _("Here frequent buyers spend more each time ({between}).")
    if _goes_together(correlation):
        return _("Here frequent buyers spend less each time ({between}).")
    if not correlation.excludes(0) and max(-correlation.low, correlation.high) > 2 * NEAR_NOUGHT:
        return _("These data cannot settle that ({between}).")
    return _("Here that is near enough ({between}).")


def _came_of_it(each: SpendEachTime) -> str:
    """Say what the spend model foresaw of the rare and of the others, and whether that differs."""
    apart = each.apart
    if not apart.has_interval:
        return _("Least sure are the values of customers seen once or twice, who are drawn towards the mean of all.")
    words = _("{foresaw}: that the values of such customers are further off than the others' is not shown.")
    if apart.excludes(1):
        words = _("{foresaw}: beside the others' values those of such customers are rather too low.")
    if apart.low > 1:
        words = _("{foresaw}: beside the others' values those of such customers are rather too high.")
    foresaw = _(
        "In the held-out time it foresaw {rare} of what customers seen once or twice spent each time, and {others} of "
        "what the others did"
    )
    rare, others = (_whole(estimate) for estimate in (each.rare, each.others))
    return words.format(foresaw=foresaw.format(rare=rare, others=others))


def _whole(ratio: Estimate) -> str:
    value, low, high = (formats.share(part, decimals=0) for part in (ratio.value, ratio.low, ratio.high))
    return _("{value} ({low} to {high})").format(value=value, low=low, high=high)


def value_answer(value: Estimate, forecast: Forecast, run: Run) -> str:
    """Say what today's customers are worth within the horizon, before returns, and whether to plan on it."""
    between = _(" (no interval can be given)")
    if value.has_interval:
        between = _(" ({interval} by the uncertainty of the models' parameters alone)").format(
            interval=formats.interval(value.low, value.high, "money", run.params.currency)
        )
    words = _("Today's customers are expected to bring {money} in the next {weeks} weeks, before returns{between}.")
    said = words.format(
        weeks=formats.number(run.params.segmentation.lifetime_weeks), money=money(run, value.value),
        # the held-out time refutes the models' own interval: it is not handed on
        between="" if forecast.money.excludes(1) else between,
    )  # fmt: skip
    return f"{said} {_off(forecast, run)}".strip()


def _off(forecast: Forecast, run: Run) -> str:
    """Say how far off the same method was in the held-out time; nothing where that cannot be told from right."""
    ratio, judged = forecast.money, forecast.judged
    if judged is None or not ratio.excludes(1):
        return ""
    off, high = abs(ratio.value - 1), ratio.value > 1
    ends = sorted(abs(end - 1) for end in (ratio.low, ratio.high))
    caution = _("That may be too much") if high else _("That may be too little")
    if off >= FAR_OFF:
        caution = _("Do not plan on it")
    words = _("{caution}: for {span} the same method foresaw {off} less than was spent ({from_} to {to}).")
    if high:
        words = _("{caution}: for {span} the same method foresaw {off} more than was spent ({from_} to {to}).")
    size, from_, to = (formats.share(part, decimals=0 if off >= 0.1 else 1) for part in (off, *ends))
    return words.format(caution=caution, span=span_of(judged.split, run.as_of), off=size, from_=from_, to=to)
