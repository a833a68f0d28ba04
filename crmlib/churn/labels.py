"""Who left: no purchase within the horizon after a cutoff, said only where the whole window was observed."""

from datetime import date, timedelta

from ibis import Table

from crmlib.churn.coverage import Coverage
from crmlib.features import known_purchases, next_purchases


class UnobservedWindowError(ValueError):
    """A label was asked for a window of which a part was not observed."""


def churn_labels(transactions: Table, cutoff: date, horizon_days: int, coverage: Coverage) -> Table:
    """Say of each customer known at a cutoff whether they bought nothing within the horizon after it.

    Returns
    -------
    ibis.Table
        ``customer_id, churned`` (true: no purchase in the window), ``next_purchase_days, next_spend`` (0 if churned).

    Raises
    ------
    UnobservedWindowError
        If a part of the window lies beyond what was observed or in a hole: who bought there is not known, and calling
        such customers churned would be wrong.
    """
    end = cutoff + timedelta(days=horizon_days)
    if not coverage.covers(cutoff, end):
        raise UnobservedWindowError(
            f"the window {cutoff} to {end} was not observed whole: sales are known from {coverage.first_day} to "
            f"{coverage.observed_until}, with {len(coverage.holes)} holes; take an earlier cutoff or a shorter horizon"
        )
    known = known_purchases(transactions, cutoff)
    customers = known.select("customer_id").distinct()
    bought = next_purchases(transactions, cutoff, horizon_days)
    joined = customers.left_join(bought, "customer_id")
    return joined.select(
        "customer_id",
        churned=joined.purchase_days.isnull(),
        next_purchase_days=joined.purchase_days.fill_null(0),
        next_spend=joined.spend.fill_null(0).cast("float64"),
    )
