"""What chapter 01 shows, a function a cell."""

from crmlib.prep.shown.account import money_table, reconciliation_table, steps_folded
from crmlib.prep.shown.calendar import days_shown
from crmlib.prep.shown.change import change_shown
from crmlib.prep.shown.chapters import chapters_table
from crmlib.prep.shown.control import control_shown
from crmlib.prep.shown.delivered import sources_table, tables_table
from crmlib.prep.shown.headline import headline_strip
from crmlib.prep.shown.lines import lines_shown
from crmlib.prep.shown.persons import persons_shown
from crmlib.prep.shown.quality import quality_shown
from crmlib.prep.shown.rules import rules_shown

__all__ = [
    "change_shown",
    "chapters_table",
    "control_shown",
    "days_shown",
    "headline_strip",
    "lines_shown",
    "money_table",
    "persons_shown",
    "quality_shown",
    "reconciliation_table",
    "rules_shown",
    "sources_table",
    "steps_folded",
    "tables_table",
]
