"""Chapter 05: whom to contact, and why. ``found = actions.study(run)`` computes, every ``show_…(found, run)`` shows."""

from crmlib.actions.campaigns import show_campaigns
from crmlib.actions.experiments.last_shown import show_last_list
from crmlib.actions.experiments.next_shown import show_next
from crmlib.actions.lists.accounting import show_accounting
from crmlib.actions.lists.files import show_lists
from crmlib.actions.lists.overview import show_answer, show_numbers, show_reasons
from crmlib.actions.lists.plan_shown import show_plan
from crmlib.actions.study import Study, study
from crmlib.campaigns import campaign_effects

# the names by which the notebook calls them
show_actions, show_candidates, show_list = show_plan, show_accounting, show_lists

PARTS = (show_answer, show_numbers, show_reasons, show_plan, show_accounting, show_lists, show_campaigns)
"""The parts of the chapter in the order of the page."""

__all__ = [
    "PARTS",
    "Study",
    "campaign_effects",
    "show_accounting",
    "show_answer",
    "show_campaigns",
    "show_last_list",
    "show_lists",
    "show_next",
    "show_numbers",
    "show_plan",
    "show_reasons",
    "study",
]
