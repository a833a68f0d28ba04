"""Long numbers of which a spreadsheet has cut digits: 6901201234567 saved as 6.90120E+12 is nobody's any more."""

import re
from collections.abc import Sequence
from typing import Any, Final

import ibis

_SCIENTIFIC: Final = r"(?:^|[:-])[1-9](?:[.,]([0-9]*))?[eE]\+([0-9]{2,3})(?:$|-)"
"""Alone, behind a name space, or joined with other parts."""
_LONG: Final = re.compile(r"[1-9][0-9]{14}([0-9]+)")
_ENOUGH: Final = 5


def is_broken_id(text: Any) -> Any:
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
    scientific = [found for each in values if (found := re.search(_SCIENTIFIC, each))]
    cut = sum(len(found[1] or "") < int(found[2]) for found in scientific)
    long = [found for each in values if (found := _LONG.fullmatch(each))]
    if len(long) >= _ENOUGH and not any(found[1].strip("0") for found in long):
        cut += len(long)
    return cut / len(values)
