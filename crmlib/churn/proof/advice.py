"""By what to rank a list: by the model only where it reaches more leavers than the best simple rule does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmlib.churn.models.contenders import contender
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.churn.proof.evaluation import Evaluation
    from crmlib.stats import Estimate
    from crmlib.words.saying import Say


@dataclass(frozen=True, slots=True)
class Advice:
    """By what to rank and where the probabilities come from, each the name of a rule or model.

    `gained` is the share of the leavers that the model reaches beyond the best rule in a list of the share `share`,
    from the same resampled customers; unknown where no rule was to be beaten.
    """

    ranked_by: str
    probabilities_from: str
    rule: str | None
    gained: Estimate
    share: float


def advise(judged: Evaluation, chosen: str) -> Advice:
    """Rank by the chosen model where it beats the best rule beyond chance at the share a list holds, else by the rule.

    Only the chosen one is held against the rule: it was chosen before the test was looked at, and the best of many
    models there would beat the rule by luck too often.
    """
    rule = judged.best_rule("gain")
    gained = judged.against_rule(chosen, "gain")
    no_rival = rule is None or contender(chosen).simple or not gained.has_interval
    ranked_by = chosen if no_rival or gained.low > 0 else str(rule)
    return Advice(ranked_by, chosen, None if no_rival else rule, gained, judged.share)


def advice_sentence(advice: Advice, say: Say) -> str:
    """Say by what to rank, and where the probabilities come from."""
    model = contender(advice.probabilities_from).called
    if advice.rule is None:
        return say(_("Take order and probabilities from {model}."), model=model)
    if advice.ranked_by == advice.probabilities_from:
        words = _(
            "To tell who leaves, rank by {model}: its likeliest {share:share0} hold {gained:gap:point} points more "
            "leavers than the best simple rule’s ({gained:gap:interval})."
        )
    else:
        words = _(
            "To tell who leaves, rank by {rule} and take the probabilities from {model}, whose likeliest "
            "{share:share0} are not shown to hold more leavers ({gained:gap:interval} points)."
        )
    rule = contender(advice.rule).called
    return say(words, share=advice.share, model=model, rule=rule, gained=advice.gained)
