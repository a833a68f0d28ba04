"""What makes a whole file doubtful: it is cut off, or changes its columns half-way."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.dialects import fields_of
from crmlib.prep.landing.lines import Broken

_TO_THE_END: Final = 3
"""So many lines of another width that reach to the end of a file are a change of its columns, not accidents."""
_ANYWHERE: Final = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Why no line of a file can be trusted, and the line from which on."""

    wrong: str
    line: int | None = None
    remedy: str = "deliver it again, or set cleaning.broken_files to quarantine"

    def rejected(self, path: Path) -> InputRejectedError:
        """Make the error that stops the run."""
        return InputRejectedError.at(path, self.wrong, self.remedy, self.line)


def find_fault(bad: Sequence[Broken], last_good: int, width: int, delimiter: str, *, ends_open: bool) -> Fault | None:
    """Find out from the lines that did not split, in order, whether the file changes its columns or is cut off."""
    bad = _without_footer(bad, last_good, width, delimiter)
    for fields, line, length in _runs(bad, delimiter):
        to_the_end = line + length > last_good and line > 1
        if fields != width and (length >= _ANYWHERE or (to_the_end and length >= _TO_THE_END)):
            return Fault(
                f"changes its columns: from here on lines have {fields} fields where the header has {width}", line
            )
    if ends_open and bad and bad[-1].line > last_good:
        fields = len(fields_of(bad[-1].text, delimiter, strict=True))
        if fields == 0:
            return Fault("is cut off: its last line ends inside quotes", bad[-1].line)
        if fields < width:
            return Fault(f"is cut off: its last line has {fields} of {width} fields", bad[-1].line)
    return None


def _without_footer(bad: Sequence[Broken], last_good: int, width: int, delimiter: str) -> Sequence[Broken]:
    """Leave out what stands below the table, narrower and parted from it by an empty line: who exported it."""
    below = [each for each in bad if each.line > last_good]
    apart = bool(below) and below[0].line > last_good + 1 > 1
    narrow = all(0 < len(fields_of(each.text, delimiter, strict=True)) < width for each in below)
    return [each for each in bad if each.line <= last_good] if apart and narrow else bad


def _runs(bad: Sequence[Broken], delimiter: str) -> list[tuple[int, int, int]]:
    """Give runs of neighbouring lines of equal width: fields, first line, how many lines."""
    numbered = [(len(fields_of(each.text, delimiter)), each.line - position) for position, each in enumerate(bad)]
    runs, start = [], 0
    for (fields, _gap), group in groupby(numbered):
        length = len(list(group))
        runs.append((fields, bad[start].line, length))
        start += length
    return runs
