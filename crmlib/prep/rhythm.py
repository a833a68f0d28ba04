"""The shop's own rhythm: on which days it usually sells, judged by the weeks before and after a stretch without a sale.

A stretch far longer than the shop's own gaps tells nothing of the rhythm, so that a long hole is seen as well as a
short one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

USUAL: Final = 0.75
"""Share of a weekday's last and next occurrences with a sale from which it usually has some: two of eight may fail."""
MANY_ORDERS: Final = 4
"""A day on which even the quietest of its neighbours had so many orders does not pass without any by chance."""
MOST_BY_CHANCE: Final = 0.05
"""A stretch that chance would bring more often than this, before it or after it, is no hole."""
LONG_ENOUGH: Final = 60
"""After so many days of usual sale, each with some, the first without any is out of the ordinary."""
TIMES_AS_LONG: Final = 3
"""In a shop that sells now and then, a stretch is a hole when it is so many times nineteen in twenty of its gaps."""
FEWEST_SALE_DAYS: Final = 14
"""With fewer days of sale there is no rhythm to speak of."""
_NEIGHBOURS: Final = 8
_GAPS: Final = 50
_FEWEST_GAPS: Final = 10

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The calendar of a shop: one place a day, from its first sale to the end of the report."""

    days: pd.DatetimeIndex
    orders: Places  # orders of each day
    weekday: Places  # 0 for Monday
    # places of each weekday, but for those in stretches far longer than the shop's own gaps
    by_weekday: tuple[Places, ...]
    stretches: tuple[tuple[int, int], ...]  # stretches without a sale, as first place and the place after the last

    @classmethod
    def of(cls, days: pd.DatetimeIndex, orders: Places) -> "Rhythm":
        """Learn the rhythm of a calendar without gaps."""
        weekday = days.day_of_week.to_numpy(dtype="int64")
        steps = np.diff(np.concatenate([[False], orders == 0, [False]]).astype("int64"))
        starts, ends = np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist()
        stretches = tuple(zip(starts, ends, strict=True))
        tells = np.ones(len(days), dtype=bool)
        sold = np.flatnonzero(orders > 0)
        for start, end in stretches:
            tells[start:end] = not _is_far_longer(sold, start, end)
        by_weekday = tuple(np.flatnonzero((weekday == day) & tells) for day in range(7))
        return cls(days, orders, weekday, by_weekday, stretches)

    @property
    def is_known(self) -> bool:
        """Whether there are days of sale enough to speak of a rhythm."""
        return int(np.count_nonzero(self.orders)) >= FEWEST_SALE_DAYS

    def usually_sells(self, weekday: int, start: int, end: int) -> bool:
        """Say whether a weekday usually has a sale, both before a stretch and after it.

        Where one side tells little the other decides: with so many of n the share is (k + 1) / (n + 1).
        """
        sides = self._sides(weekday, start, end)
        shares = [(np.count_nonzero(self.orders[side]) + 1) / (len(side) + 1) for side in sides]
        return bool(sum(map(len, sides)) and min(shares) >= USUAL)

    def sells_much(self, weekday: int, start: int, end: int) -> bool:
        """Say whether even the quietest of the neighbouring days has orders enough that none is no chance."""
        sold = self.orders[np.concatenate(self._sides(weekday, start, end))]
        sold = sold[sold > 0]
        return bool(len(sold)) and int(sold.min()) >= MANY_ORDERS

    def _sides(self, weekday: int, start: int, end: int) -> tuple[Places, Places]:
        """Give the nearest occurrences of a weekday before and after a stretch that tell of the rhythm."""
        places = self.by_weekday[weekday]
        before, after = np.searchsorted(places, [start, end])
        return places[max(before - _NEIGHBOURS, 0) : before], places[after : after + _NEIGHBOURS]

    def by_chance(self, usual: Places, start: int, end: int) -> float:
        """Expect how many stretches of so many days of usual sale chance brings, on the quieter side of the stretch.

        Nought where no such day ever failed in a history that is long enough.
        """
        weekdays = {int(weekday) for weekday in self.weekday[usual]}
        places = np.concatenate([
            there for day, there in enumerate(self.by_weekday)
            if day in weekdays or np.count_nonzero(self.orders[there]) >= max(0.75 * len(there), 1)
        ])  # fmt: skip
        sides = [self.orders[places[places < start]], self.orders[places[places >= end]]]
        failed = [len(side) - int(np.count_nonzero(side)) for side in sides]
        if not any(failed) and sum(map(len, sides)) >= LONG_ENOUGH:
            return 0.0
        return max(
            ((none + 0.5) / (len(side) + 1)) ** len(usual) * len(side) for none, side in zip(failed, sides, strict=True)
        )

    def is_far_longer(self, start: int, end: int) -> bool:
        """Say whether a stretch is far longer than the shop's gaps before it and after it."""
        return _is_far_longer(np.flatnonzero(self.orders > 0), start, end)


def _is_far_longer(sold: Places, start: int, end: int) -> bool:
    gaps, last = np.diff(sold), int(np.searchsorted(sold, start))
    sides = [gaps[max(last - 1 - _GAPS, 0) : max(last - 1, 0)], gaps[last : last + _GAPS]]
    usual = max((_long_gap(side) for side in sides if len(side)), default=end)
    return end - start + 1 > TIMES_AS_LONG * usual


def _long_gap(gaps: Places) -> int:
    """Give the gap that nineteen in twenty do not exceed; of a few gaps the longest."""
    share = 0.95 if len(gaps) >= _FEWEST_GAPS else 1.0
    return int(np.quantile(gaps, share, method="inverted_cdf"))
