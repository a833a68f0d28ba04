"""Would contacting them pay: the break-even, the profit by share contacted, and which assumption decides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.money.gain import break_even_reduction
from crmlib.churn.money.tornado import draw_tornado, gated_bars
from crmlib.churn.money.words import assumption_words, response_words
from crmlib.reporting import Shown, estimate, figure, folded, gate, label, note, palette, show_all
from crmlib.reporting.figures import lines, write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from crmlib.churn.money.prospect import Prospect
    from crmlib.churn.study import Study
    from crmlib.workspace import Run


def show_profit(found: Study, run: Run) -> Shown:
    """Show from where on a contact pays, what contacting those worth it would have earned, and what that hangs on."""
    prospect = prospect_to_show(found, run)
    if prospect is None:
        return untested(found, run, _("What contacting may earn cannot be said."))
    behind = [*assumption_words(prospect.assumed, found, run), *response_words(found, run), _empc(prospect, found, run)]
    return show_all(
        note(*_first_sentences(found, run)),
        _pictures(prospect, found, run),
        folded(_("What is assumed, and where it comes from"), note(*behind)),
    )


def prospect_to_show(found: Study, run: Run) -> Prospect | None:
    """Give the campaign's prospect unless too few are there to contact or to value."""
    prospect = found.prospect
    if prospect is None:
        return None
    everybody = prospect.curve.iloc[-1]
    return None if run.too_few(prospect.customers, largest=everybody["largest"]) else prospect


def _first_sentences(found: Study, run: Run) -> list[str]:
    """Say from which fall of the churn rate a contact pays, who is worth one, and who counts as likely to leave."""
    sentences = [break_even_sentence(found, run), _worth_it(found, run)]
    if found.settings.least_risk == "money":
        words = _("Likely to leave is whoever is above {risk:share0}, from where on a contact pays.")
        if found.least_risk >= 1:
            words = _("At no risk does a contact pay, so nobody is called likely to leave.")
        sentences.append(run.say(words, risk=found.least_risk))
    return sentences


def break_even_sentence(found: Study, run: Run) -> str:
    """Say by how much contacts must lower the churn rate to pay, and what they reached or are assumed to."""
    planned, campaign, assumed = found.experiment, found.campaign, found.assumed
    if planned.churn_rate is None or campaign is None or assumed is None:
        return ""
    rate, pays, whom = planned.churn_rate, planned.pays_from, _("customers likely to leave")
    if pays is None or run.too_few(planned.customers):
        rate, whom = float(found.active["churn_probability"].mean()), _("active customers")
        pays = break_even_reduction(rate, campaign)
    if pays > rate:
        return run.say(_("Contacting {whom} cannot pay: it costs more than all who leave would bring."), whom=whom)
    words = _("Contacting {whom} pays if it lowers the share who leave by {pays:gap} points or more; {reached}.")
    if assumed.told_by == "campaigns" and found.response is not None:
        reached = run.say(_("among active customers own campaigns reached {fall:gap}"), fall=found.response.fall)
    else:
        told = _("{reach} are in the parameters")
        if assumed.told_by == "nobody":
            told = _("{reach} are assumed, as no own campaign with a control group tells")
        low, likely, high = (part * rate for part in assumed.kept)
        ends = "{likely:gap0} ({low:gap0} to {high:gap0})" if low < high else "{likely:gap0}"
        reached = told.format(reach=run.say(ends, low=low, likely=likely, high=high))
    return run.say(words, whom=whom, pays=pays, reached=reached)


def _worth_it(found: Study, run: Run) -> str:
    """Count the customers whose own contact is expected to pay."""
    worth_it = int((found.worth["gain"] > 0).sum())
    if worth_it == 0:
        return _("No customer is worth a contact at the likely values.")
    words = _("{n:people} of {active:people} active customers are worth a contact at the likely values.")
    return run.say(words, n=worth_it, active=len(found.active))


