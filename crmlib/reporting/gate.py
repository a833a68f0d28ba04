"""The gate as a type: what a table, a picture or a sentence may be made of, and the only way to make it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self, get_args

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting.columns import Column, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crmlib.reporting.shown import Shown
    from crmlib.workspace import Run

_PASSED: Final = object()
"""Who holds it has been through the gate."""


def gate(frame: pd.DataFrame, run: Run, *columns: Column, totals: bool = False) -> Gated:
    """Let a frame about groups of people through, cell by cell; every column is declared, once.

    Parameters
    ----------
    frame
        One row a group (a segment, a month, a pair of segments); it is not changed. Columns that are named only as
        people (`of`), as the largest person's part (`largest`) or as the rows with people (`people_where`) of another
        steer the gate and are left out.
    run
        The run, for the rules of disclosure and the currency.
    columns
        Made by `label`, `people`, `exact`, `estimate`, `part`, `rate` and `each` (see `crmlib.reporting.columns`), in
        the order in which a table shows them.
    totals
        Whether the reader can see the totals over any one label: then no hidden cell stands alone.

    Raises
    ------
    ValueError
        If a column is not declared, declared twice or not there; if money rests on people and nobody says the largest
        person's part; if a label is a pseudonym.

    See Also
    --------
    crmlib.privacy.disclosure.disclose : The rules, and where they come from.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from crmlib.privacy.rules import DisclosureRules
    >>> from crmlib.reporting.columns import exact, label, people
    >>> run = SimpleNamespace(params=SimpleNamespace(currency="GBP"), rules=DisclosureRules())
    >>> segments = pd.DataFrame({"segment": ["loyal", "lost"], "customers": [213, 4], "spend": [9e4, 90.0]})
    >>> segments["largest"] = 0.1
    >>> gate(
    ...     segments, run,
    ...     label("segment", "Segment", "name"), people("customers", "Customers"),
    ...     exact("spend", "Spend", "money", of="customers", largest="largest"),
    ... ).table("Segments at the end of October")
    Segments at the end of October
    Segment | Customers | Spend
    Loyal | 215 | £90,000
    Lost | hidden | hidden
    """
    columns = tuple(_with_interval(column, frame) for column in columns)
    _check_money(columns)
    declared = {column.name for column in columns}
    having = {role: [column for column in columns if column.role == role] for role in get_args(Role)}
    named = {role: [column.name for column in group] for role, group in having.items()}
    # the ends of an interval rest on what their estimate rests on, unless they are declared themselves
    ends = {end: column for column in having["estimate"] for end in (column.low, column.high) if end is not None}
    ends = {end: column for end, column in ends.items() if end not in declared}
    sized = {column.name: column for column in (*having["exact"], *having["estimate"])} | ends
    mixed = {column.name: column.people_where for column in having["exact"] if column.people_where}
    passed = disclose(
        _of_few(frame, having["people"], run).drop(
            columns=[flag for flag in {*mixed.values()} if flag not in declared]
        ),
        labels=named["label"],
        counts=named["people"],
        based_on={name: column.of for name, column in sized.items() if column.of},
        measures=[*named["estimate"], *ends],
        exact=named["exact"],
        shares={column.name: column.per[0] for column in having["part"]}
        | {column.name: (column.per[0], column.per[1]) for column in having["rate"]},
        ranges=[column.name for column in (*having["part"], *having["rate"]) if column.low],
        means={
            f"{column.name}{end}": (f"{column.per[0]}{end}", column.per[1])
            for column in having["each"]
            for end in (("", "_low", "_high") if column.low else ("",))
        },
        largest={name: column.largest for name, column in sized.items() if column.largest},
        totals=totals,
        rules=run.rules,
    )
    return Gated(_with_people(passed, frame, mixed), columns, run.params.currency, _PASSED)


def _of_few(frame: pd.DataFrame, counts: Sequence[Column], run: Run) -> pd.DataFrame:
    """Lower what too few people did to the number of these, so that it is hidden like them."""
    made_by = {column.name: column.of for column in counts if column.of}
    lowered = {name: frame[[name, of]].min(axis=1) for name, of in made_by.items()}
    few = {name: frame[of] < run.rules.threshold for name, of in made_by.items()}
    return frame.assign(**{name: frame[name].mask(few[name], lowered[name]) for name in made_by})


def _with_people(passed: Disclosed, frame: pd.DataFrame, mixed: Mapping[str, str]) -> Disclosed:
    """Round and hide in columns of things those numbers that are of people; none at all gives nobody away."""
    shown, mask = passed.frame.copy(), passed.mask.copy()
    for name, flag in mixed.items():
        people = (frame[flag] & (frame[name] > 0)).to_numpy(dtype=bool)
        rounded = shown[name].map(passed.rules.rounded, na_action="ignore").astype("float64")
        mask[name] |= people & rounded.isna() & shown[name].notna()
        shown[name] = rounded.where(people, shown[name])
    return replace(passed, frame=shown, mask=mask)


def _with_interval(column: Column, frame: pd.DataFrame) -> Column:
    """Find the ends of an estimate's interval in the frame."""
    if column.role != "estimate" or column.low is not None:
        return column
    low, high = f"{column.name}_low", f"{column.name}_high"
    return replace(column, low=low, high=high) if {low, high} <= set(frame.columns) else column


