"""The chapter's headline numbers, each with what it counts and what it was a period ago."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from crmlib.features import returns_known
from crmlib.reporting.wording import returns_not_known
from crmlib.segmentation.business.compared import cut_short
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.measures import customer_headlines
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.valuation import portfolio_value, rests_on_one
from crmlib.segmentation.value.wording import model_label
from crmlib.stats import Estimate
from crmlib.words import _, formats
from crmlib.workspace import Run

CHAPTER: Final = "02_segmentation"


Value = Estimate | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number: its name in results, its label, the value now and before, on whom and what it rests."""

    name: str
    label: str
    value: Value
    unit: str
    definition: str
    people: int | None = None
    previous: Value = None
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
    return [*_of_month(now, then, run), *_of_base(base, run), *_of_value(forecast, run)]


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


def _of_base(base: CustomerBase, run: Run) -> list[Headline]:
    return [
        Headline(
            one.measure.code, one.label, one.value, one.unit, one.definition, one.people, one.previous,
            previous_people=one.previous_people,
        )
        for one in customer_headlines(base, run)
    ]  # fmt: skip


def _of_value(forecast: Forecast, run: Run) -> list[Headline]:
    if forecast.valued is None:
        return []
    weeks = f"{run.params.segmentation.lifetime_weeks:g}"
    before = None if forecast.valued_before is None else portfolio_value(forecast.valued_before)
    value = portfolio_value(forecast.valued)
    if forecast.money.excludes(1):
        # the held-out time refutes the models' own interval: it is not handed on
        value = Estimate(value.value, float("nan"), float("nan"), value.n)
    model = model_label(forecast.valued.name, forecast.valued.purchase_model)
    definition = _(
        "Money expected of today's customers within {weeks} weeks, before returns and discounted ({model} and "
        "Gamma-Gamma)."
    )
    if not forecast.valued.spend_model.has_own_mean:
        definition = _(
            "Money expected of today's customers within {weeks} weeks, before returns and discounted ({model}; spend "
            "drawn towards the mean of repeat buyers, since Gamma-Gamma has none to be believed)."
        )
    return [
        Headline(
            "value_ahead", _("Value ahead"), value, "money",
            definition.format(weeks=weeks, model=model), previous=before,
            people=1 if rests_on_one(forecast.valued) else None,
            previous_people=1 if forecast.valued_before is not None and rests_on_one(forecast.valued_before) else None,
        ),
        Headline(
            "value_held_out", _("Money foreseen of that spent"), forecast.money, "share",
            _("Money that the same models foresaw of the held-out time over what the same customers spent in it: 1 is "
              "right."),
        ),
    ]  # fmt: skip
