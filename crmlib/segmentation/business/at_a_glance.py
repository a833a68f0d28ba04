"""The business figures of a run, for every span of time that its history holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.features import before, purchases, returns_known
from crmlib.segmentation.business.glance import COLUMNS, business_figures
from crmlib.segmentation.business.measures import FIGURES
from crmlib.segmentation.business.part_starts import COLUMNS as START_COLUMNS
from crmlib.segmentation.business.part_starts import part_starts
from crmlib.segmentation.business.windows import Window, report_windows

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Glance:
    """The figures of the business for every span of time.

    Attributes
    ----------
    figures
        From :func:`crmlib.segmentation.business.glance.business_figures`.
    windows
        The spans.
    lost_after
        Days without a purchase after which a customer counts as lost; ``None`` where the data do not say.
    starts
        The first day of sale of each part of the business, see :mod:`crmlib.segmentation.business.part_starts`.
    """

    figures: pd.DataFrame
    windows: list[Window]
    lost_after: float | None
    starts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(START_COLUMNS)))


def at_a_glance(transactions: Table, base: CustomerBase, run: Run) -> Glance:
    """Work out the business figures of a run, with categories and tiers where the data have them."""
    limits = base.measure.limits if base.measure is not None else None
    lost_after = limits.newcomer[2] if limits is not None else None
    first = purchases(before(transactions, run.as_of)).ordered_at.min().to_pandas()
    if pd.isna(first):
        return Glance(pd.DataFrame(columns=list(COLUMNS)), [], lost_after)
    windows = report_windows(pd.Timestamp(first).date(), run.as_of)
    products, members = (run.table(name) if run.has(name) else None for name in ("products", "customers"))
    figures = business_figures(
        transactions, windows, run.as_of, products=products, members=members, lost_after=lost_after
    )
    if not returns_known(run):
        untold = ["returned", *(name for each in FIGURES if "returned" in each.per for name in each.columns)]
        figures = figures.assign(**dict.fromkeys(untold, float("nan")))
    return Glance(figures, windows, lost_after, part_starts(transactions, run.as_of, products))
