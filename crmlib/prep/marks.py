"""What preparation writes beside the canonical columns of a line until it is judged: the names of these columns."""

from typing import Final

LEFT_OUT: Final = "_left_out"
"""Whether ``where`` leaves a line out; the column is there only where a source of the table has a ``where``."""

TAKES_BACK: Final = "_takes_back"
"""Whether ``returns`` of its source says that a line takes goods back."""

DELIVERY: Final = "_delivery"
"""Text that is larger the later a line was delivered; the column is there only where a source has ``latest``."""

MERGED: Final = "_merged"
"""Why a line was merged into another: ``delivered_twice``, ``said_twice`` or ``superseded``; empty where it was not."""

ORDER_DIFFERS: Final = "_order_money_differs"
"""Whether a line tells other money of its order than the order's other lines do."""

DISCOUNT_BEYOND: Final = "_order_discount_beyond"
"""Whether the order's discount is larger than what its lines cost."""

REFUND_BEYOND: Final = "_order_refund_beyond"
"""Whether more was given back for the order than its lines were sold for."""

REFUND: Final = "refund"
"""Money of a sale that was taken back: its return takes as much off; there only where parameters tell of refunds."""

LISTED: Final = "_listed"
"""Whether the line's order stands on the list of returned orders."""

WITHOUT_SALE: Final = "_refund_without_sale"
BEYOND_SALE: Final = "_refund_beyond_sale"
"""Whether money was given back for what was not sold, or more than it was sold for."""

PASSING: Final = (DELIVERY, LISTED, ORDER_DIFFERS, DISCOUNT_BEYOND, REFUND_BEYOND, WITHOUT_SALE, BEYOND_SALE)
"""What nothing asks for once a line is judged by itself."""
