"""Quarantine: lines set aside or merged, with their original text, file, line number and every reason."""

from collections.abc import Sequence
from typing import Any, Final

import ibis

from crmlib.prep.contracts import REASONS, Rule, reasons_text
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed
from crmlib.prep.mapping import SOURCE
from crmlib.prep.marks import LEFT_OUT, MERGED

QUARANTINED: Final = "quarantined"
MERGED_FATE: Final = "merged"
LEFT_OUT_FATE: Final = "left_out"
FATES: Final = (QUARANTINED, MERGED_FATE, LEFT_OUT_FATE)


def set_aside(rows: Any, rules: tuple[Rule, ...], landed: Sequence[Landed]) -> Any:
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
    originals = [_original(each, told) for each in landed]
    every = originals[0] if len(originals) == 1 else ibis.union(*originals)
    joined = told.left_join(
        every, [told.source == every["_source"], told.file == every["_f"], told.line == every["_l"]]
    )
    return joined.drop("_source", "_f", "_l")


def _original(landed: Landed, told: Any) -> Any:
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
