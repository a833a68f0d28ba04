"""How a figure moved since the period before, in words: how far, and beside what."""

from datetime import timedelta
from math import ceil, floor, sqrt

from crmlib.months import months_before
from crmlib.privacy.proportions import rounding_hides
from crmlib.stats import Estimate
from crmlib.words import _, formats
from crmlib.workspace import Run


def is_clear(now: object, before: float) -> bool:
    """Say whether a figure moved by more than its interval lets chance do, the one before being as uncertain.

    A figure without an interval was counted, not estimated: any change of it is one.

    Examples
    --------
    >>> [is_clear(Estimate(0.50, 0.47, 0.53, n=1_000), before) for before in (0.47, 0.45)], is_clear(0.50, 0.49)
    ([False, True], True)
    """
    if not isinstance(now, Estimate) or not now.has_interval:
        return True
    apart = before - now.value
    return abs(apart) > sqrt(2) * abs((now.high if apart > 0 else now.low) - now.value)


def size(now: float, before: float, unit: str, currency: str, unsure: float = 0.0) -> str:
    """Say how large a change is: shares and scores in points, days in days, the rest in per cent of more than nothing.

    Money that was nothing or less, or is less than nothing now, moved by an amount; of anything else nothing is said. A
    share is told as far as the rounding of the people behind it (`unsure`) leaves it sure: to a tenth of a point, to a
    point, or from and to; nothing is said where it may have moved either way.
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
    """Say how far the difference of shares, each as shown and of so many people, may be off by their rounding."""
    return sum(rounding_hides(share, people, run.rules) for share, people in shares)


def signed(now: float, before: float, unit: str, currency: str, unsure: float = 0.0) -> str:
    """Give a change with its sign, see `size`; of one that is only told from and to, the way in words."""
    change = size(now, before, unit, currency, unsure)
    if not can_be_seen(change):
        return change
    if unit == "share" and _sure_points(abs(now - before) * 100, unsure * 100) is None:
        return (_("up {size}") if now > before else _("down {size}")).format(size=change)
    return ("+" if now > before else formats.MINUS) + change


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


def unclear(run: Run) -> str:
    """Say that chance could have made a change; see `is_clear`."""
    return beside(_("no clear change"), run)


def beside(change: str, run: Run) -> str:
    """Say what a change, or none, is told against: the month before or, in mid-month, a month earlier."""
    if run.as_of.day != 1:
        return _("{change} on a month earlier").format(change=change) if change else _("as a month earlier")
    period = formats.month(months_before(run.as_of, 1) - timedelta(days=1))
    return (_("{change} on {period}") if change else _("as in {period}")).format(change=change, period=period)
