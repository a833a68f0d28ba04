"""The measures of what customers are worth; those of the business and of the customers stand with these."""

from typing import Final

from crmlib.measures import Measure
from crmlib.words import N_

VALUE_AHEAD: Final = Measure(
    code="value_ahead", title=N_("Value ahead"), unit="money", people="customers",
    meaning=N_("Money expected of today's customers within {weeks} weeks, before returns and discounted ({method})."),
)  # fmt: skip
HELD_OUT: Final = Measure(
    code="value_held_out", title=N_("Money foreseen of that spent"), unit="share", people="customers",
    meaning=N_("Money that the same models foresaw of the held-out time over what the same customers spent in it: 1 is "
               "right."),
)  # fmt: skip
