"""Contracts: what every line of a canonical table must hold, what cannot be, and what happens to a line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import ibis

from crmlib.params import ParameterError, Parameters, did_you_mean
from crmlib.params.cleaning import Range, Severity
from crmlib.prep.landing import BROKEN
from crmlib.prep.logic import bit, surely
from crmlib.prep.mapping import UNREADABLE, Mapped
from crmlib.prep.marks import BEYOND_SALE, DISCOUNT_BEYOND, LEFT_OUT, ORDER_DIFFERS, REFUND_BEYOND, WITHOUT_SALE
from crmlib.prep.money import impossible_share, unknown_currency
from crmlib.prep.parsing.text import is_broken_id
from crmlib.prep.refunds import latest_time

REASONS: Final = "_reasons"
WARNINGS: Final = "_warnings"

_NEEDED: Final = {
    "transactions": ("ordered_at", "amount"),
    "customers": ("customer_id",),
    "products": ("product_id",),
    "stores": ("store_id",),
    "interactions": ("at", "kind"),
    "surveys": ("response_id",),
    "contacts": ("campaign_id", "customer_id", "contacted_at"),
}
"""Columns without which a line says nothing."""

_EXACT: Final = {
    "transactions": (
        "ordered_at", "quantity", "unit_price", "amount", "discount", "amount_before_discount", "discount_rate",
        "discount_percent", "refund", "order_total", "order_discount", "order_shipping", "order_tax", "order_refund",
    ),
    "interactions": ("at",),
    "surveys": ("answered_at",),
    "contacts": ("contacted_at", "responded_at", "cost", "response_value"),
}  # fmt: skip
"""Columns whose unreadable values change a figure; elsewhere an unreadable value is emptied and counted."""

LEFT_OUT_RULE: Final = "left_out"
"""The rule that lines break which ``where`` leaves out: their fate, and no fault of the data."""

UNKNOWN_LISTED: Final = "unknown_listed_order"
"""No line breaks it: what a list of returned orders names and nobody delivers."""

_MARKED: Final = {
    "order_money_differs": ORDER_DIFFERS,
    "order_discount_beyond_lines": DISCOUNT_BEYOND,
    "order_refund_beyond_lines": REFUND_BEYOND,
    "refund_without_sale": WITHOUT_SALE,
    "refund_beyond_sale": BEYOND_SALE,
}
"""Rules whose lines were marked when money was spread or given back, by the column of the mark."""

BROKEN_ID: Final = ("broken_order_id", "broken_customer_id")
"""Rules of cut numbers on which hangs whose lines are, or which belong together: a file full of them is refused."""

_TIMES: Final = {
    "transactions": "ordered_at",
    "interactions": "at",
    "surveys": "answered_at",
    "contacts": "contacted_at",
}
OUTSIDE: Final = "outside_"
"""Prefix of the rules' names; the column follows."""

_USUAL: Final[dict[str, dict[str, Range]]] = {
    "transactions": {"unit_price": (0, None), "cost": (0, None), "points_redeemed": (0, None)},
    "customers": {"age": (0, 120), "points": (0, None)},
    "products": {"unit_cost": (0, None)},
    "contacts": {"cost": (0, None), "response_value": (0, None)},
}
"""What nearly every shop means; the parameters' ranges replace these, column by column."""

