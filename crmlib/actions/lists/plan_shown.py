"""What to do this month, on the page: each action, for how many, by whom, until when, its cost and what it brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.actions.lists.offers import measured
from crmlib.params.actions import STORE
from crmlib.reporting import Shown, estimate, exact, gate, label, largest_part, note, people
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.actions.study import Study
    from crmlib.workspace import Run

GAINS: Final = ("gain_low", "expected_gain", "gain_high")
MONEY: Final = ("cost", *GAINS)


def by_action(listed: pd.DataFrame) -> pd.DataFrame:
    """Sum the list by action, the largest gain first; who is left alone at random is not counted.

    ``rule, action, owner, due, effect_from, customers, cost, gain_low, expected_gain, gain_high, largest`` (the largest
    customer's part of the gain). A store's action that the head office does for some stays the store's.
    """
    contacted = listed[listed["arm"] == "contact"]
    firsts = {name: (name, "first") for name in ("action", "due", "effect_from")}
    summed = contacted.groupby("rule").agg(
        **firsts,
        owner=("owner", lambda owners: STORE if (owners == STORE).any() else owners.iloc[0]),
        customers=("customer_id", "size"),
        **{name: (name, known_sum) for name in MONEY},
        largest=("expected_gain", lambda gain: largest_part(gain.clip(lower=0))),
    )
    return summed.reset_index().sort_values("expected_gain", ascending=False, kind="stable", ignore_index=True)


def known_sum(amounts: pd.Series) -> float:
    """Add up what is known; of nothing known the sum is unknown, and not nought."""
    return float(amounts.sum(min_count=1))


def owner_words(owner: str) -> str:
    """Say who does it."""
    return _("stores") if owner == STORE else owner


def show_plan(found: Study, run: Run) -> Shown:
    """Show the plan of the month in one table; the answer says what all of it costs and brings."""
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
            "expected_gain", _("Expected gain"), "money", of="customers", largest="largest", low="gain_low",
            high="gain_high", decimals=0,
        ),
        totals=True,
    ).worded("owner", owner_words)  # fmt: skip
    caption = _("What to do, by whom and until when, the largest gain first")
    return gated.table(caption, confidence=None, note=_note(rows, run))


def total_gain(rows: pd.DataFrame) -> Estimate:
    """Add the gains of all actions; the distances to their ends as independent errors, but for one measured effect.

    What is measured is one share for all actions that rest on it, so their ends go together.
    """
    apart = rows["effect_from"].where(rows["effect_from"] == measured(), rows["rule"].astype("str"))
    summed = rows.groupby(apart)[list(GAINS)].sum(min_count=1)
    if summed["expected_gain"].isna().all():
        return Estimate.unknown(int(rows["customers"].sum()))
    likely = summed["expected_gain"]
    down, up = (float(((summed[end] - likely) ** 2).sum() ** 0.5) for end in ("gain_low", "gain_high"))
    total = float(likely.sum())
    return Estimate(total, total - down, total + up, int(rows["customers"].sum()))


def plan_title(rows: pd.DataFrame, run: Run) -> str:
    """Say for how many the plan is, what it costs and what it is expected to bring, as sure as that is."""
    gain, cost, last = total_gain(rows), float(rows["cost"].sum()), rows["due"].max()
    largest = float((rows["largest"] * rows["expected_gain"].clip(lower=0)).max()) / max(gain.value, 1e-9)
    if not gain.is_known and not run.too_few(gain.n):
        words = _("Contact {n:people} customers until {day:day}; what that brings is not told, for want of their value")
        return run.say(words, n=gain.n, day=last)
    if run.too_few(gain.n, largest=largest):
        return run.say(_("Whom to contact until {day:day}"), day=last)
    words = _(
        "Contact {n:people} customers until {day:day} for {cost:money0}: that may bring {gain:money0} beyond what "
        "would come anyway, or lose money"
    )
    if gain.low > 0:
        words = _(
            "Contact {n:people} customers until {day:day} for {cost:money0}: that is expected to bring {gain:money0} "
            "beyond what would come anyway"
        )
    return run.say(words, n=gain.n, day=last, cost=cost, gain=gain)


def _note(rows: pd.DataFrame, run: Run) -> str:
    """Say what a gain is, what its range is made of, and how many actions rest on a measured effect."""
    words = _(
        "Gain: margin within {days:days} beyond what would come anyway, less contact and offer; effect, value and "
        "costs are all at their worst, or best. {told}"
    )
    count = int((rows["effect_from"] == measured()).sum())
    told = _("All effects are assumed: no own campaign with a control group tells them.")
    if count:
        part = _("The effect of {n:count} of {all:count} actions is measured in own campaigns, of the others assumed.")
        told = run.say(part, n=count, all=len(rows))
    return run.say(words, days=run.params.churn.horizon_days, told=told)
