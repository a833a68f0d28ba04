"""The proposal argued with the data: each delivery of order lines is landed, measured, decided or asked about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.engine import connect
from crmlib.params import ParameterError
from crmlib.params.counting import Condition
from crmlib.prep.arguing import Doubt, doubts_of
from crmlib.prep.arguing import keys as key_tests
from crmlib.prep.arguing.totals import running_totals
from crmlib.prep.counted import holds
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.proposal.counting import Rows, leave_totals_out, read_statuses, read_unpaid
from crmlib.prep.proposal.delivery import delivery_lines
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.found import Found
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.matching import Match
from crmlib.prep.proposal.money import read_money
from crmlib.prep.proposal.money_facts import LINE_ROLES, MONEY, ORDER_ROLES, Columns, Facts, gather
from crmlib.prep.proposal.money_roles import money_candidates
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.prep.proposal.statuses import status_columns
from crmlib.prep.proposal.trying import Trial, open_trial
from crmlib.words import _, plural

_KEYS: Final = ("order_id", "line_id", "product_id", "description", "customer_id")
_NO_MONEY: Final = (*_KEYS, "store_id", "points_redeemed", "channel", "promotion_id", "payment_method", "currency")
_TILLS: Final = ("till", "register", "terminal", "pos", "device", "kasse", "caja", "caisse", "机号", "收银", "レジ")


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
    _fill_down(found.sample, reading)
    con = connect("duckdb")
    try:
        trial = open_trial(con, found.sample, _written(found, reading), currency, folder)
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
    taken = reading.taken
    some = next(
        (each.name for each in found.sample.columns if each.numbers.share > 0.9 and each.name not in taken), None
    )
    tried = replace(reading, columns={**reading.columns, "amount": some})
    lines = delivery_lines(replace(found, reading=tried), "trial", Path("/"), alone=True)
    return [each if isinstance(each, str) else each[0] for each in lines]


def _argue(trial: Trial, found: Found, reading: Reading) -> None:
    columns = _columns(found, reading, trial.numeric)
    facts = gather(trial.lines, columns)
    read_money(facts, reading)
    if _leave_totals_out(trial, found, reading):  # they would tell prices and orders wrongly
        facts = gather(counted(trial.lines, reading), columns)
        reading.asked.clear()
        read_money(facts, reading)
    _cents(found.sample.columns, reading)
    money = _money(facts, reading)
    times = [each.name for each in found.sample.columns if each.dates.share > 0.9 and each.filled < 1]
    _unpaid(facts, times, reading)
    read_statuses(Rows(trial.lines, money, _returns_told(reading)), status_columns(found.sample.columns), reading)
    _orders(trial, found, reading)
    _remaining(trial, reading)
    _weigh_options(trial, reading)


def _columns(found: Found, reading: Reading, numeric: Sequence[str]) -> Columns:
    keys = {name: raw for name in _KEYS if isinstance(raw := reading.columns.get(name), str)}
    taken = {raw for name in _NO_MONEY if isinstance(raw := reading.columns.get(name), str)}
    roles = {raw: may for raw, may in money_candidates(found.sample.columns) if raw in numeric and raw not in taken}
    matches = found.choice.matches if found.choice else {}
    return Columns(keys, roles, {name: match.raw for name, match in matches.items()})


def counted(lines: Any, reading: Reading) -> Any:
    """Take the lines that count by what was read so far."""
    where = {raw: Condition.model_validate(each) for raw, each in reading.settings.get("where", {}).items()}
    texts = lines.mutate(**{raw: lines[raw].cast("string") for raw in where})
    kept = texts.filter(holds(texts, where))
    return kept.mutate(**{raw: kept[raw].cast(lines[raw].type()) for raw in where})


def _fill_down(sample: Sampled, reading: Reading) -> None:
    """Fill cells merged over the lines of an order: keys that stand on the first line of each order only."""
    order = reading.columns.get("order_id")
    if not isinstance(order, str) or sample.group.first.format == "parquet":
        return
    empty = {name: _is_empty(sample.rows.column(name)) for name in sample.rows.column_names}
    statuses = [each.column for each in status_columns(sample.columns)]
    told_once = [name for name in statuses if _is_told_once(sample.rows.column(order), empty[name])]
    if told_once:
        reading.set("fill_down", told_once, _("it stands on the first line of an order only"))
    gaps = pc.sum(empty[order]).as_py() or 0
    known = sample.rows.num_rows - gaps
    if not gaps or gaps < 0.2 * sample.rows.num_rows or sample.column(order).distinct < known:
        return
    mapped = [raw for raw in reading.columns.values() if isinstance(raw, str)]
    alike = [
        name for name in mapped
        if (pc.sum(pc.and_(empty[name], empty[order])).as_py() or 0) >= 0.95 * gaps
        and (pc.sum(empty[name]).as_py() or 0) <= 1.05 * gaps + 2
    ]  # fmt: skip
    why = plural(
        "{n:,} line has none, each order one: merged cells", "{n:,} lines have none, each order one: merged cells", gaps
    )
    reading.set("fill_down", [name for name in sample.rows.column_names if name in alike], why.format(n=gaps))


def _is_told_once(order: pa.ChunkedArray, empty: pa.ChunkedArray) -> bool:
    """Say whether a column is empty only below a line of the same order."""
    gaps = pc.sum(empty).as_py() or 0
    if not gaps or gaps == len(empty):
        return False
    text = order.cast(pa.string()).combine_chunks()
    same = pc.fill_null(pc.equal(text[1:], text[:-1]), False)  # noqa: FBT003  (pyarrow's signature)
    below = pc.sum(pc.and_(empty.combine_chunks()[1:], same)).as_py() or 0
    return bool(below >= 0.98 * gaps)


def _is_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return pc.is_null(column)
    return pc.or_kleene(pc.is_null(column), pc.equal(pc.utf8_trim_whitespace(column), "")).fill_null(True)  # noqa: FBT003


def _cents(columns: Sequence[Evidence], reading: Reading) -> None:
    """Take whole money whose header says cents for hundredths."""
    money = [
        raw for name, raw in reading.columns.items()
        if raw is not None and name in ("amount", "unit_price", "amount_before_discount", "order_total")
    ]  # fmt: skip
    said = [
        raw
        for raw in money
        if isinstance(raw, str) and any(word in raw.lower() for word in ("cent", "minor unit", "_minor", "（分", "(分"))
    ]
    whole = [each.name for each in columns if each.name in said and each.numbers.whole == 1]
    if whole and len(whole) == len(money):
        reading.set("cents", value=True, why=_("the header says so, and all are whole"))


def _money(facts: Facts, reading: Reading) -> Any:
    """Give a line's money as it is read by now, for what a status is worth."""
    lines, columns = facts.lines, reading.columns
    for name in ("amount", "amount_before_discount"):
        if isinstance(columns.get(name), str):
            return lines[columns[name]]
    if isinstance(columns.get("unit_price"), str) and isinstance(columns.get("quantity"), str):
        return lines[columns["unit_price"]] * lines[columns["quantity"]]
    return lines[columns["order_total"]] if isinstance(columns.get("order_total"), str) else ibis.literal(0.0)


