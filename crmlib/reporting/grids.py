"""Drawings of a grid: cohorts by month, movements between segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmlib.reporting import palette
from crmlib.reporting.formats import fixed

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    Written = Callable[[float], str]


def heatmap(
    axes: Any,
    grid: pd.DataFrame,
    *,
    unit: str,
    written: Written | None = None,
    partial: pd.DataFrame | None = None,
    middle: float | None = None,
) -> None:
    """Draw a grid of cells with their values in them; what was not observed stays blank, what is partial is hatched.

    Parameters
    ----------
    grid
        Values, rows and columns named as they shall be written.
    unit
        What a cell says, with its unit.
    written
        How a cell is written; whole per cent if not given.
    partial
        True where a cell is cut off by the end of the period.
    middle
        The value that means "as expected": a map that diverges from it.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> heatmap(axes, pd.DataFrame({"month 1": [0.4, 0.3], "month 2": [0.2, None]}, index=["Jan", "Feb"]), unit="Share")
    >>> [text.get_text() for text in axes.texts]
    ['40', '20', '30']
    """
    import seaborn as sns

    def whole(x: float) -> str:
        return fixed(x * 100, 0)

    numbers = grid.astype("float64")
    texts = numbers.map(written or whole, na_action="ignore").astype(object).fillna("")
    lowest, highest = _limits(numbers, middle)
    sns.heatmap(
        numbers, ax=axes, annot=texts, fmt="", cbar=False, linewidths=1.5, linecolor="none", annot_kws={"size": 9},
        cmap=palette.sequential() if middle is None else palette.diverging(), vmin=lowest, vmax=highest,
    )  # fmt: skip
    for text in axes.texts:
        column, row = (int(place) for place in text.get_position())
        text.set_color(palette.on(_cell_colour(axes, numbers.shape[1] * row + column)))
        if partial is not None and bool(partial.iloc[row, column]):
            axes.add_patch(_hatched(column, row))
    axes.set_title(unit, color=palette.MUTED, fontweight="normal")
    axes.set_xlabel("")
    axes.set_ylabel("")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelrotation=0)


def _limits(numbers: pd.DataFrame, middle: float | None) -> tuple[float, float]:
    """Give the ends of the colours: those of the numbers, or as far below as above the middle."""
    known = numbers.to_numpy()[numbers.notna().to_numpy()]
    if not len(known):
        return 0.0, 1.0
    if middle is None:
        return float(known.min()), float(known.max())
    reach = float(abs(known - middle).max()) or 1.0
    return middle - reach, middle + reach


def _cell_colour(axes: Any, position: int) -> str:
    """Give the colour of a cell of a heat map."""
    from matplotlib.colors import to_hex

    mesh = axes.collections[0]
    mesh.update_scalarmappable()
    return to_hex(mesh.get_facecolors()[position][:3])


def _hatched(x: float, y: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, fill=False, hatch="////", edgecolor=palette.CONTEXT, linewidth=0)
