"""Would contacting them pay: costs and benefits under assumptions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.reporting import Shown, estimate, figure, gate, label, largest_part, palette
from crmlib.reporting.figures import lines, write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.money.profit import Campaign
    from crmlib.churn.proof.evaluation import Prospect
    from crmlib.churn.study import Study
    from crmlib.workspace import Run


def show_profit(found: Study, run: Run) -> Shown:
    """Show what contacting customers would earn by the share contacted, under the assumptions."""
    prospect = prospect_to_show(found, run)
    if prospect is None:
        return untested(found, run, _("What contacting may earn cannot be said."))
    best = prospect.best
    gated = gate(
        prospect.curve.drop(columns="leavers"), run,
        label("contacted"),
        estimate(
            "profit", kind="money", of="customers", low="low", high="high",
            exempt="assumed costs and benefits times numbers of customers",
        ),
    )  # fmt: skip
    title = _("If an offer kept {kept:share0} of the leavers, contacting {whom} would earn {profit:money}")
    alt = _(
        "Line of profit by share contacted, its highest point {profit:money} at {share:share0}; between {low:money} "
        "and {high:money}."
    )
    customers, profit = whom(best["contacted"], run), best["profit"]
    return figure(
        partial(_draw, run=run),
        gated,
        title=run.say(title, kept=prospect.campaign.acceptance, whom=customers, profit=profit),
        alt=run.say(alt, profit=profit, share=best["contacted"], low=best["low"], high=best["high"]),
        read=f"{_assumptions(prospect.campaign, run)} {_best_sentence(prospect, found, run)}",
        limits=_(
            "Assumptions, not measurements: risk is not response. Customers at highest risk may be those whom nothing "
            "keeps, and some leave because they are contacted (Ascarza, Journal of Marketing Research, 2018)."
        ),
        source=source(found, run, prospect.customers),
        size=(7.2, 3.2),
    )


def _assumptions(campaign: Campaign, run: Run) -> str:
    """Say what the campaign is assumed to keep, to bring and to cost."""
    words = _(
        "The line assumes that an offer keeps {kept:share0} of those who would leave, the band {low:share0} to "
        "{high:share0}. A customer kept brings {value:money}, an offer taken costs {offer:money}, a contact "
        "{contact:money}."
    )
    low, high = campaign.acceptance_range()
    value, offer, contact = campaign.kept_value, campaign.incentive, campaign.contact
    return run.say(words, kept=campaign.acceptance, low=low, high=high, value=value, offer=offer, contact=contact)


def prospect_to_show(found: Study, run: Run) -> Prospect | None:
    """Give the campaign's prospect unless too few are there to contact or to value."""
    if found.prospect is None or found.backtest is None or run.too_few(found.prospect.customers):
        return None
    spent = found.backtest.test.customers["recent_spend"]
    valued = run.params.churn.kept_value or not run.too_few(int((spent > 0).sum()), largest=largest_part(spent))
    return found.prospect if valued else None


def whom(contacted: float, run: Run) -> str:
    """Say which customers a share stands for."""
    return _("everybody") if contacted >= 1 else run.say(_("the {share:share0} at highest risk"), share=contacted)


def _best_sentence(prospect: Prospect, found: Study, run: Run) -> str:
    """Say at which share contacting would earn most, under the assumptions."""
    best = prospect.best
    if best["profit"] <= 0:
        return _("Under these assumptions no share of the customers is worth contacting.")
    words = _("Under these assumptions contacting {whom} would earn most.")
    sentences = [run.say(words, whom=whom(best["contacted"], run))]
    if best["contacted"] >= 0.8:
        sentences.append(
            _("Nearly every contact would pay, so the budget decides how many, and the score only who is first.")
        )
    words = _("The expected maximum profit (EMPC) is {money:money} per active customer.")
    sentences.append(run.say(words, money=prospect.maximum.set_index("model").loc[found.model, "value"]))
    return " ".join(sentences)


def _draw(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw what contacting would earn by the share contacted, with the range of the assumption."""
    nobody = pd.DataFrame({"contacted": [0.0], "profit": 0.0, "low": 0.0, "high": 0.0})
    curve, money = pd.concat([nobody, frame], ignore_index=True), run.params.currency
    axes.axhline(0, color=palette.MUTED, linewidth=1)
    axes.locator_params(axis="y", nbins=4)
    lines(
        axes, curve, x="contacted", y="profit", low="low", high="high", unit=_("Profit"), kind="money", currency=money
    )
    axes.set_xlabel(_("Active customers contacted, highest risk first"))
    write_ticks(axes.xaxis, "share")
    best = frame.nlargest(1, "profit").iloc[0]
    place, words = (best["contacted"], best["profit"]), run.say(_("best at {share:share0}"), share=best["contacted"])
    axes.plot(*place, color=palette.ACCENT, marker="o", markersize=5.5)
    axes.annotate(words, place, xytext=(0, 8), textcoords="offset points", ha="right", color=palette.ACCENT)
