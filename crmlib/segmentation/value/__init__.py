"""What customers are worth, and how far the models can be believed."""

from crmlib.segmentation.value.forecast import value_headlines
from crmlib.segmentation.value.models import show_models
from crmlib.segmentation.value.tracking import show_tracking
from crmlib.segmentation.value.worth import show_value, value_answer

PARTS = (show_value, show_tracking, show_models)
"""What the page shows of value, in its order."""

__all__ = ["PARTS", "show_models", "show_tracking", "show_value", "value_answer", "value_headlines"]
