"""What a rule means, for the report, and what to do about the lines that break it, for who writes the parameters."""

from crmlib.prep.contracts import UNKNOWN_LISTED
from crmlib.prep.typed import TIMES
from crmlib.tables import TABLES
from crmlib.words import _


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
        "unreadable_contact_consent": _("a word that is neither yes nor no: taken for a no, no marketing goes there"),
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


def remedy(table: str, rule: str) -> str:
    """Say what would do, in the parameters or at the source."""
    fixed = {
        "broken_line": _("give `delimiter`, or ask the source to quote its fields"),
        "too_early": _("look at `date_format`, or move `cleaning.earliest`"),
        "too_late": _("look at `date_format`, or move `cleaning.latest`"),
        "placeholder_customer_id": _("nothing to do; map a column that knows the customers, where there is one"),
        "far_ahead": _("ask the source for the right dates; `cleaning.severity.far_ahead: warn` keeps the lines"),
        "zero_amount": _("`cleaning.zero_price` says what it is: keep, purchase or quarantine"),
        "unreadable_contact_consent": _("ask what the word means and deliver yes or no; empty counts as never asked"),
        "unreadable_consent": _("ask what the word means and deliver yes or no; empty counts as never asked"),
        "delivered_twice": _("nothing to do; `cleaning.duplicates: keep` would count each"),
        "said_twice": _("nothing to do; `cleaning.duplicates: across_files` would count each"),
        "superseded": _("nothing to do where later lines are newer; else deliver one line a key"),
        "order_money_differs": _("a column that differs within an order is its lines': map it to amount or discount"),
        "order_discount_beyond_lines": _("the rest may be a discount on shipping; else map a line's own to `discount`"),
        "order_refund_beyond_lines": _("the rest may be shipping or tax given back, which no line holds"),
        "refund_beyond_sale": _("a refund of the whole order is `order_refund`; shipping given back is no goods"),
        "refund_without_sale": _("map what was paid before refunds to amount"),
        "outside_discount_rate": _("a discount of 20 is `discount_percent`, one in money `discount`"),
    }
    cut = _("export it anew as text, or format the column as text before saving; else set cleaning.severity.{rule}")
    fixed |= {f"broken_{name}": cut.format(rule=f"broken_{name}") for name in ("order_id", "customer_id", "product_id")}
    if rule in fixed:
        return fixed[rule]
    kind, _sep, column = rule.partition("_")
    if kind == "unknown":
        return _("deliver the table that knows its {column}, or map another column").format(column=column)
    if kind == "missing":
        return _("map another column to {column}, or set cleaning.severity.{rule}").format(column=column, rule=rule)
    if kind == "unreadable" and column in {known.name for known in TABLES[table].columns if known.kind in TIMES}:
        form = "%d/%m/%Y %H:%M"
        return _('give `date_format`, such as "{form}", or set cleaning.severity.{rule}').format(form=form, rule=rule)
    if kind == "unreadable":
        return _("give `decimal`, `thousands` or `missing`, or set cleaning.severity.{rule}").format(rule=rule)
    return _("correct the delivery, or set cleaning.severity.{rule}").format(rule=rule)
