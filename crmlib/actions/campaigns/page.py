"""What past campaigns did, on the page: the latest first, each with what follows, and all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.actions import measures
from crmlib.actions.campaigns.words import (
    DECISIONS,
    after_words,
    campaign_title,
    limits_words,
    needed_words,
    observed_words,
    rule_words,
)
from crmlib.actions.experiments.kept import margin_of
from crmlib.reporting import (
    Gated,
    Shown,
    estimate,
    exact,
    figure,
    folded,
    gate,
    insufficient,
    label,
    note,
    nothing,
    people,
    record_headlines,
    show_all,
)
from crmlib.reporting.figures import dots
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.actions.campaigns.measured import Measured
    from crmlib.actions.study import Study
    from crmlib.workspace import Run

WIDEST: Final = 10.0
"""A return whose interval is wider than so many times the cost tells nothing: it is not shown."""


def show_campaigns(found: Study, run: Run) -> Shown:
    """Show what contacts changed: of the latest campaign and of all, with what follows; record the latest's effect."""
    if found.campaigns is None:
        return nothing(_("no contacts were delivered"))
    if not found.campaigns:
        return insufficient(
            needed=run.say(_("a campaign at least {days:days} ago"), days=run.params.actions.window_days),
            found=_("none"), therefore=_("No campaign can be measured yet."),
        )  # fmt: skip
    latest = next((one for one in found.campaigns if one.effect is not None), None)
    first = found.campaigns[0]
    if first.effect is not None:
        told = {"name": first.name}
        record_headlines([measures.CAMPAIGN_EFFECT.headline(first.effect.won, told=told)], run, measures.CHAPTER)
    gated = _gated(found.campaigns, run)
    said = [observed_words(one, found.observed[one.name], run) for one in found.campaigns if one.name in found.observed]
    picture = _picture(found, gated, run)
    return show_all(
        picture,
        *([note(*said)] if said else []),
        folded(_("The campaigns in numbers"), *_tables(gated, run), note(*_more(found, latest, run))),
    )


def _more(found: Study, latest: Measured | None, run: Run) -> list[str]:
    said = [rule_words(found.campaigns or [], run), *needed_words(found.campaigns or [], run), limits_words()]
    if found.running:
        said.append(run.say(_("Not over yet: {names:list}."), names=found.running))
    if found.counted_twice:
        words = _("{n:people} customers were in two campaigns within {days:days}: what they bought counts for both.")
        said.append(run.say(words, n=found.counted_twice, days=run.params.actions.window_days))
    if not sum(one.cost for one in found.campaigns or []):
        said.append(_("What the contacts cost was not delivered: gains are before cost."))
    return [*said, *(after_words(latest, run) if latest is not None else [])]


def _gated(campaigns: list[Measured], run: Run) -> Gated:
    rows = pd.DataFrame([_row(one, run) for one in campaigns])
    return gate(
        rows, run,
        label("name", _("Campaign")), label("decision", _("What follows")),
        people("audience", _("Audience")), people("contacted", _("Contacted")),
        people("left_out", _("Left out")), people("counted", _("Responded, by its own count")),
        people("bought", _("Bought in the window")),
        estimate("extra", _("Because of it"), "number", of="smaller", low="extra_low", high="extra_high", decimals=0),
        estimate("won", _("Won over"), of="smaller", low="won_low", high="won_high"),
        estimate("spend", _("Extra spend a customer"), "money", of="smaller", low="spend_low", high="spend_high",
                 exempt="the difference of two means: nobody's own spend"),
        estimate("plain", _("The same, plain"), "money", of="smaller", low="plain_low", high="plain_high",
                 exempt="the difference of two means: nobody's own spend"),
        exact("revenue", _("Revenue"), "money", of="bought", largest="largest", decimals=0),
        exact("cost", _("Cost"), "money", of="contacted", decimals=0, exempt="what the shop paid, not its customers"),
        estimate("gain", _("Gained after cost"), "money", of="smaller", low="gain_low", high="gain_high",
                 decimals=0, exempt="the difference of two means: nobody's own spend"),
        estimate("on_cost", _("Return on cost"), of="smaller", low="on_cost_low", high="on_cost_high", decimals=0,
                 missing=_("range too wide to tell")),
        estimate("later", _("Bought in the weeks after"), of="smaller", low="later_low", high="later_high",
                 missing=_("not over yet")),
        label("measured"),
    )  # fmt: skip


