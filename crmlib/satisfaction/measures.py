"""The headline numbers of chapter 04."""

from typing import Final

from crmlib.measures import Measure
from crmlib.words import N_

CHAPTER: Final = "04_satisfaction"

HEADLINES: Final = {
    "nps": Measure(
        code="net_promoter_score", title=N_("Net promoter score"), unit="points", people="customers who answered",
        meaning=N_("share who recommend with 9 or 10 less share with 0 to 6, times 100; answers of the last {days} "
                   "days, weighted to the customers"),
    ),
    "top_box": Measure(
        code="very_satisfied", title=N_("Very satisfied"), unit="share", people="customers who answered",
        meaning=N_("scores of {top} and above; answers of the last {days} days, weighted to the customers"),
    ),
    "response": Measure(
        code="response_rate", title=N_("Response rate"), unit="share", people="invitations",
        meaning=N_("invitations that were answered in time, of the last {days} days"),
    ),
    "settled": Measure(
        code="days_to_settle", title=N_("Complaint settled in"), unit="days", people="complaints",
        meaning=N_("median of the last year, open complaints counted as waiting"),
    ),
    "complaints": Measure(
        code="complaints_per_1000_orders", title=N_("Complaints per 1,000 orders"), unit="number", people="orders",
        meaning=N_("complaints for each 1,000 orders by members, of the last {days} days"),
    ),
    "returns": Measure(
        code="return_rate", title=N_("Money taken back"), unit="share", people="customers and anonymous orders",
        meaning=N_("money for returned goods over the money sold, of the last {days} days"),
    ),
    "returners": Measure(
        code="customers_returning_goods", title=N_("Customers with a return"), unit="share", people="customers",
        meaning=N_("customers who took something back among those who bought, of the last {days} days"),
    ),
}  # fmt: skip
"""By their names in an `Overview`, in their order on the page."""

EXPLAINED: Final = Measure(
    code="satisfaction_explained_by_drivers", title=N_("Satisfaction explained by drivers"), unit="share",
    meaning=N_("part of the differences in satisfaction that the scored drivers account for together"),
    people="customers who scored a driver",
)  # fmt: skip
BOUGHT_AGAIN: Final = Measure(
    code="bought_again_top_box_less_rest", unit="share",
    title=N_("Bought again, very satisfied less others, equal behaviour before"),
    meaning=N_("share of the very satisfied who bought within {days} days of answering, less that of the others, "
               "between customers with equal behaviour before"),
    people="customers who answered",
)  # fmt: skip
