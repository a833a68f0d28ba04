"""The rules of cleaning: what is a return, what is no product, what is said twice, what cannot be true."""

import re
from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from crmlib.params.contracts import ContractRules
from crmlib.params.section import Section

Severity = Literal["warn", "quarantine", "stop"]


class ReturnsRules(Section):
    """How a line that takes goods back is recognised."""

    order_id_prefix: str | None = Field(default=None, description="orders whose number begins so are cancellations")
    negative_quantity: bool = Field(default=True, description="a negative quantity or amount is a return")


class IdentityRules(Section):
    """When accounts of several channels are one person."""

    keys: list[Literal["phone", "email", "member_id", "platform_id"]] = Field(
        default=["member_id", "email", "phone", "platform_id"],
        description="keys that join accounts, the most trusted first",
    )
    shared_by_at_most: int = Field(
        default=4, ge=2, description="a key that more accounts share, such as a shop's own phone, is no identity"
    )
    apart: list[str] = Field(
        default=[], description="customer numbers that are joined to nobody, to undo a wrong link; as namespace:number"
    )


class CleaningSection(ContractRules):
    """Rules that decide what a line is; none of them deletes a line."""

    returns: ReturnsRules = ReturnsRules()
    non_products: list[str] = Field(
        default=[], description="article numbers that are no products: postage, fees, vouchers, adjustments"
    )
    non_product_pattern: str | None = Field(
        default=None, description="regular expression for further article numbers that are no products"
    )
    duplicates: Literal["across_files", "all", "keep"] = Field(
        default="across_files",
        description=(
            "exact duplicates merged into one: a line delivered in two files (across_files), also one repeated within "
            "a file (all), or none (keep); within one order a repeated line may be a second scan"
        ),
    )
    zero_price: Literal["keep", "purchase", "quarantine"] = Field(
        default="keep",
        description="product lines of amount zero: kept but no purchase, counted as a purchase, or set aside",
    )
    earliest: date = Field(default=date(1990, 1, 1), description="earlier dates are impossible")
    latest: date | None = Field(
        default=None, description="this day and later dates are impossible; none where not given"
    )
    severity: dict[str, Severity] = Field(
        default={}, description="what happens to lines that break a rule, by the rule's name: warn, quarantine or stop"
    )
    identity: IdentityRules = IdentityRules()

    @field_validator("non_product_pattern")
    @classmethod
    def _a_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from None
        return pattern
