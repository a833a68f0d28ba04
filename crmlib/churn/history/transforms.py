"""How features are made of a customer's counts and sums, everybody's beside them where one alone says little."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

PRIOR_GAPS: Final = 2
"""A customer's own gaps weigh as many as they are, the population's mean gap as two: one gap alone is no rhythm."""

Measure: TypeAlias = Callable[[pd.DataFrame], "pd.Series[float]"]


def typical_gap(customers: pd.DataFrame) -> pd.Series[float]:
    """Give the mean days between a customer's purchase days, drawn to everybody's mean by `PRIOR_GAPS` of it."""
    gaps = customers["purchase_days"] - 1
    together = customers["days_since_first"] - customers["days_since_last"]
    usual = max(together.sum() / max(gaps.sum(), 1), 1.0)
    drawn: pd.Series[float] = (together + PRIOR_GAPS * usual) / (gaps + PRIOR_GAPS)
    return drawn


def irregularity(customers: pd.DataFrame) -> pd.Series[float]:
    """Give the spread of a customer's gaps around the typical one, over it, drawn to everybody's as that is."""
    gaps, typical = customers["purchase_days"] - 1, typical_gap(customers)
    together = customers["days_since_first"] - customers["days_since_last"]
    spread = customers["gap_squares"] - 2 * typical * together + gaps * typical**2
    relative = (spread / typical**2).clip(lower=0)
    usual = relative.sum() / max(gaps.sum(), 1)
    made: pd.Series[float] = np.sqrt((relative + PRIOR_GAPS * usual) / (gaps + PRIOR_GAPS))
    return made


def log_of(column: str) -> Measure:
    """Make the logarithm of a count, of days or of money, nought staying nought."""
    return lambda customers: np.log1p(customers[column].clip(lower=0).astype(float))


def more(recent: str, earlier: str) -> Measure:
    """Make the difference of two such logarithms."""
    return lambda customers: log_of(recent)(customers) - log_of(earlier)(customers)


def share(part: str, whole: str) -> Measure:
    """Make a share, 0 to 1, of two sums."""
    return lambda customers: (customers[part] / customers[whole].clip(lower=0.01)).clip(0, 1)


def against_mean(column: str) -> Measure:
    """Make the difference from everybody's mean, nought where nothing is known."""
    return lambda customers: (customers[column] - customers[column].mean()).fillna(0.0).astype(float)


def log_odds(column: str) -> Measure:
    """Make the log odds of a probability."""
    return lambda customers: _logit(customers[column].clip(1e-4, 1 - 1e-4))


def _logit(share: pd.Series[float]) -> pd.Series[float]:
    odds: pd.Series[float] = np.log(share / (1 - share))
    return odds
