"""Who answers: the response rate, counted so that recent invitations do not pull it down."""

from typing import Final

import pandas as pd

from crmlib.satisfaction.survey import Survey
from crmlib.stats import Estimate, intervals

_BY_NAME: Final = {"low": "low", "high": "high", "value": "rate"}


def settled_invitations(survey: Survey, answer_days: int, window_days: int | None = None) -> pd.DataFrame:
    """Give the invitations whose time to answer was over before `as_of`, with whether they were answered in time.

    Parameters
    ----------
    survey
        The survey.
    answer_days
        An answer within so many days counts; invitations younger than that are left out, since theirs may still come.
    window_days
        Only invitations whose time to answer ended in the last so many days; all where not given.

    Returns
    -------
    pandas.DataFrame
        The invitations with a time of invitation, and `in_time`.

    Examples
    --------
    >>> from datetime import date
    >>> from crmlib.params.satisfaction import SatisfactionSection
    >>> from crmlib.satisfaction.survey import make_survey
    >>> rows = pd.DataFrame({"response_id": ["1", "2"], "invited_at": ["2026-01-05", "2026-01-30"],
    ...                      "answered_at": ["2026-01-06", None], "score_recommend": [9, None]})
    >>> survey = make_survey(rows, date(2026, 2, 1), SatisfactionSection())
    >>> settled_invitations(survey, answer_days=14)["in_time"].tolist()
    [True]
    """
    waiting = pd.Timedelta(days=answer_days)
    end = pd.Timestamp(survey.as_of) - waiting
    invitations = survey.invitations
    settled = invitations[invitations["invited_at"] < end]
    if window_days is not None:
        settled = settled[settled["invited_at"] >= end - pd.Timedelta(days=window_days)]
    took = settled["answered_at"] - settled["invited_at"]
    return settled.assign(in_time=(took <= waiting).astype(bool))


def response_rate(survey: Survey, answer_days: int, window_days: int | None = None) -> Estimate:
    """Estimate the share of invitations that are answered in time; unknown where only answers were delivered.

    Examples
    --------
    >>> from datetime import date
    >>> from crmlib.params.satisfaction import SatisfactionSection
    >>> from crmlib.satisfaction.survey import make_survey
    >>> answers = {"answered_at": ["2026-01-06", None, None, None], "score_recommend": [9.0, None, None, None]}
    >>> rows = pd.DataFrame({"response_id": list("abcd"), "invited_at": "2026-01-05", **answers})
    >>> survey = make_survey(rows, date(2026, 2, 1), SatisfactionSection())
    >>> print(f"{response_rate(survey, answer_days=14):.2f}")
    0.25 [0.05, 0.70] (95 %, n = 4)
    """
    settled = settled_invitations(survey, answer_days, window_days)
    if survey.invitations["answered_at"].notna().all():
        return Estimate.unknown(len(settled))
    return intervals.proportion(int(settled["in_time"].sum()), len(settled))


def response_by(survey: Survey, group: str, answer_days: int, window_days: int | None = None) -> pd.DataFrame:
    """Estimate the response rate of each touchpoint, store or month.

    Returns
    -------
    pandas.DataFrame
        One row a group: the group, `people` (asked), `invited, answered, rate, low, high`.
    """
    settled = settled_invitations(survey, answer_days, window_days)
    counted = settled.groupby(group, dropna=True).agg(
        people=("person", "nunique"), invited=("response_id", "size"), answered=("in_time", "sum")
    )
    shares = intervals.proportions(counted["answered"], counted["invited"]).rename(columns=_BY_NAME)
    return counted.join(shares[["rate", "low", "high"]]).reset_index()
