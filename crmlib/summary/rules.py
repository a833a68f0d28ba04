"""Parameters that are rules within rules, such as tags, in words."""

from operator import attrgetter
from typing import Any, Final

import pandas as pd
from pydantic import BaseModel

from crmlib.params import Parameters
from crmlib.words import formats

_SPEAKS_FOR_ITSELF: Final = {"operator"}
"""Fields whose value says what it is."""


def with_rules_in_words(frame: pd.DataFrame, params: Parameters) -> pd.DataFrame:
    """Put the rules within rules of :func:`crmlib.params.parameter_table` into words, values and defaults."""
    said = frame.set_index("parameter")
    for name in said.index:
        section, _dot, field = f".{name}".rpartition(".")
        parent = attrgetter(section[1:])(params) if section else params
        given, described = getattr(parent, field), type(parent).model_fields[field]
        if _is_nested(given):
            said.loc[name, "value"] = rule_words(given)
        if not described.is_required() and _is_nested(default := described.get_default(call_default_factory=True)):
            said.loc[name, "default"] = rule_words(default)
    return said.reset_index()[list(frame.columns)]


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
    said = rule_words(value)
    if isinstance(value, str):
        said = said.replace("_", " ")
    return said if name in _SPEAKS_FOR_ITSELF else f"{name} {said}"
