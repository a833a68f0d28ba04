"""Files that are one delivery (same folder, same format, same columns): their glob, and a sample of their lines."""

import glob
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import siblings, size_of, suffix
from crmlib.prep.proposal.evidence import Evidence, weigh_all
from crmlib.prep.proposal.layouts import Layout, look_at, read_sample
from crmlib.prep.proposal.sampling import WHOLE
from crmlib.words import _, formats

_UNNAMED: Final = re.compile(r"column [0-9]+")
_UP_TO_NUMBER: Final = re.compile(r"(.*[^0-9]|)[0-9]+[-_. ]")
MOST_FILES: Final = 24
"""Files of one delivery that are sampled where it is too large to be read whole."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one delivery."""

    layouts: tuple[Layout, ...]  # one a file, in the order of their paths

    @property
    def first(self) -> Layout:
        """The layout of the first file."""
        return self.layouts[0]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files."""
        return tuple(layout.path for layout in self.layouts)

    @property
    def labels(self) -> list[str]:
        """Names that may tell what the files are: the file's, the sheet's, the folder's."""
        names = [self.first.path.stem, self.first.sheet or ""]
        return [*names, self.first.path.parent.name] if len(self.layouts) > 1 else names


@dataclass(frozen=True, slots=True)
class Sampled:
    """A group with a sample of its lines."""

    group: Group
    rows: pa.Table
    columns: tuple[Evidence, ...]
    whole: bool  # whether the sample is everything
    remarks: tuple[str, ...] = ()  # what a person should know of how it was delivered

    @property
    def looked_at(self) -> Sequence[Layout]:
        """The files of which something was read."""
        return self.group.layouts if self.whole else _spread(self.group.layouts)

    def column(self, name: str) -> Evidence:
        """Find the evidence of a column."""
        return next(column for column in self.columns if column.name == name)


def group_files(paths: Sequence[Path], folder: Path) -> tuple[list[Group], list[str]]:
    """Look at every file and put those that are one delivery together."""
    groups: dict[tuple[object, ...], list[Layout]] = {}
    unreadable: list[str] = []
    for path in paths:
        try:
            for layout in look_at(path, folder):
                key = (path.parent, suffix(path), layout.format, frozenset(layout.names), layout.widths, layout.sheet)
                groups.setdefault(key, []).append(layout)
        except InputRejectedError as error:
            unreadable.append(str(error))
    return [Group(tuple(layouts)) for layouts in groups.values()], unreadable


def sample_group(group: Group, folder: Path) -> Sampled:
    """Read a sample of a group: everything where it is small, else some files spread over it, and of each a part."""
    whole = sum(size_of(path) for path in group.paths) <= WHOLE
    layouts = group.layouts if whole else _spread(group.layouts)
    tables = [read_sample(layout, folder, whole=whole) for layout in layouts]
    rows = pa.concat_tables([table.select(tables[0].column_names) for table in tables], promote_options="permissive")
    rows = _without_empty_names(rows, group.first)
    merged = merged_down(rows, group.first.merged) if group.first.header else frozenset()
    evidence = tuple(replace(column, merged=column.name in merged) for column in weigh_all(rows))
    return Sampled(group, rows, evidence, whole, (*_remarks(group.first), *_cut(evidence)))


def _without_empty_names(rows: pa.Table, layout: Layout) -> pa.Table:
    """Leave out columns without a name in the header and without a value, as separators at the end of lines make."""
    empty = [name for name in rows.column_names if layout.header and _UNNAMED.fullmatch(name) and _is_empty(rows, name)]
    return rows.drop_columns(empty)


def _is_empty(rows: pa.Table, name: str) -> bool:
    column = rows.column(name)
    return pa.types.is_string(column.type) and not pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py()


def _cut(evidence: Sequence[Evidence]) -> Iterator[str]:
    """Say which columns hold numbers of which a spreadsheet has cut digits."""
    words = _("could not tell {name} apart: {share} of its values are numbers cut by a spreadsheet, such as 2.1E+18; "
             "export it anew as text, or format the column as text before saving")  # fmt: skip
    for column in evidence:
        if column.broken:
            yield words.format(name=column.name, share=formats.share(column.broken, decimals=0))


