"""What happens to complaints, as the page has it: one picture, a sentence, and the rest folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.reporting import Shown, folded, note, show_all
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.service.aftermath import REPEATS, repeated
from crmlib.satisfaction.service.rates_shown import rate_words, show_complaint_rates
from crmlib.satisfaction.service.settling import LATER, draw_settling
from crmlib.satisfaction.service.waiting_now import open_words, show_open_complaints
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.satisfaction.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run


def show_complaints(found: Study, run: Run) -> Shown:
    """Show how fast the last year's complaints are settled, how many there are and where, and what comes after them."""
    if isinstance(found.complaints, Gap):
        return found.complaints.show()
    waits = found.waits
    if waits is None or run.too_few(waits["customer_id"].nunique()):
        return Gap(
            run.say(_("complaints of at least {n:count} customers in a year"), n=run.fewest),
            _("fewer than that"),
            _("Complaints and the time to settle them are not reported."),
            delivered=True,
        ).show()
    return show_all(
        draw_settling(found, waits, run),
        note(" ".join(part for part in (rate_words(found, run), open_words(found.now.waits, run)) if part)),
        folded(_("Where customers complain"), show_complaint_rates(found, run)),
        folded(_("What is open"), show_open_complaints(found, run)),
        folded(_("What comes after a complaint, a low score and a suggestion"), note(*after_words(found, run))),
    )


def after_words(found: Study, run: Run) -> list[str]:
    """Say who complains again, what follows a settled complaint and a low score, and what is adopted."""
    said = [_repeat_words(found, run), *_recovery_words(found, run), *_reached_words(found, run)]
    adopted = found.adopted
    if adopted.is_known and not run.too_few(adopted.n):
        words = _("Of {n:people} suggestions of the last {days:count} days {x:share0} were adopted.")
        said.append(run.say(words, n=adopted.n, days=YEAR, x=adopted))
    return [sentence for sentence in said if sentence] or [_("Too few complaints to say what comes after them.")]


def _repeat_words(found: Study, run: Run) -> str:
    again = {days: repeated(found.complaints_followed, run.as_of, days) for days in REPEATS}
    known = {days: x for days, x in again.items() if x.is_known and not run.too_few(x.n)}
    each = [run.say(_("{x:share0} within {days:count} days"), x=x, days=days) for days, x in known.items()]
    return run.say(_("Of those who complain, {shares:list} complain again."), shares=each) if each else ""


def _recovery_words(found: Study, run: Run) -> list[str]:
    after, days = found.recovery, run.params.satisfaction.horizon_days
    if run.too_few(after.settled.n) or run.too_few(after.waiting.n):
        return []
    words = _(
        "Of those whose complaint was settled within {later:count} days {yes:share0} bought in the {days:count} days "
        "from then on, of the others {no:share0}: {chance}. Observed, not tried: who is settled was not drawn by lot."
    )
    chance = _chance(after.gap)
    said = [run.say(words, later=LATER, days=days, yes=after.settled, no=after.waiting, chance=chance)]
    if after.score.is_known and not run.too_few(after.score.n):
        words = _("Their next score lies {x:number2:point} apart, settled less open ({x:number2:interval}): {chance}.")
        said.append(run.say(words, x=after.score, chance=_chance(after.score)))
    return said


def _chance(difference: Estimate) -> str:
    return _("more than chance explains") if difference.excludes(0) else _("no more than chance explains")


def _reached_words(found: Study, run: Run) -> list[str]:
    reached = found.reached
    if reached is None or run.too_few(reached.people):
        return []
    parts = [
        (reached.campaign, _("{x:share0:point} were sent a campaign")),
        (reached.own, _("{x:share0:point} got in touch themselves")),
    ]
    each = [run.say(words, x=x) for x, words in parts if x.is_known]
    if not each:
        return []
    words = _("Of {n:people} customers with a low score {shares:list} within {days:count} days; whether anybody called "
              "them about it the sources do not tell.")  # fmt: skip
    return [run.say(words, n=reached.people, shares=each, days=LATER)]
