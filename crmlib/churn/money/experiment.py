"""The experiment that would tell whether contacting keeps customers, and how many customers it takes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from crmlib.churn.evidence import untested
from crmlib.churn.money.campaign import prospect_to_show
from crmlib.churn.money.profit import break_even_reduction
from crmlib.reporting import Shown, exact, gate, label, note, show_all
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.churn.proof.evaluation import Prospect
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

REDUCTIONS: Final = (0.02, 0.03, 0.05, 0.10)
"""Effects for which the table says how many customers an experiment needs."""


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
    """Say which experiment would tell whether a contact keeps customers, and how many it takes."""
    prospect = prospect_to_show(found, run)
    if prospect is None:
        return untested(found, run, _("An experiment cannot be sized."))
    listed = int((found.leaving["likely"] & ~found.leaving["gone"]).sum())
    rate, words = rate_of_listed(prospect, run), _("{points:gap0} points, from {rate:share0} to {lower:share0}")
    sizes = experiment_sizes(rate, REDUCTIONS)
    sizes["effect"] = [run.say(words, points=by, rate=rate, lower=rate - by) for by in sizes.pop("reduction")]
    sizes["enough"] = [_enough(needed, listed) for needed in sizes["both_arms"]]
    gated = gate(
        sizes, run,
        label("effect", _("Contact lowers the share who leave by")),
        exact("per_arm", _("In each half"), missing=_("cannot fall so far")),
        exact("both_arms", _("Together"), missing=_("cannot fall so far")),
        label("enough", _("This month's list")),
    )  # fmt: skip
    caption = _("Customers an experiment needs, over {horizon:days}, power 80 %, two-sided 5 %")
    shown = gated.table(run.say(caption, horizon=found.horizon_days))
    return show_all(shown, note(_experiment_sentence(prospect, found, listed, run)))


def rate_of_listed(prospect: Prospect, run: Run) -> float:
    """Give the share who left among those whom the list would have held at the test; of all active ones, if too few."""
    curve = prospect.curve
    near = curve.iloc[(curve["contacted"] - run.params.churn.contact_share).abs().argmin()]
    return prospect.churn_rate if run.too_few(near["customers"]) else float(near["leavers"] / near["customers"])


def _enough(needed: float, listed: int) -> str:
    if pd.isna(needed):
        return _("no such effect")
    return _("is long enough") if needed <= listed else _("is too short")


def _experiment_sentence(prospect: Prospect, found: Study, listed: int, run: Run) -> str:
    """Say what an experiment on this month's list would show."""
    if run.too_few(listed):
        return _list_too_short(found, run)
    rate = rate_of_listed(prospect, run)
    visible = smallest_reduction(rate, listed)
    split = run.say(
        _(
            "The {n:people} active customers at highest risk should be split at random, half contacted, half left "
            "alone. Without a contact about {rate:share0} of them leave within {horizon:days}; a contact pays from a "
            "fall of {pays:gap} points on."
        ),
        n=listed,
        rate=rate,
        horizon=found.horizon_days,
        pays=break_even_reduction(rate, prospect.campaign),
    )
    if visible is None:
        return split + " " + _("They are too few to show any effect; the lists of several months must be pooled.")
    words = _("With this list alone a fall of {visible:gap} points or more would show (power 80 %, two-sided 5 %).")
    return split + " " + run.say(words, visible=visible)


def _list_too_short(found: Study, run: Run) -> str:
    """Say that there is next to nobody, or nobody at all, to make an experiment with."""
    least = run.params.churn.least_risk
    if not run.too_few(len(found.active)) and not (found.active["churn_probability"] > least).any():
        words = _("Nobody is more than {least:share0} likely to leave: there is no list to make an experiment with.")
        return run.say(words, least=least)
    words = _(
        "Fewer than {n:count} customers are on this month's list: too few to show any effect; the lists of several "
        "months must be pooled."
    )
    return run.say(words, n=run.fewest)
