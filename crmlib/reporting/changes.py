"""How a figure moved since the period before, in words: how far, and beside what."""

from datetime import timedelta
from math import ceil, floor

from crmlib.months import months_before
from crmlib.privacy.proportions import rounding_hides
from crmlib.words import _, formats
from crmlib.workspace import Run


def size(now: float, before: float, unit: str, currency: str, unsure: float = 0.0) -> str:
    """Say how large a change is: shares and scores in points, days in days, the rest in per cent of more than nothing.

    Money that was nothing or less, or is less than nothing now, moved by an amount; of anything else nothing is said.
    A share is told as far as the rounding of the people behind it leaves it sure: to a tenth of a point, to a point, or
    from and to; nothing is said where it may have moved either way.

    Parameters
    ----------
    now, before
        The values as they are shown.
    unit, currency
        What they are of.
    unsure
        How far the difference may be off, since the values were made of rounded numbers of people
        (`crmlib.privacy.proportions.rounding_hides`).

    Examples
    --------
    >>> [size(0.31, 0.295, "share", "GBP").replace(formats.NBSP, " "), size(90, 120, "people", "GBP")[:4]]
    ['1.5 points', '25.0']
    >>> size(50.0, -10.0, "money", "GBP")
    '£60.00'
    >>> size(0.708, 0.667, "share", "GBP", unsure=0.06)
    ''
    >>> [size(0.5, 0.4, "share", "GBP", unsure=off).replace(formats.NBSP, " ") for off in (0.004, 0.03)]
    ['10 points', '7.0 to 13.0 points']
    """
    difference = abs(now - before)
    if unit == "share":
        return _points(difference * 100, unsure * 100)
    if unit == "points":
        return _("{number} points").format(number=formats.fixed(difference, 0)).replace(" ", formats.NBSP)
    if unit == "days":
        return formats.days(difference)
    if before > 0 and now >= 0:
        return formats.share(difference / before)
    return formats.money(difference, currency) if unit == "money" else ""


def rounding(*shares: tuple[float, int | None], run: Run) -> float:
    """Say how far the difference of shares of people may be off, since these were rounded.

    Parameters
    ----------
    shares
        Each as it is shown, and the number of people that it is of; `None` where it is of nobody.
    run
        The run, for its rules.
    """
    return sum(rounding_hides(share, people, run.rules) for share, people in shares)


def signed(now: float, before: float, unit: str, currency: str, unsure: float = 0.0) -> str:
    """Give a change with its sign; of one that is only told from and to, the way in words.

    Parameters
    ----------
    now, before, unit, currency, unsure
        As in `size`.

    Examples
    --------
    >>> [signed(0.4, 0.5, "share", "GBP", off).replace(formats.NBSP, " ") for off in (0.0, 0.03)]
    ['−10.0 points', 'down 7.0 to 13.0 points']
    """
    said = size(now, before, unit, currency, unsure)
    if not said or not can_be_seen(said):
        return said
    if unit == "share" and _sure_points(abs(now - before) * 100, unsure * 100) is None:
        return (_("up {size}") if now > before else _("down {size}")).format(size=said)
    return ("+" if now > before else formats.MINUS) + said


def _points(difference: float, unsure: float) -> str:
    """Give a difference in percentage points to the digits that are sure, or from and to, or not at all."""
    sure = _sure_points(difference, unsure)
    if sure is not None:
        words = _("{number} point") if sure == "1" else _("{number} points")
        return words.format(number=sure).replace(" ", formats.NBSP)
    low, high = floor(round((difference - unsure) * 10, 6)) / 10, ceil(round((difference + unsure) * 10, 6)) / 10
    if low <= 0:
        return ""
    ends = {"low": formats.fixed(low, 1), "high": formats.fixed(high, 1)}
    return _("{low} to {high} points").format(**ends).replace(" ", formats.NBSP)


def _sure_points(difference: float, unsure: float) -> str | None:
    """Write a difference to a tenth or to the whole, where every value that it may have is written so."""
    for decimals in (1, 0):
        low, high = (formats.fixed(end, decimals) for end in (difference - unsure, difference + unsure))
        if low == high and (decimals == 1 or can_be_seen(low)):
            return low
    return None


def can_be_seen(size: str) -> bool:
    """Say whether a change, as it is written, is one."""
    return any(digit in size for digit in "123456789")


def beside(change: str, run: Run) -> str:
    """Say what a change is told against: the month before or, in mid-month, where things stood a month earlier.

    Parameters
    ----------
    change
        The change in words; empty where nothing moved.
    run
        The run, for its dates.
    """
    if run.as_of.day != 1:
        return _("{change} on a month earlier").format(change=change) if change else _("as a month earlier")
    period = formats.month(months_before(run.as_of, 1) - timedelta(days=1))
    return (_("{change} on {period}") if change else _("as in {period}")).format(change=change, period=period)
