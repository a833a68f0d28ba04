"""A fitted model as JSON that anybody can read: its parameters, not its objects."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from hashlib import sha256
from math import isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 1_000
"""More numbers than this are no parameters but data: of them the shape is told."""

PLAIN: Final = (str, bool, date, Real, np.generic)
DIGITS: Final = 12
"""The last digits of a float differ between machines."""


def parameters_of(thing: Any) -> Any:
    """Turn what was learnt into JSON: numbers, texts, lists, and mappings with the ``kind`` of each object.

    Of a purchase model its parameters; of a scikit-learn estimator its settings and its small fitted numbers; of a
    dataclass its fields; of a function its name and the numbers it holds. Rows of customers are never in it.
    """
    if isinstance(thing, Mapping):
        return {str(key): parameters_of(value) for key, value in thing.items()}
    if isinstance(thing, np.ndarray):
        return parameters_of(thing.tolist()) if thing.size <= MOST else {"shape": list(thing.shape)}
    if isinstance(thing, list | tuple):
        return [parameters_of(each) for each in thing]
    return _plain(thing) if thing is None or isinstance(thing, PLAIN) else _object(thing)


def _plain(value: Any) -> Any:
    """Write one value."""
    if isinstance(value, Real) and not isinstance(value, Integral):
        number = float(f"{float(value):.{DIGITS}g}")
        return number if isfinite(number) else str(number)
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _object(thing: Any) -> dict[str, Any]:
    """Tell an object by its kind and by what it has learnt."""
    if isinstance(thing, types.FunctionType):
        return _function(thing)
    told: dict[str, Any] = {"kind": type(thing).__name__}
    if hasattr(thing, "params"):
        told["params"] = parameters_of(dict(thing.params))
    elif hasattr(thing, "get_params"):
        told |= {"settings": parameters_of(thing.get_params(deep=False)), "fitted": _fitted(thing)}
    elif is_dataclass(thing):
        told |= {field.name: parameters_of(getattr(thing, field.name)) for field in fields(thing)}
    return told


def _fitted(estimator: Any) -> dict[str, Any]:
    """Tell the fitted numbers and names of a scikit-learn estimator: those whose names end in an underline."""
    kept = {
        name: np.asarray(value)
        for name, value in sorted(vars(estimator).items())
        if name.endswith("_") and not name.startswith("_") and isinstance(value, np.ndarray | Real)
    }
    return {name: parameters_of(value) for name, value in kept.items() if value.size <= MOST}


def _function(function: types.FunctionType) -> dict[str, Any]:
    """Name a function, with the numbers it was made with; tables that it holds are of customers, and left out."""
    held = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    numbers = {name: cell.cell_contents for name, cell in held.items() if isinstance(cell.cell_contents, Real)}
    return {"kind": function.__qualname__.split(".")[0], **{name: _plain(each) for name, each in numbers.items()}}


def features_used(learnt: Any) -> list[str]:
    """Name the features that a rule or model asks for, or its parts do; none where it asks for purchase days alone."""
    parts = getattr(learnt, "parts", (learnt,))
    return list(dict.fromkeys(name for part in parts for name in getattr(part, "names", ())))


def predictions_hash(customers: pd.Series, probability: Any) -> str:
    """Hash what a model says of each customer, to six decimals, whatever the order of the rows."""
    said = np.round(np.asarray(probability, dtype=float), 6)[np.argsort(customers.to_numpy(dtype=object))]
    return sha256(said.tobytes()).hexdigest()
