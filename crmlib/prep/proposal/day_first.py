"""Whether day or month stands first where every day could be a month: by the order of the rows, or a question."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from crmlib.prep.landing import FILE, LINE
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.words import _

_SORTED: Final = 0.98
_MIXED: Final = 0.9
_LOOKED_AT: Final = 20_000


def read_day_first(lines: Any, sample: Sampled, reading: Reading) -> None:
    """Take the reading in which the rows stand in the order of their days, if only one does so; else ask.

    It moves money from month to month, and so it decides the report.
    """
    raw = reading.columns.get("ordered_at")
    if not isinstance(raw, str) or not (dates := sample.column(raw).dates).ambiguous or len(dates.formats) != 1:
        return
    first = dates.formats[0]
    second = first.replace("%d", "%%", 1).replace("%m", "%d", 1).replace("%%", "%m", 1)
    texts = lines.order_by([FILE, LINE]).select(lines[raw].cast("string").name("text")).limit(_LOOKED_AT).to_pandas()
    shares = [_in_order(texts["text"], form) for form in (first, second)]
    best = max(shares)
    if best >= _SORTED and min(shares) <= _MIXED:
        form = (first, second)[shares.index(best)]
        reading.set("date_format", form, _("the rows stand in the order of these days"))
        return
    options = tuple(
        Option(
            name, _("dates like {example} are {form}").format(example=dates.example, form=form), {"date_format": form}
        )
        for name, form in _named((first, second))
    )
    reading.set("date_format", first, _("the day is taken to stand first as long as nobody has answered"))
    asks = _("Does day or month stand first in {column}, in dates like {example}? No day is above 12.")
    reading.ask(Asked("day_or_month", "money", asks.format(column=raw, example=dates.example), options))


def _named(forms: Sequence[str]) -> list[tuple[str, str]]:
    return [("day_first" if form.index("%d") < form.index("%m") else "month_first", form) for form in forms]


def _in_order(texts: pd.Series, form: str) -> float:
    """Give the share of steps from row to row that do not go back, or that do not go forward, whichever is more."""
    days = pd.to_datetime(texts, format=form, errors="coerce").dropna()
    steps = days.diff().dropna().dt.total_seconds()
    if not len(steps):
        return 0.0
    return float(max((steps >= 0).mean(), (steps <= 0).mean()))
