"""The scale that the answers to a question seem to be given on, and the values among them that are no answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

NO_ANSWER: Final = (77.0, 88.0, 96.0, 97.0, 98.0, 99.0)
"""Two-digit numbers that questionnaires write for "don't know", "refused" and "does not apply"."""

_TEN: Final = 10.0
_HUNDRED: Final = 100.0
_FIVE: Final = 5.0
_SEVEN: Final = 7.0
_SEVERAL: Final = 5
"""Answers on either side of a gap from which on it is no chance: fewer than one scale in a hundred would have it."""
_MANY: Final = 10
_MOST_CODES: Final = 4
_DENSE: Final = 0.6


@dataclass(frozen=True, slots=True, order=True)
class Scale:
    """The least and the greatest answer that can be given."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Halfway between both ends."""
        return (self.low + self.high) / 2

    def upto(self, part: float) -> float:
        """Give the value that a part of the scale lies below."""
        return self.low + part * (self.high - self.low)

    @property
    def is_net_promoter(self) -> bool:
        """Whether promoters and detractors are defined on it: 0 to 10, or 1 to 10 as some forms ask."""
        return self.high == _TEN and self.low in (0.0, 1.0)

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered to one question."""

    counts: pd.Series  # answers by value, ascending, without what is no answer
    scale: Scale | None  # the smallest usual scale that holds them, `None` where there is no answer
    codes: pd.Series  # how often each value was given that stands apart from the scale

    @property
    def n(self) -> int:
        """Number of answers, codes apart."""
        return int(self.counts.sum())

    @property
    def is_constant(self) -> bool:
        """Whether everybody answered alike."""
        return len(self.counts) == 1


def read_answers(scores: pd.Series) -> Answers:
    """Tell answers from codes, and the scale from the answers."""
    numbers = pd.to_numeric(scores, errors="coerce").astype(float)
    counts = numbers[np.isfinite(numbers)].value_counts().sort_index()
    codes = sorted(codes_of(counts))
    answers = counts.drop(codes)
    return Answers(answers, usual_scale(answers.index.to_numpy()), counts.loc[codes])


def usual_scale(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Scale | None:
    """Give the smallest usual scale that holds some answers."""
    if not len(values):
        return None
    least, most = float(min(values)), float(max(values))
    if least < 0:
        reach = max(-least, most)
        return Scale(-reach, reach)
    if most > _TEN:
        return Scale(least, most) if most > _HUNDRED else Scale(0.0, _HUNDRED)
    low = 0.0 if least < 1 else 1.0
    if most > _SEVEN:
        return Scale(low, _TEN)
    return Scale(low, max(float(np.ceil(most)), _FIVE if low else 1.0))


def codes_of(counts: pd.Series) -> Iterator[float]:
    """Find the values that stand apart from a scale: below it, or beyond a gap that answers would not leave."""
    below = counts[counts.index < 0]
    at_least_nought = counts[counts.index >= 0]
    if not _is_symmetric(counts):
        yield from below.index
        counts = at_least_nought
    for position in range(1, len(counts)):
        body, above = counts.iloc[:position], counts.iloc[position:]
        if _is_far(body, above) or _is_near(body, above):
            yield from above.index
            counts = body
            break
    if _leaves_nought_alone(counts):
        yield 0.0


def _is_symmetric(counts: pd.Series) -> bool:
    """Whether negative values belong to a scale round nought, such as -2 to 2."""
    least, most = counts.index.min(), counts.index.max()
    return bool(least < 0 <= most and least >= -5 and most <= max(-least + 1, 1) and (0 in counts.index or least < -1))


def _is_dense(values: pd.Index) -> bool:
    """Whether several whole numbers follow one another."""
    whole = np.unique(np.floor(values.to_numpy(dtype=float)))
    return len(whole) >= 3 and len(whole) >= _DENSE * (whole[-1] - whole[0] + 1)


def _is_far(body: pd.Series, above: pd.Series) -> bool:
    """Whether values lie too far above the others to be of one scale: 99 among 1 to 5, 999 among 0 to 100."""
    most, values = body.index[-1], above.index
    if len(values) > _MOST_CODES or values[0] <= _TEN:
        return False
    if most > _TEN:
        return bool(most <= _HUNDRED < values[0])
    usual = all(value in NO_ANSWER or value > _HUNDRED for value in values)
    if usual and values[0] >= 3 * most:
        return len(body) > 1 or bool(body.sum() + above.sum() >= _MANY)
    return _is_dense(body.index) and (values[0] >= 3 * most or list(values) == [_TEN + 1])


def _is_near(body: pd.Series, above: pd.Series) -> bool:
    """Whether values from six to ten stand apart: 9 among 1 to 5, with many answers on either side and none between."""
    most, values = body.index[-1], above.index
    if not _FIVE < values[0] <= values[-1] <= _TEN or most > _SEVEN or not _is_dense(body.index) or len(values) > 2:
        return False
    gap = values[0] - most
    enough = min(body.iloc[-1], above.iloc[0])
    return bool((enough >= _SEVERAL and gap >= 3) or (enough >= _MANY and gap >= 2 and values[-1] < _TEN))


def _leaves_nought_alone(counts: pd.Series) -> bool:
    """Whether nought stands apart from a scale that begins at one: many give it, many give two, nobody one."""
    if len(counts) < 3 or counts.index[0] != 0:
        return False
    gap, enough = counts.index[1], min(counts.iloc[0], counts.iloc[1])
    if counts.index[-1] <= _SEVEN:
        return bool(gap >= 2 and enough >= _SEVERAL)
    return bool(counts.index[-1] <= _TEN and gap >= 4 and enough >= _MANY)
