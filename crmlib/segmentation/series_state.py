"""What the chapter keeps from month to month in the series' state, as JSON."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

Kept = TypeVar("Kept")


class UnreadableStateError(ValueError):
    """What the series keeps cannot be read; the message says which file, and what to do."""


_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)


def keep(what: Any, file: Path) -> None:
    """Keep a dataclass for later runs, dates in ISO form; the file is whole or not there."""
    aside = file.with_suffix(".writing")
    aside.write_text(json.dumps(asdict(what), indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    aside.replace(file)


def read_as(file: Path, read: Callable[[dict[str, Any]], Kept]) -> Kept:
    """Turn a kept file into what it stands for, or say what to do with it (`UnreadableStateError`)."""
    try:
        return read(json.loads(file.read_text(encoding="utf-8")))
    except _UNREADABLE as error:
        raise UnreadableStateError(
            f"{file} cannot be read as what an earlier run kept ({type(error).__name__}: {error}). Restore it from a "
            "backup, or delete it: the next run sets it anew."
        ) from error


def kept_or_set(
    file: Path | None,
    as_of: date,
    read: Callable[[dict[str, Any]], Kept],
    make: Callable[[], Kept],
    lasting: Callable[[Kept], bool] = lambda _made: True,
) -> Kept:
    """Take what the series keeps in a file, or set it on this date and keep it where it is ``lasting``.

    What was set after this date (its ``reference``) is not used, as it would know what had not happened yet, nor
    written over: the periods since then go on with it, and this one has its own. Without a file nothing is kept.
    """
    if file is None:
        return make()
    if file.exists() and read_as(file, lambda said: said["reference"] <= as_of.isoformat()):
        return read_as(file, read)
    made = make()
    if not file.exists() and lasting(made):
        keep(made, file)
    return made
