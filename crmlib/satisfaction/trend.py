"""Whether satisfaction moves: scores by month, and the slope with its interval."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.satisfaction.groups import by_group
from crmlib.satisfaction.survey import Survey
from crmlib.stats import Estimate

MONTHS: Final = 13
_DAYS_A_YEAR: Final = 365.25
_FEWEST: Final = 30


def by_month(survey: Survey, top: float | None, months: int = MONTHS) -> pd.DataFrame:
    """Estimate the headline scores of each of the last calendar months; one cut off by `as_of` is marked partial.

    Returns
    -------
    pandas.DataFrame
        As `by_group`, with `month` (its first day) and `partial`.
    """
    end = pd.Timestamp(survey.as_of)
    first = (end - pd.Timedelta(days=1)).to_period("M") - (months - 1)
    answers = survey.answers()
    month = answers["answered_at"].dt.to_period("M")
    recent = answers.assign(month=month.dt.to_timestamp())[month >= first]
    scores = by_group(survey, recent, "month", top)
    month_end = pd.to_datetime(scores["month"]) + pd.offsets.MonthBegin(1)
    return scores.assign(partial=month_end > end)


def yearly_change(answers: pd.DataFrame, score: str) -> Estimate:
    """Estimate by how much a score rises in a year, in points of its scale, from a straight line through all answers.

    The interval allows for answers of one person being alike (clustered errors, through `statsmodels`); weights count.

    Parameters
    ----------
    answers
        `answered_at, person, weight` and the score.
    score
        Name of the score.

    Returns
    -------
    Estimate
        Unknown with fewer than 30 answers or less than a week between the first and the last.

    Examples
    --------
    >>> days = pd.date_range("2025-01-01", periods=60, freq="6D")
    >>> rising = 3 + (days - days[0]).days.to_numpy() / 365.25
    >>> answers = pd.DataFrame({"answered_at": days, "person": range(60), "weight": 1.0, "score": rising})
    >>> round(yearly_change(answers, "score").value, 6)
    1.0
    """
    from statsmodels.regression.linear_model import WLS

    given = answers.dropna(subset=[score])
    n = len(given)
    if n < _FEWEST or given["answered_at"].max() - given["answered_at"].min() < pd.Timedelta(days=7):
        return Estimate.unknown(n)
    years = (given["answered_at"] - given["answered_at"].min()) / pd.Timedelta(days=_DAYS_A_YEAR)
    design = np.column_stack([np.ones(n), years.to_numpy(dtype=float)])
    model = WLS(given[score].to_numpy(dtype=float), design, weights=given["weight"].to_numpy(dtype=float))
    codes = pd.factorize(given["person"])[0]
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": codes})
    low, high = fitted.conf_int()[1]
    return Estimate(float(fitted.params[1]), float(low), float(high), n)
