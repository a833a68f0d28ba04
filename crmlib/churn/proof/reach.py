"""How many leavers a list would reach that goes down from the highest risk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

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
    share = judged.share
    read = _(
        "The height is the share of all leavers met so far, the band its 95 % interval, the line the {share:share0} "
        "likely to leave. Since {rate:share0:point} left, a perfect order reaches {most:share0} there."
    )
    most = min(share / judged.rate_active.value, 1)
    return figure(
        partial(_draw, share=share),
        gated,
        title=_title(found, judged, run),
        alt=run.say(
            _("Curves of leavers reached by share contacted. {tenths}."), tenths=tenths.listing("{contacted}: {gain}")
        ),
        read=run.say(read, share=share, rate=judged.rate_active, most=most),
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
    gain = judged.estimate(found.model, "gain", judged.group)
    words = _(
        "The {share:share0} at highest risk hold {gain:share0:point} of those who left: {lift:number1} times their "
        "share"
    )
    return run.say(words, share=judged.share, gain=gain, lift=gain.value / judged.share)


def _draw(axes: Axes, frame: pd.DataFrame, share: float) -> None:
    """Draw the share of leavers reached by contacting those at highest risk first, the chosen model in colour."""
    axes.axvline(share, color=palette.CONTEXT, linewidth=1)
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
