"""Counts and sums of each customer before a cutoff, one query (Ibis): what the features are made of.

Only counts, sums, least and greatest values are taken, so that both engines give the same to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import ibis

from crmlib.churn.history.events import NO_EVENTS, Events, seen_events
from crmlib.churn.history.features import NAMES
from crmlib.churn.history.own_features import NONE, OwnFeatures, measure_own
from crmlib.features import DAYS_PER_WEEK, before, days_bought
from crmlib.orders import as_orders, count_orders

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis import Table

COMPLAINT: Final = "complaint"


@dataclass(frozen=True)
class Cut:
    """A cutoff, and the days of which its counts tell."""

    cutoff: date
    horizon_days: int

    @cached_property
    def last_day(self) -> ir.DateScalar:
        """The last day that is known."""
        return ibis.date((self.cutoff - timedelta(days=1)).isoformat())

    def horizons_before(self, number: int) -> date:
        """Give the day so many horizons before the cutoff."""
        return self.cutoff - number * timedelta(days=self.horizon_days)


def describe_customers(
    transactions: Table,
    cutoff: date,
    horizon_days: int,
    own: OwnFeatures = NONE,
    *,
    days: Table | None = None,
    events: Events = NO_EVENTS,
) -> Table:
    """Describe each customer from what was known before a cutoff (Ibis in, Ibis out).

    Only events count, each by its own time: what a current extract says of a customer (tier, points, city) may have
    been written later. ``customer_id, days_since_last, days_since_first, purchase_days, orders, spend, returned,
    average_order_value`` (money as float), ``recent_purchase_days, recent_spend`` (in the horizon before the cutoff),
    ``frequency, recency, T`` in weeks as buy-till-you-die models take them, and the counts that
    `crmlib.churn.history.features` names, of events only where there are tables of them; last one's own features, 0
    where a customer has none.
    """
    cut = Cut(cutoff, horizon_days)
    seen = days_bought(transactions if days is None else days, cutoff)
    described = _of_days(seen, cut)
    described = _joined(described, _of_orders(before(as_orders(transactions), cutoff)))
    for name, table in seen_events(events, cutoff).items():
        described = _joined(described, _OF_EVENTS[name](table.filter(table.customer_id.notnull()), cut))
    silent, age = (cut.last_day.delta(described[name], unit="day").cast("int64") for name in ("last_day", "first_day"))
    money = {name: described[name].cast("float64") for name in _MONEY}
    described = described.mutate(
        days_since_last=silent,
        days_since_first=age,
        **money,
        average_order_value=money["spend"] / described.orders,
        frequency=described.purchase_days - 1,
        recency=(age - silent).cast("float64") / DAYS_PER_WEEK,
        T=age.cast("float64") / DAYS_PER_WEEK,
    ).drop("first_day", "last_day")
    if taken := sorted({*described.columns, *NAMES} & set(own)):
        raise ValueError(f"the chapter has a feature {', '.join(taken)} already: give yours another name")
    for feature in measure_own(transactions, cutoff, own):
        described = _joined(described, feature)
    return described


_MONEY: Final = ("spend", "recent_spend", "earlier_spend", "returned", "discount", "discount_told")


def _of_days(days: Table, cut: Cut) -> Table:
    """Count purchase days and money: of all time, of the last horizon and of the one before; and square the gaps."""
    recent = days.day >= ibis.date(cut.horizons_before(1).isoformat())
    earlier = (days.day >= ibis.date(cut.horizons_before(2).isoformat())) & ~recent
    return days.group_by("customer_id").agg(
        first_day=days.day.min(),
        last_day=days.day.max(),
        purchase_days=days.count(),
        spend=days.amount.sum(),
        recent_purchase_days=days.count(where=recent),
        recent_spend=days.amount.sum(where=recent).fill_null(0),
        earlier_purchase_days=days.count(where=earlier),
        earlier_spend=days.amount.sum(where=earlier).fill_null(0),
        gap_squares=(days.gap * days.gap).sum().fill_null(0).cast("float64"),
    )


def _of_orders(orders: Table) -> Table:
    """Count orders, what was in them and where they were placed, what was on offer and what went back."""
    known = orders.filter(orders.customer_id.notnull())
    bought = known.lines > 0
    return known.group_by("customer_id").agg(
        orders=count_orders(known, bought),
        line_count=known.lines.sum().fill_null(0).cast("float64"),
        store_count=known.store_id.nunique(where=bought),
        channel_count=known.channel.nunique(where=bought),
        promoted_orders=known.count(where=bought & (known.promotion_lines > 0)),
        discount=known.discount.sum().fill_null(0),
        discount_told=known.discount_told.sum().fill_null(0),
        returned=known.returned.sum(),
        return_count=known.count(where=known.returned_lines > 0),
    )


def _of_interactions(contacts: Table, cut: Cut) -> Table:
    """Count complaints, those of the last horizon, those that nobody has settled, and other contacts."""
    complaint = contacts.kind.lower() == COMPLAINT
    recent = contacts["at"] >= ibis.timestamp(cut.horizons_before(1).isoformat())
    is_open = {"open_complaint_count": contacts.count(where=complaint & contacts.resolved_at.isnull())}
    return contacts.group_by("customer_id").agg(
        complaint_count=contacts.count(where=complaint),
        recent_complaint_count=contacts.count(where=complaint & recent),
        contact_count=contacts.count(where=~complaint),
        **(is_open if "resolved_at" in contacts.columns else {}),
    )


def _of_surveys(answers: Table, _cut: Cut) -> Table:
    """Give the score of the latest answer, and how many there were."""
    scored = answers.filter(answers.score.notnull())
    latest = ibis.row_number().over(
        group_by=scored.customer_id, order_by=[scored.answered_at.desc(), scored.response_id.desc()]
    )
    ranked = scored.mutate(place=latest)
    return ranked.group_by("customer_id").agg(
        answer_count=ranked.count(), last_score=ranked.score.max(where=ranked.place == 0)
    )


def _of_categories(firsts: Table, _cut: Cut) -> Table:
    """Count the categories bought of."""
    return firsts.group_by("customer_id").agg(category_count=firsts.count())


_OF_EVENTS: Final = {"interactions": _of_interactions, "surveys": _of_surveys, "categories": _of_categories}
_UNKNOWN: Final = ("last_score",)
"""What has no value where nothing happened; all else is nought then."""


def _joined(described: Table, more: Table) -> Table:
    """Put more counts beside the customers, nought where there are none."""
    counted = [name for name in more.columns if name not in ("customer_id", *_UNKNOWN)]
    joined = described.left_join(more, "customer_id").drop("customer_id_right")
    return joined.mutate(**{name: joined[name].fill_null(0) for name in counted})
