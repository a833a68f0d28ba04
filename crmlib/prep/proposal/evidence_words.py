"""The evidence in words: one remark for a mapped column, one for a file; no value of a person in any."""

from collections.abc import Mapping

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import Match
from crmlib.prep.proposal.groups import Group, Sampled
from crmlib.prep.proposal.scalars import percent
from crmlib.tables import TABLES
from crmlib.words import _, plural

_UNSHOWN = ("customer_id", "birth_date")
"""Their values are no example for a comment, whatever they look like."""


def column_remark(table: str, match: Match, evidence: Evidence) -> str:
    """Say why a column is taken for a canonical one."""
    how = _("guess by its values") if not match.header else _("guess")
    if evidence.distinct == 0:
        return _("guess by its name: it is empty in the sample")
    column = next((column for column in TABLES[table].delivered if column.name == match.canonical), None)
    if column is not None and column.personal:
        return _("personal: joins accounts, is never written; {filled} filled").format(filled=percent(evidence.filled))
    kind = column.kind if column is not None else "number"
    if kind in ("timestamp", "date"):
        return f"{how}: {_dates(match, evidence)}"
    if kind in ("money", "number", "integer"):
        return f"{how}: {_numbers(evidence)}"
    if kind == "flag":
        return _("{how}: {share} of its values mean yes or no").format(how=how, share=percent(evidence.flags))
    words = _("{how}: {filled} filled, {distinct} different")
    return words.format(how=how, filled=percent(evidence.filled), distinct=f"{evidence.distinct:,}")


def _dates(match: Match, evidence: Evidence) -> str:
    reading = evidence.dates
    if evidence.typed and not evidence.numbers.share:
        return _("the file says that it is a time")
    share, values = percent(max(reading.share, reading.share + reading.serial)), f"{evidence.looked_at:,}"
    if match.canonical in _UNSHOWN or not reading.example:
        return _("{share} of {values} values are dates").format(share=share, values=values)
    words = _("{share} of {values} values are dates like {example}")
    return words.format(share=share, values=values, example=reading.example)


def _numbers(evidence: Evidence) -> str:
    numbers = evidence.numbers
    words = _("{share} of {values} values are numbers from {low:,.6g} to {high:,.6g}").format(
        share=percent(numbers.share), values=f"{evidence.looked_at:,}", low=numbers.low, high=numbers.high
    )
    if numbers.ambiguous:
        point = _("could not tell whether the point in {example} groups thousands; if so, add thousands: and decimal:")
        comma = _("could not tell whether the comma in {example} groups thousands; if not, add decimal: ','")
        return (comma if "," in numbers.example else point).format(example=numbers.example)
    if numbers.negative:
        words += _(", {share} below zero").format(share=percent(numbers.negative))
    return words


def key_remark(table: str, matches: Mapping[str, Match], sample: Sampled) -> str:
    """Say what tells the lines of a table apart, and whether it does."""
    key = [name for name in TABLES[table].key if name in matches]
    if table == "transactions":
        return _orders_remark(matches, sample)
    if not key:
        return _("key: none; every line counts")
    distinct = sample.rows.group_by([matches[name].raw for name in key]).aggregate([]).num_rows
    lines, names = sample.rows.num_rows, ", ".join(key)
    if distinct == lines:
        return _("key: {names}, different on every line").format(names=names)
    words = _("key: {names}, {distinct} different on {lines} lines; of equal ones the last counts")
    return words.format(names=names, distinct=f"{distinct:,}", lines=f"{lines:,}")


def _orders_remark(matches: Mapping[str, Match], sample: Sampled) -> str:
    if "order_id" not in matches:
        return _("key: no order number; a customer's day counts as one order")
    orders = sample.column(matches["order_id"].raw).distinct
    each = f"{sample.rows.num_rows / max(orders, 1):.1f}"
    line = "line_id" if "line_id" in matches else _("the line")
    return _("key: order_id and {line}; an order has {each} lines on average").format(line=line, each=each)


def delivery_remark(sample: Sampled) -> str:
    """Say what a delivery consists of and how much of it was looked at."""
    files = len(sample.group.layouts)
    what = plural("{n:,} file", "{n:,} files", files).format(n=files)
    seen = _("all {lines:,} lines looked at") if sample.whole else _("{lines:,} lines of a sample looked at")
    return f"{what}, {seen.format(lines=sample.rows.num_rows)}"


def encoding_of(group: Group) -> tuple[str, str]:
    """Give the encoding to write down, where all files of a delivery agree on one that is not UTF-8, and a remark.

    UTF-8 is recognised when a file is read, whatever the next delivery holds: writing it down could only do harm.
    """
    guesses = [layout.encoding for layout in group.layouts if layout.encoding is not None]
    names = sorted({guess.encoding for guess in guesses})
    if len(names) > 1:
        return "", _("encodings differ: {names}; each file's is found when it is read").format(names=", ".join(names))
    if not names:
        return "", ""
    why = guesses[0].evidence
    if names[0].startswith("utf-8"):
        return "", _("encoding: {name}, found when it is read: {why}").format(name=names[0], why=why)
    return names[0], _("guess: {why}").format(why=why)
