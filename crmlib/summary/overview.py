"""The first screen of the summary: five sentences, a strip of figures, the badge of the data, the chapters."""

from collections.abc import Sequence

import pandas as pd

from crmlib.chapters import chapters_of
from crmlib.measures import Headline, Measure
from crmlib.reporting import Shown, answer, exact, gate, insufficient, label, note, strip
from crmlib.results import Result
from crmlib.summary import sentences
from crmlib.summary.findings import Findings, value_before, value_of
from crmlib.words import _
from crmlib.workspace import MissingTableError, Run

SHOWN = [
    ("02_segmentation", "net_revenue"),
    ("02_segmentation", "active_customers"),
    ("02_segmentation", "repurchase_rate"),
    ("03_churn", "churn_rate"),
    ("04_satisfaction", "net_promoter_score"),
    ("05_actions", "customers_to_contact"),
]


def five_things(run: Run, results: Sequence[Result]) -> Shown:
    """Show the five things to know; without any result there is nothing to sum up, which is an error."""
    if not results:
        raise MissingTableError(
            f"no results of {run.params.series} {run.period} are there yet. Run notebooks 01 to 05 first with the same "
            f"parameters, or everything with `crm run` and the parameters file."
        )
    said = sentences.five_things(Findings(results, run))
    if said:
        return answer(*said)
    return insufficient(
        needed=_("headline numbers of chapters 02 to 05"),
        found=_("none that rests on enough people"),
        therefore=_("There is nothing to sum up."),
    )


def headline_strip(run: Run, results: Sequence[Result]) -> Shown | None:
    """Show one figure of each chapter, with its interval and its change."""
    by_name = {(result.chapter, result.name): result for result in results}
    found = [by_name[key] for key in SHOWN if key in by_name and by_name[key].value is not None]
    if not found:
        return None
    return strip([_headline(result) for result in found], run)


def _headline(result: Result) -> Headline:
    """Give a recorded number as its chapter showed it."""
    measure = Measure(
        code=result.name,
        title=result.label,
        unit=result.unit,
        meaning=result.definition.replace("{", "{{").replace("}", "}}"),
    )
    return measure.headline(value_of(result), previous=value_before(result), people=result.n)


def quality_badge(run: Run, results: Sequence[Result]) -> Shown:
    """Show what chapter 01 says of the data: its numbers, and where to read on."""
    found = {result.name: result for result in results if result.chapter == "01_data_prep"}
    if not found:
        return note(_("Chapter 01 recorded nothing about the data."))
    verdict = found.get("fit_for_use")
    rows = [result for result in found.values() if result.value is not None and result is not verdict][:6]
    said = [_VERDICTS[verdict.value]] if verdict is not None and verdict.value in _VERDICTS else []
    figures = "; ".join(f"{result.label}: {Findings([], run).written(result)}" for result in rows)
    return note(*said, figures + ".")


_VERDICTS = {
    2.0: _("The data are fit for use."),
    1.0: _("The data are fit for use, with reservations that chapter 01 names."),
    0.0: _("The data are not fit for use: chapter 01 says why."),
}


def chapters_table(run: Run, results: Sequence[Result]) -> Shown:
    """List the chapters, their pages and how many headline numbers each recorded."""
    counted = pd.Series([result.chapter for result in results], dtype="str").value_counts()
    rows = [
        {
            "chapter": chapter.stem[:2] + " " + _(chapter.title),
            "page": chapter.page,
            "figures": int(counted.get(chapter.stem, 0)),
        }
        for chapter in chapters_of(run.params.chapters)[:-1]
    ]
    gated = gate(
        pd.DataFrame(rows),
        run,
        label("chapter", _("Chapter"), link="page"),
        label("page"),
        exact("figures", _("Headline figures")),
    )
    return gated.table(_("The chapters of this report"))
