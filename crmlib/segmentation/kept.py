"""What the chapter keeps from month to month in the series' state, as JSON."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

Kept = TypeVar("Kept")


def keep(what: Any, file: Path) -> None:
    """Keep a dataclass for later runs, dates in ISO form; the file is whole or not there."""
    aside = file.with_suffix(".writing")
    aside.write_text(json.dumps(asdict(what), indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    aside.replace(file)


def read_kept(file: Path) -> dict[str, Any] | None:
    """Read what an earlier run kept; nothing where nothing is kept."""
    if not file.exists():
        return None
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return said


def kept_or_set(
    file: Path | None,
    as_of: date,
    read: Callable[[dict[str, Any]], Kept],
    make: Callable[[], Kept],
    lasting: Callable[[Kept], bool] = lambda _made: True,
) -> Kept:
    """Take what the series keeps, or set it on this date and keep it.

    What was set after this date is not used (it would know what had not happened yet), nor written over: the periods
    since then go on with it, and this one has its own.

    Parameters
    ----------
    file
        Where it is kept; nothing is kept without one.
    as_of
        The date; what is kept has the one it was set on as ``reference``.
    read, make
        How it is read from what was kept, and how it is set anew.
    lasting
        Whether what was set now shall be kept.
    """
    said = read_kept(file) if file is not None else None
    if said is not None and said["reference"] <= as_of.isoformat():
        return read(said)
    made = make()
    if file is not None and said is None and lasting(made):
        keep(made, file)
    return made
