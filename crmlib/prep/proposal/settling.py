"""The proposal argued with the data: each delivery of order lines is landed, measured, decided or asked about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import ibis

from crmlib.engine import connect
from crmlib.params import ParameterError
from crmlib.prep.arguing import Doubt, doubts_of
from crmlib.prep.arguing.no_sales import running_totals
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.proposal import counting
from crmlib.prep.proposal.choosing import Found
from crmlib.prep.proposal.delivery import delivery_lines
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import Match
from crmlib.prep.proposal.money.facts import (
    LINE_ROLES,
    MONEY,
    ORDER_ROLES,
    Columns,
    Facts,
    Value,
    gather,
    money_candidates,
    says_paid,
)
from crmlib.prep.proposal.money.reading import read_money
from crmlib.prep.proposal.notation import fill_cells, read_cents, read_day_first, read_percent
from crmlib.prep.proposal.order_keys import ask_about_broken, read_orders
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.prep.proposal.statuses import called_off_times, status_columns
from crmlib.prep.proposal.trying import Trial, open_trial, weigh_options
from crmlib.words import _

_KEYS: Final = ("order_id", "line_id", "product_id", "description", "customer_id")
_NO_MONEY: Final = (*_KEYS, "store_id", "points_redeemed", "channel", "promotion_id", "payment_method", "currency")
_OTHERWISE: Final = {
    "amount_is_order_total": ("amount", "order_total"),
    "amount_before_discount": ("amount", "amount_before_discount"),
    "unit_price_is_line_total": ("unit_price", "amount"),
    "amount_is_unit_price": ("amount", "unit_price"),
    "discount_is_rate": ("discount", "discount_rate"),
    "order_id_is_no_key": ("order_id", ""),
    "customer_id_is_no_key": ("customer_id", ""),
    "order_id_comes_again": ("order_id", ""),
}
"""By doubt: the column that is not what it is mapped to, and what it is instead, if anything."""


def settle(found: Found, currency: str, folder: Path) -> Found:
    """Argue about one delivery of order lines; what cannot be landed as proposed stays as it is, for `crm check`."""
    if found.choice is None or found.table != "transactions":
        return found
    reading = _without_money(found.choice.matches)
    columns = found.sample.columns
    statuses = [status.column for status in status_columns(columns)]
    fill_cells(found.sample, statuses, called_off_times(columns), reading)
    ask_about_broken(found.sample, reading)
    con = connect("duckdb")
    try:
        named = frozenset(_named_money(found).values())
        trial = open_trial(con, found.sample, _written(found, reading), currency, folder, named)
        _argue(trial, found, reading)
    except (ParameterError, InputRejectedError):
        return found
    finally:
        con.disconnect()
    return replace(found, reading=reading) if set(MONEY) & reading.columns.keys() else found


def _without_money(matches: Mapping[str, Match]) -> Reading:
    """Begin with what the headers say of everything but money: of that the numbers decide."""
    reading = Reading()
    for canonical, match in matches.items():
        if canonical not in (*ORDER_ROLES, *LINE_ROLES, "quantity"):
            reading.columns[canonical] = [match.raw, *match.joined] if match.joined else match.raw
            if match.doubt:
                reading.doubts[canonical] = match.doubt
    return reading


def _written(found: Found, reading: Reading) -> list[str]:
    """Give the lines of YAML that propose a delivery, without their remarks; any number stands for the money."""
    numbers = [column.name for column in found.sample.columns if column.numbers.share > 0.9]
    left = [name for name in numbers if name not in reading.taken]
    tried = replace(reading, columns=reading.columns | ({"amount": left[0]} if left else {}))
    lines = delivery_lines(replace(found, reading=tried), "trial", Path("/"), alone=True)
    return [line if isinstance(line, str) else line[0] for line in lines]


def _argue(trial: Trial, found: Found, reading: Reading) -> None:
    """Decide money first, then which rows count, then what an order is; ask what is left, and weigh the answers."""
    columns = _columns(found, reading, trial.numeric)
    facts, asked = gather(trial.lines, columns), list(reading.asked)
    read_money(facts, reading)
    read_day_first(trial.lines, found.sample, reading)
    if _leave_totals_out(trial, found, reading):  # they would tell prices and orders wrongly
        facts = gather(counting.counted(trial.lines, reading), columns)
        reading.asked[:] = [*asked, *(question for question in reading.asked if question.code == "day_or_month")]
        read_money(facts, reading)
    _keep_cost(found, reading)
    read_percent(found.sample.columns, reading)
    read_cents(found.sample.columns, reading)
    returns_known = bool({"refund", "order_refund", "is_return", "returned_order_id"} & reading.columns.keys())
    rows = counting.Rows(facts.lines, _money(facts, reading), returns_known=returns_known)
    counting.read_statuses(rows, status_columns(found.sample.columns), reading)
    counting.read_called_off(rows, called_off_times(found.sample.columns), reading)
    _unpaid(replace(facts, lines=counting.counted(facts.lines, reading)), found.sample.columns, reading)
    read_orders(trial, found.sample, reading)
    _ask_the_rest(trial, reading)
    weigh_options(trial, reading)


def _keep_cost(found: Found, reading: Reading) -> None:
    """Map what goods cost by its header, unless its numbers turned out to be what the customer paid."""
    cost = found.choice.matches.get("cost") if found.choice else None
    if cost is not None and cost.raw not in reading.taken:
        reading.map("cost", cost.raw)


def _columns(found: Found, reading: Reading, numeric: Sequence[str]) -> Columns:
    keys = {name: raw for name, raw in reading.plain.items() if name in _KEYS}
    taken = {raw for name, raw in reading.plain.items() if name in _NO_MONEY}
    roles = {raw: may for raw, may in money_candidates(found.sample.columns) if raw in numeric and raw not in taken}
    named = _named_money(found)
    roles |= {
        raw: (name, *roles.get(raw, ()))
        for name, raw in named.items()
        if name not in roles.get(raw, ()) and raw in numeric and raw not in taken
    }
    return Columns(keys, roles, named)


def _named_money(found: Found) -> dict[str, str]:
    """Give the columns of money and quantities that the headers speak for, though not all values are numbers."""
    matches = found.choice.matches if found.choice else {}
    return {name: match.raw for name, match in matches.items() if name in (*ORDER_ROLES, *LINE_ROLES, "quantity")}


def _leave_totals_out(trial: Trial, found: Found, reading: Reading) -> bool:
    """Leave lines out that add up the lines before them, and say whether there were any."""
    if not _is_an_article_missing(trial, reading):
        return False
    rows = trial.judged(reading.source).rows
    totals = running_totals(rows.filter(rows.amount.notnull()), reading.columns)
    if not totals.lines:
        return False
    texts = [column.name for column in found.sample.columns if column.name not in trial.numeric]
    counting.leave_totals_out(trial.lines, totals, texts, reading)
    return True


def _is_an_article_missing(trial: Trial, reading: Reading) -> bool:
    """Look whether any line may be a total, before all lines are judged for it, the dearest part of a proposal."""
    article = next((name for name in ("product_id", "description") if name in reading.columns), "")
    raw = reading.plain.get(article)
    return raw is None or bool(trial.lines[raw].isnull().any().to_pandas())


def _money(facts: Facts, reading: Reading) -> Value:
    """Give a line's money as it is read by now, for what a status is worth."""
    lines = facts.lines
    mapped = {name: lines[raw] for name, raw in reading.plain.items() if raw in facts.extents}
    if {"unit_price", "quantity"} <= mapped.keys() and not {"amount", "amount_before_discount"} & mapped.keys():
        return mapped["unit_price"] * mapped["quantity"]
    return next((mapped[name] for name in MONEY if name in mapped), ibis.literal(0.0))


