"""The headline numbers of value: what today's customers are worth, and how such values did in the held-out time."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Final

from crmlib.measures import Headline, Measure
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.segmentation.value.forecast import Forecast
    from crmlib.workspace import Run

VALUE_AHEAD: Final = Measure(
    code="value_ahead",
    title=N_("Value ahead"),
    unit="money",
    meaning=N_("Money expected of today's customers within {weeks} weeks, before returns and discounted ({model})."),
    people=N_("customers valued"),
    source="transactions: customer_id, ordered_at, amount",
)
VALUE_HELD_OUT: Final = Measure(
    code="value_held_out",
    title=N_("Money foreseen of that spent"),
    unit="share",
    meaning=N_(
        "Money that the same models foresaw of the held-out time over what the same customers spent in it: 1 is right."
    ),
    people=N_("customers known before the held-out time"),
    source="transactions: customer_id, ordered_at, amount",
)


def value_headlines(forecast: Forecast, run: Run) -> list[Headline]:
    """Give the headline numbers of value; none where nobody could be valued."""
    valued, before = forecast.valued, forecast.valued_before
    if valued is None:
        return []
    model = _("{model} and Gamma-Gamma")
    if not valued.spend_model.has_own_mean:
        model = _("{model}; spend drawn towards the mean of repeat buyers, since Gamma-Gamma has none to be believed")
    weeks = run.say("{weeks:number}", weeks=run.params.segmentation.lifetime_weeks)
    told = {"weeks": weeks, "model": run.say(model, model=valued.label)}
    # the held-out time may refute the models' own interval: it is not handed on then
    ahead = replace(valued.total, low=nan, high=nan) if forecast.money_refuted else valued.total
    return [
        VALUE_AHEAD.headline(
            ahead, told=told, people=run.rules.basis(ahead.n, valued.largest),
            previous=None if before is None else before.total,
            previous_people=None if before is None else run.rules.basis(before.total.n, before.largest),
        ),
        VALUE_HELD_OUT.headline(forecast.money),
    ]  # fmt: skip
