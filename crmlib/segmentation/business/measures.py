"""The figures of the business, one record each: all that is computed, shown and recorded of them loops over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crmlib.measures import Measure
from crmlib.reporting import Gated, each, estimate, exact, gate, people, rate
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from crmlib.reporting.columns import Column
    from crmlib.workspace import Run


PEOPLE: Final = frozenset({"active", "new", "returning", "reactivated", "lost", "before", "again"})
"""Sums that are numbers of people."""

# the tables that show some of the figures: by month, and three by part of the business
MONTHS: Final = "months"
PART_MONEY: Final = "part_money"
PART_CUSTOMERS: Final = "part_customers"
PART_YEAR: Final = "part_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Measure):
    """A measure of the business: what it is, how it is made of the sums of a span, and which tables show it."""

    column: str  # in the tables `business_figures` and `monthly_figures`
    per: tuple[str, ...] = ()  # the two sums of which it is one over the other; empty where it is a sum itself
    # sums of squares and products that its interval is made of, where it is an average with one
    squares: tuple[str, ...] = ()
    aside: str = ""  # what the dictionary says besides its meaning
    tables: tuple[str, ...] = ()  # that show it, besides the glance, which shows all
    tile: bool = False  # whether it stands in the strip of the first screen
    recorded: bool = True  # whether it is recorded for `results.json`
    by_limits: bool = False  # whether it hangs on the limits of the stages: recorded once these last

    @property
    def is_rate(self) -> bool:
        """Whether it is a number of people over another."""
        return bool(self.per) and PEOPLE.issuperset(self.per)

    @property
    def is_per_head(self) -> bool:
        """Whether it is anything else over a number of people, which is rounded before it is told."""
        return bool(self.per) and self.per[1] in PEOPLE and not self.is_rate

    @property
    def has_interval(self) -> bool:
        """Whether it is told with an interval."""
        return self.is_rate or bool(self.squares)

    @property
    def columns(self) -> tuple[str, ...]:
        """Its column, and those of the ends of its interval."""
        ends = ("", "_low", "_high") if self.has_interval else ("",)
        return tuple(f"{self.column}{end}" for end in ends)

    def explained(self, **values: str) -> str:
        """Say what it means and all besides, in the report's language; see :func:`fillings`."""
        return " ".join(_(words).format(**values) for words in (self.meaning, self.aside) if words)


def fillings(run: Run | None = None, lost_after: float | None = None) -> dict[str, str]:
    """Say what fills the names in the meanings: when a customer counts as lost, and how many came back sooner."""
    days, share = _("as many days as make a customer lost"), _("nearly all")
    if run is not None:
        share = run.say("{share:share0}", share=run.params.segmentation.lifecycle_quantiles[2])
        days = days if lost_after is None else run.say(_("{n:count} days"), n=lost_after)
    return {"days": days, "share": share}


_NET: Final = "amount, is_purchase, is_return, is_product"
_WHO: Final = "customer_id, ordered_at, is_purchase"

