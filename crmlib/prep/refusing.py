"""When judged lines refuse the delivery: a rule that stops was broken, or a file is full of numbers that were cut."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from crmlib.params.cleaning import Severity
from crmlib.prep.contracts import BROKEN_ID, REASONS, Rule, reasons_text, rule_words
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing import FILE, LINE
from crmlib.prep.remedies import remedy

MOST_CUT: Final = 0.01
"""Share of all lines whose order or customer number is cut, up to which they are set aside and nothing is refused.

A number that somebody typed stands alone, and a hundredth of the lines moves no figure much: so far data are fit.
"""
SAVED_CUT: Final = 0.5
"""Share of one file's lines: a spreadsheet that saved the file has cut every long number, not one of many."""


def refuse_where_asked(table: str, rows: Any, rules: Sequence[Rule], severity: dict[str, Severity]) -> None:
    """Stop where a line breaks a rule that stops, or numbers are cut that many lines hang on.

    Where the parameters give a severity to the rule of cut numbers, that holds, however many they are.
    """
    stopping = _bits(rules, (rule.name for rule in rules if rule.severity == "stop"))
    cut = _bits(rules, (rule.name for rule in rules if rule.name in BROKEN_ID and rule.name not in severity))
    if stopping:
        _refuse_first(table, rows, rules, stopping)
    if cut:
        broken = ((rows[REASONS] & cut) != 0).cast("int64")
        files = rows.group_by(rows[FILE]).agg(lines=rows.count(), broken=broken.sum()).to_pandas()
        least = 0 if files["broken"].sum() > MOST_CUT * files["lines"].sum() else SAVED_CUT * files["lines"]
        full = files.loc[files["broken"] > least, FILE].tolist()
        if full:
            _refuse_first(table, rows.filter(rows[FILE].isin(full)), rules, cut)


def _bits(rules: Sequence[Rule], names: Iterable[str]) -> int:
    wanted = {*names}
    return sum(1 << position for position, rule in enumerate(rules) if rule.name in wanted)


def _refuse_first(table: str, rows: Any, rules: Sequence[Rule], bits: int) -> None:
    """Refuse by the first line, in the order of the files, that has any of these reasons."""
    broken = rows.filter((rows[REASONS] & bits) != 0).order_by([FILE, LINE]).limit(1)
    first = broken.select(FILE, LINE, why=reasons_text(broken[REASONS], tuple(rules))).to_pandas()
    if first.empty:
        return
    names = first["why"].iloc[0].split()
    cut = next((name for name in names if name in BROKEN_ID), None)
    usual = "correct the delivery, or set the rule to quarantine under cleaning.severity"
    raise InputRejectedError.at(
        str(first[FILE].iloc[0]),
        f"breaks a rule of {table} that stops the run ({' '.join(names)})" if cut is None else rule_words(cut),
        usual if cut is None else remedy(table, cut),
        int(first[LINE].iloc[0]),
    )
