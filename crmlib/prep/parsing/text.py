"""Tidying delivered text: blanks, full-width characters, stand-ins for a missing value, ids that a spreadsheet cut."""

import re
from collections.abc import Collection, Sequence
from functools import reduce
from operator import and_
from typing import Final

import ibis

_ODD_BLANKS: Final = "\u00a0\u3000\u202f\u205f" + "".join(chr(code) for code in range(0x2000, 0x200B))
FULL_WIDTH: Final = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "￡" + _ODD_BLANKS
HALF_WIDTH: Final = "".join(chr(code) for code in range(0x21, 0x7F)) + "£" + " " * len(_ODD_BLANKS)

MISSING: Final = (
    "", "NA", "N/A", "n/a", "#N/A", "NULL", "Null", "null", "None", "none", "NaN", "nan", r"\N", "-", "--", "–", "—",
)  # fmt: skip
"""What systems write for a missing value; a source's ``missing`` adds its own."""

_BLANKS: Final = r"[\s\x{00a0}\x{2000}-\x{200d}\x{202f}\x{205f}\x{2060}\x{3000}\x{feff}]"
_EDGES: Final = rf"^{_BLANKS}+|{_BLANKS}+$"
_NOT_PLAIN: Final = r"[^!-~ ]|^ | $"
"""Matches what needs tidying; most values do not, and one search is cheaper than rewriting every value."""

_NOT_PLAIN_ID: Final = r"[^!-~]|\.0+$"
_SCIENTIFIC: Final = r"(?:^|[:-])[1-9](?:[.,]([0-9]*))?[eE]\+([0-9]{2,3})(?:$|-)"
"""Alone, behind a name space, or joined with other parts."""
_LONG: Final = re.compile(r"[1-9][0-9]{14}([0-9]+)")
_ENOUGH: Final = 5


def tidy_text(column: ibis.Value, missing: Collection[str] = ()) -> ibis.Value:
    """Strip blanks of every script from a text column and empty the stand-ins for a missing value."""
    text = column.cast("string")
    stripped = ibis.ifelse(text.re_search(_NOT_PLAIN), text.re_replace(_EDGES, ""), text)
    return ibis.ifelse(stripped.re_search(_stand_ins(missing)), ibis.null("string"), stripped)


def _stand_ins(missing: Collection[str]) -> str:
    """Match the words for a missing value; DuckDB makes a join of every list to be searched, an expression of this."""
    return f"^(?:{'|'.join(re.escape(word) for word in (*MISSING, *missing))})$"


def is_plain_text(text: ibis.Value, missing: Collection[str] = ()) -> ibis.Value:
    """Tell the text that :func:`tidy_text` leaves as it is."""
    return ~text.re_search(f"{_NOT_PLAIN}|{_stand_ins(missing)}")


def is_plain_id(text: ibis.Value, missing: Collection[str] = ()) -> ibis.Value:
    """Tell the text that neither :func:`tidy_text` nor :func:`id_text` changes."""
    return ~text.re_search(f"{_NOT_PLAIN_ID}|{_stand_ins(missing)}")


def matches(text: ibis.Value, pattern: str, missing: Collection[str] = ()) -> ibis.Value:
    """Tell the text that a pattern matches and that does not stand for a missing value."""
    return reduce(and_, [text != word for word in missing if re.search(pattern, word)], text.re_search(pattern))


def half_width(text: ibis.Value) -> ibis.Value:
    """Write full-width digits, letters and marks as plain ones, as a member number typed in a Chinese form needs."""
    return text.translate(FULL_WIDTH, HALF_WIDTH)


def id_text(text: ibis.Value) -> ibis.Value:
    """Write an id in plain characters and without the ``.0`` that a spreadsheet adds to numbers."""
    return ibis.cases(
        (text.re_search(r"^[0-9]+\.0+$"), text.re_extract(r"^([0-9]+)\.0+$", 1)),
        (text.re_search("[^!-~]"), half_width(text)),
        else_=text,
    )


def is_broken_id(text: ibis.Value) -> ibis.Value:
    """Tell ids in scientific notation that lack digits: fewer decimals are written than the exponent asks for."""
    decimals = text.re_extract(_SCIENTIFIC, 1).length()
    exponent = text.re_extract(_SCIENTIFIC, 2).try_cast("int64")
    never = ibis.literal(value=False)
    written = ibis.ifelse(text.contains("+"), text.re_search(_SCIENTIFIC), never)  # few ids have a plus
    return ibis.ifelse(written, decimals < exponent, never)


def broken_ids(values: Sequence[str]) -> float:
    """Give the share of values that are long numbers without their last digits.

    Those in scientific notation are; so are numbers of more than 15 digits where all of a column end in noughts from
    the 16th on, as a spreadsheet keeps them.
    """
    if not values:
        return 0.0
    scientific = [found for value in values if (found := re.search(_SCIENTIFIC, value))]
    cut = sum(len(found[1] or "") < int(found[2]) for found in scientific)
    long = [found for value in values if (found := _LONG.fullmatch(value))]
    if len(long) >= _ENOUGH and not any(found[1].strip("0") for found in long):
        cut += len(long)
    return cut / len(values)
