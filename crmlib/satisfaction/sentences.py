"""What the numbers of chapter 04 say, in words computed from them."""

import pandas as pd

from crmlib.satisfaction.behaviour import ReturnOfTheSatisfied
from crmlib.satisfaction.overview import Overview
from crmlib.satisfaction.weighting import Raked
from crmlib.stats import Estimate
from crmlib.surveys import score_name
from crmlib.words import _, formats
from crmlib.workspace import Run

ATTRIBUTES = {
    "tier": _("tier"),
    "channel": _("main channel"),
    "store": _("main store"),
    "orders": _("number of orders"),
    "segment": _("segment"),
    "gender": _("gender"),
    "city": _("city"),
    "region": _("region"),
    "occupation": _("occupation"),
}


def listed(words: list[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["tier", "store", "channel"])
    'tier, store and channel'
    """
    if len(words) <= 1:
        return "".join(words)
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])


MOST_DOUBTS = 2
"""Doubts told in the answer; all of them stand below it."""


def overview_answer(now: Overview, run: Run) -> tuple[str, ...]:
    """Answer the chapter's question: the scores and their change where there is a survey, complaints, and returns."""
    days = run.params.satisfaction.window_days
    found = []
    if now.survey is not None:
        doubtful = [doubt.seen for doubt in now.survey.doubts if doubt.withheld and doubt.answers]
        found += [_score_sentence(now, days), _change_sentence(now.change, days), *doubtful[:MOST_DOUBTS]]
    if now.settled.is_known and not run.rules.hides(now.settled.n):
        found.append(
            _("A complaint waits {days} until it is settled (median of the last year).").format(
                days=formats.estimate(now.settled, "days")
            )
        )
    if now.survey is None and now.returns.is_known and not run.rules.hides(now.returns.n):
        found.append(
            _("Of the money taken in the last {days} days, {share} went back for returned goods.").format(
                days=days, share=formats.estimate(now.returns, "share")
            )
        )
    if now.survey is None:
        found.insert(0, _not_known(now))
    if now.survey is None and now.returners.is_known and not run.rules.hides(now.returners.n):
        words = _("{share} of the customers who bought in these days took something back.")
        found.append(words.format(share=formats.estimate(now.returners, "share")))
    return tuple(sentence for sentence in found if sentence)


def _not_known(now: Overview) -> str:
    """Say why there is no score, and whether at least what customers take back is known."""
    if now.missing is None or not now.missing.delivered:
        said = _("What they take back is.") if now.returns.is_known else _("Nor is what they take back.")
        return _("What customers think is not known: no survey was delivered. {returns}").format(returns=said)
    said = _("What they take back is known.") if now.returns.is_known else _("Nor is what they take back.")
    return _("What customers think could not be told from the survey. {returns}").format(returns=said)


def _score_sentence(now: Overview, days: int) -> str:
    parts = []
    if now.nps.is_known:
        parts.append(_("the net promoter score is {nps}").format(nps=formats.estimate(now.nps, "points")))
    if now.top_box.is_known:
        parts.append(_("{share} are very satisfied").format(share=formats.estimate(now.top_box, "share")))
    if not parts:
        return _("In the last {days} days no score was given.").format(days=days)
    return _("In the last {days} days {scores}.").format(days=days, scores=listed(parts))


def _change_sentence(change: Estimate, days: int) -> str:
    r"""Say whether the score moved against the window before.

    Examples
    --------
    >>> _change_sentence(Estimate(3.0, -8.0, 14.0, n=900), 90)
    'Against the 90 days before, the score moved by +3 points (−8 to 14): no more than chance does.'
    """
    if not change.is_known:
        return ""
    moved = ("+" if change.value > 0 else "") + formats.points(change.value)
    chance = _("more than chance does") if change.excludes(0) else _("no more than chance does")
    words = _("Against the {days} days before, the score moved by {moved} points ({interval}): {chance}.")
    interval = formats.interval(change.low, change.high, "points")
    return words.format(days=days, moved=moved, interval=interval, chance=chance)


def weighting_sentences(raked: Raked, answers: int) -> tuple[str, ...]:
    """Say whom the answers stand for, and what weighting costs.

    Examples
    --------
    >>> weighting_sentences(Raked(pd.Series(dtype=float), (), 1.0, 1.0, 800.0, 0.0), 800)
    ('The answers are not weighted: nothing is known of customers by which they could be.',)
    """
    if not raked.by:
        return (_("The answers are not weighted: nothing is known of customers by which they could be."),)
    names = listed([_(ATTRIBUTES.get(name, name.replace("_", " "))) for name in raked.by])
    found = [
        _(
            "Answers are weighted so that {names} are spread over them as over all customers who bought within a year. "
            "That widens the variance by a factor of {effect}: {answers} answers are worth {worth} equal ones."
        ).format(
            names=names,
            effect=formats.number(raked.design_effect),
            answers=formats.count(answers),
            worth=formats.count(round(raked.effective_n)),
        )
    ]
    if raked.covered < 1:
        found.append(
            _(
                "They speak for {share} of these customers; the others belong to groups from which too few answered."
            ).format(share=formats.share(raked.covered))
        )
    if raked.largest_gap > 0.01:
        found.append(
            _(
                "No answer may weigh more than eight times the average, which leaves some group {points} points off."
            ).format(points=formats.fixed(100 * raked.largest_gap, 1))
        )
    return tuple(found)


def driver_title(drivers: pd.DataFrame) -> str:
    """Say which driver matters most, and whether its lead is sure.

    Examples
    --------
    >>> rows = {"driver": ["score_staff", "score_price"], "importance": [0.3, 0.1], "rank_low": [1, 2]}
    >>> driver_title(pd.DataFrame(rows))
    'Staff matters most for satisfaction'
    """
    first = drivers[drivers["rank_low"] == 1]["driver"].map(score_name).tolist()
    if len(first) == 1:
        return _("{driver} matters most for satisfaction").format(driver=first[0])
    names = listed([*first[:1], *(name.lower() for name in first[1:])])
    return _("{drivers} matter most for satisfaction; which of them comes first is not settled").format(drivers=names)


def return_title(found: ReturnOfTheSatisfied, horizon: int) -> str:
    r"""Say whether the very satisfied buy again more often.

    Examples
    --------
    >>> plain, adjusted = Estimate(0.12, 0.07, 0.16, n=900), Estimate(0.02, -0.02, 0.06, n=900)
    >>> return_title(ReturnOfTheSatisfied(plain, adjusted), 90).replace("\xa0", " ")
    'The very satisfied bought again within 90 days 12.0 points more often than the others'
    """
    if not found.plain.is_known:
        return _("Too few answered to say whether the very satisfied buy again")
    if not found.plain.excludes(0):
        return _("The very satisfied did not buy again within {days} days more often than chance allows").format(
            days=horizon
        )
    size = formats.fixed(100 * abs(found.plain.value), 1)
    words = (
        _("The very satisfied bought again within {days} days {size} points more often than the others")
        if found.plain.value > 0
        else _("The very satisfied bought again within {days} days {size} points less often than the others")
    )
    return words.format(days=horizon, size=size)


def returners_title(found: ReturnOfTheSatisfied, horizon: int) -> str:
    r"""Say whether customers who took something back buy again more or less often.

    Examples
    --------
    >>> plain = Estimate(-0.12, -0.16, -0.07, n=900)
    >>> returners_title(ReturnOfTheSatisfied(plain, plain), 90)
    'Customers who took something back bought again within 90 days 12.0 points less often'
    """
    if not found.plain.excludes(0):
        words = _("Customers who took something back bought again within {days} days as often as the others")
    elif found.plain.value > 0:
        words = _("Customers who took something back bought again within {days} days {size} points more often")
    else:
        words = _("Customers who took something back bought again within {days} days {size} points less often")
    return words.format(days=horizon, size=formats.fixed(100 * abs(found.plain.value), 1))


def return_sentence(found: ReturnOfTheSatisfied) -> str:
    r"""Say what is left of the difference between customers with the same purchases before.

    Examples
    --------
    >>> plain, adjusted = Estimate(0.12, 0.07, 0.16, n=900), Estimate(0.02, -0.02, 0.06, n=900)
    >>> return_sentence(ReturnOfTheSatisfied(plain, adjusted))
    'Between customers with equal purchases before, 2.0 points are left (−2.0 to 6.0): chance could do that.'
    """
    if not found.adjusted.is_known:
        return _("Too few answered to compare customers with equal purchases before.")
    low, high = (formats.fixed(100 * end, 1) for end in (found.adjusted.low, found.adjusted.high))
    chance = _("more than chance does") if found.adjusted.excludes(0) else _("chance could do that")
    words = _("Between customers with equal purchases before, {size} points are left ({low} to {high}): {chance}.")
    return words.format(size=formats.fixed(100 * found.adjusted.value, 1), low=low, high=high, chance=chance)


def trend_title(slope: Estimate) -> str:
    """Say whether the score rises or falls over all that is known.

    Examples
    --------
    >>> trend_title(Estimate(0.8, 0.2, 1.4, n=500))
    'Customers grow more satisfied'
    >>> trend_title(Estimate(0.1, -0.2, 0.4, n=500))
    'Satisfaction has not clearly moved'
    """
    if not slope.excludes(0):
        return _("Satisfaction has not clearly moved")
    return _("Customers grow more satisfied") if slope.value > 0 else _("Customers grow less satisfied")


def slope_sentence(slope: Estimate, score: str) -> str:
    r"""Say by how much the score rises in a year.

    Examples
    --------
    >>> slope_sentence(Estimate(0.1, -0.2, 0.4, n=500), "score_satisfaction")
    'A line through all answers moves by 0.10 points of the score "Satisfaction" in a year (−0.20 to 0.40).'
    """
    if not slope.is_known:
        return _("Too few answers for a line through them.")
    value, low, high = (formats.fixed(x, 2) for x in (slope.value, slope.low, slope.high))
    words = _('A line through all answers moves by {value} points of the score "{score}" in a year ({low} to {high}).')
    return words.format(value=value, score=score_name(score), low=low, high=high)


def trend_limits(partial: bool) -> str:
    """Say what the line by month cannot tell.

    Examples
    --------
    >>> trend_limits(True)
    'Single months rest on few answers: look at the band, not at the dots. The last month is cut off.'
    """
    words = _("Single months rest on few answers: look at the band, not at the dots.")
    return f"{words} {_('The last month is cut off.')}" if partial else words
