"""Who puts customers in the right order: every rule and model on the same customers, and whether the plainest wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.churn.evidence import source, untested
from crmlib.churn.models.contenders import contender
from crmlib.reporting import Gated, Shown, estimate, estimated_on, figure, gate, label, palette, show_all
from crmlib.reporting.figures import dots
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.churn.proof.evaluation import Evaluation
    from crmlib.churn.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

_READABLE = 0.0005
"""Half of the last digit that is shown of a difference."""


def show_comparison(found: Study, run: Run) -> Shown:
    """Show which rule or model puts customers in the right order."""
    judged = found.judged
    if judged is None:
        return untested(found, run, _("Rules and models cannot be compared."))
    gated = _gated(judged, run)
    picture = figure(
        _draw,
        gated,
        title=_title(found, judged, run),
        alt=run.say(_("Dots with intervals, pairs in the right order: {dots}."), dots=gated.listing("{name} {auc}")),
        read=run.say(
            _(
                "{verdict} Take one customer who left and one who stayed: how often did the rule or model rank the "
                "leaver as the higher risk? Blue scores the customers; lines are 95 % intervals."
            ),
            verdict=sentence_start(verdict(found, judged, run)),
        ),
        limits=run.say(
            _(
                "Intervals of one row are wide because customers differ; whether two rows differ is in the table, from "
                "the same resampled customers. Among the customers still active at the cutoff the chosen one reaches "
                "{active:share}."
            ),
            active=judged.auc_active,
        ),
        source=source(found, run, judged.customers),
        size=(7.2, 0.9 + 0.38 * len(gated)),
    )
    return show_all(picture, _table(gated, found, run))


def _gated(judged: Evaluation, run: Run) -> Gated:
    """Let the comparison through the gate; the chosen one is not held against itself."""
    rows = judged.comparison.drop(columns=["log_loss_low", "log_loss_high"])
    against = [column for column in rows.columns if column.startswith("auc_against")]
    rows[against] = rows[against].mask(rows["chosen"]) * 100
    rows["name"] = [contender(name).label for name in rows.pop("model")]
    return gate(
        rows.assign(customers=judged.customers), run,
        label("name", _("Rule or model")),
        label("chosen"),
        estimate("auc", _("In the right order"), of="customers"),
        estimate(
            "auc_against_chosen", _("Against the chosen, points"), "number",
            of="customers", decimals=1, missing=_("chosen"),
        ),
        estimate("brier", _("Brier score"), "number", of="customers", decimals=3),
        estimate("log_loss", _("Log loss"), "number", of="customers", decimals=3),
    )  # fmt: skip


def _table(gated: Gated, found: Study, run: Run) -> Shown:
    caption = run.say(
        _("Tested on {window:days} after {cutoff:day}, {n:count} resamples, 95 % intervals"),
        window=found.horizon_days,
        cutoff=found.plan.test,
        n=run.params.churn.resamples,
    )
    note = _(
        "Brier score and log loss judge the probabilities, not only the order: lower is better. The purchase models "
        "know each customer's rhythm and chance to have left; the others learn from earlier cutoffs how "
        "features go with leaving."
    )
    return gated.table(caption, note=" ".join([note, *estimated_on(len(found.current.customers), run)]))


def verdict(found: Study, judged: Evaluation, run: Run) -> str:
    """Say how well the chosen one orders customers, and whether its plainest rival does as well or better."""
    own = run.say(
        _("{model} put {share:share} of the pairs of a leaver and a stayer in the right order"),
        model=contender(found.model).called,
        share=judged.estimate(found.model, "auc"),
    )
    rival = _rival(judged, found.model)
    if rival is None:
        return run.say(_("{own}."), own=own)
    difference = judged.estimate(rival, "auc_against_chosen")
    return run.say(_("{own}; {against}."), own=own, against=against_sentence(rival, difference, run))


def against_sentence(rival: str, difference: Estimate, run: Run) -> str:
    """Say whether a rival orders customers better than the chosen one, given its AUC minus that one's."""
    if not _decided(difference):
        words = _("{rival} did as well (difference {size:gap:point} points, {size:gap:interval})")
    elif difference.value > 0:
        words = _("{rival} did better, by {size:gap:point} points ({size:gap:interval})")
    else:
        words = _("{rival} did worse, by {size:gap:point} points ({size:gap:interval})")
    size = abs(difference) if _decided(difference) else difference
    return run.say(words, rival=contender(rival).called, size=size)


def _title(found: Study, judged: Evaluation, run: Run) -> str:
    """Say the finding of the comparison in a line."""
    own, rival = contender(found.model).called, _rival(judged, found.model)
    if rival is None:
        return sentence_start(own)
    difference = judged.estimate(rival, "auc_against_chosen")
    if not _decided(difference):
        words = _("{own} and {rival} put customers in order equally well")
    elif difference.value > 0:
        words = _("{rival} beats {own}, which scores the customers, by {size:gap:point} points")
    else:
        words = _("{own} beats {rival} by {size:gap:point} points")
    return sentence_start(run.say(words, own=own, rival=contender(rival).called, size=abs(difference)))


def _rival(judged: Evaluation, chosen: str) -> str | None:
    """Find whom the chosen one is held against: the best simple rule, or the best model where a rule was chosen."""
    simple = contender(chosen).simple
    return next((name for name in judged.comparison["model"] if contender(name).simple != simple), None)


def _decided(difference: Estimate) -> bool:
    """Whether a difference is beyond chance; an end that reads 0.0 decides nothing for a reader."""
    return difference.excludes(0) and min(abs(difference.low), abs(difference.high)) >= _READABLE


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the AUC of every rule and model with its interval, the chosen one in colour."""
    shades = dict(zip(frame["name"], frame["chosen"].map({True: palette.ACCENT, False: palette.CONTEXT}), strict=True))
    dots(
        axes, frame, label="name", value="auc", low="auc_low", high="auc_high", kind="share", colour=shades,
        unit=_("Pairs of a leaver and a stayer in the right order (AUC); by chance 50\u00a0%"),
        reference=0.5, written="share",
    )  # fmt: skip
