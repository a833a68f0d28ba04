"""What returns say where nobody was asked: how much comes back, month by month and product by product."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before, returns_known
from crmlib.months import cut_off, last_months
from crmlib.orders import as_orders
from crmlib.reporting import (
    Shown,
    estimate,
    exact,
    figure,
    folded,
    gate,
    insufficient,
    label,
    note,
    nothing,
    people,
    rate,
    show_all,
)
from crmlib.reporting.statements import returns_not_known
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import month_line, percent, source
from crmlib.stats import Estimate, intervals
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table
    from matplotlib.axes import Axes

    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

MONTHS: Final = 13
MOST_PRODUCTS: Final = 10


def returns_by_month(transactions: Table, as_of: date, months: int = MONTHS) -> pd.DataFrame:
    """Measure the money taken back against the money sold in each of the last calendar months.

    A return counts in the month in which it comes back: `month` (first day; `partial` where `as_of` cuts it off),
    `people` (customers, anonymous orders one by one), `sold, returned` (money of products, positive), `rate, rate_low,
    rate_high` (interval by customers).
    """
    amounts = _by_customer_and_month(before(as_orders(transactions), as_of), last_months(as_of, months)).to_pandas()
    rows = []
    for month, part in amounts.groupby("month", sort=True):
        sold, returned = part["sold"].astype(float), part["returned"].astype(float)
        back = intervals.ratio(returned, sold)
        money = {"sold": float(sum(part["sold"])), "returned": float(sum(part["returned"]))}
        interval = {"rate": back.value, "rate_low": max(back.low, 0.0), "rate_high": back.high}
        rows.append({"month": pd.Timestamp(month), "people": len(part), **money, **interval})
    found = pd.DataFrame(rows, columns=["month", "people", "sold", "returned", "rate", "rate_low", "rate_high"])
    return found.assign(partial=cut_off(found["month"], as_of))


def return_rate(transactions: Table, as_of: date, days: int) -> Estimate:
    """Estimate the money taken back over the money sold in the last so many days (interval by customers)."""
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    amounts = _by_customer_and_month(before(as_orders(transactions), as_of), start).to_pandas()
    back = intervals.ratio(amounts["returned"].astype(float), amounts["sold"].astype(float))
    return replace(back, low=max(back.low, 0.0)) if back.has_interval else back


def share_of_returners(transactions: Table, as_of: date, days: int) -> Estimate:
    """Estimate the share of the customers who bought in the last so many days and took something back in them."""
    buyers = buyers_and_returns(transactions, as_of, days)
    counted = buyers.agg(people=buyers.count(), returners=buyers.count(where=buyers.returned)).to_pandas()
    return intervals.proportion(int(counted["returners"].iloc[0]), int(counted["people"].iloc[0]))


def buyers_and_returns(transactions: Table, as_of: date, days: int) -> Table:
    """Give the customers who bought in the last so many days, and whether they took something back: `returned`."""
    orders = recent_orders(transactions, as_of, days)
    customers = orders.group_by("customer_id").agg(
        bought=(orders.amount > 0).any(), returned=(orders.returned_lines > 0).any()
    )
    return customers.filter(customers.bought).select("customer_id", "returned")


def recent_orders(transactions: Table, as_of: date, days: int) -> Table:
    """Give the orders of known customers of the last so many days; one with an amount is no return and no gift."""
    seen = before(as_orders(transactions), as_of)
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    return seen.filter((seen.ordered_at >= start) & seen.customer_id.notnull())


def product_lines(transactions: Table, as_of: date, days: int) -> Table:
    """Give the lines of products and known customers of the last so many days, with `bought`: no return, no gift."""
    seen = before(transactions, as_of)
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    lines = seen.filter(seen.is_product & (seen.ordered_at >= start) & seen.customer_id.notnull())
    return lines.mutate(bought=~lines.is_return & (lines.amount > 0))


def _by_customer_and_month(seen: Table, first: pd.Timestamp) -> Table:
    orders = seen.filter(seen.ordered_at >= first)
    orders = orders.mutate(
        who=ibis.coalesce(orders.customer_id, orders.order_id), month=orders.ordered_at.truncate("month")
    )
    sums = orders.group_by(["month", "who"]).agg(sold=orders.amount.sum(), returned=orders.returned.sum())
    # sorted, so that the last digits of a float do not depend on the engine's threads
    return sums.filter((sums.sold > 0) | (sums.returned > 0)).order_by(["month", "who"]).drop("who")


def returned_products(transactions: Table, as_of: date, days: int, fewest_buyers: int) -> pd.DataFrame:
    """Find the products that most of their buyers take back, of those that enough bought in the last so many days.

    By buyers rather than units: one wholesaler's cancelled order would else make a product look bad. The highest rate
    first: `product_id, people` (buyers), `people_returning, sold, returned` (units), `rate` (of buyers).
    """
    lines = product_lines(transactions, as_of, days)
    counted = lines.group_by("product_id").agg(
        people=lines.customer_id.nunique(where=lines.bought),
        people_returning=lines.customer_id.nunique(where=lines.is_return),
        sold=lines.quantity.sum(where=lines.bought),
        returned=-lines.quantity.sum(where=lines.is_return),
    )
    enough = counted.filter((counted.people >= fewest_buyers) & (counted.returned > 0) & (counted.sold > 0))
    found: pd.DataFrame = enough.cast({"sold": "float64", "returned": "float64"}).to_pandas()
    part = found["people_returning"] / found["people"]
    return found.assign(rate=part).sort_values(["rate", "product_id"], ascending=[False, True], ignore_index=True)


def products_taken_back(run: Run) -> pd.DataFrame:
    """Name the products of the last year that enough customers bought and took back."""
    if not returns_known(run):
        return pd.DataFrame()
    enough = run.fewest
    found = returned_products(run.table("transactions"), run.as_of, YEAR, 2 * enough)
    found = found[found["people_returning"] >= enough]
    return (
        found
        if found.empty
        else found.assign(name=_names(run, found["product_id"])).drop(columns=["product_id", "rate"])
    )


def _names(run: Run, products: pd.Series) -> pd.Series:
    """Give the product's name from the product table, else its commonest description, else its number."""
    ids = products.tolist()
    if run.has("products"):
        rows = run.table("products").select("product_id", "name")
        known = rows.filter(rows.product_id.isin(ids)).to_pandas().set_index("product_id")["name"]
    else:
        lines = run.table("transactions")
        lines = lines.filter(lines.product_id.isin(ids) & lines.description.notnull())
        counted = lines.group_by(["product_id", "description"]).agg(n=lines.count()).to_pandas()
        counted = counted.sort_values(["product_id", "n", "description"], ascending=[True, False, True])
        known = counted.drop_duplicates("product_id").set_index("product_id")["description"]
    return products.map(known).astype("str").fillna(products)