_NET_PROMOTER: Final[Range] = (0, 10)
_EARLIEST_BIRTH: Final = 1900


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a contract."""

    name: str  # code by which the parameters, the quarantine and the report call it
    # ``warn`` counts the line, ``quarantine`` sets it aside, ``stop`` ends the run; ``left_out`` is no one's fault
    severity: Severity | Literal["left_out"]
    breaks: ibis.Value  # Ibis expression: whether a line breaks it


def contract(mapped: Mapped, params: Parameters) -> tuple[Rule, ...]:
    """Write down the rules of a table, with the severities the parameters give."""
    rows, chosen = mapped.rows, params.cleaning.severity
    whole = ~rows[BROKEN]
    rules = [Rule("broken_line", "quarantine", rows[BROKEN])]
    for position, column in enumerate(mapped.columns):
        if column.name in mapped.given and column.kind != "text":
            severity: Severity = "quarantine" if column.name in _EXACT.get(mapped.table, ()) else "warn"
            rules.append(Rule(f"unreadable_{column.name}", severity, (rows[UNREADABLE] & (1 << position)) != 0))
    readable = rows[UNREADABLE] == 0
    rules += [
        Rule(f"missing_{name}", "quarantine", whole & readable & rows[name].isnull()) for name in _NEEDED[mapped.table]
    ]
    rules += _broken_ids(mapped)
    rules += _time_rules(mapped, params)
    if mapped.table == "transactions":
        rules += _transaction_rules(mapped, params)
    rules += [Rule(name, "warn", breaks) for name, breaks in impossible(mapped, params)]
    judged = tuple(Rule(rule.name, chosen.get(rule.name, rule.severity), rule.breaks) for rule in rules)
    left_out = (Rule(LEFT_OUT_RULE, "left_out", rows[LEFT_OUT]),) if LEFT_OUT in rows.columns else ()
    return judged + left_out


def refuse_unknown_rules(params: Parameters, known: set[str]) -> None:
    """Refuse severities for rules that do not exist."""
    known = known - {LEFT_OUT_RULE}
    for name in params.cleaning.severity:
        if name not in known:
            raise ParameterError(f"cleaning.severity: there is no rule {name!r}. {did_you_mean(name, known)}")


def with_reasons(mapped: Mapped, rules: tuple[Rule, ...]) -> ibis.Table:
    """Add ``_reasons`` and ``_warnings``: bit i is set where rule i sets the line aside, or only counts it.

    A line that was left out is judged by no other rule.
    """
    told = {
        REASONS: _bits(rules, lambda rule: rule.severity not in ("warn", "left_out")),
        WARNINGS: _bits(rules, lambda rule: rule.severity == "warn"),
    }
    left_out = [position for position, rule in enumerate(rules) if rule.severity == "left_out"]
    if left_out:
        apart = {REASONS: ibis.literal(1 << left_out[0], "int64"), WARNINGS: ibis.literal(0, "int64")}
        told = {name: ibis.ifelse(mapped.rows[LEFT_OUT], apart[name], bits) for name, bits in told.items()}
    return mapped.rows.mutate(**told)


def _bits(rules: tuple[Rule, ...], wanted: Callable[[Rule], bool]) -> ibis.Value:
    bits = ibis.literal(0, "int64")
    for position, rule in enumerate(rules):
        if wanted(rule):
            bits = bits + bit(position, surely(rule.breaks))
    return bits


def reasons_text(bits: ibis.Value, rules: tuple[Rule, ...]) -> ibis.Value:
    """Write the reasons of a line as the names of the rules, separated by blanks."""
    text = ibis.literal("")
    for position, rule in enumerate(rules):
        if rule.severity != "warn":
            text = text + ibis.ifelse((bits & (1 << position)) != 0, ibis.literal(f"{rule.name} "), ibis.literal(""))
    return text.strip()


def _broken_ids(mapped: Mapped) -> list[Rule]:
    """Set numbers aside of which a spreadsheet has cut digits: different ones would be one, and one several."""
    return [
        Rule(f"broken_{name}", "quarantine", is_broken_id(mapped.rows[name]))
        for name in ("order_id", "customer_id", "product_id")
        if name in mapped.given and name in {column.name for column in mapped.columns}
    ]


def _time_rules(mapped: Mapped, params: Parameters) -> list[Rule]:
    name = _TIMES.get(mapped.table)
    if name is None:
        return []
    time, cleaning = mapped.rows[name], params.cleaning
    rules = [Rule("too_early", "quarantine", time < ibis.timestamp(cleaning.earliest.isoformat()))]
    if cleaning.latest is not None:
        last = latest_time(mapped.rows) if mapped.table == "transactions" else time
        rules.append(Rule("too_late", "quarantine", last >= ibis.timestamp(cleaning.latest.isoformat())))
    return rules


def _transaction_rules(mapped: Mapped, params: Parameters) -> list[Rule]:
    rows = mapped.rows
    zero = rows.is_product & ~rows.is_return & (rows.amount == 0)
    severity: Severity = "quarantine" if params.cleaning.zero_price == "quarantine" else "warn"
    foreign = unknown_currency(rows, params.cleaning, params.currency)
    rules = [Rule("zero_amount", severity, zero), Rule("unknown_currency", "quarantine", foreign)]
    if mapped.given & {"discount_rate", "discount_percent"}:
        rules.append(Rule("outside_discount_rate", "quarantine", impossible_share(rows, mapped.given)))
    return rules + [Rule(name, "warn", rows[mark]) for name, mark in _MARKED.items() if mark in rows.columns]


def impossible(mapped: Mapped, params: Parameters) -> Iterator[tuple[str, ibis.Value]]:
    """Give a rule's name and its condition for every delivered column whose values have bounds.

    A return may book its cost, points and price back with a minus, and so may a voucher, which is no product.
    """
    for name, bounds in _bounds(mapped, params).items():
        outside = _outside(mapped.rows[name], bounds)
        if mapped.table == "transactions" and name not in params.cleaning.ranges:
            outside = outside & ~mapped.rows.is_return & mapped.rows.is_product
        yield f"{OUTSIDE}{name}", outside
    for name in ("birth_date", "opened_at", "joined_at"):
        if name in mapped.given and mapped.table in ("customers", "stores"):
            day, latest = mapped.rows[name], params.cleaning.latest or params.as_of
            future = day >= ibis.date(latest.isoformat()) if latest is not None else ibis.literal(value=False)
            yield f"{OUTSIDE}{name}", future | (day < ibis.date(_EARLIEST_BIRTH, 1, 1))


def _bounds(mapped: Mapped, params: Parameters) -> dict[str, Range]:
    """Bring the usual bounds, those of the survey's questions and those of the parameters together."""
    usual: dict[str, Range] = {params.satisfaction.recommend: _NET_PROMOTER, params.satisfaction.overall: (0, None)}
    scores = usual | dict(_declared_scales(params))
    bounds = {**_USUAL.get(mapped.table, {}), **(scores if mapped.table == "surveys" else {}), **params.cleaning.ranges}
    return {
        column.name: bounds[column.name] for column in mapped.columns if column.name in bounds.keys() & mapped.given
    }


def _declared_scales(params: Parameters) -> Iterator[tuple[str, Range]]:
    """Give the bounds of the scores whose scale is declared; what is declared to be no answer is possible too."""
    for name, rule in params.satisfaction.scales.items():
        if rule.low is not None and rule.high is not None:
            yield name, (min([rule.low, *rule.missing]), max([rule.high, *rule.missing]))
        elif rule.missing:
            yield name, (None, None)


def _outside(value: ibis.Value, bounds: Range) -> ibis.Value:
    least, most = bounds
    outside = ibis.literal(value=False)
    if least is not None:
        outside = outside | (value < least)
    if most is not None:
        outside = outside | (value > most)
    return outside
