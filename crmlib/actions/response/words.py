"""What is said of who responds; a direction only where its interval leaves no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.stats.intervals import proportion
from crmlib.stats.sampling import MOST
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.actions.response.finding import Response
    from crmlib.actions.response.propensity import Propensity
    from crmlib.actions.response.won import Won
    from crmlib.workspace import Run


def title_words(won: Won, run: Run) -> str:
    """Say whether it can be told whom a contact wins over."""
    if not won.is_told:
        return _("Who responds cannot be told from who buys anyway: choose by value")
    words = _("Contact wins over {top:number1:point} of 100 customers in the half that bought last, "
              "{rest:number1:point} in the other")  # fmt: skip
    if won.by != "recent":
        words = _("Contact wins over {top:number1:point} of 100 customers in the half most open to it, "
                  "{rest:number1:point} in the other")  # fmt: skip
    return run.say(words, top=won.top.scaled(100), rest=won.rest.scaled(100))


def choice_words(won: Won, run: Run) -> list[str]:
    """Say what contacting brings after its cost, and whether a model is needed to choose whom."""
    everybody = won.worth("all")
    if not won.is_told:
        words = _(
            "Contacting everybody brings {all:money} a customer after cost, and nobody is recommended over others."
        )
        if not everybody.excludes(0):
            words = _("Contacting everybody brings {all:money} a customer after cost: chance could do that.")
        return [run.say(words, all=everybody)]
    words = _("After cost, contacting everybody brings {all:money} a customer, the half that bought last alone "
              "{half:money}, the half silent longest {riskiest:money}.")  # fmt: skip
    model = _("Models are not shown to do better than this plain order.")
    if won.by != "recent":
        words = _("After cost, contacting everybody brings {all:money} a customer, the half most open to it alone "
                  "{half:money}, the half silent longest {riskiest:money}.")  # fmt: skip
        model = _("The plain order, the latest purchase first, does not tell it beyond chance.")
        if won.beyond_recent.low > 0:
            model = _("The order is that of models, which do better than the latest purchase first.")
    half = won.worth("recent" if won.by == "recent" else "half")
    return [run.say(words, all=everybody, half=half, riskiest=won.worth("riskiest")), model]


def would_show_words(won: Won, run: Run) -> str:
    """Say how plain a difference between customers would have to be to show."""
    words = _("An area of {area:number2} would have shown in eight of ten such sets of campaigns.")
    return run.say(words, area=100 * won.would_show)


def sample_words(response: Response, run: Run) -> list[str]:
    """Say that some people stand for all, where they do."""
    if response.looked_at >= response.contacts:
        return []
    words = _("Estimated on {looked:count} of {all:count} contacts, all those of people drawn by their pseudonyms.")
    return [run.say(words, looked=response.looked_at, all=response.contacts, most=MOST)]


def propensity_words(propensity: Propensity, run: Run) -> str:
    """Say how many bought after the latest contact, and that it is not what the contact did."""
    words = _("Of {n:people} contacted in the latest campaign {rate:share} bought within the window, by the contact or "
              "anyway.")  # fmt: skip
    rate = proportion(propensity.responded, propensity.people)
    return run.say(words, n=propensity.people, rate=rate)


def order_words(propensity: Propensity, run: Run, rule: str, model: str) -> str:
    """Say whether the model orders people better than the best simple rule."""
    against = propensity.against
    words = _("{model} orders people as well as “{rule}” ({size:gap:interval} points).")
    if against.excludes(0) and against.value > 0:
        words = _("{model} orders people {size:gap:point} points better than “{rule}” ({size:gap:interval}).")
    elif against.excludes(0):
        words = _("{model} orders people {size:gap:point} points worse than “{rule}” ({size:gap:interval}).")
    size = abs(against) if against.excludes(0) else against
    return run.say(words, model=model, rule=rule, size=size)


def calibration_words(propensity: Propensity, run: Run) -> str:
    """Say whether the probabilities hold in a campaign they have not seen."""
    shift = propensity.error.shift
    if not shift.excludes(0):
        if not propensity.error.beyond_chance:
            return _("Its probabilities hold.")
        return run.say(_("Its probabilities are off by {size:gap} points on average."), size=propensity.error.value)
    words = _("Its probabilities are {size:gap} points too high: the latest campaign brought fewer than those before.")
    if shift.value < 0:
        words = _(
            "Its probabilities are {size:gap} points too low: the latest campaign brought more than those before."
        )
    if not propensity.learnt_from:
        words = _("Its probabilities are off by {size:gap} points.")
    return run.say(words, size=abs(shift.value))
