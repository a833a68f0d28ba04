"""Pictures of the business by month: what is drawn, on axes that the page provides."""

from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.reporting import palette
from crmlib.words import _, formats

KIND_COLOURS: Final = {"bought_last_month": palette.BLUE, "reactivated": palette.SKY, "new": palette.ORANGE}


def business(axes: Any, data: dict[str, pd.DataFrame], currency: str) -> None:
    """Draw net revenue and, under it, where each month's customers come from."""
    months, kinds = data["months"], data["kinds"]
    places = np.arange(len(months))
    _month_bars(axes[0], places, months["net"], months["partial"])
    title = _("Net revenue, millions of {currency}") if _millions(months["net"]) else _("Net revenue, {currency}")
    axes[0].set_title(title.format(currency=currency), color=palette.MUTED, fontweight="normal")
    bottom = np.zeros(len(months))
    for kind, colour in KIND_COLOURS.items():
        height = kinds.loc[kinds["kind"] == kind, "customers"].fillna(0).to_numpy()
        axes[1].bar(places, height, bottom=bottom, width=0.72, color=colour, label=_kind_label(kind))
        bottom += height
    axes[1].set_title(_("Customers who bought"), color=palette.MUTED, fontweight="normal", pad=22)
    axes[1].legend(ncols=3, loc="lower left", bbox_to_anchor=(-0.01, 0.98), handlelength=1, columnspacing=1.2)
    axes[1].yaxis.set_major_formatter(lambda value, _place: formats.count(value))
    for each in axes:
        _name_months(each, months["month"])


def _kind_label(kind: str) -> str:
    return {
        "bought_last_month": _("also bought the month before"),
        "reactivated": _("back after a pause"),
        "new": _("first purchase"),
    }[kind]


def _millions(values: pd.Series) -> bool:
    return bool(values.abs().max() >= 1e6)


def _month_bars(axes: Any, places: Any, values: pd.Series, partial: pd.Series) -> None:
    """Draw one bar a month, the last one in colour, a partial one hatched."""
    scale = 1e6 if _millions(values) else 1.0
    shades = [palette.CONTEXT] * (len(values) - 1) + [palette.ACCENT]
    bars = axes.bar(places, values / scale, width=0.72, color=shades)
    for bar, cut in zip(bars, partial, strict=True):
        if cut:
            bar.set(fill=False, hatch="////", edgecolor=palette.ACCENT, linewidth=1)
    decimals = 1 if scale > 1 and values.max() < 1e7 else 0
    axes.yaxis.set_major_formatter(lambda value, _place: formats.fixed(value, decimals))


def _name_months(axes: Any, months: pd.Series) -> None:
    """Write every month's short name where they fit, with the year under January and the first."""
    step = max(1, -(-len(months) // 13))
    shown = list(range(len(months) - 1, -1, -step))[::-1]
    texts = []
    for number, place in enumerate(shown):
        when = months.iloc[place]
        name = _(formats.MONTHS[when.month - 1])
        texts.append(f"{name}\n{when.year}" if number == 0 or when.month <= step else name)
    axes.set_xticks(shown, texts)
    axes.set_xlim(-0.6, len(months) - 0.4)
