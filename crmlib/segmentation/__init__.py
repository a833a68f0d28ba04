"""Chapter 02: who the customers are and what they are worth."""

from crmlib.segmentation.affinity import Affinity, affinities
from crmlib.segmentation.affinity_shown import show_affinities
from crmlib.segmentation.base import CustomerBase, customer_base
from crmlib.segmentation.business import monthly_figures
from crmlib.segmentation.candidates import candidates
from crmlib.segmentation.cohorts import cohort_retention
from crmlib.segmentation.decomposition import RevenueChange, revenue_change
from crmlib.segmentation.forecast import Forecast, forecast_value
from crmlib.segmentation.handover import hand_over, segments_table
from crmlib.segmentation.headlines import headlines, record_headlines
from crmlib.segmentation.lifecycle import lifecycle_stages
from crmlib.segmentation.migration import migration_matrix, moves
from crmlib.segmentation.page_answer import show_answer
from crmlib.segmentation.page_business import show_business
from crmlib.segmentation.page_change import show_concentration, show_return, show_revenue_change
from crmlib.segmentation.page_customers import show_cohorts, show_lifecycle, show_segments
from crmlib.segmentation.page_movement import show_migration
from crmlib.segmentation.page_value import show_models, show_tracking, show_value
from crmlib.segmentation.rfm import CutPoints, cut_points, rfm_scores
from crmlib.segmentation.second_purchase import second_purchases, share_within, time_to_second
from crmlib.segmentation.segments import name_segments, segment_profile

__all__ = [
    "Affinity",
    "CustomerBase",
    "CutPoints",
    "Forecast",
    "RevenueChange",
    "affinities",
    "candidates",
    "cohort_retention",
    "customer_base",
    "cut_points",
    "forecast_value",
    "hand_over",
    "headlines",
    "lifecycle_stages",
    "migration_matrix",
    "monthly_figures",
    "moves",
    "name_segments",
    "record_headlines",
    "revenue_change",
    "rfm_scores",
    "second_purchases",
    "segment_profile",
    "segments_table",
    "share_within",
    "show_affinities",
    "show_answer",
    "show_business",
    "show_cohorts",
    "show_concentration",
    "show_lifecycle",
    "show_migration",
    "show_models",
    "show_return",
    "show_revenue_change",
    "show_segments",
    "show_tracking",
    "show_value",
    "time_to_second",
]
