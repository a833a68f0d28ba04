"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from crmlib.churn.history.cutoffs import monthly_cutoffs, observe_coverage, plan_cutoffs
from crmlib.churn.history.gaps import Proposal, by_place, proposals, propose_horizon
from crmlib.churn.history.horizon import anonymous_orders
from crmlib.churn.history.silences import churn_history, count_waits, returned_by_cutoff
from crmlib.churn.history.slices import LEAST_OF_EACH, Slice, labelled_slices, leaks_at, unlabelled_slice
from crmlib.churn.models.contenders import CONTENDERS
from crmlib.churn.models.logistic import odds_ratios
from crmlib.churn.money.profit import Campaign
from crmlib.churn.proof.backtest import DEFAULT, Backtest, run_backtest
from crmlib.churn.proof.evaluation import Evaluation, Prospect, evaluate, weigh_campaign
from crmlib.churn.when.next_purchase import TimeToEvent, measure_time_to_event
from crmlib.churn.when.silence import ReturnBySilence, return_by_silence
from crmlib.churn.who.scoring import AtRisk, retention_candidates, sales_at_risk, score_customers
from crmlib.features import order_categories
from crmlib.months import months_before
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import pandas as pd
    from ibis import Table

    from crmlib.churn.history.own_features import OwnFeatures
    from crmlib.params.sections import ChurnSection
    from crmlib.workspace import Run


class NothingSoldError(ValueError):
    """No sale was seen before the report's date: the input is to blame."""


