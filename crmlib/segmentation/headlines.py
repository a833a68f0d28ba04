"""The chapter's headline numbers, each with what it counts and what it was a period ago."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from crmlib.features import returns_known
from crmlib.reporting.wording import returns_not_known
from crmlib.segmentation.business.compared import cut_short
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import BEST, segment_label
from crmlib.segmentation.value import value_headlines
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.wording import listed
from crmlib.stats import Estimate
from crmlib.stats.concentration import top_share
from crmlib.stats.intervals import proportion
from crmlib.words import _, formats
from crmlib.workspace import Run

CHAPTER: Final = "02_segmentation"
OVERDUE: Final = ("at_risk", "dormant")


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number: its name in results, its label, the value now and before, on whom and what it rests."""

    name: str
    label: str
    value: Estimate | float | Decimal | None
    unit: str
    definition: str
    people: int | None = None
    previous: Estimate | float | Decimal | None = None
    counted: str = ""
    previous_people: int | None = None


def headlines(
    months: pd.DataFrame, earlier: pd.DataFrame, base: CustomerBase, forecast: Forecast, run: Run
) -> list[Headline]:
    """Collect the headline numbers of the chapter.

    Parameters
    ----------
    months, earlier
        Monthly figures as of the run's date and as of the last period's.
    base
        The customer base at both dates.
    forecast
        The value ahead.
    run
        The run.
    """
    if months.empty:
        return []
    now = months.iloc[-1]
    # a month that the data begin within is nothing to put a whole one beside
    then = earlier.iloc[-1] if len(earlier) and not cut_short(earlier.iloc[-1], run) else None
    return [*_of_month(now, then, run), *_of_base(base), *_of_value(forecast, run)]


def record_headlines(found: list[Headline], run: Run) -> None:
    """Record headline numbers for the summary and for ``results.json``, past the disclosure gate."""
    for each in found:
        run.record(
            CHAPTER,
            each.name,
            each.value,
            unit=each.unit,
            definition=each.definition,
            people=each.people,
            previous=each.previous,
            previous_people=each.previous_people,
        )


def _of_month(now: pd.Series, then: pd.Series | None, run: Run) -> list[Headline]:
    def both(column: str, basis: str | None = None) -> dict[str, Any]:
        pick = (lambda row: estimated(row, column, basis)) if basis else (lambda row: float(row[column]))
        return {"value": pick(now), "previous": pick(then) if then is not None else None}

    known = returns_known(run)
    returned = both("returned_share") if known else {"value": None}
    buyers = [None if row is None else int(row["buyers"]) for row in (now, then)]
    basis: dict[str, Any] = dict(zip(("people", "previous_people"), buyers, strict=True))
    return [
        Headline(
            "net_revenue", _("Net revenue"), unit="money", **basis, **both("net"),
            definition=_("Products sold in the period less products taken back, anonymous sales included."),
        ),
        Headline(
            "active_customers", _("Active customers"), unit="people", **both("active"),
            definition=_("Known customers with a purchase in the period."),
        ),
        Headline(
            "new_customers", _("New customers"), unit="people", **both("new"),
            definition=_("Known customers whose first purchase in the data lies in the period."),
        ),
        Headline(
            "average_order_value", _("Order value"), unit="money", **both("average_order_value", "buyers"),
            counted=_buyers(now, run),
            definition=_("Gross revenue of the period over its orders."),
        ),
        Headline(
            "repurchase_rate", _("Repurchase rate"), unit="share", **both("repurchase_rate", "before"),
            counted=_("customers of the month before"),
            definition=_("Of the customers who bought in the month before, the share who bought again in this one."),
        ),
        Headline(
            "units_per_order", _("Units per order"), unit="number", **both("units_per_order", "buyers"),
            counted=_buyers(now, run),
            definition=_("Units sold in the period over its orders."),
        ),
        Headline(
            "orders", _("Orders"), unit="count", **basis, **both("orders"),
            definition=_("Distinct orders with a product in the period."),
        ),
        Headline(
            "returned_share", _("Returned"), unit="share", **basis, **returned,
            definition=" ".join([_("Money of products taken back in the period over gross revenue."),
                                 *([] if known else [returns_not_known()])]),
        ),
    ]  # fmt: skip


def _buyers(now: pd.Series, run: Run) -> str:
    """Say who the buyers of a month are: customers, and orders of nobody known, each standing for itself."""
    anonymous = int(now["buyers"] - now["active"])
    if anonymous == 0:
        return _("customers")
    known, buyers = run.rules.rounded(float(now["active"])), run.rules.rounded(float(now["buyers"]))
    if known is None or buyers is None or run.rules.hides(anonymous):
        return _("customers and anonymous orders")
    # the rest of what is shown, so that the parts add up
    words = _("({customers} customers and {orders} anonymous orders)")
    return words.format(customers=formats.count(known), orders=formats.count(buyers - known))


def estimated(row: pd.Series, column: str, basis: str) -> Estimate:
    """Give a figure of a month with its interval, where it has one, and the people of another column as its basis."""
    low, high = (float(row.get(f"{column}_{end}", float("nan"))) for end in ("low", "high"))
    return Estimate(float(row[column]), low, high, int(row[basis]))


def _of_base(base: CustomerBase) -> list[Headline]:
    if base.now.empty:
        return []
    left = None if base.moved is None else float(base.moved["left_best"].sum())
    found = [
        Headline(
            "best_segments_share", _("In the best segments"), _best(base.now), "share",
            _("{best} among all customers who ever bought.").format(best=_best_named()), previous=_best(base.before),
        ),
        Headline(
            "top_tenth_share", _("Revenue from the top tenth"), top_share(base.now["spend"]), "share",
            _("Share of all revenue so far that the tenth of customers with the highest spend brought."),
            people=_top_tenth(base.now), previous_people=_top_tenth(base.before),
            previous=top_share(base.before["spend"]) if len(base.before) else None,
        ),
        Headline(
            "overdue_customers", _("Overdue customers"), float(base.now["lifecycle"].isin(OVERDUE).sum()), "people",
            _("Customers who by their own rhythm are overdue but not yet lost (at risk or dormant)."),
            previous=float(base.before["lifecycle"].isin(OVERDUE).sum()),
        ),
    ]  # fmt: skip
    if left is not None:
        definition = _("Customers who were in the best segments ({best}) a month ago and are not now.")
        definition = definition.format(best=_best_named())
        found.append(Headline("left_best_segments", _("Left the best segments"), left, "people", definition))
    return found


def _top_tenth(customers: pd.DataFrame) -> int:
    """Count the people whose money the share of the top tenth is."""
    return int(0.1 * len(customers))


def _best_named() -> str:
    return listed([segment_label(code) for code in BEST])


def _best(customers: pd.DataFrame) -> Estimate | None:
    if customers.empty:
        return None
    return proportion(int(customers["segment"].isin(BEST).sum()), len(customers))


def _of_value(forecast: Forecast, run: Run) -> list[Headline]:
    return [
        Headline(
            one.measure.code, one.label, one.value, one.unit, one.definition, previous=one.previous,
            people=one.people, previous_people=one.previous_people,
        )
        for one in value_headlines(forecast, run)
    ]  # fmt: skip
