"""The chapter's headline numbers, each with what it counts and what it was a period ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.segmentation.business.headlines import business_headlines
from crmlib.segmentation.customers.segments import BEST, segment_label
from crmlib.segmentation.measures import BEST_SEGMENTS, HELD_OUT, LEFT_BEST, OVERDUE, TOP_TENTH, VALUE_AHEAD
from crmlib.segmentation.value.valuation import portfolio_value, rests_on_one
from crmlib.segmentation.value.wording import model_label
from crmlib.stats import Estimate
from crmlib.stats.concentration import top_share
from crmlib.stats.intervals import proportion
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.measures import Headline
    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.study import Study
    from crmlib.segmentation.value.forecast import Forecast
    from crmlib.workspace import Run

STAGES_OVERDUE: Final = ("at_risk", "dormant")


def headlines(found: Study, run: Run) -> list[Headline]:
    """Collect the headline numbers of the chapter: of the business, of the customers and of their value."""
    if found.months.empty:
        return []
    return [*business_headlines(found, run), *_of_base(found.base, run), *_of_value(found.forecast, run)]


def _of_base(base: CustomerBase, run: Run) -> list[Headline]:
    if base.now.empty:
        return []
    told = {"best": run.say("{best:list}", best=[segment_label(code) for code in BEST])}
    headlines = [
        BEST_SEGMENTS.headline(_best(base.now), previous=_best(base.before), told=told),
        TOP_TENTH.headline(
            top_share(base.now["spend"]), previous=top_share(base.before["spend"]) if len(base.before) else None,
            people=_top_tenth(base.now), previous_people=_top_tenth(base.before),
        ),
        OVERDUE.headline(_overdue(base.now), previous=_overdue(base.before)),
    ]  # fmt: skip
    if base.moved is not None:
        headlines.append(LEFT_BEST.headline(float(base.moved["left_best"].sum()), told=told))
    return headlines


def _overdue(customers: pd.DataFrame) -> float:
    return float(customers["lifecycle"].isin(STAGES_OVERDUE).sum())


def _top_tenth(customers: pd.DataFrame) -> int:
    """Count the people whose money the share of the top tenth is."""
    return int(0.1 * len(customers))


def _best(customers: pd.DataFrame) -> Estimate | None:
    if customers.empty:
        return None
    return proportion(int(customers["segment"].isin(BEST).sum()), len(customers))


def _of_value(forecast: Forecast, run: Run) -> list[Headline]:
    if forecast.valued is None:
        return []
    before = None if forecast.valued_before is None else portfolio_value(forecast.valued_before)
    value = portfolio_value(forecast.valued)
    if forecast.money.excludes(1):
        # the held-out time refutes the models' own interval: it is not handed on
        value = Estimate(value.value, float("nan"), float("nan"), value.n)
    model = model_label(forecast.valued.name, forecast.valued.purchase_model)
    method = _("{model} and Gamma-Gamma")
    if not forecast.valued.spend_model.has_own_mean:
        method = _("{model}; spend drawn towards the mean of repeat buyers, since Gamma-Gamma has none to be believed")
    weeks = run.say("{weeks:number}", weeks=run.params.segmentation.lifetime_weeks)
    return [
        VALUE_AHEAD.headline(
            value, previous=before, told={"weeks": weeks, "method": run.say(method, model=model)},
            people=1 if rests_on_one(forecast.valued) else None,
            previous_people=1 if forecast.valued_before is not None and rests_on_one(forecast.valued_before) else None,
        ),
        HELD_OUT.headline(forecast.money),
    ]  # fmt: skip
