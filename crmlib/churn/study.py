"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from crmlib.churn.history.memberships import memberships_at
from crmlib.churn.known import known_of
from crmlib.churn.models.contenders import contender
from crmlib.churn.money.assumptions import Assumptions, assume, least_risk, worth_of_contacts
from crmlib.churn.money.experiment import Experiment, design_experiment
from crmlib.churn.money.prospect import Prospect, weigh_campaign
from crmlib.churn.money.response import Response, response_of
from crmlib.churn.past import NothingSoldError, Past
from crmlib.churn.proof.backtest import DEFAULT, Backtest, run_backtest
from crmlib.churn.proof.evaluation import Evaluation, evaluate
from crmlib.churn.when.next_purchase import TimeToEvent, measure_time_to_event
from crmlib.churn.when.silence import ReturnBySilence, return_by_silence
from crmlib.churn.who.candidates import OVERDUE, retention_candidates
from crmlib.churn.who.last_month import flagged_then
from crmlib.churn.who.leaving import leaving_customers
from crmlib.churn.who.scoring import AtRisk, sales_at_risk, score_customers
from crmlib.churn.who.where import compare_groups
from crmlib.churn.why.importance import group_importance
from crmlib.churn.why.odds import odds_ratios
from crmlib.churn.why.reasons import explain
from crmlib.months import months_before

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.churn.history.own_features import OwnFeatures
    from crmlib.churn.models.learnt import Learnt
    from crmlib.churn.money.profit import Campaign
    from crmlib.churn.why.reasons import Explained
    from crmlib.workspace import Run


