"""Who responds, on the page: the Qini curve, what choosing by it is worth, and how well a response is foretold."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from crmlib.actions.response.words import (
    calibration_words,
    choice_words,
    order_words,
    propensity_words,
    sample_words,
    title_words,
    would_show_words,
)
from crmlib.reporting import (
    Shown,
    estimate,
    figure,
    folded,
    gate,
    insufficient,
    label,
    note,
    nothing,
    palette,
    show_all,
)
from crmlib.reporting.figures import write_ticks
from crmlib.words import N_, _, plural
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.actions.response.finding import Response
    from crmlib.actions.response.propensity import Propensity
    from crmlib.actions.response.won import Won
    from crmlib.actions.study import Study
    from crmlib.workspace import Run

POLICIES: Final = {
    "all": N_("everybody"),
    "paying": N_("those expected to bring more than they cost"),
    "half": N_("the half most open to a contact"),
    "recent": N_("the half with the latest purchases"),
    "riskiest": N_("the half silent longest"),
}
NAMES: Final = {
    "two_model": N_("two models, one an arm"),
    "transformed": N_("one model of the transformed outcome"),
    "both": N_("both models’ mean"),
    "recent": N_("latest purchase first"),
    "logistic": N_("logistic regression"),
    "boosting": N_("gradient boosting"),
    "latest": N_("latest purchase first"),
    "past_rate": N_("past response rate"),
    "often": N_("most orders first"),
}
PER: Final = 100
"""Figures are of so many contacts."""


def show_response(found: Study, run: Run) -> Shown:
    """Show whom a contact wins over, where arms drawn at random can tell, and who buys after one at all."""
    response = found.response
    if response is None:
        return nothing(_("no contact whose window is over"))
    behind = [] if response.propensity is None else _propensity(response.propensity, response, run)
    if response.won is None:
        why = _untold(response, run)
        return show_all(why, folded(_("Who buys after a contact at all"), *behind)) if behind else why
    won = response.won
    return show_all(
        _picture(won, response, run),
        folded(
            _("What each choice is worth, and who buys after a contact at all"),
            note(*choice_words(won, run)),
            *_how_sure(won, response, run),
            *behind,
        ),
    )


def _untold(response: Response, run: Run) -> Shown:
    """Say why it cannot be told whom a contact wins over."""
    therefore = _("Whom a contact wins over cannot be told from who buys anyway.")
    if response.with_arms == 0:
        return insufficient(
            needed=_("a campaign that left some customers out at random"),
            found=run.say(
                plural(
                    "{n:count} campaign without a control group",
                    "{n:count} campaigns without a control group",
                    response.campaigns,
                ),
                n=response.campaigns,
            ),
            therefore=therefore,
        )
    if response.unlike and not response.fewest:
        return insufficient(
            needed=_("arms drawn at random"),
            found=_("arms that were unlike before the contact"),
            therefore=therefore,
        )
    return insufficient(
        needed=_("50 customers in each arm who bought after the contact, and 50 who did not"),
        found=run.say(_("{n:people} in the smallest of these groups"), n=response.fewest),
        therefore=therefore,
    )


def _picture(won: Won, response: Response, run: Run) -> Shown:
    """Draw the Qini curve with its band and the line of contacting at random."""
    named = ["gain", "low", "high", "random"]
    curve = won.curve.assign(**{name: won.curve[name] * PER for name in named})
    gated = gate(
        curve, run,
        label("contacted"),
        estimate("gain", kind="number", of="people", low="low", high="high", decimals=1),
        estimate("random", kind="number", of="people", decimals=1),
    )  # fmt: skip
    tenths = gated.worded("contacted", lambda share: run.say("{share:share0}", share=share))
    first = _("Customers contacted, the most open first")
    if won.by == "recent":
        first = _("Customers contacted, the latest purchase first")
    return figure(
        partial(_draw, first=first),
        gated,
        title=title_words(won, run),
        alt=run.say(
            _("Extra buyers for every 100 customers by share contacted: {tenths}."),
            tenths=tenths.listing("{contacted} {gain}"),
        ),
        read=_("The dashed line is contact at random, the band the 95 % interval of what choosing adds to it."),
        limits=_limits(won, response, run),
        source=run.say(
            _("campaigns with control groups: {campaigns:count}; purchases within {days:count} days, n = {n:people}"),
            campaigns=response.with_arms - len(response.unlike), days=response.window_days, n=won.effect.n,
        ),
        size=(7.2, 3.2),
    )  # fmt: skip


def _limits(won: Won, response: Response, run: Run) -> str:
    words = _("An average over the campaigns; what is bought later is not seen.")
    if won.by != "recent":
        words = _("Everybody is judged by models that learnt from others; what is bought later is not seen.")
    if response.unlike:
        left = plural(
            "{n:count} campaign is left out: its arms were unlike before the contact.",
            "{n:count} campaigns are left out: their arms were unlike before the contact.",
            len(response.unlike),
        )
        words = f"{words} {run.say(left, n=len(response.unlike))}"
    return words


def _draw(axes: Axes, frame: pd.DataFrame, first: str) -> None:
    """Draw extra buyers against the share contacted."""
    axes.fill_between(frame["contacted"], frame["low"], frame["high"], color=palette.ACCENT, alpha=0.15, linewidth=0)
    axes.plot(frame["contacted"], frame["random"], color=palette.MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
    axes.plot(frame["contacted"], frame["gain"], color=palette.ACCENT, linewidth=2.4)
    axes.axhline(0, color=palette.CONTEXT, linewidth=1)
    axes.set_title(_("Extra buyers for every 100 customers"), color=palette.MUTED, fontweight="normal")
    axes.set_xlabel(first)
    axes.set_xlim(0, 1)
    write_ticks(axes.xaxis, "share")


def _how_sure(won: Won, response: Response, run: Run) -> list[Shown]:
    """Set the choices side by side in money, and the models by Qini's area."""
    against = ["against_all", "against_all_low", "against_all_high"]
    beside = won.policies[against].mask(won.policies["policy"] == "all")
    rows = won.policies.assign(**beside, policy=won.policies["policy"].map(lambda name: _(POLICIES[name])))
    why = "a mean margin times a share of people"
    policies = gate(
        rows, run,
        label("policy", _("Contact")),
        estimate("share", _("Of the customers"), of="people", decimals=0),
        estimate("value", _("Brings a customer"), "money", of="people", exempt=why, decimals=2),
        estimate("against_all", _("Beyond contacting everybody"), "money", of="people", exempt=why, decimals=2,
                 missing=_("this one")),
    )  # fmt: skip
    areas = won.areas.assign(**{name: won.areas[name] * PER for name in ("area", "area_low", "area_high")})
    gated = gate(
        areas.assign(name=areas["name"].map(lambda name: _(NAMES[name]))), run,
        label("name", _("Order")),
        estimate("area", _("Qini area"), "number", of="people", decimals=2),
    )  # fmt: skip
    worth = _("For every customer, contacted or not: a customer won over counts {margin:money}, the mean of a buyer in "
              "the window, less the cost of contact.")  # fmt: skip
    what = _(
        "Extra buyers for every 100 customers, on average between the curve and contact at random; 0 tells nothing."
    )
    return [
        policies.table(_("What each choice brings beyond contacting nobody"), note=run.say(worth, margin=won.margin)),
        gated.table(_("Whether an order tells whom a contact wins over"), note=what),
        note(would_show_words(won, run), *sample_words(response, run)),
    ]


def _propensity(propensity: Propensity, response: Response, run: Run) -> list[Shown]:
    """Set models and rules side by side on the latest campaign."""
    against = ["against", "against_low", "against_high"]
    beside = propensity.table[against].mask(propensity.table["name"] == propensity.rule)
    named = propensity.table["name"].map(lambda name: _(NAMES[name]))
    rows = propensity.table.drop(columns="simple").assign(**beside, name=named)
    gated = gate(
        rows, run,
        label("name", _("Model or rule")),
        estimate("auc", _("In the right order"), of="people"),
        estimate("against", _("Beyond the best rule"), of="people", missing=_("this one")),
        estimate("brier", _("Brier score"), "number", of="people", decimals=3, missing=_("gives none")),
    )  # fmt: skip
    rule, model = _(NAMES[propensity.rule]), sentence_start(_(NAMES[propensity.chosen]))
    return [
        note(propensity_words(propensity, run)),
        gated.table(run.say(_("Who bought within {days:count} days of the latest contact"), days=response.window_days)),
        note(order_words(propensity, run, rule, model), calibration_words(propensity, run)),
    ]
