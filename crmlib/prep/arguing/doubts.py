"""What the data say against the mapping of order lines: one doubt a fault, with what was seen and what would do."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import ibis

from crmlib.params import Parameters, Source
from crmlib.params.questions import Decides, is_answered
from crmlib.prep.arguing import articles, keys, relations
from crmlib.prep.arguing.doubt import Doubt
from crmlib.prep.arguing.grouping import ambiguous_marks
from crmlib.prep.arguing.no_sales import counted_all_the_same, running_totals
from crmlib.prep.arguing.relations import sold
from crmlib.prep.judging import Judged
from crmlib.prep.landing import FILE, LINE, Landed
from crmlib.prep.mapping import SOURCE
from crmlib.privacy.detector import find_personal_data
from crmlib.words import _, plural

Seen = tuple[str, Decides, str, str]
"""Code, what it decides, what was seen, what would do."""

_NUMBERS: Final = ("quantity", "unit_price", "amount", "discount")
_OF_ORDERS: Final = ("order_total", "order_discount", "order_refund", "order_tax")
_FEW: Final = 3
_MOST_WORDS: Final = 5
_MOSTLY: Final = 0.9


def question_key(code: str, position: int) -> str:
    """Name the question about a source, the sources counted from 0."""
    return code if position == 0 else f"{code}_{position + 1}"


def doubts_of(judged: Judged, params: Parameters) -> tuple[Doubt, ...]:
    """Test every source of the order lines against its mapping; what the parameters have answered is left out."""
    found: list[Doubt] = []
    for position, landed in enumerate(judged.landed):
        rows = judged.good.filter(judged.good[SOURCE] == landed.name)
        if int(rows.count().to_pandas()):
            every = judged.rows.filter(judged.rows[SOURCE] == landed.name)
            found += [
                Doubt(code, question_key(code, position), landed.name, decides, seen, remedy)
                for code, decides, seen, remedy in (
                    *_of_source(rows, every, landed.source),
                    *_statuses(rows, landed, params),
                    *_marks(landed),
                )
            ]
    return tuple(doubt for doubt in found if not is_answered(params.questions, doubt.code, doubt.key, doubt.source))


def doubt_sentences(judged: Judged, params: Parameters) -> tuple[str, ...]:
    """Say in sentences what the data say against the mapping: warnings of a run, which they never stop."""
    words = _("The data contradict the mapping of {source}: {seen}.")
    return tuple(words.format(source=doubt.source, seen=doubt.seen) for doubt in doubts_of(judged, params))


def _of_source(rows: ibis.Table, every: ibis.Table, source: Source) -> Iterator[Seen]:
    given = frozenset(source.columns) | frozenset(source.constants)
    sales = _sales(rows)
    tests: Sequence[Callable[[ibis.Table, frozenset[str]], Iterator[Seen]]] = (
        _order_money, _before_discount, _units_or_price, _rate, _customers,
    )  # fmt: skip
    for test in tests:
        yield from test(sales, given)
    if "order_id" in given:
        yield from _order_numbers(sales, given, renewed="latest" in source.model_fields_set)
    yield from _totals(rows, given)
    if "order_id" in given and not source.model_dump().get("fill_down"):
        yield from _merged(every)


def _sales(rows: ibis.Table) -> ibis.Table:
    """Take the lines that sell something, their numbers as floating point: they are compared, never shown."""
    texts = ("customer_id", "order_id", "line_id", "product_id", "description", "store_id", "channel", "ordered_at")
    lines = sold(rows)
    return lines.select(*texts, FILE, LINE, "day", **{name: lines[name].cast("float64") for name in _NUMBERS})


def _order_money(sales: ibis.Table, given: frozenset[str]) -> Iterator[Seen]:
    """Doubt an amount that is the same on every line of an order: it is the order's."""
    if not {"order_id", "amount"} <= given or given & set(_OF_ORDERS):
        return
    identity = [name for name in ("product_id", "description", "quantity", "unit_price") if name in given]
    level = relations.levels(sales, "order_id", ["amount"], identity, LINE)["amount"]
    if level.is_of_order:
        seen = _("in {n:,} of {all:,} orders of several different lines the amount is the same on every line").format(
            n=level.repeated + level.once, all=level.orders
        )
        yield "amount_is_order_total", "money", seen, _("map that column to order_total instead of amount")


