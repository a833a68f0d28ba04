"""What became of those who stood in a segment or a stage one horizon ago: who has bought since, and what it tells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.reporting import rate
from crmlib.segmentation.customers.lifecycle import FEW_RETURN, stage_label
from crmlib.stats.intervals import proportions
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting import Gated
    from crmlib.reporting.columns import Column
    from crmlib.workspace import Run

FEWEST_EXPECTED: Final = 5


def outcomes(then: pd.DataFrame, now: pd.DataFrame, days: int) -> pd.DataFrame:
    """Put beside where each customer of so many days ago stood (``segment, lifecycle``) who ``bought`` since."""
    silent = now.set_index("customer_id")["days_since_last"].reindex(then["customer_id"])
    return then[["segment", "lifecycle"]].assign(bought=(silent < days).to_numpy())


def bought_since(standing: pd.DataFrame, by: str) -> pd.DataFrame:
    """Give the share of each segment or stage that has bought since, empty ones included.

    Indexed by ``by``: ``were`` (customers then), ``again`` (of them, bought since), ``since, since_low, since_high``
    (their share, Wilson; missing where nobody stood).
    """
    counted = standing.groupby(by, observed=False)["bought"].agg(["size", "sum"])
    share = proportions(counted["sum"], counted["size"])
    return pd.DataFrame({
        "were": share["n"], "again": counted["sum"],
        "since": share["value"], "since_low": share["low"], "since_high": share["high"],
    })  # fmt: skip


def differ(standing: pd.DataFrame, by: str) -> float:
    """Give the p-value that buying since does not hang on where a customer stood (chi-squared; NaN without a contrast).

    Rows that would be expected to hold fewer than five of either kind are taken together (Cochran 1954).
    """
    counted = np.asarray(pd.crosstab(standing[by], standing["bought"]))
    if min(counted.shape) < 2:
        return float("nan")
    few = distributions.contingency.expected_freq(counted).min(axis=1) < FEWEST_EXPECTED
    counted = np.vstack([counted[~few], counted[few].sum(axis=0, keepdims=True)]) if few.any() else counted
    return float(distributions.chi2_contingency(counted).pvalue) if len(counted) > 1 else float("nan")


def since_column(run: Run) -> Column:
    """Declare the share that has bought since, made of ``again`` and ``were``."""
    heading = run.say(_("Bought since, of those here {days:days} ago"), days=run.params.churn.horizon_days)
    return rate("since", heading, per=("again", "were"), decimals=0, missing=_("none here then"))


def contrast(shown: Gated, p: float, run: Run) -> str:
    """Say whether where a customer stood told anything about who has bought since; ``p`` is of `differ`."""
    seen = shown.frame.dropna(subset=["since"]).sort_values("since", kind="stable")
    if not p < 0.05 or len(seen) < 2:
        return _("Who has bought since does not hang on where customers stood, as far as can be seen.")
    words = _(
        "Where a customer stood told what came next: {high:share0} of {best} have bought in the {days:days} since, "
        "{low:share0} of {worst}."
    )
    if shown.hidden["since"].any():
        words = _(
            "Where a customer stood told what came next: of those that can be shown, {high:share0} of {best} have "
            "bought in the {days:days} since, {low:share0} of {worst}."
        )
    worst, best = seen.iloc[0], seen.iloc[-1]
    return run.say(
        words, high=best["since"], best=best["name"], days=run.params.churn.horizon_days, low=worst["since"],
        worst=worst["name"],
    )  # fmt: skip


def overdue_rank(shown: Gated, run: Run) -> str:
    """Warn where customers of a later stage of being overdue came back no less than those of an earlier one."""
    since = shown.frame.set_index("name")["since"]
    stages = [stage_label(code) for code in ("at_risk", "dormant", "lost")]
    wrong = [(late, early) for early, late in pairwise(stages) if since.get(late, 0) >= since.get(early, 1) > 0]
    if not wrong:
        return ""
    late, early = wrong[0]
    words = _(
        "In these {days:days} the overdue stages did not rank: {late} came back no less ({more:share0}) than {early} "
        "({less:share0})."
    )
    days = run.params.churn.horizon_days
    return run.say(words, days=days, late=late, early=early, more=since[late], less=since[early])


def lost_come_back(shown: Gated, run: Run) -> str:
    """Warn where more of the lost have bought since than the word allows; empty where they have not."""
    lost = shown.frame[shown.frame["name"] == stage_label("lost")]
    if lost.empty or not lost["since_low"].iloc[0] > FEW_RETURN:
        return ""
    words = _(
        "{share:share0} of the lost have come back: here lost means long overdue, not gone, or these {days:days} lay "
        "in a season that brings customers back."
    )
    return run.say(words, share=lost["since"].iloc[0], days=run.params.churn.horizon_days)
