"""How each store's score and its answers moved over the year: a small picture a store, and which of them moved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import Gated, Shown, estimate, figure, folded, gate, label, note, palette, people
from crmlib.reporting.figures import calendar
from crmlib.satisfaction.evidence import source
from crmlib.satisfaction.scores.comparison import FALSE_DISCOVERIES, adjusted, told_by_place, weighted_difference
from crmlib.satisfaction.scores.groups import PlaceScore, headline, place_score
from crmlib.words import N_, _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

SPAN: Final = 91
"""Days of a point of a line."""
SPANS: Final = 4
MOST: Final = 12
"""Stores with a picture: those that moved, then those with most answers."""
ACROSS: Final = 4
RISING: Final = N_("rising")
FALLING: Final = N_("falling")
NO_CHANGE: Final = N_("no clear change")
_SHADES: Final = {RISING: palette.BLUE, FALLING: palette.RED}


def stores_over_time(survey: Survey, grouped: pd.DataFrame) -> pd.DataFrame:
    """Compare each store's score of the last half year with that of the half year before, all stores at once.

    ``store``, the fewer ``people`` of both halves, ``answers``, ``difference`` (points, with its ends) and ``moves``:
    rising or falling only where that holds among as many comparisons.
    """
    if "store" not in grouped:
        return pd.DataFrame(columns=["store"])
    both = _spanned(survey, grouped)
    recent = both["span"] >= SPANS // 2
    given, rows = told_by_place(survey, both), []
    for store, part in both.groupby("store", sort=True):
        known = given.loc[part.index].dropna(subset=["value"])
        gap, p = weighted_difference(known, recent[known.index])
        halves = [part.loc[half[part.index], "person"].nunique() for half in (recent, ~recent)]
        rows.append({
            "store": store, "people": min(halves), "answers": len(part),
            "difference": gap.value, "difference_low": gap.low, "difference_high": gap.high, "p": p,
        })  # fmt: skip
    found = pd.DataFrame(rows)
    clear = adjusted(found["p"]) < FALSE_DISCOVERIES
    moves = found["difference"].gt(0).map({True: RISING, False: FALLING})
    return found.assign(moves=moves.where(clear, NO_CHANGE))


def store_lines(survey: Survey, grouped: pd.DataFrame) -> pd.DataFrame:
    """Estimate each store's score in each quarter of the year: ``store, begins, people, answers``, the score, its ends.

    A quarter in which a store has no answer has a row too, so that a line has a gap there.
    """
    both, score, rows = _spanned(survey, grouped), place_score(survey).name, []
    for (store, span), part in both.groupby(["store", "span"], sort=True):
        x = headline(survey, part, survey.top)[score]
        rows.append({"store": store, "span": span, "people": part["person"].nunique(), "answers": len(part),
                     score: x.value, f"{score}_low": x.low, f"{score}_high": x.high})  # fmt: skip
    places = pd.MultiIndex.from_product([both["store"].dropna().unique(), range(SPANS)], names=["store", "span"])
    found = pd.DataFrame(rows).set_index(["store", "span"]).reindex(places).reset_index()
    counted = {name: found[name].fillna(0).astype("int64") for name in ("people", "answers")}
    start = pd.Timestamp(survey.as_of) - pd.Timedelta(days=SPAN * SPANS)
    begins = start + pd.to_timedelta(found.pop("span") * SPAN, unit="D")
    return found.assign(begins=begins, **counted).sort_values(["store", "begins"], ignore_index=True)


def _spanned(survey: Survey, grouped: pd.DataFrame) -> pd.DataFrame:
    """Give each of the year's answers its quarter, by number; the day or two before them are left out."""
    start = pd.Timestamp(survey.as_of) - pd.Timedelta(days=SPAN * SPANS)
    span = (grouped["answered_at"] - start) // pd.Timedelta(days=SPAN)
    return grouped.assign(span=span)[span >= 0]


def show_stores(found: Study, run: Run) -> list[Shown]:
    """Show the stores over time, folded; nothing where the answers name no stores."""
    if found.stores.empty:
        return []
    moves = found.stores["moves"].mask(found.stores["people"].map(run.too_few), NO_CHANGE)
    moved = int(moves.ne(NO_CHANGE).sum())
    summary = _("Stores over time: none moved clearly") if not moved else _("Stores over time: {n} moved clearly")
    summary = summary.format(n=moved)
    stores = found.stores.assign(moves=moves, still=moves.eq(NO_CHANGE))
    first = stores.sort_values(["still", "answers"], ascending=[True, False], kind="stable")["store"].head(MOST)
    gated = _gated(found, stores.set_index("store").loc[first, "moves"], run)
    if gated.frame[place_score(found.survey).name].isna().all():
        return [folded(summary, note(_("In no quarter did enough customers of a store answer for a line.")))]
    return [folded(summary, _picture(gated, found, _title(moves.set_axis(found.stores["store"]), run), run))]


