"""How often two items would meet by chance, given how large the baskets are that each lies in and when they were."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from scipy import stats as distributions

from crmlib.stats.comparisons import benjamini_hochberg

ROUNDS: Final = 60
BLOCK: Final = 20_000

Floats = NDArray[np.float64]


def pulls(margins: pd.DataFrame, items: int) -> Floats:
    """Work out each item's pull in each stratum, so that the product of two pulls is the chance of their meeting.

    Within a stratum (month and class of basket size) every item keeps the number of partners it had; who its partners
    were is left to chance, and no item is its own partner: the model of quasi-independence. Large baskets, in which
    everything meets everything, and seasons are thereby no findings. Of ``margins`` (``code, stratum, partners`` summed
    over the stratum's baskets) come the pulls: items in rows, strata in columns.

    References
    ----------
    Quasi-independence by iterative fitting: Bishop, Fienberg & Holland (1975), Discrete Multivariate Analysis, ch. 5.
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

    The upper tail of a Poisson count. Meetings of customers who repeat themselves vary more than that: both numbers are
    divided by the design effect first, the tail being continued between whole numbers by the gamma distribution. Pairs
    that met too rarely to be counted take part in the adjustment with p = 1.

    Raises
    ------
    ValueError
        If fewer pairs were compared than are given.
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
    """Say how many times as often as by chance pairs met, with an interval that allows for customers' habits.

    Gives ``times, low, high``, missing where chance would have brought no meeting; ``squares`` as for `design_effect`.

    References
    ----------
    Garwood (1936), Biometrika 28, on the effective number of meetings (meetings over the design effect of Kish).
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
    """Say what of the money in the orders with a pair or set belongs to those that chance would not have brought.

    It is money that these orders brought, not money that would not have come without them. Gives ``extra_money``
    with ``extra_low, extra_high``: those of the number of surplus orders at what such an order brings on average; not
    below nothing at the lower end.
    """
    parts = {"extra_money": "times", "extra_low": "low", "extra_high": "high"}
    extra = pd.DataFrame({name: money * (times[end] - 1) / times["times"] for name, end in parts.items()})
    return extra.assign(extra_low=extra["extra_low"].clip(lower=0.0))
