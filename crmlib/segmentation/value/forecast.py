"""From the history to the value ahead: hold out, choose, fit, value; or say what is missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from crmlib.features import purchase_summary
from crmlib.reporting import Shown, formats, insufficient
from crmlib.segmentation.value.holdout import ENOUGH_REPEAT_BUYERS, MODELS, Judged, judge, split_date
from crmlib.segmentation.value.tracking import weekly_tracking
from crmlib.segmentation.value.valuation import CustomerValue, value_customers, with_next_purchase
from crmlib.words import _
from crmlib.workspace import Run

SIMPLEST: Final = next(iter(MODELS))


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the models say, and what they had to prove before.

    Attributes
    ----------
    judged
        The choice, and the models on the held-out time; ``None`` where too few came back before the split.
    tracked
        The chosen model week by week.
    valued
        Every customer's value ahead, by the chosen model fitted on the whole history.
    valued_before
        The same a period ago, recomputed.
    missing
        What the page says where one of these is ``None``.
    """

    judged: Judged | None
    tracked: pd.DataFrame | None
    valued: CustomerValue | None
    valued_before: CustomerValue | None
    missing: Shown


def forecast_value(transactions: Any, run: Run) -> Forecast:
    """Choose a purchase model inside the history, judge it on a later part, fit it on all of it and value everybody.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    run
        The run, for ``as_of`` and the chapter's parameters.

    Returns
    -------
    Forecast
        With ``None`` for what too few repeat buyers do not carry; the sentence to show instead is ``missing``.
    """
    section, as_of = run.params.segmentation, run.as_of
    repeaters = _repeat_buyers(transactions, as_of)
    if repeaters < ENOUGH_REPEAT_BUYERS:
        return Forecast(None, None, None, None, _too_few(repeaters, as_of, run))
    first = transactions.ordered_at.min().execute().date()
    split = split_date(first, as_of, section.holdout_share)
    early = _repeat_buyers(transactions, split)
    judged, model, tracked = None, SIMPLEST, None
    if early >= ENOUGH_REPEAT_BUYERS:
        judged = judge(transactions, first, split, as_of)
        model = judged.chosen
        tracked = weekly_tracking(transactions, split, as_of, judged.models[model])
    valued = with_next_purchase(value_customers(transactions, as_of, section, model), transactions, as_of)
    before = _valued_before(transactions, run, model)
    return Forecast(judged, tracked, valued, before, _too_few(early, split, run))


def _valued_before(transactions: Any, run: Run, model: str) -> CustomerValue | None:
    if _repeat_buyers(transactions, run.previous_as_of) < ENOUGH_REPEAT_BUYERS:
        return None
    return value_customers(transactions, run.previous_as_of, run.params.segmentation, model)


def _repeat_buyers(transactions: Any, as_of: date) -> int:
    summary = purchase_summary(transactions, as_of)
    return int(summary.filter(summary.frequency > 0).count().execute())


def _too_few(found: int, as_of: date, run: Run) -> Shown:
    shown = run.rules.rounded(found)
    return insufficient(
        needed=_("{n} customers with a second purchase before {day}").format(
            n=ENOUGH_REPEAT_BUYERS, day=formats.day(as_of)
        ),
        found=formats.count(shown) if shown is not None else _("fewer than {k}").format(k=run.rules.threshold),
        therefore=_("No purchase model is fitted, and this part is not shown."),
    )
