"""What chapter 04 hands on: a table of customers, and the candidates for the lists of chapter 05."""

from typing import Final

from crmlib.features import returns_known
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, note, table
from crmlib.satisfaction.customers import OPEN_COMPLAINT, RETURNED, UNHAPPY, candidates, satisfaction_customers
from crmlib.satisfaction.overview import Overview
from crmlib.satisfaction.returns import recent_returners
from crmlib.words import _
from crmlib.workspace import Run

REASONS: Final = {
    UNHAPPY: _("gave a low score in the last {days} days"),
    OPEN_COMPLAINT: _("waits for a complaint to be settled"),
    RETURNED: _("took goods back in the last {days} days and has bought nothing since"),
}


def hand_on(run: Run, now: Overview) -> Shown:
    """Write `satisfaction_customers` and `candidates_satisfaction`, and show how many customers have which reason."""
    days = run.params.satisfaction.window_days
    returners = recent_returners(run.table("transactions"), run.as_of, days)
    found = candidates(now.survey, now.waits, returners, run.as_of, days)
    run.write("satisfaction_customers", satisfaction_customers(now.survey, now.waits), by=["customer_id"])
    run.write("candidates_satisfaction", found, by=["customer_id", "reason"])
    if found.empty:
        words = _("Nobody has a reason to be called: no low score, no open complaint, nothing taken back.")
        if not returns_known(run):
            words = _("Nobody has a reason to be called: no low score, no open complaint; returns are not known.")
        return note(words)
    counted = found.groupby("reason")["customer_id"].nunique().rename("people").reset_index()
    counted = counted.assign(reason=[_(REASONS[code]).format(days=days) for code in counted["reason"]])
    shown = disclose(counted, labels=["reason"], counts=["people"], rules=run.rules)
    columns = {"reason": Shows(_("Reason")), "people": Shows(_("Customers"), "people")}
    return table(shown, _("Customers put forward to chapter 05"), columns)
