"""Would contacting them pay: costs and benefits under assumptions, and the experiment that would tell."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.experiment import experiment_sizes, smallest_reduction
from crmlib.churn.profit import break_even_reduction
from crmlib.reporting import Shown, estimate, exact, figure, gate, label, note, palette, show_all
from crmlib.reporting.figures import write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.evaluation import Prospect
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

REDUCTIONS: Final = (0.02, 0.03, 0.05, 0.10)
"""Effects for which the table says how many customers an experiment needs."""


def show_profit(found: Study, run: Run) -> Shown:
    """Show what contacting customers would earn by the share contacted, under the assumptions."""
    prospect = prospect_to_show(found, run)
    if prospect is None:
        return untested(found, run, _("What contacting may earn cannot be said."))
    campaign, best = prospect.campaign, prospect.best
    low, high = campaign.acceptance_range()
    gated = gate(
        prospect.curve.drop(columns="leavers"), run,
        label("contacted"),
        estimate(
            "profit", kind="money", of="customers", low="low", high="high",
            exempt="assumed costs and benefits times numbers of customers",
        ),
    )  # fmt: skip
    return figure(
        partial(_draw, run=run),
        gated,
        title=run.say(
            _("If an offer kept {kept:share0} of the leavers, contacting {whom} would earn {profit:money}"),
            kept=campaign.acceptance,
            whom=whom(best["contacted"], run),
            profit=best["profit"],
        ),
        alt=run.say(
            _(
                "Line of profit by share contacted, its highest point {profit:money} at {share:share0}; between "
                "{low:money} and {high:money}."
            ),
            profit=best["profit"],
            share=best["contacted"],
            low=best["low"],
            high=best["high"],
        ),
        read=run.say(
            _(
                "The line assumes that an offer keeps {kept:share0} of those who would leave, the band {low:share0} to "
                "{high:share0}. A customer kept brings {value:money}, an offer taken costs {offer:money}, a contact "
                "{contact:money}. {best}"
            ),
            kept=campaign.acceptance,
            low=low,
            high=high,
            value=campaign.kept_value,
            offer=campaign.incentive,
            contact=campaign.contact,
            best=_best_sentence(prospect, found, run),
        ),
        limits=_(
            "Assumptions, not measurements: risk is not response. Customers at highest risk may be those whom nothing "
            "keeps, and some leave because they are contacted (Ascarza, Journal of Marketing Research, 2018)."
        ),
        source=source(found, run, prospect.customers),
        size=(7.2, 3.2),
    )


def prospect_to_show(found: Study, run: Run) -> Prospect | None:
    """Give the campaign's prospect unless too few are there to contact or to value."""
    if found.prospect is None or found.backtest is None or run.rules.hides(found.prospect.customers):
        return None
    spent = found.backtest.test.customers["recent_spend"]
    buyers = run.rules.basis(int((spent > 0).sum()), float(spent.max() / spent.sum()) if spent.sum() > 0 else 0.0)
    return found.prospect if run.params.churn.kept_value or not run.rules.hides(buyers) else None


def whom(contacted: float, run: Run) -> str:
    """Say which customers a share stands for."""
    return _("everybody") if contacted >= 1 else run.say(_("the {share:share0} at highest risk"), share=contacted)


def _best_sentence(prospect: Prospect, found: Study, run: Run) -> str:
    """Say at which share contacting would earn most, under the assumptions."""
    best = prospect.best
    if best["profit"] <= 0:
        return _("Under these assumptions no share of the customers is worth contacting.")
    words = _("Under these assumptions contacting {whom} would earn most.")
    said = [run.say(words, whom=whom(best["contacted"], run))]
    if best["contacted"] >= 0.8:
        said.append(
            _("Nearly every contact would pay, so the budget decides how many, and the score only who is first.")
        )
    words = _("The expected maximum profit (EMPC) is {money:money} per active customer.")
    said.append(run.say(words, money=prospect.maximum.set_index("model").loc[found.model, "value"]))
    return " ".join(said)


