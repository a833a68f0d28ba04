"""How good each table is, in one table, and how full the columns of the order lines are."""

import pandas as pd

from crmlib.prep import figures
from crmlib.prep.preparation import Preparation
from crmlib.prep.quality import PROVENANCE, fill_by_table, quality_by_table
from crmlib.prep.shown.people import rounded_people
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, show_all, table
from crmlib.tables import TABLES
from crmlib.words import _, formats
from crmlib.workspace import Run

_SHARES = ["complete", "valid", "unique"]
_NOW_AND_THEN = ("returned_order_id", "promotion_id", "points_redeemed", "discount", "tax", "account_kind")
"""Columns that most lines leave empty with good reason."""


def quality_shown(done: Preparation, run: Run) -> Shown:
    """Show completeness, validity, uniqueness and timeliness of every table, and the order lines column by column."""
    filled = fill_by_table(run)
    return show_all(_quality_table(done, run, filled), _completeness_figure(filled["transactions"], run))


def _quality_table(done: Preparation, run: Run, filled: dict[str, pd.DataFrame]) -> Shown:
    rows = rounded_people(quality_by_table(done, run, filled), ["lines"], run)
    # more digits of a share would give numbers of people away
    whole = rows[_SHARES].round(2).where(rows["table"] == "customers", rows[_SHARES])
    rows = rows.assign(**whole)
    return table(
        disclose(rows, labels=["table", "last"], exact=["lines", "days_late", *_SHARES], rules=run.rules),
        _("How good each clean table is"),
        {
            "table": Shows(_("Table")),
            "lines": Shows(_("Lines"), "count", missing=_("few")),
            "complete": Shows(_("Complete"), "share"),
            "valid": Shows(_("Valid"), "share"),
            "unique": Shows(_("Unique"), "share"),
            "last": Shows(_("Last entry"), "day", missing=_("no time")),
            "days_late": Shows(_("Days before the end"), "count", missing="–"),
        },
        note=_(
            "Complete: cells with a value, of columns that have any. Valid: delivered lines that were not set aside. "
            "Unique: valid lines that repeat no other; of customers, that are the person's only account. Last entry: "
            "before the end of the period."
        ),
    )


def _completeness_figure(filled: pd.DataFrame, run: Run) -> Shown:
    """Show for each column of the order lines how many have a value."""
    always = {column.name for column in TABLES["transactions"].columns if column.made} | {"is_return"}
    frame = filled[(filled["filled"] > 0) & ~filled["column"].isin([*PROVENANCE, *always, *_NOW_AND_THEN])]
    frame = frame.assign(label=frame["column"].str.replace("_", " ")).sort_values(
        "share", ascending=False, kind="stable"
    )
    shown = frame[["label", "share"]].reset_index(drop=True)
    least = shown.iloc[-1]
    return figure(
        figures.completeness,
        disclose(shown, labels=["label"], exact=["share"], rules=run.rules),
        title=_("The emptiest column that was delivered is {name}, with a value on {share} of the lines").format(
            name=least["label"], share=formats.share(least["share"])
        ),
        alt=_("Bars: share of order lines with a value. {list}.").format(
            list=", ".join(f"{row.label} {formats.share(row.share)}" for row in shown.itertuples())
        ),
        read=_("A full bar: every line has a value. Columns that no source delivers are left out."),
        limits=_("A value may be filled in and still be wrong."),
        source=_("All clean order lines, n = {n}.").format(n=formats.count(int(frame["rows"].max()))),
        size=(7.2, 0.32 * len(shown) + 0.8),
    )
