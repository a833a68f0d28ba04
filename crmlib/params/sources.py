"""Where the data come from and how their columns are called: one source or several for each canonical table."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from crmlib.params.addresses import without_literal_secret
from crmlib.params.counting import Latest, Where
from crmlib.params.mapped import refuse_wrong_columns
from crmlib.params.section import Encoding, Grouping, Mark, Section, Separator, Zone
from crmlib.tables import TABLES

Format = Literal["csv", "fixed", "xlsx", "json", "jsonl", "parquet", "database"]


class FileSource(Section):
    """One delivery: a file, a glob of files, or a table or query of a database."""

    path: str | list[str] | None = Field(
        default=None,
        description="file or glob, relative to the parameters file; a folder of daily files is one source; "
        "files within a zip file as shop.zip/orders*.csv",
    )
    url: str | None = Field(
        default=None,
        description="database address (sqlite, duckdb or postgresql); ${NAME} reads the environment",
    )
    table: str | None = Field(default=None, description="table of the database")
    query: str | None = Field(
        default=None, description="SQL over the names under `files`, or over the database of `url`"
    )
    format: Format | None = Field(default=None, description="csv, fixed, xlsx, json or parquet; else by the suffix")
    encoding: Encoding | None = Field(default=None, description="such as utf-8 or gb18030; detected where not given")
    delimiter: Separator | None = Field(
        default=None, description="field separator of a CSV file; detected where not given"
    )
    header: bool | int = Field(
        default=True, description="whether there is a header line, or its number (1 is the first)"
    )
    names: list[str] | None = Field(default=None, description="column names where the file has no header")
    widths: list[int] | None = Field(default=None, description="column widths of a fixed-width file")
    sheet: str | None = Field(default=None, description="sheet of an Excel file; the first where not given")
    rows: str | None = Field(
        default=None,
        description="JSON: the list within each object whose elements are the lines, such as line_items; the fields "
        "of an element are named line_items.sku, nested ones of the object customer.id",
    )
    fill_down: list[str] = Field(
        default=[],
        description="columns whose empty cells repeat the value above them, as merged cells of a sheet do; with an "
        "order number among them nothing is carried into the next order",
    )
    decimal: Mark | dict[str, Mark] = Field(
        default=".",
        description=(
            "decimal mark, for all columns or by canonical column; a comma is found out, file by file and column by "
            "column, where fields are not separated by it or a number begins with 0,"
        ),
    )
    thousands: Grouping | dict[str, Grouping] | None = Field(
        default=None, description="thousands mark, for all columns or by canonical column"
    )
    date_format: str | list[str] | None = Field(
        default=None, description="strptime format or formats, tried in order; ISO forms where not given"
    )
    timezone: Zone | None = Field(default=None, description="time zone of the source's times, converted to shop time")
    missing: list[str] = Field(default=[], description="texts that stand for a missing value, such as -99")

    @field_validator("url")
    @classmethod
    def _no_secret(cls, url: str | None) -> str | None:
        return None if url is None else without_literal_secret(url)

    def decimal_of(self, column: str) -> str:
        """Give the decimal mark of a canonical column."""
        return self.decimal.get(column, ".") if isinstance(self.decimal, dict) else self.decimal

    def thousands_of(self, column: str) -> str | None:
        """Give the thousands mark of a canonical column, where one is given."""
        return self.thousands.get(column) if isinstance(self.thousands, dict) else self.thousands

    @model_validator(mode="after")
    def _two_marks(self) -> Self:
        by_column = [marks for marks in (self.decimal, self.thousands) if isinstance(marks, dict)]
        for name in [name for marks in by_column for name in marks] or [""]:
            mark = self.decimal_of(name)
            if self.thousands_of(name) == mark:
                raise ValueError(f'thousands and decimal are both {mark!r}; give the decimal mark, such as ","')
        return self

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = [name for name in ("path", "url") if getattr(self, name) is not None]
        if len(origins) == 2:
            raise ValueError("give either path or url, not both")
        if not origins and self.query is None:
            raise ValueError("give path (a file or glob), url (a database) or query (SQL over the files)")
        if "path" in origins and self.query is not None:
            raise ValueError("give either path or query, not both; a query reads the names under `files`")
        if "url" in origins and (self.table is None) == (self.query is None):
            raise ValueError("url needs a table or a query of that database, one of them")
        if self.table is not None and "url" not in origins:
            raise ValueError("table is a table of the database of `url`, which is missing")
        return self

    @model_validator(mode="after")
    def _landed(self) -> Self:
        """Lines are taken out of JSON, and values filled down, where a file is landed; other sources have SQL."""
        if self.fill_down and (self.path is None or self.format == "parquet" or _only_parquet(self.path)):
            raise ValueError(
                "fill_down is for text files and workbooks; elsewhere give a query, such as "
                'last_value("Order No" ignore nulls) over (order by _line)'
            )
        if self.rows is not None and (self.path is None or self.format not in (None, "json", "jsonl")):
            raise ValueError("rows is for JSON files; give it beside the path of one")
        return self


def _only_parquet(path: str | list[str]) -> bool:
    return all(file.lower().endswith((".parquet", ".pq")) for file in ([path] if isinstance(path, str) else path))


class Source(FileSource):
    """A delivery mapped to a canonical table."""

    name: str | None = Field(default=None, description="how the report calls this source; the table's name otherwise")
    columns: dict[str, str | list[str]] = Field(
        default={},
        description="canonical column: column of the source, or several that are joined: [Date, Time]",
    )
    constants: dict[str, str] = Field(default={}, description="canonical column: one value for every line")
    where: Where = Field(
        default={},
        description=(
            "which lines count: column of the source: [values], {not: [values]} or {filled: true}; the others are "
            "left out and accounted for"
        ),
    )
    returns: Where = Field(
        default={},
        description=(
            "which lines take goods back, whatever the sign of their money: {Type: [Refund]}, in the form of `where`; "
            "one condition that holds is enough"
        ),
    )
    latest: Latest | None = Field(
        default=None, description="which key a later delivery replaces, such as {key: [order_id]}"
    )
    cents: bool = Field(default=False, description="whether all money of the source is in hundredths: 1999 for 19.99")
    id_namespace: str = Field(
        default="", description="whose customer numbers these are; equal numbers of two name spaces are two customers"
    )

    @field_validator("columns", mode="before")
    @classmethod
    def _text_names(cls, columns: object) -> object:
        """Headers such as 2026 are names too; a list of one is that one."""
        if not isinstance(columns, dict):
            return columns
        named = {key: [_text(part) for part in value] if isinstance(value, list) else _text(value)
                 for key, value in columns.items()}  # fmt: skip
        return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in named.items()}

    @field_validator("columns")
    @classmethod
    def _some_names(cls, columns: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
        for name, raw in columns.items():
            if not raw:
                raise ValueError(f"{name} names no column of the source; give one, or several that are joined")
            if isinstance(raw, list) and len(set(raw)) < len(raw):
                raise ValueError(f"{name} names a column twice")
        return columns

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The columns of the source that each canonical column is read from: one, or several that are joined."""
        return {name: tuple(raw) if isinstance(raw, list) else (raw,) for name, raw in self.columns.items()}

    @property
    def read(self) -> tuple[str, ...]:
        """All columns of the source that are read: mapped, asked for by ``where``, ``returns`` or ``latest``."""
        by = [self.latest.by] if self.latest is not None and self.latest.by is not None else []
        mapped = [raw for parts in self.parts.values() for raw in parts]
        return tuple(dict.fromkeys([*mapped, *self.where, *self.returns, *by]))

    def places(self) -> list[tuple[tuple[str, ...], str]]:
        """List every column of the source that is read, with the key of the parameters that names it."""
        named: list[tuple[tuple[str, ...], str]]
        named = [(("columns", name), raw) for name, parts in self.parts.items() for raw in parts]
        named += [((key, raw), raw) for key in ("where", "returns") for raw in getattr(self, key)]
        by = self.latest.by if self.latest is not None else None
        return [*named, (("latest", "by"), by)] if by is not None else named


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


Sources = Annotated[list[Source], BeforeValidator(_as_list), Field(min_length=1)]


class SourcesSection(Section):
    """The sources of each canonical table; a report needs ``transactions``, ``crm check`` takes what is there."""

    transactions: Sources | None = None
    customers: Sources | None = None
    products: Sources | None = None
    stores: Sources | None = None
    interactions: Sources | None = None
    surveys: Sources | None = None
    contacts: Sources | None = None

    @property
    def given(self) -> dict[str, list[Source]]:
        """The tables that have a source, in the vocabulary's order."""
        return {name: getattr(self, name) for name in TABLES if getattr(self, name) is not None}

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.given:
            raise ValueError(f"no table has a source; give one of {', '.join(TABLES)}")
        return self

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        for table, sources in self.given.items():
            for source in sources:
                refuse_wrong_columns(table, source)
        return self
