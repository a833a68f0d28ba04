"""What was set aside, and why? Every rule that lines broke, and ten examples of each reason that set lines aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.prep.rule_words import rule_words
from crmlib.reporting import Shown, exact, folded, gate, label, note, show_all
from crmlib.words import _, plural

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.prep.study import Study
    from crmlib.workspace import Run


def show_rules(found: Study, run: Run) -> Shown:
    """Show every rule that lines broke, and behind one line some examples of what was set aside."""
    rules, rows = found.done.rules, found.done.examples
    if rules.empty:
        return note(_("No line broke a rule and none was merged."))
    counts = rules.set_index(["table", "rule"])["lines"]
    # a line of the customers table is a person: few of them are not shown one by one
    examples = rows[[
        table != "customers" or not run.too_few(counts.get((table, rule), 0))
        for table, rule in zip(rows["table"], rows["rule"], strict=True)
    ]]  # fmt: skip
    shown = _rules_table(rules, run)
    return show_all(shown, _examples(examples, run)) if len(examples) else shown


def _rules_table(rules: pd.DataFrame, run: Run) -> Shown:
    """List every rule that lines broke, what happened to them, and how many they are."""
    fate = {
        "warn": _("kept and counted"), "quarantine": _("set aside"), "stop": _("stops the run"), "merge": _("merged"),
        "left_out": _("left out"),
    }  # fmt: skip
    rows = rules[["meaning", "table", "severity", "lines"]].assign(of_people=rules["table"] == "customers")
    gated = gate(
        rows, run,
        label("meaning", _("What was found")),
        label("table", _("Table")),
        label("severity", _("What happened")),
        exact("lines", _("Lines"), people_where="of_people"),
    )  # fmt: skip
    reading = _("A line may break several rules. Quarantine keeps each with its file, line number and every reason.")
    gated = gated.ordered("lines", descending=True).worded("severity", fate)
    return gated.table(_("Rules that lines broke"), note=reading)


def _examples(rows: pd.DataFrame, run: Run) -> Shown:
    reasons = rows.groupby(["table", "rule"]).ngroups
    words = plural(
        "Examples of {n:count} reason, ten lines at most",
        "Examples of {n:count} reasons, ten lines each at most",
        reasons,
    )
    gated = gate(
        rows[["rule", "table", "file", "line", "text"]].assign(line=rows["line"].astype(str)), run,
        label("rule", _("Reason")),
        label("table", _("Table")),
        label("file", _("File")),
        label("line", _("Line")),
        label("text", _("As delivered, people left out")),
    )  # fmt: skip
    reading = _(
        "Of columns about people, and of lines that do not split, only the shape is shown: 9 stands for a digit, a for "
        "a letter, 字 for a Chinese character."
    )
    shown = gated.worded("rule", rule_words).table(_("Lines that were set aside"), note=reading)
    return folded(run.say(words, n=reasons), shown)