def show_returns(found: Study, run: Run) -> Shown:
    """Show what was taken back by month and product; behind one line where customers were asked."""
    months = found.returns
    if months.empty or not (months["returned"].astype(float) > 0).any():
        return note(_("Nothing was taken back.")) if returns_known(run) else nothing(returns_not_known())
    gated = gate(
        months.drop(columns=["sold", "returned"]), run, label("month"), label("partial"), people("people"),
        estimate("rate", of="people"),
    )  # fmt: skip
    known = gated.rows(lambda frame: frame["rate"].notna())
    if not len(known):
        needed = _("a month in which {n:count} customers bought or took back, and something was sold")
        return insufficient(
            needed=run.say(needed, n=run.fewest),
            found=_("none"),
            therefore=_("The share of the money that goes back is not shown."),
        )
    alt = _("Line over {n:count} months with the band of its interval, from {first} to {last}.")
    limits = [_("A return counts in the month it comes back. One large return can lift a month: look at the band.")]
    limits += [_("The last month is cut off.")] if months["partial"].any() else []
    title = _title(found.now.returns, known.frame, run)
    picture = figure(
        _line,
        gated,
        title=title,
        alt=run.say(alt, n=len(months), first=known.cell(0, "rate"), last=known.cell(-1, "rate")),
        read=_("Each dot is the money taken back in a month over the money sold in it; the band is its 95 % interval."),
        limits=" ".join(limits),
        source=source(run, _("order lines of products"), int(months["people"].max())),
    )
    if found.now.survey is None:
        return show_all(picture, show_products(found, run))
    return show_all(note(f"{title}."), folded(_("Returns by month and product"), picture, show_products(found, run)))


def _title(back: Estimate, known: pd.DataFrame, run: Run) -> str:
    words = (
        _("{back:share:point} of the money of the last {days:count} days went back; the most in {month:month}")
        if back.is_known
        else _("Nothing was sold in the last {days:count} days; the most went back in {month:month}")
    )
    month = known.loc[known["rate"].idxmax(), "month"]
    return run.say(words, back=back, days=run.params.satisfaction.window_days, month=month)


def _line(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the money taken back over the money sold, by month."""
    month_line(axes, percent(frame, "rate"), "rate", _("Money taken back (% of money sold)"))
    axes.set_ylim(bottom=0)


def show_products(found: Study, run: Run) -> Shown:
    """Show the products that most of their buyers take back, of those that enough customers bought."""
    if not returns_known(run):
        return nothing(returns_not_known())
    if found.products.empty:
        return note(_("No product came back from enough customers to be named."))
    gated = gate(
        found.products, run,
        label("name", _("Product")),
        people("people", _("Buyers")),
        people("people_returning", _("Took it back")),
        exact("sold", _("Units sold"), of="people_returning"),
        exact("returned", _("Units back"), of="people_returning"),
        rate("rate", _("Buyers who took it back"), per=("people_returning", "people"), interval=False, decimals=0),
    )  # fmt: skip
    # in the order of the rounded rates that the reader sees: the exact ones would give counts away
    gated = gated.ordered("rate", descending=True).rows(slice(MOST_PRODUCTS))
    return gated.table(run.say(_("Products that most buyers take back, last {days:count} days"), days=YEAR))
