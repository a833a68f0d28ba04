"""Lines that count and are no sales: their status says cancelled, or they add up the lines before them."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final

import ibis
import pandas as pd

from crmlib.prep.landing import FILE, LINE, Landed
from crmlib.prep.logic import surely
from crmlib.prep.parsing import tidy_text
from crmlib.prep.parsing.letters import without_accents
from crmlib.prep.parsing.statuses import kind_of

_HEADERS: Final = (
    "status", "state", "event type", "receipt type", "estado", "statut", "stato", "etat", "zustand", "状态", "状態",
    "ステータス",
)  # fmt: skip
_REFUNDS: Final = frozenset(["refund", "order_refund", "is_return", "returned_order_id"])
_MOST_STATUSES: Final = 5_000
_CENT: Final = 0.006
_USUAL: Final = 0.5
"""Share of the lines that must name an article or a customer before one without any is looked at."""
_MOST_BARE: Final = 100_000


@dataclass(frozen=True, slots=True)
class NoSales:
    """A column of statuses with the words on lines that count and are no sales, how many they are and their money."""

    column: str
    words: tuple[str, ...]
    lines: int
    money: float


def counted_all_the_same(good: ibis.Table, landed: Landed, answered: Collection[str] = ()) -> NoSales | None:
    """Find lines with money above nought whose status says cancelled or unpaid, or taken back if nothing else tells."""
    told = _REFUNDS & set(landed.source.columns) or any(question.startswith("returned_rows") for question in answered)
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
        known = [word for word in counts.limit(_MOST_STATUSES + 1).to_pandas()["_status"] if isinstance(word, str)]
        words = tuple(word for word in known if kind_of(word) in kinds)
        if words and len(known) <= _MOST_STATUSES:
            found = _counted(good, told.filter(told["_status"].isin(words)))
            if found[0]:
                return NoSales(name, words, *found)
    return None


def _counted(good: ibis.Table, told: ibis.Table) -> tuple[int, float]:
    sold = good.filter(good.amount > 0).select(FILE, LINE, amount=good.amount.cast("decimal(38, 4)"))
    both = sold.semi_join(told, [FILE, LINE])
    found = both.agg(n=both.count(), money=both.amount.sum()).to_pandas().iloc[0]
    return int(found["n"]), float(found["money"] or 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """Lines that hold the sum of the lines before them: how many, their money, and where they stand."""

    lines: int
    money: float
    places: tuple[tuple[str, int], ...] = ()


def running_totals(rows: ibis.Table, given: Collection[str] = ("product_id", "customer_id")) -> Totals:
    """Find lines without article and customer whose money is the sum of the lines since the last such line."""
    article = next((name for name in ("product_id", "description") if name in given), None)
    named = [name for name in (article, "customer_id") if name in given]
    if not named:
        return Totals(0, 0.0)
    bare = reduce(and_, [rows[name].isnull() for name in named], rows.amount != 0)
    counts = rows.agg(n=rows.count(), bare=surely(bare).sum()).to_pandas().iloc[0]
    some = 0 if pd.isna(counts["bare"]) else int(counts["bare"])
    if not some or some > min(_USUAL * int(counts["n"]), _MOST_BARE):
        return Totals(0, 0.0)
    marked = rows.select(file=rows[FILE], line=rows[LINE], amount=rows.amount.cast("decimal(38, 4)"), bare=surely(bare))
    since = marked.mutate(
        block=marked.bare.cast("int64").sum().over(
            ibis.window(group_by=marked.file, order_by=marked.line, preceding=(None, 1))
        ).fill_null(0)
    )  # fmt: skip
    blocks = since.group_by(["file", "block"]).agg(
        items=since.amount.sum(where=~since.bare), total=since.amount.sum(where=since.bare),
        n=(~since.bare).sum(), line=since.line.max(where=since.bare),
    )  # fmt: skip
    found = blocks.filter(blocks.total.notnull()).order_by(["file", "block"]).to_pandas()
    return _that_add_up(found)


def _that_add_up(blocks: pd.DataFrame) -> Totals:
    """Keep the totals that are the sum since the last one, or the sum of everything since the file began."""
    frame = blocks.assign(items=blocks["items"].astype(float).fillna(0.0), total=blocks["total"].astype(float))
    everything = frame.groupby("file")["items"].cumsum()
    block = ((frame["total"] - frame["items"]).abs() <= _CENT) & (frame["n"] > 1)
    grand = ((frame["total"] - everything).abs() <= _CENT) & (everything != 0)
    kept = frame[block | grand]
    if not len(kept) or len(kept) < 0.5 * len(frame):
        return Totals(0, 0.0)
    places = tuple((str(file), int(line)) for file, line in zip(kept["file"], kept["line"], strict=True))
    return Totals(len(kept), float(kept["total"].sum()), places)
