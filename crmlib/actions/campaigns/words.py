"""What is said of campaigns: what the latest did, what all of them brought, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.actions.campaigns.measured import FALSE_DISCOVERIES, FEWEST
from crmlib.words import N_, _, plural

if TYPE_CHECKING:
    from crmlib.actions.campaigns.measured import Measured
    from crmlib.actions.campaigns.observed import Observed
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

DECISIONS: Final = {
    "repeat": N_("repeat"),
    "stop": N_("stop"),
    "measure": N_("measure again"),
    "nothing": N_("change it or stop"),
    "broken": N_("not told: arms unlike before"),
    "few": N_("not told: too few"),
    "no_control": N_("nobody left out"),
}
REFUSALS: Final = {
    "few": N_("too few were contacted, or too few others were there"),
    "overlap": N_("those contacted have hardly anybody like them among the others"),
    "placebo": N_("those contacted bought otherwise even before it"),
}


def campaign_title(campaigns: list[Measured], total: Estimate, run: Run) -> str:
    """Say what the latest campaign did, and what all of them together gained."""
    said = latest_words(campaigns[0], run)
    told = sum(one.effect is not None for one in campaigns)
    if told < 2 or not total.is_known:
        return said
    words = _("{said}; all {n:count} together brought {total:money:point} more than they cost ({total:money:interval})")
    if not total.excludes(0):
        words = _(
            "{said}; what all {n:count} together brought beyond their cost may be chance ({total:money:interval})"
        )
    elif total.value < 0:
        words = _(
            "{said}; all {n:count} together cost {lost:money:point} more than they brought ({lost:money:interval})"
        )
    return run.say(words, said=said, n=told, total=total, lost=abs(total))


def latest_words(one: Measured, run: Run) -> str:
    """Say what a campaign did to the share who bought, as far as its arms tell."""
    named = {"name": one.name, "day": one.day}
    if one.effect is None or run.too_few(min(one.contacted, one.left_out)):
        return run.say(_("What the latest campaign ({name}, {day:day}) did is not told"), **named)
    won = one.effect.won
    if not won.excludes(0):
        words = _("The latest campaign ({name}, {day:day}) won nobody over beyond chance ({won:gap:interval} points)")
    elif won.value > 0:
        words = _("The latest campaign ({name}, {day:day}) won {won:gap:point} of 100 customers ({won:gap:interval})")
    else:
        words = _(
            "The latest campaign ({name}, {day:day}) lost {lost:gap:point} of 100 customers ({lost:gap:interval})"
        )
    return run.say(words, **named, won=won, lost=abs(won))


def rule_words(campaigns: list[Measured], run: Run) -> str:
    """Say by which rule a campaign is repeated, stopped or measured again, and how many stand out."""
    clear = sum(one.chance < FALSE_DISCOVERIES for one in campaigns)
    told = sum(one.effect is not None for one in campaigns)
    words = plural(
        "{clear:count} of {told:count} is told apart from chance (false discoveries held to 5 %).",
        "{clear:count} of {told:count} are told apart from chance (false discoveries held to 5 %).",
        clear,
    )
    rule = _(
        "Repeat where the whole interval of what is gained after cost lies above nought, stop where below; measure "
        "again where customers were won over but the money is open."
    )
    return f"{run.say(words, clear=clear, told=told)} {rule}"


def needed_words(campaigns: list[Measured], run: Run) -> list[str]:
    """Say how many customers it would take to tell of the latest campaign that has to be measured again."""
    again = [one for one in campaigns if one.decision == "measure" and one.needed]
    if not again or again[0].effect is None:
        return []
    words = _("To tell a gain as large as that of {name}, it would take about {n:count} customers.")
    return [run.say(words, name=again[0].name, n=_rounded(again[0].needed or 0))]


def _rounded(number: int) -> int:
    """Keep two digits: it is a guess of a guess."""
    step = 10 ** max(len(str(number)) - 2, 0)
    return -(-number // step) * step


def after_words(latest: Measured, run: Run) -> list[str]:
    """Say whether purchases were only pulled forward, and whether they only took the place of others at full price."""
    effect, said = latest.effect, []
    if effect is None:
        return []
    if effect.later_share.is_known:
        words = _("In the weeks after {name} the contacted bought about as often as the others ({x:gap} points).")
        if effect.later_share.excludes(0):
            words = _("In the weeks after {name} the contacted bought less often ({x:gap} points): part was pulled "
                      "forward.")  # fmt: skip
            if effect.later_share.value > 0:
                words = _("In the weeks after {name} the contacted still bought more often ({x:gap} points).")
        said.append(run.say(words, name=latest.name, x=effect.later_share))
    if effect.full_price.is_known and effect.full_price.excludes(0) and effect.full_price.value < 0:
        words = _("It took the place of purchases at full price: {x:money} less a customer.")
        said.append(run.say(words, x=abs(effect.full_price)))
    return said


def observed_words(one: Measured, seen: Observed, run: Run) -> str:
    """Say of a campaign that left nobody out what others of equal behaviour before tell, or why they tell nothing."""
    if seen.refused is not None:
        words = _("{name} left nobody out, and no comparison replaces that: {why}.")
        return run.say(words, name=one.name, why=_(REFUSALS[seen.refused]))
    words = _(
        "{name} left nobody out. Beside others of equal behaviour before, the contacted bought {x:gap} points more "
        "often: an observation, not a trial."
    )
    return run.say(words, name=one.name, x=seen.won)


def limits_words() -> str:
    """Say where a campaign is not told at all."""
    words = _("Nothing is told where an arm holds fewer than {n} customers or the arms were unlike before.")
    return words.format(n=FEWEST)
