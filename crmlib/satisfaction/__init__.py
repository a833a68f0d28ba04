"""Chapter 04: how satisfied the customers are, and why."""

from crmlib.satisfaction.drivers import relative_importance
from crmlib.satisfaction.scores import mean_score, net_promoter_score, top_box

__all__ = ["mean_score", "net_promoter_score", "relative_importance", "top_box"]
