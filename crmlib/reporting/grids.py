"""Drawings of a grid: cohorts by month, movements between segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmlib.reporting import palette
from crmlib.words.formats import fixed, is_missing

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

    Written = Callable[[float], str]


def heatmap(
    axes: Axes,
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
        Values, at least one, rows and columns named as they shall be written.
    unit
        What a cell says, with its unit.
    written
        How a cell is written; whole per cent if not given.
    partial
        True where a cell is cut off by the end of the period.
    middle
        The value that means "as expected": a map that diverges from it.
    """

    def whole(x: float) -> str:
        return fixed(x * 100, 0)

    if grid.empty:
        rows, columns = grid.shape
        raise ValueError(
            f"a grid of {rows} rows and {columns} columns has nothing to draw: say with insufficient() what is missing"
        )
    numbers = grid.astype("float64")
    _cells(axes, numbers, written or whole, middle)
    if partial is not None:
        for row, column in zip(*(partial.to_numpy(dtype=bool) & numbers.notna().to_numpy()).nonzero(), strict=True):
            axes.add_patch(_hatched(column, row))
    axes.set_title(unit, color=palette.MUTED, fontweight="normal")
    axes.set_xlabel("")
    axes.set_ylabel("")
    axes.grid(visible=False)
    axes.spines[["left", "bottom", "right", "top"]].set_visible(False)
    axes.tick_params(length=0)


def _cells(axes: Axes, numbers: pd.DataFrame, written: Written, middle: float | None) -> None:
    """Colour the cells, the first row on top, write each value in and name rows and columns."""
    import seaborn as sns
    from matplotlib.colors import to_hex

    lowest, highest = _limits(numbers, middle)
    words = numbers.map(lambda x: "" if is_missing(x) else written(x))
    sns.heatmap(
        numbers, ax=axes, annot=words, fmt="", annot_kws={"size": 9}, cbar=False, vmin=lowest, vmax=highest,
        cmap=palette.sequential() if middle is None else palette.diverging(), linewidths=1.5, linecolor="none",
        xticklabels=True, yticklabels=True,
    )  # fmt: skip
    axes.tick_params(axis="both", rotation=0)
    mesh = axes.collections[0]
    faces = mesh.get_facecolor()[numbers.notna().to_numpy().ravel()]
    for text, face in zip(axes.texts, faces, strict=True):
        text.set_color(palette.on(to_hex(face[:3])))
        text.set_in_layout(False)  # it lies inside its cell


def _limits(numbers: pd.DataFrame, middle: float | None) -> tuple[float, float]:
    """Give the ends of the colours: those of the numbers, or as far below as above the middle."""
    known = numbers.to_numpy()[numbers.notna().to_numpy()]
    if not len(known):
        return 0.0, 1.0
    if middle is None:
        return float(known.min()), float(known.max())
    reach = float(abs(known - middle).max()) or 1.0
    return middle - reach, middle + reach


def _hatched(x: float, y: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, fill=False, hatch="////", edgecolor=palette.CONTEXT, linewidth=0)
