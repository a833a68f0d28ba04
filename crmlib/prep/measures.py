"""The headline numbers of chapter 01."""

from typing import Final

from crmlib.measures import Measure
from crmlib.words import N_

CHAPTER: Final = "01_data_prep"

LINES_SEEN: Final = Measure(
    code="lines_seen",
    title=N_("Order lines seen"),
    unit="count",
    meaning=N_("clean order lines before the end of the period"),
    source="transactions: ordered_at",
)
MONEY_SEEN: Final = Measure(
    code="money_seen",
    title=N_("Money seen"),
    unit="money",
    meaning=N_("money of those lines, returns taken off"),
    source="transactions: ordered_at, amount",
)
SET_ASIDE: Final = Measure(
    code="lines_set_aside",
    title=N_("Lines set aside"),
    unit="share",
    meaning=N_("share of delivered order lines in quarantine, all dates"),
)
WITH_CUSTOMER: Final = Measure(
    code="lines_with_customer",
    title=N_("Lines with a customer"),
    unit="share",
    meaning=N_("share of the lines seen that carry a customer number"),
    source="transactions: customer_id",
)
FIT_FOR_USE: Final = Measure(
    code="fit_for_use",
    title=N_("Fit for use"),
    unit="number",
    meaning=N_("2 fit for use, 1 with reservations, 0 not"),
)
RETURNS_MATCHED: Final = Measure(
    code="returns_matched",
    title=N_("Returns matched"),
    unit="share",
    meaning=N_("share of the money given back for goods whose purchase was found"),
    source="transactions: amount, quantity, order_id, returned_order_id, customer_id, product_id",
)


_FATES: Final = {
    "in": (N_("Lines in"), N_("order lines delivered, all dates")),
    "clean": (N_("Lines clean"), N_("of them clean")),
    "quarantined": (N_("Lines quarantined"), N_("of them set aside with a reason")),
    "merged": (N_("Lines merged"), N_("of them merged into a line delivered before")),
    "left_out": (N_("Lines left out"), N_("of them left out, as the parameters ask")),
    "made": (N_("Lines made"), N_("returns made of refunds, clean lines too")),
    "after_as_of": (N_("Lines after the period"), N_("clean lines after the end of the period, which no chapter sees")),
}
ACCOUNT: Final = {
    "lines_in" if fate == "in" else fate: Measure(code=f"lines_{fate}", title=title, unit="count", meaning=meaning)
    for fate, (title, meaning) in _FATES.items()
}
"""The account of the order lines, by the column of the reconciliation."""
