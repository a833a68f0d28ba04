"""The headline numbers of chapter 05."""

from typing import Final

from crmlib.measures import Measure
from crmlib.words import N_

CHAPTER: Final = "05_actions"

CONTACTED: Final = Measure(
    code="customers_to_contact", title=N_("Customers to contact"), unit="people",
    meaning=N_("customers on this month's list who are contacted"),
)  # fmt: skip
LEFT_ALONE: Final = Measure(
    code="customers_left_alone", title=N_("Left alone to learn"), unit="people",
    meaning=N_("customers on this month's list who are left alone at random, to measure what contact changes"),
)  # fmt: skip
PUT_FORWARD: Final = Measure(
    code="customers_put_forward", title=N_("Put forward"), unit="people",
    meaning=N_("customers for whom a chapter gave a reason"),
)  # fmt: skip
COST: Final = Measure(
    code="cost_of_contacts", title=N_("Cost of contacts"), unit="money", people="customers to contact",
    meaning=N_("contacts of this month and the offers that are expected to be taken"),
)  # fmt: skip
GAIN: Final = Measure(
    code="expected_gain", title=N_("Expected gain"), unit="money", people="customers to contact",
    meaning=N_("margin within {horizon} beyond what would come anyway, less the cost of contacts and offers"),
)  # fmt: skip
LIST_GAIN: Final = Measure(
    code="last_list_gain", title=N_("Brought by last month's list"), unit="money",
    meaning=N_("margin of those to contact beyond what those left out at random say would have come anyway, less cost"),
    people="customers left out at random",
)  # fmt: skip
CAMPAIGN_EFFECT: Final = Measure(
    code="campaign_effect", title=N_("Effect of the latest campaign"), unit="share",
    meaning=N_("share who bought of those contacted in {name}, less that of those left out at random"),
    people="customers of a campaign with a control group",
)  # fmt: skip