def _unpaid(facts: Facts, columns: Sequence[Evidence], reading: Reading) -> None:
    listed, refund = reading.plain.get("amount"), reading.plain.get("refund")
    times = [column.name for column in columns if column.dates.share > 0.9 and column.filled < 1]
    paid = [raw for raw in facts.columns.having("amount") if raw != listed]
    if not paid:
        counting.ask_unpaid(facts.lines, [name for name in times if says_paid(name)], _money(facts, reading), reading)
    if listed and paid and times:
        counting.read_unpaid(facts.lines, listed, paid[0], refund=refund, times=times, reading=reading)


def _ask_the_rest(trial: Trial, reading: Reading) -> None:
    """Ask about everything that the data still say against the mapping, as `crm check` would."""
    for doubt in doubts_of(trial.judged(reading.source), trial.params):
        if not _is_asked(doubt, reading):
            options = tuple(_ways(doubt, reading))
            reading.ask(Asked(doubt.code, doubt.decides, f"{doubt.seen}; {doubt.remedy}", options))


def _is_asked(doubt: Doubt, reading: Reading) -> bool:
    codes = [question.code for question in reading.asked]
    if doubt.code == "status_says_no_sale" and any(code.startswith("returned_rows") for code in codes):
        return True
    about_money = doubt.decides == "money" and ("amount" in doubt.code or "price" in doubt.code)
    return doubt.code in codes or (about_money and any(question.decides == "money" for question in reading.asked))


def _ways(doubt: Doubt, reading: Reading) -> Iterator[Option]:
    yield Option("as_mapped", _("it is right as it is mapped"))
    if doubt.code in _OTHERWISE:
        wrong, right = _OTHERWISE[doubt.code]
        moved = {f"columns.{right}": reading.columns.get(wrong)} if right else {}
        yield Option("otherwise", doubt.remedy, {f"columns.{wrong}": None, **moved})
    else:
        by_hand = _("it was not, and the parameters are corrected by hand: {how}").format(how=doubt.remedy)
        yield Option("corrected", by_hand)
