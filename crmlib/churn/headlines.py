"""The headline numbers of the chapter: shown in the strip and recorded for the summary, once."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmlib.churn.evaluation import Evaluation
from crmlib.churn.history import churn_history, monthly_cutoffs
from crmlib.churn.scoring import retention_candidates
from crmlib.churn.study import Study
from crmlib.churn.usual_spend import AtRisk, sales_at_risk
from crmlib.churn.wording import days_words
from crmlib.params.churn import ChurnSection
from crmlib.reporting import Indicator, Shown, strip
from crmlib.stats import Estimate
from crmlib.stats.ranks import auc
from crmlib.words import _, formats
from crmlib.workspace import Run

CHAPTER = "03_churn"


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the strip says of one date's customers."""

    active: int
    likely: int
    valuable: int
    at_risk: AtRisk | None
    area: Estimate

    @classmethod
    def of(cls, study: Study | None, settings: ChurnSection) -> "_Counts":
        if study is None or not study.scored:
            return cls(0, 0, 0, None, Estimate.unknown())
        put_forward = retention_candidates(study.scores, settings.contact_share, settings.least_risk)
        reasons = put_forward["reason"].value_counts()
        test = study.backtest
        return cls(
            active=int(study.scores["active"].sum()),
            likely=int(reasons.get("likely_to_leave", 0)),
            valuable=int(reasons.get("valuable_at_risk", 0)),
            at_risk=sales_at_risk(study.scores),
            area=auc(test.test.churned, test.chosen.score) if test else Estimate.unknown(),
        )


def past_churn(transactions: Any, study: Study) -> pd.DataFrame:
    """Give the churn rate of the last months, this one last; see `crmlib.churn.history.churn_history`."""
    cutoffs = monthly_cutoffs(study.coverage, study.plan.horizon_days)
    return churn_history(transactions, cutoffs, study.plan.horizon_days)


def headlines(
    study: Study, before: Study | None, judged: Evaluation | None, history: pd.DataFrame, run: Run
) -> dict[str, Indicator]:
    """Put together the headline numbers by the names they have in ``results.json``.

    Parameters
    ----------
    study, before
        Of this period, and of the last one, recomputed.
    judged
        What the test says.
    history
        Churn rates of the last months, from `past_churn`.
    """
    settings = run.params.churn
    share, least = settings.contact_share, formats.share(settings.least_risk, decimals=0)
    now, then = _Counts.of(study, settings), _Counts.of(before, settings)
    horizon, active = days_words(study.plan.horizon_days), days_words(study.active_days)
    area = judged.estimate(study.model, "auc") if judged else Estimate.unknown()
    rates = _rate(study, before, history, horizon)
    return {
        "churn_rate": rates,
        "active_customers": Indicator(
            _("Active customers"),
            now.active,
            "people",
            previous=then.active or None,
            definition=_("customers who bought in the last {active}").format(active=active),
        ),
        "sales_at_risk": _money(now.at_risk, then.at_risk, horizon),
        "likely_to_leave": Indicator(
            _("Likely to leave"),
            now.likely,
            "people",
            previous=then.likely or None,
            definition=_(
                "the {share:.0%} of the active customers with the highest probability to buy nothing, as far as it is "
                "above {least}"
            ).format(share=share, least=least),
        ),
        "valuable_at_risk": Indicator(
            _("Valuable and at risk"),
            now.valuable,
            "people",
            previous=then.valuable or None,
            definition=_(
                "of the {share:.0%} of the active customers who usually spend most, those likelier to leave than half "
                "of all active ones and more than {least} likely to"
            ).format(share=share, least=least),
        ),
        "score_auc": Indicator(
            _("Pairs in the right order"),
            area,
            "share",
            previous=then.area if then.area.is_known else None,
            definition=_(
                "how often the score put a customer who left above one who stayed, at the last cutoff that could be "
                "tested (AUC; a coin gives 50 %)"
            ),
        ),
    }


def headline_strip(shown: dict[str, Indicator], run: Run) -> Shown:
    """Record the headline numbers and show those that are known."""
    for name, each in shown.items():
        value = each.value if not isinstance(each.value, Estimate) or each.value.is_known else None
        run.record(
            CHAPTER,
            name,
            value,
            unit=each.unit,
            definition=each.definition,
            people=each.people,
            previous=each.previous,
            previous_people=each.previous_people,
        )
    return strip(list(shown.values()), run)


def _money(now: AtRisk | None, then: AtRisk | None, horizon: str) -> Indicator:
    """Give the sales at risk; those of too few customers, or of one above all, are hidden by the people behind them."""
    return Indicator(
        _("Sales at risk"),
        now.value if now is not None and now.total > 0 else None,
        "money",
        previous=then.value if then is not None and then.total > 0 else None,
        people=now.basis if now is not None else None,
        previous_people=then.basis if then is not None else None,
        definition=_(
            "what active customers usually spend in {horizon}, together no more than all known customers spent in the "
            "last {horizon}, each times the probability to buy nothing in that time"
        ).format(horizon=horizon),
    )


def _rate(study: Study, before: Study | None, history: pd.DataFrame, horizon: str) -> Indicator:
    known = before is not None and before.backtest is not None
    return Indicator(
        _("Went silent"),
        study.churn_rate,
        "share",
        previous=before.churn_rate if before is not None and known else None,
        history=list(history["rate"]) if len(history) > 1 else None,
        definition=_("customers known {horizon} before the end of the data who have bought nothing since").format(
            horizon=horizon
        ),
    )
