"""What the chapter rests on, in words, and what it says where that is not enough."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crmlib.churn.history.slices import LEAST_OF_EACH
from crmlib.reporting import Shown, insufficient
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.churn.study import Study
    from crmlib.workspace import Run


def source(found: Study, run: Run, customers: int) -> str:
    """Say what a picture rests on."""
    return run.say(
        _("transactions, {first:day} to {last:day}, {n:people} customers"),
        first=found.coverage.first_day,
        last=found.coverage.observed_until - timedelta(days=1),
        n=customers,
    )


def untested(found: Study, run: Run, therefore: str) -> Shown:
    """Say that the history is too short for a test, and what is therefore not shown."""
    words = _("two horizons of sales ({needed:days}) and enough customers who left and who stayed")
    needed = run.say(words, needed=2 * found.horizon_days)
    return insufficient(needed=needed, found=lack_of_test(found, run), therefore=therefore)


def lack_of_test(found: Study, run: Run) -> str:
    """Say in half a sentence why there is no test."""
    if found.plan.test is None:
        words = _("a test needs {needed:days} of sales without a hole, {found:days} were seen")
        return run.say(words, needed=2 * found.horizon_days, found=found.coverage.days)
    words = _("at {cutoff:day} there were fewer than {n:count} leavers or stayers among the known customers")
    return run.say(words, cutoff=found.plan.test, n=LEAST_OF_EACH)


def lack_of_scores(found: Study, run: Run) -> str:
    """Say in half a sentence why no active customer has a score."""
    if found.current.customers.empty:
        return _("no sale carries a customer's id")
    if found.scores["churn_probability"].notna().any():
        return run.say(_("nobody bought in the last {active:days}"), active=found.active_days)
    return _("no customer bought on a second day, so there is nothing to learn from")
