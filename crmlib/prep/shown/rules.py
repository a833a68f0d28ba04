"""Every rule that lines broke, with its count, and ten examples of each reason that set lines aside."""

import pandas as pd

from crmlib.prep.contracts import rule_words
from crmlib.prep.preparation import Preparation
from crmlib.prep.shown.people import rounded_people
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, folded, note, show_all, table
from crmlib.words import _, plural
from crmlib.workspace import Run


def _rules_table(done: Preparation, run: Run) -> Shown:
    """List every rule that lines broke, what happened to them, and how many they are."""
    if done.rules.empty:
        return note(_("No line broke a rule and none was merged."))
    fate = {
        "warn": _("kept and counted"), "quarantine": _("set aside"), "stop": _("stops the run"), "merge": _("merged"),
        "left_out": _("left out"),
    }  # fmt: skip
    rows = done.rules.assign(fate=done.rules["severity"].map(fate))[["table", "meaning", "fate", "lines"]]
    rows = rounded_people(rows, ["lines"], run).sort_values("lines", ascending=False, kind="stable", ignore_index=True)
    return table(
        disclose(rows, labels=["table", "meaning", "fate"], exact=["lines"], rules=run.rules),
        _("Rules that lines broke"),
        {
            "meaning": Shows(_("What was found")),
            "table": Shows(_("Table")),
            "fate": Shows(_("What happened")),
            "lines": Shows(_("Lines"), "count", missing=_("few")),
        },
        note=_("A line may break several rules. Quarantine keeps each with its file, line number and every reason."),
    )


def rules_shown(done: Preparation, run: Run) -> Shown:
    """Show every rule that lines broke, and behind one line some examples of what was set aside."""
    if done.rules.empty:
        return note(_("No line broke a rule and none was merged."))
    shown = _rules_table(done, run)
    rows = done.examples
    counts = done.rules.set_index(["table", "rule"])["lines"]
    # a line of the customers table is a person: few of them are not shown one by one
    few = [
        table == "customers" and counts.get((table, rule), 0) < run.rules.threshold
        for table, rule in zip(rows["table"], rows["rule"], strict=True)
    ]
    rows = rows[[not each for each in few]]
    return show_all(shown, _examples(rows, run)) if len(rows) else shown


def _examples(rows: pd.DataFrame, run: Run) -> Shown:
    reasons = rows.groupby(["table", "rule"]).ngroups
    frame = rows.assign(
        why=[rule_words(rule) for rule in rows["rule"]], line=rows["line"].astype(str), what=rows["text"]
    )[["why", "table", "file", "line", "what"]]
    words = plural(
        "Examples of {n} reason, ten lines at most", "Examples of {n} reasons, ten lines each at most", reasons
    )
    shown = table(
        disclose(frame, labels=list(frame.columns), rules=run.rules),
        _("Lines that were set aside"),
        {
            "why": Shows(_("Reason")),
            "table": Shows(_("Table")),
            "file": Shows(_("File")),
            "line": Shows(_("Line")),
            "what": Shows(_("As delivered, people left out")),
        },
        note=_(
            "Of columns about people, and of lines that do not split, only the shape is shown: 9 stands for a digit, a "
            "for a letter, 字 for a Chinese character."
        ),
    )
    return folded(words.format(n=reasons), shown)
