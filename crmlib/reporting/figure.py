"""Figures: matplotlib's drawing inside, the finding and the caveats around it as text of the page."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from crmlib.reporting.gate import Gated
from crmlib.reporting.shown import Shown
from crmlib.reporting.statements import together
from crmlib.reporting.svg import Described, page_svg
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

MARKS: Final = 1_000
MARKS_OF_ONE: Final = 200
SIZE: Final = (7.2, 3.6)
PIXELS_PER_INCH: Final = 200  # twice a page's, which shows 7.2 inches on some 720 pixels


def figure(
    draw: Callable[[Any, Any], None],
    data: Gated | Mapping[str, Gated],
    *,
    title: str,
    alt: str,
    read: str,
    limits: str,
    source: str,
    size: tuple[float, float] = SIZE,
    panels: tuple[int, int] = (1, 1),
) -> Shown:
    """Show a picture with its finding as title and, under it, how to read it, its limits and its source.

    Parameters
    ----------
    draw
        ``draw(axes, frame)`` draws on styled axes with plain matplotlib or seaborn; with several gated frames it is
        given a dict of frames, with several panels an array of axes.
    data
        What `gate` gave, alone or by name. Money comes to `draw` as floats.
    title
        The finding, in words.
    alt
        What the picture shows, for those who cannot see it: the kind of chart, the axes, the main numbers.
    read
        One sentence on how to read it.
    limits
        One sentence on what it cannot say.
    source
        The data, the period and n.
    size
        Width and height in inches; a page shows 7.2 inches over the width of its text.
    panels
        Rows and columns of small panels.

    Raises
    ------
    TypeError
        If the data did not pass the gate.
    ValueError
        If one of the words is missing: a figure without its alt text fails the build.

    Notes
    -----
    The same data give the same bytes. Words stay words, so that Chinese shows with the reader's fonts. Colours follow
    the page, light or dark. From about 1,000 marks on the marks, not the words, become a picture at twice the size.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> from crmlib.privacy.rules import DisclosureRules
    >>> from crmlib.reporting import exact, gate, label
    >>> from crmlib.reporting.figures import bars
    >>> run = SimpleNamespace(params=SimpleNamespace(currency="GBP"), rules=DisclosureRules())
    >>> frame = pd.DataFrame({"segment": ["loyal", "lost"], "revenue": [900.0, 100.0]})
    >>> figure(
    ...     lambda axes, f: bars(axes, f, label="segment", value="revenue", unit="Revenue (GBP)"),
    ...     gate(frame, run, label("segment"), exact("revenue")),
    ...     title="Loyal customers bring nine tenths of revenue",
    ...     alt="Bars of revenue: loyal £900, lost £100.",
    ...     read="Each bar is a segment.",
    ...     limits="One month only.",
    ...     source="Transactions, Oct 2026, 1,000 order lines.",
    ... )
    Figure: Loyal customers bring nine tenths of revenue
    Bars of revenue: loyal £900, lost £100.
    """
    _check_words(title=title, alt=alt, read=read, limits=limits, source=source)
    drawing = _drawing(draw, _frames(data), size, panels)
    picture = page_svg(drawing, Described(title, alt), size)
    html = _layout(picture, title=title, read=read, limits=limits, source=source, width=size[0])
    named = dict(data) if isinstance(data, dict) else {"figure": data}
    return Shown("figure", html, f"{_('Figure')}: {title}\n{alt}", named, (title, alt, read, limits))


def _check_words(**words: str) -> None:
    """Refuse a figure that somebody could not read."""
    missing = [name for name, text in words.items() if not (isinstance(text, str) and text.strip())]
    if missing:
        raise ValueError(f"a figure needs {', '.join(missing)}: every figure says what it finds and how far that goes")


def _frames(data: Gated | Mapping[str, Gated]) -> pd.DataFrame | dict[str, pd.DataFrame]:
    """Take the frames out of what passed the gate."""
    if isinstance(data, Gated):
        return _for_drawing(data.frame)
    if not isinstance(data, dict) or not all(isinstance(gated, Gated) for gated in data.values()):
        raise TypeError(f"a figure shows what went through the gate: gate(frame, run, …), found {type(data).__name__}")
    return {name: _for_drawing(gated.frame) for name, gated in data.items()}


def _for_drawing(frame: pd.DataFrame) -> pd.DataFrame:
    """Copy a frame with exact money as floats, which is what axes can place."""
    frame = frame.copy()
    for name in frame.columns:
        if any(isinstance(value, Decimal) for value in frame[name]):
            frame[name] = frame[name].astype("float64")
    return frame


def _drawing(
    draw: Callable[[Any, Any], None], frames: Any, size: tuple[float, float], panels: tuple[int, int]
) -> bytes:
    """Draw without a window and save as SVG, the same bytes each time."""
    import warnings

    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    from crmlib.reporting.style import settings

    with rc_context(settings()), warnings.catch_warnings():
        # words stay words: the reader's fonts draw what ours lack
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        drawing = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(drawing)
        axes = drawing.subplots(*panels)
        draw(axes, frames)
        _lighten(drawing)
        out = BytesIO()
        drawing.savefig(out, format="svg", dpi=PIXELS_PER_INCH, metadata={"Date": None}, transparent=True)
    return out.getvalue()


def _lighten(drawing: Any) -> None:
    """Turn marks into a picture where there are so many that text would be heavy."""
    artists = [artist for axes in drawing.axes for artist in (*axes.collections, *axes.lines)]
    if sum(map(_marks, artists)) < MARKS:
        return
    for artist in artists:
        if _marks(artist) >= MARKS_OF_ONE:
            artist.set_rasterized(True)


def _marks(artist: Any) -> int:
    """Count the marks of an artist: points of a cloud, cells of a grid, markers or vertices of a line."""
    if hasattr(artist, "get_xdata"):
        return len(artist.get_xdata())
    array = artist.get_array()
    cells = 0 if array is None else int(array.size)
    return max(cells, len(artist.get_offsets()), len(artist.get_paths()))


def _layout(svg: str, *, title: str, read: str, limits: str, source: str, width: float) -> str:
    """Put the words around the picture."""
    wide = " wide" if width > SIZE[0] else ""
    words = "".join(
        f'<p class="{name}">{escape(together(text))}</p>' for name, text in (("read", read), ("limits", limits))
    )
    from_where = f'<p class="source">{escape(_("Source: {source}").format(source=source))}</p>'
    finding = f"<figcaption>{escape(together(title))}</figcaption>"
    return f'<figure class="crm-figure{wide}">{finding}<div class="scroll">{svg}</div>{words}{from_where}</figure>'