def _row(one: Measured, run: Run) -> dict[str, object]:
    effect = one.effect
    returned = one.on_cost
    if returned.is_known and returned.high - returned.low > WIDEST:
        returned = Estimate.unknown()
    unknown = Estimate.unknown()
    told = {
        "extra": one.extra, "won": effect.won if effect else unknown, "spend": effect.spend if effect else unknown,
        "plain": effect.plain if effect else unknown,
        "gain": one.gain, "on_cost": returned, "later": effect.later_share if effect else unknown,
    }  # fmt: skip
    numbers = {
        f"{name}{end}": getattr(value, part)
        for name, value in told.items()
        for end, part in (("", "value"), ("_low", "low"), ("_high", "high"))
    }
    named = run.say(_("{name}, {day:day}"), name=one.name, day=one.day)
    counts = {name: getattr(one, name) for name in ("audience", "contacted", "left_out", "counted", "bought")}
    money = {"revenue": round(one.revenue, 2), "cost": round(one.cost, 2), "largest": one.largest}
    smaller = min(one.contacted, one.left_out)
    words = {"name": named, "decision": _(DECISIONS[one.decision]), "measured": effect is not None}
    return words | counts | money | numbers | {"smaller": smaller}


def _tables(gated: Gated, run: Run) -> list[Shown]:
    window = run.params.actions.window_days
    funnel = ("name", "audience", "contacted", "left_out", "counted", "bought", "extra")
    money = ("name", "spend", "plain", "revenue", "cost", "gain", "on_cost", "later", "decision")
    caption = _("From contact to purchase: what was bought in the {days:days} after the day of the contact")
    return [
        gated.only(*funnel).table(run.say(caption, days=window)),
        gated.only(*money).table(
            _("Money of each campaign, beside those left out at random"),
            note=run.say(
                _(
                    "Spend is less what spend of the year before explains (CUPED); what is gained is {margin:share0} "
                    "of it, less cost."
                ),
                margin=margin_of(run),
            ),
        ),
    ]


def _picture(found: Study, gated: Gated, run: Run) -> Shown:
    """Draw the share each campaign won over, the latest on top, each with what follows."""
    campaigns = found.campaigns or []
    measured = gated.rows(lambda frame: frame["won"].notna())
    if not len(measured):
        return note(campaign_title(campaigns, Estimate.unknown(), run) + ".")
    size = sum(one.contacted + one.left_out for one in campaigns if one.effect is not None)
    return figure(
        _draw, measured,
        title=campaign_title(campaigns, found.gained, run),
        alt=run.say(_("Share won over by each campaign, with its interval: {effects}."),
                    effects=measured.listing("{name} {won}")),
        read=run.say(_("A dot is the share of customers who bought within {days:days} because of it, its line the 95 % "
                       "interval; one across zero may be chance."), days=run.params.actions.window_days),
        limits=_("Purchases are those of the orders, alike in both arms."),
        source=run.say(_("contacts and orders before {day:day}, n = {n:people}"), day=run.as_of, n=size),
        size=(7.2, 1.0 + 0.42 * len(measured)),
    )  # fmt: skip


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    points = frame.assign(**{name: frame[name] * 100 for name in ("won", "won_low", "won_high")})
    points["named"] = points["name"] + ": " + points["decision"]
    unit = _("Bought, of those contacted less of those left out, points")
    dots(axes, points, label="named", value="won", low="won_low", high="won_high", unit=unit, reference=0,
         written="number1")  # fmt: skip
