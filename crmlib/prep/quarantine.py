"""Quarantine: lines set aside or merged, with their text, place and every reason, and examples fit for a page."""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.prep.contracts import REASONS, Rule, reasons_text
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed
from crmlib.prep.landing.dialects import fields_of
from crmlib.prep.mapping import SOURCE
from crmlib.prep.marks import LEFT_OUT, MERGED
from crmlib.privacy.masking import mask
from crmlib.tables.vocabulary import SCORE_PREFIX

QUARANTINED: Final = "quarantined"
MERGED_FATE: Final = "merged"
LEFT_OUT_FATE: Final = "left_out"
FATES: Final = (QUARANTINED, MERGED_FATE, LEFT_OUT_FATE)
MOST: Final = 10
EXAMPLE_COLUMNS: Final = ("table", "rule", "source", "file", "line", "text")

PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "transactions": (
        "ordered_at", "product_id", "quantity", "unit_price", "discount", "amount", "currency", "channel",
        "store_id",
    ),
    "customers": (),
    "products": ("product_id", "name", "category", "subcategory", "brand", "unit_cost"),
    "stores": ("store_id", "name", "city", "region", "opened_at", "format"),
    "interactions": ("at", "kind", "channel", "touchpoint", "store_id"),
    "surveys": ("invited_at", "answered_at", "touchpoint", "store_id"),
    "contacts": ("campaign_id", "contacted_at", "arm", "cost", "responded_at", "response_value"),
}  # fmt: skip
"""Columns whose delivered text may be shown, masked; of every other column only the shape."""

_BROKEN: Final = "broken_line"
_LONGEST: Final = 40
_LONGEST_LINE: Final = 100


def set_aside(rows: ibis.Table, rules: tuple[Rule, ...], landed: Sequence[Landed]) -> ibis.Table:
    """Give the lines that are not clean: ``fate, reasons, source, file, line, amount, original``."""
    aside = rows.filter((rows[REASONS] != 0) | rows[MERGED].notnull())
    broken = aside[REASONS] != 0
    fate = ibis.ifelse(broken, QUARANTINED, MERGED_FATE)
    told = aside.select(
        fate=ibis.ifelse(aside[LEFT_OUT], LEFT_OUT_FATE, fate) if LEFT_OUT in rows.columns else fate,
        reasons=ibis.ifelse(broken, reasons_text(aside[REASONS], rules), aside[MERGED]),
        source=aside[SOURCE],
        file=aside[FILE],
        line=aside[LINE],
        amount=aside.amount if "amount" in aside.columns else ibis.null("decimal(18, 4)"),
    )
    originals = [_original(source, told) for source in landed]
    every = originals[0] if len(originals) == 1 else ibis.union(*originals)
    joined = told.left_join(
        every, [told.source == every["_source"], told.file == every["_f"], told.line == every["_l"]]
    )
    return joined.drop("_source", "_f", "_l")


def _original(landed: Landed, told: ibis.Table) -> ibis.Table:
    """Write a line as it was delivered: the line itself where it did not split, else its fields as CSV."""
    rows = landed.rows
    # only the few lines that are asked for are written out
    rows = rows.semi_join(told.filter(told.source == landed.name), [rows[FILE] == told.file, rows[LINE] == told.line])
    line = ibis.literal("")
    for position, name in enumerate(landed.columns):
        field = rows[name].cast("string").fill_null("")
        quoted = ibis.literal('"') + field.replace('"', '""') + ibis.literal('"')
        written = ibis.ifelse(field.re_search('[,"\\r\\n]'), quoted, field)
        line = written if position == 0 else line + ibis.literal(",") + written
    original = ibis.coalesce(rows[BROKEN], line)
    return rows.select(_source=ibis.literal(landed.name), _f=rows[FILE], _l=rows[LINE], original=original)


def find_examples(con: Any, table: str, file: Path, landed: Sequence[Landed]) -> pd.DataFrame:
    """Give the first ten lines of each reason, in words that may leave preparation: ``EXAMPLE_COLUMNS``."""
    aside = con.read_parquet(str(file), table_name=f"examples_{table}")
    aside = aside.filter((aside.fate == QUARANTINED) & aside.original.notnull())
    reasons = aside.select("source", "file", "line", "original", rule=aside.reasons.split(" ").unnest())
    place = ibis.row_number().over(group_by=reasons.rule, order_by=[reasons.source, reasons.file, reasons.line])
    first = reasons.mutate(place=place).filter(lambda t: t.place < MOST).to_pandas()
    by_name = {source.name: source for source in landed}
    texts = [_in_words(table, row.rule, row.original, by_name[row.source]) for row in first.itertuples()]
    frame = first.assign(table=table, text=texts, file=first["file"].map(mask))[list(EXAMPLE_COLUMNS)]
    return frame.sort_values(["rule", "source", "file", "line"], ignore_index=True)


def no_examples() -> pd.DataFrame:
    """Give the frame of examples of a table from which nothing was set aside."""
    return pd.DataFrame({name: pd.Series(dtype="int64" if name == "line" else "str") for name in EXAMPLE_COLUMNS})


def _in_words(table: str, rule: str, original: str, landed: Landed) -> str:
    """Write a line's harmless columns, or the shape of what does not split or is a person's."""
    values = fields_of(original, ",") if rule != _BROKEN else []
    if not values:
        return shape(original[:_LONGEST_LINE])
    fields = dict(zip(landed.columns, values, strict=False))
    read = landed.source.parts.items()
    named = {name: " ".join(filter(None, (fields.get(raw, "") for raw in parts))) for name, parts in read}
    scores = sorted(name for name in named if name.startswith(SCORE_PREFIX))
    shown = [name for name in (*PLAIN[table], *scores) if name in named]
    blamed = [name for name in named if rule.endswith(f"_{name}") and name not in shown]
    parts = [f"{_words(name)} {mask(named[name].strip())[:_LONGEST] or '–'}" for name in shown]
    return " · ".join([*parts, *(f"{_words(name)} {shape(named[name])}" for name in blamed)])


def _words(column: str) -> str:
    return column.replace("_", " ")


def shape(text: str) -> str:
    """Write the shape of a text: digits as 9, letters as a, Chinese characters as 字, marks as they are."""
    return "".join(_sign(character) for character in text) or "–"


def _sign(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return "9"
    if kind == "Lo":
        return "字"
    return "a" if kind.startswith(("L", "N")) else character
