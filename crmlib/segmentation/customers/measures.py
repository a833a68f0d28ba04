"""The headline numbers of the customer base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.measures import Measure
from crmlib.segmentation.customers.lifecycle import OVERDUE
from crmlib.segmentation.customers.migration import best_segments
from crmlib.segmentation.customers.segments import with_role
from crmlib.stats.concentration import top_share
from crmlib.stats.intervals import proportion
from crmlib.words import N_

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.measures import Headline
    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

BEST_SHARE: Final = Measure(
    code="best_segments_share", title=N_("In the best segments"), unit="share", people="customers",
    meaning=N_("{best} among all customers who ever bought."),
)  # fmt: skip
TOP_TENTH: Final = Measure(
    code="top_tenth_share", title=N_("Revenue from the top tenth"), unit="share", people="the tenth",
    meaning=N_("Share of all revenue so far that the tenth of customers with the highest spend brought."),
)  # fmt: skip
OVERDUE_CUSTOMERS: Final = Measure(
    code="overdue_customers", title=N_("Overdue customers"), unit="people",
    meaning=N_("Customers who by their own rhythm are overdue but not yet lost (at risk or dormant)."),
)  # fmt: skip
LEFT_BEST: Final = Measure(
    code="left_best_segments", title=N_("Left the best segments"), unit="people",
    meaning=N_("Customers who were in the best segments ({best}) a month ago and are not now."),
)  # fmt: skip


def customer_headlines(base: CustomerBase, run: Run) -> list[Headline]:
    """Give the headline numbers of the customer base, now and a month ago; none where nobody has bought."""
    if base.now.empty:
        return []
    both = (base.now, base.before)
    best = run.say("{best:list}", best=best_segments(run))
    share, share_before = (_best_share(each, run) for each in both)
    top, top_before = (top_share(each["spend"]) if len(each) else None for each in both)
    tenth, tenth_before = (int(0.1 * len(each)) for each in both)
    overdue, overdue_before = (float(each["lifecycle"].isin(OVERDUE).sum()) for each in both)
    found = [
        BEST_SHARE.headline(share, previous=share_before, told={"best": best}),
        TOP_TENTH.headline(top, previous=top_before, people=tenth, previous_people=tenth_before),
        OVERDUE_CUSTOMERS.headline(overdue, previous=overdue_before),
    ]
    if base.migration is not None:
        found.append(LEFT_BEST.headline(float(base.migration["left_best"].sum()), told={"best": best}))
    return found


def _best_share(customers: pd.DataFrame, run: Run) -> Estimate | None:
    """Estimate the share of customers in the best segments."""
    best = customers["segment"].isin(with_role(run.params.segmentation.segments, "best"))
    return proportion(int(best.sum()), len(customers)) if len(customers) else None
