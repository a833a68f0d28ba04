"""Whether a set of items stands in more baskets than its best subset would bring."""

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from crmlib.segmentation.affinity.chance import design_effect

Floats = NDArray[np.float64]


def beyond_subsets(
    sets: NDArray[np.int64], counts: dict[int, pd.DataFrame], *, late: bool, effect: Floats | None = None
) -> pd.DataFrame:
    """Put each set beside what its subsets would bring.

    For two items of the set, and the baskets that hold all the others: if the two met there by chance, their meetings
    in each class of basket size would be hypergeometric. The set has to beat every such pair of items.

    Returns
    -------
    pandas.DataFrame
        One row a set: ``without_0, …`` (baskets with all its items but that one), ``met`` (baskets), ``expected`` and
        ``variance`` (of the subsets that come nearest to it) and ``p`` (the largest over all pairs of items).
    """
    met = set_rows(counts, sets, late=late).sum(axis=1)
    without = [set_rows(counts, np.delete(sets, [place], axis=1), late=late) for place in range(sets.shape[1])]
    ways = []
    for x, y in combinations(range(sets.shape[1]), 2):
        first, second = without[x], without[y]
        both = set_rows(counts, np.delete(sets, [x, y], axis=1), late=late)
        expected = np.divide(first * second, both, out=np.zeros_like(both), where=both > 0)
        variance = expected * (both - first) * (both - second) / np.maximum(both * (both - 1), 1)
        lean = (both - 2 * first) * (both - 2 * second) / np.maximum(both * (both - 2), 1)
        ways.append((expected.sum(axis=1), variance.sum(axis=1), (variance * lean).sum(axis=1)))
    means, variances, thirds = (np.column_stack(each) for each in zip(*ways, strict=True))
    nearest = np.arange(len(sets)), means.argmax(axis=1)
    worth = np.ones(len(sets)) if effect is None else effect
    ways_moments = zip(means.T, variances.T, thirds.T, strict=True)
    p = np.column_stack([meetings_tail(*(each / worth for each in (met, *moments))) for moments in ways_moments])
    others = {f"without_{place}": rows.sum(axis=1) for place, rows in enumerate(without)}
    columns = others | {"met": met, "expected": means[nearest], "variance": variances[nearest], "p": p.max(axis=1)}
    return pd.DataFrame(columns)


def meetings_tail(met: Floats, expected: Floats, variance: Floats, third: Floats) -> Floats:
    """Give the probability of so many meetings or more, from the mean, the variance and the third central moment.

    The tail of the Pearson type III distribution with these moments, or of the normal one where that is larger, with a
    correction for whole numbers.
    """
    spread = np.sqrt(np.maximum(variance, 1e-12))
    z = (met - 0.5 - expected) / spread
    skew = np.clip(third / spread**3, 1e-4, None)
    shape = 4 / skew**2
    leaning = special.gammaincc(shape, np.maximum(shape + z * np.sqrt(shape), 0))
    return np.where(met <= 0, 1.0, np.maximum(leaning, special.ndtr(-z)))


def set_rows(counts: dict[int, pd.DataFrame], sets: NDArray[np.int64], *, late: bool) -> Floats:
    """Look up early or late baskets of sets (rows of ascending numbers) by class of size; a set may be in none."""
    table = counts[sets.shape[1]][late]
    keys = pd.Index(sets[:, 0]) if sets.shape[1] == 1 else pd.MultiIndex.from_arrays(list(sets.T))
    return table.reindex(keys, fill_value=0).to_numpy("float64")


def times_subsets(met: Floats, expected: Floats, variance: Floats, squares: Floats) -> pd.DataFrame:
    """Say how many times its best subset a set brought, with an interval that allows for customers' habits."""
    effect = design_effect(met, squares)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = met / expected
        reach = 1.96 * np.sqrt(variance * effect * np.maximum(times, 1)) / expected
    columns = {"times": times, "low": np.maximum(times - reach, 0), "high": times + reach}
    times_known = pd.DataFrame(columns)
    times_known.loc[~(expected > 0)] = np.nan
    return times_known
