"""What the operating system refuses, told in one sentence with the path and what to do."""

import errno
import os
from typing import Any, Final

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.words import _

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_CLOSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL_WORDS: Final = "No space left on device"
"""How an engine tells it, whose errors carry no number."""


def refused(error: OSError) -> RunFailureError:
    """Turn an error of the operating system into a failure of the run.

    Examples
    --------
    >>> print(refused(OSError(errno.ENOSPC, "No space left on device", "/srv/work/demo/log.txt")))
    the disk is full: /srv/work/demo/log.txt cannot be written
    free some space, for instance the folders of old periods below work/, then run again
    """
    return told(error.errno, str(error.filename or ""), os.strerror(error.errno) if error.errno else str(error))


def told(number: int | None, path: str, why: str) -> RunFailureError:
    """Say which path is refused, why, and what would do."""
    place = path or _("a file")
    if number in _FULL:
        what, remedy = (
            _("the disk is full: {path} cannot be written"),
            _("free some space, for instance the folders of old periods below work/, then run again"),
        )
    elif number in _CLOSED:
        what, remedy = (
            _("{path} cannot be opened or written ({why})"),
            _("look at its owner and mode and whether the disk may be written, or choose other folders with --out"),
        )
    else:
        what, remedy = _("{path}: {why}"), _("see whether the disk is well and mounted, then run again")
    return RunFailureError(Outcome.STORAGE, what.format(path=place, why=why), remedy)


def refused_in_notebook(origin: dict[str, Any], message: str) -> RunFailureError | None:
    """Tell a failed notebook's trouble with the disk from trouble of its own."""
    number = origin.get("errno")
    if number in _FULL or _FULL_WORDS in message:
        return told(errno.ENOSPC, origin.get("filename", ""), "")
    if number in _CLOSED | {errno.EIO}:
        return told(number, origin.get("filename", ""), os.strerror(number))
    return None
