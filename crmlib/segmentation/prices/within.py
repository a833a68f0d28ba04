"""Weighted means of articles and of weeks taken out of numbers, so that neither has to be estimated."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """Where each row stands: its article and its week, numbered from zero without gaps.

    Attributes
    ----------
    article, week
        One number a row; an article has at most one row a week.
    articles, weeks
        How many there are.
    linked
        Week × week: 1 where articles link the two, directly or through other weeks, else 0.
    """

    article: Places
    week: Places
    articles: int
    weeks: int
    linked: Numbers

    def square(self, values: Numbers) -> Numbers:
        """Lay one number a row out, article × week; nothing where there is no row."""
        size = self.articles * self.weeks
        laid = np.bincount(self.article * self.weeks + self.week, weights=values, minlength=size)
        return np.asarray(laid, dtype=np.float64).reshape(self.articles, self.weeks)


def cells_of(article: Places, week: Places) -> Cells:
    """Look up how many articles and weeks there are, and which weeks articles link."""
    from scipy.sparse.csgraph import connected_components

    articles, weeks = int(article.max()) + 1, int(week.max()) + 1
    alone = Cells(article, week, articles, weeks, np.eye(weeks))
    met = alone.square(np.ones(len(week)))
    group = connected_components(met.T @ met, directed=False)[1]
    return replace(alone, linked=(group[:, None] == group).astype(np.float64))


def within(values: Numbers, cells: Cells, weight: Numbers) -> Numbers:
    """Take the effects of article and week out of each column, exactly, by least squares on the weeks.

    Notes
    -----
    Frisch & Waugh (1933) twice; the matrix of weeks is small, however many articles there are.
    """
    met = cells.square(weight)
    per_article = met.sum(axis=1)
    laid = np.stack([cells.square(weight * column) for column in values.T], axis=-1)
    totals, by_week = laid.sum(axis=1), laid.sum(axis=0)
    effects = np.linalg.solve(week_equations(met, cells), by_week - (met / per_article[:, None]).T @ totals)
    left = (totals - met @ effects) / per_article[:, None]
    without: Numbers = values - effects[cells.week] - left[cells.article]
    return without


def week_equations(met: Numbers, cells: Cells) -> Numbers:
    """Give the normal equations of the weeks' effects after the articles' means, week × week.

    A constant for all linked weeks cannot be told: it is set so that their effects add up to nothing.
    """
    known = np.diag(met.sum(axis=0)) - met.T @ (met / met.sum(axis=1)[:, None])
    return np.asarray(known + met.sum() / cells.weeks**2 * cells.linked, dtype=np.float64)
