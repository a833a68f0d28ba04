"""The rules of cleaning: what is a return, what is no product, what is said twice, what cannot be true."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from crmlib.params.counting import Where
from crmlib.params.errors import did_you_mean
from crmlib.params.section import Section
from crmlib.tables import MEASURED, TABLES
from crmlib.tables.vocabulary import SCORE_PREFIX

Severity = Literal["warn", "quarantine", "stop"]
AccountKind = Literal["staff", "test", "wholesale"]


def _a_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_a_pattern)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Rate = Annotated[float, Field(gt=0, lt=1_000_000)]
Range = tuple[float | None, float | None]


class ReturnedOrders(Section):
    """A list of orders that were taken back in full: a return is made of each of their lines."""

    file: str = Field(description="name under `files` of the list")
    column: str = Field(description="its column of order numbers")
    where: Where = Field(default={}, description="which of its lines count, such as {Returned: [Yes]}")


class ReturnsRules(Section):
    """How a line that takes goods back is recognised."""

    order_id_prefix: str | None = Field(default=None, description="orders whose number begins so are cancellations")
    negative_quantity: bool = Field(default=True, description="a negative quantity or amount is a return")
    orders: ReturnedOrders | None = Field(
        default=None, description="a list of returned orders, such as {file: returns, column: Order ID}"
    )


class AdjustmentRules(Section):
    """How a stock adjustment booked as a sale is recognised: it moves no money and names no customer."""

    pattern: Pattern = Field(
        default=(
            r"(?i)\b(?:adjust\w*|damage[sd]?|lost|missing|found|check(?:ed)?|counted|throw\w* away|smashed|crushed|"
            r"broken|rusty|mouldy|destroyed|unsaleable|faulty|mix(?:ed)? up|wrong\w*|incorrect\w*)\b|^\?+$|"
            r"盘点|盘亏|盘盈|报损|报废|调整|破损|丢失"
        ),
        description="regular expression of descriptions of stock adjustments, for lines without money and customer",
    )
    negative_quantity: bool = Field(
        default=True, description="a negative quantity without money and customer is a stock adjustment, not a return"
    )
    no_description: bool = Field(
        default=True,
        description="a line without money, customer and description is one, where the sources deliver descriptions",
    )


class WholesaleRule(Section):
    """Whose orders look like those of a reseller."""

    units_per_order: float = Field(default=100, gt=0, description="mean units of an order from which on")
    orders: int = Field(default=3, ge=1, description="orders that a customer must have made to be judged")


class AccountRules(Section):
    """Customer numbers that are no ordinary customers: flagged, never deleted."""

    staff_ids: list[str] = Field(default=[], description="customer numbers of staff; as namespace:number")
    staff_pattern: Pattern | None = Field(default=None, description="regular expression of customer numbers of staff")
    test_pattern: Pattern | None = Field(
        default=r"(?i)(?:^|:)(?:test|dummy)(?:[0-9@._+-]|$)",
        description="regular expression of customer numbers made for trying the system out",
    )
    wholesale: WholesaleRule | None = Field(
        default=WholesaleRule(), description="when a customer counts as a reseller; null for never"
    )
    as_anonymous: list[AccountKind] = Field(
        default=[],
        description="kinds of accounts whose sales stay in the shop's figures and lose their customer number",
    )


class OutlierRules(Section):
    """Prices and quantities far from the product's usual ones: flagged, never deleted.

    The distance is that of logarithms from the product's median, in median absolute deviations (times 1.4826, so that
    one is a standard deviation where the logarithm is normal), and must be worth a look as a ratio, too.
    """

    deviations: float = Field(default=8.0, gt=0, description="distance from the median beyond which a line is flagged")
    price_ratio: float = Field(default=5.0, gt=1, description="least ratio of a price to the median, or of it to it")
    quantity_ratio: float = Field(default=20.0, gt=1, description="least ratio of a quantity to the median")
    lines: int = Field(default=20, ge=3, description="sales a product must have for its lines to be judged")


class TaxRules(Section):
    """How the prices of the sources treat tax: all money of the report is net of it."""

    rate: float = Field(ge=0, lt=1, description="rate of the tax: 0.2 for 20 %")
    included: bool = Field(default=True, description="whether delivered amounts and prices include it")


class ProbabilisticRules(Section):
    """Accounts that are probably one person though they share no key."""

    enabled: bool = Field(
        default=False, description="also join accounts by how alike name, phone, e-mail, birth date and city are"
    )
    threshold: float = Field(
        default=0.99, ge=0.5, lt=1, description="least probability that two accounts are one person"
    )
    seed: int = Field(default=1, description="seed of the random pairs that chance is learned from")


class IdentityRules(Section):
    """When accounts of several channels are one person."""

    keys: list[Literal["phone", "email", "member_id", "platform_id"]] = Field(
        default=["member_id", "email", "phone", "platform_id"],
        description="keys that join accounts, the most trusted first",
    )
    shared_by_at_most: int = Field(
        default=4, ge=2, description="a key that more accounts share, such as a shop's own phone, is no identity"
    )
    apart: list[str | tuple[str, str]] = Field(
        default=[],
        description=(
            "to undo a wrong link: customer numbers that are joined to nobody, and pairs of numbers [a, b] that are "
            "two persons; as namespace:number"
        ),
    )
    probabilistic: ProbabilisticRules = ProbabilisticRules()


class ContractRules(Section):
    """The part of the cleaning rules that files and values are held against."""

    broken_files: Literal["stop", "quarantine"] = Field(
        default="stop",
        description=(
            "a file that is empty, cannot be read, is cut off or changes its columns half-way: stops the run, or all "
            "of its lines are set aside"
        ),
    )
    ranges: dict[str, Range] = Field(
        default={},
        description=(
            "least and most possible value of a column, null for none, such as quantity: [-10000, 10000]; a line "
            "outside breaks the rule outside_<column> (warn where cleaning.severity does not say otherwise)"
        ),
    )

    @model_validator(mode="after")
    def _possible_ranges(self) -> Self:
        known = {column.name for table in TABLES.values() for column in table.delivered if column.kind in MEASURED}
        for name, (least, most) in self.ranges.items():
            if name not in known and not name.startswith(SCORE_PREFIX):
                raise ValueError(f"ranges: no table has a number {name!r}. {did_you_mean(name, known)}")
            if least is not None and most is not None and least > most:
                raise ValueError(f"ranges: {name} cannot be at least {least:g} and at most {most:g}")
        return self


class CleaningSection(ContractRules):
    """Rules that decide what a line is; none of them deletes a line."""

    returns: ReturnsRules = ReturnsRules()
    non_products: list[str] = Field(
        default=[], description="article numbers that are no products: postage, fees, vouchers, adjustments"
    )
    non_product_pattern: Pattern | None = Field(
        default=None, description="regular expression for further article numbers that are no products"
    )
    adjustments: AdjustmentRules = AdjustmentRules()
    accounts: AccountRules = AccountRules()
    outliers: OutlierRules | None = Field(
        default=OutlierRules(), description="which prices and quantities are flagged; null for none"
    )
    tax: TaxRules | None = Field(default=None, description="tax in the delivered money; none is taken off without it")
    currencies: dict[CurrencyCode, Rate] = Field(
        default={},
        description="what one unit of another currency is worth in the report's, by ISO 4217 code; lines in a currency "
        "that is not listed are set aside",
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
