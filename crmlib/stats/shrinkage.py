"""How customers' own shares spread: what a share of few orders is to be drawn to, and how strongly."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

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
    a, b = (float(f"{shape:.9g}") for shape in np.exp(found.x))
    return a, b
