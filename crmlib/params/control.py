"""The shop's own books: what the report is held against, by month or by day, in all and by source."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from crmlib.params.section import Section

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")


def _a_number(value: object) -> object:
    """Take a number as it is written; yes and no are none."""
    if isinstance(value, bool):
        raise ValueError("is a number of the shop's books, such as 311114.00")  # noqa: TRY004  (pydantic's way)
    return str(value) if isinstance(value, float) else value


Money = Annotated[Decimal, BeforeValidator(_a_number), Field(max_digits=18, decimal_places=4)]
Count = Annotated[int, BeforeValidator(_a_number), Field(ge=0)]


class BookFigures(Section):
    """Figures of the shop's own books, each defined as in the report."""

    net_revenue: Money | None = Field(
        default=None, description="products sold less products taken back; without postage, fees and vouchers"
    )
    gross_revenue: Money | None = Field(default=None, description="products sold, before anything was taken back")
    returned: Money | None = Field(default=None, description="money of products taken back, as a positive number")
    orders: Count | None = Field(default=None, description="orders with a product bought")
    units: Money | None = Field(default=None, description="units of products bought")
    lines: Count | None = Field(default=None, description="lines of all kinds")

    @property
    def given(self) -> dict[str, Decimal]:
        """The figures that the books have, in the order of the page."""
        values = {name: getattr(self, name) for name in MEASURES}
        return {name: Decimal(value) for name, value in values.items() if value is not None}


MEASURES: Final = tuple(BookFigures.model_fields)
"""What the report can be held against. Customers are not among them: a page tells numbers of people rounded."""


class ControlRules(BookFigures):
    """What the books say of one month or day."""

    sources: dict[str, BookFigures] = Field(
        default={}, description="the same by source of the order lines, by the names that page 01 gives them"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.given and not any(figures.given for figures in self.sources.values()):
            raise ValueError(f"says nothing; give one of {', '.join(MEASURES)}")
        return self


def _of_periods(value: object) -> object:
    """Refuse keys that are no month and no day; the file's own line stands in the message."""
    if isinstance(value, dict):
        for name in value:
            period(str(name))
    return value


Control = Annotated[dict[str, ControlRules], BeforeValidator(_of_periods)]


def period(name: str) -> tuple[date, date]:
    """Give the first day of a month or a day, and the day after its last; refuse what is neither."""
    try:
        if month := _MONTH.fullmatch(name):
            year, number = int(month[1]), int(month[2])
            return date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
            day = date.fromisoformat(name)
            return day, date.fromordinal(day.toordinal() + 1)
    except ValueError:
        pass
    raise ValueError(f"{name!r} is no month and no day; write 2026-10 or 2026-10-03")
