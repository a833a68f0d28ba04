"""Why customers leave, on the page: what the score looks at, and what speaks for leaving of those put forward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.history.features import GROUPS
from crmlib.churn.why.dependence import show_dependence
from crmlib.churn.why.facts import facts_of
from crmlib.churn.why.odds import show_odds
from crmlib.churn.why.reasons import ranked
from crmlib.churn.why.stability import stability
from crmlib.reporting import (
    Gated,
    Shown,
    estimate,
    estimated_on,
    figure,
    folded,
    gate,
    label,
    note,
    palette,
    people,
    show_all,
)
from crmlib.reporting.figures import bars, dots
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.churn.why.reasons import Explained
    from crmlib.workspace import Run

NAMES: Final = {**GROUPS, "own": N_("features of one's own")}


@dataclass(frozen=True, slots=True)
class _Told:
    """What is explained of those put forward, what of it can be told, and the groups of each customer's reasons."""

    made: Explained
    told: pd.DataFrame
    reasons: pd.DataFrame


def show_why(found: Study, run: Run) -> Shown:
    """Show which groups of features the score rests on, and which speak for leaving of those put forward."""
    if found.importance.empty:
        return untested(found, run, _("What the score looks at cannot be said."))
    told = _told(found, run)
    behind = [*_how_it_moves(found, run, told), show_odds(found, run), note(*_method(found, run, told))]
    return show_all(
        _picture(found, run, told), folded(_("How the risk moves with each, and how firm reasons are"), *behind)
    )


def _told(found: Study, run: Run) -> _Told | None:
    """Find the reasons; none of so few customers that nothing may be told of them."""
    made = found.explained
    if made is None or run.too_few(len(made.customers)):
        return None
    told = facts_of(made.customers, made.active, found.horizon_days, run.say).notna()
    return _Told(made, told, ranked(made.attribution.values, told))


def _picture(found: Study, run: Run, told: _Told | None) -> Shown:
    gated = _gated(found, run, told)
    words = _("Falls of the AUC by group with intervals, and customers by reason, first and any: {rows}.")
    read = _(
        "Left, what the score loses once a group is shuffled between the test's active customers, with 95 % intervals; "
        "right, of how many put forward it is the first reason, and of how many one of up to three."
    )
    row = "{name} {auc}, {first}, {named}" if told else "{name} {auc}"
    return figure(
        _draw,
        gated,
        title=importance_title(found.importance, run),
        alt=run.say(words, rows=gated.listing(row)),
        read=read,
        limits=_("It says what the score looks at, not what would keep anybody."),
        source=source(found, run, int(found.importance["customers"].iloc[0])),
        size=(7.2, 1.1 + 0.38 * len(gated)),
        panels=(1, 2),
    )


def _gated(found: Study, run: Run, told: _Told | None) -> Gated:
    points = {f"auc{end}": 100 * found.importance[f"auc{end}"] for end in ("", "_low", "_high")}
    groups = found.importance["group"].to_list()
    named = pd.DataFrame() if told is None else told.reasons
    counts = {
        "first": [int((named.iloc[:, :1] == group).to_numpy().sum()) for group in groups],
        "named": [int((named == group).to_numpy().sum()) for group in groups],
    }
    rows = found.importance.assign(name=[_(NAMES[group]) for group in groups], **points, **counts)
    return gate(
        rows[["name", *points, "customers", *counts]], run,
        label("name"), estimate("auc", kind="number", of="customers", decimals=1), people("first"), people("named"),
        totals=True,
    )  # fmt: skip


def importance_title(importance: pd.DataFrame, run: Run) -> str:
    """Say which groups the score rests on most, as far as the intervals tell them apart."""
    first, moved = importance.iloc[0], importance[importance["auc"] != 0]
    if first["auc_low"] <= 0:
        return _("No group of features by itself is what tells leavers from stayers")
    names = [_(NAMES[group]) for group in importance.loc[importance["behind_low"] <= 0, "group"]]
    words = _("The score tells leavers from stayers most by {names:list}")
    if len(moved) == 1:
        words = _("The score tells leavers from stayers by {names:list} alone")
    return run.say(words, names=names)


def _how_it_moves(found: Study, run: Run, told: _Told | None) -> list[Shown]:
    """Show how the risk moves with the strongest groups; nothing where nobody is explained."""
    if told is None:
        return []
    strongest = found.importance.loc[found.importance["auc_low"] > 0, "group"].to_list()
    shown = show_dependence(found, told.made, strongest, run)
    return [] if shown is None else [shown]


def _method(found: Study, run: Run, told: _Told | None) -> list[str]:
    """Say how reasons are found, of how many, and how firm they are."""
    words = _(
        "A customer's reasons are what each group adds to the probability, against active customers who stand for all: "
        "exact Shapley values, which sum to the customer's probability less the mean of those. Groups are mixed as if "
        "each could change alone."
    )
    if told is None:
        return [words]
    firm = stability(found, told.made, told.told)
    stays = _(
        "Of {n:people} customers put forward, {same:share0} keep their first reason against other active customers, "
        "and {again:share0} with a model learnt from other customers."
    )
    said = [words, run.say(stays, n=firm.customers, same=firm.background, again=firm.refitted)]
    if found.candidates["customer_id"].nunique() > len(told.made.customers):
        words = _("The {n:people} most urgent have reasons; the others have none.")
        said.append(run.say(words, n=len(told.made.customers)))
    return [*said, *estimated_on(len(found.current.customers), run)]


def _draw(panels: Sequence[Axes], frame: pd.DataFrame) -> None:
    """Draw the fall of the AUC by group, and beside it how many have their first reason there."""
    falls, reasons = panels
    unit = _("Points of AUC lost without it")
    dots(falls, frame, label="name", value="auc", low="auc_low", high="auc_high", unit=unit, reference=0)
    unit = _("Put forward: first reason (dark), any")
    bars(reasons, frame, label="name", value="named", unit=unit, colour=palette.SKY, written="count")
    reasons.barh(range(len(frame)), frame["first"].fillna(0), height=0.62, color=palette.ACCENT)
    reasons.set_yticks([])
