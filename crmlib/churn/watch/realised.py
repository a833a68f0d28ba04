"""What came of the list of one horizon ago: as many left as it said, and more than of the other customers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.churn.history.slices import churn_labels

if TYPE_CHECKING:
    from pathlib import Path

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

LIKELY, OTHER = "likely", "other"


def realised(scores: pd.DataFrame, churned: pd.DataFrame, active_days: int, least_risk: float) -> pd.DataFrame:
    """Set what was foreseen beside what came, for the active customers of then: those likely to leave, and the others.

    ``group, customers, churned, expected`` (mean probability). Customers without a probability then or an outcome now
    are left out.

    Parameters
    ----------
    scores
        ``customer_id, churn_probability, days_since_last`` as of then.
    churned
        ``customer_id, churned`` within the horizon since.
    """
    then = scores[(scores["days_since_last"] < active_days) & scores["churn_probability"].notna()]
    both = then.merge(churned[["customer_id", "churned"]], on="customer_id")
    group = (both["churn_probability"] > least_risk).map({True: LIKELY, False: OTHER}).rename("group")
    rows = both.groupby(group).agg(
        customers=("churned", "size"), churned=("churned", "sum"), expected=("churn_probability", "mean")
    )
    return rows.reindex([name for name in (LIKELY, OTHER) if name in rows.index]).reset_index()


def realised_of(found: Study, run: Run) -> tuple[pd.DataFrame, date, bool] | None:
    """Follow the list of one horizon ago: what `realised` gives, its date, and whether that list was published then.

    The newest earlier run of the series whose horizon is over by now; where no run is so old, the list as it would have
    been at the test's cutoff. ``None`` where there is neither.
    """
    limits = found.active_days, found.least_risk
    for cutoff, folder in published_lists(run, found.horizon_days):
        if found.coverage.covers(cutoff, cutoff + timedelta(days=found.horizon_days)):
            scores = pd.read_parquet(folder / "tables" / "churn_scores.parquet")
            labels = churn_labels(found.bought, cutoff, found.horizon_days, found.coverage).to_pandas()
            rows = realised(scores, labels, *limits)
            if len(rows):
                return rows, cutoff, True
    if found.backtest is None or found.backtest.chosen.probability is None:
        return None
    test = found.backtest.test.customers.assign(churn_probability=found.backtest.chosen.probability)
    return realised(test.drop(columns="churned"), test, *limits), found.backtest.test.cutoff, False


def published_lists(run: Run, horizon_days: int) -> list[tuple[date, Path]]:
    """List the dates and folders of the series' earlier runs with scores for the same horizon, newest first."""
    found = []
    for note in run.run_dir.parent.glob("[0-9]*/made_with/churn_scores.json"):
        folder, made = note.parent.parent, json.loads(note.read_text(encoding="utf-8"))
        told = (folder / "tables" / "churn_scores.parquet").exists()
        if told and folder != run.run_dir and made["churn"]["horizon_days"] == horizon_days:
            found.append((date.fromisoformat(made["as_of"]), folder))
    return sorted(found, reverse=True)
