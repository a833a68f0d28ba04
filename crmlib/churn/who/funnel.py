"""The report's funnel on the page: how many people there are, are active, and are likely to leave."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import source
from crmlib.funnel import count_funnel
from crmlib.reporting import Shown, figure, gate, insufficient, label, palette, people, rate
from crmlib.reporting.figures import bars
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

_SHADES: Final = {"likely": palette.RED, "period": palette.SKY}


def funnel(found: Study, run: Run) -> pd.DataFrame:
    """Count the steps of this report; who is likely to leave by the scores, where there are any."""
    return count_funnel(
        found.bought, run.as_of, found.active_days,
        seen_until=found.coverage.observed_until,
        members=run.table("customers") if run.has("customers") else None,
        likely=int(found.leaving["likely"].sum()) if len(found.active) else None,
    )  # fmt: skip


def show_funnel(found: Study, run: Run) -> Shown:
    """Show how many people are in the files, bought, are active and are likely to leave."""
    steps = funnel(found, run)
    if run.too_few(steps["people"].iloc[0]):
        return insufficient(
            needed=run.say(_("{n:count} known customers"), n=run.fewest),
            found=run.say("{n:people}", n=int(steps["people"].iloc[0])),
            therefore=_("How many are active and likely to leave is not shown."),
        )
    names = {
        "files": _("In the files"), "buyers": _("With a purchase"), "year": _("In the last 12 months"),
        "active": run.say(_("Active ({days:days})"), days=found.active_days),
        "period": run.say(_("– bought in {period}"), period=run.period_label),
        "likely": _("– likely to leave"),
    }  # fmt: skip
    rows = steps.drop(columns="part_of").assign(name=[names[step] for step in steps["step"]])
    gated = gate(
        rows, run,
        label("step"), label("name"), people("people"), people("whole"),
        rate("share", per=("people", "whole"), interval=False),
    )  # fmt: skip
    return figure(
        partial(_draw, run=run),
        gated,
        title=_title(steps.set_index("step")["people"], run),
        alt=run.say(_("Bars: {steps}."), steps=gated.listing("{name} {people}")),
        read=_("Shares of the bar above; the last two, of the active."),
        limits=run.say(_("Likely: more than {least:share0}, and not yet dormant or lost."), least=found.least_risk),
        source=source(found, run, len(found.current.customers)),
        size=(7.2, 2.3),
    )


def _title(numbers: pd.Series, run: Run) -> str:
    """Say how many of all are active, and how many of these are likely to leave."""
    if "files" in numbers and "likely" in numbers:
        words = _("Of {all:people} people in the files {active:people} are active, {likely:people} likely to leave")
    elif "files" in numbers:
        words = _("Of {all:people} people in the files {active:people} are active")
    elif "likely" in numbers:
        words = _("Of {all:people} customers {active:people} are active, {likely:people} likely to leave")
    else:
        words = _("Of {all:people} customers {active:people} are active")
    return run.say(words, all=numbers.iloc[0], active=numbers["active"], likely=numbers.get("likely"))


def _draw(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw a bar a step with its number and its share of the step that it is part of."""
    shades = dict(zip(frame["name"], [_SHADES.get(step, palette.ACCENT) for step in frame["step"]], strict=True))
    bars(axes, frame, label="name", value="people", unit="", colour=shades)
    for row, (number, share) in enumerate(zip(frame["people"], frame["share"], strict=True)):
        if pd.notna(number):
            words = run.say(
                "{n:count}" if pd.isna(share) else _("{n:count} · {share:share0}"), n=int(number), share=share
            )
            axes.annotate(words, (number, row), xytext=(6, 0), textcoords="offset points", va="center")
    axes.set_xticks([])
    axes.set_xlim(0, axes.get_xlim()[1] * 1.15)