FIGURES: Final = (
    Figure(
        code="net_revenue", column="net", title=N_("Net revenue"), unit="money", people="buyers", source=_NET,
        meaning=N_("Products sold less products taken back, anonymous sales included."),
        tables=(MONTHS, PART_MONEY, PART_YEAR), tile=True,
    ),
    Figure(
        code="net_revenue_per_day", column="net_per_day", title=N_("Net revenue per day"), unit="money",
        people="buyers", source=_NET, per=("net", "days"), tables=(MONTHS,), recorded=False,
        meaning=N_("Net revenue over the days of the span: months differ in length."),
    ),
    Figure(
        code="orders", column="orders", title=N_("Orders"), unit="count", people="buyers", tables=(MONTHS,),
        source="order_id, is_purchase", meaning=N_("Distinct order numbers with a product bought."),
    ),
    Figure(
        code="customers_who_bought", column="active", title=N_("Customers who bought"), unit="people", source=_WHO,
        meaning=N_("Known customers with a purchase."), tables=(MONTHS, PART_MONEY, PART_YEAR), tile=True,
    ),
    Figure(
        code="new_customers", column="new", title=N_("New customers"), unit="people", source=_WHO,
        meaning=N_("Customers who bought and had never bought before in the data, in whatever part of the business."),
        tables=(MONTHS, PART_CUSTOMERS), tile=True,
    ),
    Figure(
        code="reactivated_customers", column="reactivated", title=N_("Back after a pause"), unit="people", source=_WHO,
        meaning=N_("Customers who bought and had bought before, but not in the month before (twelve months before, for "
                   "twelve months)."),
        aside=N_("In all only: who pauses in one store may buy in another."),
    ),
    Figure(
        code="newly_lost_customers", column="lost", title=N_("Newly lost customers"), unit="people", source=_WHO,
        by_limits=True,
        meaning=N_("Customers who reached {days} without a purchase within the span. Of the customers with one day of "
                   "purchase who came back, {share} did so sooner, and of those still waiting then no more than one in "
                   "ten come back. Who returns later was lost all the same, and then counts as back after a pause."),
        aside=N_("In all only."),
    ),
    Figure(
        code="average_order_value", column="average_order_value", title=N_("Average order value"), unit="money",
        people="buyers", source="amount, order_id, is_purchase", meaning=N_("Gross revenue over orders."),
        per=("gross", "orders"), squares=("ss", "so"), tables=(MONTHS, PART_CUSTOMERS), tile=True,
    ),
    Figure(
        code="repurchase_rate", column="repurchase_rate", title=N_("Repurchase rate"), unit="share", people="before",
        meaning=N_("Of the customers who bought in the month before, the share who bought again in this one."),
        aside=N_("For twelve months: of those of the twelve months before. Of a channel, store or category: who bought "
                 "in it in both. Not told of a tier: it is the one of the extract, earned by buying again."),
        source=_WHO, per=("again", "before"), tables=(MONTHS, PART_CUSTOMERS, PART_YEAR), tile=True,
    ),
    Figure(
        code="identified_share", column="identified_share", title=N_("Known customers' share"), unit="share",
        people="active", source="amount, customer_id, is_purchase", per=("identified", "gross"),
        meaning=N_("Gross revenue of orders with a customer number (members) over all gross revenue."),
        tables=(PART_CUSTOMERS,),
    ),
    Figure(
        code="discount_share", column="discount_share", title=N_("Discount"), unit="share", people="buyers",
        meaning=N_("Discounts over what the same lines would have cost without them; lines that do not say their "
                   "discount are left out."),
        source="discount, amount, is_purchase", needs="discount", lack=N_("discounts"),
        per=("discount", "undiscounted"), tables=(PART_MONEY, PART_YEAR),
    ),
    Figure(
        code="returned_share", column="returned_share", title=N_("Returned"), unit="share", people="buyers",
        meaning=N_("Money of products taken back, whenever they were bought, over gross revenue."),
        source="amount, is_return, is_product", per=("returned", "gross"), tables=(PART_MONEY, PART_YEAR),
    ),
    Figure(
        code="gross_revenue", column="gross", title=N_("Gross revenue"), unit="money", people="buyers",
        meaning=N_("Products sold, before anything was taken back; postage, fees and vouchers left out."),
        source="amount, is_purchase", recorded=False,
    ),
    Figure(
        code="returning_customers", column="returning", title=N_("Returning customers"), unit="people", source=_WHO,
        meaning=N_("Customers who bought and had bought before the span, in whatever part of the business."),
        recorded=False,
    ),
    Figure(
        code="revenue_per_customer", column="revenue_per_customer", title=N_("Revenue per customer"), unit="money",
        people="active", meaning=N_("Gross revenue of known customers over the number of those who bought."),
        source="amount, customer_id, is_purchase", per=("identified", "active"),
    ),
    Figure(
        code="units_per_order", column="units_per_order", title=N_("Units per order"), unit="number", people="buyers",
        source="quantity, order_id, is_purchase", meaning=N_("Units sold over orders."),
        per=("units", "orders"), squares=("uu", "uo"), tables=(MONTHS, PART_CUSTOMERS),
    ),
    Figure(
        code="price_per_unit", column="price_per_unit", title=N_("Price per unit"), unit="money", people="buyers",
        meaning=N_("Gross revenue over units sold: the price paid, after discount."),
        source="amount, quantity, is_purchase", per=("gross", "units"),
    ),
    Figure(
        code="points_redeemed", column="points", title=N_("Points redeemed"), unit="count", people="buyers",
        meaning=N_("Loyalty points spent, where the source says so."),
        source="points_redeemed, is_purchase", needs="points", lack=N_("points"),
    ),
)  # fmt: skip


