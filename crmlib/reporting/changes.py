"""How a figure moved since the period before, in words: how far, and beside what."""

from datetime import timedelta

from crmlib.reporting import formats
from crmlib.words import _
from crmlib.workspace import Run, months_before


def size(now: float, before: float, unit: str, currency: str) -> str:
    """Say how large a change is: shares and scores in points, days in days, the rest in per cent of more than nothing.

    Money that was nothing or less, or is less than nothing now, moved by an amount; of anything else nothing is said.

    Examples
    --------
    >>> [size(0.31, 0.295, "share", "GBP").replace(formats.NBSP, " "), size(90, 120, "people", "GBP")[:4]]
    ['1.5 points', '25.0']
    >>> size(50.0, -10.0, "money", "GBP")
    '£60.00'
    """
    difference = abs(now - before)
    if unit == "share":
        return _("{number} points").format(number=formats.fixed(difference * 100, 1)).replace(" ", formats.NBSP)
    if unit == "points":
        return _("{number} points").format(number=formats.fixed(difference, 0)).replace(" ", formats.NBSP)
    if unit == "days":
        return formats.days(difference)
    if before > 0 and now >= 0:
        return formats.share(difference / before)
    return formats.money(difference, currency) if unit == "money" else ""


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
