"""From a parameters file to the typed model, or an error that says file, line, what was found and what would do."""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crmlib.params.errors import ParameterError, Place, did_you_mean
from crmlib.params.model import Parameters
from crmlib.params.published import refuse_personal
from crmlib.params.questions import take_answers
from crmlib.params.reading import Path_, Places, nearest_place, read_file, read_scalar

MOST_SHOWN = 8
"""Errors shown at once; more would hide the first."""

_CHOICE: Final = re.compile(r"'([^']+)'")


def load_parameters(
    path: str | Path, overrides: Mapping[str, Any] | None = None, as_of: date | str | None = None
) -> Parameters:
    """Read and validate the parameters of a report series.

    Parameters
    ----------
    path
        The YAML file.
    overrides
        Values for dotted keys, such as ``{"churn.horizon_days": "90"}``; text is read as YAML reads it. ``None``
        values are ignored: as the file says.
    as_of
        Exclusive end of what the report may see, instead of the file's.

    Returns
    -------
    crmlib.params.model.Parameters
        The frozen model, with ``root`` set to the file's folder.

    Raises
    ------
    ParameterError
        If anything is unknown, missing, written twice or of the wrong type, or a person's number stands in it.

    Examples
    --------
    >>> load_parameters("no/such.yaml")
    Traceback (most recent call last):
        ...
    crmlib.params.errors.ParameterError: no/such.yaml: there is no such parameters file. There is no such folder.
    """
    file = Path(path)
    values, places = read_file(file)
    values.setdefault("root", str(file.resolve().parent))
    changes = {key: value for key, value in (overrides or {}).items() if value is not None}
    if as_of is not None:
        changes["as_of"] = as_of
    _put_all(values, places, changes)
    take_answers(values, places)
    _put_all(values, places, changes)  # what was asked for on the command line stands over any answer
    try:
        params = Parameters.model_validate(values)
    except ValidationError as error:
        raise ParameterError(_explain(error, values, places, file)) from None
    refuse_personal(values, places, file)
    return params


def require_order_lines(params: Parameters, file: str | Path) -> None:
    """Refuse a report of parameters without order lines, which ``crm check`` accepts.

    Raises
    ------
    ParameterError
        If ``sources.transactions`` is not there.
    """
    if params.sources.transactions is None:
        raise ParameterError(
            f"{file}: sources.transactions is missing. A report needs order lines: when, and how much. Add them; "
            "`crm check` looks at what is there."
        )


def write_parameters(params: Parameters, file: Path) -> None:
    """Write resolved parameters where every notebook of a run reads them; JSON, which is YAML too.

    What answers stand for is set already: it is not written, so that reading it again changes nothing.
    """
    values = params.model_dump(mode="json")
    for question in values["questions"].values():
        for answer in question["answers"].values():
            answer["sets"] = {}
    text = json.dumps(values, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def _put_all(values: dict[str, Any], places: Places, changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        _put(values, places, key, read_scalar(value) if isinstance(value, str) else deepcopy(value))


def _put(values: dict[str, Any], places: Places, key: str, value: Any) -> None:
    """Set a dotted key."""
    parts = key.split(".")
    target = values
    for part in parts[:-1]:
        child = target.setdefault(part, {})
        if not isinstance(child, dict):
            raise ParameterError(f"-p {key}: {part!r} is a single value and has no {parts[-1]!r} in it")
        target = child
    target[parts[-1]] = value
    places[tuple(parts)] = Place(f"-p {key}")


def _explain(error: ValidationError, values: dict[str, Any], places: Places, file: Path) -> str:
    """Write each error on a line of its own, the first ones first."""
    details = error.errors(include_url=False, include_context=True)
    lines = [_one_error(detail, values, places, file) for detail in details[:MOST_SHOWN]]
    if len(details) > MOST_SHOWN:
        lines.append(f"and {len(details) - MOST_SHOWN} more")
    return "\n".join(lines)


def _one_error(detail: ErrorDetails, values: dict[str, Any], places: Places, file: Path) -> str:
    written = _written_path(detail["loc"], values)
    place = nearest_place(places, written) or Place(file)
    key = ".".join(str(part) for part in written)
    if detail["type"] == "extra_forbidden":
        return f"{place}: unknown key {key!r}. {did_you_mean(str(written[-1]), _known_keys(written[:-1]))}"
    if detail["type"] == "missing":
        return f"{place}: {key!r} is missing. Add it."
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "value_error":
        return f"{place}: {key}: {message}" if key else f"{place}: {message}"
    near = did_you_mean(str(detail["input"]), _CHOICE.findall(message)) if detail["type"] == "literal_error" else ""
    return f"{place}: {key}: {message}; found {_shown(detail['input'])}" + (f". {near}" if near[:3] == "Did" else "")


def _shown(value: Any) -> str:
    """Show a found value briefly; mappings and lists only by kind."""
    if isinstance(value, dict | list):
        return f"a {type(value).__name__} of {len(value)}"
    return repr(value)[:60]


def _written_path(loc: Path_, values: Any) -> Path_:
    """Map pydantic's path to what was written: a single source stands where a list may stand."""
    path: list[str | int] = []
    here = values
    for part in loc:
        if isinstance(here, dict) and isinstance(part, int):
            continue
        if isinstance(here, dict) and part in here:  # noqa: SIM114  (one test each is what the types need)
            here = here[part]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        elif here is not None and not isinstance(here, dict):
            break
        else:
            here = None
        path.append(part)
    return tuple(path)


def _known_keys(path: Path_) -> list[str]:
    """List the keys that the model knows at a path."""
    model: Any = Parameters
    named = False
    for part in path:
        if isinstance(part, int) or model is None or named:
            named = False
            continue
        field = model.model_fields.get(part)
        if field is None:
            continue
        model, named = _model_of(field.annotation), get_origin(field.annotation) is dict
    return [field.alias or name for name, field in model.model_fields.items()] if model is not None else []


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """Find the model inside an annotation such as ``list[Source] | None`` or ``dict[str, FileSource]``."""
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, Union, UnionType) or hasattr(annotation, "__metadata__"):
        for inner in get_args(annotation):
            found = _model_of(inner)
            if found is not None:
                return found
    return None
