"""The first screen of the summary: five sentences, a strip of figures, the badge of the data, the chapters."""

from collections.abc import Sequence

import pandas as pd

from crmlib.chapters import chapters_of
from crmlib.measures import Headline, Measure
from crmlib.reporting import Shown, answer, exact, gate, insufficient, label, note, strip
from crmlib.results import Result
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
    said = five_sentences(Findings(results, run))
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


def five_sentences(findings: Findings) -> list[str]:
    """Say the five things to know: business, customers, churn, satisfaction, actions.

    A thing for which no result was recorded is left out, not invented; the chapter says why.
    """
    makers = (_business, _customers, _churn, _satisfaction, _actions)
    return [sentence for sentence in (make(findings) for make in makers) if sentence]


def _business(found: Findings) -> str:
    revenue = found.get("02_segmentation", "net_revenue")
    if revenue is None:
        return ""
    words = _("Net revenue of {period} was {revenue}{change}").format(
        period=found.period, revenue=found.written(revenue), change=found.change(revenue)
    )
    active = found.get("02_segmentation", "active_customers")
    new = found.get("02_segmentation", "new_customers")
    if active is None:
        return words + "."
    words += _("; {active} known customers bought").format(active=found.written(active))
    return words + (_(", {new} of them for the first time.").format(new=found.written(new)) if new else ".")


def _customers(found: Findings) -> str:
    again = found.get("02_segmentation", "repurchase_rate")
    ahead = found.get("02_segmentation", "value_ahead")
    overdue = found.get("02_segmentation", "overdue_customers")
    parts = []
    if again is not None:
        parts.append(
            _("Of the customers of the month before, {rate} bought again{change}").format(
                rate=found.written(again), change=found.change(again)
            )
        )
    if ahead is not None:
        parts.append(_("all customers together are worth {value} ahead").format(value=found.written(ahead)))
    if overdue is not None:
        parts.append(_("{n} are overdue by their own rhythm").format(n=found.written(overdue)))
    return _sentence(parts)


def _churn(found: Findings) -> str:
    rate = found.get("03_churn", "churn_rate")
    risk = found.get("03_churn", "sales_at_risk")
    valuable = found.get("03_churn", "valuable_at_risk")
    parts = []
    if rate is not None:
        parts.append(
            _("{rate} of customers did not come back within the horizon of churn{change}").format(
                rate=found.written(rate), change=found.change(rate)
            )
        )
    if risk is not None:
        parts.append(_("sales at risk are {risk}{change}").format(risk=found.written(risk), change=found.change(risk)))
    if valuable is not None:
        parts.append(_("{n} valuable customers are likely to leave").format(n=found.written(valuable)))
    return _sentence(parts)


def _satisfaction(found: Findings) -> str:
    nps, top = (found.get("04_satisfaction", name) for name in ("net_promoter_score", "very_satisfied"))
    if nps is not None:
        words = _("The net promoter score is {nps}{change}").format(nps=found.written(nps), change=found.change(nps))
        more = _("; {share} gave the top score").format(share=found.written(top)) if top is not None else ""
        return words + more + "."
    if top is not None:
        return _("{share} of those who answered gave the top score{change}.").format(
            share=found.written(top), change=found.change(top)
        )
    returned = found.get("02_segmentation", "returned_share") or found.get("04_satisfaction", "return_rate")
    if returned is None:
        return ""
    words = (
        _("How satisfied customers are could not be told from the survey")
        if found.asked
        else _("Nobody was asked how satisfied they are")
    )
    return _("{words}; {share} of gross revenue was taken back{change}.").format(
        words=words, share=found.written(returned), change=found.change(returned)
    )


def _actions(found: Findings) -> str:
    listed = found.get("05_actions", "customers_to_contact")
    if listed is None:
        return ""
    worth = found.get("05_actions", "value_on_the_list")
    words = _("{n} customers are on the contact list").format(n=found.written(listed))
    words += _(", worth {value} ahead").format(value=found.written(worth)) if worth is not None else ""
    effect = found.get("05_actions", "campaign_effect")
    if effect is None:
        return words + "."
    told = _("; past contact changed the response by {points:gap:point} points ({points:gap:interval}).")
    return words + found.say(told, points=value_of(effect))


def _sentence(parts: list[str]) -> str:
    """Join half sentences; the first begins with a capital."""
    if not parts:
        return ""
    text = "; ".join(parts) + "."
    return text[0].upper() + text[1:]
