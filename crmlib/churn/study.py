"""The chapter's story in one object: what was observed, how models did, and how every customer scores today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.churn.backtest import DEFAULT, Backtest, run_backtest
from crmlib.churn.coverage import Coverage, observe_coverage
from crmlib.churn.cutoffs import Plan, plan_cutoffs
from crmlib.churn.profit import Campaign
from crmlib.churn.scoring import score_customers
from crmlib.churn.slices import Slice, labelled_slices, unlabelled_slice
from crmlib.params.churn import ChurnSection
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion

LEAST_OF_EACH: Final = 20
"""So many leavers and so many stayers a cutoff needs, to teach or to judge: an AUC from fewer says nothing."""


class NothingSoldError(ValueError):
    """No sale was seen before the report's date: the input is to blame."""


@dataclass(frozen=True, slots=True)
class Study:
    """What chapter 03 found out as of one date.

    Attributes
    ----------
    coverage, plan
        From when to when sales were observed, and the cutoffs that follow from it.
    slices
        The labelled cutoffs that have enough leavers and stayers, the test last.
    backtest
        The competition; ``None`` where the history is too short for a test.
    current
        The customers of today.
    scores
        One row a customer, see `crmlib.churn.scoring.score_customers`.
    active_days
        Who bought within so many days can still be kept.
    """

    coverage: Coverage
    plan: Plan
    slices: tuple[Slice, ...]
    backtest: Backtest | None
    current: Slice
    scores: pd.DataFrame
    active_days: int

    @property
    def churn_rate(self) -> Estimate:
        """Share of the customers known at the test's cutoff who bought nothing within the horizon."""
        if self.backtest is None:
            return Estimate.unknown()
        churned = self.backtest.test.churned
        return proportion(int(churned.sum()), len(churned))

    @property
    def model(self) -> str:
        """The rule or model that scores the customers."""
        return self.backtest.choice.name if self.backtest else DEFAULT

    @property
    def scored(self) -> bool:
        """Whether customers have a probability."""
        return bool(self.scores["churn_probability"].notna().any())


def study_churn(transactions: Any, as_of: date, settings: ChurnSection) -> Study:
    """Find out who is about to leave, seeing nothing at or after a date.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    as_of
        Exclusive end of what may be seen.
    settings
        The chapter's parameters.

    Raises
    ------
    NothingSoldError
        If there is no sale before ``as_of``.
    """
    coverage = observe_coverage(transactions, as_of, settings.longest_gap_days)
    if coverage is None:
        raise NothingSoldError(f"no sale before {as_of}: give a later as_of; `crm check` says what came in")
    plan = plan_cutoffs(coverage, settings.horizon_days, settings.cutoffs)
    slices = _enough(labelled_slices(transactions, plan, coverage), plan)
    backtest = run_backtest(slices)
    current = unlabelled_slice(transactions, plan.scoring, settings.horizon_days)
    active_days = settings.active_days or 2 * settings.horizon_days
    name = backtest.choice.name if backtest else DEFAULT
    scores = score_customers(name, slices, current, active_days)
    return Study(coverage, plan, slices, backtest, current, scores, active_days)


def earlier_study(transactions: Any, as_of: date, settings: ChurnSection) -> Study | None:
    """Find out the same for the last period; ``None`` where nothing had been sold by then."""
    try:
        return study_churn(transactions, as_of, settings)
    except NothingSoldError:
        return None


def campaign_of(study: Study, settings: ChurnSection, margin: float) -> Campaign | None:
    """Set up the campaign that costs and benefits are weighed for.

    Where the parameters give no value of a customer who stays, it is the mean of what buyers spent in the horizon
    before the test's cutoff, times the margin: known then, and money of the shop itself.

    Returns
    -------
    Campaign or None
        ``None`` where there is no test, or nobody spent anything.
    """
    if study.backtest is None:
        return None
    recent = study.backtest.test.customers["recent_spend"]
    spent = float(recent[recent > 0].mean()) if (recent > 0).any() else 0.0
    value = settings.kept_value or spent * margin
    if value <= 0:
        return None
    return Campaign(
        kept_value=value,
        incentive=settings.incentive_share * value,
        contact=settings.contact_cost_share * value,
        alpha=settings.acceptance_alpha,
        beta=settings.acceptance_beta,
    )


def _enough(slices: Sequence[Slice], plan: Plan) -> tuple[Slice, ...]:
    """Keep the slices with enough of both kinds; without an adequate test there is none at all."""
    kept = tuple(each for each in slices if np.bincount(each.churned, minlength=2).min() >= LEAST_OF_EACH)
    return kept if kept and kept[-1].cutoff == plan.test else ()
