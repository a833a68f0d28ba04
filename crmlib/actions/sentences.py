"""What the lists and the campaigns say, in words computed from their numbers."""

import pandas as pd

from crmlib.privacy.rules import DOMINANCE
from crmlib.stats import Estimate
from crmlib.words import _, formats, plural
from crmlib.workspace import Run

REASONS = {
    "open_complaint": _("a complaint is open"),
    "unhappy": _("gave a low score"),
    "valuable_at_risk": _("worth much and likely to leave"),
    "left_best_segment": _("is no longer among the best customers"),
    "returned_and_quiet": _("took goods back and has been quiet since"),
    "likely_to_leave": _("likely to leave"),
    "second_purchase": _("has bought once"),
}


def reason_words(code: str) -> str:
    """Say a reason code in words; an unknown code without its underscores.

    Examples
    --------
    >>> reason_words("open_complaint"), reason_words("own_rule")
    ('a complaint is open', 'own rule')
    """
    return _(REASONS[code]) if code in REASONS else code.replace("_", " ")


def list_answer(by_reason: pd.DataFrame, run: Run) -> tuple[str, ...]:
    """Say how many customers to contact, the first reason, and what they are worth."""
    people = int(by_reason.customers.sum())
    if people == 0:
        return (_("No customer needs a contact this month: no chapter put one forward."),)
    if run.rules.hides(people):
        return (_("Fewer than {n} customers are on this month's list.").format(n=run.rules.threshold),)
    first = by_reason.iloc[0]
    sentences = [
        plural(
            "{n} customer is on this month's contact list, for {reasons} reasons.",
            "{n} customers are on this month's contact list, for {reasons} reasons.",
            people,
        ).format(n=formats.count(run.rules.rounded(people)), reasons=len(by_reason))
    ]
    if not run.rules.hides(int(first.customers)):
        sentences.append(
            _("First come {n} customers ({reason}): {action}.").format(
                n=formats.count(run.rules.rounded(int(first.customers))),
                reason=reason_words(first.reason),
                action=first.action[:1].lower() + first.action[1:],
            )
        )
    worth = by_reason.value.sum(min_count=1)
    largest = (by_reason.value * by_reason.largest).max() / worth if worth else 0.0
    # money of few of them, or mostly of one, is not said
    if pd.notna(worth) and not run.rules.hides(int(by_reason.valued.sum())) and not largest > DOMINANCE:
        sentences.append(
            _("Together they are expected to spend {value} within {weeks} weeks.").format(
                value=formats.money(worth, run.params.currency),
                weeks=formats.number(run.params.segmentation.lifetime_weeks),
            )
        )
    return tuple(sentences)


def effect_sentence(effect: Estimate) -> str:
    r"""Say what contact has changed, and whether chance alone could have done it.

    Examples
    --------
    >>> effect_sentence(Estimate(0.05, 0.02, 0.08, 1000)).replace("\xa0", " ")
    'Contact raised the response by 5.0 points (2.0 to 8.0), more than chance does.'
    """
    if not effect.is_known:
        return _("No campaign kept a control group, so no effect can be told from what would have happened anyway.")
    low, high = (formats.fixed(100 * end, 1) for end in (effect.low, effect.high))
    size = formats.fixed(100 * abs(effect.value), 1)
    if not effect.excludes(0):
        words = _(
            "Contact changed the response by {size} points at most likely ({low} to {high}): chance could do that."
        )
        return words.format(size=formats.fixed(100 * effect.value, 1), low=low, high=high)
    if effect.value < 0:
        return _("Contact lowered the response by {size} points ({low} to {high}), more than chance does.").format(
            size=size, low=low, high=high
        )
    return _("Contact raised the response by {size} points ({low} to {high}), more than chance does.").format(
        size=size, low=low, high=high
    )


def effects_title(effects: pd.DataFrame) -> str:
    """Say how many campaigns did more than chance."""
    known = effects[effects.effect.notna()]
    clear = int((known.low > 0).sum())
    return _("{clear} of {all} campaigns won more responses than their control groups").format(
        clear=clear, all=len(known)
    )
