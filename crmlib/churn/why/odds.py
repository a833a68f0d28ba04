"""What goes with leaving: the weights of the logistic regression as odds ratios."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.history.features import SIGNS, TITLES
from crmlib.churn.models.design import stacked
from crmlib.churn.models.logistic import learn_logistic
from crmlib.reporting import Shown, estimate, estimated_on, figure, gate, label, palette
from crmlib.reporting.figures import dots
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.churn.history.slices import Slice
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

NORMAL_95: Final = 1.959964


def odds_ratios(past: Sequence[Slice]) -> pd.DataFrame:
    """Say what a standard deviation more of each feature, the others held, does to the odds of leaving.

    ``feature, odds_ratio, low, high, customers``: the weights of the regression that is learnt from these cutoffs. No
    rows where they had to be held by a penalty.
    """
    learnt = learn_logistic([piece.sampled() for piece in past], past[-1]) if past else None
    if learnt is None or learnt.errors is None:
        return pd.DataFrame(columns=["feature", "odds_ratio", "low", "high", "customers"])
    half = NORMAL_95 * learnt.errors
    return pd.DataFrame(
        {
            "feature": list(learnt.names),
            "odds_ratio": np.exp(learnt.weights),
            "low": np.exp(learnt.weights - half),
            "high": np.exp(learnt.weights + half),
            "customers": learnt.customers,
        }
    )


def unexpected(odds: pd.DataFrame, past: Sequence[Slice]) -> pd.DataFrame:
    """Find the features whose odds go against the declared sign beyond chance, and what each overlaps with most.

    ``feature, odds_ratio, other, correlation``.
    """
    sign = odds["feature"].map(SIGNS).fillna(0)
    against = odds[((sign > 0) & (odds["high"] < 1)) | ((sign < 0) & (odds["low"] > 1))]
    together = stacked([piece.sampled() for piece in past])[0].corr() if len(against) else pd.DataFrame()
    rows = []
    for feature, ratio in zip(against["feature"], against["odds_ratio"], strict=True):
        others = together[feature].drop(feature)
        other = others.abs().idxmax()
        rows.append((feature, ratio, other, others[other]))
    return pd.DataFrame(rows, columns=["feature", "odds_ratio", "other", "correlation"])


def unexpected_sentences(odds: pd.DataFrame, past: Sequence[Slice], run: Run) -> list[str]:
    """Explain each sign that nobody would expect: the feature speaks for what one like it leaves open."""
    words = _(
        "Against expectation the odds {move} with “{feature}”: it says much the same as “{other}” (correlation "
        "{r:number2}), which is held."
    )
    return [
        run.say(
            words,
            move=_("fall") if row.odds_ratio < 1 else _("rise"),
            feature=_(TITLES[row.feature]),
            other=_(TITLES.get(row.other, row.other)),
            r=row.correlation,
        )
        for row in unexpected(odds, past).itertuples()
    ]


_TICKS: Final = (0.1, 0.2, 0.33, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10)


def show_odds(found: Study, run: Run) -> Shown:
    """Show what goes with leaving."""
    if not found.slices or found.odds.empty:
        return untested(found, run, _("What goes with leaving cannot be estimated."))
    ratios = found.odds.sort_values("odds_ratio", ascending=False, kind="stable")
    ratios["name"] = [_(TITLES[feature]) if feature in TITLES else feature for feature in ratios.pop("feature")]
    gated = gate(
        ratios, run, label("name"),
        estimate("odds_ratio", kind="number", of="customers", low="low", high="high", decimals=2),
    )  # fmt: skip
    strongest = ratios.loc[np.log(ratios["odds_ratio"]).abs().idxmax()]
    words = _("What goes most with leaving: {feature}")
    if strongest["odds_ratio"] <= 1:
        words = _("What goes most with staying: {feature}")
    estimated = estimated_on(len(found.current.customers), run)
    limits = _(
        "Features overlap, so each speaks only for what the others leave open; none is a cause: changing one would not "
        "by itself change who leaves."
    )
    return figure(
        partial(_draw, run=run),
        gated,
        title=run.say(words, feature=strongest["name"]),
        alt=run.say(_("Dots of odds ratios with intervals: {dots}."), dots=gated.listing("{name} {odds_ratio}")),
        read=_(
            "Right of × 1 the odds of leaving rise with the feature, left of it they fall, the other features held; "
            "one standard deviation more of each; lines are 95 % intervals, errors clustered by customer."
        ),
        limits=" ".join([limits, *unexpected_sentences(found.odds, found.slices, run), *estimated]),
        source=source(found, run, int(ratios["customers"].iloc[0])),
        size=(7.2, 0.9 + 0.38 * len(gated)),
    )


def _draw(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw what each feature does to the odds of leaving."""
    axes.set_xscale("log")
    shades = {
        name: palette.RED if low > 1 else palette.ACCENT if high < 1 else palette.CONTEXT
        for name, low, high in zip(frame["name"], frame["low"], frame["high"], strict=True)
    }
    unit = _("Odds of leaving, times, for one standard deviation more")
    dots(axes, frame, label="name", value="odds_ratio", low="low", high="high", unit=unit, reference=1, colour=shades)
    for row, ratio in enumerate(frame["odds_ratio"]):
        words, beside = run.say("× {ratio:number2}", ratio=ratio), axes.get_yaxis_transform()
        axes.text(1.02, row, words, color=palette.INK, transform=beside, va="center")
    _write_ticks(axes, frame["low"].min(), frame["high"].max())


def _write_ticks(axes: Axes, low: float, high: float) -> None:
    """Write round factors along the axis, those in view."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if low * 0.8 <= tick <= high * 1.25]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda factor, _place: f"× {factor:g}"))
