"""The picture of migration: customers flowing from the segments of the last period to those of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.reporting import palette
from crmlib.reporting.ticks import tick
from crmlib.segmentation.customers.segments import NOT_YET, segment_label
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.params.segments import SegmentRule

_BLOCK: Final = 0.04
_GAP: Final = 0.012


def draw_migration(axes: Axes, data: dict[str, pd.DataFrame], rules: Mapping[str, SegmentRule]) -> None:
    """Draw the segments then and now as columns as high as they are large, with a ribbon for every move.

    Moves of too few people leave a little white beside the ribbons.
    """
    sizes = {side: data[side].set_index(side)["customers"].dropna() for side in ("was", "now")}
    total = max(float(column.sum()) for column in sizes.values())
    left = _places(sizes["was"] / total, [*rules, NOT_YET])
    right = _places(sizes["now"] / total, list(rules))
    below_left, below_right = dict(left), dict(right)
    pairs = data["pairs"].dropna(subset=["customers"])
    pairs = pairs[(pairs["customers"] > 0) & pairs["was"].isin(list(left)) & pairs["now"].isin(list(right))]
    roles = {code: rule.role for code, rule in rules.items()}
    for _index, pair in pairs.sort_values(["was", "now"]).iterrows():
        size = float(pair["customers"]) / total
        start, end = below_left[pair["was"]], below_right[pair["now"]]
        below_left[pair["was"]] += size
        below_right[pair["now"]] += size
        _ribbon(axes, (start, end), size, _shade(str(pair["was"]), str(pair["now"]), roles))
    _blocks(axes, sizes["was"], total, left, 0.0)
    _blocks(axes, sizes["now"], total, right, 1.0)
    axes.set_xlim(-0.42, 1.42)
    axes.set_ylim(1.0 + _GAP * len(left), -0.06)
    axes.text(0, -0.03, _("a month earlier"), ha="center", color=palette.MUTED)
    axes.text(1, -0.03, _("now"), ha="center", color=palette.MUTED)
    axes.set_axis_off()


def _places(heights: pd.Series, order: list[str]) -> dict[str, float]:
    """Stack the segments of one side from the top, with a small gap between them."""
    top, places = 0.0, {}
    for code in order:
        if heights.get(code, 0) > 0:
            places[code] = top
            top += float(heights[code]) + _GAP
    return places


def _shade(was: str, now: str, roles: Mapping[str, str | None]) -> tuple[str, float]:
    if was == now:
        return palette.LINE, 0.55
    before, after = roles.get(was), roles[now]
    if (before == "best" != after) or (before, after) == ("slipping", "missed"):
        return palette.ALERT, 0.75
    if before != "best" == after:
        return palette.GREEN, 0.75
    return palette.CONTEXT, 0.7


def _ribbon(axes: Axes, tops: tuple[float, float], size: float, shade: tuple[str, float]) -> None:
    (start, end), (colour, strength) = tops, shade
    x = np.linspace(_BLOCK, 1 - _BLOCK, 40)
    bend = (1 - np.cos(np.pi * (x - x[0]) / (x[-1] - x[0]))) / 2
    top = start + (end - start) * bend
    above = 1 if colour == palette.LINE else 2
    axes.fill_between(x, top, top + size, color=colour, alpha=strength, linewidth=0, zorder=above)


def _blocks(axes: Axes, sizes: pd.Series, total: float, places: dict[str, float], x: float) -> None:
    lowest = -1.0
    for code, top in places.items():
        size = sizes[code] / total
        colour = palette.CONTEXT if code == NOT_YET else palette.colour(code)
        axes.fill_between([x - _BLOCK, x + _BLOCK], top, top + size, color=colour, linewidth=0)
        height = max(top + size / 2, lowest + 0.042)
        lowest = height
        name = f"{segment_label(code)} {tick(sizes[code], 'count')}"
        axes.text(
            x + (-_BLOCK - 0.02 if x == 0 else _BLOCK + 0.02), height, name,
            ha="right" if x == 0 else "left", va="center", color=palette.INK,
        )  # fmt: skip
