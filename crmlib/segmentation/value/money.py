"""Did the values hold in money: what was foreseen of the held-out time over what was spent in it, in words too."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, hypot, log, sqrt
from typing import TYPE_CHECKING, Final, TypeAlias

from crmlib.btyd.gamma_gamma import NoSpendModelError
from crmlib.features import next_purchases
from crmlib.segmentation.value.errors import Floats, foreseen_of_made, reading, spend_swings, value_swings
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from ibis import Table

    from crmlib.segmentation.value.forecast import Forecast
    from crmlib.segmentation.value.holdout import Judged
    from crmlib.workspace import Run

RARE: Final = 1
"""Repeat purchases up to which a customer has been seen once or twice."""

NEAR_NOUGHT: Final = 0.1
"""A correlation of frequency and spend up to which the values are hardly touched."""

_Group: TypeAlias = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class SpendEachTime:
    """What the spend model foresaw of each purchase of the held-out time, over what was spent on it: 1 is right.

    Of customers who had been seen once or twice before it, of the others, and of the rare beside the others.
    """

    rare: Estimate = field(default_factory=Estimate.unknown)
    others: Estimate = field(default_factory=Estimate.unknown)
    apart: Estimate = field(default_factory=Estimate.unknown)


def held_out_money(judged: Judged, transactions: Table, as_of: date) -> Estimate:
    """Estimate how much money the models foresaw for each unit spent in the held-out time: 1 is right, above too much.

    What is counted is what the value ahead counts: gross product purchases of the same customers, not discounted.
    Unknown where nothing was spent, or where what was spent before carries no spend model.
    """
    customers = judged.held.summary
    made = money_made(customers.index, transactions, judged.split, as_of).to_numpy()
    try:
        spend = judged.spend
        foreseen = (judged.forecasts[judged.chosen] * spend.expected_spend(customers)).to_numpy("float64")
        swings = value_swings(customers, foreseen, judged.models[judged.chosen], spend, judged.held.horizon)
    except NoSpendModelError:
        return Estimate.unknown(len(customers))
    return foreseen_of_made(foreseen, made, swings)


def spend_each_time(judged: Judged, transactions: Table, as_of: date) -> SpendEachTime:
    """Estimate how well the spend model foresaw single purchases, taking how often customers then came as it was."""
    customers, times = judged.held.summary, judged.held.actual.to_numpy("float64")
    try:
        spend = judged.spend
        foreseen = spend.expected_spend(customers).to_numpy() * times
        swings = spend_swings(customers, spend) * times[:, None]
    except NoSpendModelError:
        return SpendEachTime()
    made = money_made(customers.index, transactions, judged.split, as_of).to_numpy()
    rare = (customers["frequency"] <= RARE).to_numpy()
    one, other = ((foreseen[rows], made[rows], swings[rows]) for rows in (rare & (times > 0), ~rare & (times > 0)))
    return SpendEachTime(foreseen_of_made(*one), foreseen_of_made(*other), _apart(one, other))


def _apart(rare: _Group, others: _Group) -> Estimate:
    """Put one ratio of foreseen to made over another: luck adds up, the parameters are the same in both."""
    one, other = (foreseen_of_made(foreseen, made, swings[:, :0]) for foreseen, made, swings in (rare, others))
    if not (one.has_interval and other.has_interval):
        return Estimate.unknown(one.n + other.n)
    moved = [swings.sum(axis=0) / foreseen.sum() for foreseen, _made, swings in (rare, others)]
    luck = hypot(*(log(ratio.high / ratio.value) for ratio in (one, other)))
    reach = hypot(luck, 1.96 * sqrt(float(((moved[0] - moved[1]) ** 2).sum())))
    value = one.value / other.value
    return Estimate(value, value * exp(-reach), value * exp(reach), one.n + other.n)


def money_made(customers: pd.Index, transactions: Table, split: date, as_of: date) -> pd.Series:
    """Sum what each of these customers spent on products from a split to ``as_of``, nothing where they did not buy."""
    later = next_purchases(transactions, split, (as_of - split).days)
    spent = later.select("customer_id", spend=later.spend.cast("float64")).to_pandas()
    return spent.set_index("customer_id")["spend"].reindex(customers).fillna(0.0)


def whether_money_held(forecast: Forecast, run: Run) -> str:
    """Say how the money foreseen of the held-out time stands against what was spent in it, and how long that was."""
    ratio, judged = forecast.money, forecast.judged
    if judged is None or not ratio.is_known:
        return _("Whether the values hold in money cannot be told from the held-out time.")
    foresaw = _(
        "In money the models foresaw {ratio:share} of what the same customers spent in the held-out time "
        "({span:span}), before returns"
    )
    foresaw += {
        "open": _("; whether that is right cannot be told."),
        "right": _(": that is about right."),
        "low": _(": over such a time values were too low."),
        "high": _(": over such a time values were too high."),
    }[reading(ratio)]
    said = run.say(foresaw, ratio=ratio, span=judged.span)
    weeks = run.params.segmentation.lifetime_weeks
    if judged.held.horizon >= weeks:
        return said
    season = _("The held-out time is {held} long, the value ahead {weeks:number}: a season in it weighs more.")
    return f"{said} {run.say(season, held=judged.length(run), weeks=weeks)}"


def independence(correlation: Estimate, each_time: SpendEachTime, run: Run) -> str:
    """Say whether frequency and spend go together, which the values take not to be so, and what came of it."""
    takes = _("The spend model assumes that how often customers come says nothing about how much they spend each time.")
    if not correlation.has_interval:
        return f"{takes} {_('Whether that is so cannot be tested here.')}"
    here = _here(correlation) + _(" (rank correlation {r:number2:point}, {r:number2:interval}).")
    came = [_came_of_it(each_time, run)] if _goes_together(correlation) else []
    return " ".join([takes, run.say(here, r=correlation), *came])


def _goes_together(correlation: Estimate) -> bool:
    return correlation.excludes(0) and abs(correlation.value) > NEAR_NOUGHT


def _here(correlation: Estimate) -> str:
    if _goes_together(correlation) and correlation.value > 0:
        return _("Here frequent buyers spend more each time")
    if _goes_together(correlation):
        return _("Here frequent buyers spend less each time")
    if not correlation.excludes(0) and max(-correlation.low, correlation.high) > 2 * NEAR_NOUGHT:
        return _("These data cannot settle that")
    return _("Here that is near enough")


def _came_of_it(each_time: SpendEachTime, run: Run) -> str:
    apart = each_time.apart
    if not apart.has_interval:
        return _("Least sure are the values of customers seen once or twice, who are drawn towards the mean of all.")
    foresaw = _(
        "In the held-out time it foresaw {rare:share0} of what customers seen once or twice spent each time, and "
        "{others:share0} of what the others did"
    )
    shown = _(": that the values of such customers are further off than the others' is not shown.")
    if apart.excludes(1):
        shown = _(": beside the others' values those of such customers are rather too low.")
    if apart.low > 1:
        shown = _(": beside the others' values those of such customers are rather too high.")
    return run.say(foresaw + shown, rare=each_time.rare, others=each_time.others)
