"""Customer by customer: the last score, open complaints, and whom the team should hear from."""

from datetime import date
from typing import Final

import pandas as pd

from crmlib.satisfaction.scores import DETRACTOR
from crmlib.satisfaction.survey import Survey

UNHAPPY: Final = "unhappy"
OPEN_COMPLAINT: Final = "open_complaint"
RETURNED: Final = "returned_and_quiet"
_LOWEST_PART: Final = 0.25
"""The part of a scale that is low: 1 and 2 of 1 to 5."""
_WEEK: Final = 7.0
_YEAR: Final = 365


def satisfaction_customers(survey: Survey | None, complaints: pd.DataFrame | None) -> pd.DataFrame:
    """Give each customer's last score and open complaints, for the lists of `05_actions`.

    Parameters
    ----------
    survey
        The survey, `None` where there is none.
    complaints
        Complaints with `settled`, from `waiting`; `None` where there are none.

    Returns
    -------
    pandas.DataFrame
        `customer_id, last_score` (overall satisfaction, else recommendation), `last_answered_at, open_complaints`; one
        row for each customer who answered or waits.
    """
    told = _last_told(survey)
    waits = complaints if complaints is not None else pd.DataFrame(columns=["customer_id", "settled"])
    still = waits[~waits["settled"].astype(bool)].dropna(subset=["customer_id"])
    counted = still.groupby("customer_id").size().rename("open_complaints").reset_index()
    joined = told.merge(
        counted.astype({"customer_id": "str", "open_complaints": "int64"}), on="customer_id", how="outer"
    )
    return joined.assign(open_complaints=joined["open_complaints"].fillna(0).astype("int64")).sort_values(
        "customer_id", ignore_index=True
    )


def _last_told(survey: Survey | None) -> pd.DataFrame:
    score = None if survey is None else survey.overall or survey.recommend
    if survey is None or score is None:
        types = {"customer_id": "str", "last_score": "float64", "last_answered_at": "datetime64[us]"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})
    given = survey.answers().dropna(subset=["customer_id", score]).sort_values(["answered_at", "response_id"])
    last = given.drop_duplicates("customer_id", keep="last")
    names = {score: "last_score", "answered_at": "last_answered_at"}
    return last[["customer_id", *names]].rename(columns=names).astype({"customer_id": "str"})


def candidates(
    survey: Survey | None, complaints: pd.DataFrame | None, returners: pd.DataFrame, as_of: date, window_days: int
) -> pd.DataFrame:
    """Name the customers to hear from, why, and how pressing it is.

    Parameters
    ----------
    survey, complaints
        As in `satisfaction_customers`; complaints carry `days` waited.
    returners
        From `recent_returners`.
    as_of
        Exclusive end of what may be seen.
    window_days
        A low score older than this is no longer a reason to call.

    Returns
    -------
    pandas.DataFrame
        `customer_id, reason, score` (0 to 1, higher is more pressing): `unhappy` (last answer low: the lower, the
        more), `open_complaint` (of the last year; the longer open, the more), `returned_and_quiet` (the larger the part
        taken back, the more).
    """
    parts = [_unhappy(survey, as_of, window_days), _waiting_still(complaints, as_of), _quiet(returners)]
    return pd.concat(parts, ignore_index=True).sort_values(["customer_id", "reason"], ignore_index=True)


def _unhappy(survey: Survey | None, as_of: date, window_days: int) -> pd.DataFrame:
    score = None if survey is None else survey.recommend or survey.overall
    if survey is None or score is None:
        return _candidates([], UNHAPPY, [])
    limit = DETRACTOR if score == survey.recommend else survey.scales[score].upto(_LOWEST_PART)
    told = survey.answers().dropna(subset=["customer_id", score]).sort_values(["answered_at", "response_id"])
    last = told.drop_duplicates("customer_id", keep="last")
    recent = last["answered_at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=window_days)
    low = last[recent & (last[score] <= limit)]
    least = min(survey.scales[score].low, 0.0)
    return _candidates(low["customer_id"], UNHAPPY, (limit + 1 - low[score]) / (limit + 1 - least))


def _waiting_still(complaints: pd.DataFrame | None, as_of: date) -> pd.DataFrame:
    if complaints is None:
        return _candidates([], OPEN_COMPLAINT, [])
    # who complained longer ago has given up: a call now would open what is closed
    fresh = complaints["at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=_YEAR)
    still = complaints[~complaints["settled"] & fresh].dropna(subset=["customer_id"])
    longest = still.groupby("customer_id")["days"].max()
    return _candidates(longest.index, OPEN_COMPLAINT, longest / (longest + _WEEK))


def _quiet(returners: pd.DataFrame) -> pd.DataFrame:
    return _candidates(returners["customer_id"], RETURNED, returners["part"])


def _candidates(who: object, reason: str, score: object) -> pd.DataFrame:
    frame = pd.DataFrame({"customer_id": pd.Series(list(who), dtype="str"), "reason": reason})  # type: ignore[call-overload]
    return frame.astype({"reason": "str"}).assign(score=pd.Series(list(score), dtype="float64"))  # type: ignore[call-overload]
