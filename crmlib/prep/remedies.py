"""What to do about lines that break a rule: one sentence for the person who writes the parameters."""

from crmlib.tables import TABLES
from crmlib.words import _


def remedy(table: str, rule: str) -> str:
    """Say what would do, in the parameters or at the source."""
    fixed = {
        "broken_line": _("give `delimiter`, or ask the source to quote its fields"),
        "too_early": _("look at `date_format`, or move `cleaning.earliest`"),
        "too_late": _("look at `date_format`, or move `cleaning.latest`"),
        "placeholder_customer_id": _("nothing to do; map a column that knows the customers, where there is one"),
        "far_ahead": _("ask the source for the right dates; `cleaning.severity.far_ahead: warn` keeps the lines"),
        "zero_amount": _("`cleaning.zero_price` says what it is: keep, purchase or quarantine"),
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
    if kind == "unreadable" and _is_time(table, column):
        form = "%d/%m/%Y %H:%M"
        return _('give `date_format`, such as "{form}", or set cleaning.severity.{rule}').format(form=form, rule=rule)
    if kind == "unreadable":
        return _("give `decimal`, `thousands` or `missing`, or set cleaning.severity.{rule}").format(rule=rule)
    return _("correct the delivery, or set cleaning.severity.{rule}").format(rule=rule)


def _is_time(table: str, column: str) -> bool:
    return any(each.name == column and each.kind in ("timestamp", "date") for each in TABLES[table].columns)
