"""Chapter 02: who the customers are and what they are worth."""

from crmlib.segmentation.affinity.together import show_affinities
from crmlib.segmentation.business.change import show_revenue_change
from crmlib.segmentation.business.glance_shown import show_glance
from crmlib.segmentation.business.month_by_month import show_business
from crmlib.segmentation.cohorts.retention import show_cohorts
from crmlib.segmentation.cohorts.returning import show_return
from crmlib.segmentation.customers.migration import show_migration
from crmlib.segmentation.customers.profile import show_concentration, show_segments
from crmlib.segmentation.customers.stages import show_lifecycle
from crmlib.segmentation.found.page import show_found_segments
from crmlib.segmentation.handover import hand_over, hand_over_segments
from crmlib.segmentation.headlines import headlines, show_answer
from crmlib.segmentation.personas.cards import show_personas
from crmlib.segmentation.prices.answers import show_elasticity
from crmlib.segmentation.prices.promotion import show_promotion
from crmlib.segmentation.study import Study, study
from crmlib.segmentation.tags.carriers import show_tags
from crmlib.segmentation.value import show_models, show_tracking, show_value

__all__ = [
    "PARTS",
    "Study",
    "hand_over",
    "hand_over_segments",
    "headlines",
    "show_affinities",
    "show_answer",
    "show_business",
    "show_cohorts",
    "show_concentration",
    "show_elasticity",
    "show_found_segments",
    "show_glance",
    "show_lifecycle",
    "show_migration",
    "show_models",
    "show_personas",
    "show_promotion",
    "show_return",
    "show_revenue_change",
    "show_segments",
    "show_tags",
    "show_tracking",
    "show_value",
    "study",
]

PARTS = (
    show_answer,
    show_business,
    show_glance,
    show_revenue_change,
    show_segments,
    show_concentration,
    show_lifecycle,
    show_cohorts,
    show_return,
    show_migration,
    show_value,
    show_found_segments,
    show_personas,
    show_tags,
    show_promotion,
    show_elasticity,
    show_affinities,
    show_tracking,
    show_models,
)
"""What the chapter shows, in the order of the page: each takes what was found and the run."""
