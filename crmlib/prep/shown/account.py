"""Is anything lost? The account of lines and of money, the shop's own books, and the steps between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.prep import measures
from crmlib.prep.control import MONEY
from crmlib.prep.control_words import agreement, difference_sentences, explained, measure_label, period_label
from crmlib.reporting import Shown, exact, folded, gate, label, record_headlines, show_all
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.prep.control import Held
    from crmlib.prep.study import Study
    from crmlib.workspace import Run

MOST_ROWS: Final = 500
"""So many figures of the books are listed, those that differ first."""
_ASKED_FOR: Final = ("made", "left_out")
"""What becomes of lines only where the parameters ask for it."""


def show_account(found: Study, run: Run) -> Shown:
    """Show and record that no line and no money is lost: what came in = clean + quarantined + merged (+ left out)."""
    lines, rows = found.lines, found.done.reconciliation
    known = [name for name in measures.ACCOUNT if name not in _ASKED_FOR or lines[name]]
    record_headlines([measures.ACCOUNT[name].headline(int(lines[name])) for name in known], run, measures.CHAPTER)
    return show_all(
        *books_tables(found.held, run), _lines_table(rows, run), _money_table(rows, run), _steps(found.done.steps, run)
    )


def books_tables(held: Sequence[Held], run: Run) -> tuple[Shown, ...]:
    """Show the books beside the report, where the parameters have books of a month or day that is over; else nothing.

    Figures that differ come first. A source's figures stand below those of all sources.
    """
    if not held:
        return ()
    listed = sorted(held, key=lambda figure: figure.agrees)[:MOST_ROWS]
    frame = pd.DataFrame({
        "figure": [", ".join(filter(None, [measure_label(figure.measure), figure.source])) for figure in listed],
        "period": [period_label(figure.period, run.say) for figure in listed],
        "kind": ["money" if figure.measure in MONEY else "count" for figure in listed],
        "books": [float(figure.books) for figure in listed],
        "report": [None if figure.report is None else float(figure.report) for figure in listed],
        "difference": [None if figure.difference is None else float(figure.difference) for figure in listed],
        "why": [explained(figure, run.say) or "–" for figure in listed],
    })  # fmt: skip
    numbers = {"books": _("Books"), "report": _("Report"), "difference": _("Difference")}
    gated = gate(
        frame, run,
        label("figure", _("Figure")),
        label("period", _("Month or day")),
        label("kind"),
        *(exact(name, heading, "number", kind_from="kind", decimals=2) for name, heading in numbers.items()),
        label("why", _("Which is") if (frame["why"] != "–").any() else ""),
    )  # fmt: skip
    sentences = difference_sentences(held, run.say) or [agreement(held, run.say)]
    return (gated.table(_("Held against the shop's books"), note=" ".join(sentences)),)


def _headings(rows: pd.DataFrame, first: str) -> dict[str, str]:
    """Call the columns of the account as a reader does, in their order; what no parameters ask for is left out."""
    words = {
        "lines_in": first,
        "made": _("Returns made of refunds"),
        "clean": _("Clean"),
        "quarantined": _("Quarantined"),
        "merged": _("Merged"),
        "left_out": _("Left out"),
        "after_as_of": _("Clean, after the period"),
    }
    return {name: heading for name, heading in words.items() if name not in _ASKED_FOR or rows[name].any()}


def _balance(rows: pd.DataFrame, first: str) -> str:
    """Say what the account is: the sum that holds in every row of it."""
    left = _("{lines} + made of refunds").format(lines=first) if rows["made"].any() else first
    all_fates = rows["left_out"].any()
    right = _("clean + quarantined + merged + left out") if all_fates else _("clean + quarantined + merged")
    return f"{left} = {right}"


def _lines_table(rows: pd.DataFrame, run: Run) -> Shown:
    first = _("Lines in")
    headings = _headings(rows, first)
    named = rows.assign(name=rows["table"] + ": " + rows["source"], of_people=rows["table"] == "customers")
    columns = (exact(name, heading, people_where="of_people") for name, heading in headings.items())
    gated = gate(named[["name", *headings, "of_people"]], run, label("name", _("Table and source")), *columns)
    note = [
        _("Checked in the run, which stops where a line is unaccounted for."),
        _repeats_words(run),
        _("Chapters see nothing after the period. Lines of customers are rounded."),
    ]
    return gated.table(_balance(rows, first), note=" ".join(note))


def _repeats_words(run: Run) -> str:
    """Say what the parameters make of a line that is there twice."""
    return {
        "across_files": _(
            "A line that two files hold is one; a line twice in one file is two, for it may be a second scan."
        ),
        "all": _("A line that is there twice, in two files or in one, is one."),
        "keep": _("A line that is there twice is two, also in two files."),
    }[run.params.cleaning.duplicates]


def _money_table(rows: pd.DataFrame, run: Run) -> Shown:
    """Show that no money is lost, by source of the order lines."""
    first = _("Money in")
    headings = {
        "money_in" if name == "lines_in" else f"money_{name}": heading
        for name, heading in _headings(rows, first).items()
    }
    sales = rows.loc[rows["table"] == "transactions", ["source", *headings, "money_unknown"]]
    gated = gate(
        sales.astype(dict.fromkeys(headings, float)), run,
        label("source", _("Source")),
        *(exact(name, heading, "money", decimals=2) for name, heading in headings.items()),
        exact("money_unknown", _("Lines of unknown money")),
    )  # fmt: skip
    return gated.table(_balance(rows, first), note=_("Exact to four decimals; returns count as negative money."))


def _steps(steps: pd.DataFrame, run: Run) -> Shown:
    """Show behind one line what every step of cleaning took in and gave out."""
    words = {
        "contract": _("held against the contract: set aside"),
        "leave out": _("left out, as the parameters ask"),
        "take back": _("returns made of refunds"),
        "merge": _("merged: delivered twice, superseded, or one person"),
    }
    gated = gate(
        steps.drop(columns="rule").assign(of_people=steps["table"] == "customers"), run,
        label("table", _("Table")),
        label("step", _("Step")),
        exact("rows_in", _("Lines in"), people_where="of_people"),
        exact("rows_out", _("Lines out"), people_where="of_people"),
        exact("changed", _("Changed or left"), people_where="of_people"),
    )  # fmt: skip
    gated = gated.worded("step", lambda step: words.get(step, step.replace("_", " ")))
    return folded(_("Every step: lines in, lines out"), gated.table(_("Steps of cleaning")))
