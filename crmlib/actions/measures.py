"""The headline numbers of chapter 05."""

from typing import Final

from crmlib.measures import Measure
from crmlib.words import N_

CHAPTER: Final = "05_actions"

LISTED: Final = Measure(
    code="customers_to_contact", title=N_("Customers to contact"), unit="people",
    meaning=N_("customers with an action this month"),
)  # fmt: skip
PUT_FORWARD: Final = Measure(
    code="customers_put_forward", title=N_("Put forward"), unit="people",
    meaning=N_("customers for whom a chapter gave a reason"),
)  # fmt: skip
OPEN_COMPLAINTS: Final = Measure(
    code="open_complaints_listed", title=N_("Listed for an open complaint"), unit="people",
    meaning=N_("listed because a complaint is open"),
)  # fmt: skip
VALUE: Final = Measure(
    code="value_on_the_list", title=N_("Value on the list"), unit="money", people="customers with a lifetime value",
    meaning=N_("sum of the listed customers' lifetime values"),
)  # fmt: skip
LIST_GAIN: Final = Measure(
    code="last_list_gain", title=N_("Brought by last month's list"), unit="money",
    meaning=N_("margin of those to contact beyond what those left out at random say would have come anyway, less cost"),
    people="customers left out at random",
)  # fmt: skip
CAMPAIGN_EFFECT: Final = Measure(
    code="campaign_effect", title=N_("Effect of campaigns"), unit="share",
    meaning=N_("response rate of those contacted less that of the control groups, pooled over campaigns"),
    people="customers of campaigns with a control group",
)  # fmt: skip
