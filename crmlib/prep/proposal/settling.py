"""The proposal argued with the data: each delivery of order lines is landed, measured, decided or asked about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import ibis

from crmlib.engine import connect
from crmlib.params import ParameterError
from crmlib.prep.arguing import Doubt, doubts_of
from crmlib.prep.arguing.no_sales import running_totals
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.proposal.counting import (
    Rows,
    ask_unpaid,
    counted,
    leave_totals_out,
    read_called_off,
    read_statuses,
    read_unpaid,
)
from crmlib.prep.proposal.day_first import read_day_first
from crmlib.prep.proposal.delivery import delivery_lines
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.filling import fill_cells
from crmlib.prep.proposal.found import Found
from crmlib.prep.proposal.match import Match
from crmlib.prep.proposal.money.facts import LINE_ROLES, MONEY, ORDER_ROLES, Columns, Facts, gather, says_paid
from crmlib.prep.proposal.money.reading import read_money
from crmlib.prep.proposal.money.roles import money_candidates
from crmlib.prep.proposal.order_keys import ask_about_broken, read_orders
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.prep.proposal.statuses import called_off_times, status_columns
from crmlib.prep.proposal.synonyms import likeness
from crmlib.prep.proposal.trying import Trial, open_trial
from crmlib.prep.proposal.weighing import weigh_options
from crmlib.words import _

_KEYS: Final = ("order_id", "line_id", "product_id", "description", "customer_id")
_NO_MONEY: Final = (*_KEYS, "store_id", "points_redeemed", "channel", "promotion_id", "payment_method", "currency")
_WORD: Final = re.compile(r"[^\W_]+")
_CENTS: Final = frozenset(["cent", "cents", "minor", "centimes", "centavos", "céntimos"])


def settle(found: Found, currency: str, folder: Path) -> Found:
    """Argue about one delivery of order lines; what cannot be landed as proposed stays as it is, for `crm check`.

    Parameters
    ----------
    found
        The delivery with the table that its headers speak for.
    currency
        The currency as far as it is known.
    folder
        A private folder.
    """
    if found.choice is None or found.choice.table != "transactions":
        return found
    reading = _without_money(found.choice.matches)
    columns = found.sample.columns
    statuses = [each.column for each in status_columns(columns)]
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
    numbers = (
        each.name for each in found.sample.columns if each.numbers.share > 0.9 and each.name not in reading.taken
    )
    some = next(numbers, None)
    money = {"amount": some} if some is not None else {}
    tried = replace(reading, columns={**reading.columns, **money})
    lines = delivery_lines(replace(found, reading=tried), "trial", Path("/"), alone=True)
    return [each if isinstance(each, str) else each[0] for each in lines]


def _argue(trial: Trial, found: Found, reading: Reading) -> None:
    """Decide money first, then which rows count, then what an order is; ask what is left, and weigh the answers."""
    columns = _columns(found, reading, trial.numeric)
    facts, asked = gather(trial.lines, columns), list(reading.asked)
    read_money(facts, reading)
    read_day_first(trial.lines, found.sample, reading)
    if _leave_totals_out(trial, found, reading):  # they would tell prices and orders wrongly
        facts = gather(counted(trial.lines, reading), columns)
        reading.asked[:] = [*asked, *(each for each in reading.asked if each.code == "day_or_month")]
        read_money(facts, reading)
    _keep_cost(found, reading)
    _percent(found.sample.columns, reading)
    _cents(found.sample.columns, reading)
    rows = Rows(facts.lines, _money(facts, reading), returns_told=_returns_told(reading))
    read_statuses(rows, status_columns(found.sample.columns), reading)
    read_called_off(rows, called_off_times(found.sample.columns), reading)
    _unpaid(replace(facts, lines=counted(facts.lines, reading)), found.sample.columns, reading)
    read_orders(trial, found.sample, reading)
    _ask_the_rest(trial, reading)
    weigh_options(trial, reading)


def _keep_cost(found: Found, reading: Reading) -> None:
    """Map what goods cost by its header, unless its numbers turned out to be what the customer paid."""
    cost = found.choice.matches.get("cost") if found.choice else None
    if cost is not None and cost.raw not in reading.taken:
        reading.map("cost", cost.raw)


def _columns(found: Found, reading: Reading, numeric: Sequence[str]) -> Columns:
    keys = {name: raw for name in _KEYS if isinstance(raw := reading.columns.get(name), str)}
    taken = {raw for name in _NO_MONEY if isinstance(raw := reading.columns.get(name), str)}
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
    rows = trial.judged(reading.source).rows
    totals = running_totals(rows.filter(rows.amount.notnull()), reading.columns)
    if not totals.lines:
        return False
    texts = [each.name for each in found.sample.columns if each.name not in trial.numeric]
    keys = {name: raw for name, raw in reading.columns.items() if isinstance(raw, str)}
    leave_totals_out(trial.lines, totals, texts, keys, reading)
    return True


def _percent(columns: Sequence[Evidence], reading: Reading) -> None:
    """Take a column written in per cent, such as 20 %, for the discount where nothing else is."""
    if any(name.startswith("discount") for name in reading.columns):
        return
    written = [each.name for each in columns if each.numbers.percent > 0.9 and each.name not in reading.taken]
    named = [
        name
        for name in written
        if likeness(name, "transactions", "discount") or likeness(name, "transactions", "discount_percent")
    ]
    if named:
        reading.map("discount_percent", named[0], _("written in per cent"))


def _cents(columns: Sequence[Evidence], reading: Reading) -> None:
    """Take whole money whose header says cents for hundredths."""
    money = [raw for name in MONEY if isinstance(raw := reading.columns.get(name), str)]
    said = [
        raw
        for raw in money
        if _CENTS & set(_WORD.findall(raw.lower().replace("_", " "))) or "(分" in raw or "（分" in raw
    ]
    whole = [each.name for each in columns if each.name in said and each.numbers.whole == 1]
    if whole and len(whole) == len(money):
        reading.set("cents", value=True, why=_("the header says so, and all are whole"))


def _money(facts: Facts, reading: Reading) -> Any:
    """Give a line's money as it is read by now, for what a status is worth."""
    lines = facts.lines
    mapped = {
        name: lines[raw] for name, raw in reading.columns.items() if isinstance(raw, str) and raw in facts.extents
    }
    if {"unit_price", "quantity"} <= mapped.keys() and not {"amount", "amount_before_discount"} & mapped.keys():
        return mapped["unit_price"] * mapped["quantity"]
    return next((mapped[name] for name in MONEY if name in mapped), ibis.literal(0.0))