def figures_page(page: str) -> str:
    """Put the figures, as the report's dictionary has them, under the head of the one table of ``docs/figures.md``."""
    words, rule, _rows = page.partition("| --- | --- | --- | --- | --- |\n")
    units = {"count": "number", "people": "customers"}
    cells = [
        (
            figure.label, f"`{figure.column}`", units.get(figure.unit, figure.unit), figure.explained(**fillings()),
            ", ".join(f"`{name}`" for name in figure.source.split(", ")),
        )
        for figure in FIGURES
    ]  # fmt: skip
    return words + rule + "".join(f"| {' | '.join(row)} |\n" for row in cells)


MEAN: Final = "a mean over orders or units: where rows are groups of customers, no table says of how many"
WHOLE: Final = "the takings of the whole shop, not of a group of its customers"


def gated_figures(
    rows: pd.DataFrame, run: Run, figures: Sequence[Figure], *more: Column,
    largest: str = "", missing: str | None = None, totals: bool = False,
) -> Gated:  # fmt: skip
    """Let figures of some spans or parts of the business through the gate, behind what names the rows and more.

    ``largest`` is the column with the largest buyer's part of the money; without one the rows are the whole shop. Cells
    that were not observed say ``missing``; ``totals`` where a reader can add the rows up.
    """
    columns = [*more, *(_declared(figure, largest, missing) for figure in figures)]
    named = {column.name for column in columns}
    # what a number of people is divided by or into passes with it, and has no heading
    parts = dict.fromkeys(name for figure in figures if figure.is_rate or figure.is_per_head for name in figure.per)
    columns += [
        people(name) if name in PEOPLE else exact(name, of="buyers", largest=largest)
        for name in parts if name not in named
    ]  # fmt: skip
    made = {column.name for column in columns if column.role in {"rate", "each"}}
    ends = [name for figure in figures if figure.squares for name in figure.columns[1:]]
    steering = [name for column in columns for name in (column.of, column.largest) if name]
    needed = dict.fromkeys([*(column.name for column in columns if column.name not in made), *ends, *steering])
    return gate(rows[list(needed)], run, *columns, totals=totals)


def _declared(figure: Figure, largest: str, missing: str | None) -> Column:
    """Declare a figure: a number of people, a rate of them, something a head, a sum, or one sum over another."""
    name, heading, of = figure.column, figure.label, figure.people
    if figure.unit == "people":
        return people(name, heading, missing=missing)
    if figure.is_rate:
        return rate(name, heading, per=(figure.per[0], figure.per[1]), missing=missing)
    if figure.is_per_head:
        return each(name, heading, figure.unit, per=(figure.per[0], figure.per[1]), missing=missing)
    if figure.per:
        return estimate(name, heading, figure.unit, of=of, exempt=MEAN, missing=missing)
    return exact(
        name, heading, figure.unit, of=of, largest=largest, exempt="" if largest else WHOLE, missing=missing
    )  # fmt: skip


def legend(gated: Gated) -> str:
    """Say what a dash stands for, where a table shows one: neither a number nor a hidden one."""
    names = [column.name for column in gated.columns if column.heading]
    blank = gated.frame[names].isna() & ~gated.hidden[names]
    return _("–: the data do not tell.") if blank.to_numpy().any() else ""
