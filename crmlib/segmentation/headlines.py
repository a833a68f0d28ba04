"""The chapter's headline numbers, each with what it counts and what it was a period ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.segmentation.business.headlines import business_headlines
from crmlib.segmentation.customers.measures import customer_headlines
from crmlib.segmentation.value import value_headlines

if TYPE_CHECKING:
    from crmlib.measures import Headline
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run


def headlines(found: Study, run: Run) -> list[Headline]:
    """Collect the headline numbers of the chapter: of the business, of the customers and of their value."""
    if found.months.empty:
        return []
    return [
        *business_headlines(found, run),
        *customer_headlines(found.base, run),
        *value_headlines(found.forecast, run),
    ]
