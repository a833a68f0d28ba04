"""How soon customers return and what they bring, as the page shows it."""

from typing import Any

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, figure, insufficient, note, show_all
from crmlib.segmentation.cohorts import figures, sentences
from crmlib.segmentation.cohorts.differences import log_rank
from crmlib.segmentation.cohorts.first_month import Won, first_month_note, won_since
from crmlib.segmentation.cohorts.places_shown import show_places
from crmlib.segmentation.cohorts.second_purchase import second_purchases, share_within, time_to_second
from crmlib.segmentation.cohorts.worth import customers_won
from crmlib.segmentation.cohorts.worth_shown import show_worth
from crmlib.words import _
from crmlib.workspace import Run

WITHIN = (30, 90, 180)


def show_return(transactions: Any, run: Run) -> Shown:
    """Show how soon a second purchase comes, what customers won bring, and where they were won."""
    waits = second_purchases(transactions, run.as_of)
    if len(waits) < run.rules.threshold or not waits["again"].any():
        return insufficient(
            needed=_("customers with a second purchase"), found=_("none or too few"),
            therefore=_("The time to the second purchase is not shown."),
        )  # fmt: skip
    new = won_since(waits, run.rules.threshold)
    worth = customers_won(transactions, run.as_of, run.table("products") if run.has("products") else None)
    parts = [
        _curve(new, run), note(_cohorts_differ(new.waits, run)), show_worth(worth, run), show_places(new, worth, run)
    ]  # fmt: skip
    return show_all(*(part for part in parts if part is not None))


def _curve(won: Won, run: Run) -> Shown:
    """Draw the share of customers with a second purchase by days since the first."""
    waits = won.waits
    found = time_to_second(waits, run.as_of)
    run.write("second_purchase", found.curve, by=["group", "days"])
    curve = found.curve[found.curve["at_risk"] >= run.rules.threshold]
    data = disclose(
        curve,
        labels=["group", "days"],
        based_on=dict.fromkeys(["share", "low", "high"], "at_risk"),
        measures=["share", "low", "high"],
        rules=run.rules,
    )
    within = {days: share_within(waits, days) for days in WITHIN}
    words = sentences.returning(found, within, run)
    words["limits"] = " ".join([words["limits"], first_month_note(won)])
    return figure(figures.second_purchase, data, **words)


def _cohorts_differ(waits: pd.DataFrame, run: Run) -> str:
    """Test each month's customers against all others."""
    months = pd.to_datetime(waits["first_day"]).dt.to_period("M").dt.to_timestamp()
    size = months.map(months.value_counts())
    return sentences.cohorts_differ(log_rank(waits["days"], waits["again"], months.where(size >= run.rules.threshold)))
