"""What became of those who were likely to leave a month ago, against what was foreseen and against the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crmlib.features import DAYS_PER_WEEK
from crmlib.reporting import Shown, estimate, gate, insufficient, label, note, people, rate, show_all
from crmlib.stats.intervals import proportion
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from crmlib.churn.study import Study
    from crmlib.workspace import Run


def flagged_then(before: Study, scores: pd.DataFrame, now: date) -> pd.DataFrame | None:
    """Follow those who were active a month ago, by whether they were likely to leave, as the model then had it.

    The rows ``likely`` and ``other``: ``group, customers, bought`` (since), ``expected`` (mean probability of that by
    the purchase model as of then, missing where none could be fitted), ``days`` (since then). Nothing where nobody was
    active, or no day has been seen since.
    """
    days = (now - before.plan.scoring).days
    if before.active.empty or days <= 0:
        return None
    then = before.leaving[["customer_id", "likely"]].merge(scores[["customer_id", "days_since_last"]], on="customer_id")
    then["bought"] = then["days_since_last"] < days
    histories = before.current.customers
    model = before.current.purchases
    chance = model.probability_of_purchase(histories, days / DAYS_PER_WEEK) if model else float("nan")
    expected = pd.DataFrame({"customer_id": histories["customer_id"], "expected": chance})
    then = then.merge(expected, on="customer_id")
    grouped = then.groupby(then["likely"].map({True: "likely", False: "other"}).rename("group"))
    rows = grouped.agg(customers=("bought", "size"), bought=("bought", "sum"), expected=("expected", "mean"))
    return rows.reindex(["likely", "other"]).dropna(subset=["customers"]).reset_index().assign(days=days)


def show_last_month(found: Study, run: Run) -> Shown:
    """Show how many of last month's likely to leave have bought since, beside the prediction and all other active."""
    rows = found.flagged
    if rows is None or run.too_few((flagged := rows[rows["group"] == "likely"])["customers"].sum()):
        return insufficient(
            needed=run.say(_("{n:count} customers who were likely to leave a month ago"), n=run.fewest),
            found=_("fewer"),
            therefore=_("What became of last month's list is not shown."),
        )
    gated = gate(
        rows.drop(columns="days"), run,
        label("group", _("A month ago")), people("customers", _("Customers")), people("bought"),
        rate("back", _("Have bought since"), per=("bought", "customers")),
        estimate("expected", _("Foreseen then"), of="customers", missing=_("no purchase model")),
    )  # fmt: skip
    words = {"likely": _("likely to leave"), "other": _("all other active")}
    shown = gated.worded("group", words)
    caption = _("What those active a month ago have done in the {days:days} since")
    return show_all(
        note(_sentence(flagged.iloc[0], run)), shown.table(run.say(caption, days=int(rows["days"].iloc[0])))
    )


def _sentence(flagged: pd.Series, run: Run) -> str:
    """Say how many came back, and whether that was foreseen."""
    back = proportion(int(flagged["bought"]), int(flagged["customers"]))
    words = _("Of the {n:people} customers who were likely to leave a month ago {back:share} have bought since")
    said = run.say(words, n=flagged["customers"], back=back)
    foreseen = flagged["expected"]
    if pd.isna(foreseen):
        return said + "."
    if not back.excludes(foreseen):
        return said + run.say(_(", as the purchase model foresaw ({foreseen:share})."), foreseen=foreseen)
    words = _(", more than the purchase model foresaw ({foreseen:share}).")
    if back.value < foreseen:
        words = _(", fewer than the purchase model foresaw ({foreseen:share}).")
    return said + run.say(words, foreseen=foreseen)
