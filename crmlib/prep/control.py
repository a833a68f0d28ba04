"""Control totals: the report held to the shop's own books, to the cent, by month, day and source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import ibis
import pandas as pd
from ibis import Table

from crmlib.params import ParameterError, did_you_mean
from crmlib.params.control import ControlRules, period
from crmlib.prep.logic import surely

MONEY: Final = ("net_revenue", "gross_revenue", "returned")
_EXACT: Final = "decimal(38, 4)"
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Held:
    """One figure of the books beside the report's own."""

    period: str  # ``2026-10`` or ``2026-10-03``
    source: str  # the source of the order lines that it is of; empty for all of them
    measure: str  # one of :data:`crmlib.params.control.MEASURES`
    # both figures; the report's is None where its lines do not tell it (units that are not said)
    books: Decimal
    report: Decimal | None
    # what has exactly the money of the difference: ``(day, 2026-10-03)``, ``(source, till)``, ``(services, "")``,
    # ``(returned, "")``, or a name of ``others``
    explained: tuple[tuple[str, str], ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """The report less the books, to the cent."""
        return None if self.report is None else (self.report - self.books).quantize(_CENT)

    @property
    def agrees(self) -> bool:
        """Whether report and books are the same to the cent."""
        return self.difference == 0


def hold(
    lines: Table,
    control: Mapping[str, ControlRules],
    as_of: date | None,
    others: Mapping[str, Decimal] | None = None,
    *,
    months_only: bool = False,
) -> list[Held]:
    """Hold order lines to the books of every month and day that is over at the end of the report.

    ``others`` is further money that may be the difference, by name. Without ``as_of`` every line is seen; with
    ``months_only`` the books are of whole months, name no source, and no difference is to be explained.
    """
    seen = {name: books for name, books in control.items() if as_of is None or period(name)[1] <= as_of}
    if not seen:
        return []
    figures = _figures(_cut(lines, seen, as_of), months_only=months_only)
    return [held for name, books in sorted(seen.items()) for held in _of_period(name, books, figures, others or {})]


def _of_period(name: str, books: ControlRules, figures: pd.DataFrame, others: Mapping[str, Decimal]) -> Iterator[Held]:
    for source, given in (("", books.given), *((source, own.given) for source, own in books.sources.items())):
        for measure, value in given.items():
            report = _figure(figures, name, source, measure)
            held = Held(name, source, measure, value, report)
            explained = () if held.agrees or measure not in MONEY else tuple(_explained(held, figures, others))
            yield Held(name, source, measure, value, report, explained)


def _cut(lines: Table, control: Mapping[str, ControlRules], as_of: date | None) -> Table:
    """Keep the lines of the books' periods, each with what it adds to every measure."""
    first, last = min(period(name)[0] for name in control), max(period(name)[1] for name in control)
    end = last if as_of is None else min(last, as_of)
    inside = (lines.ordered_at >= ibis.timestamp(first.isoformat())) & (
        lines.ordered_at < ibis.timestamp(end.isoformat())
    )
    kept = lines.filter(inside)
    bought, back = surely(kept.is_purchase), surely(kept.is_return & kept.is_product)
    amount, nothing = kept.amount.cast(_EXACT), ibis.literal(0).cast(_EXACT)
    return kept.select(
        "source", "order_id",
        month=kept.ordered_at.strftime("%Y-%m"), day=kept.ordered_at.strftime("%Y-%m-%d"),
        bought=bought, gross_revenue=ibis.ifelse(bought, amount, nothing),
        returned=ibis.ifelse(back, -amount, nothing),
        services=ibis.ifelse(surely(~kept.is_product), amount, nothing),
        quantity=ibis.ifelse(bought, kept.quantity.cast(_EXACT), ibis.null(_EXACT)),
        unsaid=bought & kept.quantity.isnull(),
    )  # fmt: skip


def _figures(cut: Table, *, months_only: bool) -> pd.DataFrame:
    """Work the measures out by month and day, in all and by source: one row each, under ``name`` and ``source``."""
    parts = []
    for column in ("month",) if months_only else ("month", "day"):
        for source in (False,) if months_only else (False, True):
            keys = {"name": cut[column]} | ({"by": cut.source} if source else {})
            told = cut.group_by(**keys).agg(
                **{name: cut[name].sum() for name in ("gross_revenue", "returned", "services")},
                units=cut.quantity.sum(), unsaid=cut.unsaid.sum(), lines=cut.count(),
                orders=cut.order_id.nunique(where=cut.bought),
            ).to_pandas()  # fmt: skip
            parts.append(told.rename(columns={"by": "source"}) if source else told.assign(source=""))
    figures = pd.concat(parts, ignore_index=True)
    return figures.assign(net_revenue=figures["gross_revenue"] - figures["returned"]).set_index(["name", "source"])


def _figure(figures: pd.DataFrame, name: str, source: str, measure: str) -> Decimal | None:
    """Give the report's figure; nought where no line lies in the period, None where lines do not say their units."""
    if (name, source) not in figures.index:
        return Decimal(0)
    row = figures.loc[(name, source)]
    if measure == "units" and row["unsaid"]:
        return None
    value = row[measure]
    return Decimal(0) if pd.isna(value) else Decimal(value if measure in (*MONEY, "units") else int(value))


def _explained(held: Held, figures: pd.DataFrame, others: Mapping[str, Decimal]) -> Iterator[tuple[str, str]]:
    """Name the parts whose money is exactly what report and books differ by; near misses are not told."""
    if held.report is None:
        return
    gap = abs(held.report - held.books)
    for name, source in figures.index:
        row = figures.loc[(name, source)]
        if abs(row[held.measure]) != gap:
            continue
        if source and name == held.period and not held.source:
            yield "source", source
        elif source == held.source and name.startswith(f"{held.period}-"):
            yield "day", name
    if (held.period, held.source) in figures.index:
        own = figures.loc[(held.period, held.source)]
        for part in ("services", "returned"):
            if part != held.measure and abs(own[part]) == gap:
                yield part, ""
    if not held.source:
        yield from ((name, "") for name, money in others.items() if abs(money) == gap)


def refuse_unknown_sources(control: Mapping[str, ControlRules], names: list[str]) -> None:
    """Refuse books of a source that delivers no order lines."""
    for name, books in control.items():
        for source in books.sources:
            if source not in names:
                raise ParameterError(
                    f"control.{name}.sources: no source of order lines is called {source!r}. "
                    f"{did_you_mean(source, names)}"
                )
