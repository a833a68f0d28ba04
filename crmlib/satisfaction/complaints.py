"""Complaints: how many, about what, and how long until they are settled, counting those that still wait."""

from datetime import date
from math import nan
from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.features import before, known_purchases
from crmlib.satisfaction.gaps import Gap
from crmlib.stats import Estimate, intervals
from crmlib.words import _
from crmlib.workspace import Run

COMPLAINT: Final = "complaint"
SETTLED_WITHIN: Final = (1, 3, 7, 14)
"""Days by which the share of settled complaints is told."""
_SECONDS: Final = 86_400


def read_complaints(run: Run) -> pd.DataFrame | Gap:
    """Read the complaints of a run before `as_of`, or say why there are none to read.

    Returns
    -------
    pandas.DataFrame or Gap
        `customer_id, at, channel, touchpoint, store_id, topic, first_response_at, resolved_at`.
    """
    needed = _("a table of customers' contacts with complaints in it")
    therefore = _("Complaints and the time to settle them are not reported.")
    if not run.has("interactions"):
        return Gap(needed, _("no table of contacts by customers among the sources"), therefore)
    rows = run.table("interactions")
    named = rows.filter(rows.kind.lower() == COMPLAINT)
    found: pd.DataFrame = before(named, run.as_of, "at").drop("text").to_pandas()
    if found.empty:
        return Gap(needed, _("contacts, but no complaint among them"), therefore)
    return found.sort_values(["at", "customer_id"], kind="stable", ignore_index=True)


def waiting(complaints: pd.DataFrame, as_of: date, event: str = "resolved_at") -> pd.DataFrame:
    """Say how long each complaint waited, and whether it was settled before `as_of` or waits still.

    Returns
    -------
    pandas.DataFrame
        The complaints made before `as_of`, with `days` (waited so far) and `settled`.

    Examples
    --------
    >>> complaints = pd.DataFrame({"at": ["2026-01-01", "2026-01-30"], "resolved_at": ["2026-01-03", "2026-02-05"]})
    >>> waiting(complaints.astype("datetime64[us]"), date(2026, 2, 1))[["days", "settled"]].values.tolist()
    [[2.0, True], [2.0, False]]
    """
    end = pd.Timestamp(as_of)
    made = complaints[complaints["at"] < end]
    settled = made[event] < end
    days = (made[event].where(settled, end) - made["at"]).dt.total_seconds() / _SECONDS
    # a settlement noted before the complaint is a slip of the clock, not a negative wait
    return made.assign(days=days.clip(lower=0.0).astype(float), settled=settled.astype(bool))


def median_wait(waits: pd.DataFrame) -> Estimate:
    """Estimate the median days until a complaint is settled, with those unsettled counted as waiting (Kaplan-Meier).

    Returns
    -------
    Estimate
        In days. Unknown where fewer than half are settled, without interval where a limit of it is not reached.

    References
    ----------
    Kaplan & Meier (1958), JASA 53; interval of Brookmeyer & Crowley (1982), through `statsmodels`' `SurvfuncRight`.

    Examples
    --------
    >>> median_wait(pd.DataFrame({"days": [1.0, 2, 3, 4, 5], "settled": [True, True, True, False, False]})).value
    3.0
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    n = len(waits)
    if not waits["settled"].any():
        return Estimate.unknown(n)
    fitted = SurvfuncRight(waits["days"].to_numpy(float), waits["settled"].to_numpy(int))
    value = float(fitted.quantile(0.5))
    if not np.isfinite(value):
        return Estimate.unknown(n)
    with np.errstate(divide="ignore", invalid="ignore"):  # the log of a survival of 0 or 1, which statsmodels takes
        low, high = (float(limit) for limit in fitted.quantile_ci(0.5))
    reached = np.isfinite(low) and np.isfinite(high)
    return Estimate(value, low, high, n) if reached else Estimate(value, nan, nan, n)


def settled_by(waits: pd.DataFrame, days: tuple[int, ...] = SETTLED_WITHIN) -> pd.DataFrame:
    """Estimate the share of complaints settled within so many days, those that wait still counted as such.

    Returns
    -------
    pandas.DataFrame
        One row a limit: `days, share, low, high` (Kaplan-Meier, log-log interval), `people` with complaints.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    people = waits["customer_id"].nunique()
    if not waits["settled"].any():
        return pd.DataFrame({"days": list(days), "share": 0.0, "low": nan, "high": nan, "people": people})
    fitted = SurvfuncRight(waits["days"].to_numpy(float), waits["settled"].to_numpy(int))
    place = np.searchsorted(fitted.surv_times, days, side="right") - 1
    still = np.where(place >= 0, fitted.surv_prob[np.maximum(place, 0)], 1.0)
    error = np.where(place >= 0, fitted.surv_prob_se[np.maximum(place, 0)], 0.0)
    low, high = _log_log(still, error)
    return pd.DataFrame({"days": list(days), "share": 1 - still, "low": 1 - high, "high": 1 - low, "people": people})


def _log_log(still: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give an interval of a survival that stays inside (0, 1), as R's survival package and statsmodels' plots do."""
    inside = (still > 0) & (still < 1) & (error > 0)
    safe = np.where(inside, still, 0.5)
    reach = np.where(inside, 1.959964 * error / (safe * np.abs(np.log(safe))), 0.0)
    low, high = safe ** np.exp(reach), safe ** np.exp(-reach)
    return np.where(inside, low, still), np.where(inside, high, still)


def complaints_by(waits: pd.DataFrame, group: str) -> pd.DataFrame:
    """Count complaints of each topic, store or touchpoint, with the median days until settled.

    Returns
    -------
    pandas.DataFrame
        The most frequent first: the group, `people, complaints, open, median, low, high` (days).
    """
    rows = []
    for name, part in waits.groupby(group, dropna=True, sort=True):
        median = median_wait(part)
        counted = {
            "people": part["customer_id"].nunique(),
            "complaints": len(part),
            "open": int((~part["settled"]).sum()),
        }
        rows.append({group: name, **counted, "median": median.value, "low": median.low, "high": median.high})
    columns = [group, "people", "complaints", "open", "median", "low", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["complaints", group], ascending=[False, True], ignore_index=True
    )


def complaint_rate(complaints: pd.DataFrame, transactions: Any, as_of: date, days: int) -> Estimate:
    """Estimate complaints per 1,000 orders of members in the last so many days (Wilson; one complaint an order).

    Complaints without a customer are counted with those of members.
    """
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    recent = complaints[(complaints["at"] >= start) & (complaints["at"] < pd.Timestamp(as_of))]
    bought = known_purchases(transactions, as_of)
    bought = bought.filter(bought.ordered_at >= start)
    orders = int(bought.order_id.nunique().to_pandas())
    return intervals.proportion(min(len(recent), orders), orders).scaled(1_000)
