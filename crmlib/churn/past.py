"""What the data tell of customers as of a date: cut at earlier dates, and by the silences between their purchases."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.churn.history.cutoffs import monthly_cutoffs, observe_coverage, plan_cutoffs
from crmlib.churn.history.gaps import Proposal, by_place, proposals, propose_horizon
from crmlib.churn.history.horizon import anonymous_orders
from crmlib.churn.history.silences import churn_history, count_waits, returned_by_cutoff
from crmlib.churn.history.slices import LEAST_OF_EACH, Slice, labelled_slices, leaks_at, unlabelled_slice
from crmlib.churn.known import Known
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from ibis import Table

    from crmlib.churn.history.own_features import OwnFeatures
    from crmlib.params.sections import ChurnSection

NOTHING: Final = Known()


class NothingSoldError(ValueError):
    """No sale was seen before the report's date: the input is to blame."""


class Past:
    """What was seen before a date, `as_of`, each found when it is first asked for; nothing has passed the gate."""

    def __init__(
        self,
        transactions: Table,
        as_of: date,
        settings: ChurnSection,
        margin: float = 1.0,
        features: OwnFeatures | None = None,
        *,
        known: Known = NOTHING,
        model: str | None = None,
        control_share: float | None = None,
    ) -> None:
        coverage = observe_coverage(transactions, as_of, settings.longest_gap_days)
        if coverage is None:
            raise NothingSoldError(f"no sale before {as_of}: give a later as_of; `crm check` says what came in")
        self.transactions, self.as_of, self.settings, self.margin = transactions, as_of, settings, margin
        self.features = dict(features or {})
        self.known, self.segments, self._model = known, known.segments, model
        self.coverage, self.control_share = coverage, control_share
        self.plan = plan_cutoffs(coverage, settings.horizon_days, settings.cutoffs)
        self.horizon_days = settings.horizon_days
        self.active_days = settings.active_window

    @property
    def bought(self) -> Table:
        """Customers' days, where they are given, or what they are made of."""
        return self.transactions if self.known.days is None else self.known.days

    @cached_property
    def slices(self) -> tuple[Slice, ...]:
        """The labelled cutoffs with enough leavers and stayers, the test last; none without an adequate test."""
        labelled = labelled_slices(
            self.transactions, self.plan, self.coverage, self.features, days=self.known.days, events=self.known.events
        )
        adequate = tuple(piece for piece in labelled if np.bincount(piece.churned, minlength=2).min() >= LEAST_OF_EACH)
        return adequate if adequate and adequate[-1].cutoff == self.plan.test else ()

    @cached_property
    def leaks(self) -> tuple[str, ...]:
        """Features that change when later sales are taken away: none should."""
        known = next((piece for piece in self.slices if piece.cutoff == self.plan.test), None)
        if self.plan.test is None:
            known = self.current
        cutoff = self.plan.test or self.plan.scoring
        return leaks_at(self.transactions, cutoff, self.horizon_days, self.features, known, events=self.known.events)

    @cached_property
    def current(self) -> Slice:
        """The customers of today."""
        return unlabelled_slice(
            self.transactions,
            self.plan.scoring,
            self.horizon_days,
            self.features,
            days=self.known.days,
            events=self.known.events,
        )

    @cached_property
    def returned(self) -> pd.DataFrame:
        """Who came back by silence, at monthly cutoffs; see `crmlib.churn.history.silences.returned_by_cutoff`."""
        cutoffs = monthly_cutoffs(self.coverage, self.horizon_days)
        return returned_by_cutoff(self.bought, cutoffs, self.horizon_days, self.coverage)

    @cached_property
    def months(self) -> pd.DataFrame:
        """Who of the active left, at the last months' ends, this one last; see `churn_history`."""
        return churn_history(self.returned, self.horizon_days, self.active_days)

    @property
    def churn_rate(self) -> Estimate:
        """Share of the customers active at the latest cutoff with a whole horizon after it who bought nothing then."""
        if self.months.empty:
            return Estimate.unknown()
        last = self.months.iloc[-1]
        return proportion(int(last["churned"]), int(last["customers"]))

    @cached_property
    def waits(self) -> pd.DataFrame:
        """All silences by their length, those still going on too; see `crmlib.churn.history.silences.count_waits`."""
        waits: pd.DataFrame = count_waits(self.bought, self.coverage.observed_until).to_pandas()
        return waits

    @cached_property
    def proposal(self) -> Proposal:
        """The horizon that the gaps between purchases propose."""
        return propose_horizon(self.waits, self.horizon_days)

    @cached_property
    def proposals(self) -> dict[str, pd.DataFrame]:
        """The same by main ``channel`` and ``category``, where the data know several; see `proposals`."""
        rows = {"channel": self.transactions, "category": self.known.categories() if self.known.categories else None}
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
