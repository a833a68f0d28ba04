"""The experiment that would tell whether contacting keeps customers, and how many customers it takes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import untested
from crmlib.churn.money.gain import break_even_reduction
from crmlib.reporting import Shown, exact, folded, gate, label, note, show_all
from crmlib.stats.sizing import control_share, customers_for_rate, visible_fall
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
    """The list split at random, part of it left alone: what it would show, and what it would have to.

    Of so many `customers` put forward as likely to leave the share `control_share` is `left_alone`, the others are
    `contacted`; without a contact the share `churn_rate` leaves (the mean of their probabilities) within
    `horizon_days`, the least time to wait. `visible` is the fall that shows (power 80 %, two-sided 5 %), `pays_from`
    the one from which a contact pays; ``None`` where that is not known, or no fall shows.
    """

    customers: int
    contacted: int
    left_alone: int
    control_share: float
    churn_rate: float | None
    visible: float | None
    pays_from: float | None
    horizon_days: int
    least_risk: float


def design_experiment(
    values: pd.Series, churn_rate: float | None, campaign: Campaign | None, *,
    horizon_days: int, least_risk: float, fixed_share: float | None = None,
) -> Experiment:  # fmt: skip
    """Split customers who bring such values if kept: what share to leave alone, what fall would show, and what pays."""
    customers, visible, pays_from = len(values), None, None
    kept = 0.0 if campaign is None else campaign.kept
    share = control_share(customers, churn_rate or 0.0, kept, fixed_share)
    alone = round(customers * share)
    if churn_rate is not None:
        visible = visible_fall(churn_rate, customers - alone, alone)
        if campaign is not None and customers:
            pays_from = break_even_reduction(churn_rate, campaign, float(values.mean()))
    return Experiment(
        customers, customers - alone, alone, share, churn_rate, visible, pays_from, horizon_days, least_risk
    )


def experiment_sizes(churn_rate: float, reductions: Sequence[float], share: float) -> pd.DataFrame:
    """Say how many customers show which fall, such a share of them left alone: ``reduction, left_alone, both_arms``.

    Missing for a fall that is too large.
    """
    both = pd.Series([customers_for_rate(churn_rate, by, share) for by in reductions], dtype="Int64")
    alone = (both.astype("Float64") * share).round().astype("Int64")
    return pd.DataFrame({"reduction": list(reductions), "left_alone": alone, "both_arms": both})


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
    words = _(
        "Split the {n:people} likely leavers put forward at random, leave {share:share0} alone, and wait "
        "{horizon:days}."
    )
    split = run.say(words, n=planned.customers, share=planned.control_share, horizon=planned.horizon_days)
    if planned.visible is None:
        return [split, _("They are too few to show any effect: pool the lists of several months.")]
    return [split, run.say(_("A fall of {visible:gap} points would show."), visible=planned.visible)]


def _sizes(planned: Experiment, run: Run) -> Shown:
    """Show how many customers an experiment needs for which effect."""
    rate, words = planned.churn_rate or 0.0, _("{points:gap0} points, from {rate:share0} to {lower:share0}")
    sizes = experiment_sizes(rate, REDUCTIONS, planned.control_share)
    sizes["effect"] = [run.say(words, points=by, rate=rate, lower=rate - by) for by in sizes.pop("reduction")]
    sizes["enough"] = [_enough(needed, planned.customers) for needed in sizes["both_arms"]]
    gated = gate(
        sizes, run,
        label("effect", _("Contact lowers the share who leave by")),
        exact("left_alone", _("Left alone"), missing=_("cannot fall so far")),
        exact("both_arms", _("Together"), missing=_("cannot fall so far")),
        label("enough", _("This month's list")),
    )  # fmt: skip
    caption = _("Customers an experiment needs, {share:share0} left alone, {horizon:days}, power 80 %, two-sided 5 %")
    return gated.table(run.say(caption, share=planned.control_share, horizon=planned.horizon_days))


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
