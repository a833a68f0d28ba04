"""Whether the disk has room for a run, worked out from its inputs before it starts."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crmlib.running.inputs import Input
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import WORK_FOLDERS, Places
from crmlib.words import _

LEAST: Final = 64 << 20
"""What pages, notebooks and lists take whatever the inputs are."""

OF_TEXT: Final = 3
"""Bytes that stand on the disk at most for each byte of text: lines landed, judged, clean and set aside."""

OF_PACKED: Final = {".parquet": 6, ".pq": 6} | dict.fromkeys((".gz", ".zip", ".xlsx", ".zst", ".bz2", ".xz"), 12)
"""The same for each byte of what is packed; compressed columns are not landed."""

_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")


def needed(inputs: Sequence[Input]) -> int:
    """Estimate how many bytes a run of these inputs has on the disk at most."""
    return LEAST + sum(each.bytes * OF_PACKED.get(Path(each.path).suffix.lower(), OF_TEXT) for each in inputs)


def room(inputs: Sequence[Input], places: Places) -> str:
    """Say what a run needs and what is free, the folders that it empties among it; refuse it where that is too little.

    Raises
    ------
    RunFailureError
        With ``STORAGE``.
    """
    need, free = needed(inputs), shutil.disk_usage(places.work).free
    free += sum(_bytes_in(places.run / name) for name in WORK_FOLDERS)
    if need > free:
        raise RunFailureError(
            Outcome.STORAGE,
            _("the disk has too little room: the run needs about {need}, and {free} are free at {path}").format(
                need=size(need), free=size(free), path=places.work
            ),
            _("free some space, for instance the folders of old periods below work/, or another disk with --out"),
        )
    return f"the run needs about {size(need)} of the disk, {size(free)} are free"


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def size(count: float) -> str:
    """Give a number of bytes as people say it.

    Examples
    --------
    >>> size(950), size(64 << 20), size(12_300_000_000)
    ('950 bytes', '67 MB', '12 GB')
    """
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {_UNITS[unit]}"
