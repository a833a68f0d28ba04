"""Nothing is lost: the account of lines and of money, and the steps between."""

from crmlib.prep.preparation import Preparation
from crmlib.prep.shown.people import rounded_people
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, folded, table
from crmlib.words import _
from crmlib.workspace import Run


def reconciliation_table(done: Preparation, run: Run) -> Shown:
    """Show and record that no line is lost: lines in (and made) = clean + quarantined + merged (+ left out)."""
    columns = _told(done, ["lines_in", "made", "clean", "quarantined", "merged", "left_out", "after_as_of"])
    _record_lines(done, run)
    rows = rounded_people(done.reconciliation[["table", "source", *columns]], columns, run)
    rows = rows.assign(name=rows["table"] + ": " + rows["source"])
    return table(
        disclose(rows.drop(columns=["table", "source"]), labels=["name"], exact=columns, rules=run.rules),
        _balance(_("Lines in"), columns, "{name}"),
        {"name": Shows(_("Table and source"))}
        | {name: Shows(_heading(name), "count", missing=_("few")) for name in columns},
        note=" ".join(
            [
                _("Checked in the run, which stops where a line is unaccounted for."),
                _repeats_words(run),
                _("Chapters see nothing after the period. Lines of customers are rounded."),
            ]
        ),
    )


def _heading(name: str) -> str:
    """Call a column of the account as a reader does."""
    return {
        "lines_in": _("Lines in"),
        "money_in": _("Money in"),
        "made": _("Returns made of refunds"),
        "clean": _("Clean"),
        "quarantined": _("Quarantined"),
        "merged": _("Merged"),
        "left_out": _("Left out"),
        "after_as_of": _("Clean, after the period"),
    }[name if name == "money_in" else name.removeprefix("money_")]


def _told(done: Preparation, columns: list[str]) -> list[str]:
    """Leave what no parameters ask for out of the account: returns made of refunds, lines left out."""
    rows = done.reconciliation
    asked = {"made": rows["made"].any(), "left_out": rows["left_out"].any()}
    return [name for name in columns if asked.get(name.removeprefix("money_"), True)]


def _balance(first: str, columns: list[str], pattern: str) -> str:
    """Say what the account is: the sum that holds in every row of it."""
    made, left_out = (pattern.format(name=name) in columns for name in ("made", "left_out"))
    left = _("{lines} + made of refunds").format(lines=first) if made else first
    right = _("clean + quarantined + merged + left out") if left_out else _("clean + quarantined + merged")
    return f"{left} = {right}"


def _repeats_words(run: Run) -> str:
    """Say what the parameters make of a line that is there twice."""
    return {
        "across_files": _(
            "A line that two files hold is one; a line twice in one file is two, for it may be a second scan."
        ),
        "all": _("A line that is there twice, in two files or in one, is one."),
        "keep": _("A line that is there twice is two, also in two files."),
    }[run.params.cleaning.duplicates]


def _record_lines(done: Preparation, run: Run) -> None:
    """Record the account of the order lines for `results.json`."""
    sales = done.reconciliation[done.reconciliation["table"] == "transactions"]
    meanings = {
        "lines_in": _("order lines delivered, all dates"),
        "lines_clean": _("of them clean"),
        "lines_quarantined": _("of them set aside with a reason"),
        "lines_merged": _("of them merged into a line delivered before"),
        **({"lines_left_out": _("of them left out, as the parameters ask")} if sales["left_out"].any() else {}),
        **({"lines_made": _("returns made of refunds, clean lines too")} if sales["made"].any() else {}),
        "lines_after_as_of": _("clean lines after the end of the period, which no chapter sees"),
    }
    for name, meaning in meanings.items():
        column = name if name == "lines_in" else name.removeprefix("lines_")
        run.record("01_data_prep", name, int(sales[column].sum()), unit="count", definition=meaning)


def money_table(done: Preparation, run: Run) -> Shown:
    """Show that no money is lost, by source of the order lines."""
    columns = _told(done, [
        "money_in", "money_made", "money_clean", "money_quarantined", "money_merged", "money_left_out",
        "money_after_as_of",
    ])  # fmt: skip
    rows = done.reconciliation[done.reconciliation["table"] == "transactions"]
    frame = rows[["source", *columns, "money_unknown"]].astype(dict.fromkeys(columns, float))
    return table(
        disclose(frame, labels=["source"], exact=[*columns, "money_unknown"], rules=run.rules),
        _balance(_("Money in"), columns, "money_{name}"),
        {"source": Shows(_("Source"))}
        | {name: Shows(_heading(name), "money", decimals=2) for name in columns}
        | {"money_unknown": Shows(_("Lines of unknown money"), "count")},
        currency=run.params.currency,
        note=_("Exact to four decimals; returns count as negative money."),
    )


def steps_folded(done: Preparation, run: Run) -> Shown:
    """Show behind one line what every step of cleaning took in and gave out."""
    rows = rounded_people(done.steps, ["rows_in", "rows_out", "changed"], run)
    rows = rows[["table", "step", "rows_in", "rows_out", "changed"]]
    words = {
        "contract": _("held against the contract: set aside"),
        "leave out": _("left out, as the parameters ask"),
        "take back": _("returns made of refunds"),
        "merge": _("merged: delivered twice, superseded, or one person"),
    }
    rows = rows.assign(step=[words.get(step, step.replace("_", " ")) for step in rows["step"]])
    shown = table(
        disclose(rows, labels=["table", "step"], exact=["rows_in", "rows_out", "changed"], rules=run.rules),
        _("Steps of cleaning"),
        {
            "table": Shows(_("Table")),
            "step": Shows(_("Step")),
            "rows_in": Shows(_("Lines in"), "count", missing=_("few")),
            "rows_out": Shows(_("Lines out"), "count", missing=_("few")),
            "changed": Shows(_("Changed or left"), "count", missing=_("few")),
        },
    )
    return folded(_("Every step: lines in, lines out"), shown)
