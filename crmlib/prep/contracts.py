"""Contracts: what every line of a canonical table must hold, and what happens to a line that does not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import ibis

from crmlib.params import ParameterError, Parameters, did_you_mean
from crmlib.params.cleaning import Severity
from crmlib.prep.landing import BROKEN
from crmlib.prep.line_money import impossible_share
from crmlib.prep.logic import surely
from crmlib.prep.mapping import UNREADABLE, Mapped
from crmlib.prep.marks import BEYOND_SALE, DISCOUNT_BEYOND, LEFT_OUT, ORDER_DIFFERS, REFUND_BEYOND, WITHOUT_SALE
from crmlib.prep.money import unknown_currency
from crmlib.prep.parsing.broken import is_broken_id
from crmlib.prep.ranges import impossible
from crmlib.prep.refunds import latest_time
from crmlib.words import _

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


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a contract."""

    name: str  # code by which the parameters, the quarantine and the report call it
    # ``warn`` counts the line, ``quarantine`` sets it aside, ``stop`` ends the run; ``left_out`` is no one's fault
    severity: Severity | Literal["left_out"]
    breaks: Any  # Ibis expression: whether a line breaks it


def contract(mapped: Mapped, params: Parameters) -> tuple[Rule, ...]:
    """Write down the rules of a table, with the severities the parameters give."""
    rows, chosen = mapped.rows, params.cleaning.severity
    whole = ~rows[BROKEN]
    rules = [Rule("broken_line", "quarantine", rows[BROKEN])]
    for position, column in enumerate(mapped.columns):
        if column.name in mapped.given and column.kind != "text":
            severity: Severity = "quarantine" if column.name in _EXACT.get(mapped.table, ()) else "warn"
            bit = (rows[UNREADABLE] & (1 << position)) != 0
            rules.append(Rule(f"unreadable_{column.name}", severity, bit))
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


def with_reasons(mapped: Mapped, rules: tuple[Rule, ...]) -> Any:
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


def _bits(rules: tuple[Rule, ...], wanted: Callable[[Rule], bool]) -> Any:
    bits = ibis.literal(0, "int64")
    for position, rule in enumerate(rules):
        if wanted(rule):
            bits = bits + ibis.ifelse(
                surely(rule.breaks), ibis.literal(1 << position, "int64"), ibis.literal(0, "int64")
            )
    return bits


def reasons_text(bits: Any, rules: tuple[Rule, ...]) -> Any:
    """Write the reasons of a line as the names of the rules, separated by blanks."""
    text = ibis.literal("")
    for position, rule in enumerate(rules):
        if rule.severity != "warn":
            text = text + ibis.ifelse((bits & (1 << position)) != 0, ibis.literal(f"{rule.name} "), ibis.literal(""))
    return text.strip()


def rule_words(name: str) -> str:
    """Say what a rule means, for the report."""
    fixed = {
        "broken_line": _("the line does not split into the file's columns"),
        "broken_file": _("its file is cut off, changes its columns or cannot be read: all of it is set aside"),
        "zero_amount": _("a product sold for nothing"),
        UNKNOWN_LISTED: _("the list of returned orders names an order that no source delivers"),
        "left_out": _("left out, as the parameters ask (`where`)"),
        "order_money_differs": _("the order's money is told differently on its lines: the largest counts"),
        "order_discount_beyond_lines": _("the order's discount is more than its lines cost: no more comes off them"),
        "order_refund_beyond_lines": _("more was given back for the order than its lines were sold for"),
        "refund_without_sale": _("money given back for what was not sold: no return is made of it"),
        "refund_beyond_sale": _("more was given back than the line was sold for"),
        "too_early": _("the date is before any the parameters allow"),
        "too_late": _("a date is after the extract was made"),
        "far_ahead": _("the date lies a year or more beyond all the others"),
        "placeholder_customer_id": _("the customer is a stand-in such as guest@ or noemail@: nobody known"),
        "unknown_currency": _("the currency is not among those the parameters can convert"),
        "return_without_goods": _("a return whose amount is above zero"),
        "unreadable_consent": _("a consent that is neither yes nor no: taken for a no, the customer is withheld"),
        "no_consent": _("the person does not agree to analysis: in no customer table"),
        "forgotten": _("the person was erased: in no customer table"),
        "delivered_twice": _("the same line in another file: merged"),
        "said_twice": _("the same line again: merged"),
        "superseded": _("an older line of the same key: merged"),
        "same_person": _("another account of the same person: merged"),
    }
    if name in fixed:
        return fixed[name]
    kind, _sep, column = name.partition("_")
    words = column.replace("_", " ")
    said = {
        "broken": _("{column} is a number cut by a spreadsheet, such as 2.1E+18: different ones fall together"),
        "missing": _("{column} is missing"),
        "outside": _("{column} is outside what is possible"),
        "unknown": _("{column} is in no other table that should know it"),
    }
    return said.get(kind, _("{column} cannot be read")).format(column=words)


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
