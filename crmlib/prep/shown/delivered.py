"""What came in, and what was written? Sources with their fingerprints, clean tables."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from crmlib.reporting import Shown, exact, gate, label, show_all
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.prep.study import Study
    from crmlib.workspace import Run


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