def _returns_told(reading: Reading) -> bool:
    return any(reading.columns.get(name) for name in ("refund", "order_refund", "is_return", "returned_order_id"))


def _unpaid(facts: Facts, times: Sequence[str], reading: Reading) -> None:
    listed = reading.columns.get("amount")
    paid = [raw for raw in facts.columns.having("amount") if raw != listed]
    if isinstance(listed, str) and paid and times:
        refund = reading.columns.get("refund")
        back = refund if isinstance(refund, str) else None
        read_unpaid(facts.lines, listed, paid[0], refund=back, times=times, reading=reading)


def _leave_totals_out(trial: Trial, found: Found, reading: Reading) -> bool:
    """Leave lines out that add up the lines before them, and say whether there were any."""
    rows = trial.judged(source_keys(reading)).rows
    totals = running_totals(rows.filter(rows.amount.notnull()))
    if not totals.lines:
        return False
    texts = [each.name for each in found.sample.columns if each.name not in trial.numeric]
    keys = {name: raw for name, raw in reading.columns.items() if isinstance(raw, str)}
    leave_totals_out(trial.lines, totals, texts, keys, reading)
    return True


def _orders(trial: Trial, found: Found, reading: Reading) -> None:
    """Say what makes an order one, and which of several deliveries of it counts."""
    if not isinstance(reading.columns.get("order_id"), str):
        return
    given = frozenset(name for name, raw in reading.columns.items() if raw)
    rows = _sold(trial.judged(source_keys(reading)).good)
    numbers = key_tests.order_numbers(rows, given)
    if numbers.comes_again and not numbers.is_no_key:
        _join_order_number(trial, found, reading, given, numbers.again)
    again = key_tests.delivered_again(rows, given) if numbers.spread else key_tests.DeliveredAgain(0, 0)
    if again.orders:
        item = next((name for name in ("line_id", "product_id", "description") if name in given), None)
        key = ["order_id"] if again.whole == again.orders or item is None else ["order_id", item]
        why = plural(
            "{n:,} order stands in two files with something changed: the newest file counts",
            "{n:,} orders stand in two files with something changed: the newest file counts",
            again.orders,
        )  # fmt: skip
        reading.set("latest", {"key": key}, why.format(n=again.orders))


