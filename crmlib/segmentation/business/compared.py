"""The words of money put beside that of other months: a year ago, the month before, and what its length did."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.wording import comparable, money, signed_share
from crmlib.words import _, formats, label_of, plural
from crmlib.workspace import Run

MATERIAL: Final = 0.005
"""Changes of the whole and of a day that are further apart are both told: the months differ in length."""

UNCHANGED: Final = 0.0005
"""A smaller change is none."""

ENOUGH_CHANGES: Final = 6

WHOLE: Final = 0.0995
"""Shares that are written as 10 % and more have no tenths."""


def since(now: pd.Series, then: pd.Series, months: pd.DataFrame, run: Run) -> str:
    """Put the money of a period beside that of a year ago and of the month before; it follows the sum itself.

    Parameters
    ----------
    now, then
        The last month of the monthly figures, as of the run's date and as of the last period's; money that too few
        people stand behind is missing.
    months
        All months as of the run's date.
    run
        The run.
    """
    ago = _year_ago(months, now)
    year = "" if ago is None else against(run, now["net"], ago["net"], label_of(_next_month(ago["month"])))
    if pd.isna(then["net"]):
        few = _("; too few bought in {when} to compare it with that").format(when=_when(now, then, run))
        return (_(": {year}").format(year=year) if year else "") + few
    before = against(run, now["net"], then["net"], _when(now, then, run)) + _why(now, then, months, run)
    if ago is None:
        return _(": {before}").format(before=before)
    same = np.sign(now["net"] - ago["net"]) == np.sign(now["net"] - then["net"])
    words = _(": {year} and {before}") if same else _(": {year}, but {before}")
    return words.format(year=year, before=before)


def against(run: Run, now: float, then: float, when: str) -> str:
    r"""Say how far money lies above or below that of another time: in per cent, or as an amount across nothing.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(params=SimpleNamespace(currency="EUR"))
    >>> against(run, 104.0, 100.0, "May"), against(run, 50.0, -20.0, "May"), against(run, 100.0, 100.0, "May")
    ('4.0\xa0% above May', '€70.00 above May', 'as much as in May')
    """
    if abs(now - then) <= UNCHANGED * abs(then):
        return _("as much as in {when}").format(when=when)
    words = _("{size} above {when}") if now > then else _("{size} below {when}")
    if not comparable(now, then):
        return words.format(size=money(run, abs(now - then)), when=when)
    part = abs(now / then - 1)
    return words.format(size=formats.share(part, decimals=_decimals(part)), when=when)


def _decimals(part: float) -> int:
    """Give whole per cent from what is written as ten up, tenths below."""
    return 0 if abs(part) >= WHOLE else 1


def usual_changes(months: pd.DataFrame) -> pd.Series:
    """Give the changes of revenue a day from month to month before the last, up to twelve, of whole months only.

    Examples
    --------
    >>> months = pd.DataFrame({"net_per_day": [10.0, 11.0, 9.9, 12.0], "partial": [True, False, False, False]})
    >>> usual_changes(months).round(3).tolist()
    [-0.1]
    """
    daily = months["net_per_day"].where(~months["partial"])
    changes = daily / daily.shift().where(lambda money: money > 0) - 1
    return changes.iloc[:-1].dropna().tail(12)


def _year_ago(months: pd.DataFrame, now: pd.Series) -> pd.Series | None:
    """Find the same month of the year before, where both are whole and enough people stand behind it."""
    ago = months[(months["month"] == now["month"] - pd.DateOffset(years=1)) & ~months["partial"]]
    return None if now["partial"] or ago.empty or pd.isna(ago["net"].iloc[0]) else ago.iloc[0]


def _next_month(month: pd.Timestamp) -> pd.Timestamp:
    return month + pd.DateOffset(months=1)


def _month_name(month: pd.Timestamp, year: int) -> str:
    """Name a month, with its year where that is another one."""
    return label_of(_next_month(month)).removesuffix(f" {year}")


def cut_short(then: pd.Series, run: Run) -> bool:
    """Say whether the data begin only within the month before, so that it is not seen as far as it was meant to be."""
    return bool(then["days"] < (pd.Timestamp(run.previous_as_of) - then["month"]).days)


def _when(now: pd.Series, then: pd.Series, run: Run) -> str:
    """Name the month before, or as much of it as this period is put beside."""
    month = _month_name(then["month"], now["month"].year)
    if cut_short(then, run):
        days = plural("the one day of {month} in the data", "the {n} days of {month} in the data", int(then["days"]))
        return days.format(n=int(then["days"]), month=month)
    return month if run.as_of.day == 1 else _("the same days of {month}").format(month=month)


def _why(now: pd.Series, then: pd.Series, months: pd.DataFrame, run: Run) -> str:
    """Say what of a change the length of the months made, how a day changed, and how much months changed before."""
    daily, cause = "", ""
    if comparable(now["net"], then["net"]):
        whole, day = now["net"] / then["net"] - 1, now["net_per_day"] / then["net_per_day"] - 1
        if abs(whole - day) >= MATERIAL:
            daily = (
                _("the same per day") if abs(day) <= UNCHANGED else _("{change} per day").format(change=_signed(day))
            )
            if run.as_of.day == 1 and not cut_short(then, run):
                cause = _cause(whole, day, now, then)
    usual = _usual(months, daily, now)
    inside = _("{daily}, where {usual}").format(daily=daily, usual=usual) if daily and usual else daily or usual
    return cause + (_(" ({words})").format(words=inside) if inside else "")


def _cause(whole: float, day: float, now: pd.Series, then: pd.Series) -> str:
    """Say that the length of the month made most of a change, or all of it, where it did."""
    if whole == 0 or day / whole >= 0.5:
        return ""
    words = _(", most of that because {month} has {days}")
    if abs(day) <= UNCHANGED or day / whole < 0:
        words = _(", only because {month} has {days}")
    n = int(now["days"] - then["days"])
    days = plural("a day more", "{n} days more", n) if n > 0 else plural("a day less", "{n} days fewer", -n)
    return words.format(month=_month_name(now["month"], now["month"].year), days=days.format(n=abs(n)))


def _usual(months: pd.DataFrame, daily: str, now: pd.Series) -> str:
    """Give the range of the changes before, where there are enough of them to say what is usual."""
    usual = usual_changes(months)
    if len(usual) < ENOUGH_CHANGES or now["partial"]:
        return ""
    words = _("the {n} months before moved by {low} to {high}")
    if not daily:
        words = _("the {n} months before moved by {low} to {high} per day")
    low, high = (_signed(end, decimals=0) for end in (usual.min(), usual.max()))
    return words.format(n=len(usual), low=low, high=high)


def _signed(part: float, decimals: int | None = None) -> str:
    return signed_share(part, _decimals(part) if decimals is None else decimals)
