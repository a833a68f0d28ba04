"""Which delivered lines count: those with certain values in a column of the source, and the latest of one key."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from crmlib.params.section import Section


def _as_texts(value: object) -> object:
    """Take one value for a list of one, and numbers for the text they are written as."""
    values = value if isinstance(value, list) else [value]
    return [_as_text(one) for one in values]


def _as_text(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Values = Annotated[list[str], BeforeValidator(_as_texts), Field(min_length=1)]
"""Values of a column, compared without regard to blanks round them and to letter case."""


class Condition(Section):
    """What a line must have in a column to count: certain values, none of certain values, any value or none."""

    model_config = ConfigDict(serialize_by_alias=True)

    among: Values | None = Field(default=None, alias="in", description="the line counts with one of these values")
    other_than: Values | None = Field(
        default=None, alias="not", description="the line counts with any other value, and with none"
    )
    filled: bool | None = Field(default=None, description="true: the line counts with any value; false: with none")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.among is None and self.other_than is None and self.filled is None:
            raise ValueError("says nothing; give a list of values, {not: [values]}, {filled: true} or {filled: false}")
        if self.filled is False and self.among is not None:
            raise ValueError("asks for certain values and for none at once; give one of both")
        return self


def _as_condition(value: object) -> object:
    """Read a list of values, the short form, as the condition that it stands for."""
    if isinstance(value, dict | Condition):
        return value
    return {"in": value}


Where = dict[str, Annotated[Condition, BeforeValidator(_as_condition)]]
"""Column of the source: what a line must have there to count; a line counts where all conditions hold."""


class Latest(Section):
    """A later delivery of a key replaces the earlier ones, whole: lines that are gone from it are gone."""

    key: list[str] = Field(min_length=1, description="canonical columns, such as [order_id] or [order_id, line_id]")
    by: str | None = Field(
        default=None,
        description="column of the source whose largest value is the latest; the file (by its path) where not given",
    )

    @model_validator(mode="before")
    @classmethod
    def _one_name(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("key"), str):
            return value | {"key": [value["key"]]}
        return value
