"""Who puts customers in the right order: every rule and model on the same customers, and whether the plainest wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import untested
from crmlib.churn.models.contenders import contender
from crmlib.churn.proof.groups import TITLES as GROUPS
from crmlib.reporting import Gated, Shown, estimate, estimated_on, gate, label, palette
from crmlib.reporting.figures import dots
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.churn.proof.evaluation import Evaluation
    from crmlib.churn.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

_READABLE = 0.0005
"""Half of the last digit that is shown of a difference."""

SHOWN: Final = ("auc", "lift", "gain", "brier", "log_loss", "slope", "intercept", "calibration_error", "profit")


def show_comparison(found: Study, run: Run) -> Shown:
    """Show every rule and model with every figure, of the customers whom a list would hold."""
    judged = found.judged
    if judged is None:
        return untested(found, run, _("Rules and models cannot be compared."))
    gated = gate(
        figures_of(judged, SHOWN).assign(role=lambda rows: rows.index.map(lambda name: _role(name, found.model))), run,
        label("name", _("Rule or model")),
        label("role", _("Role")),
        estimate("auc", _("In the right order"), of="customers"),
        estimate("gain", run.say(_("Leavers reached by {share:share0}"), share=judged.share), of="customers"),
        estimate("brier", _("Brier score"), "number", of="customers", decimals=3),
        estimate("slope", _("Calibration slope"), "number", of="customers", decimals=2),
        estimate("intercept", _("Intercept"), "number", of="customers", decimals=2),
        estimate("lift", _("Lift of the first tenth"), "number", of="customers", decimals=2),
        estimate("log_loss", _("Log loss"), "number", of="customers", decimals=3),
        estimate("calibration_error", _("Calibration error"), of="customers"),
        estimate(
            "profit", _("Profit each (EMPC)"), "money", of="customers",
            exempt="assumed costs and benefits times numbers of customers",
        ),
    )  # fmt: skip
    caption = run.say(
        _("{group}, tested on {window:days} after {cutoff:day}"),
        group=_(GROUPS[judged.group]), window=found.horizon_days, cutoff=found.plan.test,
    )  # fmt: skip
    note = _(
        "A slope of 1 and an intercept of 0 are right; of Brier score, log loss and calibration error lower is better. "
        "Intervals from {n:count} resamples."
    )
    notes = [run.say(note, n=run.params.churn.resamples), *estimated_on(judged.customers, run)]
    return gated.table(caption, note=" ".join(notes))


def _role(model: str, chosen: str) -> str:
    return _("chosen") if model == chosen else _("simple rule") if contender(model).simple else _("model")


def figures_of(judged: Evaluation, metrics: Sequence[str]) -> pd.DataFrame:
    """Lay figures out with their ends: one row a rule or model, the best AUC first, and its name and customers."""
    models = judged.values().index
    found = {metric: [judged.estimate(model, metric, judged.group) for model in models] for metric in metrics}
    ends = {"": "value", "_low": "low", "_high": "high"}
    columns = {
        f"{metric}{end}": [getattr(each, name) for each in estimates]
        for metric, estimates in found.items()
        for end, name in ends.items()
    }
    sizes = [judged.estimate(model, "auc", judged.group).n for model in models]
    return pd.DataFrame({"name": [contender(model).label for model in models], **columns, "customers": sizes}, models)


def order_gated(judged: Evaluation, chosen: str, run: Run) -> Gated:
    """Let through how many more pairs than the best rule each other one puts in the right order, in points."""
    rule, names = judged.best_rule(), judged.values().index
    against = {name: judged.against_rule(name, "auc").scaled(100) for name in names if name != rule}
    rows = pd.DataFrame(
        {
            "name": [contender(name).label for name in against],
            "chosen": [name == chosen for name in against],
            "points": [each.value for each in against.values()],
            "points_low": [each.low for each in against.values()],
            "points_high": [each.high for each in against.values()],
            "customers": [each.n for each in against.values()],
        }
    )
    return gate(
        rows, run, label("name"), label("chosen"), estimate("points", kind="number", of="customers", decimals=1)
    )


def draw_order(axes: Axes, frame: pd.DataFrame, rule: str) -> None:
    """Draw how far above or below the best rule every other one lies, the chosen one in colour."""
    shades = dict(zip(frame["name"], frame["chosen"].map({True: palette.ACCENT, False: palette.CONTEXT}), strict=True))
    unit = _("Points above or below “{rule}”").format(rule=rule)
    dots(
        axes, frame, label="name", value="points", low="points_low", high="points_high", colour=shades, reference=0,
        unit=unit,
    )  # fmt: skip


def rival_of(judged: Evaluation, chosen: str, group: str) -> tuple[str, Estimate] | None:
    """Find whom the chosen one is held against, with that one's AUC minus its own.

    The best simple rule; where that was chosen, the best of the others.
    """
    rule = judged.best_rule("auc", group)
    if rule is not None and rule != chosen:
        return rule, judged.against_rule(chosen, "auc", group).scaled(-1)
    rivals = [name for name in judged.values(group).index if name != chosen]
    return (rivals[0], judged.against_rule(rivals[0], "auc", group)) if rule is not None and rivals else None


def is_decided(difference: Estimate) -> bool:
    """Whether a difference is beyond chance; an end that reads 0.0 decides nothing for a reader."""
    return difference.excludes(0) and min(abs(difference.low), abs(difference.high)) >= _READABLE
