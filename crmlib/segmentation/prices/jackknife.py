"""The error of a slope from what it would be without each article."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from crmlib.segmentation.prices.within import Cells, Numbers, week_equations

ROUNDS: Final = 200
"""Steps of the solver at most; ten to thirty do."""

EXACT: Final = 1e-16
"""Squared error, as a part of the first, at which a solution stands."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted slope and what its error is worked out from.

    Attributes
    ----------
    slope
        Of the logarithm of the mean.
    mean
        Fitted, of each row.
    price
        Of each row, without the effects of article and week at the weights ``mean``.
    """

    slope: float
    mean: Numbers
    price: Numbers


@dataclass(frozen=True, slots=True)
class _Parts:
    """What each article adds to the normal equations of the price (first) and the weeks; its own effect set aside."""

    squares: Numbers
    crossed: Numbers
    met: Numbers

    def times(self, steps: Numbers) -> Numbers:
        """Multiply each article's part by its own step, article × (1 + weeks)."""
        price, weeks = steps[:, :1], steps[:, 1:]
        first = self.squares * price[:, 0] + (self.crossed * weeks).sum(axis=1)
        mean = (self.met * weeks).sum(axis=1, keepdims=True) / self.met.sum(axis=1, keepdims=True)
        return np.column_stack([first, self.crossed * price + self.met * (weeks - mean)])


def jackknife_error(found: Fit, units: Numbers, cells: Cells) -> float:
    """Give the standard error of the slope from what it would be without each article.

    Notes
    -----
    Delete-one jackknife of clusters, one Newton step from the estimate, the effects of weeks estimated anew without the
    article: CV3 of MacKinnon, Nielsen & Webb (2023), Cluster-robust inference: a guide to empirical practice, Journal
    of Econometrics 232.
    """
    left = units - found.mean
    parts = _Parts(
        cells.square(found.mean * found.price**2).sum(axis=1),
        cells.square(found.mean * found.price),
        cells.square(found.mean),
    )
    own = np.column_stack([cells.square(found.price * left).sum(axis=1), cells.square(left)])
    whole = np.diag(np.r_[parts.squares.sum(), np.zeros(cells.weeks)])
    whole[1:, 1:] = week_equations(parts.met, cells)
    moved = _without_each(parts, whole, own)[:, 0]
    return float(np.sqrt((cells.articles - 1) / cells.articles * (moved**2).sum()))


def _without_each(parts: _Parts, whole: Numbers, sums: Numbers) -> Numbers:
    """Solve the equations of all articles but one, for each one: conjugate gradients, all of them at once.

    The inverse for all articles is the preconditioner. Where a week is one article's alone nothing is to be told of it
    without that article, and nothing is asked: its sum is nothing.
    """
    inverse = np.linalg.inv(whole)
    found, left = np.zeros_like(sums), sums
    ahead = step = left @ inverse
    size = first = (left * ahead).sum(axis=1)
    for _round in range(ROUNDS):
        pushed = step @ whole - parts.times(step)
        far = _over(size, (step * pushed).sum(axis=1))
        found = found + far * step
        left = left - far * pushed
        ahead = left @ inverse
        before, size = size, (left * ahead).sum(axis=1)
        if (size <= EXACT * first).all():
            return found
        step = ahead + _over(size, before) * step
    raise ArithmeticError(f"the estimate without an article was not found in {ROUNDS} rounds: look for lone articles")


def _over(top: Numbers, bottom: Numbers) -> Numbers:
    """Divide, as a column; nothing where both have come to nothing."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)[:, None]
