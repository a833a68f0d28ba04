"""Customers of a span of time by what brought them: new, back again, back after a pause; and those lost in it."""

from datetime import date, timedelta
from math import ceil
from typing import Any

import ibis
import pandas as pd

from crmlib.segmentation.business.windows import Window, window_table
from crmlib.segmentation.customers.rhythm import purchase_days


def window_people(
    transactions: Any, windows: list[Window], as_of: date, lost_after: float | None = None
) -> pd.DataFrame:
    """Count the known customers of every span of time by kind.

    Parameters
    ----------
    transactions
        The clean table (Ibis); lines at or after ``as_of`` are not seen.
    windows
        From :func:`crmlib.segmentation.business.windows.report_windows`.
    as_of
        Exclusive end of what may be seen.
    lost_after
        Days without a purchase after which a customer counts as lost; without it ``lost`` is missing.

    Returns
    -------
    pandas.DataFrame
        One row a span: ``window, active`` (bought), ``new`` (for the first time), ``returning`` (the others),
        ``before`` (bought in the span before), ``again`` (of those, bought in this one too), ``reactivated``
        (returning without a purchase in the span before), ``lost`` (customers for whom the last of ``lost_after``
        days without a purchase fell into the span; who comes back later was lost all the same). Missing where the
        history does not reach back far enough to tell.
    """
    days = purchase_days(transactions, as_of)
    spans = window_table(windows)
    kinds = _kinds(days, spans).to_pandas().set_index("window").reindex([each.code for each in windows])
    kinds = kinds.fillna(0).astype("float64")
    kinds["returning"] = kinds["active"] - kinds["new"]
    kinds["reactivated"] = kinds["returning"] - kinds["again"]
    known = pd.Series({each.code: each.known for each in windows}, dtype=bool)
    told = ["new", "returning", "reactivated", "before", "again"]
    kinds.loc[~known.reindex(kinds.index), told] = float("nan")
    kinds.loc[[each.code for each in windows if not each.longer_known], "reactivated"] = float("nan")
    lost = pd.Series(float("nan"), index=kinds.index)
    if lost_after is not None and pd.notna(lost_after):
        lost = _lost(days, spans, windows, lost_after)
    return kinds.assign(lost=lost).reset_index()


def _kinds(days: Any, spans: Any) -> Any:
    """Tell for each customer and span whether they bought in it, in the one before, and ever before (in the engine)."""
    day = days.day.cast("timestamp(6)")
    met = days.mutate(at=day).join(spans, [ibis._.at < spans.ends])
    each = met.group_by(["window", "customer_id"]).agg(
        inside=(met["at"] >= met.starts).max(),
        earlier=(met["at"] < met.starts).max(),
        base=((met["at"] >= met.base) & (met["at"] < met.starts)).max(),
    )
    return each.group_by("window").agg(
        active=each.inside.sum(),
        new=(each.inside & ~each.earlier).sum(),
        before=each.base.sum(),
        again=(each.inside & each.base).sum(),
    )


def _lost(days: Any, spans: Any, windows: list[Window], lost_after: float) -> pd.Series:
    """Count the customers whose last day of so many without a purchase fell into each span."""
    limit = ceil(lost_after)
    first = days.day.min().to_pandas()
    own = ibis.window(group_by=days.customer_id, order_by=days.day)
    waits = days.mutate(following=days.day.lead(1).over(own), lost_on=days.day + ibis.interval(days=limit))
    gone = waits.filter(waits.following.isnull() | (waits.following > waits.lost_on))
    gone = gone.select("customer_id", at=gone.lost_on.cast("timestamp(6)"))
    met = gone.join(spans, [gone["at"] >= spans.starts, gone["at"] < spans.ends])
    counted = met.group_by("window").agg(lost=met.customer_id.nunique()).to_pandas().set_index("window")["lost"]
    counted = counted.astype("float64").reindex([each.code for each in windows], fill_value=0.0)
    if pd.isna(first):
        return counted
    earliest = pd.Timestamp(first).date() + timedelta(days=limit)
    seen = pd.Series({each.code: each.start >= earliest for each in windows}, dtype=bool)
    return counted.where(seen)
