"""Figures, shown tables, sentences and pages: everything a reader of a report meets.

Notebooks take their words from here and show what they get as the last expression of a cell:

>>> from crmlib.reporting import Shows, answer, figure, insufficient, note, show_all, strip, table
"""

from crmlib.reporting import palette
from crmlib.reporting.columns import Shows
from crmlib.reporting.figure import figure
from crmlib.reporting.folding import definitions, folded
from crmlib.reporting.indicators import Indicator, strip
from crmlib.reporting.shown import Shown, show_all
from crmlib.reporting.statements import answer, insufficient, note
from crmlib.reporting.tables import table
from crmlib.words import formats

__all__ = [
    "Indicator",
    "Shown",
    "Shows",
    "answer",
    "definitions",
    "figure",
    "folded",
    "formats",
    "insufficient",
    "note",
    "palette",
    "show_all",
    "strip",
    "table",
]
