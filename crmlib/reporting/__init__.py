"""Figures, shown tables, sentences and pages: everything a reader of a report meets.

Notebooks take their words from here and show what they get as the last expression of a cell:

>>> from crmlib.reporting import answer, figure, insufficient, note, show_all, strip, table
"""

from crmlib.privacy.rules import largest_part
from crmlib.reporting import palette
from crmlib.reporting.chrome import desk
from crmlib.reporting.columns import each, estimate, exact, label, part, people, rate
from crmlib.reporting.figure import figure
from crmlib.reporting.gate import Gated, gate
from crmlib.reporting.headlines import record_headlines, show_headlines, strip
from crmlib.reporting.shown import Shown, show_all
from crmlib.reporting.statements import answer, behind, definitions, estimated_on, folded, insufficient, note, nothing
from crmlib.reporting.tables import table

__all__ = [
    "Gated",
    "Shown",
    "answer",
    "behind",
    "definitions",
    "desk",
    "each",
    "estimate",
    "estimated_on",
    "exact",
    "figure",
    "folded",
    "gate",
    "insufficient",
    "label",
    "largest_part",
    "note",
    "nothing",
    "palette",
    "part",
    "people",
    "rate",
    "record_headlines",
    "show_all",
    "show_headlines",
    "strip",
    "table",
]
