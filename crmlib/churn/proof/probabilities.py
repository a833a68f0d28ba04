"""Do the probabilities hold: as many left as expected, tenth by tenth, and after one cutoff as after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.models.contenders import contender
from crmlib.churn.proof.backtest import Backtest, expected_and_observed
from crmlib.reporting import Shown, estimate, figure, gate, label, palette, people, rate
from crmlib.reporting.figures import calendar, label_ends, write_ticks
from crmlib.reporting.figures import calibration as calibration_dots
from crmlib.stats.comparisons import proportion_difference
from crmlib.stats.intervals import proportion
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.stats.calibration import CalibrationError
    from crmlib.workspace import Run

MOST_DATES: Final = 6
"""So many full dates fit under an axis."""


def show_calibration(found: Study, run: Run) -> Shown:
    """Show whether probabilities mean what they say."""
    judged = found.judged
    if judged is None or judged.curve is None or judged.error is None:
        return untested(found, run, _("Whether the probabilities hold cannot be said."))
    gated = gate(
        judged.curve, run,
        label("bin"),
        estimate("expected", of="customers", decimals=0),
        estimate("observed", of="customers", low="low", high="high", decimals=0),
    )  # fmt: skip
    return figure(
        _draw_calibration,
        gated,
        title=calibration_title(judged.error, run),
        alt=run.say(
            _("Dots of the share that left against the share expected, by tenth of the customers: {dots}."),
            dots=gated.rows(lambda tenths: tenths["observed"].notna()).listing("{expected} → {observed}"),
        ),
        read=run.say(
            _("On the dashed line as many left as {model} expected; vertical lines are 95 % intervals."),
            model=contender(found.model).label,
        ),
        limits=run.say(
            _("{shift} Chance alone brings an average error above {floor:gap} points one time in twenty."),
            shift=shift_sentence(judged.error, run),
            floor=judged.error.floor_high,
        ),
        source=source(found, run, judged.customers),
        size=(7.2, 4.2),
    )


def calibration_title(error: CalibrationError, run: Run) -> str:
    """Say whether the probabilities hold."""
    if error.beyond_chance:
        words = _("The probabilities are off by {value:gap} points on average, where chance alone explains {floor:gap}")
    else:
        words = _("The probabilities hold: off by {value:gap} points, no more than chance explains ({floor:gap})")
    return run.say(words, value=error.value, floor=error.floor)


def shift_sentence(error: CalibrationError, run: Run) -> str:
    """Say whether the model expected more leavers than came, or fewer."""
    shift = error.shift
    if not shift.excludes(0):
        words = _(
            "All in all it expected as many leavers as came (difference {shift:gap:point} points, "
            "{shift:gap:interval})."
        )
    elif shift.value > 0:
        words = _("All in all it expected {shift:gap:point} points more leavers than came ({shift:gap:interval}).")
    else:
        shift = shift.scaled(-1)
        words = _("All in all it expected {shift:gap:point} points fewer leavers than came ({shift:gap:interval}).")
    return run.say(words, shift=shift)


def _draw_calibration(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw observed against expected leavers, tenth by tenth."""
    calibration_dots(axes, frame, predicted="expected", observed="observed", low="low", high="high")
    axes.set_xlabel(_("Expected to leave (mean probability of a tenth of the customers)"))
    axes.set_ylabel(_("Left"))
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    above, below, within = _("more left than expected"), _("fewer left than expected"), axes.transAxes
    axes.text(0.05, 0.93, above, color=palette.MUTED, transform=within, va="center")
    axes.text(0.97, 0.06, below, color=palette.MUTED, transform=within, va="center", ha="right")


def show_drift(found: Study, run: Run) -> Shown:
    """Show whether the churn rate moved, and whether the model followed."""
    if found.backtest is None or not found.backtest.training:
        return untested(found, run, _("Whether the churn rate moves cannot be said."))
    gated = gate(
        expected_and_observed(found.backtest), run,
        label("cutoff", kind="day"), people("customers"), people("churned"),
        rate("observed", per=("churned", "customers")), estimate("expected", of="customers"),
    )  # fmt: skip
    return figure(
        partial(_draw_drift, run=run),
        gated,
        title=drift_title(found.backtest, run),
        alt=run.say(
            _("Line of the share that left after each cutoff: {dots}."), dots=gated.listing("{cutoff} {observed}")
        ),
        read=_("Each point is a cutoff; the diamonds are what the model expected, learnt from the cutoffs before it."),
        limits=season_sentence(found, run),
        source=source(found, run, len(found.current.customers)),
        size=(7.2, 3.2),
    )


def drift_title(backtest: Backtest, run: Run) -> str:
    """Say whether the churn rate moved since the models learnt, and whether the model followed."""
    rows = expected_and_observed(backtest)
    before, last = rows.iloc[-2], rows.iloc[-1]
    moved = proportion_difference(last["churned"], last["customers"], before["churned"], before["customers"])
    # the same customers stand at both cutoffs, which makes this interval too wide rather than too narrow
    if not moved.excludes(0):
        words = _("The churn rate stood still: {rate:share:point} at the test, {old:share:point} after {before:day}")
    elif moved.value < 0:
        words = _(
            "The churn rate fell to {rate:share:point} from {old:share:point} after {before:day}, more than chance "
            "explains"
        )
    else:
        words = _(
            "The churn rate rose to {rate:share:point} from {old:share:point} after {before:day}, more than chance "
            "explains"
        )
    moved_to = run.say(
        words,
        rate=proportion(last["churned"], last["customers"]),
        old=proportion(before["churned"], before["customers"]),
        before=before["cutoff"],
    )
    if pd.isna(last["expected"]):
        return moved_to
    return run.say(_("{moved}; the model expected {expected:share}"), moved=moved_to, expected=last["expected"])


def season_sentence(found: Study, run: Run) -> str:
    """Say what part of a drift cannot be foreseen from so short a history."""
    if found.coverage.days < 2 * 365:
        words = _(
            "With {days:days} of history no season has been seen twice, so none can be learnt: around holidays take "
            "the order of the customers as firmer than the height of the probabilities."
        )
        return run.say(words, days=found.coverage.days)
    return _("No model here knows the season; around holidays the order of the customers is firmer than the height.")


def _draw_drift(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw the churn rate after each cutoff, expected and observed."""
    days, known = pd.to_datetime(frame["cutoff"]), frame["expected"].notna()
    axes.vlines(days, frame["observed_low"], frame["observed_high"], color=palette.ACCENT, linewidth=2.2, alpha=0.55)
    axes.plot(days, frame["observed"], color=palette.ACCENT, marker="o")
    expected, dashed = frame.loc[known, "expected"], (0, (4, 3))
    axes.plot(days[known], expected, color=palette.ORANGE, marker="D", markersize=6, linestyle=dashed)
    if len(frame) <= MOST_DATES:
        axes.set_xticks(list(days), [run.say("{day:day}", day=day) for day in frame["cutoff"]])
    else:
        calendar(axes, days)
    axes.set_title(_("Customers without a purchase in the horizon"), color=palette.MUTED, fontweight="normal")
    low, high = frame["observed_low"].min(), frame[["observed_high", "expected"]].max().max()
    room = max(high - low, 0.05)
    axes.set_ylim(max(low - room, 0), min(high + room, 1))
    last = frame.iloc[-1]
    ends = [(days.iloc[-1], last["observed"], _("left"), palette.ACCENT)]
    if known.iloc[-1]:
        ends.append((days.iloc[-1], last["expected"], _("expected"), palette.ORANGE))
    label_ends(axes, ends)
    write_ticks(axes.yaxis, "share")
