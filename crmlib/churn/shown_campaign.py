"""What contacting may bring, on the page: costs and benefits under assumptions, and the experiment that would tell."""

import pandas as pd

from crmlib.churn import figures, sentences
from crmlib.churn.contenders import CONTENDERS
from crmlib.churn.evaluation import Evaluation, Prospect, evaluate, weigh_campaign
from crmlib.churn.experiment import experiment_sizes
from crmlib.churn.scoring import retention_candidates
from crmlib.churn.shown import source
from crmlib.churn.shown_models import untested
from crmlib.churn.study import Study, campaign_of
from crmlib.churn.wording import days_words, points
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, note, show_all, table
from crmlib.words import _, formats
from crmlib.workspace import Run

REDUCTIONS = (0.02, 0.03, 0.05, 0.10)
"""Effects for which the table says how many customers an experiment needs."""


def judge(study: Study, run: Run) -> Evaluation | None:
    """Judge every rule and model with the run's parameters; ``None`` where there is no test."""
    if study.backtest is None:
        return None
    settings = run.params.churn
    simple = [each.name for each in CONTENDERS if each.simple]
    return evaluate(
        study.backtest, simple, active_days=study.active_days, resamples=settings.resamples, seed=settings.seed
    )


def weigh(study: Study, run: Run) -> Prospect | None:
    """Weigh a campaign with the run's parameters; ``None`` where there is no test or too few to contact or to value."""
    campaign = campaign_of(study, run.params.churn, run.params.segmentation.margin)
    if study.backtest is None or campaign is None:
        return None
    test = study.backtest.test.customers
    active, buyers = int((test["days_since_last"] < study.active_days).sum()), int((test["recent_spend"] > 0).sum())
    if run.rules.hides(active) or (run.params.churn.kept_value is None and run.rules.hides(buyers)):
        return None
    return weigh_campaign(study.backtest, campaign, study.active_days)


def profit_figure(study: Study, prospect: Prospect | None, run: Run) -> Shown:
    """Show what contacting customers would earn by the share contacted, under the assumptions."""
    if prospect is None:
        return untested(study, _("What contacting may earn cannot be said."))
    campaign, currency = prospect.campaign, run.params.currency
    gated = disclose(
        prospect.curve.drop(columns="leavers").assign(currency=currency),
        labels=["contacted", "currency"],
        measures=["profit", "low", "high"],
        based_on="customers",
        rules=run.rules,
    )
    best = prospect.best
    low, high = campaign.acceptance_range()
    return figure(
        figures.profit,
        gated,
        title=_("If an offer kept {kept} of the leavers, contacting {whom} would earn {money}").format(
            kept=formats.share(campaign.acceptance, decimals=0),
            whom=sentences.first_words(best["contacted"]),
            money=formats.money(best["profit"], currency),
        ),
        alt=_(
            "Line of profit by share contacted, its highest point {money} at {share}; between {low} and {high}."
        ).format(
            money=formats.money(best["profit"], currency),
            share=formats.share(best["contacted"], decimals=0),
            low=formats.money(best["low"], currency),
            high=formats.money(best["high"], currency),
        ),
        read=_(
            "The line assumes that an offer keeps {kept} of those who would leave, the band {low} to {high}. A "
            "customer kept brings {value}, an offer taken costs {offer}, a contact {contact}. {best}"
        ).format(
            kept=formats.share(campaign.acceptance, decimals=0),
            low=formats.share(low, decimals=0),
            high=formats.share(high, decimals=0),
            value=formats.money(campaign.kept_value, currency),
            offer=formats.money(campaign.incentive, currency),
            contact=formats.money(campaign.contact, currency),
            best=sentences.campaign_sentence(prospect, study, run),
        ),
        limits=_(
            "Assumptions, not measurements: risk is not response. Customers at highest risk may be those whom nothing "
            "keeps, and some leave because they are contacted (Ascarza, Journal of Marketing Research, 2018)."
        ),
        source=source(study, run, prospect.customers),
        size=(7.2, 3.2),
    )


def experiment_shown(study: Study, prospect: Prospect | None, run: Run) -> Shown:
    """Say which experiment would tell whether a contact keeps customers, and how many it takes."""
    if prospect is None:
        return untested(study, _("An experiment cannot be sized."))
    settings = run.params.churn
    put_forward = retention_candidates(study.scores, settings.contact_share, settings.least_risk)
    listed = int((put_forward["reason"] == "likely_to_leave").sum())
    rate = sentences.rate_of_listed(prospect, run)
    sizes = experiment_sizes(rate, REDUCTIONS)
    rows = pd.DataFrame(
        {
            "effect": [
                _("{points} points, from {rate} to {lower}").format(
                    points=points(each, 0),
                    rate=formats.share(rate, decimals=0),
                    lower=formats.share(rate - each, decimals=0),
                )
                for each in sizes["reduction"]
            ],
            "per_arm": sizes["per_arm"].astype("float64"),
            "both_arms": sizes["both_arms"].astype("float64"),
            "enough": [_enough(needed, listed) for needed in sizes["both_arms"].astype("float64")],
        }
    )
    gated = disclose(rows, labels=["effect", "enough"], exact=["per_arm", "both_arms"], rules=run.rules)
    shown = table(
        gated,
        _("Customers an experiment needs, over {horizon}, power 80 %, two-sided 5 %").format(
            horizon=days_words(study.plan.horizon_days)
        ),
        {
            "effect": Shows(_("Contact lowers the share who leave by")),
            "per_arm": Shows(_("In each half"), "count", missing=_("cannot fall so far")),
            "both_arms": Shows(_("Together"), "count", missing=_("cannot fall so far")),
            "enough": Shows(_("This month's list")),
        },
    )
    return show_all(shown, note(sentences.experiment_sentence(prospect, study, listed, run)))


def _enough(needed: float, listed: int) -> str:
    if pd.isna(needed):
        return _("no such effect")
    return _("is long enough") if needed <= listed else _("is too short")