class Study(Past):
    """What chapter 03 found out as of one date, seeing nothing at or after it; nothing in it has passed the gate.

    In a notebook: ``found = churn.study(run)``, then ``found.scores`` is one row a customer. Who bought within
    `active_days` can still be kept; who buys nothing for `horizon_days` counts as gone. `known` is what there is beside
    purchases; `model` is the one that scores, where it is not to be chosen.
    """

    @cached_property
    def before(self) -> Study | None:
        """The same as of the last period, by today's kind of model; ``None`` where nothing had been sold by then."""
        try:
            earlier = months_before(self.as_of, 1)
            return Study(
                self.transactions, earlier, self.settings, self.margin, self.features,
                known=self.known.dated(), model=self.model,
            )  # fmt: skip
        except NothingSoldError:
            return None

    # the past, cut at earlier dates

    @cached_property
    def backtest(self) -> Backtest | None:
        """The competition of rules and models; ``None`` where the history is too short for a test."""
        return run_backtest(self.slices)

    @cached_property
    def judged(self) -> Evaluation | None:
        """What the test says of every rule and model; ``None`` where there is none."""
        if self.backtest is None:
            return None
        return evaluate(
            self.backtest, active_days=self.active_days, least_risk=self.least_risk, campaign=self.campaign,
            resamples=self.settings.resamples, seed=self.settings.seed, then=self.known.then,
        )  # fmt: skip

    @cached_property
    def odds(self) -> pd.DataFrame:
        """What goes with leaving, one row a feature; see `crmlib.churn.why.odds.odds_ratios`."""
        return odds_ratios(self.slices)

    # the horizon, and who returns from which silence

    @cached_property
    def return_by_silence(self) -> ReturnBySilence:
        """The chance to come back within the horizon by days of silence, and from when on most do not."""
        return return_by_silence(self.waits, self.horizon_days, below=1 - self.least_risk)

    @cached_property
    def time_to_event(self) -> TimeToEvent | None:
        """When the active customers of the test's cutoff bought next; ``None`` without a test."""
        return measure_time_to_event(self)

    # today's customers

    @cached_property
    def model(self) -> str:
        """The name of the rule or model that scores the customers."""
        if self._model is not None:
            return self._model
        return self.backtest.choice.name if self.backtest else DEFAULT

    @cached_property
    def learnt(self) -> Learnt | None:
        """That rule or model, learnt from all cutoffs with labels as of today; ``None`` with too little to learn.

        A month ago it may have had too little, where today's has enough: then the one that needs no labels.
        """
        past = [piece.sampled() for piece in self.slices]
        return contender(self.model).learn(past, self.current) or contender(DEFAULT).learn(past, self.current)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row a customer; see `crmlib.churn.who.scoring.score_customers`."""
        return score_customers(self.learnt, self.current, self.active_days)

    @cached_property
    def active(self) -> pd.DataFrame:
        """The scores of those who can still be kept; no rows where nobody has a probability."""
        return self.scores[self.scores["active"] & self.scores["churn_probability"].notna()]

    @cached_property
    def leaving(self) -> pd.DataFrame:
        """How things stand with each active customer; see `crmlib.churn.who.leaving.leaving_customers`."""
        days = (self.as_of - months_before(self.as_of, 1)).days
        return leaving_customers(self.active, self.segments, self.least_risk, days, self.memberships)

    @cached_property
    def memberships(self) -> pd.DataFrame | None:
        """Whose membership has ended or soon will; ``None`` where none ends on a date. See `memberships_at`."""
        ends, members = self.settings.ends_column, self.known.members
        if ends is None or members is None:
            return None
        told: pd.DataFrame = memberships_at(members, ends, self.plan.scoring, self.horizon_days).to_pandas()
        return told

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Who is likely to leave by segment, store, channel, tier and category; see `compare_groups`."""
        more = self.known.described() if self.known.described else None
        described = self.leaving if more is None else self.leaving.merge(more, on="customer_id", how="left")
        return compare_groups(described, self.settings.seed)

    @cached_property
    def flagged(self) -> pd.DataFrame | None:
        """What became of those who were active a month ago; see `crmlib.churn.who.last_month.flagged_then`."""
        return None if self.before is None else flagged_then(self.before, self.scores, self.plan.scoring)

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """Whom the chapter puts forward for a contact, and why; see `retention_candidates`."""
        gain = self.worth["gain"].set_axis(self.leaving.index)
        return retention_candidates(self.leaving, gain, self.plan.scoring - timedelta(days=1))

    @cached_property
    def explained(self) -> Explained | None:
        """What speaks for leaving of those put forward; ``None`` where nobody is. See `crmlib.churn.why.reasons`."""
        return explain(self)

    @cached_property
    def importance(self) -> pd.DataFrame:
        """What the score looks at, one row a group of features; see `crmlib.churn.why.importance`."""
        return group_importance(self)

    @cached_property
    def at_risk(self) -> AtRisk:
        """What active customers usually spend in a horizon, and how much of it is at risk."""
        return sales_at_risk(self.scores)

    # what contacting them may bring

    @cached_property
    def response(self) -> Response | None:
        """What own campaigns with a control group did to leaving; ``None`` where there are none to tell."""
        until, limits = (
            self.coverage.observed_until,
            {"horizon_days": self.horizon_days, "active_days": self.active_days},
        )
        return response_of(self.known.contacts, self.bought, until, **limits)

    @cached_property
    def assumed(self) -> Assumptions | None:
        """What a campaign is assumed to cost and to bring, in ranges; ``None`` where nobody active spent anything."""
        return assume(self.settings, self.active["usual_spend"], self.margin, self.response)

    @cached_property
    def campaign(self) -> Campaign | None:
        """The campaign at the likely values."""
        return self.assumed.likely if self.assumed else None

    @cached_property
    def least_risk(self) -> float:
        """The probability above which an active customer is likely to leave."""
        return least_risk(self.settings.least_risk, self.assumed)

    @cached_property
    def worth(self) -> pd.DataFrame:
        """What each active customer brings if kept, and a contact is expected to: ``customer_id, value, gain``."""
        return worth_of_contacts(self.active, self.assumed)

    @cached_property
    def prospect(self) -> Prospect | None:
        """What that campaign would have earned at the test; ``None`` without a test, a value or anybody active then."""
        if self.backtest is None or self.assumed is None:
            return None
        return weigh_campaign(self.backtest, self.assumed, self.active_days)

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment with those put forward as likely to leave that would tell whom a contact keeps."""
        listed = self.candidates[self.candidates["reason"] != OVERDUE]
        values = self.worth.set_index("customer_id")["value"].loc[listed["customer_id"]]
        of = self.active if listed.empty else listed
        rate = None if self.backtest is None else float(of["churn_probability"].mean())
        return design_experiment(
            values, rate, self.campaign, horizon_days=self.horizon_days, least_risk=self.least_risk,
            fixed_share=self.control_share,
        )  # fmt: skip


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
    In a notebook: ``churn.study(run, features={"dearest": ibis._.amount.max()}).judged.values()``.
    """
    # one's own features are made of lines; all else is told by orders
    sold = run.table("transactions" if features else "orders")
    return Study(
        sold, run.as_of, run.params.churn, run.params.segmentation.margin, features, known=known_of(run),
        control_share=run.params.actions.control_share,
    )  # fmt: skip
