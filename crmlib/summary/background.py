"""What stands behind the report: its assumptions and its parameters, rules within rules in words."""

import re
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import BaseModel

from crmlib.params import Parameters, parameter_table
from crmlib.privacy.masking import mask
from crmlib.reporting import Shown, gate, label
from crmlib.words import _, formats
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
    frame = frame.assign(value=frame["value"].map(mask))
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


_SPEAKS_FOR_ITSELF: Final = {"operator"}
"""Fields whose value says what it is."""


def with_rules_in_words(frame: pd.DataFrame, params: Parameters) -> pd.DataFrame:
    """Put the rules within rules of :func:`crmlib.params.parameter_table` into words, values and defaults."""
    worded = frame.set_index("parameter")
    for name in worded.index:
        section, _dot, field = f".{name}".rpartition(".")
        parent = attrgetter(section[1:])(params) if section else params
        given, described = getattr(parent, field), type(parent).model_fields[field]
        if _is_nested(given):
            worded.loc[name, "value"] = rule_words(given)
        if not described.is_required() and _is_nested(default := described.get_default(call_default_factory=True)):
            worded.loc[name, "default"] = rule_words(default)
    return worded.reset_index()[list(frame.columns)]


def _is_nested(value: Any) -> bool:
    """Tell whether a value holds a rule that itself holds a list, a mapping or a rule."""
    return any(isinstance(part, list | tuple | dict | BaseModel) for rule in _rules(value) for _name, part in rule)


def _rules(value: Any) -> list[BaseModel]:
    if isinstance(value, BaseModel):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [rule for part in parts for rule in _rules(part)]


def rule_words(value: Any) -> str:
    """Give any value in words; of a rule what is set.

    Examples
    --------
    >>> from crmlib.params.tags import TagCondition, TagRule
    >>> rule_words({"high_value": TagRule(all=(TagCondition(field="spend", quantile=0.9),))})
    'high_value: all (field spend, at least, quantile 0.9)'
    """
    if isinstance(value, BaseModel):
        return ", ".join(_field(name, part) for name, part in value if part is not None and part not in ((), [], {}))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {rule_words(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(f"({rule_words(part)})" if isinstance(part, BaseModel) else rule_words(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else formats.text(value)


def _field(name: str, value: Any) -> str:
    words = rule_words(value).replace("_", " ") if isinstance(value, str) else rule_words(value)
    return words if name in _SPEAKS_FOR_ITSELF else f"{name} {words}"
