"""Rows that count as sales though a status beside them says that they are none."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import ibis

from crmlib.prep.landing import FILE, LINE, Landed
from crmlib.prep.parsing import tidy_text
from crmlib.prep.parsing.letters import without_accents
from crmlib.prep.parsing.statuses import kind_of

_HEADERS: Final = (
    "status", "state", "event type", "receipt type", "estado", "statut", "stato", "etat", "zustand", "状态", "状態",
    "ステータス",
)  # fmt: skip
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class NoSales:
    """A column of statuses with the words on lines that count and are no sales, how many they are and their money."""

    column: str
    words: tuple[str, ...]
    lines: int
    money: float


_REFUNDS: Final = frozenset(["refund", "order_refund", "is_return", "returned_order_id"])


def counted_all_the_same(good: Any, landed: Landed, answered: Collection[str] = ()) -> NoSales | None:
    """Find lines with money above nought whose status says cancelled or unpaid, or taken back if nothing else tells."""
    told = _REFUNDS & set(landed.source.columns) or any(each.startswith("returned_rows") for each in answered)
    kinds = ("not_sale",) if told else ("not_sale", "returned")
    mapped = {raw for parts in landed.source.parts.values() for raw in parts}
    for name in landed.columns:
        plain = without_accents(name.casefold()).replace("_", " ").replace("-", " ")
        if name in mapped or not any(word in plain for word in _HEADERS):
            continue
        value = landed.rows[name]
        text = tidy_text(value, landed.source.missing) if value.type().is_string() else value.cast("string")
        told = landed.rows.select(FILE, LINE, _status=text)
        counts = told.group_by("_status").agg(n=told.count()).order_by([ibis.desc("n"), "_status"])
        known = [each for each in counts.limit(_MOST + 1).to_pandas()["_status"] if isinstance(each, str)]
        words = tuple(each for each in known if kind_of(each) in kinds)
        if words and len(known) <= _MOST:
            found = _counted(good, told.filter(told["_status"].isin(words)))
            if found[0]:
                return NoSales(name, words, *found)
    return None


def _counted(good: Any, told: Any) -> tuple[int, float]:
    sold = good.filter(good.amount > 0).select(FILE, LINE, amount=good.amount.cast("decimal(38, 4)"))
    both = sold.semi_join(told, [FILE, LINE])
    found = both.agg(n=both.count(), money=both.amount.sum()).to_pandas().iloc[0]
    return int(found["n"]), float(found["money"] or 0)
