"""How many leavers a list would reach that goes down from the highest risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.models.contenders import contender
from crmlib.reporting import Shown, estimate, figure, gate, label, palette
from crmlib.reporting.figures import write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.proof.evaluation import Evaluation
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

FIRST: Final = 0.2
"""The share contacted that the title speaks of."""


def show_reach(found: Study, run: Run) -> Shown:
    """Show what share of the leavers is reached by contacting those at highest risk first."""
    judged = found.judged
    if judged is None or judged.gains.empty:
        return untested(found, run, _("What a contact list would reach cannot be said."))
    gated = gate(
        _curves(found, judged), run,
        label("role"), label("name"), label("contacted"),
        estimate("gain", of="customers", low="low", high="high", decimals=0),
    )  # fmt: skip
    chosen = gated.rows(lambda curves: curves["role"] == "chosen")
    tenths = chosen.worded("contacted", lambda share: run.say(_("first {share:share0}"), share=share))
    return figure(
        _draw,
        gated,
        title=_title(found, judged, run),
        alt=run.say(
            _("Curves of leavers reached by share contacted. {tenths}."), tenths=tenths.listing("{contacted}: {gain}")
        ),
        read=run.say(
            _(
                "Among the customers who had bought in the last {active:days}, going down from the highest risk, the "
                "height is the share of all leavers already met; the band is a 95 % interval. Since "
                "{rate:share0:point} left, even a perfect order reaches only {most:share0} with the first "
                "{first:share0}."
            ),
            active=found.active_days,
            rate=judged.rate_active,
            most=min(FIRST / judged.rate_active.value, 1),
            first=FIRST,
        ),
        limits=_("To reach a leaver is not to keep one."),
        source=source(found, run, judged.rate_active.n),
        size=(7.2, 4.0),
    )


def _curves(found: Study, judged: Evaluation) -> pd.DataFrame:
    """Give the curves of the chosen model, of the best simple rule and of an order that nobody could better."""
    columns = ["role", "name", "contacted", "gain", "low", "high", "customers"]
    curves = judged.gains.assign(
        role=["chosen" if name == found.model else "rule" for name in judged.gains["model"]],
        name=[contender(name).label for name in judged.gains["model"]],
    )
    corners = {"contacted": [0.0, judged.rate_active.value, 1.0], "gain": [0.0, 1.0, 1.0]}
    perfect = pd.DataFrame(corners).assign(role="perfect", name=_("a perfect order"), customers=judged.rate_active.n)
    return pd.concat([curves, perfect], ignore_index=True)[columns]


def _title(found: Study, judged: Evaluation, run: Run) -> str:
    own = judged.gains[judged.gains["model"] == found.model]
    top = own[own["contacted"].round(2) == FIRST].iloc[0]
    return run.say(
        _(
            "The {share:share0} of active customers at highest risk hold {gain:share0} of those who left: "
            "{lift:number1} times their share"
        ),
        share=FIRST,
        gain=top["gain"],
        lift=top["lift"],
    )


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the share of leavers reached by contacting those at highest risk first, the chosen model in colour."""
    axes.plot([0, 1], [0, 1], color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)), label=_("by chance"))
    styles = {
        "chosen": (palette.ACCENT, "-", 2.4),
        "rule": (palette.ORANGE, "-", 1.6),
        "perfect": (palette.MUTED, ":", 1.4),
    }
    nobody = pd.DataFrame({"contacted": [0.0], "gain": 0.0, "low": 0.0, "high": 0.0})
    for (role, name), curve in frame.groupby(["role", "name"], sort=False):
        shade, line, width = styles[role]
        part = pd.concat([nobody, curve], ignore_index=True)
        if role == "chosen":
            axes.fill_between(part["contacted"], part["low"], part["high"], color=shade, alpha=0.15, linewidth=0)
        axes.plot(part["contacted"], part["gain"], color=shade, linestyle=line, linewidth=width, label=name)
    axes.set_xlabel(_("Customers contacted, highest risk first"))
    axes.set_ylabel(_("Reached of those who left"))
    axes.legend(loc="lower right")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    for axis in (axes.xaxis, axes.yaxis):
        write_ticks(axis, "share")
