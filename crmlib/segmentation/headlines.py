"""The chapter's headline numbers, each with what it counts and what it was a period ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.segmentation.business.headlines import business_headlines
from crmlib.segmentation.customers.measures import customer_headlines
from crmlib.segmentation.measures import HELD_OUT, VALUE_AHEAD
from crmlib.segmentation.value.valuation import portfolio_value, rests_on_one
from crmlib.segmentation.value.wording import model_label
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.measures import Headline
    from crmlib.segmentation.study import Study
    from crmlib.segmentation.value.forecast import Forecast
    from crmlib.workspace import Run


def headlines(found: Study, run: Run) -> list[Headline]:
    """Collect the headline numbers of the chapter: of the business, of the customers and of their value."""
    if found.months.empty:
        return []
    return [*business_headlines(found, run), *customer_headlines(found.base, run), *_of_value(found.forecast, run)]


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