def _before_discount(sales: ibis.Table, given: frozenset[str]) -> Iterator[Seen]:
    """Doubt an amount that is price times quantity though a discount stands beside it: the discount is not off yet."""
    if not {"amount", "quantity", "unit_price"} <= given:
        return
    found = relations.price_times_quantity(
        sales, "amount", "unit_price", "quantity", "discount" if "discount" in given else None
    )
    if found.discounted >= _FEW and found.before >= _MOSTLY * found.discounted and found.after * 10 < found.discounted:
        seen = _(
            "on {n:,} of {all:,} lines with a discount the amount is price × quantity, the discount not off"
        ).format(n=found.before, all=found.discounted)
        yield "amount_before_discount", "money", seen, _("map that column to amount_before_discount")
    elif found.lines >= _FEW and found.far >= _MOSTLY * found.lines:
        seen = _("on {n:,} of {all:,} lines the amount is nowhere near price × quantity").format(
            n=found.far, all=found.lines
        )
        remedy = _("look which of the three columns are units, the price of one and the money of the line")
        yield "amount_not_price_times_quantity", "money", seen, remedy


def _units_or_price(sales: ibis.Table, given: frozenset[str]) -> Iterator[Seen]:
    """Doubt a price that grows with the quantity, an amount that does not, and whole amounts far under the price."""
    article = "product_id" if "product_id" in given else "description" if "description" in given else None
    if article and "quantity" in given:
        yield from _by_article(sales, given, article)
    if {"amount", "unit_price"} <= given and "quantity" not in given:
        extent = relations.extents(sales, ["amount"])["amount"]
        low = sales.agg(n=(sales.amount.abs() * 2 < sales.unit_price.abs()).sum()).to_pandas()["n"].iloc[0]
        if extent.lines >= _FEW and extent.whole == extent.lines and int(low or 0) >= _MOSTLY * extent.lines:
            seen = _("the amounts are whole numbers, far under the price beside them: they look like units")
            yield "amount_is_units", "money", seen, _("map that column to quantity and look what the price is")


def _by_article(sales: ibis.Table, given: frozenset[str], article: str) -> Iterator[Seen]:
    for column, votes_for in (("unit_price", "as_total"), ("amount", "as_price")):
        if column not in given or (column == "unit_price" and "amount" in given):
            continue
        found = articles.per_unit(sales, article, "quantity", column)
        votes = found.as_price + found.as_total
        if found.verdict() == votes_for.removeprefix("as_"):
            if column == "unit_price":
                seen = _("for {n:,} of {all:,} articles sold in several quantities the price grows with the quantity")
                remedy = _("map that column to amount: it is the money of the line")
                code = "unit_price_is_line_total"
            else:
                seen = _("for {n:,} of {all:,} articles sold in several quantities the amount does not grow with it")
                remedy = _("map that column to unit_price: it is the price of one")
                code = "amount_is_unit_price"
            yield code, "money", seen.format(n=getattr(found, votes_for), all=votes), remedy


def _rate(sales: ibis.Table, given: frozenset[str]) -> Iterator[Seen]:
    """Doubt discounts that all lie between 0 and 1: they are shares of the price."""
    if "discount" not in given:
        return
    found = relations.extents(sales, ["discount", "amount"])
    off, money = found["discount"], found["amount"]
    if off.some >= _FEW and off.least >= 0 and off.most <= 1 and off.whole < off.lines and money.most > 5:
        seen = _(
            "all discounts lie between 0 and {most:g}, on lines of up to {money:,.2f}: they look like rates"
        ).format(most=off.most, money=money.most)
        yield "discount_is_rate", "money", seen, _("map that column to discount_rate")


