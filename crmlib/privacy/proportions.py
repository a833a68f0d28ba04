"""Shares and means of people in tables, and estimates past the gate, made from numbers already rounded.

A share of people with all its digits would give the exact number of people away.
"""

from __future__ import annotations

from decimal import ROUND_05UP, Decimal
from math import isclose, isfinite
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from crmlib.privacy.rules import DisclosureRules
    from crmlib.stats import Estimate

DIGITS: Final = {"share": 4, "points": 2, "days": 2}
"""Decimals of other estimates about people (a weighted share, a difference, a median wait): one more than a page shows,
so that what is rounded again reads as if it had been rounded once."""

_WHOLE: Final = 1e-6
_SAME: Final = 1e-9


def disclosed(estimate: Estimate, unit: str, rules: DisclosureRules) -> Estimate | None:
    """Give an estimate as it may be shown, `None` where it rests on too few people.

    A proportion of people is told by its interval (Wilson's) and by its product with `n`, which is whole: it is
    computed anew, interval and all, from both numbers rounded to the base, as shares in tables are. Shares of money,
    ratios of pairs, weighted shares and differences are not made of one count over another: they keep the decimals
    that a page shows.

    Parameters
    ----------
    estimate
        A known estimate whose `n` counts people.
    unit
        ``share, points, days``; estimates of any other unit are given back as they are.
    rules
        Threshold and base.

    Examples
    --------
    >>> from crmlib.privacy.rules import DisclosureRules
    >>> from crmlib.stats.intervals import proportion
    >>> print(f"{disclosed(proportion(616, 1361), 'share', DisclosureRules()):.4f}")
    0.4522 [0.4259, 0.4788] (95 %, n = 1,360)
    >>> disclosed(proportion(7, 400), "share", DisclosureRules()) is None
    True
    """
    if rules.hides(estimate.n):
        return None
    size = _wilson_size(estimate) if unit == "share" else None
    if size is not None:
        return _of_rounded(estimate, size, rules)
    return _shortened(estimate, DIGITS[unit]) if unit in DIGITS else estimate


def rounding_hides(share: float, people: int | None, rules: DisclosureRules) -> float:
    """Say how far a shown share may lie from the one it stands for, since the people behind it were rounded.

    ``people`` is the shown number that it is of, ``None`` where it is of no one (money, lines). Nought where the share
    is not made of rounded counts.

    Examples
    --------
    >>> from crmlib.privacy.rules import DisclosureRules
    >>> round(rounding_hides(85 / 120, 120, DisclosureRules()), 3), rounding_hides(0.35, 120, DisclosureRules())
    (0.029, 0.0)
    """
    if people is None or people <= 0:
        return 0.0
    hits = round(share * people / rules.base) * rules.base
    if abs(share * people - hits) > people * 10.0 ** -DIGITS["share"] + _WHOLE:
        return 0.0
    off = (rules.base - 1) / 2 if rules.base % 2 else rules.base / 2
    low = max(hits - off, 0.0) / (people + off)
    high = min((hits + off) / max(people - off, 1.0), 1.0)
    return max(high - share, share - low)


def _of_rounded(estimate: Estimate, size: float, rules: DisclosureRules) -> Estimate | None:
    """Compute a proportion anew from counts that are rounded to the base."""
    from crmlib.stats.intervals import proportion

    people, hits = rules.rounded(estimate.n), rules.rounded(round(estimate.value * estimate.n))
    if people is None or hits is None:
        return None
    effective = size * people / estimate.n
    return proportion(min(hits, people), people, effective_n=effective, confidence=estimate.confidence)


def _wilson_size(estimate: Estimate) -> float | None:
    """Give the size of the sample that Wilson's interval was made for; `None` where it is no proportion of people.

    Wilson's limits are the roots of ``(1 + t) x² - (2 p + t) x + p² = 0`` with ``t = z² / n``.
    """
    share, low, high = estimate.value, estimate.low, estimate.high
    hits = share * estimate.n
    if not 0 <= low < high <= 1 or not isclose(hits, round(hits), abs_tol=_WHOLE):
        return None
    product = low * high / share**2 if share >= 0.5 else (1 - low) * (1 - high) / (1 - share) ** 2
    t = 1 / product - 1 if product > 0 else 0.0
    if t <= 0 or not isclose(low + high, (2 * share + t) / (1 + t), abs_tol=_SAME):
        return None
    size = float(NormalDist().inv_cdf((1 + estimate.confidence) / 2) ** 2 / t)
    # about a half every even interval has this shape: there only the size tells
    fits = isclose(size, estimate.n, rel_tol=_WHOLE) if share == 0.5 else size <= estimate.n * (1 + _WHOLE)
    return size if fits else None


def _shortened(estimate: Estimate, digits: int) -> Estimate:
    from crmlib.stats import Estimate as Shortened

    value, low, high = (_short(number, digits) for number in (estimate.value, estimate.low, estimate.high))
    return Shortened(value, low, high, estimate.n, estimate.confidence)


def _short(number: float, digits: int) -> float:
    """Shorten a number so that whoever rounds it further gets what the whole number would have given."""
    if not isfinite(number):
        return number
    return float(Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_05UP))


def add_shares(
    shown: pd.DataFrame,
    mask: pd.DataFrame,
    shares: Mapping[str, str | tuple[str, str]],
    totals: Mapping[str, int | None],
) -> None:
    """Compute percentages of people from numbers that are already rounded."""
    for name, of in shares.items():
        count, whole = (of, None) if isinstance(of, str) else of
        unknown = [c for c in (count, whole) if c is not None and c not in totals]
        if unknown:
            raise ValueError(f"the share {name} is made of counts; {', '.join(unknown)} is not declared as one")
        if whole is None:
            # the rounded parts may add up to a little more or less than the rounded total: never above 1
            shown[name] = (shown[count] / (totals[count] or float("nan"))).clip(upper=1.0)
            mask[name] = mask[count]
        else:
            shown[name] = (shown[count] / shown[whole]).clip(upper=1.0)
            mask[name] = mask[count] | mask[whole]


def add_means(shown: pd.DataFrame, mask: pd.DataFrame, means: Mapping[str, tuple[str, str]]) -> None:
    """Divide totals by numbers of people that are already rounded: an exact mean would give the exact number away."""
    for name, (total, people) in means.items():
        shown[name] = shown[total] / shown[people]
        mask[name] = mask[total] | mask[people]


def add_range(
    shown: pd.DataFrame,
    mask: pd.DataFrame,
    name: str,
    of: str | tuple[str, str],
    totals: Mapping[str, int | None],
) -> None:
    """Put the interval of a share beside it, as uncertain as its rounded counts."""
    import numpy as np

    from crmlib.stats.intervals import proportions

    whole = (
        np.full(len(shown), totals[of], dtype="float64") if isinstance(of, str) else shown[of[1]].to_numpy("float64")
    )
    share = shown[name].to_numpy("float64")
    sizes = np.where(np.isnan(share), 0.0, whole)
    ends = proportions(np.where(np.isnan(share), 0.0, share * sizes), sizes)
    for end in ("low", "high"):
        shown[f"{name}_{end}"] = ends[end].to_numpy()
        mask[f"{name}_{end}"] = mask[name]