def _draw(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw what contacting would earn by the share contacted, with the range of the assumption."""
    nobody = pd.DataFrame({"contacted": [0.0], "profit": 0.0, "low": 0.0, "high": 0.0})
    curve, shade = pd.concat([nobody, frame], ignore_index=True), palette.ACCENT
    axes.fill_between(curve["contacted"], curve["low"], curve["high"], color=shade, alpha=0.15, linewidth=0)
    axes.plot(curve["contacted"], curve["profit"], color=shade)
    axes.axhline(0, color=palette.MUTED, linewidth=1)
    best = frame.nlargest(1, "profit").iloc[0]
    place = (best["contacted"], best["profit"])
    axes.plot(*place, color=shade, marker="o", markersize=6.5)
    words = run.say(_("best at {share:share0}"), share=best["contacted"])
    axes.annotate(words, place, xytext=(0, 8), textcoords="offset points", ha="right", color=shade)
    axes.set_xlabel(_("Active customers contacted, highest risk first"))
    axes.set_title(_("Profit"), color=palette.MUTED, fontweight="normal")
    write_ticks(axes.xaxis, "share")
    axes.locator_params(axis="y", nbins=4)
    write_ticks(axes.yaxis, "money", run.params.currency)


def show_experiment(found: Study, run: Run) -> Shown:
    """Say which experiment would tell whether a contact keeps customers, and how many it takes."""
    prospect = prospect_to_show(found, run)
    if prospect is None:
        return untested(found, run, _("An experiment cannot be sized."))
    listed = int((found.candidates["reason"] == "likely_to_leave").sum())
    rate, words = rate_of_listed(prospect, run), _("{points:gap0} points, from {rate:share0} to {lower:share0}")
    sizes = experiment_sizes(rate, REDUCTIONS)
    sizes["effect"] = [run.say(words, points=by, rate=rate, lower=rate - by) for by in sizes.pop("reduction")]
    sizes["enough"] = [_enough(needed, listed) for needed in sizes["both_arms"]]
    gated = gate(
        sizes, run,
        label("effect", _("Contact lowers the share who leave by")),
        exact("per_arm", _("In each half"), missing=_("cannot fall so far")),
        exact("both_arms", _("Together"), missing=_("cannot fall so far")),
        label("enough", _("This month's list")),
    )  # fmt: skip
    caption = _("Customers an experiment needs, over {horizon:days}, power 80 %, two-sided 5 %")
    shown = gated.table(run.say(caption, horizon=found.horizon_days))
    return show_all(shown, note(_experiment_sentence(prospect, found, listed, run)))


def rate_of_listed(prospect: Prospect, run: Run) -> float:
    """Give the share who left among those whom the list would have held at the test; of all active ones, if too few."""
    curve = prospect.curve
    near = curve.iloc[(curve["contacted"] - run.params.churn.contact_share).abs().argmin()]
    return prospect.churn_rate if run.rules.hides(near["customers"]) else float(near["leavers"] / near["customers"])


def _enough(needed: float, listed: int) -> str:
    if pd.isna(needed):
        return _("no such effect")
    return _("is long enough") if needed <= listed else _("is too short")


def _experiment_sentence(prospect: Prospect, found: Study, listed: int, run: Run) -> str:
    """Say what an experiment on this month's list would show."""
    if run.rules.hides(listed):
        return _list_too_short(found, run)
    rate = rate_of_listed(prospect, run)
    visible = smallest_reduction(rate, listed)
    said = run.say(
        _(
            "The {n:people} active customers at highest risk should be split at random, half contacted, half left "
            "alone. Without a contact about {rate:share0} of them leave within {horizon:days}; a contact pays from a "
            "fall of {pays:gap} points on."
        ),
        n=listed,
        rate=rate,
        horizon=found.horizon_days,
        pays=break_even_reduction(rate, prospect.campaign),
    )
    if visible is None:
        return said + " " + _("They are too few to show any effect; the lists of several months must be pooled.")
    words = _("With this list alone a fall of {visible:gap} points or more would show (power 80 %, two-sided 5 %).")
    return said + " " + run.say(words, visible=visible)


def _list_too_short(found: Study, run: Run) -> str:
    """Say that there is next to nobody, or nobody at all, to make an experiment with."""
    least = run.params.churn.least_risk
    if not run.rules.hides(len(found.active)) and not (found.active["churn_probability"] > least).any():
        words = _("Nobody is more than {least:share0} likely to leave: there is no list to make an experiment with.")
        return run.say(words, least=least)
    words = _(
        "Fewer than {n:count} customers are on this month's list: too few to show any effect; the lists of several "
        "months must be pooled."
    )
    return run.say(words, n=run.rules.threshold)
