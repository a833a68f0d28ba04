"""Chapter 03: who will leave. ``found = churn.study(run)`` computes; every ``churn.show_…(found, run)`` shows."""

from crmlib.churn.answer import show_answer, show_key_figures
from crmlib.churn.history.horizon import show_horizon
from crmlib.churn.models.contenders import contender
from crmlib.churn.money.campaign import show_profit
from crmlib.churn.money.experiment import show_experiment
from crmlib.churn.past import NothingSoldError
from crmlib.churn.proof.backtest import show_cutoffs
from crmlib.churn.proof.comparison import show_comparison
from crmlib.churn.proof.evaluation import backtest_table
from crmlib.churn.proof.probabilities import show_calibration, show_drift
from crmlib.churn.proof.reach import show_reach
from crmlib.churn.proof.sureness import show_proof
from crmlib.churn.study import Study, study
from crmlib.churn.watch.card import show_model_card
from crmlib.churn.watch.watching import show_watching
from crmlib.churn.when.next_purchase_shown import show_time_to_event
from crmlib.churn.when.silence import show_return
from crmlib.churn.who.candidates import retention_candidates
from crmlib.churn.who.funnel import show_funnel
from crmlib.churn.who.last_month import show_last_month
from crmlib.churn.who.overdue import show_overdue
from crmlib.churn.who.risk import show_risk
from crmlib.churn.who.scoring import score_customers, show_scores
from crmlib.churn.who.where import show_where
from crmlib.churn.why.odds import show_odds
from crmlib.churn.why.page import show_why
from crmlib.churn.why.reasons import reasons_of

PARTS = (
    show_answer,
    show_key_figures,
    show_funnel,
    show_risk,
    show_where,
    show_return,
    show_overdue,
    show_last_month,
    show_why,
    show_profit,
    show_experiment,
    show_proof,
    show_horizon,
    show_time_to_event,
    show_watching,
    show_model_card,
    show_scores,
)
"""The chapter's parts in the order of the page."""

__all__ = [
    "PARTS",
    "NothingSoldError",
    "Study",
    "backtest_table",
    "contender",
    "reasons_of",
    "retention_candidates",
    "score_customers",
    "show_answer",
    "show_calibration",
    "show_comparison",
    "show_cutoffs",
    "show_drift",
    "show_experiment",
    "show_funnel",
    "show_horizon",
    "show_key_figures",
    "show_last_month",
    "show_model_card",
    "show_odds",
    "show_overdue",
    "show_profit",
    "show_proof",
    "show_reach",
    "show_return",
    "show_risk",
    "show_scores",
    "show_time_to_event",
    "show_watching",
    "show_where",
    "show_why",
    "study",
]
