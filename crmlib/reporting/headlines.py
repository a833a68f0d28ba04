"""The strip under the answer: four to six figures, each with its interval, its change and its small line."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from crmlib.privacy.proportions import disclosed, rounding_hides
from crmlib.reporting import changes, palette
from crmlib.reporting.shown import Shown
from crmlib.results import people_before
from crmlib.stats import Estimate
from crmlib.words import _, formats

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from decimal import Decimal

    from crmlib.measures import Headline
    from crmlib.privacy.rules import DisclosureRules
    from crmlib.workspace import Run

    Value = Estimate | float | Decimal | None

MOST = 8
# in the element, so that JupyterLab sets the figures side by side as well
_GRID = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min({width}em,42%),1fr))"
_WIDTHS = {6: 11, 7: 9, 8: 9}  # six stand in two rows of three, up to five in one row
_WIDTH = 7.4
WIDTH, HEIGHT, MARGIN = 96.0, 24.0, 3.0  # of the small line


def record_headlines(headlines: Sequence[Headline], run: Run, chapter: str) -> None:
    """Record headline numbers that are told elsewhere than in the strip; `show_headlines` does it too."""
    for headline in headlines:
        run.record(
            chapter,
            headline.measure.code,
            headline.value if _point(headline.value) is not None else None,
            unit=headline.unit,
            definition=headline.definition,
            people=headline.people,
            previous=headline.previous,
            previous_people=headline.previous_people,
            label=headline.label,
        )


def show_headlines(
    headlines: Sequence[Headline], run: Run, chapter: str, tiles: Container[str] | None = None
) -> Shown | None:
    """Record a chapter's headline numbers for ``results.json`` and the first page, and show those that are known.

    They come in their order on the page; `tiles` are the codes of those that are shown, where not all are.
    """
    record_headlines(headlines, run, chapter)
    known = [headline for headline in headlines if _point(headline.value) is not None]
    shown = [headline for headline in known if tiles is None or headline.measure.code in tiles]
    return strip(shown[:MOST], run) if shown else None


def strip(indicators: Sequence[Headline], run: Run) -> Shown:
    """Show one to eight headline figures, the most important first, side by side, each past the disclosure gate."""
    if not 1 <= len(indicators) <= MOST:
        raise ValueError(f"a strip shows one to {MOST} figures, found {len(indicators)}")
    cards = [_card(headline, run) for headline in indicators]
    body = "".join(card.html for card in cards)
    grid = _GRID.format(width=_WIDTHS.get(len(cards), _WIDTH))
    html = f'<div class="crm-strip"><dl style="{grid}">{body}</dl>{_definitions(indicators)}</div>'
    return Shown("strip", html, "\n".join(card.text for card in cards).replace(formats.NBSP, " "))


@dataclass(frozen=True, slots=True)
class _Card:
    html: str
    text: str


def _card(headline: Headline, run: Run) -> _Card:
    """Lay out one figure: label, value, interval and basis, change, small line; an empty place keeps the rows level."""
    currency, rules = run.params.currency, run.rules
    shown = _gated(headline.value, headline.unit, headline.people, rules)
    value = _point(shown)
    hidden = value is None and _point(headline.value) is not None
    if value is None:
        lines = [_("too few to show") if hidden else formats.not_observed(), "", ""]
    else:
        ends = [shown.low, shown.high] if isinstance(shown, Estimate) and shown.has_interval else []
        written = _written([value, *ends], headline.unit, currency)
        lines = [written[0], _basis(headline, written[1:], rules), _change(headline, value, run)]
    title = f' title="{escape(_exact(value, headline.unit))}"' if value is not None else ""
    main = f'<dd class="{"v" if value is not None else "v few"}"{title}>{escape(lines[0])}</dd>'
    rest = f'<dd class="i">{escape(lines[1])}</dd><dd class="c">{escape(lines[2])}</dd>'
    line = "" if hidden else _line(headline, rules)
    html = f"<div><dt>{escape(headline.label)}</dt>{main}{rest}<dd>{line}</dd></div>"
    return _Card(html, f"{headline.label}: {', '.join(line for line in lines if line)}")


def _line(headline: Headline, rules: DisclosureRules) -> str:
    """Draw the small line of the last periods, with a gap where too few people stand behind headline."""
    return sparkline([_point(_gated(value, headline.unit, None, rules)) for value in headline.history or ()])


def _point(value: Value) -> float | Decimal | None:
    """Give the value itself, `None` where not observed."""
    point = value.value if isinstance(value, Estimate) else value
    return None if formats.is_missing(point) else point


def _gated(value: Value, unit: str, people: int | None, rules: DisclosureRules) -> Value:
    """Give the value as it may be shown, `None` where it is not known or rests on too few people."""
    if _point(value) is None or rules.hides(people):
        return None
    if isinstance(value, Estimate):
        return disclosed(value, unit, rules)
    return rules.rounded(float(value)) if unit == "people" and value is not None else value


def _written(values: Sequence[float | Decimal], unit: str, currency: str) -> list[str]:
    """Write a value and the ends of its interval, money with the same decimals from end to end."""
    largest = max(abs(float(value)) for value in values)
    if unit == "money" and len(values) > 1 and largest < formats.MILLION * 0.9:
        decimals = 0 if largest >= 999.5 else 2
        return [formats.money(value, currency, decimals=decimals) for value in values]
    return [formats.shown_as(value, unit, currency) for value in values]


def _basis(headline: Headline, ends: Sequence[str], rules: DisclosureRules) -> str:
    """Say the interval and what it rests on."""
    if not isinstance(headline.value, Estimate):
        return ""
    n = headline.people if headline.people is not None else headline.value.n
    basis = _("n = {n}").format(n=formats.count(rules.rounded(n))).replace(" ", formats.NBSP)
    if headline.counted:
        basis = _("{basis} {counted}").format(basis=basis, counted=headline.counted)
    if not ends:
        return basis
    between = _("{low} to {high}").format(low=ends[0], high=ends[1]).replace(" ", formats.NBSP)
    return _("{interval}, {basis}").format(interval=between, basis=basis)


def _change(headline: Headline, value: float | Decimal, run: Run) -> str:
    """Say how the figure moved since the last period; percentages come from what is shown."""
    people = people_before(headline.previous, headline.people, headline.previous_people)
    was = _gated(headline.previous, headline.unit, people, run.rules)
    before = _point(was)
    if before is None:
        return ""
    if not changes.is_clear(headline.value, float(before)):
        return changes.unclear(run)
    unsure = (
        _unsure(value, headline.value, run.rules) + _unsure(before, was, run.rules) if headline.unit == "share" else 0.0
    )
    change = changes.signed(float(value), float(before), headline.unit, run.params.currency, unsure)
    if not change:
        return ""
    return changes.beside(change if changes.can_be_seen(change) else "", run)


def _unsure(shown: float | Decimal, value: Value, rules: DisclosureRules) -> float:
    """Say how far a shown share of people may be off: an estimate tells how many they are."""
    people = rules.rounded(value.n) if isinstance(value, Estimate) else None
    return rounding_hides(float(shown), people, rules)


def _exact(value: Any, unit: str) -> str:
    """Give more digits, for the reader who hovers."""
    return formats.share(value, decimals=2) if unit == "share" else f"{value:,.10g}"


def _definitions(indicators: Sequence[Headline]) -> str:
    """List what the figures are, folded."""
    rows = "".join(
        f"<li><b>{escape(headline.label)}</b>: {escape(headline.definition)}</li>"
        for headline in indicators
        if headline.definition
    )
    return f"<details><summary>{escape(_('What these figures are'))}</summary><ul>{rows}</ul></details>" if rows else ""


def sparkline(values: Sequence[float | Decimal | None]) -> str:
    """Draw a series, oldest first, as a small line with a dot on its last point; gaps stay gaps.

    Inline SVG, hidden from screen readers since the numbers stand beside it; empty for fewer than two known points.
    """
    known = [float(value) for value in values if value is not None and not formats.is_missing(value)]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    places = [
        None
        if value is None or formats.is_missing(value)
        else (MARGIN + i * step, HEIGHT - MARGIN - (float(value) - low) / span * (HEIGHT - 2 * MARGIN))
        for i, value in enumerate(values)
    ]
    line = f'<path d="{_path(places)}" fill="none" stroke="var(--muted,{palette.MUTED})" stroke-width="1.5"/>'
    dot = ""
    if (last := places[-1]) is not None:
        dot = f'<circle cx="{_n(last[0])}" cy="{_n(last[1])}" r="2.5" fill="var(--blue,{palette.BLUE})"/>'
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