class Study:
    """What chapter 03 found out as of one date, seeing nothing at or after it; nothing in it has passed the gate.

    In a notebook: ``found = churn.study(run)``, then ``found.scores`` is one row a customer. Who bought within
    `active_days` can still be kept; who buys nothing for `horizon_days` counts as gone. `segments` is what chapter 02
    says of each customer, ``None`` where it has not run; `categories` gives orders by category, when asked.
    """

    def __init__(
        self,
        transactions: Table,
        as_of: date,
        settings: ChurnSection,
        margin: float = 1.0,
        features: OwnFeatures | None = None,
        *,
        days: Table | None = None,
        segments: pd.DataFrame | None = None,
        categories: Callable[[], Table | None] | None = None,
    ) -> None:
        coverage = observe_coverage(transactions, as_of, settings.longest_gap_days)
        if coverage is None:
            raise NothingSoldError(f"no sale before {as_of}: give a later as_of; `crm check` says what came in")
        self.transactions, self.as_of, self.settings, self.margin = transactions, as_of, settings, margin
        self.features = dict(features or {})
        self.days: Table | None = days
        self.segments, self.categories = segments, categories
        self.coverage = coverage
        self.plan = plan_cutoffs(coverage, settings.horizon_days, settings.cutoffs)
        self.horizon_days = settings.horizon_days
        self.active_days = settings.active_days or 2 * settings.horizon_days

    @cached_property
    def before(self) -> Study | None:
        """The same as of the last period; ``None`` where nothing had been sold by then."""
        try:
            earlier = months_before(self.as_of, 1)
            return Study(self.transactions, earlier, self.settings, self.margin, self.features, days=self.days)
        except NothingSoldError:
            return None

    @property
    def bought(self) -> Table:
        """Customers' days, where they are given, or what they are made of."""
        return self.transactions if self.days is None else self.days

    # the past, cut at earlier dates

    @cached_property
    def slices(self) -> tuple[Slice, ...]:
        """The labelled cutoffs with enough leavers and stayers, the test last; none without an adequate test."""
        labelled = labelled_slices(self.transactions, self.plan, self.coverage, self.features, days=self.days)
        adequate = tuple(piece for piece in labelled if np.bincount(piece.churned, minlength=2).min() >= LEAST_OF_EACH)
        return adequate if adequate and adequate[-1].cutoff == self.plan.test else ()

    @cached_property
    def backtest(self) -> Backtest | None:
        """The competition of rules and models; ``None`` where the history is too short for a test."""
        return run_backtest(self.slices)

    @cached_property
    def churn_rate(self) -> Estimate:
        """Share of the customers known at the test's cutoff who bought nothing within the horizon."""
        if self.backtest is None:
            return Estimate.unknown()
        churned = self.backtest.test.churned
        return proportion(int(churned.sum()), len(churned))

    @cached_property
    def judged(self) -> Evaluation | None:
        """What the test says of every rule and model; ``None`` where there is none."""
        if self.backtest is None:
            return None
        simple, settings = [rival.name for rival in CONTENDERS if rival.simple], self.settings
        return evaluate(
            self.backtest, simple, active_days=self.active_days, resamples=settings.resamples, seed=settings.seed
        )

    @cached_property
    def leaks(self) -> tuple[str, ...]:
        """Features that change when later sales are taken away: none should."""
        known = next((piece for piece in self.slices if piece.cutoff == self.plan.test), None)
        if self.plan.test is None:
            known = self.current
        cutoff = self.plan.test or self.plan.scoring
        return leaks_at(self.transactions, cutoff, self.horizon_days, self.features, known)

    @cached_property
    def odds(self) -> pd.DataFrame:
        """What goes with leaving, one row a feature; see `crmlib.churn.models.logistic.odds_ratios`."""
        return odds_ratios(self.slices)

    # the horizon, and who returns from which silence

    @cached_property
    def returned(self) -> pd.DataFrame:
        """Who came back by silence, at monthly cutoffs; see `crmlib.churn.history.silences.returned_by_cutoff`."""
        cutoffs = monthly_cutoffs(self.coverage, self.horizon_days)
        return returned_by_cutoff(self.bought, cutoffs, self.horizon_days, self.coverage)

    @cached_property
    def months(self) -> pd.DataFrame:
        """Churn rates of the last months, this one last; see `crmlib.churn.history.silences.churn_history`."""
        return churn_history(self.returned, self.horizon_days)

    @cached_property
    def waits(self) -> pd.DataFrame:
        """All silences by their length, those still going on too; see `crmlib.churn.history.silences.count_waits`."""
        waits: pd.DataFrame = count_waits(self.bought, self.coverage.observed_until).to_pandas()
        return waits

    @cached_property
    def return_by_silence(self) -> ReturnBySilence:
        """The chance to come back within the horizon by days of silence, and from when on a message is due."""
        return return_by_silence(self.waits, self.horizon_days, below=1 - self.settings.least_risk)

    @cached_property
    def time_to_event(self) -> TimeToEvent | None:
        """When the active customers of the test's cutoff bought next; ``None`` without a test."""
        return measure_time_to_event(self)

    @cached_property
    def proposal(self) -> Proposal:
        """The horizon that the gaps between purchases propose."""
        return propose_horizon(self.waits, self.horizon_days)

    @cached_property
    def proposals(self) -> dict[str, pd.DataFrame]:
        """The same by main ``channel`` and ``category``, where the data know several; see `proposals`."""
        rows = {"channel": self.transactions, "category": self.categories() if self.categories else None}
        until, found = self.coverage.observed_until, {}
        for name, told in rows.items():
            if told is not None:
                found[name] = proposals(by_place(self.bought, told, name, until), self.horizon_days)
        return {name: places for name, places in found.items() if len(places) > 1}

    @cached_property
    def orders_counted(self) -> pd.Series:
        """How many ``orders`` there are, and how many of them are ``anonymous``."""
        counted: pd.DataFrame = anonymous_orders(self.transactions, self.coverage.observed_until).to_pandas()
        return counted.iloc[0]

    # today's customers

    @cached_property
    def current(self) -> Slice:
        """The customers of today."""
        return unlabelled_slice(self.transactions, self.plan.scoring, self.horizon_days, self.features, days=self.days)

    @cached_property
    def model(self) -> str:
        """The name of the rule or model that scores the customers."""
        return self.backtest.choice.name if self.backtest else DEFAULT

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row a customer; see `crmlib.churn.who.scoring.score_customers`."""
        return score_customers(self.model, self.slices, self.current, self.active_days)

    @cached_property
    def active(self) -> pd.DataFrame:
        """The scores of those who can still be kept; no rows where nobody has a probability."""
        return self.scores[self.scores["active"] & self.scores["churn_probability"].notna()]

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """Whom the chapter puts forward for a contact, and why: ``customer_id, reason, score``."""
        return retention_candidates(self.scores, self.settings.contact_share, self.settings.least_risk)

    @cached_property
    def at_risk(self) -> AtRisk:
        """What active customers usually spend in a horizon, and how much of it is at risk."""
        return sales_at_risk(self.scores)

    # what contacting them may bring

    @cached_property
    def campaign(self) -> Campaign | None:
        """What a campaign is assumed to cost and to bring; ``None`` without a test, or where nobody spent anything.

        A customer who stays is worth what the parameters say, else the mean of what buyers spent in the horizon before
        the test's cutoff, times the margin: known then, and money of the shop itself.
        """
        if self.backtest is None:
            return None
        recent, settings = self.backtest.test.customers["recent_spend"], self.settings
        spent = float(recent[recent > 0].mean()) if (recent > 0).any() else 0.0
        value = settings.kept_value or spent * self.margin
        if value <= 0:
            return None
        return Campaign(
            kept_value=value,
            incentive=settings.incentive_share * value,
            contact=settings.contact_cost_share * value,
            alpha=settings.acceptance_alpha,
            beta=settings.acceptance_beta,
        )

    @cached_property
    def prospect(self) -> Prospect | None:
        """What that campaign would have earned at the test; ``None`` without a campaign or anybody active then."""
        if self.backtest is None or self.campaign is None:
            return None
        return weigh_campaign(self.backtest, self.campaign, self.active_days)


def study(run: Run, features: OwnFeatures | None = None) -> Study:
    """Open chapter 03's findings of a run; each is computed when it is first asked for.

    Parameters
    ----------
    run
        The run.
    features
        Features of one's own for the logistic regression, by name, each one number a customer and 0 where there is
        none: an expression of ``ibis._`` over a customer's lines, or a function that makes of all lines before a cutoff
        a table of ``customer_id`` and the number. Nothing else can be read, so none knows what came later. Nothing of
        such a study is written into the run.

    Raises
    ------
    NothingSoldError
        If there is no sale before the run's date.
    crmlib.churn.history.own_features.LookAheadError
        When a feature is first computed that reads more than the lines before the cutoff.

    Examples
    --------
    In a notebook: ``churn.study(run, features={"dearest": ibis._.amount.max()}).judged.comparison``.
    """
    # one's own features are made of lines; all else is told by orders
    sold = run.table("transactions" if features else "orders")
    knobs, days = run.params.churn, run.table("customer_days")
    margin = run.params.segmentation.margin
    try:
        segments = run.frame("segments")
    except MissingTableError:
        segments = None
    return Study(
        sold, run.as_of, knobs, margin, features=features, days=days, segments=segments,
        categories=partial(order_categories, run),
    )  # fmt: skip
