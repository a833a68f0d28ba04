"""The first screen of the chapter: the answer in a few sentences and the strip of headline figures."""

import pandas as pd

from crmlib.reporting import Indicator, Shown, answer, insufficient, show_all, strip
from crmlib.segmentation.business import sentences as of_business
from crmlib.segmentation.customers import movement_sentences as of_movement
from crmlib.segmentation.customers import sentences as of_customers
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.headlines import Headline, estimated, headlines
from crmlib.segmentation.value import value_answer
from crmlib.segmentation.value.forecast import Forecast
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run

HISTORY = 13
_COLUMNS = {
    "net_revenue": ("net", "buyers"),
    "active_customers": ("active", ""),
    "new_customers": ("new", ""),
    "average_order_value": ("average_order_value", "buyers"),
    "repurchase_rate": ("repurchase_rate", "before"),
}
"""Headlines whose small line of past months stands in a column of the monthly figures, and the people it rests on."""


def show_answer(months: pd.DataFrame, earlier: pd.DataFrame, base: CustomerBase, forecast: Forecast, run: Run) -> Shown:
    """Show the chapter's answer and its headline figures, each beside the last period's.

    Parameters
    ----------
    months, earlier
        Monthly figures as of the run's date and as of the last period's.
    base
        The customer base.
    forecast
        The value ahead.
    run
        The run.
    """
    if months.empty:
        return insufficient(
            needed=_("purchases before the report's date"), found=_("none"), therefore=_("This chapter is not shown.")
        )
    said = [of_business.headline(months, earlier, run)]
    if len(base.now) >= run.rules.threshold:
        said += filter(None, [of_customers.segments_answer(base.profile, run)])
    if base.moved is not None:
        said.append(of_movement.moved_answer(base.moved, run))
    said += filter(None, [value_answer(forecast, run)])
    named = {each.name: each for each in headlines(months, earlier, base, forecast, run)}
    shown = [*_COLUMNS, "value_ahead"]
    return show_all(answer(*said), strip([_indicator(named[n], months) for n in shown if n in named], run))


def _indicator(each: Headline, months: pd.DataFrame) -> Indicator:
    return Indicator(
        each.label,
        each.value,
        each.unit,
        previous=each.previous,
        history=_history(months, *_COLUMNS[each.name]) if each.name in _COLUMNS else None,
        people=each.people,
        definition=each.definition,
        counted=each.counted,
        previous_people=each.previous_people,
    )


def _history(months: pd.DataFrame, column: str, basis: str) -> list[Estimate | float]:
    """Give the last months of a figure; one that is no number of people comes with the people it rests on."""
    rows = (row for _place, row in months.tail(HISTORY).iterrows())
    return [estimated(row, column, basis) if basis else float(row[column]) for row in rows]
