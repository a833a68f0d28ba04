"""The experiment that would tell whether contacting keeps customers, and how many customers it takes."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from crmlib.churn.evidence import untested
from crmlib.churn.money.gain import break_even_reduction
from crmlib.reporting import Shown, exact, folded, gate, label, note, show_all
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.churn.money.profit import Campaign
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

REDUCTIONS: Final = (0.02, 0.03, 0.05, 0.10)
"""Effects for which the table says how many customers an experiment needs."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """The list split at random, half of it contacted: what it would show, and what it would have to.

    Of so many `customers` put forward as likely to leave half are `contacted`; without a contact the share `churn_rate`
    leaves (the mean of their probabilities) within `horizon_days`, the least time to wait. `visible` is the fall that
    shows (power 80 %, two-sided 5 %), `pays_from` the one from which a contact pays; ``None`` where that is not known,
    or no fall shows.
    """

    customers: int
    contacted: int
    left_alone: int
    churn_rate: float | None
    visible: float | None
    pays_from: float | None
    horizon_days: int
    least_risk: float


def design_experiment(
    values: pd.Series, churn_rate: float | None, campaign: Campaign | None, *, horizon_days: int, least_risk: float
) -> Experiment:
    """Split customers who bring such values if kept in half: what fall of the churn rate would show, and what pays."""
    customers, visible, pays_from = len(values), None, None
    if churn_rate is not None:
        visible = smallest_reduction(churn_rate, customers)
        if campaign is not None and customers:
            pays_from = break_even_reduction(churn_rate, campaign, float(values.mean()))
    half = customers // 2
    return Experiment(customers, half, customers - half, churn_rate, visible, pays_from, horizon_days, least_risk)


def customers_needed(churn_rate: float, reduction: float, power: float = 0.8, alpha: float = 0.05) -> int | None:
    """Say how many customers each arm needs to show a fall of the churn rate; ``None`` where it cannot fall so far.

    Two equal arms (Cohen 1988, arcsine transformation, through statsmodels), two-sided.
    """
    if not 0 < churn_rate - reduction < churn_rate < 1:
        return None
    effect = proportion_effectsize(churn_rate, churn_rate - reduction)
    return math.ceil(float(NormalIndPower().solve_power(effect, power=power, alpha=alpha)))


def smallest_reduction(churn_rate: float, customers: int, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """Say what fall, to a tenth of a point, so many customers would show, half of them contacted; ``None`` for none."""
    half = customers // 2
    reductions = np.arange(1, math.floor(churn_rate * 1000)) / 1000
    if half < 1 or not len(reductions):
        return None
    effects = proportion_effectsize(churn_rate, churn_rate - reductions)
    shown = NormalIndPower().power(effects, nobs1=half, alpha=alpha) >= power
    return float(reductions[shown.argmax()]) if shown.any() else None


def experiment_sizes(churn_rate: float, reductions: Sequence[float]) -> pd.DataFrame:
    """Say how many customers an experiment needs: ``reduction, per_arm, both_arms``, missing for too large a fall."""
    needed = [customers_needed(churn_rate, reduction) for reduction in reductions]
    per_arm = pd.Series(needed, dtype="Int64")
    return pd.DataFrame({"reduction": list(reductions), "per_arm": per_arm, "both_arms": per_arm * 2})


def show_experiment(found: Study, run: Run) -> Shown:
    """Say which experiment would tell whether a contact keeps customers, and fold how many it takes; write it down."""
    planned = found.experiment
    if not found.features:
        run.write("experiment", pd.DataFrame([asdict(planned)]).astype(FORMS), by=["customers"])
    if planned.churn_rate is None:
        return untested(found, run, _("An experiment cannot be sized."))
    if run.too_few(planned.customers):
        return note(_list_too_short(planned, found, run))
    return show_all(
        note(*_sentences(planned, run)), folded(_("How many customers which effect takes"), _sizes(planned, run))
    )


FORMS: Final = dict.fromkeys(("churn_rate", "visible", "pays_from", "least_risk"), "float64")
"""The columns of the table ``experiment`` that may be missing."""


def _sentences(planned: Experiment, run: Run) -> list[str]:
    """Say how to split the list, and what it would show."""
    words = _("Split the {n:people} likely leavers put forward at random, contact half, and wait {horizon:days}.")
    split = run.say(words, n=planned.customers, horizon=planned.horizon_days)
    if planned.visible is None:
        return [split, _("They are too few to show any effect: pool the lists of several months.")]
    return [split, run.say(_("A fall of {visible:gap} points or more would show."), visible=planned.visible)]


def _sizes(planned: Experiment, run: Run) -> Shown:
    """Show how many customers an experiment needs for which effect."""
    rate, words = planned.churn_rate or 0.0, _("{points:gap0} points, from {rate:share0} to {lower:share0}")
    sizes = experiment_sizes(rate, REDUCTIONS)
    sizes["effect"] = [run.say(words, points=by, rate=rate, lower=rate - by) for by in sizes.pop("reduction")]
    sizes["enough"] = [_enough(needed, planned.customers) for needed in sizes["both_arms"]]
    gated = gate(
        sizes, run,
        label("effect", _("Contact lowers the share who leave by")),
        exact("per_arm", _("In each half"), missing=_("cannot fall so far")),
        exact("both_arms", _("Together"), missing=_("cannot fall so far")),
        label("enough", _("This month's list")),
    )  # fmt: skip
    caption = _("Customers an experiment needs, over {horizon:days}, power 80 %, two-sided 5 %")
    return gated.table(run.say(caption, horizon=planned.horizon_days))


def _enough(needed: float, listed: int) -> str:
    if pd.isna(needed):
        return _("no such effect")
    return _("is long enough") if needed <= listed else _("is too short")


def _list_too_short(planned: Experiment, found: Study, run: Run) -> str:
    """Say that there is next to nobody, or nobody at all, to make an experiment with."""
    if planned.customers == 0 and not run.too_few(len(found.active)):
        return _("No likely leaver is put forward: there is no list to make an experiment with.")
    words = _(
        "Fewer than {n:count} are put forward as likely to leave: too few to show an effect; pool several months."
    )
    return run.say(words, n=run.fewest)
