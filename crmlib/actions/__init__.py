"""Chapter 05: what to do. ``found = actions.study(run)`` computes, every ``show_…(found, run)`` shows."""

from crmlib.actions.answer import show_answer, show_numbers
from crmlib.actions.campaigns.page import show_campaigns
from crmlib.actions.experiments.last_shown import show_last_list
from crmlib.actions.experiments.next_shown import show_next
from crmlib.actions.lists.accounting import show_accounting
from crmlib.actions.lists.files import show_lists
from crmlib.actions.lists.plan_shown import show_plan
from crmlib.actions.membership.page import show_membership
from crmlib.actions.missing import show_missing
from crmlib.actions.promotion.page import show_promotion
from crmlib.actions.response.page import show_response
from crmlib.actions.stores.own import (
    one_store,
    show_store_answer,
    show_store_figures,
    show_store_list,
    show_store_segments,
)
from crmlib.actions.stores.page import show_stores
from crmlib.actions.study import Study, study

PARTS = (
    show_answer,
    show_numbers,
    show_plan,
    show_accounting,
    show_lists,
    show_last_list,
    show_campaigns,
    show_next,
    show_response,
    show_promotion,
    show_stores,
    show_membership,
    show_missing,
)
"""The parts of the chapter in the order of the page."""

__all__ = [
    "PARTS",
    "Study",
    "one_store",
    "show_accounting",
    "show_answer",
    "show_campaigns",
    "show_last_list",
    "show_lists",
    "show_membership",
    "show_missing",
    "show_next",
    "show_numbers",
    "show_plan",
    "show_promotion",
    "show_response",
    "show_store_answer",
    "show_store_figures",
    "show_store_list",
    "show_store_segments",
    "show_stores",
    "study",
]
