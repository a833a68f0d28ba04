"""The contact list on the page: headline numbers, figure and tables, through the gate."""

import pandas as pd

from crmlib.actions import figures, sentences
from crmlib.actions.gathering import Gathered
from crmlib.actions.lists import worth_of
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Indicator, Shown, Shows, figure, note, strip, table
from crmlib.words import _, formats
from crmlib.workspace import Run

CHAPTER = "05_actions"


def headline_strip(run: Run, listed: pd.DataFrame, gathered: Gathered) -> Shown:
    """Record the headline numbers of the list and show them."""
    people = len(listed)
    put_forward = pd.concat([f.customer_id for f in gathered.candidates.values()], ignore_index=True).nunique()
    worth = worth_of(listed)
    urgent = int((listed.reason == "open_complaint").sum())
    rows = [
        Indicator(_("On the list"), people, "people", definition=_("customers with an action this month")),
        Indicator(_("Put forward"), put_forward, "people", definition=_("customers for whom a chapter gave a reason")),
        Indicator(_("Open complaints"), urgent, "people", definition=_("listed because a complaint is open")),
        Indicator(
            _("Value ahead"),
            worth.value,
            "money",
            people=worth.basis,
            definition=_("sum of the listed customers' lifetime values"),
        ),
    ]
    names = ["customers_to_contact", "customers_put_forward", "open_complaints_listed", "value_on_the_list"]
    for name, row in zip(names, rows, strict=True):
        run.record(CHAPTER, name, row.value, unit=row.unit, definition=row.definition, people=row.people)
    return strip(rows, run)


def reasons_figure(run: Run, by_reason: pd.DataFrame) -> Shown:
    """Show the list by reason."""
    if by_reason.empty:
        return note(_("The list is empty, so there is nothing to draw."))
    named = by_reason.assign(why=by_reason.reason.map(sentences.reason_words))
    shown = disclose(named[["why", "customers"]], labels=["why"], counts=["customers"], rules=run.rules)
    top = by_reason.sort_values("customers", ascending=False, kind="stable").iloc[0]
    return figure(
        figures.reasons,
        shown,
        title=_("Most of the list: {reason}").format(reason=sentences.reason_words(top.reason)),
        alt=_("Bars of the customers on the list by reason: {bars}.").format(bars=_bars(shown.frame)),
        read=_("Each bar is a reason, in the order of the action table: the upper ones are contacted first."),
        limits=_("A customer with several reasons is counted once, under the first."),
        source=_source(run, len(by_reason)),
        size=(7.2, 0.9 + 0.45 * len(named)),
    )


def _bars(frame: pd.DataFrame) -> str:
    counted = zip(frame.why, frame.customers, strict=True)
    return "; ".join(f"{why} {formats.count(n) if pd.notna(n) else _('hidden')}" for why, n in counted)


def _source(run: Run, reasons: int) -> str:
    return _("chapters 02 to 04, {period}, {n} reasons").format(period=run.period_label, n=reasons)


def actions_table(run: Run, by_reason: pd.DataFrame) -> Shown:
    """Show which action each reason leads to."""
    if by_reason.empty:
        return note(_("No reason leads to an action this month."))
    named = by_reason.assign(why=by_reason.reason.map(sentences.reason_words))[
        ["why", "action", "channel", "customers", "value", "largest"]
    ]
    few = by_reason.valued.between(1, run.rules.threshold - 1)  # money of these alone is theirs to know
    shown = disclose(
        named.assign(largest=named.largest.mask(few, 1.0)),
        labels=["why", "action", "channel"],
        counts=["customers"],
        based_on="customers",
        exact=["value"],
        largest={"value": "largest"},
        rules=run.rules,
    )
    columns = {
        "why": Shows(_("Reason")),
        "action": Shows(_("Action")),
        "channel": Shows(_("By")),
        "customers": Shows(_("Customers"), "people"),
        "value": Shows(_("Expected spend"), "money"),
    }
    caption = _("Reasons and actions, {period}, the most urgent first").format(period=run.period_label)
    return table(shown, caption, columns, currency=run.params.currency)


def candidates_table(run: Run, put_forward: pd.DataFrame) -> Shown:
    """Show whom each chapter put forward."""
    if put_forward.empty:
        return note(_("No chapter put a customer forward."))
    named = put_forward.assign(why=put_forward.reason.map(sentences.reason_words))[
        ["chapter", "why", "customers", "acted_on"]
    ]
    shown = disclose(named, labels=["chapter", "why", "acted_on"], counts=["customers"], rules=run.rules)
    columns = {
        "why": Shows(_("Reason")),
        "chapter": Shows(_("Chapter")),
        "customers": Shows(_("Customers"), "people"),
        "acted_on": Shows(_("Leads to an action")),
    }
    return table(shown, _("Candidates by reason, {period}").format(period=run.period_label), columns)


def list_note(run: Run, listed: pd.DataFrame) -> Shown:
    """Say where the list is and how long it is at the most."""
    cut = len(listed) >= run.params.actions.at_most
    words = [_("The list is lists/contact_list.csv in the private folder of this run.")]
    if cut:
        words.append(
            _("It was cut at {n} customers, the most that actions.at_most allows.").format(
                n=formats.count(run.params.actions.at_most)
            )
        )
    return note(" ".join(words))
