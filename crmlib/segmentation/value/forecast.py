"""From the history to the value ahead: hold out, choose, fit, value; or say what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import nan
from typing import TYPE_CHECKING, Final

from crmlib.btyd.gamma_gamma import NoSpendModelError
from crmlib.measures import Headline, Measure
from crmlib.reporting import Shown, insufficient
from crmlib.segmentation.value.holdout import ENOUGH_REPEAT_BUYERS, MODELS, Judged, judge, split_date
from crmlib.segmentation.value.money import SpendEachTime, held_out_money, spend_each_time
from crmlib.segmentation.value.tracking import weekly_tracking
from crmlib.segmentation.value.valuation import CustomerValue, histories_before, value_customers, with_next_purchase
from crmlib.stats import Estimate
from crmlib.words import N_, _

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from ibis import Table

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
            ahead, told=told, people=_people(valued, run),
            previous=None if before is None else before.total,
            previous_people=None if before is None else _people(before, run),
        ),
        VALUE_HELD_OUT.headline(forecast.money),
    ]  # fmt: skip


def _people(valued: CustomerValue, run: Run) -> int:
    """Say how many people stand behind the value: one, where it must not be told for one customer's part of it."""
    return 1 if run.too_few(valued.total.n, largest=valued.largest) else valued.total.n


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the models say, and what they had to prove before.

    Money is that foreseen of the held-out time over that spent in it. Nothing is judged where too few came back before
    the split, and nobody is valued where too few came back at all or what they spend carries no spend model:
    ``missing`` and ``without_value`` are what the page says then.
    """

    judged: Judged | None
    tracked: pd.DataFrame | None
    money: Estimate
    valued: CustomerValue | None
    valued_before: CustomerValue | None
    missing: Shown
    without_value: Shown
    each_time: SpendEachTime = field(default_factory=SpendEachTime)

    @property
    def money_refuted(self) -> bool:
        """Whether what was spent in the held-out time lies outside the interval that the models give themselves."""
        return self.money.excludes(1)

    @property
    def purchases_refuted(self) -> bool:
        """Whether the purchases made in the held-out time do."""
        return self.judged is not None and self.judged.ratio.excludes(1)


def forecast_value(transactions: Table, run: Run, days: Table | None = None) -> Forecast:
    """Choose a purchase model inside the history, judge it on a later part, fit it on all of it and value everybody.

    Order lines or orders say when the history begins; what customers did is asked of their days where they are given.
    """
    first = transactions.ordered_at.min()
    if days is not None:
        transactions = days
    section, as_of = run.params.segmentation, run.as_of
    summary = histories_before(transactions, as_of)
    repeaters = _repeat_buyers(summary)
    if repeaters < ENOUGH_REPEAT_BUYERS:
        missing = _too_few(repeaters, as_of, run)
        return Forecast(None, None, Estimate.unknown(), None, None, missing, missing)
    began = first.execute().date()
    split = split_date(began, as_of, section.holdout_share)
    early = _repeat_buyers(histories_before(transactions, split))
    judged, tracked, money, each_time = None, None, Estimate.unknown(), SpendEachTime()
    model = next(iter(MODELS))
    if early >= ENOUGH_REPEAT_BUYERS:
        judged = judge(transactions, began, split, as_of, section.seed)
        model = judged.chosen
        tracked = weekly_tracking(transactions, split, as_of, judged.models[model])
        money = held_out_money(judged, transactions, as_of)
        each_time = spend_each_time(judged, transactions, as_of)
    valued = _valued(summary, run, model)
    if valued is not None:
        valued = with_next_purchase(valued, summary, as_of)
    before = _valued(histories_before(transactions, run.previous_as_of), run, model)
    return Forecast(judged, tracked, money, valued, before, _too_few(early, split, run), _no_spend_model(), each_time)


def _valued(summary: pd.DataFrame, run: Run, model: str) -> CustomerValue | None:
    if _repeat_buyers(summary) < ENOUGH_REPEAT_BUYERS:
        return None
    try:
        return value_customers(summary, run.params.segmentation, model)
    except NoSpendModelError:
        return None


def _no_spend_model() -> Shown:
    return insufficient(
        needed=_("repeat purchases that differ from customer to customer"),
        found=_("all spend the same on a purchase"),
        therefore=_("No values are shown."),
    )


def _repeat_buyers(summary: pd.DataFrame) -> int:
    return int((summary["frequency"] > 0).sum())


def _too_few(found: int, as_of: date, run: Run) -> Shown:
    needed = _("{n:count} customers with a second purchase before {day:day}")
    return insufficient(
        needed=run.say(needed, n=ENOUGH_REPEAT_BUYERS, day=as_of),
        found=run.say("{n:people}", n=found),
        therefore=_("No purchase model is fitted, and this part is not shown."),
    )
