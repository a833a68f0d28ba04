"""The first screen of the summary: five sentences, a strip of figures, the badge of the data, the chapters."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from crmlib.chapters import chapters_of
from crmlib.measures import Headline, Measure
from crmlib.reporting import Shown, answer, exact, gate, insufficient, label, note, strip
from crmlib.results import Result
from crmlib.summary.findings import Findings, value_before, value_of, written
from crmlib.words import N_, _
from crmlib.workspace import MissingTableError, Run

SHOWN = [
    ("02_segmentation", "net_revenue"),
    ("02_segmentation", "customers_who_bought"),
    ("02_segmentation", "repurchase_rate"),
    ("03_churn", "churn_rate"),
    ("04_satisfaction", "net_promoter_score"),
    ("05_actions", "customers_to_contact"),
]
_VERDICTS: Final = {
    2.0: N_("The data are fit for use."),
    1.0: N_("The data are fit for use, with reservations that chapter 01 names."),
    0.0: N_("The data are not fit for use: chapter 01 says why."),
}


def five_things(run: Run, results: Sequence[Result]) -> Shown:
    """Show the five things to know; without any result there is nothing to sum up, which is an error."""
    if not results:
        raise MissingTableError(
            f"no results of {run.params.series} {run.period} are there yet. Run notebooks 01 to 05 first with the same "
            f"parameters, or everything with `crm run` and the parameters file."
        )
    if sentences := five_sentences(Findings(results, run)):
        return answer(*sentences)
    return insufficient(
        needed=_("headline numbers of chapters 02 to 05"),
        found=_("none that rests on enough people"),
        therefore=_("There is nothing to sum up."),
    )


def headline_strip(run: Run, results: Sequence[Result]) -> Shown | None:
    """Show one figure of each chapter, with its interval and its change."""
    by_name = {(result.chapter, result.name): result for result in results}
    found = [by_name[key] for key in SHOWN if key in by_name and by_name[key].value is not None]
    return strip([_headline(result) for result in found], run) if found else None


def _headline(result: Result) -> Headline:
    """Give a recorded number as its chapter showed it."""
    meaning = result.definition.replace("{", "{{").replace("}", "}}")
    measure = Measure(code=result.name, title=result.label, unit=result.unit, meaning=meaning)
    return measure.headline(value_of(result), previous=value_before(result), people=result.n)


def quality_badge(run: Run, results: Sequence[Result]) -> Shown:
    """Show what chapter 01 says of the data: its numbers, and where to read on."""
    found = {result.name: result for result in results if result.chapter == "01_data_prep"}
    if not found:
        return note(_("Chapter 01 recorded nothing about the data."))
    verdict = found.get("fit_for_use")
    rows = [result for result in found.values() if result.value is not None and result is not verdict][:6]
    sentences = [_(_VERDICTS[verdict.value])] if verdict is not None and verdict.value in _VERDICTS else []
    figures = "; ".join(f"{result.label}: {written(result, run)}" for result in rows)
    return note(*sentences, figures + ".")


def chapters_table(run: Run, results: Sequence[Result]) -> Shown:
    """List the chapters, their pages and how many headline numbers each recorded."""
    counted = pd.Series([result.chapter for result in results], dtype="str").value_counts()
    rows = [
        (f"{chapter.stem[:2]} {_(chapter.title)}", chapter.page, int(counted.get(chapter.stem, 0)))
        for chapter in chapters_of(run.params.chapters)[:-1]
    ]
    gated = gate(
        pd.DataFrame(rows, columns=["chapter", "page", "figures"]), run,
        label("chapter", _("Chapter"), link="page"), label("page"), exact("figures", _("Headline figures")),
    )  # fmt: skip
    return gated.table(_("The chapters of this report"))


def five_sentences(found: Findings) -> list[str]:
    """Say the five things to know: business, customers, churn, satisfaction, actions.

    A thing for which no result was recorded is left out, not invented; the chapter says why.
    """
    sentences = (tell(found) for tell in (_business, _customers, _churn, _satisfaction, _actions))
    return [sentence for sentence in sentences if sentence]


def _business(found: Findings) -> str:
    revenue = found.words("02_segmentation", "net_revenue", _("Net revenue of {period} was {value}{change}"))
    active = found.words("02_segmentation", "customers_who_bought", _("; {value} known customers bought"))
    new = found.words("02_segmentation", "new_customers", _(", {value} of them for the first time"))
    return revenue and revenue + active + (new if active else "") + "."


def _customers(found: Findings) -> str:
    again = _("Of the customers of the month before, {value} bought again{change}")
    return _sentence(
        found.words("02_segmentation", "repurchase_rate", again),
        found.words("02_segmentation", "value_ahead", _("all customers together are worth {value} ahead")),
        found.words("02_segmentation", "overdue_customers", _("{value} are overdue by their own rhythm")),
    )


def _churn(found: Findings) -> str:
    rate = _("{value} of the active customers left{change}")
    return _sentence(
        found.words("03_churn", "churn_rate", rate),
        found.words("03_churn", "sales_at_risk", _("sales at risk are {value}{change}")),
        found.words("03_churn", "valuable_at_risk", _("{value} valuable customers are likely to leave")),
    )


def _satisfaction(found: Findings) -> str:
    # chapter 04 judges by a year of months whether it moved: a month against the last is noise
    nps = found.words("04_satisfaction", "net_promoter_score", _("The net promoter score is {value}"))
    if nps:
        return nps + found.words("04_satisfaction", "very_satisfied", _("; {value} gave the top score")) + "."
    alone = _("{value} of those who answered gave the top score.")
    if top := found.words("04_satisfaction", "very_satisfied", alone):
        return top
    back = _("; {value} of gross revenue was taken back{change}.")
    returned = found.words("02_segmentation", "returned_share", back)
    returned = returned or found.words("04_satisfaction", "return_rate", back)
    not_told = _("How satisfied customers are could not be told from the survey")
    return returned and (not_told if found.asked else _("Nobody was asked how satisfied they are")) + returned


def _actions(found: Findings) -> str:
    listed = found.words("05_actions", "customers_to_contact", _("{value} customers are to be contacted"))
    if not listed:
        return ""
    gain = found.get("05_actions", "expected_gain")
    words = _(", which is expected to bring {value} beyond what would come anyway")
    if gain is not None and gain.low is not None and gain.low <= 0:
        words = _(", which may bring {value} beyond what would come anyway, or lose money")
    worth = found.words("05_actions", "expected_gain", words)
    effect = found.get("05_actions", "campaign_effect")
    if effect is None:
        return listed + worth + "."
    words = _("; the latest campaign changed the share who bought by {points:gap:point} points "
              "({points:gap:interval}).")  # fmt: skip
    return listed + worth + found.say(words, points=value_of(effect))


def _sentence(*parts: str) -> str:
    """Join half sentences, those there are; the first begins with a capital."""
    text = "; ".join(part for part in parts if part)
    return text and text[0].upper() + text[1:] + "."
