"""Clock times from one time zone to another, as an Ibis expression that needs no time zone support of the engine."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import ibis

_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(days=7)

Change = tuple[datetime, int]
"""From this moment on (without a zone), add so many seconds."""


def convert_zone(times: Any, source: str, shop: str) -> Any:
    """Convert clock times of a source to shop time; an hour that occurs twice is taken for its first occurrence."""
    if source == shop:
        return times
    return _shift(_shift(times, _to_utc(source)), _from_utc(shop))


def _shift(times: Any, changes: tuple[Change, ...]) -> Any:
    """Add the seconds that hold at each time; halving keeps the expression shallow: 120 changes, seven comparisons."""
    if len(changes) == 1:
        return times + ibis.interval(seconds=changes[0][1]) if changes[0][1] else times
    middle = len(changes) // 2
    later = times >= ibis.timestamp(changes[middle][0].isoformat())
    return ibis.ifelse(later, _shift(times, changes[middle:]), _shift(times, changes[:middle]))


@lru_cache(maxsize=16)
def _offsets(zone: str) -> tuple[tuple[datetime, int], ...]:
    """List the moments (UTC) at which a zone's offset changes, with the seconds it is ahead of UTC from then on."""
    info = ZoneInfo(zone)

    def ahead(moment: datetime) -> int:
        offset = moment.astimezone(info).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    found = [(_FIRST, ahead(_FIRST))]
    moment = _FIRST
    while moment < _LAST:
        if ahead(moment + _STEP) != found[-1][1]:
            low, high = moment, moment + _STEP
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if ahead(middle) == found[-1][1] else (low, middle)
            found.append((high.replace(microsecond=0), ahead(high)))
        moment += _STEP
    return tuple(found)


def _from_utc(zone: str) -> tuple[Change, ...]:
    return tuple((moment.replace(tzinfo=None), ahead) for moment, ahead in _offsets(zone))


def _to_utc(zone: str) -> tuple[Change, ...]:
    """Give the changes on the zone's own clock: going back repeats an hour, which counts as the first one."""
    steps = _offsets(zone)
    before = (steps[0][1], *(ahead for _, ahead in steps[:-1]))
    return tuple(
        (moment.replace(tzinfo=None) + timedelta(seconds=max(ahead, was)), -ahead)
        for (moment, ahead), was in zip(steps, before, strict=True)
    )
