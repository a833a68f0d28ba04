"""The strip under the answer: four to six figures, each with its interval, its change and its small line."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from crmlib.privacy.proportions import disclosed, rounding_hides
from crmlib.reporting import changes
from crmlib.reporting.shown import Shown
from crmlib.reporting.sparkline import sparkline
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


def record_headlines(headlines: Sequence[Headline], run: Run, chapter: str) -> None:
    """Record headline numbers that are told elsewhere than in the strip; `show_headlines` does it too."""
    for one in headlines:
        run.record(
            chapter,
            one.measure.code,
            one.value if _point(one.value) is not None else None,
            unit=one.unit,
            definition=one.definition,
            people=one.people,
            previous=one.previous,
            previous_people=one.previous_people,
            label=one.label,
        )


def show_headlines(
    headlines: Sequence[Headline], run: Run, chapter: str, tiles: Container[str] | None = None
) -> Shown | None:
    """Record a chapter's headline numbers for ``results.json`` and the first page, and show those that are known.

    They come in their order on the page; `tiles` are the codes of those that are shown, where not all are.
    """
    record_headlines(headlines, run, chapter)
    known = [one for one in headlines if _point(one.value) is not None and (tiles is None or one.measure.code in tiles)]
    return strip(known[:MOST], run) if known else None


def strip(indicators: Sequence[Headline], run: Run) -> Shown:
    """Show one to eight headline figures, the most important first, side by side, each past the disclosure gate."""
    if not 1 <= len(indicators) <= MOST:
        raise ValueError(f"a strip shows one to {MOST} figures, found {len(indicators)}")
    cards = [_card(each, run) for each in indicators]
    body = "".join(card.html for card in cards)
    grid = _GRID.format(width=_WIDTHS.get(len(cards), _WIDTH))
    html = f'<div class="crm-strip"><dl style="{grid}">{body}</dl>{_definitions(indicators)}</div>'
    return Shown("strip", html, "\n".join(card.text for card in cards).replace(formats.NBSP, " "))


@dataclass(frozen=True, slots=True)
class _Card:
    html: str
    text: str


def _card(each: Headline, run: Run) -> _Card:
    """Lay out one figure: label, value, interval and basis, change, small line; an empty place keeps the rows level."""
    currency, rules = run.params.currency, run.rules
    shown = _gated(each.value, each.unit, each.people, rules)
    value = _point(shown)
    hidden = value is None and _point(each.value) is not None
    if value is None:
        lines = [_("too few to show") if hidden else formats.not_observed(), "", ""]
    else:
        ends = [shown.low, shown.high] if isinstance(shown, Estimate) and shown.has_interval else []
        written = _written([value, *ends], each.unit, currency)
        lines = [written[0], _basis(each, written[1:], rules), _change(each, value, run)]
    title = f' title="{escape(_exact(value, each.unit))}"' if value is not None else ""
    main = f'<dd class="{"v" if value is not None else "v few"}"{title}>{escape(lines[0])}</dd>'
    rest = f'<dd class="i">{escape(lines[1])}</dd><dd class="c">{escape(lines[2])}</dd>'
    line = "" if hidden else _line(each, rules)
    html = f"<div><dt>{escape(each.label)}</dt>{main}{rest}<dd>{line}</dd></div>"
    return _Card(html, f"{each.label}: {', '.join(line for line in lines if line)}")


def _line(each: Headline, rules: DisclosureRules) -> str:
    """Draw the small line of the last periods, with a gap where too few people stand behind one."""
    return sparkline([_point(_gated(value, each.unit, None, rules)) for value in each.history or ()])


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


def _basis(each: Headline, ends: Sequence[str], rules: DisclosureRules) -> str:
    """Say the interval and what it rests on."""
    if not isinstance(each.value, Estimate):
        return ""
    n = each.people if each.people is not None else each.value.n
    basis = _("n = {n}").format(n=formats.count(rules.rounded(n))).replace(" ", formats.NBSP)
    if each.counted:
        basis = _("{basis} {counted}").format(basis=basis, counted=each.counted)
    if not ends:
        return basis
    between = _("{low} to {high}").format(low=ends[0], high=ends[1]).replace(" ", formats.NBSP)
    return _("{interval}, {basis}").format(interval=between, basis=basis)


def _change(each: Headline, value: float | Decimal, run: Run) -> str:
    """Say how the figure moved since the last period; percentages come from what is shown."""
    people = people_before(each.previous, each.people, each.previous_people)
    was = _gated(each.previous, each.unit, people, run.rules)
    before = _point(was)
    if before is None:
        return ""
    unsure = _unsure(value, each.value, run.rules) + _unsure(before, was, run.rules) if each.unit == "share" else 0.0
    change = changes.signed(float(value), float(before), each.unit, run.params.currency, unsure)
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
        f"<li><b>{escape(each.label)}</b>: {escape(each.definition)}</li>" for each in indicators if each.definition
    )
    return f"<details><summary>{escape(_('What these figures are'))}</summary><ul>{rows}</ul></details>" if rows else ""
