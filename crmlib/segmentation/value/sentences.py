"""The words of value: what customers are worth and how far to believe it."""

from typing import Final

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.model_sentences import cannot_tell
from crmlib.segmentation.wording import Words, money, share, source_of
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run

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


def held_out_money(ratio: Estimate) -> str:
    """Say how the money foreseen of the held-out time stands against what was spent in it."""
    if not ratio.is_known:
        return _("Whether the values hold in money cannot be told from the held-out time.")
    foresaw = _(
        "In money the models foresaw {ratio} of what the same customers spent in the held-out time, before returns"
    ).format(ratio=formats.estimate(ratio, "share"))
    if cannot_tell(ratio):
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
        "How often repeat buyers come and what they spend a purchase, set against what the spend model gives customers "
        "who come as often, have a rank correlation of {r} ({low} to {high})"
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
