"""What satisfaction and returns go with, in words: titles, the shape of the scale, money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crmlib.adjustment.weighting import BALANCED
from crmlib.reporting import gate, people
from crmlib.satisfaction.worth.afterwards import ENDS, REST, TOP
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.adjustment.compared import Compared, Contrast
    from crmlib.satisfaction.worth.afterwards import Afterwards
    from crmlib.satisfaction.worth.scale import Shape
    from crmlib.stats import Estimate
    from crmlib.workspace import Run


def top_name(bought: Afterwards, run: Run) -> str:
    """Name those in the top box of the score."""
    return _("Promoters") if bought.score == run.params.satisfaction.recommend else _("The very satisfied")


def answers_title(again: Estimate, run: Run, who: str) -> str:
    """Say whether the very satisfied buy again more often than others of equal behaviour before."""
    return _title(again, run, who, _("{who} did not clearly buy again within {days:count} days more often than others "
                                     "with equal behaviour before"))  # fmt: skip


def returns_title(again: Estimate, run: Run) -> str:
    """Say whether customers who took something back buy again more or less often than others."""
    return _title(again, run, _("Customers who took something back"), _(
        "{who} bought again within {days:count} days about as often as others with equal behaviour before: {x:gap} "
        "points apart, no more than chance"
    ))  # fmt: skip


def _title(again: Estimate, run: Run, who: str, chance: str) -> str:
    """Say that they bought more often or less often, or that chance may have made the difference."""
    days = run.params.satisfaction.horizon_days
    if not again.excludes(0):
        return run.say(chance, who=who, days=days, x=again)
    words = (
        _("{who} bought again within {days:count} days {x:gap:point} points more often than others with equal "
          "behaviour before ({x:gap:interval})")
        if again.value > 0
        else _("{who} bought again within {days:count} days {x:gap:point} points less often than others with equal "
               "behaviour before ({x:gap:interval})")
    )  # fmt: skip
    return run.say(words, who=who, days=days, x=abs(again))


def limits_words(compared: Compared, run: Run) -> str:
    """Name what the comparison takes for granted, and what weighting could not make alike."""
    words = _("Alike in what is recorded; what is not, such as income or other shops, may still play a part.")
    left = 0.0 if compared.weighting is None else float(compared.weighting.balance()["after"].max())
    if left <= BALANCED:
        return words
    return words + " " + run.say(_("The groups stayed {x:number2} standard deviations apart."), x=left)


def scale_words(shape: Shape | None) -> str:
    """Say in a sentence whether only the top box differs or every point of the score counts."""
    return "" if shape is None else {
        "scale": _("All of the scale counts, not the top score alone: more points go with more who buy again."),
        "top": _("Only the top score differs: below it no point more goes with more who buy again."),
        "steeper": _("All of the scale counts, and the step to the top score counts more than the others."),
        "flatter": _("All of the scale counts, but the step to the top score counts less than the others."),
        "unsettled": _("Whether the top score alone differs, or all of the scale counts, is not settled."),
        "falls": _("The higher the score, the fewer bought again."),
        "none": _("Buying again does not clearly go with the score."),
    }[shape.kind]  # fmt: skip


def _in_money(bought: Afterwards, run: Run) -> tuple[Contrast, str, str]:
    """Give the contrast that is told in money: promoters and detractors, else the top box and the others."""
    if bought.kinds is not None and bought.kinds.spent and {*ENDS} <= {*bought.kinds.spent.groups}:
        return bought.kinds.more(*ENDS), _("Promoters"), _("detractors")
    return bought.top.more(TOP, REST), top_name(bought, run), _("others")


def money_words(bought: Afterwards, run: Run) -> str:
    """Say what lies between promoters and detractors in money, and what one point more of the score goes with."""
    money, who, others = _in_money(bought, run)
    said, point = spend_words(money.adjusted, run, who, others), bought.point
    if not point.excludes(0):
        return said
    more = _('One point more of "{score}" goes with {x:money} more a customer.')
    words = more if point.value > 0 else _('One point more of "{score}" goes with {x:money} less a customer.')
    return said + " " + run.say(words, score=score_name(bought.score), x=abs(point))


def raw_words(bought: Afterwards, run: Run) -> str:
    """Say what is observed before anything is held equal."""
    money, who, others = _in_money(bought, run)
    words = _(
        "As observed, with nothing held equal: {x:gap} points between the top score and the others, {money:money} "
        "between {who} and {others}. All of it speaks of those who answered, unweighted."
    )
    again = bought.top.oftener(TOP, REST).raw
    return run.say(words, x=again, money=money.raw, who=who[:1].lower() + who[1:], others=others)


def spend_words(x: Estimate, run: Run, who: str, others: str) -> str:
    """Say how much more one group spent than another of equal behaviour before."""
    if not x.is_known:
        return _("Spend cannot be compared at equal behaviour before: too few customers, or a few decide it.")
    if not x.excludes(0):
        words = _("At equal behaviour before, no difference in spend is sure: {x:money} a customer.")
    else:
        more = _("{who} spent {x:money} more than {others} with equal behaviour before.")
        words = more if x.value > 0 else _("{who} spent {x:money} less than {others} with equal behaviour before.")
    return run.say(words, x=abs(x) if x.excludes(0) else x, who=who, others=others)


def if_cause_words(bought: Afterwards, lately: Estimate, run: Run) -> str:
    """Say what a point more would be worth for all who bought lately, if the link were cause."""
    point, knobs = bought.point, run.params.satisfaction
    if not point.excludes(0) or not lately.is_known or run.too_few(lately.n):
        return _("What one point more of the score would be worth is not told: its link to spend is not sure.")
    words = _(
        "If the link were cause, which answers alone cannot show, one point more for each of the {n:people} customers "
        "who bought in the last {window:count} days would go with {x:money} within {days:count} days."
    )
    told = gate(pd.DataFrame({"people": [lately.n]}), run, people("people")).frame["people"].iloc[0]
    return run.say(words, x=point.scaled(told), n=lately.n, window=knobs.window_days, days=knobs.horizon_days)
