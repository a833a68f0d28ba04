"""Nothing is lost: the account of lines and of money, and the steps between."""

import pandas as pd

from crmlib.prep.preparation import Preparation
from crmlib.prep.shown.people import rounded_people
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, folded, table
from crmlib.words import _
from crmlib.workspace import Run


def reconciliation_table(done: Preparation, run: Run) -> Shown:
    """Show and record that no line is lost: lines in = clean + quarantined + merged, and what was made and left out."""
    further = _further(done.reconciliation, {"made": _("Made of others"), "left_out": _("Left out")})
    columns = ["lines_in", *further, "clean", "quarantined", "merged", "after_as_of"]
    _record_lines(done, run)
    rows = rounded_people(done.reconciliation[["table", "source", *columns]], columns, run)
    rows = rows.assign(name=rows["table"] + ": " + rows["source"])
    return table(
        disclose(rows.drop(columns=["table", "source"]), labels=["name"], exact=columns, rules=run.rules),
        _sum_words(_("Lines in"), further),
        {
            "name": Shows(_("Table and source")),
            "lines_in": Shows(_("Lines in"), "count", missing=_("few")),
            **{name: Shows(label, "count", missing=_("few")) for name, label in further.items()},
            "clean": Shows(_("Clean"), "count", missing=_("few")),
            "quarantined": Shows(_("Quarantined"), "count", missing=_("few")),
            "merged": Shows(_("Merged"), "count", missing=_("few")),
            "after_as_of": Shows(_("Clean, after the period"), "count", missing=_("few")),
        },
        note=" ".join(
            [
                _("Checked in the run, which stops where a line is unaccounted for."),
                _repeats_words(run),
                _("Chapters see nothing after the period. Lines of customers are rounded."),
            ]
        ),
    )


def _further(rows: pd.DataFrame, labels: dict[str, str]) -> dict[str, str]:
    """Keep the columns of lines made of others and left out, where there are any."""
    return {name: label for name, label in labels.items() if name in rows and (rows[name] != 0).any()}


def _sum_words(what: str, further: dict[str, str]) -> str:
    """Say what adds up to what."""
    made = _(" + made") if any(name.endswith("made") for name in further) else ""
    left_out = _(" + left out") if any(name.endswith("left_out") for name in further) else ""
    words = _("{what}{made} = clean + quarantined + merged{left_out}")
    return words.format(what=what, made=made, left_out=left_out)


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
        "lines_after_as_of": _("clean lines after the end of the period, which no chapter sees"),
    }
    for name, meaning in meanings.items():
        column = name if name == "lines_in" else name.removeprefix("lines_")
        run.record("01_data_prep", name, int(sales[column].sum()), unit="count", definition=meaning)


def money_table(done: Preparation, run: Run) -> Shown:
    """Show that no money is lost, by source of the order lines."""
    rows = done.reconciliation[done.reconciliation["table"] == "transactions"]
    further = _further(rows, {"money_made": _("Made of others"), "money_left_out": _("Left out")})
    columns = ["money_in", *further, "money_clean", "money_quarantined", "money_merged", "money_after_as_of"]
    frame = rows[["source", *columns, "money_unknown"]].astype(dict.fromkeys(columns, float))
    return table(
        disclose(frame, labels=["source"], exact=[*columns, "money_unknown"], rules=run.rules),
        _sum_words(_("Money in"), further),
        {
            "source": Shows(_("Source")),
            "money_in": Shows(_("Money in"), "money", decimals=2),
            **{name: Shows(label, "money", decimals=2) for name, label in further.items()},
            "money_clean": Shows(_("Clean"), "money", decimals=2),
            "money_quarantined": Shows(_("Quarantined"), "money", decimals=2),
            "money_merged": Shows(_("Merged"), "money", decimals=2),
            "money_after_as_of": Shows(_("Clean, after the period"), "money", decimals=2),
            "money_unknown": Shows(_("Lines of unknown money"), "count"),
        },
        currency=run.params.currency,
        note=_("Exact to four decimals; returns count as negative money."),
    )


def steps_folded(done: Preparation, run: Run) -> Shown:
    """Show behind one line what every step of cleaning took in and gave out."""
    rows = rounded_people(done.steps, ["rows_in", "rows_out", "changed"], run)
    rows = rows[["table", "step", "rows_in", "rows_out", "changed"]]
    words = {
        "contract": _("held against the contract: set aside"),
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
