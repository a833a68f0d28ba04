"""How customers' own shares spread: what a share of few orders is to be drawn to, and how strongly."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

STRONG: Final = 1e4
"""A prior of so many orders leaves nothing of the customer's own."""

_FLAT: Final = 1e-9
_LIMIT: Final = 9.0  # shapes between e^-9 and e^9: beyond, all customers are alike or each is all or nothing


def beta_shapes(yes: Numbers, orders: Numbers) -> tuple[float, float] | None:
    """Fit the beta distribution of customers' own shares; nothing where they differ no more than by chance.

    Parameters
    ----------
    yes, orders
        Of each customer, the orders on which it was so, and all of them; at least one.

    Returns
    -------
    tuple of float or None
        The two shapes: their sum is the number of orders that the average weighs as much as. ``None`` also where
        it was never so, or always.

    Notes
    -----
    Beta-binomial by maximum likelihood, kept where it is better than one share for all by more than chance: the 5 %
    point of the mixture of chi-squares on the boundary (Self & Liang 1987, JASA 82).

    Examples
    --------
    >>> beta_shapes(np.array([1.0, 19.0] * 30), np.full(60, 20.0)) is None
    False
    >>> beta_shapes(np.array([5.0] * 60), np.full(60, 20.0)) is None
    True
    """
    from scipy.optimize import minimize
    from scipy.special import betaln, digamma

    pairs, weight = np.unique(np.column_stack([yes, orders]), axis=0, return_counts=True)
    yes, whole = pairs[:, 0], pairs[:, 1]
    overall = float((weight * yes).sum() / max((weight * whole).sum(), 1.0))
    if not 0 < overall < 1:
        return None

    def loss(logs: Numbers) -> tuple[float, Numbers]:
        a, b = np.exp(logs)
        value = (weight * (betaln(a + yes, b + whole - yes) - betaln(a, b))).sum()
        common = digamma(a + b) - digamma(a + b + whole)
        slopes = np.array([
            (weight * (digamma(a + yes) - digamma(a) + common)).sum() * a,
            (weight * (digamma(b + whole - yes) - digamma(b) + common)).sum() * b,
        ])  # fmt: skip
        return -float(value), -slopes

    start = np.log([4 * overall, 4 * (1 - overall)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-_LIMIT, _LIMIT)] * 2)
    alike = (weight * (yes * np.log(overall) + (whole - yes) * np.log1p(-overall))).sum()
    # 2.706 is the 5 % point of an equal mixture of nothing and a chi-square with one degree
    if 2 * (-found.fun - alike) < 2.706:
        return None
    a, b = (rounded(shape) for shape in np.exp(found.x))
    return a, b


def rounded(value: float) -> float:
    """Keep nine digits: what is kept from month to month does not hang on a machine's last bits."""
    return float(f"{value:.9g}")


@dataclass(frozen=True, slots=True)
class Habit:
    """How far customers differ in a share beyond chance.

    Attributes
    ----------
    prior
        The orders that the population's share weighs as much as.
    reliability
        Which part of the spread of the customers' shares is theirs, averaged over customers; 0 to 1.
    """

    prior: float
    reliability: float


def habit_of(counts: Numbers) -> Habit:
    """Measure how far customers differ in a share beyond chance, from their orders (customers × values).

    References
    ----------
    The moment estimator of the Dirichlet-multinomial's intraclass correlation (Brier 1980, Biometrika 67).
    """
    whole = counts.sum(axis=1)
    counts, own = counts[whole > 0], whole[whole > 0]
    shares = counts.sum(axis=0) / max(own.sum(), 1.0)
    spread = float((shares * (1 - shares)).sum())
    more = float((own - 1).sum())
    if spread <= _FLAT or more <= 0:
        return Habit(STRONG, 0.0)
    seen = float((own[:, None] * (counts / own[:, None] - shares) ** 2).sum()) / spread
    alike = min(max((seen - (len(own) - 1)) / more, 1 / (1 + STRONG)), 1 - 1 / (1 + STRONG))
    prior = rounded((1 - alike) / alike)
    return Habit(prior, rounded(float((own / (own + prior)).mean())))


def drawn_together(values: ArrayLike, errors: ArrayLike) -> tuple[Numbers, Numbers]:
    """Draw the values of groups towards that of all, each by as much as chance made it; give also their errors.

    Parameters
    ----------
    values, errors
        Of each group the value and its standard error, above zero.

    Notes
    -----
    Empirical Bayes with normal errors: how far groups truly differ is the moment estimator of DerSimonian & Laird
    (1986, Controlled Clinical Trials 7). Where chance explains all differences, all groups have the same value.

    Examples
    --------
    >>> drawn, errors = drawn_together([10.0, 12.0, 20.0], [1.0, 1.0, 4.0])
    >>> drawn.round(1), errors.round(1)
    (array([10.4, 12. , 13.8]), array([0.9, 0.9, 2.2]))
    """
    value, variance = np.asarray(values, dtype=float), np.asarray(errors, dtype=float) ** 2
    if len(value) < 2:
        return value, variance**0.5
    weight = 1 / variance
    mean = float((weight * value).sum() / weight.sum())
    spread = float((weight * (value - mean) ** 2).sum()) - (len(value) - 1)
    between = max(spread / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    both = 1 / (variance + between)
    overall, uncertain = float((both * value).sum() / both.sum()), 1 / float(both.sum())
    own = between / (between + variance)
    return overall + own * (value - overall), (own * variance + (1 - own) ** 2 * uncertain) ** 0.5


def rank_ranges(values: ArrayLike, errors: ArrayLike, *, seed: int = 0, draws: int = 1000) -> NDArray[np.float64]:
    """Rank groups, the largest first, with the range of ranks that holds 95 %: one row a group, rank, best, worst.

    References
    ----------
    Goldstein & Spiegelhalter (1996), JRSS A 159: a rank without its interval misleads.

    Examples
    --------
    >>> rank_ranges([3.0, 2.9, 0.0], [0.2, 0.2, 0.2]).tolist()
    [[1.0, 1.0, 2.0], [2.0, 1.0, 2.0], [3.0, 3.0, 3.0]]
    """
    value, error = np.asarray(values, dtype=float), np.asarray(errors, dtype=float)
    if not len(value):
        return np.empty((0, 3))
    drawn = value + error * np.random.default_rng(seed).standard_normal((draws, len(value)))
    ranks = 1 + (-drawn).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
    rank = 1 + (-value).argsort(kind="stable").argsort(kind="stable")
    return np.column_stack([rank, np.minimum(low, rank), np.maximum(high, rank)]).astype("float64")
