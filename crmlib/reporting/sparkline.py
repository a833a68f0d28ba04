"""A small line of the last periods, drawn by hand: some two hundred bytes, no labels, no scale."""

from collections.abc import Sequence
from decimal import Decimal

from crmlib.reporting import palette
from crmlib.words.formats import is_missing

WIDTH, HEIGHT, MARGIN = 96.0, 24.0, 3.0


def sparkline(values: Sequence[float | Decimal | None]) -> str:
    """Draw a series, oldest first, as a small line with a dot on its last point; gaps stay gaps.

    Inline SVG, hidden from screen readers since the numbers stand beside it; empty for fewer than two known points.
    """
    known = [float(v) for v in values if v is not None and not is_missing(v)]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    places = [
        None
        if v is None or is_missing(v)
        else (MARGIN + i * step, HEIGHT - MARGIN - (float(v) - low) / span * (HEIGHT - 2 * MARGIN))
        for i, v in enumerate(values)
    ]
    line = f'<path d="{_path(places)}" fill="none" stroke="var(--muted,{palette.MUTED})" stroke-width="1.5"/>'
    last = places[-1]
    dot = (
        ""
        if last is None
        else f'<circle cx="{_n(last[0])}" cy="{_n(last[1])}" r="2.5" fill="var(--blue,{palette.BLUE})"/>'
    )
    return f'<svg class="crm-spark" viewBox="0 0 {_n(WIDTH)} {_n(HEIGHT)}" aria-hidden="true">{line}{dot}</svg>'


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    """Join the known points, lifting the pen over gaps."""
    parts, down = [], False
    for place in places:
        if place is None:
            down = False
            continue
        parts.append(f"{'L' if down else 'M'}{_n(place[0])} {_n(place[1])}")
        down = True
    return "".join(parts)


def _n(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")