def _pictures(prospect: Prospect, found: Study, run: Run) -> Shown:
    """Show what contacting would have earned by the share contacted, and over the range of each assumption."""
    curve = gate(
        prospect.curve[["contacted", "customers", "largest", "profit", "low", "high"]], run,
        label("contacted"),
        estimate("profit", kind="money", of="customers", largest="largest", low="low", high="high"),
    )  # fmt: skip
    tornado = gated_bars(prospect, run)
    fifths = curve.rows(slice(3, None, 4)).worded("contacted", lambda share: run.say("{share:share0}", share=share))
    alt = run.say(_("Line of profit by share contacted: {points}."), points=fifths.listing("{contacted} {profit}"))
    read = _("Profit by share contacted, highest expected gain first, its band over all ranges.")
    if tornado:
        ends = tornado.listing("{name} {low} at {worse}, {high} at {better}")
        alt = f"{alt} {run.say(_('Bars of profit by assumption: {ends}.'), ends=ends)}"
        read = _(
            "Above, profit by share contacted, highest expected gain first, its band over all ranges; below, over the "
            "range of each assumption."
        )
    return figure(
        partial(_draw, worth_it=float(prospect.worth_it["contacted"]), run=run),
        {"curve": curve, "tornado": tornado} if tornado else {"curve": curve},
        title=_title(prospect, found, run),
        alt=alt,
        read=read,
        limits=_limits(found),
        source=source(found, run, prospect.customers),
        size=(7.2, 4.6 if tornado else 2.8),
        panels=(2 if tornado else 1, 1),
    )


def _limits(found: Study) -> str:
    """Say that who is likely to leave is not who can be kept."""
    if found.assumed and found.assumed.told_by == "campaigns":
        return _("Still risk is not response (Ascarza 2018): own campaigns tell it of all risks together.")
    return _("Without a randomised control group risk is not response (Ascarza 2018).")


def _title(prospect: Prospect, found: Study, run: Run) -> str:
    """Say whom contacting would have paid, and what it would have earned."""
    worth_it, cutoff = prospect.worth_it, found.plan.test
    if worth_it["customers"] == 0:
        return run.say(_("On {cutoff:day} no contact would have been worth it"), cutoff=cutoff)
    if run.too_few(worth_it["customers"], largest=worth_it["largest"]):
        return run.say(_("On {cutoff:day} hardly any contact would have been worth it"), cutoff=cutoff)
    words = _(
        "On {cutoff:day} contacting the {share:share0} worth it would have earned {profit:money} ({low:money} to "
        "{high:money})"
    )
    if worth_it["low"] <= 0 <= worth_it["high"]:
        words = _(
            "On {cutoff:day} contacting the {share:share0} worth it may have earned or lost: {profit:money} at the "
            "likely values ({low:money} to {high:money})"
        )
    earned = {name: worth_it[name] for name in ("profit", "low", "high")}
    return run.say(words, cutoff=cutoff, share=worth_it["contacted"], **earned)


def _empc(prospect: Prospect, found: Study, run: Run) -> str:
    """Say the expected maximum profit, and which share would have been best afterwards."""
    words = _(
        "The expected maximum profit of the score (EMPC) is {money:money} per active customer; afterwards, contacting "
        "{share:share0} of them would have been best."
    )
    maximum = prospect.maximum.set_index("model").loc[found.model, "value"]
    return run.say(words, money=maximum, share=prospect.best["contacted"])


def _draw(panels: Any, frames: Mapping[str, pd.DataFrame], worth_it: float, run: Run) -> None:
    """Draw the profit by share contacted, and below it the tornado where there is one."""
    if "tornado" in frames:
        draw_tornado(panels[1], frames["tornado"], run)
    _draw_curve(panels[0] if "tornado" in frames else panels, frames["curve"], worth_it, run)


def _draw_curve(axes: Axes, frame: pd.DataFrame, worth_it: float, run: Run) -> None:
    """Draw what contacting would earn by the share contacted, and whom it was worth."""
    nobody = pd.DataFrame({"contacted": [0.0], "profit": 0.0, "low": 0.0, "high": 0.0})
    curve, money = pd.concat([nobody, frame], ignore_index=True), run.params.currency
    axes.axhline(0, color=palette.MUTED, linewidth=1)
    axes.locator_params(axis="y", nbins=4)
    lines(
        axes, curve, x="contacted", y="profit", low="low", high="high", unit=_("Profit"), kind="money", currency=money
    )
    axes.set_xlabel(_("Active customers contacted, highest expected gain first"))
    write_ticks(axes.xaxis, "share")
    if worth_it:
        axes.axvline(worth_it, color=palette.INK, linewidth=1, linestyle=(0, (4, 3)))
        words = run.say(_("worth it: {share:share0}"), share=worth_it)
        side, ha = (-6, "right") if worth_it > 0.7 else (6, "left")
        axes.annotate(
            words, (worth_it, 0.04), xytext=(side, 0), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha=ha, color=palette.INK,
        )  # fmt: skip
