"""Days without a sale on which the shop usually has some: a missing file, or a closed shop that only the source knows.

No fault are weekly closing days, public holidays of the parameters' country, and closings that come back every year.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from crmlib.prep.rhythm import MOST_BY_CHANCE, Places, Rhythm
from crmlib.words import _, plural
from crmlib.words.saying import Say

COLUMNS: Final = ("start", "end", "days")
_LONG: Final = 7
"""So many days without a sale are compared with those of other years as a stretch, fewer day by day."""
_YEAR: Final = 365.25


def holes(days: pd.DataFrame, end: date, country: str | None = None) -> pd.DataFrame:
    """Find the stretches in which sales are missing, up to the end of the report: ``start, end, days``.

    ``days`` are those within on which the shop usually sells; of a shop that sells now and then, all of the stretch.
    ``country`` is an ISO 3166-1 code, such as ``DE`` or ``DE-BY``, whose public holidays are no fault.
    """
    rhythm = _rhythm(days, end)
    stretches = rhythm.stretches if rhythm.is_known else ()
    found = [places for stretch in stretches if (places := _missing(rhythm, *stretch))]
    festive = _holidays(country, rhythm.days) if found else frozenset()
    left = [[place for place in places if rhythm.days[place].date() not in festive] for places in found]
    rows = [(rhythm.days[places[0]], rhythm.days[places[-1]], len(places)) for places in left if places]
    times = dict.fromkeys(COLUMNS[:2], "datetime64[us]")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({**times, "days": "int64"})


def hole_words(found: pd.DataFrame, say: Say) -> Iterator[str]:
    """Say on how many days sales are missing, and from when to when, of stretches that `holes` found."""
    if found.empty:
        return
    total, longest = int(found["days"].sum()), found.loc[found["days"].idxmax()]
    words = plural(
        "On {n:count} day that usually has sales there is none, {first:day}; ask whether a file is missing.",
        "On {n:count} days that usually have sales there are none, the longest time from {first:day} to {last:day}; "
        "ask whether files are missing.",
        total,
    )
    if total > 1 and len(found) == 1:
        words = _(
            "On {n:count} days from {first:day} to {last:day}, which usually have sales, there are none; ask for their "
            "files."
        )
    yield say(words, n=total, first=longest["start"], last=longest["end"])


def _rhythm(days: pd.DataFrame, end: date) -> Rhythm:
    """Lay the days of sale on a calendar that reaches to the end of the report."""
    if days.empty:
        return Rhythm.of(pd.DatetimeIndex([]), np.empty(0, "int64"))
    calendar = pd.date_range(days["day"].min(), max(pd.Timestamp(end) - timedelta(days=1), days["day"].max()))
    orders = days.set_index("day")["orders"].reindex(calendar, fill_value=0)
    return Rhythm.of(calendar, orders.to_numpy(dtype="int64"))


def _missing(rhythm: Rhythm, start: int, end: int) -> list[int]:
    """Give the places of a stretch on which sales are missing; none where it is nothing out of the ordinary."""
    open_on = {day for day in range(7) if rhythm.usually_sells(day, start, end)}
    usual = np.array([place for place in range(start, end) if rhythm.weekday[place] in open_on], dtype="int64")
    if not (_is_hole(rhythm, usual, start, end) or rhythm.is_far_longer(start, end)):
        return []
    if _comes_every_year(rhythm, start, end):
        return []
    if not len(usual):
        return list(range(start, end))
    return [int(place) for place in usual if end - start >= _LONG or not _closed_every_year(rhythm, place)]


def _is_hole(rhythm: Rhythm, usual: Places, start: int, end: int) -> bool:
    """Say whether days of usual sale without any are more than chance: the shop is large, or they are few."""
    if not len(usual):
        return False
    if all(rhythm.sells_much(weekday, start, end) for weekday in {int(day) for day in rhythm.weekday[usual]}):
        return True
    return rhythm.by_chance(usual, start, end) < MOST_BY_CHANCE


def _comes_every_year(rhythm: Rhythm, start: int, end: int) -> bool:
    """Say whether a long stretch falls, more than half, into one of another year: holidays of the shop, a season."""
    if end - start < _LONG:
        return False
    for other_start, other_end in rhythm.stretches:
        years = round((other_start + other_end - start - end) / 2 / _YEAR)
        if years and other_end - other_start >= _LONG:
            moved = round(years * _YEAR)
            # of a stretch that has not ended only what is seen of it is compared
            seen = len(rhythm.days)
            there, back = start + moved, min(end + moved, seen) if other_end == seen else end + moved
            other_back = min(other_end, back) if end == seen else other_end
            common = min(back, other_back) - max(there, other_start)
            if 2 * common > max(back, other_back) - min(there, other_start):
                return True
    return False


def _closed_every_year(rhythm: Rhythm, place: int) -> bool:
    """Say whether the same day of every other year had no sale either, where it was one of usual sale."""
    day, first = rhythm.days[place], rhythm.days[0]
    told = []
    for year in range(first.year, rhythm.days[-1].year + 1):
        if year == day.year or (day.month, day.day) == (2, 29):
            continue
        there = (day.replace(year=year) - first).days
        if 0 <= there < len(rhythm.days) and rhythm.usually_sells(int(rhythm.weekday[there]), there, there + 1):
            told.append(_is_short_closing(rhythm, there))
    return bool(told) and all(told)


def _is_short_closing(rhythm: Rhythm, place: int) -> bool:
    """Say whether a day is one of a few without a sale; a long hole of another year is no closing of this day."""
    return any(start <= place < end and end - start < _LONG for start, end in rhythm.stretches)


def _holidays(country: str | None, days: pd.DatetimeIndex) -> frozenset[date]:
    """Give the public holidays of a country, or of a part of it, in the years of the days."""
    if country is None or days.empty:
        return frozenset()
    from holidays import country_holidays

    nation, _dash, part = country.partition("-")
    return frozenset(country_holidays(nation, subdiv=part or None, years=range(days[0].year, days[-1].year + 1)))
