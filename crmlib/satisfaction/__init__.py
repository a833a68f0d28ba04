"""Chapter 04: how satisfied they are. ``found = satisfaction.study(run)`` computes, ``show_…(found, run)`` shows."""

from crmlib.satisfaction.answer import show_answer, show_numbers
from crmlib.satisfaction.answers.response import show_response
from crmlib.satisfaction.answers.survey import read_survey
from crmlib.satisfaction.comments.page import show_comments
from crmlib.satisfaction.drivers.importance import relative_importance
from crmlib.satisfaction.drivers.shown import show_drivers
from crmlib.satisfaction.journey.page import show_journey
from crmlib.satisfaction.missing import show_missing
from crmlib.satisfaction.scores.places import show_places
from crmlib.satisfaction.scores.scores import mean_score, net_promoter_score, top_box
from crmlib.satisfaction.scores.trend import show_trend
from crmlib.satisfaction.service.complaints import read_complaints
from crmlib.satisfaction.service.page import show_complaints
from crmlib.satisfaction.service.rates_shown import show_complaint_rates
from crmlib.satisfaction.service.returns import show_products, show_returns
from crmlib.satisfaction.service.waiting_now import show_open_complaints
from crmlib.satisfaction.study import Study, study
from crmlib.satisfaction.whom.candidates import show_candidates
from crmlib.satisfaction.whom.stores import show_visits
from crmlib.satisfaction.worth.page import show_after_returns, show_afterwards

PARTS = (
    show_answer,
    show_numbers,
    show_trend,
    show_drivers,
    show_afterwards,
    show_places,
    show_comments,
    show_complaints,
    show_journey,
    show_returns,
    show_after_returns,
    show_candidates,
    show_visits,
    show_response,
    show_missing,
)
"""The parts of the chapter in the order of the page."""

__all__ = [
    "PARTS",
    "Study",
    "mean_score",
    "net_promoter_score",
    "read_complaints",
    "read_survey",
    "relative_importance",
    "show_after_returns",
    "show_afterwards",
    "show_answer",
    "show_candidates",
    "show_comments",
    "show_complaint_rates",
    "show_complaints",
    "show_drivers",
    "show_journey",
    "show_missing",
    "show_numbers",
    "show_open_complaints",
    "show_places",
    "show_products",
    "show_response",
    "show_returns",
    "show_trend",
    "show_visits",
    "study",
    "top_box",
]
