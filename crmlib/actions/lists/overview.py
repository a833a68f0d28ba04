"""Whom to contact and why: one row a customer, by the first rule of the action table that is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmlib.actions import measures
from crmlib.actions.lists.candidates import reason_words
from crmlib.reporting import (
    Gated,
    Shown,
    answer,
    exact,
    figure,
    gate,
    label,
    largest_part,
    note,
    people,
    show_headlines,
)  # fmt: skip
from crmlib.reporting.figures import bars
from crmlib.words import _, plural

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.actions.study import Study
    from crmlib.workspace import Run


def list_by_reason(listed: pd.DataFrame) -> pd.DataFrame:
    """Count the list by reason, in the order of the action table.

    ``reason, action, channel, customers, value`` (sum of the lifetime values, missing where none is known), ``valued``
    (how many are known), ``largest`` (the largest customer's part of the value).
    """
    values = listed.assign(lifetime_value=listed["lifetime_value"].astype("float64"))
    grouped = values.groupby(["reason", "action", "channel"], sort=False, dropna=False)
    counted = grouped.agg(
        customers=("customer_id", "size"),
        value=("lifetime_value", lambda known: known.sum(min_count=1)),
        valued=("lifetime_value", "count"),
        largest=("lifetime_value", largest_part),
    )
    return counted.reset_index()


@dataclass(frozen=True, slots=True)
class Worth:
    """What listed customers are expected to spend together, ``None`` where that is unknown, and one's largest part."""

    value: float | None
    people: int
    largest: float

    def basis(self, run: Run) -> int | None:
        """Give the number of people that the money may be said to rest on; of nothing known, no one."""
        return None if self.value is None else run.rules.basis(self.people, self.largest)


def worth_of(listed: pd.DataFrame) -> Worth:
    """Sum the lifetime values of listed customers; of nothing known the sum is unknown."""
    known = listed["lifetime_value"].astype("float64").dropna()
    return Worth(float(known.sum()) if len(known) else None, len(known), largest_part(known))


def show_answer(found: Study, run: Run) -> Shown:
    """Say how many customers to contact, the first reason, and what they are worth."""
    return answer(*list_words(found.by_reason, found.worth, run))


def list_words(by_reason: pd.DataFrame, worth: Worth, run: Run) -> list[str]:
    """Say the list in words; money of few of them, or mostly of one, is not said."""
    listed = int(by_reason["customers"].sum())
    if listed == 0:
        return [_("No customer needs a contact this month: no chapter put one forward.")]
    if run.too_few(listed):
        return [run.say(_("Fewer than {n:count} customers are on this month's list."), n=run.fewest)]
    words = plural(
        "{n:people} customer is on this month's contact list, for {reasons:count} reasons.",
        "{n:people} customers are on this month's contact list, for {reasons:count} reasons.",
        listed,
    )
    sentences = [run.say(words, n=listed, reasons=by_reason["reason"].nunique())]
    first = by_reason.iloc[0]
    if not run.too_few(int(first["customers"])):
        words = _("First come {n:people} customers ({reason}): {action}.")
        action = first["action"][:1].lower() + first["action"][1:]
        sentences.append(run.say(words, n=int(first["customers"]), reason=reason_words(first["reason"]), action=action))
    if worth.value is not None and not run.too_few(worth.people, largest=worth.largest):
        words = _("Together they are expected to spend {value:money} within {weeks:number} weeks.")
        sentences.append(run.say(words, value=worth.value, weeks=run.params.segmentation.lifetime_weeks))
    return sentences


def show_numbers(found: Study, run: Run) -> Shown | None:
    """Record the headline numbers of the list and show them."""
    urgent = int((found.listed["reason"] == "open_complaint").sum())
    headlines = [
        measures.LISTED.headline(len(found.listed)),
        measures.PUT_FORWARD.headline(found.gathered.put_forward),
        measures.OPEN_COMPLAINTS.headline(urgent),
        measures.VALUE.headline(found.worth.value, people=found.worth.basis(run)),
    ]
    return show_headlines(headlines, run, measures.CHAPTER)


def show_reasons(found: Study, run: Run) -> Shown:
    """Show the list by reason."""
    by_reason = found.by_reason
    if by_reason.empty:
        return note(_("The list is empty, so there is nothing to draw."))
    gated = _by_reason(by_reason, run)
    top = by_reason.sort_values("customers", ascending=False, kind="stable").iloc[0]
    return figure(
        _bars,
        gated,
        title=run.say(_("The largest part of the list: {reason}"), reason=reason_words(top["reason"])),
        alt=run.say(
            _("Bars of the customers on the list by reason: {bars}."), bars=gated.listing("{reason} {customers}")
        ),
        read=_("Each bar is a reason, in the order of the action table: the upper ones are contacted first."),
        limits=_("A customer with several reasons is counted once, under the first."),
        source=run.say(_("chapters 02 to 04, {period}, {n:count} reasons"), period=run.period_label, n=len(by_reason)),
        size=(7.2, 0.9 + 0.45 * len(by_reason)),
    )


def _bars(axes: Axes, frame: pd.DataFrame) -> None:
    unit = _("Customers on the list")
    bars(axes, frame, label="reason", value="customers", unit=unit, written="{:,.0f}".format)


def _by_reason(by_reason: pd.DataFrame, run: Run) -> Gated:
    gated = gate(
        by_reason, run,
        label("reason", _("Reason")),
        label("action", _("Action")),
        label("channel", _("By")),
        people("customers", _("Customers")),
        exact("value", _("Expected spend"), "money", of="valued", largest="largest"),
    )  # fmt: skip
    return gated.worded("reason", reason_words)
