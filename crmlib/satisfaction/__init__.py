"""Chapter 04: how satisfied the customers are, and why."""

from crmlib.satisfaction.complaints import read_complaints
from crmlib.satisfaction.drivers import relative_importance
from crmlib.satisfaction.handing_on import hand_on
from crmlib.satisfaction.overview import look
from crmlib.satisfaction.returns import returns_by_month
from crmlib.satisfaction.scores import mean_score, net_promoter_score, top_box
from crmlib.satisfaction.sentences import overview_answer
from crmlib.satisfaction.shown_behaviour import after_returns, after_returns_shown, afterwards, afterwards_shown
from crmlib.satisfaction.shown_comments import comments_shown
from crmlib.satisfaction.shown_complaints import complaints_shown
from crmlib.satisfaction.shown_drivers import drivers_shown, key_drivers
from crmlib.satisfaction.shown_overview import headline_strip, response_table, trend_figure
from crmlib.satisfaction.shown_places import places_shown, scores_by_place, scores_by_segment
from crmlib.satisfaction.shown_returns import products_table, returns_figure
from crmlib.satisfaction.survey import read_survey

__all__ = [
    "after_returns",
    "after_returns_shown",
    "afterwards",
    "afterwards_shown",
    "comments_shown",
    "complaints_shown",
    "drivers_shown",
    "hand_on",
    "headline_strip",
    "key_drivers",
    "look",
    "mean_score",
    "net_promoter_score",
    "overview_answer",
    "places_shown",
    "products_table",
    "read_complaints",
    "read_survey",
    "relative_importance",
    "response_table",
    "returns_by_month",
    "returns_figure",
    "scores_by_place",
    "scores_by_segment",
    "top_box",
    "trend_figure",
]
