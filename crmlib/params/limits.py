"""How much evidence the chapters ask for before they say anything, where chapter 01 must know it too.

Chapters keep their own finer limits; these are the ones that decide whether a part of a chapter has anything to stand
on. A test holds them equal to what the chapters use.
"""

from typing import Final

HISTORY_MONTHS: Final = 13
"""Months of sales that a comparison with the year before needs."""

REPEAT_BUYERS: Final = 100
"""Customers with a second purchase day that the purchase and value models are fitted on, at the least."""

CHURN_HORIZONS: Final = 3
"""Horizons of history that churn needs: one before the training cutoff, one up to the test, one after it."""

SURVEY_ANSWERS: Final = 100
"""Answers of a year with both of any two scores that the drivers of satisfaction need."""
