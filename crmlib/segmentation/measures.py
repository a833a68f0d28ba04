"""The chapter's measures of customers and of their value; those of the business have records of their own."""

from typing import Final

from crmlib.measures import Measure
from crmlib.words import N_

BEST_SEGMENTS: Final = Measure(
    code="best_segments_share", title=N_("In the best segments"), unit="share", people="customers",
    meaning=N_("{best} among all customers who ever bought."),
)  # fmt: skip
TOP_TENTH: Final = Measure(
    code="top_tenth_share", title=N_("Revenue from the top tenth"), unit="share", people="customers",
    meaning=N_("Share of all revenue so far that the tenth of customers with the highest spend brought."),
)  # fmt: skip
OVERDUE: Final = Measure(
    code="overdue_customers", title=N_("Overdue customers"), unit="people",
    meaning=N_("Customers who by their own rhythm are overdue but not yet lost (at risk or dormant)."),
)  # fmt: skip
LEFT_BEST: Final = Measure(
    code="left_best_segments", title=N_("Left the best segments"), unit="people",
    meaning=N_("Customers who were in the best segments ({best}) a month ago and are not now."),
)  # fmt: skip
VALUE_AHEAD: Final = Measure(
    code="value_ahead", title=N_("Value ahead"), unit="money", people="customers",
    meaning=N_("Money expected of today's customers within {weeks} weeks, before returns and discounted ({method})."),
)  # fmt: skip
HELD_OUT: Final = Measure(
    code="value_held_out", title=N_("Money foreseen of that spent"), unit="share", people="customers",
    meaning=N_("Money that the same models foresaw of the held-out time over what the same customers spent in it: 1 is "
               "right."),
)  # fmt: skip
