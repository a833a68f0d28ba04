"""How soon a second purchase comes, as the page shows it."""

from typing import Any

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, show_all, table
from crmlib.segmentation.cohorts import figures, sentences
from crmlib.segmentation.cohorts.second_purchase import second_purchases, share_within, time_to_second
from crmlib.words import _
from crmlib.workspace import Run

WITHIN = (30, 90, 180)


MOST_PLACES = 12


def show_return(transactions: Any, run: Run) -> Shown:
    """Show how soon a second purchase comes, and where the first one led to it."""
    waits = second_purchases(transactions, run.as_of)
    if len(waits) < run.rules.threshold or not waits["again"].any():
        return insufficient(
            needed=_("customers with a second purchase"), found=_("none or too few"),
            therefore=_("The time to the second purchase is not shown."),
        )  # fmt: skip
    found = time_to_second(waits, run.as_of)
    curve = found.curve[found.curve["at_risk"] >= run.rules.threshold]
    data = disclose(
        curve,
        labels=["group", "days"],
        based_on=dict.fromkeys(["share", "low", "high"], "at_risk"),
        measures=["share", "low", "high"],
        rules=run.rules,
    )
    within = {days: share_within(waits, days) for days in WITHIN}
    picture = figure(figures.second_purchase, data, **sentences.returning(found, within, run))
    places = _places(waits, run)
    return picture if places is None else show_all(picture, places)


def _places(waits: pd.DataFrame, run: Run) -> Shown | None:
    """Compare where the first purchase was made: channels, then stores; nothing where neither is delivered."""
    named = {"channel": waits["channel"], "store_id": _store_names(waits["store_id"], run)}
    rows = []
    for column, names in named.items():
        for name, part in waits.groupby(names):
            each = share_within(part, WITHIN[1])
            rows.append((column, str(name), len(part), each.value, each.low, each.high))
    frame = pd.DataFrame(rows, columns=["kind", "place", "customers", "value", "low", "high"])
    if len(frame) < 2:
        return None
    frame = frame.sort_values(["kind", "customers"], ascending=[True, False]).groupby("kind").head(MOST_PLACES)
    numbers = ["value", "low", "high"]
    data = disclose(
        frame.drop(columns="kind"),
        labels=["place"],
        counts=["customers"],
        based_on="customers",
        measures=numbers,
        rules=run.rules,
    )
    columns = {
        "place": Shows(_("First purchase")),
        "customers": Shows(_("Customers won"), "people"),
        "value": Shows(_("Bought again within {days} days").format(days=WITHIN[1]), "share", "low", "high"),
    }
    return table(data, _("Second purchases by where the first one was made: channel, then store"), columns)


def _store_names(stores: pd.Series, run: Run) -> pd.Series:
    if not run.has("stores"):
        return stores
    names = run.table("stores").select("store_id", "name").to_pandas().set_index("store_id")["name"]
    return stores.map(names).fillna(stores)
