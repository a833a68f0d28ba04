"""Lines that add up the lines before them: a day's total in a till journal, a sum at the end of a sheet."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.prep.landing import FILE, LINE
from crmlib.prep.logic import surely

_CENT: Final = 0.006
_USUAL: Final = 0.5
"""Share of the lines that must name an article or a customer before one without any is looked at."""
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Totals:
    """Lines that hold the sum of the lines before them: how many, their money, and where they stand."""

    lines: int
    money: float
    places: tuple[tuple[str, int], ...] = ()


def running_totals(rows: Any, given: Collection[str] = ("product_id", "customer_id")) -> Totals:
    """Find lines without article and customer whose money is the sum of the lines since the last such line."""
    article = next((name for name in ("product_id", "description") if name in given), None)
    named = [name for name in (article, "customer_id") if name in given]
    if not named:
        return Totals(0, 0.0)
    bare = reduce(and_, [rows[name].isnull() for name in named], rows.amount != 0)
    counts = rows.agg(n=rows.count(), bare=surely(bare).sum()).to_pandas().iloc[0]
    some = 0 if pd.isna(counts["bare"]) else int(counts["bare"])
    if not some or some > min(_USUAL * int(counts["n"]), _MOST):
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
    return _told(found)


def _told(blocks: pd.DataFrame) -> Totals:
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
