"""Do the probabilities hold: as many left as expected, tenth by tenth, and after one cutoff as after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.history.features import SEASON
from crmlib.churn.history.slices import LEAST_OF_EACH
from crmlib.churn.models.contenders import contender
from crmlib.churn.proof.backtest import Backtest, expected_and_observed
from crmlib.churn.proof.groups import title_of
from crmlib.churn.watch.fitted import features_used
from crmlib.reporting import Gated, Shown, estimate, figure, gate, label, palette, people, rate
from crmlib.reporting.figures import calendar, label_ends, write_ticks
from crmlib.reporting.figures import calibration as calibration_dots
from crmlib.stats.comparisons import proportion_difference
from crmlib.stats.intervals import proportion
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.proof.evaluation import Evaluation
    from crmlib.churn.study import Study
    from crmlib.stats.calibration import CalibrationError
    from crmlib.workspace import Run

MOST_DATES: Final = 6
"""So many full dates fit under an axis."""


def show_calibration(found: Study, run: Run) -> Shown:
    """Show whether probabilities and order hold in each group that was known at the cutoff, new customers apart."""
    judged = found.judged
    if judged is None:
        return untested(found, run, _("Whether the probabilities hold cannot be said."))
    gated = gate(
        by_group(judged, found.model), run,
        label("name", _("At the cutoff")), people("customers", _("Customers")), people("churned"),
        estimate("expected", _("Expected to leave"), of="customers"),
        rate("left", _("Left"), per=("churned", "customers")),
        estimate("auc", _("In the right order"), of="customers"),
        estimate("against", _("Above the best rule, points"), "number", of="customers", decimals=1,
                 missing=_("the rule itself")),
    )  # fmt: skip
    caption = run.say(_("{model}, group by group"), model=sentence_start(contender(found.model).label))
    fewest = run.say(_("Groups with fewer than {n:count} leavers or stayers are left out."), n=LEAST_OF_EACH)
    said = [shift_sentence(judged.error, run)] if judged.error else []
    return gated.table(caption, note=" ".join([*said, fewest]))


def by_group(judged: Evaluation, model: str) -> pd.DataFrame:
    """Give one row a group: its size, how many left and were expected to, and how well they were put in order."""
    rows = []
    own = judged.table[judged.table["model"] == model]
    for group, figures in own.groupby("group", sort=False):
        auc, against = (read(model, "auc", group) for read in (judged.estimate, judged.against_rule))
        ends = {"auc": auc, "against": against.scaled(100), "expected": judged.estimate(model, "expected", group)}
        rows.append(
            {"name": title_of(group), "customers": auc.n, "churned": int(figures["churned"].iloc[0])}
            | {name: each.value for name, each in ends.items()}
            | {f"{name}_low": each.low for name, each in ends.items() if name != "expected"}
            | {f"{name}_high": each.high for name, each in ends.items() if name != "expected"}
        )
    return pd.DataFrame(rows)


def curve_gated(curve: pd.DataFrame, run: Run) -> Gated:
    """Let the calibration curve through."""
    return gate(
        curve, run, label("bin"),
        estimate("expected", of="customers", decimals=0),
        estimate("observed", of="customers", low="low", high="high", decimals=0),
    )  # fmt: skip


def shift_sentence(error: CalibrationError, run: Run) -> str:
    """Say whether the model expected more leavers than came among the active, or fewer."""
    shift = error.shift
    if not shift.excludes(0):
        words = _(
            "Of the active it expected as many leavers as came (difference {shift:gap:point} points, "
            "{shift:gap:interval})."
        )
    elif shift.value > 0:
        words = _("Of the active it expected {shift:gap:point} points more leavers than came ({shift:gap:interval}).")
    else:
        shift = shift.scaled(-1)
        words = _("Of the active it expected {shift:gap:point} points fewer leavers than came ({shift:gap:interval}).")
    return run.say(words, shift=shift)


def draw_calibration(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw observed against expected leavers, tenth by tenth."""
    calibration_dots(axes, frame, predicted="expected", observed="observed", low="low", high="high")
    axes.set_xlabel(_("Expected to leave"))
    axes.set_ylabel(_("Left"))
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)


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
        read=_("Each point is a cutoff; diamonds: what the model expected, learnt from those before."),
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
        words = _("As many of all known customers left: {rate:share:point}, {old:share:point} after {before:day}")
    elif moved.value < 0:
        words = _(
            "Fewer of all known customers left: {rate:share:point}, {old:share:point} after {before:day}, more than "
            "chance explains"
        )
    else:
        words = _(
            "More of all known customers left: {rate:share:point}, {old:share:point} after {before:day}, more than "
            "chance explains"
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
        words = _("With {days:days} of history no season can be learnt: trust the order more than the height.")
        return run.say(words, days=found.coverage.days)
    if set(SEASON) & set(features_used(found.learnt)):
        return _("The model knows the season from few years: around holidays trust the order more than the height.")
    return _("The model does not know the season: around holidays trust the order more than the height.")


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
