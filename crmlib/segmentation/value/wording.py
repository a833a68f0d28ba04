"""Small pieces that the sentences of value are made of: names of the models, and the time they are judged on."""

from datetime import date, timedelta
from typing import Any

from crmlib.btyd import ModifiedBetaGeoCNBD
from crmlib.segmentation.value.holdout import Judged
from crmlib.words import _, formats, plural


def model_label(name: str, model: Any) -> str:
    """Call a model as its paper does, with the regularity that was found instead of the letter for it.

    Examples
    --------
    >>> model_label("MBG/CNBD-k", ModifiedBetaGeoCNBD(k=2, r=0.7, alpha=4.0, a=0.5, b=3.0))
    'MBG/CNBD-2'
    """
    return name.replace("-k", f"-{model.k}") if isinstance(model, ModifiedBetaGeoCNBD) else name


def forecast_label(name: str, judged: Judged) -> str:
    """Call a forecast by its name on the page: a model as in its paper, a rule of thumb in plain words."""
    plain = {
        "own_rate": _("own past rate"),
        "own_rate_unless_silent": _("own past rate, none if long silent"),
        "average_rate": _("everybody the average rate"),
    }
    return plain.get(name) or model_label(name, judged.models.get(name))


def chosen_label(judged: Judged) -> str:
    """Call the chosen model by its name on the page."""
    return forecast_label(judged.chosen, judged)


def held_out_weeks(judged: Judged) -> str:
    """Say how long the held-out time is."""
    weeks = round(judged.held.horizon)
    return plural("{n} week", "{n} weeks", weeks).format(n=weeks).replace(" ", formats.NBSP)


def span_of(first: date, after: date) -> str:
    r"""Name a span by its first and its last day, the year once where it is the same.

    Parameters
    ----------
    first
        The first day.
    after
        The day after the last one.

    Examples
    --------
    >>> span_of(date(2011, 9, 1), date(2011, 12, 1)).replace(formats.NBSP, " ")
    '1 Sep to 30 Nov 2011'
    >>> span_of(date(2025, 11, 1), date(2026, 2, 1)).replace(formats.NBSP, " ")
    '1 Nov 2025 to 31 Jan 2026'
    """
    last = after - timedelta(days=1)
    start = formats.day(first)
    if first.year == last.year:
        start = _("{day} {month}").format(day=first.day, month=_(formats.MONTHS[first.month - 1]))
    return _("{first} to {last}").format(first=start.replace(" ", formats.NBSP), last=formats.day(last))