def _remarks(layout: Layout) -> Iterator[str]:
    """Say that a sheet is hidden and which columns share a name."""
    if layout.hidden:
        yield _("the workbook hides this sheet")
    words = _("{name} is the name of several columns; a number tells them apart: {other}")
    for name in layout.repeated:
        others = [other for other in layout.names if other.startswith(f"{name} (")]
        yield words.format(name=name, other=", ".join(others))


def _spread(layouts: Sequence[Layout]) -> list[Layout]:
    if len(layouts) <= MOST_FILES:
        return list(layouts)
    places = sorted({position * (len(layouts) - 1) // (MOST_FILES - 1) for position in range(MOST_FILES)})
    return [layouts[place] for place in places]


def path_of(group: Group, home: Path) -> str | list[str]:
    """Write the files of a group as one path or glob relative to a folder, or as a list where no glob fits."""
    paths = group.paths
    if len(paths) == 1:
        return glob.escape(relative(paths[0], home))
    folder = paths[0].parent
    beside = siblings(paths[0])
    names = {path.name for path in paths}
    for pattern in _patterns([path.name for path in paths]):
        if {name for name in beside if fnmatch(name, pattern)} == names:
            return f"{glob.escape(relative(folder, home))}/{pattern}"
    return [glob.escape(relative(path, home)) for path in paths]


def _patterns(names: Sequence[str]) -> Iterator[str]:
    """Give globs from the widest to the narrowest."""
    ending = _common([name[::-1] for name in names])[::-1]
    ending = ending[ending.index(".") :] if "." in ending else ""
    yield f"*{ending}"
    start = _common(names).rstrip("0123456789")
    longer = [start]
    while shorter := _UP_TO_NUMBER.fullmatch(longer[-1]):
        longer.append(shorter.group(1))
    yield from (f"{start}*{ending}" for start in reversed(longer) if start and not any(mark in start for mark in "*?["))


def _common(names: Sequence[str]) -> str:
    """Give the letters that all names begin with."""
    together = itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in together)


def relative(path: Path, home: Path) -> str:
    """Write a path relative to a folder, or as it is where they have no root in common."""
    try:
        return Path(os.path.relpath(path.resolve(), home.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


_LEAST_FILLED: Final = 0.03
_MOST_FILLED: Final = 0.95
_LONGEST_GAP: Final = 200


def merged_down(rows: pa.Table, merged: Iterable[str] = ()) -> frozenset[str]:
    """Find columns to be filled down: with cells merged in the workbook, or filled on the first line of a run only.

    A run is told by a column of different values, each followed by empty cells, that begins on the first line; with
    it go the columns that are filled on the same lines. Such a column alone is believed where it stands first.
    """
    found = {name for name in merged if name in rows.column_names}
    masks = {name: mask for name in rows.column_names if (mask := _gaps(rows.column(name))) is not None}
    for key, mask in masks.items():
        alike = {name for name, other in masks.items() if np.array_equal(mask, other)}
        if _differ(rows.column(key)) and (len(alike) > 1 or key == rows.column_names[0]):
            found |= alike
    return frozenset(found)


def _gaps(column: pa.ChunkedArray) -> np.ndarray | None:
    """Give the lines on which a column is filled, where the first is and short gaps follow; else nothing."""
    filled = _filled(column)
    if not len(filled) or not filled[0] or not _LEAST_FILLED < filled.mean() < _MOST_FILLED:
        return None
    places = np.append(np.flatnonzero(filled), len(filled))
    return filled if np.diff(places).max() <= _LONGEST_GAP else None


def _filled(column: pa.ChunkedArray) -> np.ndarray:
    text = pc.utf8_trim_whitespace(column.cast(pa.string()).fill_null(""))
    return np.asarray(pc.not_equal(text, "").to_numpy(zero_copy_only=False), dtype=bool)


def _differ(column: pa.ChunkedArray) -> bool:
    """Say whether no value comes again, as the numbers of orders do not."""
    values = column.cast(pa.string()).fill_null("")
    some = values.filter(pc.not_equal(pc.utf8_trim_whitespace(values), ""))
    return len(some) > 1 and len(pc.unique(some)) == len(some)
