"""How customers moved between segments since the last period: counts, shares with intervals, and money."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.params.segments import DEFAULT_SEGMENTS
from crmlib.reporting import exact, figure, folded, gate, insufficient, label, people, rate, show_all
from crmlib.segmentation.customers.migration_drawing import draw_migration
from crmlib.segmentation.customers.segments import NOT_YET, segment_label, with_role
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.intervals import proportion, proportions
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmlib.params.segments import SegmentRule
    from crmlib.reporting import Gated, Shown
    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

LARGEST: Final = 10
AGED: Final = 0.2  # cut points that would name so many customers otherwise are said to be due


def segment_migration(
    previous: pd.DataFrame, current: pd.DataFrame, rules: Mapping[str, SegmentRule] = DEFAULT_SEGMENTS
) -> pd.DataFrame:
    """Put each customer's segment at the end of the last period beside today's, measured with the same cut points.

    ``customer_id, was`` (:data:`NOT_YET` for a first purchase since), ``now, spend_before`` (up to the last period),
    ``spend_since`` (in this one), ``left_best`` (was in one of the best segments and is not).
    """
    before = previous[["customer_id", "segment", "spend"]].rename(columns={"segment": "was", "spend": "spend_before"})
    now = current[["customer_id", "segment", "spend"]].rename(columns={"segment": "now"})
    best = with_role(rules, "best")
    joined = now.merge(before, on="customer_id", how="left")
    was = joined["was"].astype("object").where(joined["was"].notna(), NOT_YET)
    spend_before = joined["spend_before"].fillna(0.0)
    return pd.DataFrame({
        "customer_id": joined["customer_id"],
        "was": pd.Categorical(was, categories=[*rules, NOT_YET], ordered=True),
        "now": pd.Categorical(joined["now"].astype("object"), categories=list(rules), ordered=True),
        "spend_before": spend_before, "spend_since": joined["spend"] - spend_before,
        "left_best": was.isin(best) & ~joined["now"].isin(best),
    })  # fmt: skip


def migration_matrix(migration: pd.DataFrame) -> pd.DataFrame:
    """Count the moves between segments, one row a pair.

    ``was, now, customers``, ``share`` of the ``were`` who were there with ``low, high`` (Wilson), ``spend_before``
    (what those who moved had spent until then: the money that moved), ``spend_since``, and ``largest_before,
    largest_since`` (the largest customer's part of either).
    """
    grouped = migration.groupby(["was", "now"], observed=False)
    pairs = grouped.agg(
        customers=("customer_id", "size"), spend_before=("spend_before", "sum"), spend_since=("spend_since", "sum"),
        top_before=("spend_before", "max"), top_since=("spend_since", "max"),
    ).reset_index()  # fmt: skip
    whole = pairs.groupby("was", observed=False)["customers"].transform("sum")
    share = proportions(pairs["customers"].to_numpy(), whole.to_numpy())
    largest = {
        f"largest_{when}": pairs[f"top_{when}"] / pairs[f"spend_{when}"].where(pairs[f"spend_{when}"] > 0)
        for when in ("before", "since")
    }
    pairs = pairs.assign(share=share["value"], low=share["low"], high=share["high"], were=np.asarray(whole), **largest)
    return pairs.drop(columns=["top_before", "top_since"])


def show_migration(found: Study, run: Run) -> Shown:
    """Show the migration between segments since the last period, as a picture and as a table of the largest moves."""
    base, nothing = found.base, _("No movement is shown.")
    if base.migration is None or base.measure is None or run.too_few(len(base.before)):
        words = _("{n:count} customers who had bought before {day:day}")
        needed = run.say(words, n=run.fewest, day=run.previous_as_of)
        return insufficient(needed=needed, found=_("fewer"), therefore=nothing)
    pairs = migration_matrix(base.migration)
    run.write("migration", pairs.astype({"was": "str", "now": "str"}), by=["was", "now"])
    if run.too_few(pairs["customers"].max()):
        needed = run.say(_("a move, or staying, of {n:count} customers or more"), n=run.fewest)
        return insufficient(needed=needed, found=_("none"), therefore=nothing)
    gated = _gated(pairs, run)
    data = {"pairs": gated, "was": _side(pairs, "was", run), "now": _side(pairs, "now", run)}
    draw = partial(draw_migration, rules=run.params.segmentation.segments)
    picture = figure(draw, data, **_words(base.migration, base, run), size=(7.2, 3.5))
    every = gated.rows(lambda frame: frame["customers"].gt(0))
    moves = every.rows(
        lambda frame: (frame["was"].astype("str") != frame["now"].astype("str")) & (frame["was"] != NOT_YET)
    )
    largest = moves.ordered("spend_before", descending=True).rows(slice(0, LARGEST)).table(
        _("The ten largest moves by the revenue of those who moved; moves of few people are left out")
    )  # fmt: skip
    whole = every.table(_("From where to where; moves of few people are left out"))
    return show_all(picture, folded(_("The moves in numbers"), largest, whole))


def migration_answer(migration: pd.DataFrame, run: Run) -> str:
    """Say how many left and entered the best segment within a month."""
    words = _("Within a month {left:people} customers fell out of the {best:list} and {came:people} customers came in.")
    return run.say(words, best=best_segments(run), left=migration["left_best"].sum(), came=_entered(migration, run))


def _gated(pairs: pd.DataFrame, run: Run) -> Gated:
    """Let the whole matrix through the gate at once, for the picture and both tables; each move with its name."""
    money = {"spend_before": "largest_before", "spend_since": "largest_since"}
    gated = gate(
        pairs[["was", "now", "customers", "were", *money, *money.values()]], run, label("was"), label("now"),
        people("customers", _("Customers")), people("were"),
        rate("share", _("Of those who were there"), per=("customers", "were")),
        exact("spend_before", _("Revenue so far that moved"), "money", of="customers", largest="largest_before"),
        exact("spend_since", _("Revenue this period"), "money", of="customers", largest="largest_since"), totals=True,
    )  # fmt: skip
    named = gated.beside(label("move", _("Move")), lambda row: _move(row["was"], row["now"]))
    return named.only("move", "customers", "share", *money)


def _side(pairs: pd.DataFrame, side: str, run: Run) -> Gated:
    sums = pairs.groupby(side, observed=False)["customers"].sum().reset_index()
    return gate(sums, run, label(side), people("customers"), totals=True)


def _move(was: str, now: str) -> str:
    if was == now:
        return _("{segment}: stayed").format(segment=segment_label(now))
    return _("{was} → {now}").format(was=segment_label(was), now=segment_label(now))


def _words(migration: pd.DataFrame, base: CustomerBase, run: Run) -> Words:
    rules = run.params.segmentation.segments
    best = with_role(rules, "best")
    left, were = int(migration["left_best"].sum()), int(migration["was"].isin(best).sum())
    words = _("{left:people} customers fell out of the {best:list}{part}, {came:people} customers came in")
    part = "" if run.too_few(left) else run.say(_(" ({part:part:point} of them)"), part=proportion(left, were))
    title = run.say(words, left=left, best=best_segments(run), part=part, came=_entered(migration, run))
    before = migration[migration["was"] != NOT_YET]
    stayed = int((before["was"].astype("str") == before["now"].astype("str")).sum())
    alt = _("Flow from the segments of a month earlier to those of now. {title}.")
    if not run.too_few(stayed):
        alt = _("Flow from the segments of a month earlier to those of now; {share:part:point} stayed. {title}.")
    read = _(
        "The thickness of a band is the number of customers; red fell out of the {best:list}{on}, green came up to the "
        "{best:list}, pale bands stayed."
    )
    slipping, missed = ([segment_label(code) for code in with_role(rules, role)] for role in ("slipping", "missed"))
    both = slipping and missed
    on = run.say(_(" or went on from {old:list} to {new:list}"), old=slipping, new=missed) if both else ""
    return {
        "title": title,
        "alt": run.say(alt, share=proportion(stayed, len(before)), title=title),
        "read": run.say(read, best=best_segments(run), on=on),
        "limits": f"{_yardstick(base, run)} {_('Bands of few people are not drawn.')}",
        "source": source_of(run, len(migration), "customers"),
    }


def _yardstick(base: CustomerBase, run: Run) -> str:
    """Say of when the cut points are, and how far they have aged."""
    if base.measure is None:
        return ""
    words = _("Both dates are measured with the cut points of {day:day}, so that only customers move.")
    if base.renamed is None:
        return run.say(words, day=base.measure.cuts.reference)
    words = _(
        "Both dates are measured with the cut points of {day:day}, so that only customers move; set anew today, they "
        "would put {who} into another segment."
    )
    few = run.too_few(round(base.renamed.value * base.renamed.n))
    who = run.say(_("hardly any customer") if few else _("{share:part:point} of customers"), share=base.renamed)
    due = " " + _("It is time to set them anew (see the operating guide).") if base.renamed.value >= AGED else ""
    return run.say(words, day=base.measure.cuts.reference, who=who) + due


def best_segments(run: Run) -> list[str]:
    """Name the best segments."""
    return [segment_label(code) for code in with_role(run.params.segmentation.segments, "best")]


def _entered(migration: pd.DataFrame, run: Run) -> int:
    best = with_role(run.params.segmentation.segments, "best")
    return int((migration["now"].isin(best) & ~migration["was"].isin(best)).sum())
