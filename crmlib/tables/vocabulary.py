"""The canonical tables: what a retailer's data are called here, whatever its systems call them.

A source delivers some columns of a table (``Table.delivered``); preparation writes all columns of its clean form
(``Table.clean``), empty where nothing was delivered, so that later chapters never ask whether a column exists.
"""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "timestamp", "date", "money", "number", "integer", "flag"]

MEASURED: Final = ("money", "number", "integer")
"""Kinds of columns that hold a quantity."""

SCORE_PREFIX: Final = "score_"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    Attributes
    ----------
    name
        The field's standard term.
    kind
        How delivered text is parsed. ``money`` is DECIMAL(18, 4) in the currency of the report.
    meaning
        What the column says about the business, for the data dictionary.
    required
        Whether a source must map it (``quantity`` and ``unit_price`` together stand for ``amount``).
    personal
        Whether it identifies a person: such a column is read in preparation and never written by it.
    made
        Whether preparation makes it: it cannot be mapped by a source.
    working
        Whether preparation only computes with it: a source may map it, and it is never written.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    personal: bool = False
    made: bool = False
    working: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: its grain, what sources may deliver and what preparation writes."""

    name: str
    grain: str
    key: tuple[str, ...]
    time: str | None
    columns: tuple[Column, ...]

    @property
    def delivered(self) -> tuple[Column, ...]:
        """Columns that a source can map."""
        return tuple(column for column in self.columns if not column.made)

    @property
    def clean(self) -> tuple[Column, ...]:
        """Columns of the clean Parquet file: everything that does not name a person, and no mere working column."""
        return tuple(column for column in self.columns if not (column.personal or column.working))

    def column(self, name: str) -> Column:
        """Find a column by name.

        Raises
        ------
        KeyError
            If the table has no such column; the message lists those it has.
        """
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(column.name for column in self.columns)
        raise KeyError(f"{self.name} has no column {name!r}; it has {known}")


_PROVENANCE: Final = (
    Column("source", "text", "name of the source the line came from", made=True),
    Column("file", "text", "file the line came from", made=True),
    Column("line", "integer", "line number in that file, the header counted", made=True),
)

_WORKING: Final = (
    Column("amount_before_discount", "money", "line total before discount, which is still to come off", working=True),
    Column("discount_rate", "number", "discount on the line as a share: 0.2", working=True),
    Column("discount_percent", "number", "discount on the line in per cent: 20", working=True),
    Column("refund", "money", "money given back for the line, of either sign; it makes a return", working=True),
    Column("refunded_at", "timestamp", "when it was given back, shop time; the sale's time otherwise", working=True),
    Column("order_total", "money", "total of the whole order, on its lines or on its first; spread", working=True),
    Column("order_discount", "money", "discount on the whole order, spread over its lines", working=True),
    Column("order_shipping", "money", "shipping within order_total: no money of the lines", working=True),
    Column("order_tax", "money", "tax on the whole order, taken off its lines", working=True),
    Column("order_refund", "money", "money given back for the whole order; it makes returns", working=True),
)
"""Money as systems deliver it; of it preparation makes ``amount``, ``discount`` and returns."""

_TRANSACTIONS: Final = Table(
    "transactions",
    "order line",
    ("order_id", "line_id"),
    "ordered_at",
    (
        Column("customer_id", "text", "pseudonym of the customer; empty for an anonymous sale"),
        Column("order_id", "text", "receipt or order number; one customer's day where none was delivered"),
        Column("line_id", "text", "line of the order"),
        Column("ordered_at", "timestamp", "when the order was placed, shop time", required=True),
        Column("product_id", "text", "article number"),
        Column("description", "text", "the article's name on the receipt"),
        Column("quantity", "number", "units sold, negative when returned"),
        Column("unit_price", "money", "price of one unit"),
        Column("amount", "money", "line total after discount, negative for a return"),
        Column("discount", "money", "discount on the line, as a positive amount"),
        Column("cost", "money", "cost of the goods of the line"),
        Column("channel", "text", "store, web, app and the like"),
        Column("store_id", "text", "store of the sale"),
        Column("promotion_id", "text", "promotion the line was sold under"),
        Column("payment_method", "text", "how the order was paid"),
        Column("points_redeemed", "number", "loyalty points spent on the line"),
        Column("is_return", "flag", "whether the line takes goods back or cancels a sale"),
        Column("returned_order_id", "text", "the order a return undoes"),
        Column("currency", "text", "currency the line was delivered in; its money is in the report's, converted"),
        *_WORKING,
        Column("tax", "money", "tax taken off the total by cleaning.tax or order_tax; empty where none was", made=True),
        Column("is_product", "flag", "false for postage, fees, vouchers and adjustments", made=True),
        Column(
            "is_purchase",
            "flag",
            "a product, not taken back, with an amount above zero (or of zero, where cleaning.zero_price is purchase)",
            made=True,
        ),
        Column("is_adjustment", "flag", "a stock adjustment booked as a sale: no money, no customer", made=True),
        Column(
            "account_kind", "text",
            "staff, test or wholesale by cleaning.accounts, as far as seen before as_of; empty for others", made=True,
        ),
        Column("is_price_outlier", "flag", "a unit price far from the product's median", made=True),
        Column("is_quantity_outlier", "flag", "a quantity far above the product's median", made=True),
        *_PROVENANCE,
    ),
)  # fmt: skip

_CUSTOMERS: Final = Table(
    "customers",
    "customer",
    ("customer_id",),
    None,
    (
        Column("customer_id", "text", "pseudonym of the customer", required=True),
        Column("joined_at", "date", "day the membership began"),
        Column("birth_date", "date", "date of birth", personal=True),
        Column("birth_year", "integer", "year of birth", made=True),
        Column("age", "integer", "age in years where no date of birth is known", personal=True),
        Column("gender", "text", "as the source codes it"),
        Column("city", "text", "home city"),
        Column("region", "text", "home region"),
        Column("occupation", "text", "occupation"),
        Column("tier", "text", "loyalty tier, as of the extract"),
        Column("points", "number", "loyalty points, as of the extract"),
        Column("member_until", "date", "day the membership ends"),
        Column("acquired_by", "text", "channel or campaign that won the customer"),
        Column("name", "text", "name", personal=True),
        Column("phone", "text", "phone number", personal=True),
        Column("email", "text", "e-mail address", personal=True),
        Column("member_id", "text", "number of the loyalty card this account is bound to", personal=True),
        Column("platform_id", "text", "id on a platform, such as an open id", personal=True),
        Column("consent", "flag", "consent to analysis"),
        Column("contact_consent", "flag", "whether the customer may be contacted for marketing; empty: never said"),
        Column("known_at", "timestamp", "when these attributes were true"),
    ),
)

_PRODUCTS: Final = Table(
    "products",
    "product",
    ("product_id",),
    None,
    (
        Column("product_id", "text", "article number", required=True),
        Column("name", "text", "the article's name"),
        Column("category", "text", "category"),
        Column("subcategory", "text", "subcategory"),
        Column("brand", "text", "brand"),
        Column("unit_cost", "money", "cost of one unit"),
    ),
)

_STORES: Final = Table(
    "stores",
    "store",
    ("store_id",),
    None,
    (
        Column("store_id", "text", "store number", required=True),
        Column("name", "text", "the store's name"),
        Column("city", "text", "city"),
        Column("region", "text", "region"),
        Column("opened_at", "date", "opening day"),
        Column("format", "text", "format, such as flagship or outlet"),
    ),
)

_INTERACTIONS: Final = Table(
    "interactions",
    "contact by the customer",
    (),
    "at",
    (
        Column("customer_id", "text", "pseudonym of the customer", required=True),
        Column("at", "timestamp", "when the customer made contact", required=True),
        Column("kind", "text", "consultation, complaint, suggestion and the like", required=True),
        Column("channel", "text", "channel of the contact"),
        Column("touchpoint", "text", "touchpoint of the contact"),
        Column("store_id", "text", "store concerned"),
        Column("order_id", "text", "order concerned"),
        Column("topic", "text", "what it was about"),
        Column("owner", "text", "desk or team in charge of it, not a person: names and numbers of people are masked"),
        Column("first_response_at", "timestamp", "first answer"),
        Column("resolved_at", "timestamp", "when it was resolved; empty if open"),
        Column("adopted", "flag", "whether a suggestion was adopted"),
        Column("text", "text", "the words, personal data masked"),
    ),
)

_SURVEYS: Final = Table(
    "surveys",
    "invitation, answered or not",
    ("response_id",),
    "answered_at",
    (
        Column("response_id", "text", "number of the invitation", required=True),
        Column("invited_at", "timestamp", "when the customer was asked"),
        Column("answered_at", "timestamp", "when the customer answered; empty if not", required=True),
        Column("customer_id", "text", "pseudonym of the customer"),
        Column("touchpoint", "text", "touchpoint the questions are about"),
        Column("store_id", "text", "store concerned"),
        Column("order_id", "text", "order concerned"),
        Column("comment", "text", "the words, personal data masked"),
    ),
)

_CONTACTS: Final = Table(
    "contacts",
    "campaign × customer",
    ("campaign_id", "customer_id"),
    "contacted_at",
    (
        Column("campaign_id", "text", "campaign", required=True),
        Column("customer_id", "text", "pseudonym of the customer", required=True),
        Column("contacted_at", "timestamp", "when the campaign reached the customer", required=True),
        Column("arm", "text", "treatment or control"),
        Column("offer", "text", "what was offered"),
        Column("cost", "money", "cost of this contact"),
        Column("responded_at", "timestamp", "when the customer responded; empty if not"),
        Column("response_value", "money", "value of the response"),
    ),
)

_ORDERS: Final = Table(
    "orders",
    "order; where its lines differ in hour, customer, store, channel or payment method, a row for each",
    ("order_id", "customer_id", "ordered_at", "store_id", "channel", "payment_method"),
    "ordered_at",
    (
        Column("order_id", "text", "number of the order, as its lines have it"),
        Column("customer_id", "text", "pseudonym of the customer; empty for an anonymous sale"),
        Column("ordered_at", "timestamp", "moment of the first purchase of the order; of its first line without one"),
        Column("last_at", "timestamp", "moment of its last purchase; of its last line without one"),
        Column("store_id", "text", "store of the sale"),
        Column("channel", "text", "store, web, app and the like"),
        Column("payment_method", "text", "how the order was paid"),
        Column("lines", "integer", "lines that are purchases; nought for an order of returns, postage or fees alone"),
        Column("amount", "money", "money of the purchases after discount, before returns"),
        Column("units", "number", "units bought, of the lines that say how many; empty where none does"),
        Column("lines_without_units", "integer", "purchases that do not say how many units"),
        Column("discount", "money", "discount on the purchases; empty where no line says any"),
        Column("discount_told", "money", "money of the purchases that say a discount, nought included"),
        Column("cost", "money", "cost of the goods bought; by the table of products where a line does not say it"),
        Column("costed", "money", "money of the purchases whose cost is known"),
        Column("points_redeemed", "number", "loyalty points spent on the purchases; empty where no line says any"),
        Column("promotion_lines", "integer", "purchases sold under a promotion or at a discount"),
        Column("returned", "money", "money of products taken back in the order, positive"),
        Column("returned_lines", "integer", "lines that take products back"),
        Column("returned_at", "timestamp", "moment of the last of them"),
        Column("first_at", "timestamp", "when the customer first bought; equal to ordered_at in a new one's order"),
        Column("parts", "integer", "in how many rows the order stands, nearly always 1"),
    ),
)

_CUSTOMER_DAYS: Final = Table(
    "customer_days",
    "known customer and day with a purchase",
    ("customer_id", "day"),
    "day",
    (
        Column("customer_id", "text", "pseudonym of the customer"),
        Column("day", "date", "day of the purchases, shop time"),
        Column("orders", "integer", "different orders of the day"),
        Column("lines", "integer", "lines bought"),
        Column("units", "number", "units bought, of the lines that say how many; empty where none does"),
        Column("amount", "money", "money of the purchases, before returns"),
        Column("gap", "integer", "days since the customer's purchase day before; empty on the first"),
    ),
)

DERIVED: Final[dict[str, Table]] = {table.name: table for table in (_ORDERS, _CUSTOMER_DAYS)}
"""What preparation makes of the clean order lines: no source delivers it."""

TABLES: Final[dict[str, Table]] = {
    table.name: table for table in (_TRANSACTIONS, _CUSTOMERS, _PRODUCTS, _STORES, _INTERACTIONS, _SURVEYS, _CONTACTS)
}
"""The canonical tables by name; only ``transactions`` is required."""