def _title(moves: pd.Series, run: Run) -> str:
    """Name the stores that moved."""
    named = [run.say(_("{store:text}: {way:text}"), store=store, way=_(way)) for store, way in moves.items()
             if way != NO_CHANGE]  # fmt: skip
    return (
        run.say(_("{stores:list}"), stores=named) if named else _("No store's score rose or fell by more than chance")
    )


def _gated(found: Study, moves: pd.Series, run: Run) -> Gated:
    """Let the quarters of some stores through, in the order given."""
    score, lines = place_score(found.survey), store_lines(found.survey, found.grouped)
    order = pd.Categorical(lines["store"], categories=moves.index, ordered=True)
    lines = lines[order.notna()].assign(order=order[order.notna()]).sort_values(["order", "begins"], kind="stable")
    return gate(
        lines.drop(columns="order").assign(moves=lines["store"].map(moves)), run,
        label("store", _("Store")), label("begins"), label("moves"),
        people("people"), people("answers", of="people"),
        estimate(score.name, score.words, score.unit, of="people", decimals=score.decimals),
    )  # fmt: skip


def _picture(gated: Gated, found: Study, title: str, run: Run) -> Shown:
    score, n = place_score(found.survey), gated.frame["store"].nunique()
    rows = -(-n // ACROSS)
    last = gated.rows(lambda frame: frame["begins"] == frame["begins"].max())
    words = _(
        "Line and band: the score of {days:count} days and its 95 % interval, where enough customers answered; bars: "
        "answers, the last number beside them. {score}; one scale for all."
    )
    rest = _(" The {n:count} stores that moved or have most answers are drawn, of {all:count}.")
    more = run.say(rest, n=n, all=len(found.stores)) if len(found.stores) > n else ""
    alt = _("Small lines by store over a year; in the last {days:count} days: {values}.")
    values = last.listing(f"{{store}} {{{score.name}}}, {{answers}} " + _("answers"))
    answered = found.grouped.loc[found.grouped["store"].notna(), "person"].nunique()
    return figure(
        partial(_draw, score=score),
        gated,
        title=title,
        alt=run.say(alt, days=SPAN, values=values),
        read=run.say(words, days=SPAN, score=score.words) + more,
        limits=_("Rising or falling: half a year against the half before, by more than chance, false discoveries held "
                 "to 5 % over all stores."),
        source=source(run, _("survey answers"), int(answered), SPAN * SPANS),
        size=(7.2, 0.4 + 1.35 * rows),
        panels=(rows, ACROSS),
    )  # fmt: skip


def _draw(axes: NDArray[Axes], frame: pd.DataFrame, score: PlaceScore) -> None:  # type: ignore[type-var]
    """Draw a panel a store, all with one scale."""
    panels = np.ravel(axes)
    ends = frame[[f"{score.name}_low", f"{score.name}_high"]]
    low, high, most = float(ends.min(axis=None)), float(ends.max(axis=None)), float(frame["answers"].max())
    for panel, (name, part) in zip(panels, frame.groupby("store", sort=False), strict=False):
        _panel(panel, str(name), part, score.name, most)
        # the bars stand under the lines
        panel.set_ylim(low - 0.35 * (high - low), high)
    for empty in panels[frame["store"].nunique() :]:
        empty.set_axis_off()


def _panel(axes: Axes, name: str, part: pd.DataFrame, score: str, most: float) -> None:
    shade = _SHADES.get(part["moves"].iloc[0], palette.ACCENT)
    middle = part["begins"] + pd.Timedelta(days=SPAN / 2)
    axes.fill_between(middle, part[f"{score}_low"], part[f"{score}_high"], color=shade, alpha=0.15, linewidth=0)
    axes.plot(middle, part[score], color=shade, marker="o", markersize=3)
    axes.set_title(name, fontsize="small")
    calendar(axes, part["begins"])
    axes.tick_params(labelsize="x-small")
    bars = axes.twinx()
    bars.bar(middle, part["answers"], width=SPAN * 0.8, color=palette.LINE, zorder=0)
    bars.set_ylim(0, 4 * most)
    bars.set_axis_off()
    known = part.dropna(subset=["answers"])
    if len(known):
        at, count = middle[known.index[-1]], float(known["answers"].iloc[-1])
        bars.text(at, count, f" {count:.0f}", ha="center", va="bottom", fontsize="x-small", color=palette.MUTED)
