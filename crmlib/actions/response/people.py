"""People behind contacts: groups of them at random, and how sure a figure is in which they stand several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.stats import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crmlib.stats.predictions import Linearised

NORMAL_95: Final = 1.959964


def folds(person: NDArray[np.intp], seed: int, count: int) -> NDArray[np.intp]:
    """Put every person, a number from nought, with all contacts into one of some groups of about equal size.

    Examples
    --------
    >>> folds(np.array([0, 1, 2, 3, 0]), seed=1, count=2).tolist()
    [0, 1, 0, 1, 0]
    """
    places = np.random.default_rng(seed).permutation(int(person.max()) + 1)
    return (places % count)[person]


def estimated(figure: Linearised, person: NDArray[np.intp]) -> Estimate:
    """Give a figure its 95 % interval: a person's contacts pull together (Liang & Zeger 1986, Biometrika 73).

    Examples
    --------
    >>> from crmlib.stats.predictions import Linearised
    >>> once = Linearised.mean_of(np.array([0.0, 1.0, 0.0, 1.0]))
    >>> f"{estimated(once, np.arange(4)):.2f}", f"{estimated(once, np.array([0, 1, 0, 1])):.2f}"
    ('0.50 [0.01, 0.99] (95 %, n = 4)', '0.50 [-0.19, 1.19] (95 %, n = 2)')
    """
    reach = NORMAL_95 * float(np.sqrt((np.bincount(person, figure.effects) ** 2).sum()))
    return Estimate(figure.value, figure.value - reach, figure.value + reach, len(np.unique(person)))


def averaged(figures: Sequence[Linearised], person: NDArray[np.intp]) -> Estimate:
    """Take the mean of a figure over several partings of the people, as unsure as one of them is on average.

    A mean is never less sure; that it is surer may not be claimed, since each parting learns from people whom another
    one judges.
    """
    found = [estimated(figure, person) for figure in figures]
    value, low, high = (float(np.mean([getattr(one, end) for one in found])) for end in ("value", "low", "high"))
    return Estimate(value, low, high, found[0].n)
