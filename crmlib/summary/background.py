"""What stands behind the report: its assumptions and its parameters."""

import re
from pathlib import Path

import pandas as pd

from crmlib.params import parameter_table
from crmlib.reporting import Shown, gate, label
from crmlib.summary.rules import with_rules_in_words
from crmlib.words import _
from crmlib.workspace import PROJECT, Run

_ROW = re.compile(r"^\|\s*(red|amber|green)\s*\|(.+?)\|(.+?)\|(.+?)\|\s*$", re.MULTILINE)


def read_assumptions(file: Path = PROJECT / "docs" / "assumptions.md") -> pd.DataFrame:
    """Read the assumptions log: ``rating, assumption, where, handled``; without it a report would look too sure."""
    rows = [[cell.strip().replace("`", "") for cell in row] for row in _ROW.findall(file.read_text(encoding="utf-8"))]
    if not rows:
        raise ValueError(f"{file.name} has no row that begins with | red |, | amber | or | green |")
    return pd.DataFrame(rows, columns=["rating", "assumption", "where", "handled"])


def assumptions_table(run: Run) -> Shown:
    """Show what the report takes for granted, the riskiest first."""
    gated = gate(
        read_assumptions(),
        run,
        label("assumption", _("Assumption")),
        label("rating", _("Rating")),
        label("where", _("Where it matters")),
        label("handled", _("How it is handled")),
    )
    return gated.table(
        _("What this report takes for granted: red decides a figure and cannot be checked, green is checked")
    )


def parameters_table(run: Run) -> Shown:
    """Show every parameter of the report, those that differ from the default first."""
    frame = with_rules_in_words(parameter_table(run.params), run.params)
    changed = (frame.value != frame.default).astype("int64")
    frame = frame.assign(changed=changed).sort_values("changed", ascending=False, kind="stable").drop(columns="changed")
    gated = gate(
        frame,
        run,
        label("meaning", _("What it decides")),
        label("value", _("Value")),
        label("default", _("Default")),
        label("parameter", _("Name in the file")),
    )
    return gated.table(_("Parameters of this report, those set by its file first"))
