"""Which assumption decides whether contacting pays: the profit over the range of each, all else likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.churn.money.words import CALLED, end_words
from crmlib.reporting import Gated, exact, gate, label, palette
from crmlib.reporting.figures import write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.churn.money.prospect import Prospect
    from crmlib.workspace import Run


def gated_bars(prospect: Prospect, run: Run) -> Gated | None:
    """Give the profit at both ends of each assumption, in words; nothing where none has a range, or of too few."""
    rows, reached = prospect.sensitivity, prospect.reached
    if rows.empty or run.too_few(reached["customers"], largest=reached["largest"]):
        return None
    named = rows.assign(
        name=[_(CALLED[name]) for name in rows["assumption"]],
        **{end: [end_words(*pair, run) for pair in zip(rows["assumption"], rows[f"at_{end}"], strict=True)]
           for end in ("worse", "better")},
        likely=reached["profit"],
        customers=reached["customers"],
        largest=reached["largest"],
    )  # fmt: skip
    money = ("low", "likely", "high")
    return gate(
        named[["name", "worse", "better", "customers", "largest", *money]], run,
        label("name"), label("worse"), label("better"),
        *(exact(column, kind="money", of="customers", largest="largest") for column in money),
    )  # fmt: skip


def draw_tornado(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw one bar an assumption from the lower to the higher profit, its ends named by the assumption's values."""
    places, likely = range(len(frame)), frame["likely"]
    axes.barh(places, likely - frame["low"], left=frame["low"], height=0.6, color=palette.CONTEXT)
    axes.barh(places, frame["high"] - likely, left=likely, height=0.6, color=palette.ACCENT)
    axes.axvline(likely.iloc[0], color=palette.INK, linewidth=1)
    axes.axvline(0, color=palette.MUTED, linewidth=1, zorder=0)
    axes.margins(x=0.14)
    for side, end, words, ha in ((-6, "low", "worse", "right"), (6, "high", "better", "left")):
        for row, (at, text) in enumerate(zip(frame[end], frame[words], strict=True)):
            axes.annotate(
                text, (at, row), xytext=(side, 0), textcoords="offset points", ha=ha, va="center", color=palette.MUTED
            )
    axes.set_yticks(places, list(frame["name"]))
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(frame) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set_xlabel(_("Profit of contacting those worth it"))
    axes.locator_params(axis="x", nbins=5)
    write_ticks(axes.xaxis, "money", run.params.currency)
