"""What features, methods, groupings and measures are called on a page."""

from typing import Final

from crmlib.segmentation.found.naming import feature_value
from crmlib.words import _

_FEATURES: Final = {
    "days_since_last": "Days since last purchase",
    "purchase_days": "Purchase days",
    "days_since_first": "Days since first purchase",
    "order_value": "Order value",
    "lines_per_order": "Lines per order",
    "line_value": "Money per line",
    "spend": "Spend so far",
    "promotion": "Orders with a promotion",
    "weekend": "Orders at weekends",
}
_PARTS: Final = {
    "category": "Category {value}",
    "channel": "Channel {value}",
    "payment_method": "Paid by {value}",
    "daypart": "Time of day {value}",
}
_GROUPINGS: Final = {
    "found": "Found segments",
    "rfm": "Named segments",
    "score_sum": "Sum of the three scores",
    "spend_rank": "Spend ranking",
}
_MEASURES: Final = {
    "spend": "how much they spent, %",
    "buying": "whether they bought, %",
    "category": "what they chose, %",
}
_FAILS: Final = {
    "small": "a group is too small",
    "cloud": "no more distinct than chance would make them",
    "unstable": "other groups in random samples of customers",
    "": "passes",
}
_TRANSFORMS: Final = {
    "log": "log of 1 + x",
    "rank": "normal scores of ranks",
    "root": "square root of the share",
    "none": "as it is",
}


def feature_label(name: str) -> str:
    """Name a feature.

    Examples
    --------
    >>> feature_label("channel: web"), feature_label("spend")
    ('Channel web', 'Spend so far')
    """
    if name in _FEATURES:
        return _(_FEATURES[name])
    return part_label([name])


def part_label(names: list[str]) -> str:
    """Name several values of one part together.

    Examples
    --------
    >>> part_label(["channel: web", "channel: mini_program"])
    'Channel web, mini program'
    """
    values = ", ".join(feature_value(name) for name in names)
    return _(_PARTS[names[0].split(": ", 1)[0]]).format(value=values)


def grouping_label(name: str) -> str:
    """Name a way of grouping customers."""
    return _(_GROUPINGS[name])


def measure_label(name: str) -> str:
    """Name what is told of later behaviour."""
    return _(_MEASURES[name])


def verdict_label(fails: str) -> str:
    """Say what a candidate failed by."""
    return _(_FAILS[fails])


def transform_label(name: str) -> str:
    """Name a transform."""
    return _(_TRANSFORMS[name])
