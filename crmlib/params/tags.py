"""Tags by rules: a field, an operator and a value or a quantile; all of them, or any. No code is ever run from it."""

from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from crmlib.params.section import Section

TagField = Literal[
    "spend", "orders", "order_value", "purchase_days", "days_since_last", "days_since_first", "promotion_share",
    "night_share", "weekend_share", "categories", "category_share", "channels", "channel_share",
]  # fmt: skip

NAMING: Final = frozenset({"category_share", "channel_share"})
"""Fields that need to be told of which values."""

SHARES: Final = frozenset({"promotion_share", "night_share", "weekend_share", "category_share", "channel_share"})
"""Fields that are shares of a customer's own orders."""

SURE: Final = 0.95
"""How sure a share must lie beyond the average customer's, unless the rule says otherwise."""


class TagCondition(Section):
    """One condition: a customer's figure compared with a value, or with a quantile of all customers.

    A share of a customer's own orders is more than the count: of three orders at the average rate two are often at
    night. It holds where it is beyond the limit and the customer's own rate is surely beyond the average customer's.
    """

    field: TagField = Field(
        description=(
            "what is compared: money, orders and shares of orders within the window, days up to the date, numbers of "
            "different categories or channels"
        )
    )
    of: tuple[str, ...] = Field(
        default=(), description="categories or channels meant, in the data's words; any that exist count together"
    )
    operator: Literal["at_least", "at_most", "above", "below"] = Field(default="at_least", description="how to compare")
    value: float | None = Field(default=None, description="the figure to compare with; shares from 0 to 1")
    quantile: float | None = Field(
        default=None, gt=0, lt=1, description="or a quantile of all customers on the report's date"
    )

    sure: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description=(
            "for a share of orders: the credible probability with which the customer's own rate must lie beyond the "
            "average customer's, on the limit's side; 0.95 if not given; 0 lets the count alone decide"
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _shares_are_to_be_sure(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("field") in SHARES and given.get("sure") is None:
            return {**given, "sure": SURE}
        return given

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.value is None) == (self.quantile is None):
            raise ValueError("a condition compares with a value or with a quantile: give one of the two")
        if (self.field in NAMING) != bool(self.of):
            raise ValueError("of: names the values of category_share and channel_share, and of nothing else")
        if self.sure is not None and self.field not in SHARES:
            raise ValueError("sure: is for shares of orders; other figures are counted, not estimated")
        return self


class TagRule(Section):
    """When a customer carries a tag."""

    all: tuple[TagCondition, ...] = Field(default=(), description="conditions that all hold")
    any: tuple[TagCondition, ...] = Field(default=(), description="conditions of which one holds at least")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.all and not self.any:
            raise ValueError("a tag needs a condition under all or any")
        return self


def _at_least(field: TagField, value: float, of: tuple[str, ...] = ()) -> TagCondition:
    return TagCondition(field=field, value=value, of=of)


BABY: Final = ("母婴", "母婴用品", "baby", "Baby", "Mother & baby", "Mother and baby", "mother_and_baby", "Baby care")

DEFAULT_TAGS: Final[dict[str, TagRule]] = {
    "high_value": TagRule(all=(TagCondition(field="spend", quantile=0.9),)),
    "mother_and_baby": TagRule(all=(_at_least("category_share", 0.2, BABY), _at_least("orders", 2))),
    "promotion_sensitive": TagRule(all=(_at_least("promotion_share", 0.5), _at_least("orders", 3))),
    "night_shopper": TagRule(all=(_at_least("night_share", 0.5), _at_least("orders", 3))),
    "weekend_shopper": TagRule(all=(_at_least("weekend_share", 0.7), _at_least("orders", 4))),
    "single_category": TagRule(
        all=(TagCondition(field="categories", operator="at_most", value=1), _at_least("orders", 2))
    ),
    "multi_channel": TagRule(all=(_at_least("channels", 2),)),
    "newcomer": TagRule(all=(TagCondition(field="days_since_first", operator="at_most", value=60),)),
    "dormant": TagRule(all=(_at_least("days_since_last", 180),)),
}
"""Tags that make sense in most shops; a series that gives its own replaces them."""
