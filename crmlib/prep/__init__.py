"""Chapter 01: from raw files to clean tables, nothing lost, nobody named.

>>> from crmlib import prep

``found = prep.study(run)`` prepares the clean tables and computes; every ``prep.show_…(found, run)`` shows.
"""

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.preparation import Preparation, prepare
from crmlib.prep.reconciliation import ReconciliationError
from crmlib.prep.shown.account import show_account
from crmlib.prep.shown.change import show_change
from crmlib.prep.shown.chapters import show_chapters
from crmlib.prep.shown.days import show_days
from crmlib.prep.shown.lines import show_lines
from crmlib.prep.shown.persons import show_persons
from crmlib.prep.shown.quality import show_delivered, show_quality
from crmlib.prep.shown.rules import show_rules
from crmlib.prep.study import Study, study
from crmlib.prep.verdict import fitness, show_answer, show_key_figures, verdict

PARTS = (
    show_answer,
    show_key_figures,
    show_days,
    show_change,
    show_lines,
    show_rules,
    show_account,
    show_quality,
    show_persons,
    show_chapters,
    show_delivered,
)
"""The chapter's parts in the order of the page."""

__all__ = [
    "PARTS",
    "InputRejectedError",
    "Preparation",
    "ReconciliationError",
    "Study",
    "fitness",
    "prepare",
    "show_account",
    "show_answer",
    "show_change",
    "show_chapters",
    "show_days",
    "show_delivered",
    "show_key_figures",
    "show_lines",
    "show_persons",
    "show_quality",
    "show_rules",
    "study",
    "verdict",
]
