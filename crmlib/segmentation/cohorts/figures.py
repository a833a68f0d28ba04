"""Pictures of cohorts and of how soon a second purchase comes."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.figures import heatmap
from crmlib.words import _, formats


def cohort_grid(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the cohorts: rows by month of the first purchase, columns by months since, unobserved cells blank."""
    names = frame["cohort"].map(formats.month)
    order = list(dict.fromkeys(names))
    shown = frame.assign(cohort=names)[frame["age"].to_numpy() > 0]
    grid = shown.pivot_table(index="cohort", columns="age", values="retention", dropna=False).reindex(order)
    partial = shown.pivot_table(index="cohort", columns="age", values="partial", aggfunc="max", dropna=False).reindex(
        order
    )
    kept = grid.index[grid.notna().any(axis=1)]
    heatmap(
        axes,
        grid.loc[kept],
        unit=_("Bought in the month, % of those won · by months since the first purchase"),
        partial=partial.loc[kept].eq(other=True).astype(bool),
    )


def second_purchase(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share of customers with a second purchase by days since the first, all and the latest ones."""
    for name, colour, words in (("latest", palette.ORANGE, _("latest")), ("all", palette.ACCENT, _("all"))):
        part = frame[frame["group"] == name]
        if part.empty:
            continue
        axes.fill_between(
            part["days"], part["low"] * 100, part["high"] * 100, step="post", color=colour, alpha=0.18, linewidth=0
        )
        axes.step(part["days"], part["share"] * 100, where="post", color=colour)
        known = part.dropna(subset=["share"])
        end = (known["days"].iloc[-1], float(known["share"].iloc[-1]) * 100)
        # the short curve lies on the long one: its name stands above it
        away = (6, 0) if name == "all" else (-4, 14)
        axes.annotate(
            words, end, xytext=away, textcoords="offset points", va="center", color=palette.INK, annotation_clip=False
        )
    axes.set_title(_("Bought a second time, % of customers won"), color=palette.MUTED, fontweight="normal")
    axes.set_xlabel(_("Days since the first purchase"))
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)


def worth_grids(axes: Any, frame: pd.DataFrame, kinds: list[str], currency: str) -> None:
    """Draw what a customer won has brought by age: revenue, and margin beside it where costs are known."""
    names = frame["cohort"].map(formats.month)
    order = list(dict.fromkeys(names))
    shown = frame.assign(cohort=names)
    titles = {"spend": _("Revenue each, {currency}"), "margin": _("Margin each, {currency}")}
    partial = shown.pivot_table(index="cohort", columns="age", values="partial", aggfunc="max", dropna=False)
    for each, kind in zip(np.atleast_1d(axes), kinds, strict=True):
        grid = shown.pivot_table(index="cohort", columns="age", values=kind, dropna=False).reindex(order)
        cut = partial.reindex(index=order, columns=grid.columns).eq(other=True).astype(bool)
        unit = titles[kind].format(currency=currency) + " · " + _("by months after the first")
        heatmap(each, grid, unit=unit, partial=cut, written=formats.count)
        if kind != kinds[0]:
            each.set_yticks([])
