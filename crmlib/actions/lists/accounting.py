"""Everybody put forward accounted for: on the list, or at which limit the last offer fell, with the value left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.actions.lists.limits import CUTS, LISTED
from crmlib.reporting import Shown, exact, folded, gate, label, largest_part, note, people, show_all
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.actions.study import Study
    from crmlib.workspace import Run


def account(fates: pd.DataFrame) -> pd.DataFrame:
    """Count those put forward by what became of them, the list first: ``fate, customers, value, largest``.

    The customers sum to all put forward, the value to all that is at stake with them.
    """
    counted = fates.groupby("fate").agg(
        customers=("customer_id", "size"), value=("value", "sum"), largest=("value", largest_part)
    )
    order = [name for name in (LISTED, *CUTS) if name in counted.index]
    return counted.reindex(order).reset_index()


def fate_words(code: str) -> str:
    """Say what became of a customer put forward."""
    return _("on the list") if code == LISTED else _(CUTS[code])


def show_accounting(found: Study, run: Run) -> Shown:
    """Say in a sentence how many of those put forward are on the list, and fold what left the others out."""
    accounts = found.accounting
    if accounts.empty:
        return note(_("No chapter put a customer forward."))
    gated = gate(
        accounts, run,
        label("fate", _("What became of them")),
        people("customers", _("Customers")),
        exact("value", _("Value at stake"), "money", of="customers", largest="largest", decimals=0),
        totals=True,
    ).worded("fate", fate_words)  # fmt: skip
    caption = _("Customers put forward, each counted where the last action for them fell")
    said = note(account_sentence(accounts, run))
    return show_all(said, folded(_("Who is not on the list, and why"), gated.table(caption)))


def account_sentence(accounts: pd.DataFrame, run: Run) -> str:
    """Say how many were put forward and listed, the value left out with the others and what left most of them out."""
    rows = accounts.set_index("fate")
    everybody, listed = int(rows["customers"].sum()), int(rows["customers"].get(LISTED, 0))
    cut = rows.drop(LISTED, errors="ignore")
    if cut.empty:
        return run.say(_("All {n:people} customers put forward are on the list."), n=everybody)
    said = [
        run.say(_("Of {n:people} customers put forward {listed:people} are on the list."), n=everybody, listed=listed)
    ]
    first, value = str(cut["customers"].idxmax()), float(cut["value"].sum())
    most, largest = int(cut.loc[first, "customers"]), float((cut["largest"] * cut["value"]).max()) / max(value, 1.0)
    if not run.too_few(most, largest=largest):
        words = _(
            "With the others {value:money0} of {all:money0} at stake is left out; for {most:people} of them {why}."
        )
        said.append(run.say(words, most=most, why=fate_words(first), value=value, all=float(rows["value"].sum())))
    return " ".join(said)
