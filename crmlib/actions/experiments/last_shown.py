"""Did last month's list work, on the page: by action, together, all lists so far; or why that is not told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crmlib.actions import measures
from crmlib.actions.experiments.checks import BROKEN, COVARIATES
from crmlib.actions.experiments.results import MEASURE, REPEAT, STOP
from crmlib.reporting import (
    Shown,
    estimate,
    folded,
    gate,
    insufficient,
    label,
    note,
    people,
    record_headlines,
    show_all,
)
from crmlib.stats.intervals import proportion
from crmlib.words import N_, _, label_of, plural

if TYPE_CHECKING:
    from crmlib.actions.experiments.checks import Checks
    from crmlib.actions.experiments.effects import Measured
    from crmlib.actions.experiments.results import LastList
    from crmlib.actions.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

DECISIONS: Final = {REPEAT: N_("repeat"), STOP: N_("stop"), MEASURE: N_("go on measuring")}


def show_last_list(found: Study, run: Run) -> Shown:
    """Say what last month's list brought beyond what would have come anyway, by action, and what to do with each."""
    last = found.last_list
    if last is None:
        return note(_("Next month's report will say what this month's list brought: no earlier list is kept yet."))
    if last.checks.broken:
        return _broken(last, run)
    if not last.carried_out:
        return note(_not_carried_out(last, run))
    if last.whole is None or not is_told(last, run):
        words = _("What the list of {list} brought is not told: fewer than {n:count} were left out of it at random.")
        return note(run.say(words, list=_name(last), n=run.fewest))
    record_headlines([measures.LIST_GAIN.headline(_told(last, last.whole))], run, measures.CHAPTER)
    return show_all(_table(last, last.whole, run), note(*_sentences(last, run)), _fold(last, last.whole, run))


def is_told(last: LastList, run: Run) -> bool:
    """Say whether it can be told what a list brought."""
    sound = last.whole is not None and not last.checks.broken and last.carried_out
    return sound and not run.too_few(last.checks.left_out)


def _name(last: LastList) -> str:
    return label_of(last.rows["listed_on"].iloc[0].date())


def _broken(last: LastList, run: Run) -> Shown:
    """Say why the arms are not those of the draw any more: then no effect is told."""
    return insufficient(
        needed=_("arms as chance drew them"),
        found=run.say("{why:list}", why=broken_words(last.checks, run)),
        therefore=run.say(_("What the list of {list} brought is not told."), list=_name(last)),
    )


def broken_words(checks: Checks, run: Run) -> list[str]:
    """Say what is wrong with the arms of a list."""
    said = []
    if not checks.as_drawn:
        said.append(_("other customers are left out than were drawn"))
    if checks.ratio_p < BROKEN or checks.lost_p < BROKEN:
        words = _("{found:people} customers left out are there, where {wanted:people} should be")
        said.append(run.say(words, found=checks.left_out, wanted=checks.wanted))
    if checks.unlike:
        names = [_(COVARIATES[name]) for name in checks.unlike]
        said.append(run.say(_("the arms differ in {names:list}, more than chance does"), names=names))
    return said


def _table(last: LastList, whole: Measured, run: Run) -> Shown:
    told = last.actions[~last.actions["smaller"].map(run.too_few).astype("bool")]
    points = {name: 100 * told[name] for name in ("bought", "bought_low", "bought_high")}
    rows = told.assign(**points, decision=told["decision"].map({code: _(said) for code, said in DECISIONS.items()}))
    gated = gate(
        rows[["action", "contacted", "left_out", "smaller", "bought", "bought_low", "bought_high", "gain", "gain_low",
              "gain_high", "decision"]], run,
        label("action", _("Action")),
        people("contacted", _("Contacted")),
        people("left_out", _("Left out")),
        estimate("bought", _("More who bought, points"), "number", of="smaller", decimals=0),
        estimate("gain", _("Brought, net of cost"), "money", of="smaller", decimals=0,
                 exempt="the difference of two means: nobody's own spend"),
        label("decision", _("So")),
    )  # fmt: skip
    few = _("Actions with fewer than {n:count} left out count in the total alone.")
    return gated.table(
        title(last, whole, run), note=run.say(few, n=run.fewest) if len(rows) < len(last.actions) else ""
    )


