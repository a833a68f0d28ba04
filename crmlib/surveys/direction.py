"""Which end of a scale is best: scores that run against the others, and values out of their order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy import stats as distributions
from scipy.stats import linregress

from crmlib.stats import Estimate
from crmlib.stats.comparisons import welch_difference

FEWEST: Final = 30
"""Answers to both of two questions below which their correlation says nothing of a scale."""

CONFIDENCE: Final = 0.99
Verdict = Literal["answer", "none", "unknown"]
_CLEAR: Final = 0.3
_EACH_SIDE: Final = 10


@dataclass(frozen=True, slots=True)
class Against:
    """Scores that run against others."""

    turned: tuple[str, ...]  # the scores that seem to be turned
    others: tuple[str, ...]  # those on the other side
    pair: tuple[str, str]  # one of each side, whose correlation is the most negative
    correlation: Estimate  # Pearson's correlation of these two, with Fisher's interval
    either: bool  # whether the others may as well be the ones that are turned


def correlation(first: pd.Series, second: pd.Series, confidence: float = CONFIDENCE) -> Estimate:
    """Estimate how far two scores go together; unknown where few answered both, or either never varies."""
    both = pd.DataFrame({"first": first, "second": second}).dropna()
    if len(both) < FEWEST or both["first"].nunique() < 2 or both["second"].nunique() < 2:
        return Estimate.unknown(len(both), confidence)
    fitted = distributions.pearsonr(both["first"].to_numpy(float), both["second"].to_numpy(float))
    limits, value = fitted.confidence_interval(confidence), float(fitted.statistic)
    low, high = (float(np.nan_to_num(limit, nan=value)) for limit in (limits.low, limits.high))
    return Estimate(value, min(low, value), max(high, value), len(both), confidence)


def running_against(scores: pd.DataFrame, known: Sequence[str], anchor: str | None = None) -> list[Against]:
    """Find the scores that are clearly lower where the others are higher.

    Scores that clearly go together are one group; the smaller group is turned, and so is whatever contradicts a score
    whose direction is known. ``anchor`` is the recommendation asked from 0 to 10, which is hardly ever turned: it
    counts where nothing is declared.
    """
    pairs = {(one, other): correlation(scores[one], scores[other]) for one, other in combinations(scores.columns, 2)}
    clear = {pair: found for pair, found in pairs.items() if found.excludes(0) and abs(found.value) >= _CLEAR}
    sure = [*known, anchor] if known and anchor else list(known)
    found: list[Against] = []
    for group in _groups(clear):
        up, down = (tuple(sorted(name for name, sign in group.items() if sign == way)) for way in (1, -1))
        if up and down:
            found += _turned(up, down, clear, [name for name in sure if name in group], anchor)
    return sorted(found, key=lambda against: against.turned)


def _groups(clear: Mapping[tuple[str, str], Estimate]) -> Iterator[dict[str, int]]:
    """Give each set of connected scores with the sign of each, the strongest correlations deciding."""
    signs: dict[str, dict[str, int]] = {}
    for (first, second), found in sorted(clear.items(), key=lambda pair: (-abs(pair[1].value), pair[0])):
        one, other = signs.setdefault(first, {first: 1}), signs.setdefault(second, {second: 1})
        if one is other:
            continue
        turn = one[first] * other[second] * (1 if found.value > 0 else -1)
        one |= {name: sign * turn for name, sign in other.items()}
        signs |= dict.fromkeys(other, one)
    yield from {id(group): group for group in signs.values()}.values()


def _turned(
    up: tuple[str, ...],
    down: tuple[str, ...],
    clear: Mapping[tuple[str, str], Estimate],
    sure: Sequence[str],
    anchor: str | None,
) -> Iterator[Against]:
    """Say which of two sides is turned, score by score, or that it may be either."""
    wrong, right, either = _sides(up, down, sure, anchor)
    if either:
        yield Against(wrong, right, *_most_against(wrong, right, clear), either=True)
        return
    for name in wrong:
        if name not in sure and any(name in pair for pair in _between([name], right, clear)):
            yield Against((name,), right, *_most_against([name], right, clear), either=False)


def _sides(
    up: tuple[str, ...], down: tuple[str, ...], sure: Sequence[str], anchor: str | None
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Give the side that seems to be turned, the other, and whether it may be either."""
    if sure:
        votes = sum(1 if name in up else -1 for name in sure)
        return (down, up, False) if votes >= 0 else (up, down, False)
    if anchor in up or anchor in down:
        with_anchor, rest = (up, down) if anchor in up else (down, up)
        if len(with_anchor) > 1:
            return rest, with_anchor, False
        return (rest, with_anchor, True) if len(rest) == 1 else (with_anchor, rest, True)
    return (down, up, len(up) == len(down)) if len(down) <= len(up) else (up, down, False)


def _between(
    some: Sequence[str], others: Sequence[str], clear: Mapping[tuple[str, str], Estimate]
) -> dict[tuple[str, str], Estimate]:
    """Give the clearly negative correlations between two sides, as (one of these, one of those)."""
    pairs = {(first, second): found for (one, other), found in clear.items()
             for first, second in ((one, other), (other, one))}  # fmt: skip
    return {(a, b): found for (a, b), found in pairs.items() if a in some and b in others and found.value < 0}


def _most_against(
    some: Sequence[str], others: Sequence[str], clear: Mapping[tuple[str, str], Estimate]
) -> tuple[tuple[str, str], Estimate]:
    """Give the two scores of both sides that contradict each other most, and their correlation."""
    return min(_between(some, others, clear).items(), key=lambda pair: (pair[1].value, pair[0]))


def outermost(scores: pd.Series, others: pd.DataFrame, value: float) -> Verdict:
    """Say whether the outermost value is an answer, by what else those answered who gave it.

    Who means "very bad" by 0 is less satisfied otherwise than who gave 1, by as much as the line through the answers
    says; who means "does not apply" is as satisfied otherwise as anybody. The interval of the difference tells which.
    """
    level = _level(scores, others, value)
    known = level.notna() & scores.notna()
    at, rest = known & (scores == value), known & (scores != value)
    if int(at.sum()) < _EACH_SIDE or int(rest.sum()) < FEWEST or scores[rest].min() == scores[rest].max():
        return "unknown"
    expected = linregress(scores[rest], level[rest]).slope * (value - scores[rest].mean())
    gap = welch_difference(level[at], level[rest], confidence=CONFIDENCE)
    if not gap.excludes(0) and not gap.excludes(expected):
        return "unknown"
    return "none" if abs(gap.value) < abs(gap.value - expected) else "answer"


def _level(scores: pd.Series, others: pd.DataFrame, value: float) -> pd.Series:
    """Give how high each answer's other scores are, in standard deviations, those that go with the score."""
    rest = scores.where(scores != value)
    parts = [
        (others[name] - others[name].mean()) / others[name].std() * np.sign(found.value)
        for name in others
        if (found := correlation(rest, others[name])).excludes(0)
    ]
    return pd.concat(parts, axis=1).mean(axis=1) if parts else pd.Series(np.nan, index=scores.index)