def _returns_told(reading: Reading) -> bool:
    return bool({"refund", "order_refund", "is_return", "returned_order_id"} & reading.columns.keys())


def _unpaid(facts: Facts, columns: Sequence[Evidence], reading: Reading) -> None:
    listed, refund = reading.columns.get("amount"), reading.columns.get("refund")
    times = [each.name for each in columns if each.dates.share > 0.9 and each.filled < 1]
    paid = [raw for raw in facts.columns.having("amount") if raw != listed]
    if not paid:
        ask_unpaid(facts.lines, [name for name in times if says_paid(name)], _money(facts, reading), reading)
    if isinstance(listed, str) and paid and times:
        back = refund if isinstance(refund, str) else None
        read_unpaid(facts.lines, listed, paid[0], refund=back, times=times, reading=reading)


def _ask_the_rest(trial: Trial, reading: Reading) -> None:
    """Ask about everything that the data still say against the mapping, as `crm check` would."""
    for doubt in doubts_of(trial.judged(reading.source), trial.params):
        if not _is_asked(doubt, reading):
            options = tuple(_ways(doubt, reading))
            reading.ask(Asked(doubt.code, doubt.decides, f"{doubt.seen}; {doubt.remedy}", options))


def _is_asked(doubt: Doubt, reading: Reading) -> bool:
    if doubt.code == "status_says_no_sale" and any(each.code.startswith("returned_rows") for each in reading.asked):
        return True
    about_money = doubt.decides == "money" and ("amount" in doubt.code or "price" in doubt.code)
    return any(each.code == doubt.code or (about_money and each.decides == "money") for each in reading.asked)


def _ways(doubt: Doubt, reading: Reading) -> Iterator[Option]:
    columns = reading.columns
    other: Mapping[str, Mapping[str, Any]] = {
        "amount_is_order_total": {"columns.amount": None, "columns.order_total": columns.get("amount")},
        "amount_before_discount": {"columns.amount": None, "columns.amount_before_discount": columns.get("amount")},
        "unit_price_is_line_total": {"columns.unit_price": None, "columns.amount": columns.get("unit_price")},
        "amount_is_unit_price": {"columns.amount": None, "columns.unit_price": columns.get("amount")},
        "discount_is_rate": {"columns.discount": None, "columns.discount_rate": columns.get("discount")},
        "order_id_is_no_key": {"columns.order_id": None},
        "customer_id_is_no_key": {"columns.customer_id": None},
        "order_id_comes_again": {"columns.order_id": None},
    }
    yield Option("as_mapped", _("it is right as it is mapped"))
    if doubt.code in other:
        yield Option("otherwise", doubt.remedy, other[doubt.code])
    else:
        yield Option(
            "corrected", _("it was not, and the parameters are corrected by hand: {how}").format(how=doubt.remedy)
        )