def _sold(good: Any) -> Any:
    sold = good.filter(good.is_product & ~good.is_return & (good.amount != 0))
    return sold.mutate(day=sold.ordered_at.date())


def _join_order_number(trial: Trial, found: Found, reading: Reading, given: frozenset[str], again: int) -> None:
    number = reading.columns["order_id"]
    store, time = reading.columns.get("store_id"), reading.columns.get("ordered_at")
    tills = [
        each.name for each in found.sample.columns
        if any(word in each.name.lower() for word in _TILLS) and each.name not in (number, store) and each.distinct > 1
    ]  # fmt: skip
    day = time[0] if isinstance(time, list) else time
    more = [[store], tills[:1], [day], [store, day], [*tills[:1], day], [store, *tills[:1], day]]
    for extra in more:
        parts = [each for each in extra if each]
        if not parts or len(parts) != len(extra):
            continue
        tried = trial.judged(source_keys(reading) | {"columns": _mapped(reading) | {"order_id": [*parts, number]}})
        if not key_tests.order_numbers(_sold(tried.good), given).comes_again:
            why = _("{n:,} numbers come again elsewhere: an order is one by {parts} and number").format(
                n=again, parts=", ".join(map(str, parts))
            )
            reading.map("order_id", [*parts, str(number)], why)
            return


def _mapped(reading: Reading) -> dict[str, str | list[str]]:
    return {name: raw for name, raw in reading.columns.items() if raw is not None}


def source_keys(reading: Reading) -> dict[str, Any]:
    """Give the keys of a source that a reading sets."""
    return {"columns": _mapped(reading), **reading.settings}


def _remaining(trial: Trial, reading: Reading) -> None:
    """Ask about everything that the data still say against the mapping, as `crm check` would."""
    asked = {each.code for each in reading.asked}
    for doubt in doubts_of(trial.judged(source_keys(reading)), trial.params):
        if doubt.code not in asked and not _is_asked(doubt, reading):
            reading.asked.append(
                Asked(doubt.code, doubt.decides, f"{doubt.seen}; {doubt.remedy}", tuple(_ways(doubt, reading)))
            )


def _is_asked(doubt: Doubt, reading: Reading) -> bool:
    return (
        doubt.decides == "money" and any(each.decides == "money" for each in reading.asked) and "amount" in doubt.code
    )


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
    }
    yield Option("as_mapped", _("it is right as it is mapped"))
    if doubt.code in other:
        yield Option("otherwise", doubt.remedy, other[doubt.code])


def _weigh_options(trial: Trial, reading: Reading) -> None:
    """Say of each answer what it makes of the last month's revenue."""
    weighed = []
    for each in reading.asked:
        options = tuple(replace(option, gives=_gives(trial, reading, option)) for option in each.options)
        weighed.append(replace(each, options=options))
    reading.asked[:] = weighed


def _gives(trial: Trial, reading: Reading, option: Option) -> str:
    try:
        outcome = trial.outcome(with_option(source_keys(reading), option))
    except (ParameterError, InputRejectedError, ValueError):
        return _("cannot be tried on these files")
    if outcome.month is None:
        return _("no clean line")
    said = [_("{month}: {money:,.2f}").format(month=f"{outcome.month:%Y-%m}", money=outcome.month_money)]
    if outcome.month_orders:
        said.append(plural("of {n:,} order", "of {n:,} orders", outcome.month_orders).format(n=outcome.month_orders))
    if outcome.money != outcome.month_money:
        said.append(_("(in all {all:,.2f})").format(all=outcome.money))
    return " ".join(said)


def with_option(source: Mapping[str, Any], option: Option) -> dict[str, Any]:
    """Set what an option sets in the keys of a source."""
    changed = {**source, "columns": dict(source["columns"])}
    for key, value in option.sets.items():
        target, name = (
            (changed["columns"], key.removeprefix("columns.")) if key.startswith("columns.") else (changed, key)
        )
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value
    return changed
