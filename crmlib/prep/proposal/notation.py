"""How a delivery writes its values: cells that stand for several lines, day or month first, cents, per cent."""

import re
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.landing import FILE, LINE
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.money.facts import MONEY
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.prep.proposal.synonyms import likeness
from crmlib.prep.proposal.written import exchanged
from crmlib.words import _, plural

_OF_LINES: Final = ("product_id", "description")
"""What each line has of its own, merged cells or not."""
_SORTED: Final = 0.98
_MIXED: Final = 0.9
_LOOKED_AT: Final = 20_000
_WORD: Final = re.compile(r"[^\W_]+")
_FEN: Final = re.compile("[(（]分")
_CENTS: Final = frozenset(["cent", "cents", "minor", "centimes", "centavos", "céntimos"])


def fill_cells(sample: Sampled, statuses: Sequence[str], called_off: Sequence[str], reading: Reading) -> None:
    """Fill down what is merged over the lines of an order, or said on its first line only."""
    order = reading.plain.get("order_id")
    if order is None or sample.group.first.format == "parquet":
        return
    evidence = sample.column(order)
    items = [reading.columns.get(name) for name in _OF_LINES]
    keys = [name for name in reading.taken if name not in items]
    merged = [column.name for column in sample.columns if column.merged and column.name in keys]
    gaps = round(evidence.rows * (1 - evidence.filled))
    if evidence.merged and gaps and _are_items(sample, order, reading):
        why = plural(
            "{n:,} line has no order number: merged cells", "{n:,} lines have no order number: merged cells", gaps
        )
        reading.set("fill_down", merged, why.format(n=gaps))
        return
    once = [name for name in statuses if _stands_once(sample.rows.column(order), sample.rows.column(name))]
    if once:
        once += [name for name in called_off if sample.column(name).distinct]
        reading.set("fill_down", once, _("it stands on the first line of an order only"))


def _are_items(sample: Sampled, order: str, reading: Reading) -> bool:
    """Say whether lines without an order number name an article of their own; a line that names none is a total."""
    items = [reading.plain[name] for name in _OF_LINES if name in reading.plain]
    if not items:
        return order in sample.group.first.merged
    empty = _is_empty(sample.rows.column(order))
    named = pc.invert(_is_empty(sample.rows.column(items[0])))
    return bool((pc.sum(pc.and_(empty, named)).as_py() or 0) >= 0.8 * (pc.sum(empty).as_py() or 0))


def _stands_once(order: pa.ChunkedArray, column: pa.ChunkedArray) -> bool:
    """Say whether a column is empty only below a line of the same order."""
    empty = _is_empty(column).combine_chunks()
    gaps = pc.sum(empty).as_py() or 0
    if not gaps or gaps == len(empty):
        return False
    text = order.cast(pa.string()).combine_chunks()
    same = pc.fill_null(pc.equal(text[1:], text[:-1]), False)  # noqa: FBT003  (pyarrow's signature)
    below = pc.sum(pc.and_(empty[1:], same)).as_py() or 0
    return bool(below >= 0.98 * gaps)


def _is_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return pc.is_null(column)
    blank = pc.equal(pc.utf8_trim_whitespace(column), "")
    return pc.or_kleene(pc.is_null(column), blank).fill_null(True)  # noqa: FBT003  (pyarrow's signature)


def read_day_first(lines: Any, sample: Sampled, reading: Reading) -> None:
    """Take the reading in which the rows stand in the order of their days, if only one does so; else ask.

    It moves money from month to month, and so it decides the report.
    """
    raw = reading.plain.get("ordered_at")
    if raw is None or not (dates := sample.column(raw).dates).ambiguous or len(dates.formats) != 1:
        return
    first = dates.formats[0]
    second = exchanged(first, "%d", "%m")
    texts = lines.order_by([FILE, LINE]).select(lines[raw].cast("string").name("text")).limit(_LOOKED_AT).to_pandas()
    shares = [_in_order(texts["text"], form) for form in (first, second)]
    best = max(shares)
    if best >= _SORTED and min(shares) <= _MIXED:
        form = (first, second)[shares.index(best)]
        reading.set("date_format", form, _("the rows stand in the order of these days"))
        return
    means = _("dates like {example} are {form}")
    options = tuple(
        Option(
            "day_first" if form.index("%d") < form.index("%m") else "month_first",
            means.format(example=dates.example, form=form), {"date_format": form},
        )
        for form in (first, second)
    )  # fmt: skip
    reading.set("date_format", first, _("the day is taken to stand first as long as nobody has answered"))
    asks = _("Does day or month stand first in {column}, in dates like {example}? No day is above 12.")
    reading.ask(Asked("day_or_month", "money", asks.format(column=raw, example=dates.example), options))


def _in_order(texts: pd.Series, form: str) -> float:
    """Give the share of steps from row to row that do not go back, or that do not go forward, whichever is more."""
    days = pd.to_datetime(texts, format=form, errors="coerce").dropna()
    steps = days.diff().dropna().dt.total_seconds()
    if not len(steps):
        return 0.0
    return float(max((steps >= 0).mean(), (steps <= 0).mean()))


def read_percent(columns: Sequence[Evidence], reading: Reading) -> None:
    """Take a column written in per cent, such as 20 %, for the discount where nothing else is."""
    if any(name.startswith("discount") for name in reading.columns):
        return
    written = [column.name for column in columns if column.numbers.percent > 0.9 and column.name not in reading.taken]
    for name in written:
        if likeness(name, "transactions", "discount") or likeness(name, "transactions", "discount_percent"):
            reading.map("discount_percent", name, _("written in per cent"))
            return


def read_cents(columns: Sequence[Evidence], reading: Reading) -> None:
    """Take whole money whose header says cents for hundredths."""
    money = [reading.plain[name] for name in MONEY if name in reading.plain]
    whole = [column.name for column in columns if column.name in money and column.numbers.whole == 1]
    in_cents = [raw for raw in whole if _CENTS & set(_WORD.findall(raw.lower().replace("_", " "))) or _FEN.search(raw)]
    if in_cents and len(in_cents) == len(money):
        reading.set("cents", value=True, why=_("the header says so, and all are whole"))
