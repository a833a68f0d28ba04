"""Guesses over the order lines as a whole: cancellations, articles that are none, the currency."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.matching import Match
from crmlib.prep.proposal.scalars import percent
from crmlib.words import _, plural

_LETTERS: Final = re.compile(r"^[A-Za-z]{1,4}(?=[-_]?\d)")
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


def cancellation_prefix(rows: pa.Table, matches: Mapping[str, Match]) -> Guess | None:
    """Find letters that only the numbers of orders begin with that take goods back."""
    taken_back = _taken_back(rows, matches)
    if taken_back is None or "order_id" not in matches:
        return None
    orders = rows.column(matches["order_id"].raw).cast(pa.string())
    counts: dict[str, list[int]] = {}
    pairs = pa.table({"order": orders, "back": taken_back}).group_by(["order", "back"]).aggregate([("order", "count")])
    for order, back, count in zip(
        *(pairs.column(name).to_pylist() for name in ("order", "back", "order_count")), strict=True
    ):
        prefix = _LETTERS.match(order or "")
        entry = counts.setdefault(prefix.group() if prefix else "", [0, 0])
        entry[0] += count
        entry[1] += count if back else 0
    total = sum(entry[0] for entry in counts.values())
    likely = [
        (back / lines, prefix) for prefix, (lines, back) in counts.items() if prefix and 2 * lines < total and back
    ]
    share, best = max(likely, default=(0.0, ""))
    if share < 0.9:
        return None
    lines = plural("{n:,} line", "{n:,} lines", counts[best][0]).format(n=counts[best][0])
    why = _("{share} of {lines} of orders that begin so take goods back")
    return Guess(best, why.format(share=percent(share), lines=lines))


def _taken_back(rows: pa.Table, matches: Mapping[str, Match]) -> pa.ChunkedArray | None:
    """Mark lines with a negative quantity or amount, or that name the order they undo."""
    marks = []
    for name in ("quantity", "amount"):
        if name in matches:
            column = rows.column(matches[name].raw)
            if pa.types.is_string(column.type):
                marks.append(pc.match_substring_regex(column, r"^\s*(-|\()\s*[0-9.]*[1-9]"))
            else:
                marks.append(pc.less(column, 0))
    if "returned_order_id" in matches:
        marks.append(pc.greater(pc.utf8_length(rows.column(matches["returned_order_id"].raw).cast(pa.string())), 2))
    found = None
    for mark in marks:
        plain = pc.fill_null(mark, False)  # noqa: FBT003  (pyarrow's signature)
        found = plain if found is None else pc.or_(found, plain)
    return found


def codes_of_no_product(columns: Iterable[pa.ChunkedArray]) -> tuple[list[str], list[str]]:
    """List article numbers without a digit where nearly all have some, and others of an odd shape."""
    codes: Counter[str] = Counter()
    for column in columns:
        counts = pc.value_counts(pc.utf8_trim_whitespace(column.cast(pa.string())))
        codes.update({each["values"]: each["counts"] for each in counts.to_pylist() if each["values"]})
    without = [code for code, _ in codes.most_common() if not any(letter.isdigit() for letter in code)]
    if 2 * len(without) >= len(codes) or len(without) > max(0.1 * len(codes), _FEW_CODES) or len(without) > _MOST_CODES:
        return [], []
    shapes = Counter(_shape(code) for code in codes)
    usual = shapes.most_common(1)[0][0]
    odd = [code for code in codes if code not in without and _shape(code)[:1] != usual[:1]]
    return without, sorted(odd, key=lambda code: -codes[code]) if len(odd) <= 0.05 * len(codes) else []


def _shape(code: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", code))


def _said_currency(rows: Sequence[pa.Table]) -> Guess | None:
    """Take the code that most lines of a column of currency codes say."""
    codes: Counter[str] = Counter()
    where = ""
    for table in rows:
        for name in table.column_names:
            if any(
                word in name.lower() for word in ("currency", "währung", "devise", "moneda", "moeda", "币种", "通貨")
            ):
                counts = pc.value_counts(pc.utf8_trim_whitespace(table.column(name).cast(pa.string()))).to_pylist()
                found = {str(each["values"]).upper(): each["counts"] for each in counts if each["values"]}
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


def currency(columns: Sequence[Evidence], rows: Sequence[pa.Table]) -> Guess | None:
    """Guess the currency: by a column of codes, a sign, a code in a header, the lines' country, Chinese headers."""
    said = _said_currency(rows)
    if said is not None:
        return said
    for each in columns:
        if each.numbers.currency and each.numbers.share > 0.5:
            return Guess(each.numbers.currency, _("the sign written in {name}").format(name=each.name))
        code = _ISO_IN_NAME.search(each.name.upper())
        if code is not None:
            return Guess(code.group().replace("RMB", "CNY"), _("the header {name}").format(name=each.name))
    for table in rows:
        for name in table.column_names:
            if name.strip().lower() in ("country", "国家"):
                counts = Counter(table.column(name).cast(pa.string()).to_pylist())
                most, count = counts.most_common(1)[0]
                code_ = _COUNTRIES.get(str(most).strip().lower())
                if code_ and 2 * count > table.num_rows:
                    return Guess(
                        code_,
                        _("{share} of the lines are of {country}").format(
                            share=percent(count / table.num_rows), country=most
                        ),
                    )
    japanese = any(
        "\u3040" <= letter <= "\u30ff" or each.name.startswith("注文") for each in columns for letter in each.name
    )
    if japanese:
        return Guess("JPY", _("the headers are Japanese"))
    chinese = sum(any("\u3400" <= letter <= "\u9fff" for letter in each.name) for each in columns)
    return Guess("CNY", _("the headers are Chinese")) if chinese else None
