"""Past campaigns on the page: the pooled effect, the effect of each and its return, through the gate."""

import pandas as pd

from crmlib.actions import figures, sentences
from crmlib.actions.campaigns import campaign_effects, overall_effect
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, answer, figure, insufficient, note, table
from crmlib.words import _, formats
from crmlib.workspace import Run

CHAPTER = "05_actions"


def campaign_answer(run: Run, counts: pd.DataFrame | None) -> Shown:
    """Record the pooled effect of the campaigns and say it, or say what is missing."""
    if counts is None:
        return insufficient(
            needed=_("a contacts table with campaign, customer, arm and time of contact"),
            found=_("no contact before the end of the period"),
            therefore=_("No campaign can be measured."),
        )
    effect = overall_effect(counts)
    run.record(
        CHAPTER,
        "campaign_effect",
        effect if effect.is_known else None,
        unit="share",
        definition=_("response rate of those contacted less that of the control groups, pooled over campaigns"),
        people=effect.n,
    )
    return answer(sentences.effect_sentence(effect))


def effects_figure(run: Run, counts: pd.DataFrame | None) -> Shown | None:
    """Show the effect of each campaign with its interval; nothing where there are no contacts."""
    if counts is None:
        return None
    effects = campaign_effects(counts)
    known = effects[effects.effect.notna()].assign(people=lambda f: f[["treated", "control"]].min(axis=1))
    if known.empty:
        return note(_("No campaign kept a control group, so there is no effect to draw."))
    measured = ["effect", "low", "high"]
    shown = disclose(
        known[["campaign_id", *measured, "people"]],
        labels=["campaign_id"],
        based_on="people",
        measures=measured,
        rules=run.rules,
    )
    pairs = zip(shown.frame.campaign_id, shown.frame.effect.astype("float64"), strict=True)
    told = "; ".join(f"{name} {formats.fixed(100 * size, 1)}" for name, size in pairs if not formats.is_missing(size))
    return figure(
        figures.effects,
        shown,
        title=sentences.effects_title(known),
        alt=_("Effect of each campaign in points of response, with its interval: {effects}.").format(effects=told),
        read=_("A dot is the most likely effect, its line the 95 % interval; an interval across zero may be chance."),
        limits=_("Response is what the campaign counted as one; effects after it are not seen here."),
        source=_("contacts before {day}, n = {n}").format(
            day=formats.day(run.as_of), n=formats.count(run.rules.rounded(int((known.treated + known.control).sum())))
        ),
        size=(7.2, 1.1 + 0.45 * len(known)),
    )


def effects_table(run: Run, counts: pd.DataFrame | None) -> Shown | None:
    """Show conversion and return of each campaign; nothing where there are no contacts."""
    if counts is None:
        return None
    effects = campaign_effects(counts)
    measured = ["effect", "low", "high", "return_on_cost", "return_low", "return_high"]
    money = ["extra_value", "extra_low", "extra_high", "cost"]
    people = effects[["treated", "control"]].where(effects[["treated", "control"]] > 0).min(axis=1)
    frame = effects.assign(people=people.fillna(0), **{name: effects[name].round(2) for name in money})
    shown = disclose(
        frame[["campaign_id", "treated", "control", "people", *measured, *money]],
        labels=["campaign_id"],
        counts=["treated", "control"],
        based_on="people",
        measures=measured,
        exact=money,
        rules=run.rules,
    )
    columns = {
        "campaign_id": Shows(_("Campaign")),
        "treated": Shows(_("Contacted"), "people"),
        "control": Shows(_("Left out"), "people"),
        "effect": Shows(_("Effect"), "share", low="low", high="high"),
        "extra_value": Shows(_("Extra sales"), "money", low="extra_low", high="extra_high", decimals=0),
        "cost": Shows(_("Cost"), "money", decimals=0),
        "return_on_cost": Shows(_("Return on cost"), "share", low="return_low", high="return_high", decimals=0),
    }
    caption = _("Campaigns against their control groups, to {day}").format(day=formats.day(run.as_of))
    return table(shown, caption, columns, currency=run.params.currency)
