"""Who is left in peace: no consent to marketing, contacted just now, or often enough; and what does not pay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import before
from crmlib.words import N_

if TYPE_CHECKING:
    from crmlib.params.actions import ActionsSection
    from crmlib.workspace import Run

LISTED: Final = "listed"
CUTS: Final = {
    "no_rule": N_("the reason has no action"),
    "no_consent": N_("they do not agree to marketing"),
    "quiet": N_("they were contacted just now"),
    "cap": N_("they were contacted often enough"),
    "no_gain": N_("a contact costs more than it is expected to bring"),
    "capacity": N_("the channel is full"),
    "budget": N_("the budget is spent"),
    "at_most": N_("the list is full"),
}
"""What leaves a customer off the list, in the order in which it is asked; one counts where the last offer fell."""


def contact_history(run: Run) -> pd.DataFrame:
    """Say who refuses marketing and who was contacted lately, one row a customer concerned.

    ``customer_id, refuses, quiet`` (contacted within the quiet days), ``contacts`` (within the days of the cap).
    """
    refuses, contacted = _refusing(run), _contacted(run)
    found = contacted.merge(refuses.to_frame().assign(refuses=True), on="customer_id", how="outer")
    return found.fillna({"refuses": False, "quiet": False, "contacts": 0}).astype(
        {"refuses": "bool", "quiet": "bool", "contacts": "int64"}
    )


def _refusing(run: Run) -> pd.Series:
    """List who does not want to be contacted for marketing; silence is no refusal."""
    if not run.has("customers"):
        return pd.Series(dtype="str", name="customer_id")
    customers = run.table("customers")
    if "contact_consent" not in customers.columns:
        return pd.Series(dtype="str", name="customer_id")
    return run.frame(customers.filter(~customers.contact_consent).select("customer_id"))["customer_id"]


def _contacted(run: Run) -> pd.DataFrame:
    """Count the contacts of the days that the limits look at; who was left out at random had none."""
    knobs, columns = run.params.actions, {"customer_id": "str", "quiet": "bool", "contacts": "int64"}
    if not run.has("contacts"):
        return pd.DataFrame(columns=list(columns)).astype(columns)
    seen = before(run.table("contacts"), run.as_of, "contacted_at")
    made = seen.filter(seen.customer_id.notnull() & (seen.arm.fill_null("treatment") != "control"))
    quiet, cap = (
        made.contacted_at >= ibis.timestamp((run.as_of - timedelta(days=days)).isoformat())
        for days in (knobs.quiet_days, knobs.contact_cap.days)
    )
    counted = made.group_by("customer_id").agg(quiet=quiet.any(), contacts=made.count(where=cap))
    return run.frame(counted.order_by("customer_id"))


def cut_offers(offers: pd.DataFrame, history: pd.DataFrame, knobs: ActionsSection) -> pd.Series:
    """Say of each offer which limit takes it away before any is allocated; empty where none does."""
    told = offers[["customer_id"]].merge(history, on="customer_id", how="left")
    marketing = (offers["kind"] == "marketing").to_numpy()
    tests = {
        "no_rule": (offers["rule"] < 0).to_numpy(),
        "no_consent": marketing & told["refuses"].fillna(value=False).to_numpy(dtype=bool),
        "quiet": marketing & told["quiet"].fillna(value=False).to_numpy(dtype=bool),
        "cap": marketing & (told["contacts"].fillna(0) >= knobs.contact_cap.contacts).to_numpy(),
        "no_gain": (offers["kind"] != "duty").to_numpy() & ~(offers["weight"] > 0).to_numpy(),
    }
    return pd.Series(np.select(list(tests.values()), list(tests), default=""), index=offers.index, dtype="str")
