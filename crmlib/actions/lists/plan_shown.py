"""What to do this month, on the page: each action, for how many, by whom, until when, its cost and what it brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.params.actions import STORE
from crmlib.reporting import Shown, estimate, exact, gate, label, largest_part, note, people
from crmlib.stats import Estimate
from crmlib.words import _, plural

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.actions.study import Study
    from crmlib.workspace import Run

MONEY: Final = ("cost", "gain_low", "expected_gain", "gain_high")


def by_action(listed: pd.DataFrame) -> pd.DataFrame:
    """Sum the list by action, in the order of the action table; who is left alone at random is not counted.

    ``rule, action, owner, due, effect_from, customers, cost, gain_low, expected_gain, gain_high, largest`` (the largest
    customer's part of the gain). A store's action that the head office does for some stays the store's.
    """
    contacted = listed[listed["arm"] == "contact"]
    firsts = {name: (name, "first") for name in ("action", "due", "effect_from")}
    summed = contacted.groupby("rule").agg(
        **firsts,
        owner=("owner", lambda owners: STORE if (owners == STORE).any() else owners.iloc[0]),
        customers=("customer_id", "size"),
        **{name: (name, "sum") for name in MONEY},
        largest=("expected_gain", lambda gain: largest_part(gain.clip(lower=0))),
    )
    return summed.reset_index()


def owner_words(owner: str) -> str:
    """Say who does it."""
    return _("each customer’s store") if owner == STORE else owner


def show_plan(found: Study, run: Run) -> Shown:
    """Show the plan of the month in one table; its title is what all of it costs and brings."""
    rows = by_action(found.listed)
    if rows.empty:
        return note(_("Nobody needs a contact this month."))
    gated = gate(
        rows[["action", "owner", "due", "customers", *MONEY, "largest"]], run,
        label("action", _("Action")),
        people("customers", _("Customers")),
        label("owner", _("By")),
        label("due", _("Until"), "day"),
        exact("cost", _("Cost"), "money", of="customers", decimals=0, exempt="what the shop pays, not its customers"),
        estimate(
            "expected_gain", _("Brings beyond cost and what would come anyway"), "money", of="customers",
            largest="largest", low="gain_low", high="gain_high", decimals=0,
        ),
        totals=True,
    ).worded("owner", owner_words)  # fmt: skip
    return gated.table(plan_title(rows, run), note=_note(rows, run))


def plan_title(rows: pd.DataFrame, run: Run) -> str:
    """Say for how many the plan is, what it costs and what it is expected to bring, as sure as that is."""
    customers, total = int(rows["customers"].sum()), rows[list(MONEY)].sum()
    last = rows["due"].max()
    largest = float((rows["largest"] * rows["expected_gain"]).max()) / max(total["expected_gain"], 1e-9)
    if run.too_few(customers, largest=largest) or rows["expected_gain"].isna().all():
        return run.say(_("Whom to contact until {day:day}"), day=last)
    gain = Estimate(total["expected_gain"], total["gain_low"], total["gain_high"], customers)
    words = plural(
        "Contact {n:people} customer until {day:day}: after a cost of {cost:money0} it may bring or lose money, "
        "{gain:money0} beyond what would come anyway",
        "Contact {n:people} customers until {day:day}: after a cost of {cost:money0} it may bring or lose money, "
        "{gain:money0} beyond what would come anyway",
        customers,
    )
    if gain.low > 0:
        words = plural(
            "Contact {n:people} customer until {day:day}: after a cost of {cost:money0} it brings {gain:money0} beyond "
            "what would come anyway",
            "Contact {n:people} customers until {day:day}: after a cost of {cost:money0} it brings {gain:money0} "
            "beyond what would come anyway",
            customers,
        )
    return run.say(words, n=customers, day=last, cost=total["cost"], gain=gain)


def _note(rows: pd.DataFrame, run: Run) -> str:
    """Say what the gains rest on."""
    told = rows.groupby("effect_from", sort=True)["action"].nunique()
    ways = [run.say(_("{n:count} actions {told}"), n=int(n), told=str(name)) for name, n in told.items()]
    words = _(
        "Margin within {days:days}: value at stake × share won over − contact and offer. Share won over: {ways:list}."
    )
    return run.say(words, days=run.params.churn.horizon_days, ways=ways)
