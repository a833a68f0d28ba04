"""A grid of indices against all customers: 100 is as all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.reporting import palette
from crmlib.reporting.figures import heatmap
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.workspace import Run

REACH: Final = 2.0
"""Doublings at which the colours end: 400 and above, 25 and below."""


def draw_indices(axes: Axes, frame: pd.DataFrame, columns: list[str], run: Run) -> None:
    """Draw ``row`` by ``column``, coloured by doublings of ``index``; what is not ``found`` to differ is muted."""
    doublings = np.log2(frame["index"].clip(lower=1) / 100).clip(-REACH, REACH)
    steps = frame.assign(
        step=doublings.where(frame["found"] | frame["index"].isna(), 0.0), sure=frame["found"].astype("float64")
    )
    rows = list(dict.fromkeys(steps["row"]))
    grid, indices, sure = (
        steps.pivot_table(index="row", columns="column", values=values, dropna=False).reindex(rows, columns=columns)
        for values in ("step", "index", "sure")
    )
    heatmap(axes, grid, unit=_("Index, 100 = as all customers"), middle=0.0)
    for text in axes.texts:
        column, row = (int(place) for place in text.get_position())
        text.set_text(run.say("{x:number0}", x=indices.iloc[row, column]))
        if sure.iloc[row, column] == 0:
            text.set_color(palette.MUTED)
