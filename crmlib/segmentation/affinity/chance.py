"""How often items would meet by chance, given how large baskets are and when, and sets by what their subsets bring."""

from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from scipy import stats as distributions

from crmlib.stats.multiple import benjamini_hochberg

ROUNDS: Final = 60
BLOCK: Final = 20_000

Floats = NDArray[np.float64]


def pulls(margins: pd.DataFrame, items: int) -> Floats:
    """Work out each item's pull in each stratum (items × strata): the product of two is the chance of their meeting.

    Within a stratum every item keeps the number of partners it had; who its partners were is left to chance, and no
    item is its own partner (quasi-independence, Bishop, Fienberg & Holland 1975, Discrete Multivariate Analysis, ch.
    5). Large baskets, in which everything meets everything, and seasons are thereby no findings.
    """
    strata = pd.Index(margins["stratum"].unique())
    totals = np.zeros((items, len(strata)))
    totals[margins["code"], strata.get_indexer(margins["stratum"])] = margins["partners"]
    pull = totals / np.sqrt(np.maximum(totals.sum(axis=0), 1))
    for _round in range(ROUNDS):
        others = pull.sum(axis=0) - pull
        wanted = np.divide(totals, others, out=np.zeros_like(totals), where=others > 0)
        pull = np.sqrt(pull * wanted)
    return np.asarray(pull)


def expected_meetings(pull: Floats, a: NDArray[np.int64], b: NDArray[np.int64]) -> Floats:
    """Sum the chance meetings of pairs over all strata."""
    parts = [
        np.einsum("ij,ij->i", pull[a[start : start + BLOCK]], pull[b[start : start + BLOCK]])
        for start in range(0, len(a), BLOCK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def found_by_chance(
    meetings: NDArray[np.int64], expected: Floats, compared: int, effect: Floats | None = None
) -> tuple[Floats, Floats]:
    """Give the p-value of so many meetings or more, and the same adjusted for all pairs that were compared.

    The upper tail of a Poisson count, continued between whole numbers by the gamma distribution: both numbers are
    divided by the design effect first. Pairs that met too rarely to be counted take part in the adjustment with p = 1.
    """
    if compared < len(meetings):
        raise ValueError(f"{len(meetings)} pairs met, more than the {compared} compared")
    worth = np.ones(len(meetings)) if effect is None else effect
    p = np.asarray(special.gammainc(meetings / worth, expected / worth), dtype=float)
    if not len(p):
        return p, p
    # the pairs left out would stand behind all others with p = 1, so only the number of comparisons grows
    return p, np.minimum(benjamini_hochberg(p) * (compared / len(p)), 1.0)


def design_effect(meetings: Floats, squares: Floats) -> Floats:
    """Say how many meetings are worth one, as customers repeat themselves (Kish 1965, Survey Sampling).

    ``squares`` is the sum over customers of their number of meetings, squared.
    """
    return np.maximum(np.divide(squares, meetings, out=np.ones_like(meetings), where=meetings > 0), 1.0)


def times_chance(meetings: Floats, expected: Floats, squares: Floats, confidence: float = 0.95) -> pd.DataFrame:
    """Say how many times as often as by chance pairs met (``times, low, high``), allowing for customers' habits.

    Missing where chance would have brought no meeting. Garwood (1936), Biometrika 28, on the effective number.
    """
    effect = design_effect(meetings, squares)
    effective = meetings / effect
    tail = (1 - confidence) / 2
    low = np.where(effective > 0, distributions.chi2.ppf(tail, 2 * np.maximum(effective, 1e-9)) / 2, 0.0)
    high = distributions.chi2.isf(tail, 2 * (effective + 1)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = np.column_stack([meetings, low * effect, high * effect]) / expected[:, None]
    rows[~(expected > 0)] = np.nan
    return pd.DataFrame(rows, columns=["times", "low", "high"])


def surplus(money: pd.Series, times: pd.DataFrame) -> pd.DataFrame:
    """Say what of the money in the orders with a pair or set belongs to those that chance would not have brought."""
    parts = {"extra_money": "times", "extra_low": "low", "extra_high": "high"}
    extra = pd.DataFrame({name: money * (times[end] - 1) / times["times"] for name, end in parts.items()})
    return extra.assign(extra_low=extra["extra_low"].clip(lower=0.0))


def beyond_subsets(
    sets: NDArray[np.int64], counts: dict[int, pd.DataFrame], *, late: bool, effect: Floats | None = None
) -> pd.DataFrame:
    """Put each set beside what its subsets would bring.

    For two items of the set, and the baskets that hold all the others: if the two met there by chance, their meetings
    in each class of basket size would be hypergeometric. The set has to beat every such pair of items. ``without_0, …``
    (baskets with all its items but that one), ``met`` (baskets), ``expected, variance`` (of the subsets that come
    nearest to it) and ``p`` (the largest over all pairs of items).
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
    means, variances = (np.column_stack([moments[place] for moments in ways]) for place in (0, 1))
    nearest = np.arange(len(sets)), means.argmax(axis=1)
    worth = np.ones(len(sets)) if effect is None else effect
    p = np.column_stack([meetings_tail(*(moment / worth for moment in (met, *moments))) for moments in ways])
    others = {f"without_{place}": rows.sum(axis=1) for place, rows in enumerate(without)}
    columns = others | {"met": met, "expected": means[nearest], "variance": variances[nearest], "p": p.max(axis=1)}
    return pd.DataFrame(columns)


def meetings_tail(met: Floats, expected: Floats, variance: Floats, third: Floats) -> Floats:
    """Give the probability of so many meetings or more, from the mean, the variance and the third central moment.

    The tail of the Pearson type III distribution, corrected for whole numbers, or the normal one where that is larger.
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
