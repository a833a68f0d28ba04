"""The numbers along an axis, in the form of their unit and no longer than they need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmlib.words import _
from crmlib.words.formats import MILLION, MONTHS, NBSP, SYMBOLS, fixed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def tick(x: float, kind: str, currency: str | None = None) -> str:
    r"""Give a number as it stands along an axis: a ``share``, ``money`` with its currency, else a plain number."""
    if kind == "share":
        return _short(x * 100) + NBSP + "%"
    if kind != "money":
        return _short(x)
    symbol = SYMBOLS.get(currency or "", f"{currency}{NBSP}" if currency else "")
    if abs(x) >= MILLION:
        return f"{symbol}{_short(x / MILLION)}{NBSP}M"
    return f"{symbol}{_short(x / 1000)}k" if abs(x) >= 10_000 else symbol + _short(x)


def write_ticks(axis: Any, kind: str, currency: str | None = None) -> None:
    r"""Write an axis in the form of its unit; see `tick`."""
    axis.set_major_formatter(lambda x, _position: tick(x, kind, currency))


def _short(x: float) -> str:
    """Give as many decimals as the number has, up to four."""
    text = fixed(round(x, 4), 4)
    return text.rstrip("0").rstrip(".")


def month_ticks(axes: Axes, months: pd.Series, most: int = 13) -> None:
    r"""Name the months that stand at 0, 1, 2, … of an axis: as many as fit, the year under January and the first."""
    step = max(1, -(-len(months) // most))
    shown = list(range(len(months) - 1, -1, -step))[::-1]
    texts = []
    for number, place in enumerate(shown):
        when = months.iloc[place]
        name = _(MONTHS[when.month - 1])
        texts.append(f"{name}\n{when.year}" if number == 0 or when.month <= step else name)
    axes.set_xticks(shown, texts)
    axes.set_xlim(-0.6, len(months) - 0.4)
