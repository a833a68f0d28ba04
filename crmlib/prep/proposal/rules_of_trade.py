"""Guesses over the order lines as a whole: cancellations, articles that are none, the currency."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.scalars import percent
from crmlib.words import _, plural

_LETTERS: Final = r"^([A-Za-z]{1,4})(?=[-_]?\d)"
_BELOW_NOUGHT: Final = r"^\s*(-|\()\s*[0-9.]*[1-9]"
_KANA: Final = re.compile("[\u3040-\u30ff]")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_CURRENCY: Final = ("currency", "währung", "devise", "moneda", "moeda", "币种", "通貨")
_MOST_CODES: Final = 40
_FEW_CODES: Final = 3
_ISO_IN_NAME: Final = re.compile(r"(?<![A-Za-z])(EUR|USD|GBP|CNY|RMB|JPY|BRL|CHF|AUD|CAD|HKD|SGD|PLN|SEK)(?![A-Za-z])")
_ISO: Final = re.compile(r"[A-Z]{3}")
_COUNTRIES: Final = {
    "united kingdom": "GBP", "uk": "GBP", "germany": "EUR", "deutschland": "EUR", "france": "EUR", "spain": "EUR",
    "italy": "EUR", "netherlands": "EUR", "united states": "USD", "usa": "USD", "china": "CNY", "中国": "CNY",
    "brazil": "BRL", "brasil": "BRL", "japan": "JPY", "switzerland": "CHF", "poland": "PLN", "canada": "CAD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """Something that nobody said, and why it is believed."""

    value: str
    why: str


def cancellation_prefix(rows: pa.Table, columns: Mapping[str, str]) -> Guess | None:
    """Find letters that only the numbers of orders begin with that take goods back."""
    taken_back = _taken_back(rows, columns)
    if taken_back is None or "order_id" not in columns:
        return None
    orders = rows.column(columns["order_id"]).cast(pa.string())
    lines = pd.DataFrame({"order": orders.to_pandas(), "back": taken_back.to_pandas()}).dropna()
    prefixes = lines["order"].str.extract(_LETTERS, expand=False).fillna("")
    counts = lines["back"].groupby(prefixes).agg(["size", "sum"])
    counts = counts[(counts.index != "") & (2 * counts["size"] < counts["size"].sum())]
    share, best = max(zip(counts["sum"] / counts["size"], counts.index, strict=True), default=(0.0, ""))
    if share < 0.9:
        return None
    n = int(counts["size"][best])
    begun = plural("{n:,} line", "{n:,} lines", n).format(n=n)
    why = _("{share} of {lines} of orders that begin so take goods back")
    return Guess(best, why.format(share=percent(share), lines=begun))


def _taken_back(rows: pa.Table, columns: Mapping[str, str]) -> pa.ChunkedArray | None:
    """Mark lines with a negative quantity or amount, or that name the order they undo."""
    marks = []
    for column in (rows.column(columns[name]) for name in ("quantity", "amount") if name in columns):
        is_text = pa.types.is_string(column.type)
        marks.append(pc.match_substring_regex(column, _BELOW_NOUGHT) if is_text else pc.less(column, 0))
    if "returned_order_id" in columns:
        marks.append(pc.greater(pc.utf8_length(rows.column(columns["returned_order_id"]).cast(pa.string())), 2))
    known = [pc.fill_null(mark, False) for mark in marks]  # noqa: FBT003  (pyarrow's signature)
    return reduce(pc.or_, known) if known else None


def codes_of_no_product(columns: Iterable[pa.ChunkedArray]) -> tuple[list[str], list[str]]:
    """List article numbers without a digit where nearly all have some, and others of an odd shape."""
    codes: Counter[str] = Counter()
    for column in columns:
        counts = pc.value_counts(pc.utf8_trim_whitespace(column.cast(pa.string())))
        codes.update({count["values"]: count["counts"] for count in counts.to_pylist() if count["values"]})
    without = [code for code, _ in codes.most_common() if not any(letter.isdigit() for letter in code)]
    if 2 * len(without) >= len(codes) or len(without) > max(0.1 * len(codes), _FEW_CODES) or len(without) > _MOST_CODES:
        return [], []
    shapes = Counter(_shape(code) for code in codes)
    usual = shapes.most_common(1)[0][0]
    odd = [code for code in codes if code not in without and _shape(code)[:1] != usual[:1]]
    return without, sorted(odd, key=lambda code: -codes[code]) if len(odd) <= 0.05 * len(codes) else []


def _shape(code: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", code))


def currency(columns: Sequence[Evidence], rows: Sequence[pa.Table]) -> Guess | None:
    """Guess the currency: by a column of codes, a sign, a code in a header, the lines' country, the headers' script."""
    guesses = (_by_codes(rows), *map(_by_sign, columns), *map(_by_country, rows), _by_script(columns))
    return next(filter(None, guesses), None)


def _by_codes(rows: Sequence[pa.Table]) -> Guess | None:
    """Take the code that most lines of a column of currency codes say."""
    codes: Counter[str] = Counter()
    where = ""
    columns = ((name, table.column(name)) for table in rows for name in table.column_names)
    for name, column in columns:
        if any(word in name.lower() for word in _CURRENCY):
            counts = pc.value_counts(pc.utf8_trim_whitespace(column.cast(pa.string()))).to_pylist()
            found = {str(count["values"]).upper(): count["counts"] for count in counts if count["values"]}
            if found and all(_ISO.fullmatch(code) for code in found):
                codes.update(found)
                where = where or name
    if not codes:
        return None
    code, n = codes.most_common(1)[0]
    if len(codes) == 1:
        return Guess(code, _("all {n:,} lines that say one in {name}").format(n=n, name=where))
    others = ", ".join(sorted(set(codes) - {code}))
    why = _("{n:,} lines in {name}; could not tell what the others are worth: add cleaning.currencies for {others}")
    return Guess(code, why.format(n=n, name=where, others=others))


def _by_sign(column: Evidence) -> Guess | None:
    if column.numbers.currency and column.numbers.share > 0.5:
        return Guess(column.numbers.currency, _("the sign written in {name}").format(name=column.name))
    code = _ISO_IN_NAME.search(column.name.upper())
    return Guess(code.group().replace("RMB", "CNY"), _("the header {name}").format(name=column.name)) if code else None


def _by_country(rows: pa.Table) -> Guess | None:
    for name in rows.column_names:
        if name.strip().lower() in ("country", "国家"):
            for country, n in Counter(rows.column(name).cast(pa.string()).to_pylist()).most_common(1):
                code = _COUNTRIES.get(str(country).strip().lower())
                if code and 2 * n > rows.num_rows:
                    why = _("{share} of the lines are of {country}")
                    return Guess(code, why.format(share=percent(n / rows.num_rows), country=country))
    return None


def _by_script(columns: Sequence[Evidence]) -> Guess | None:
    headers = [column.name for column in columns]
    if any(header.startswith("注文") or _KANA.search(header) for header in headers):
        return Guess("JPY", _("the headers are Japanese"))
    return Guess("CNY", _("the headers are Chinese")) if any(map(_HAN.search, headers)) else None