def _order_numbers(sales: ibis.Table, given: frozenset[str], *, renewed: bool) -> Iterator[Seen]:
    """Doubt order numbers that are few, come again elsewhere, or stand in two files with something else changed."""
    found = keys.order_numbers(sales, given)
    if found.is_no_key:
        seen = _("there are only {n:,} different order numbers on {lines:,} lines").format(
            n=found.orders, lines=found.lines
        )
        yield "order_id_is_no_key", "orders", seen, _("map another column to order_id, or none")
    elif found.comes_again:
        seen = _("{n:,} of {all:,} order numbers come again on other days or for other customers").format(
            n=found.again, all=found.orders
        )
        remedy = _("say what makes an order one, such as order_id: [number, date] or [store, till, number]")
        yield "order_id_comes_again", "orders", seen, remedy
    again = keys.delivered_again(sales, given).orders if found.spread and not renewed else 0
    if again:
        seen = _("{n:,} orders stand in two files with something changed, and count twice").format(n=again)
        remedy = _("say which counts: latest: {key: [order_id]} takes the newest file's")
        yield "orders_delivered_again", "money", seen, remedy


def _customers(sales: ibis.Table, given: frozenset[str]) -> Iterator[Seen]:
    if "customer_id" not in given:
        return
    known = sales.filter(sales.customer_id.notnull())
    few = known.select("customer_id").distinct().limit(keys.FEWEST + 1)
    lines, customers = (int(table.count().to_pandas()) for table in (known, few))
    if lines >= keys.ENOUGH and 0 < customers <= keys.FEWEST:
        seen = _("there are only {n:,} different customers on {lines:,} lines").format(n=customers, lines=lines)
        yield "customer_id_is_no_key", "customers", seen, _("map another column to customer_id, or none")


def _totals(rows: ibis.Table, given: frozenset[str]) -> Iterator[Seen]:
    """Doubt lines that add up the lines before them: they are no sales."""
    found = running_totals(rows, given)
    if found.lines:
        seen = _("{n:,} lines without article and customer hold the sum of the lines before them, {money:,.2f} in all")
        remedy = _("leave them out, such as where: {{{column}: {{not: [{word}]}}}}").format(
            column=_("order number"), word=_("Day total")
        )
        yield "totals_counted", "money", seen.format(n=found.lines, money=found.money), remedy


def _statuses(rows: ibis.Table, landed: Landed, params: Parameters) -> Iterator[Seen]:
    """Doubt lines that count though their status says that they are no sales; words with personal data stay untold."""
    answered = [name for name, question in params.questions.items() if question.answer is not None]
    found = counted_all_the_same(rows, landed, answered)
    if found is not None:
        shown = [word for word in found.words if not find_personal_data(word)]
        words = ", ".join(shown[:_MOST_WORDS]) or "…"
        seen = plural(
            "{n:,} line counts ({money:,.2f}) though its {column} says {words}",
            "{n:,} lines count ({money:,.2f}) though their {column} says {words}",
            found.lines,
        ).format(n=found.lines, money=found.money, column=found.column, words=words)
        remedy = _("say which rows count, such as where: {{{column}: {{not: [{words}]}}}}")
        yield "status_says_no_sale", "money", seen, remedy.format(column=found.column, words=words)


def _marks(landed: Landed) -> Iterator[Seen]:
    """Doubt numbers such as 1.234 where no other number tells what the mark does."""
    if found := [*ambiguous_marks(landed)]:
        seen = _("every mark in {columns} stands before three digits, as in 1.234: it may group thousands or divide")
        said = seen.format(columns=", ".join(column.raw for column in found))
        remedy = _(
            "give the marks, such as decimal: {{{column}: '.'}}, or thousands: {{{column}: '.'}} with decimal ','"
        )
        yield "thousands_or_decimals", "money", said, remedy.format(column=found[0].column)


def _merged(every: ibis.Table) -> Iterator[Seen]:
    """Doubt order numbers that stand on the first line of each order only: cells merged over its lines."""
    lines = keys.without_number(every)
    if lines:
        seen = _("{n:,} lines have no order number, and each order that has one has one line: merged cells?").format(
            n=lines
        )
        remedy = _("fill the cells from the line above: fill_down: [order number, date, customer]")
        yield "order_id_on_first_line_only", "orders", seen, remedy
