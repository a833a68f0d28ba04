"""The rules of cleaning: what is a return, what is no product, what is said twice, what cannot be true."""

from datetime import date
from typing import Literal

from pydantic import Field

from crmlib.params.section import Section


class ReturnsRules(Section):
    """How a line that takes goods back is recognised."""

    order_id_prefix: str | None = Field(default=None, description="orders whose number begins so are cancellations")
    negative_quantity: bool = Field(default=True, description="a negative quantity or amount is a return")


class CleaningSection(Section):
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
