"""The complaints that are open today: how old they are, whether anybody has answered, and where they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Shown, estimate, gate, label, note, people, show_all
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.service.complaints import complaints_by
from crmlib.satisfaction.service.rates_shown import store_names
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

AGES: Final = (0, 30, 90, 365, float("inf"))

LONG: Final = 90


def open_by_age(waits: pd.DataFrame) -> pd.DataFrame:
    """Count open complaints by the days they have waited: `low, high` (limits), `people, complaints, unanswered`."""
    still = waits[~waits["settled"]]
    age = pd.cut(still["days"], AGES, right=False, labels=False)
    rows = still.assign(unanswered=still["first_response_at"].isna()).groupby(age)
    counted = rows.agg(people=("customer_id", "nunique"), complaints=("days", "size"), unanswered=("unanswered", "sum"))
    counted = counted.reindex(range(len(AGES) - 1), fill_value=0).astype("int64").reset_index(drop=True)
    return counted.assign(low=AGES[:-1], high=AGES[1:])


def open_by_owner(waits: pd.DataFrame) -> pd.DataFrame:
    """Count open complaints by the team in charge, the most first; no rows where no complaint names one.

    `owner` (missing: nobody), `people, complaints, long` (for more than :data:`LONG` days) and `unanswered`.
    """
    still = waits[~waits["settled"]]
    if waits["owner"].isna().all():
        still = still.iloc[:0]
    rows = still.assign(long=still["days"] > LONG, unanswered=still["first_response_at"].isna())
    counted = rows.groupby("owner", dropna=False).agg(
        people=("customer_id", "nunique"), complaints=("days", "size"),
        long=("long", "sum"), unanswered=("unanswered", "sum"),
    )  # fmt: skip
    return counted.reset_index().sort_values(["complaints", "owner"], ascending=[False, True], ignore_index=True)


def open_words(waits: pd.DataFrame | None, run: Run) -> str:
    """Say how many complaints are open, and how many of them have been for long."""
    still = None if waits is None else waits[~waits["settled"]]
    if still is None or still.empty:
        return _("No complaint is open.")
    old = int((still["days"] > LONG).sum())
    words = _("{n:people} complaints are open")
    words += _(", {old:people} of them for more than {days:count} days.") if not run.too_few(old) else "."
    return run.say(words, n=len(still), old=old, days=LONG)


def show_open_complaints(found: Study, run: Run) -> Shown:
    """Show the open complaints by age and by the team in charge, and those of the last year by store and topic."""
    if isinstance(found.complaints, Gap):
        return found.complaints.show()
    waits, year = found.now.waits, found.waits
    if waits is None or year is None or waits["settled"].all():
        return note(_("No complaint is open."))
    ages = open_by_age(waits)
    gated = gate(
        ages.assign(age=_ages(ages, run)).drop(columns=["low", "high"]), run,
        label("age", _("Open for")), people("people", _("Customers")),
        people("complaints", _("Open complaints"), of="people"),
        people("unanswered", _("Without any answer"), of="people"), totals=True,
    )  # fmt: skip
    caption = _("Open complaints by the time they have waited")
    names = store_names(run)
    stores = year.assign(store=year["store_id"].map(names).fillna(year["store_id"]))
    about = "topic" if year["topic"].notna().any() else "channel"
    tables = [
        _by_owner(waits, run),
        _by(stores, "store", _("Store"), _("store"), run),
        _by(year, about, *((_("About"), _("topic")) if about == "topic" else (_("Channel"), _("channel"))), run),
    ]
    return show_all(gated.table(caption), *(table for table in tables if table is not None))


def _ages(ages: pd.DataFrame, run: Run) -> list[str]:
    between, beyond = _("{low:count} to {high:count} days"), _("more than {low:count} days")
    return [
        run.say(between if high < AGES[-1] else beyond, low=int(low), high=int(high) if high < AGES[-1] else 0)
        for low, high in zip(ages["low"], ages["high"], strict=True)
    ]


def _by_owner(waits: pd.DataFrame, run: Run) -> Shown:
    rows = open_by_owner(waits)
    if rows.empty:
        return note(_("Who is in charge of a complaint the sources do not tell: no team is named (column owner)."))
    gated = gate(
        rows.assign(owner=rows["owner"].fillna(_("Nobody named"))), run,
        label("owner", _("In charge")),
        people("people", _("Customers")),
        people("complaints", _("Open complaints"), of="people"),
        people("long", run.say(_("For more than {days:count} days"), days=LONG), of="people"),
        people("unanswered", _("Without any answer"), of="people"),
        totals=True,
    )  # fmt: skip
    return gated.table(_("Open complaints by the team in charge"))


def _by(waits: pd.DataFrame, group: str, heading: str, what: str, run: Run) -> Shown | None:
    rows = complaints_by(waits, group)
    if rows.empty:
        return None
    gated = gate(
        rows, run,
        label(group, heading),
        people("people", _("Customers")),
        people("complaints", _("Complaints"), of="people"),
        people("open", _("Still open"), of="people"),
        estimate("median", _("Half settled within"), "days", of="people", decimals=1),
        totals=True,
    )  # fmt: skip
    named = gated if group == "store" else gated.worded(group, lambda name: score_name(str(name)))
    caption = _("Complaints of the last {days:count} days by {what}")
    return named.table(run.say(caption, days=YEAR, what=what))
