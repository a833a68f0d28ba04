"""Intervals, survival, bootstrap, ranks, multiple testing: how sure a number is.

Every function answers with an `Estimate`: the number, its interval and how many observations stand behind it.
"""

from crmlib.stats.estimate import Estimate

__all__ = ["Estimate"]
