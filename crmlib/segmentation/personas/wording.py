"""What dimensions and values are called on a page."""

from typing import Final

from crmlib.words import _

_DIMENSIONS: Final = {
    "age": "Age {value}", "gender": "Gender {value}", "city": "Lives in {value}", "tier": "Tier {value}",
    "tenure": "Member for {value} months", "category": "Category {value}", "brand": "Brand {value}",
    "price_level": "{value} price level", "weekday": "{value}", "daypart": "{value}", "store": "Store {value}",
    "channel": "Channel {value}", "payment_method": "Paid by {value}", "promotion": "{value}",
}  # fmt: skip
_NAMES: Final = {
    "age": "age", "gender": "gender", "city": "the city", "tier": "the tier", "tenure": "the length of membership",
    "category": "the category", "brand": "the brand", "price_level": "the price level",
    "weekday": "the day of the week", "daypart": "the time of day", "store": "the store", "channel": "the channel",
    "payment_method": "the way of paying", "promotion": "promotions",
}  # fmt: skip
_VALUES: Final = {
    "low": "Low", "middle": "Middle", "high": "High", "monday": "Mondays", "tuesday": "Tuesdays",
    "wednesday": "Wednesdays", "thursday": "Thursdays", "friday": "Fridays", "saturday": "Saturdays",
    "sunday": "Sundays", "night": "At night (22 to 6)", "morning": "In the morning (6 to 11)",
    "midday": "At midday (11 to 14)", "afternoon": "In the afternoon (14 to 18)",
    "evening": "In the evening (18 to 22)", "on promotion": "Something on promotion",
    "not on promotion": "Something not on promotion",
}  # fmt: skip
_ASPECTS: Final = {"who": "Who", "what": "What", "when": "When", "where": "Where", "how": "How"}
_BUYS: Final = {"what": "what", "when": "when", "where": "where", "how": "how"}
_LACKING: Final = {
    "who": "customer attributes", "what": "categories", "when": "dates", "where": "stores", "how": "channels",
}  # fmt: skip
_PLAIN: Final = frozenset({"price_level", "weekday", "daypart", "promotion"})
"""Dimensions whose values are our own words; the others' values are the data's."""


def persona_label(dimension: str, value: str) -> str:
    """Name a value of a dimension.

    Examples
    --------
    >>> persona_label("weekday", "monday"), persona_label("channel", "mini_program")
    ('Mondays', 'Channel mini program')
    """
    word = _(_VALUES[value]) if dimension in _PLAIN else value.replace("_", " ")
    return _(_DIMENSIONS[dimension]).format(value=word)


def dimension_label(dimension: str) -> str:
    """Name a dimension within a sentence.

    Examples
    --------
    >>> dimension_label("daypart")
    'the time of day'
    """
    return _(_NAMES[dimension])


def aspect_label(aspect: str) -> str:
    """Name an aspect."""
    return _(_ASPECTS[aspect])


def buys_label(aspect: str) -> str:
    """Give the word for an aspect of how customers buy, within a sentence."""
    return _(_BUYS[aspect])


def lacking_label(aspect: str) -> str:
    """Name what the data would have to hold for an aspect to be told."""
    return _(_LACKING[aspect])