def title(last: LastList, whole: Measured, run: Run) -> str:
    """Say what the list brought net of cost; a direction only where the interval excludes none."""
    words = _("What the list of {list} brought cannot be told from chance{so_far}: {gain:money0} net of its cost")
    if whole.gain.excludes(0):
        words = _("The list of {list} cost more than it brought{so_far}: {gain:money0} net of its cost")
        if whole.gain.value > 0:
            words = _("The list of {list} brought {gain:money0} beyond what would have come anyway{so_far}, net of its "
                      "cost")  # fmt: skip
    return run.say(words, list=_name(last), gain=_told(last, whole), so_far="" if last.over else _(" so far"))


def _told(last: LastList, whole: Measured) -> Estimate:
    """Give what the list brought, resting on the smaller arm."""
    return replace(whole.gain, n=last.checks.left_out)


def _sentences(last: LastList, run: Run) -> list[str]:
    """Say how much of the horizon is seen, and what all lists brought together."""
    said = []
    if not last.over:
        words = _("{seen:count} of {horizon:days} are seen: purchases put off or brought forward may still even out.")
        said.append(run.say(words, seen=last.days_seen, horizon=last.horizon_days))
    if last.total is not None and last.total.lists > 1:
        words = _("The {n:count} lists so far together brought {gain:money0} net of cost{expected}.")
        said.append(run.say(words, n=last.total.lists, gain=last.total.gain, expected=_hoped(last.total, run)))
    if last.reached is not None:
        words = _("A contact since is on record for {told:part:point} of those to contact.")
        said.append(run.say(words, told=proportion(*last.contacts)))
    return said


def _not_carried_out(last: LastList, run: Run) -> str:
    """Say that hardly anybody on the list was contacted: what it brought is then nobody's doing."""
    words = _(
        "What the list of {list} brought is not told: of {n:people} to contact hardly anybody has a contact since on "
        "record. Deliver those made, and the next report tells it."
    )
    return run.say(words, list=_name(last), n=last.contacts[1])


def _hoped(total: Measured, run: Run) -> str:
    """Say what was expected, where customers had a value."""
    if not total.expected.is_known:
        return ""
    return run.say(_("; {expected:money0:point} was expected by the end of their horizons"), expected=total.expected)


def _fold(last: LastList, whole: Measured, run: Run) -> Shown:
    """Show the same plain and with what was spent before, how alike the arms are, and how all was measured."""
    rows = last.checks.balance.assign(smaller=last.checks.left_out)
    rows["covariate"] = [_(COVARIATES[name]) for name in rows["covariate"]]
    gated = gate(
        rows[["covariate", "distance", "smaller"]], run, label("covariate", _("Known before")),
        estimate("distance", _("Contacted less left out"), "number", of="smaller", decimals=2),
    )  # fmt: skip
    few = last.checks.left_out
    spend, plain, gain, raw, expected = (
        replace(one, n=few)
        for one in (whole.cuped.estimate(), whole.spend.estimate(), whole.gain, whole.plain_gain, whole.expected)
    )
    words = [
        run.say(_("Spend a customer, contacted less left out: {cuped:money}, plain {plain:money}; earlier spend "
                  "explains {part:share0} of the spread."), cuped=spend, plain=plain, part=whole.correlation**2),
        run.say(_("Net of cost: {cuped:money0}, plain {plain:money0}; expected in {days:days}: {expected:money0}."),
                cuped=gain, plain=raw, expected=expected, days=run.params.churn.horizon_days),
        _("Everybody counts in the arm that was drawn, contacted or not (intention to treat), within the strata of the "
          "draw. Gain is the difference in margin over those to contact, less contacts and offers."),
        _("Decisions rest on all lists so far, chance shared out among the actions (false discovery rate 5 %)."),
        ratio_words(last, run),
    ]  # fmt: skip
    balance = gated.table(_("How alike the arms were before, in standard deviations"))
    return folded(_("How this was measured"), show_all(note(*words), balance))


def ratio_words(last: LastList, run: Run) -> str:
    """Say how many are left out of how many, and that this is as drawn."""
    checks, lost = last.checks, ""
    if checks.lost:
        words = plural(
            " {n:people} customer is not found any more.", " {n:people} are not found any more.", checks.lost
        )
        lost = run.say(words, n=checks.lost)
    words = _("The arms are as drawn: {left:people} left out where {wanted:people} should be, p = {p:number2}.{lost}")
    return run.say(words, left=checks.left_out, wanted=checks.wanted, p=checks.ratio_p, lost=lost)
