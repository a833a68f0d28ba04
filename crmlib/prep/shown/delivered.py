"""What came in and what was written: sources with their fingerprints, clean tables."""

from hashlib import sha256

import pandas as pd

from crmlib.prep.preparation import Preparation
from crmlib.prep.shown.people import rounded_people
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, table
from crmlib.words import _
from crmlib.workspace import Run


def sources_table(done: Preparation, run: Run) -> Shown:
    """Show what was delivered: files, lines and size of each source, and a fingerprint that changes with any byte."""
    grouped = done.files.groupby(["table", "source"], sort=False)
    rows = grouped.agg(
        files=("name", "size"),
        lines=("lines", "sum"),
        megabytes=("size", lambda size: round(size.sum() / 1e6, 2)),
        encoding=("encoding", lambda names: ", ".join(sorted({name for name in names if name})) or "–"),
        fingerprint=("sha256", fingerprint),
    ).reset_index()
    rows = rounded_people(rows, ["lines"], run)
    return table(
        disclose(
            rows,
            labels=["table", "source", "encoding", "fingerprint"],
            exact=["files", "lines", "megabytes"],
            rules=run.rules,
        ),
        _("What was delivered"),
        {
            "source": Shows(_("Source")),
            "table": Shows(_("Table")),
            "files": Shows(_("Files"), "count"),
            "lines": Shows(_("Lines"), "count", missing=_("few")),
            "megabytes": Shows(_("Megabytes"), "number"),
            "encoding": Shows(_("Text")),
            "fingerprint": Shows(_("Fingerprint")),
        },
        note=_(
            "The fingerprint is the SHA-256 of the files' SHA-256, twelve digits of it; the hash of every file stands "
            "in the manifest of the report."
        ),
    )


def fingerprint(hashes: pd.Series) -> str:
    """Hash the hashes of a source's files, in any order of theirs, and give twelve digits of it.

    Examples
    --------
    >>> fingerprint(pd.Series(["ab", "cd"])) == fingerprint(pd.Series(["cd", "ab"]))
    True
    """
    return sha256("".join(sorted(hashes.astype(str))).encode()).hexdigest()[:12]


def tables_table(run: Run) -> Shown:
    """Show the clean tables that later chapters read."""
    clean = {name: run.table(name) for name in run.params.sources.given}
    frame = pd.DataFrame(
        {
            "table": list(clean),
            "rows": [int(rows.count().to_pandas()) for rows in clean.values()],
            "columns": [len(rows.columns) for rows in clean.values()],
        }
    )
    return table(
        disclose(rounded_people(frame, ["rows"], run), labels=["table"], exact=["rows", "columns"], rules=run.rules),
        _("Clean tables written"),
        {
            "table": Shows(_("Table")),
            "rows": Shows(_("Rows"), "count", missing=_("few")),
            "columns": Shows(_("Columns"), "count"),
        },
        note=_("Rows of customers are rounded.") if "customers" in clean else "",
    )