def _check_money(columns: Sequence[Column]) -> None:
    """Refuse money of people of which one may have brought nearly all."""
    money = [column for column in columns if column.kind == "money" and column.of]
    loose = [column.name for column in money if not (column.largest or column.exempt)]
    if loose:
        raise ValueError(
            f"money that rests on people: {', '.join(loose)}; say largest=<column with the largest person's part>, "
            "or exempt=<why it needs none>"
        )


@dataclass(frozen=True, slots=True, init=False)
class Gated:
    """A frame that has passed the gate, with how its columns are shown; only `gate` makes one.

    Its methods choose, order, rename and turn what has passed: none brings back what is hidden.
    """

    passed: Disclosed
    columns: tuple[Column, ...]
    currency: str

    def __init__(self, passed: Disclosed, columns: tuple[Column, ...], currency: str, proof: object) -> None:
        if proof is not _PASSED:
            raise TypeError("a gated frame is made by gate(frame, run, …) alone")
        object.__setattr__(self, "passed", passed)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "currency", currency)

    @property
    def frame(self) -> pd.DataFrame:
        """The cells that may be shown, missing where hidden or not observed."""
        return self.passed.frame

    @property
    def hidden(self) -> pd.DataFrame:
        """True where the gate has hidden a cell."""
        return self.passed.mask

    def __len__(self) -> int:
        return len(self.passed.frame)

    def total(self, name: str) -> int | None:
        """Give the rounded total of a column of people; `None` where it is itself too small."""
        return self.passed.totals[name]

    def rows(self, keep: Callable[[pd.DataFrame], Any] | Sequence[int] | slice) -> Gated:
        """Keep rows: where `keep` of the frame is true, or at positions in the order wanted, or a slice."""
        places = pd.RangeIndex(len(self))
        if callable(keep):
            wanted = places[pd.Series(keep(self.frame)).fillna(value=False).to_numpy(dtype=bool)]
        else:
            wanted = places[keep] if isinstance(keep, slice) else pd.Index(list(keep), dtype="int64")
        frame, mask = (cells.iloc[wanted].reset_index(drop=True) for cells in (self.frame, self.hidden))
        return self._like(frame, mask, self.columns)

    def ordered(self, by: str | list[str], *, descending: bool = False) -> Gated:
        """Sort the rows by columns; what is hidden comes last, equal rows keep their order."""
        found = self.frame.reset_index(drop=True).sort_values(by, ascending=not descending, kind="stable")
        return self.rows(found.index.to_list())

    def only(self, *names: str) -> Gated:
        """Show these columns in a table, in this order; pictures go on finding all."""
        by_name = {column.name: column for column in self.columns}
        rest = [replace(column, heading="") for column in self.columns if column.name not in names]
        return self._like(self.frame, self.hidden, (*(by_name[name] for name in names), *rest))

    def headed(self, **headings: str) -> Gated:
        """Give columns other headings."""
        columns = tuple(replace(column, heading=headings.get(column.name, column.heading)) for column in self.columns)
        return self._like(self.frame, self.hidden, columns)

    def worded(self, name: str, words: Callable[[Any], str] | Mapping[Any, str]) -> Gated:
        """Put what names the rows into other words; numbers are put into words by their kind."""
        at = [place for place, column in enumerate(self.columns) if column.name == name and column.role == "label"]
        if not at:
            raise ValueError(f"{name} is not a label; there are {', '.join(column.name for column in self.columns)}")
        columns = list(self.columns)
        columns[at[0]] = replace(columns[at[0]], kind="text")
        found = self.frame[name].map(words)
        return self._like(self.frame.assign(**{name: found}), self.hidden, tuple(columns))

    def beside(self, column: Column, words: Callable[[pd.Series], str | None], *, like: str = "") -> Gated:
        """Add a label made of what each row shows, as the last column; see `crmlib.reporting.columns.label`.

        Where the words are `None`, the cell is hidden where that of the column `like` is, and else not observed.
        """
        if column.role != "label":
            raise ValueError(f"{column.name} is to be words made of what is shown: declare it with label(…)")
        found = pd.Series([words(row) for _place, row in self.frame.iterrows()], index=self.frame.index, dtype="object")
        mask = self.hidden.assign(**{column.name: self.hidden[like] & found.isna() if like else False})
        return self._like(self.frame.assign(**{column.name: found}), mask, (*self.columns, column))

    def above(self, other: Gated) -> Gated:
        """Put the rows of another with the same columns, gated by itself, under these."""
        if self.columns != other.columns:
            raise ValueError("rows of other columns: declare both with the same columns")
        pairs = ((self.frame, other.frame), (self.hidden, other.hidden))
        frame, mask = (pd.concat(pair, ignore_index=True) for pair in pairs)
        return self._like(frame, mask, self.columns)

    def turned(
        self, across: str, column: Column, headings: Mapping[Any, str], *,
        ranged: Sequence[str] = (), missing: str | None = None,
    ) -> Gated:  # fmt: skip
        """Lay the table on its side: one row a column that has a heading, in its own kind, and one column a row.

        The label `across` names the new columns, `headings` heads them; `column` is the label of the new rows. Of the
        new columns the `ranged` show the intervals.
        """
        rows = [row for row in self.columns if row.heading and row.role != "label"]
        names = [str(name) for name in self.frame[across]]
        heads = {str(name): heading for name, heading in headings.items()}

        def laid(frame: pd.DataFrame, which: Sequence[str | None]) -> pd.DataFrame:
            cells = [frame[name].to_list() if name else [None] * len(names) for name in which]
            return pd.DataFrame(cells, columns=names)

        found = laid(self.frame, [row.name for row in rows])
        mask = laid(self.hidden, [row.name for row in rows]).astype(bool)
        for end in ("low", "high"):
            ends = laid(self.frame, [getattr(row, end) for row in rows])
            found = found.assign(**{f"{name}_{end}": ends[name] for name in ranged})
        labels = {column.name: [row.heading for row in rows], "kind": [row.kind for row in rows]}
        frame = found.assign(**labels)
        mask = mask.reindex(columns=frame.columns, fill_value=False)
        cells = tuple(
            Column(name=name, heading=heads[name], role="exact", kind="number", kind_from="kind", missing=missing,
                   low=f"{name}_low" if name in ranged else None, high=f"{name}_high" if name in ranged else None)
            for name in names
        )  # fmt: skip
        # a table with people in it says that they are rounded
        totals = dict.fromkeys(names if any(row.kind == "people" for row in rows) else ())
        return Gated(Disclosed(frame, mask, totals, self.passed.rules), (column, *cells), self.currency, _PASSED)

    def listing(self, words: str, between: str = "; ") -> str:
        """Say every row in words (``{segment}: {customers}``), cells as a table writes them, as for an alt text."""
        from crmlib.reporting.cells import cells_of

        cells = {column.name: cells_of(self, column) for column in self.columns}
        rows = ({name: column[place].plain for name, column in cells.items()} for place in range(len(self)))
        return between.join(words.format(**row) for row in rows)

    def cell(self, row: int, name: str) -> str:
        """Give one cell as a table writes it, with its interval."""
        return self.rows([row]).listing("{" + name + "}")

    def table(self, caption: str, *, note: str = "", confidence: float | None = 0.95, **values: Any) -> Shown:
        """Show the columns that have a heading as a table; see `crmlib.reporting.tables.table`."""
        from crmlib.reporting.tables import table

        return table(self, caption.format(**values) if values else caption, note=note, confidence=confidence)

    def _like(self, frame: pd.DataFrame, mask: pd.DataFrame, columns: tuple[Column, ...]) -> Self:
        """Make another of what has passed."""
        passed = Disclosed(frame, mask, self.passed.totals, self.passed.rules)
        return type(self)(passed, columns, self.currency, _PASSED)
