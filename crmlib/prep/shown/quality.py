"""What came in, what was written, and how good is it? Sources with fingerprints, tables, and how full they are."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import before
from crmlib.reporting import Shown, exact, figure, gate, label, palette, show_all
from crmlib.reporting.figures import bars
from crmlib.tables import TABLES
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from crmlib.prep.preparation import Preparation
    from crmlib.prep.study import Study
    from crmlib.workspace import Run


PROVENANCE: Final = frozenset({"source", "file", "line", "line_id"})
_COUNTS: Final = ["lines_in", "made", "quarantined", "merged", "left_out", "clean"]
_SHARES: Final = ["complete", "valid", "unique"]
_NOW_AND_THEN: Final = ("returned_order_id", "promotion_id", "points_redeemed", "discount", "tax", "account_kind")
"""Columns that most lines leave empty with good reason."""
COLUMNS: Final = ("table", "lines", "complete", "valid", "unique", "last", "days_late")


def quality_by_table(done: Preparation, run: Run, filled: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Measure the tables that the sources deliver, one row each.

    ``table``; ``lines`` (clean); ``complete``: share of cells with a value in columns that have any; ``valid``: share
    of delivered lines that were not set aside; ``unique``: share of the valid ones that repeat no other; ``last``: time
    of the last entry before ``as_of``; ``days_late``: whole days without one before ``as_of``.
    """
    counts = done.reconciliation.groupby("table", sort=False)[_COUNTS].sum()
    rows = []
    for table, row in counts.iterrows():
        counted = row["lines_in"] - row["left_out"]
        good = counted - row["quarantined"]
        last = _last(run, str(table))
        late = None if last is None else (pd.Timestamp(run.as_of) - last.normalize()).days - 1
        rows.append((
            table, int(row["clean"]), share_of_cells(filled[str(table)]), _share(good, counted),
            _share(row["clean"] - row["made"], good), last, late,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def share_of_cells(filled: pd.DataFrame) -> float:
    """Give the share of cells with a value, over the columns that have any; provenance is always there."""
    delivered = filled[(filled["filled"] > 0) & ~filled["column"].isin(PROVENANCE)]
    return _share(delivered["filled"].sum(), delivered["rows"].sum())


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 1.0


def _last(run: Run, table: str) -> pd.Timestamp | None:
    time = TABLES[table].time
    if time is None:
        return None
    rows = before(run.table(table), run.as_of, time)
    last = rows[time].max().to_pandas()
    return None if pd.isna(last) else pd.Timestamp(last)


def show_quality(found: Study, run: Run) -> Shown:
    """Show completeness, validity, uniqueness and timeliness of every table, and the order lines column by column."""
    return show_all(_quality_table(found.quality, run), _completeness_figure(found.filled["transactions"], run))


def _quality_table(rows: pd.DataFrame, run: Run) -> Shown:
    of_people = rows["table"] == "customers"
    # more digits of a share would give numbers of people away
    whole = rows[_SHARES].round(2).where(of_people, rows[_SHARES])
    gated = gate(
        rows.assign(**whole, of_people=of_people), run,
        label("table", _("Table")),
        exact("lines", _("Lines"), people_where="of_people"),
        exact("complete", _("Complete"), "share"),
        exact("valid", _("Valid"), "share"),
        exact("unique", _("Unique"), "share"),
        label("last", _("Last entry"), "day", missing=_("no time")),
        exact("days_late", _("Days before the end"), missing="–"),
    )  # fmt: skip
    note = _(
        "Complete: cells with a value, of columns that have any. Valid: delivered lines that were not set aside. "
        "Unique: valid lines that repeat no other; of customers, that are the person's only account. Last entry: "
        "before the end of the period."
    )
    return gated.table(_("How good each clean table is"), note=note)


def _completeness_figure(filled: pd.DataFrame, run: Run) -> Shown:
    """Show for each column of the order lines how many have a value."""
    always = {column.name for column in TABLES["transactions"].columns if column.made} | {"is_return"}
    rows = filled[(filled["filled"] > 0) & ~filled["column"].isin([*PROVENANCE, *always, *_NOW_AND_THEN])]
    rows = rows.sort_values("share", ascending=False, kind="stable")
    gated = gate(rows[["column", "share"]], run, label("column"), exact("share", kind="share"))
    gated = gated.worded("column", lambda name: name.replace("_", " "))
    least = gated.frame.iloc[-1]
    title = _("The emptiest column that was delivered is {name}, with a value on {share:share} of the lines")
    columns = gated.listing("{column} {share}", ", ")
    return figure(
        _draw,
        gated,
        title=run.say(title, name=least["column"], share=least["share"]),
        alt=run.say(_("Bars: share of order lines with a value. {columns}."), columns=columns),
        read=_("A full bar: every line has a value. Columns that no source delivers are left out."),
        limits=_("A value may be filled in and still be wrong."),
        source=run.say(_("All clean order lines, n = {n:count}."), n=int(rows["rows"].max())),
        size=(7.2, 0.32 * len(gated) + 0.8),
    )


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the share of order lines that have a value, a bar a column."""
    full = frame["share"] >= 0.5
    shades = dict(zip(frame["column"], full.map({True: palette.ACCENT, False: palette.CONTEXT}), strict=True))
    unit = _("Share of lines with a value")
    bars(axes, frame, label="column", value="share", unit=unit, kind="share", colour=shades, written="share")
    axes.set_xlim(0, 1.12)


def show_delivered(found: Study, run: Run) -> Shown:
    """Show what was delivered, and the clean tables that later chapters read."""
    return show_all(_sources_table(found.done.files, run), _tables_table(found.tables, run))


def _sources_table(files: pd.DataFrame, run: Run) -> Shown:
    """Show files, lines and size of each source, and a fingerprint that changes with any byte."""
    rows = files.groupby(["table", "source"], sort=False, as_index=False).agg(
        files=("name", "size"),
        lines=("lines", "sum"),
        megabytes=("size", lambda size: round(size.sum() / 1e6, 2)),
        encoding=("encoding", lambda names: ", ".join(sorted({name for name in names if name})) or "–"),
        fingerprint=("sha256", fingerprint),
    )
    gated = gate(
        rows.assign(of_people=rows["table"] == "customers"), run,
        label("source", _("Source")),
        label("table", _("Table")),
        exact("files", _("Files")),
        exact("lines", _("Lines"), people_where="of_people"),
        exact("megabytes", _("Megabytes"), "number"),
        label("encoding", _("Text")),
        label("fingerprint", _("Fingerprint")),
    )  # fmt: skip
    note = _(
        "The fingerprint is the SHA-256 of the files' SHA-256, twelve digits of it; the hash of every file stands in "
        "the manifest of the report."
    )
    return gated.table(_("What was delivered"), note=note)


def fingerprint(hashes: pd.Series) -> str:
    """Hash the hashes of a source's files, in any order of theirs, and give twelve digits of it."""
    return sha256("".join(sorted(hashes.astype(str))).encode()).hexdigest()[:12]


def _tables_table(tables: pd.DataFrame, run: Run) -> Shown:
    of_people = tables["table"] == "customers"
    gated = gate(
        tables.assign(of_people=of_people), run,
        label("table", _("Table")),
        exact("rows", _("Rows"), people_where="of_people"),
        exact("columns", _("Columns")),
    )  # fmt: skip
    return gated.table(_("Clean tables written"), note=_("Rows of customers are rounded.") if of_people.any() else "")
