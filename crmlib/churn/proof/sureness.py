"""How sure the chapter is: order and probabilities in one picture and a table, and all that stands behind them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crmlib.churn.evidence import untested
from crmlib.churn.models.contenders import contender
from crmlib.churn.proof.advice import advice_sentence, advise
from crmlib.churn.proof.backtest import show_cutoffs
from crmlib.churn.proof.comparison import draw_order, figures_of, is_decided, order_gated, rival_of, show_comparison
from crmlib.churn.proof.groups import ACTIVE
from crmlib.churn.proof.probabilities import (
    curve_gated,
    draw_calibration,
    show_calibration,
    show_drift,
)
from crmlib.churn.proof.reach import show_reach
from crmlib.reporting import Shown, estimate, figure, folded, gate, label, note, show_all
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.churn.proof.evaluation import Evaluation
    from crmlib.churn.study import Study
    from crmlib.stats import Estimate
    from crmlib.stats.calibration import CalibrationError
    from crmlib.workspace import Run


def show_proof(found: Study, run: Run) -> Shown:
    """Show how sure the order and the probabilities are, by what to rank, and, folded, how that was tested."""
    judged = found.judged
    if judged is None or judged.curve is None or judged.error is None:
        return untested(found, run, _("How sure the order and the probabilities are cannot be said."))
    advised = advice_sentence(advise(judged, found.model), run.say)
    behind = (show_cutoffs, show_comparison, show_calibration, show_drift, show_reach)
    return show_all(
        _picture(found, judged, judged.curve, run),
        _table(found, judged, run),
        note(advised),
        folded(_("How this was tested"), *(show(found, run) for show in behind)),
    )


def _picture(found: Study, judged: Evaluation, curve: pd.DataFrame, run: Run) -> Shown:
    """Draw the order against the best rule, and the probabilities against what came."""
    order, tenths = order_gated(judged, found.model, run), curve_gated(curve, run)
    rule = judged.best_rule()
    against = contender(rule).label if rule else ""
    alt = _("Left, dots of points against “{rule}”: {order}. Right, expected and left by tenth: {tenths}.")
    slope = judged.estimate(found.model, "slope", judged.group)
    return figure(
        partial(_draw, rule=against),
        {"order": order, "curve": tenths},
        title=sentence_start(verdict(found, judged, run)),
        alt=run.say(
            alt,
            rule=against,
            order=order.listing("{name} {points}"),
            tenths=tenths.rows(lambda rows: rows["observed"].notna()).listing("{expected} → {observed}"),
        ),
        read=_("Left, leavers and stayers in the right order; right, tenths of the customers."),
        limits=_slope_sentence(slope, run) or _("Too few differ in probability to judge a slope."),
        source=run.say(_("the test of {cutoff:day}, {n:people} customers"), cutoff=found.plan.test, n=slope.n),
        size=(7.2, 3.0),
        panels=(1, 2),
    )


def verdict(found: Study, judged: Evaluation, run: Run) -> str:
    """Say how well the chosen one orders customers, and whether its probabilities hold."""
    order = _order(found, judged, run)
    return order if judged.error is None else f"{order}; {error_title(judged.error, run)}"


def _order(found: Study, judged: Evaluation, run: Run) -> str:
    """Say whether the chosen one orders customers better than its plainest rival."""
    own, rival = contender(found.model).called, rival_of(judged, found.model, judged.group)
    if rival is None:
        return own
    return order_words(found.model, *rival, run)


def order_words(chosen: str, name: str, difference: Estimate, run: Run) -> str:
    """Say whether a rival orders customers better than the chosen one, given its AUC minus that one's."""
    own = contender(chosen).called
    other = _("the best simple rule") if contender(name).simple else contender(name).called
    if not is_decided(difference):
        words = _("{own} orders customers as well as {other}")
    elif difference.value > 0:
        words = _("{own} orders customers {size:gap:point} points worse than {other}")
    else:
        words = _("{own} orders customers {size:gap:point} points better than {other}")
    return run.say(words, own=own, other=other, size=abs(difference))


def error_title(error: CalibrationError, run: Run) -> str:
    """Say whether the probabilities hold."""
    if not error.shift.excludes(0):
        words = (
            _("its probabilities are off by {value:gap} points") if error.beyond_chance else _("its probabilities hold")
        )
        return run.say(words, value=error.value)
    words = _("its probabilities are {shift:gap:point} points too high")
    if error.shift.value < 0:
        words = _("its probabilities are {shift:gap:point} points too low")
    return run.say(words, shift=abs(error.shift))


def _slope_sentence(slope: Estimate, run: Run) -> str:
    """Say whether the probabilities are too extreme or too timid."""
    if not slope.is_known:
        return ""
    if not slope.excludes(1):
        words = _("Calibration slope {slope:number2}; 1 is right.")
    elif slope.value < 1:
        words = _("Calibration slope {slope:number2}: too extreme.")
    else:
        words = _("Calibration slope {slope:number2}: too timid.")
    return run.say(words, slope=slope)


def _draw(panels: Sequence[Axes], frames: dict[str, pd.DataFrame], rule: str) -> None:
    """Draw order on the left, probabilities on the right."""
    left, right = panels
    draw_order(left, frames["order"], rule)
    draw_calibration(right, frames["curve"])


def _table(found: Study, judged: Evaluation, run: Run) -> Shown:
    """Set the chosen one beside the best rule."""
    shown = {found.model, judged.best_rule()}
    rows = figures_of(judged, ("auc", "brier")).drop(columns=["brier_low", "brier_high"])
    gated = gate(
        rows[rows.index.isin(shown)], run,
        label("name", _("Model")),
        estimate("auc", _("In the right order"), of="customers"),
        estimate("brier", _("Brier score"), "number", of="customers", decimals=3),
    )  # fmt: skip
    caption = _("Active customers, 95 % intervals") if judged.group == ACTIVE else _("Known customers, 95 % intervals")
    return gated.table(caption, confidence=None)
