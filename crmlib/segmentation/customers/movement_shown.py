"""How customers moved between segments, as the page shows it."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.privacy.shares import add_range, add_shares
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, show_all, table
from crmlib.segmentation.customers import flow_figures, movement_sentences
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.migration import NOT_YET, migration_matrix
from crmlib.segmentation.customers.segments import segment_label
from crmlib.words import _, formats
from crmlib.workspace import Run

MOST_MOVES: Final = 10


def show_migration(base: CustomerBase, run: Run) -> Shown:
    """Show the movement between segments since the last period as a flow and as a table of the largest moves."""
    moved = base.moved
    if moved is None or base.measure is None or len(base.before) < run.rules.threshold:
        return insufficient(
            needed=_("{n} customers who had bought before {day}").format(
                n=run.rules.threshold, day=formats.day(run.previous_as_of)
            ),
            found=_("fewer"),
            therefore=_("No movement is shown."),
        )
    pairs = migration_matrix(moved)
    run.write("migration", pairs.astype({"was": "str", "now": "str"}), by=["was", "now"])
    if not (pairs["customers"] >= run.rules.threshold).any():
        return insufficient(
            needed=_("a move, or staying, of {n} customers or more").format(n=run.rules.threshold),
            found=_("none"),
            therefore=_("No movement is shown."),
        )
    were = _side(pairs, "was", run)
    gated = _gated(pairs, were, run)
    data = {"pairs": gated, "was": were, "now": _side(pairs, "now", run)}
    words = movement_sentences.migration(moved, base, run)
    picture = figure(flow_figures.flow, data, **words, size=(7.2, 4.8))
    every = folded(_("All moves, and who stayed"), _all_moves(gated, run))
    return show_all(picture, _moves_table(gated, run), every)


def _side(pairs: pd.DataFrame, side: str, run: Run) -> Disclosed:
    """Count the segments of one side of the picture."""
    sums = pairs.groupby(side, observed=False)["customers"].sum().reset_index()
    return disclose(sums, labels=[side], counts=["customers"], totals=True, rules=run.rules)


def _moves_table(gated: Disclosed, run: Run) -> Shown:
    """List the largest moves by the money that moved, those who stayed left out."""
    frame = gated.frame
    moved = (frame["was"].astype("str") != frame["now"].astype("str")) & (frame["was"] != NOT_YET)
    largest = frame[moved & frame["customers"].gt(0)].sort_values("spend_before", ascending=False).head(MOST_MOVES)
    caption = _("The ten largest moves by the revenue of those who moved; moves of few people are left out")
    return _listed(gated, largest, caption, run)


def _all_moves(gated: Disclosed, run: Run) -> Shown:
    """List the whole matrix: from every segment to every one, those who stayed and first purchases included."""
    seen = gated.frame[gated.frame["customers"].gt(0)]
    return _listed(gated, seen, _("From where to where; moves of few people are left out"), run)


def _listed(gated: Disclosed, rows: pd.DataFrame, caption: str, run: Run) -> Shown:
    named = rows.assign(move=[_move(was, now) for was, now in zip(rows["was"], rows["now"], strict=True)])
    mask = gated.mask.loc[rows.index].assign(move=False)
    return table(Disclosed(named, mask, gated.totals, gated.rules), caption, _columns(), currency=run.params.currency)


def _move(was: str, now: str) -> str:
    if was == now:
        return _("{segment}: stayed").format(segment=segment_label(now))
    return _("{was} → {now}").format(was=_name(was), now=_name(now))


def _gated(pairs: pd.DataFrame, were: Disclosed, run: Run) -> Disclosed:
    """Let the whole matrix through the gate at once, for the picture and both tables."""
    money = {"spend_before": "largest_before", "spend_since": "largest_since"}
    gated = disclose(
        pairs[["was", "now", "customers", *money, *money.values()]],
        labels=["was", "now"],
        counts=["customers"],
        based_on=dict.fromkeys(money, "customers"),
        exact=list(money),
        largest=money,
        totals=True,
        rules=run.rules,
    )
    shown = gated.frame.merge(were.frame.rename(columns={"customers": "were"}), on="was", how="left")
    mask = gated.mask.assign(were=shown["were"].isna())
    totals = {**gated.totals, "were": None}
    add_shares(shown, mask, {"share": ("customers", "were")}, totals)
    add_range(shown, mask, "share", ("customers", "were"), totals)
    return Disclosed(shown, mask, gated.totals, gated.rules)


def _columns() -> dict[str, Shows]:
    return {
        "move": Shows(_("Move")),
        "customers": Shows(_("Customers"), "people"),
        "share": Shows(_("Of those who were there"), "share", "share_low", "share_high"),
        "spend_before": Shows(_("Revenue so far that moved"), "money"),
        "spend_since": Shows(_("Revenue this period"), "money"),
    }


def _name(code: str) -> str:
    return _("first purchase") if code == NOT_YET else segment_label(code)
