"""The five things to know this month, in words computed from the recorded results."""

from crmlib.summary.findings import Findings, value_of
from crmlib.words import _


def five_things(findings: Findings) -> list[str]:
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
