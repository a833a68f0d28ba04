"""How large an experiment must be, and what one of a given size shows: of a rate, of money, arms equal or not.

All normal, two-sided: rates through Cohen's arcsine effect size (1988, chapter 6), money through the standard
deviation. CUPED takes from the variance of what is measured the share that a measure from before explains: variance ×
(1 - r²) (Deng, Xu, Kohavi & Walker 2013, Improving the sensitivity of online controlled experiments, eq. 5).
"""

from math import asin, ceil, pi, sin, sqrt
from typing import Final

from scipy.stats import norm

POWER: Final = 0.8
ALPHA: Final = 0.05
FEWEST_LEFT_OUT: Final = 0.1
MOST_LEFT_OUT: Final = 0.5
POOLED_LEFT_OUT: Final = 0.2
"""Left out month after month where no single month can show the effect: half would cost more than it teaches."""


def control_share(customers: float, rate: float, effect: float, fixed: float | None = None) -> float:
    """Say what share of customers to leave out at random: the least in 10 to 50 % that shows the likely effect.

    Parameters
    ----------
    customers
        Both arms together.
    rate
        Share who buy nothing if nobody does anything.
    effect
        Share of these whom a contact wins over.
    fixed
        Taken instead where given.

    Returns
    -------
    float
        In whole per cent; a fifth, month after month, where not even one half would show the effect (power 80 %,
        two-sided 5 %), or where it is not known.

    Examples
    --------
    >>> control_share(1_000, 0.6, 0.3), control_share(400, 0.6, 0.3)
    (0.1, 0.19)
    """
    if fixed is not None:
        return fixed
    if not (customers > 0 and 0 < rate < 1 and 0 < effect <= 1):
        return POOLED_LEFT_OUT
    spread = customers * (effect_size(rate, rate * (1 - effect)) / _reach(POWER, ALPHA)) ** 2
    if spread < 1 / MOST_LEFT_OUT**2:
        return POOLED_LEFT_OUT
    share = (1 - sqrt(1 - 4 / spread)) / 2
    return max(FEWEST_LEFT_OUT, ceil(round(100 * share, 6)) / 100)


def effect_size(rate: float, other: float) -> float:
    """Give Cohen's h of two rates."""
    return 2 * (asin(sqrt(rate)) - asin(sqrt(other)))


def customers_for_rate(
    rate: float, reduction: float, share: float = 0.5, power: float = POWER, alpha: float = ALPHA
) -> int | None:
    """Say how many customers, both arms together, show a fall of a rate; ``None`` where it cannot fall so far.

    Examples
    --------
    >>> customers_for_rate(0.5, 0.1)
    776
    """
    if not 0 < rate - reduction < rate < 1:
        return None
    needed = (_reach(power, alpha) / effect_size(rate, rate - reduction)) ** 2
    return _both_arms(needed, share)


def visible_fall(
    rate: float, contacted: float, control: float, power: float = POWER, alpha: float = ALPHA
) -> float | None:
    """Say what fall of a rate arms of such sizes show at the least; ``None`` where not even a fall to nought shows."""
    size = _reach(power, alpha) * _standard_error(contacted, control)
    start = asin(sqrt(rate)) if 0 < rate < 1 else 0.0
    return rate - sin(start - size / 2) ** 2 if size / 2 < start <= pi / 2 else None


def customers_for_money(
    difference: float, deviation: float, share: float = 0.5, correlation: float = 0.0, *,
    power: float = POWER, alpha: float = ALPHA,
) -> int:  # fmt: skip
    """Say how many customers, both arms together, show a difference of mean spend of such a standard deviation.

    ``correlation`` is that of spend before and after, of which CUPED makes use.

    Examples
    --------
    >>> customers_for_money(20, 100), customers_for_money(20, 100, correlation=0.6)
    (786, 504)
    """
    left = deviation * sqrt(1 - correlation**2)
    return _both_arms((_reach(power, alpha) * left / difference) ** 2, share)


def visible_money(
    deviation: float, contacted: float, control: float, correlation: float = 0.0, *,
    power: float = POWER, alpha: float = ALPHA,
) -> float | None:  # fmt: skip
    """Say what difference of mean spend arms of such sizes show at the least; ``None`` where one is empty."""
    error = _standard_error(contacted, control)
    return None if error == float("inf") else _reach(power, alpha) * deviation * sqrt(1 - correlation**2) * error


def _both_arms(needed: float, share: float) -> int:
    """Give the least arms, one of such a share, of which 1 / contacted + 1 / control is no more than 1 / needed."""
    return ceil(round(needed / share, 6)) + ceil(round(needed / (1 - share), 6))


def _reach(power: float, alpha: float) -> float:
    return float(norm.ppf(1 - alpha / 2) + norm.ppf(power))


def _standard_error(contacted: float, control: float) -> float:
    """Give the standard error of a difference of two means, in standard deviations."""
    return sqrt(1 / contacted + 1 / control) if min(contacted, control) > 0 else float("inf")
