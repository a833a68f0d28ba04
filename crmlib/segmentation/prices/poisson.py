"""How a count goes with a price: Poisson pseudo-maximum-likelihood within articles and weeks, errors by jackknife."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmlib.stats import Estimate

Numbers = NDArray[np.float64]


Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """Where each row stands: its article and its week, numbered from zero without gaps, at most one row for both.

    ``linked`` is week × week: 1 where articles link the two, directly or through other weeks, else 0.
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


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted slope, the means of the rows, and their prices without article and week at these weights."""

    slope: float
    mean: Numbers
    price: Numbers


STEPS: Final = 100  # Newton steps at most; five to ten do
SETTLED: Final = 1e-12  # change of the deviance, as a part of all units, at which the estimate stands


def poisson_slope(price: Numbers, units: Numbers, cells: Cells) -> Estimate:
    """Estimate how the mean of the units goes with the log price, effects of article and week set aside.

    The mean is modelled, not the logarithm, so that the luck of small counts does not matter; units need not be Poisson
    (Santos Silva & Tenreyro 2006; Correia, Guimarães & Zylkin 2020). The interval is that of the jackknife over
    articles: the usual error clustered by article is too small where a few large articles decide.
    """
    from scipy.stats import t

    found = fitted(price, units, cells)
    reach = float(t.ppf(0.975, cells.articles - 1)) * jackknife_error(found, units, cells)
    return Estimate(found.slope, found.slope - reach, found.slope + reach, cells.articles)


def fitted(price: Numbers, units: Numbers, cells: Cells) -> Fit:
    """Fit by iteratively reweighted least squares, effects taken out at each step."""
    eta, loss, enough = np.log(units), np.inf, SETTLED * units.sum()
    for _step in range(STEPS):
        mean = np.exp(eta)
        working = eta + units / mean - 1
        without = within(np.column_stack([price, working]), cells, mean)
        slope = float((mean * without[:, 0] * without[:, 1]).sum() / (mean * without[:, 0] ** 2).sum())
        aim = working - without[:, 1] + slope * without[:, 0]
        lower = _deviance(aim, units)
        while lower > loss + enough:
            aim = (aim + eta) / 2
            lower = _deviance(aim, units)
        if loss - lower <= enough:
            return Fit(slope, mean, without[:, 0])
        eta, loss = aim, lower
    raise ArithmeticError(f"the elasticity has not settled after {STEPS} steps: look for extreme prices or units")


def _deviance(eta: Numbers, units: Numbers) -> float:
    return float(2 * (units * (np.log(units) - eta) - units + np.exp(eta)).sum())


ROUNDS: Final = 200  # steps of the solver at most; ten to thirty do


EXACT: Final = 1e-16  # squared error, as a part of the first, at which a solution stands


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

    Delete-one jackknife of clusters, one Newton step from the estimate, the effects of weeks estimated anew without the
    article: CV3 of MacKinnon, Nielsen & Webb (2023), Journal of Econometrics 232.
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
