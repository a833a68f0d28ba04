"""What editors and readers know of the parameters: the JSON Schema and the table of parameters, from the model."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from pydantic import BaseModel

from crmlib.params.model import Parameters
from crmlib.params.published import published_value


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a parameters file, for completion in editors."""
    schema = Parameters.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"].pop("root", None)
    schema["properties"]["extends"] = {"type": "string", "description": "parameters file whose values these go over"}
    one_or_many = schema["$defs"]["SourcesSection"]["properties"]
    for name, rule in one_or_many.items():
        one_or_many[name] = {"anyOf": [{"$ref": "#/$defs/Source"}, *rule.get("anyOf", [rule])]}
    return schema


def parameter_table(params: Parameters) -> pd.DataFrame:
    """Give every parameter of the report as a row, sources apart: ``parameter, value, default, meaning``."""
    rows = [row for row in _rows(params, "") if not row["parameter"].startswith(("sources.", "files"))]
    return pd.DataFrame(rows, columns=["parameter", "value", "default", "meaning"])


def _rows(section: BaseModel, prefix: str) -> Iterator[dict[str, str]]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if name == "root":
            continue
        if isinstance(value, BaseModel):
            yield from _rows(value, f"{prefix}{name}.")
        else:
            yield {
                "parameter": f"{prefix}{name}",
                "value": _words(published_value(tuple(f"{prefix}{name}".split(".")), value)),
                "default": "must be given"
                if field.is_required()
                else _words(field.get_default(call_default_factory=True)),
                "meaning": field.description or "",
            }


def _words(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_words(entry) for entry in value) or "no entries"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_words(entry)}" for key, entry in value.items()) or "no entries"
    if isinstance(value, BaseModel):
        return " → ".join(str(entry) for entry in value.model_dump().values() if entry)
    return str(value)
