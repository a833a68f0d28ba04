"""The typed model of a parameters file: everything that changes from series to series."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from crmlib.chapters import CHAPTERS
from crmlib.params.actions import ActionsSection
from crmlib.params.addresses import without_literal_secret
from crmlib.params.cleaning import CleaningSection
from crmlib.params.control import Control
from crmlib.params.errors import did_you_mean
from crmlib.params.questions import Question
from crmlib.params.section import Country, Section, Zone
from crmlib.params.sections import ChurnSection, PrivacySection, RunningSection, SatisfactionSection
from crmlib.params.segmentation import SegmentationSection
from crmlib.params.sources import FileSource, SourcesSection

Stem = Annotated[str, StringConstraints(pattern=r"^\d\d_[a-z0-9_]{1,40}$")]
_SERIES = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class Parameters(Section):
    """The parameters of a report series, validated before anything runs."""

    series: str = Field(description="the folder under reports/: small letters, digits, hyphens")
    title: str = Field(min_length=1, description="title of the report")
    as_of: date | None = Field(
        default=None, description="exclusive end of what the report may see; or --as-of or --month on the command line"
    )
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of all money")
    language: str = Field(default="en", description="language of the report's words")
    timezone: Zone = Field(default="UTC", description="shop time; sources with another time zone are converted to it")
    country: Country | None = Field(
        default=None,
        description="country whose public holidays are no missing days, such as DE or DE-BY; none are known without",
    )
    engine: str = Field(default="duckdb", description="duckdb, spark, spark://host:port or the URL of an Ibis backend")
    files: dict[str, FileSource] = Field(default={}, description="further files, by the name a query calls them")
    sources: SourcesSection = Field(description="the sources of each canonical table")
    questions: dict[str, Question] = Field(
        default={}, description="what the data ask and a person answers; `crm run` refuses while a deciding one is open"
    )
    control: Control = Field(
        default={}, description="the shop's own books by month or day, such as 2026-10: {net_revenue: 311114.00}"
    )
    chapters: dict[Stem, str] = Field(
        default={}, description="further chapters, by notebook: 07_weather: What the weather did"
    )
    cleaning: CleaningSection = CleaningSection()
    segmentation: SegmentationSection = SegmentationSection()
    churn: ChurnSection = ChurnSection()
    satisfaction: SatisfactionSection = SatisfactionSection()
    actions: ActionsSection = ActionsSection()
    privacy: PrivacySection = PrivacySection()
    running: RunningSection = RunningSection()
    root: Path = Field(default=Path(), description="folder that paths are relative to: that of the parameters file")

    @field_validator("series")
    @classmethod
    def _folder_name(cls, series: str) -> str:
        if not _SERIES.fullmatch(series):
            raise ValueError("a series is a folder name: small letters, digits, hyphens and underscores")
        return series

    @field_validator("engine")
    @classmethod
    def _no_secret(cls, engine: str) -> str:
        return without_literal_secret(engine)

    @field_validator("chapters")
    @classmethod
    def _chapters_of_their_own(cls, chapters: dict[str, str]) -> dict[str, str]:
        taken = sorted(set(chapters) & {chapter.stem for chapter in CHAPTERS})
        if taken:
            raise ValueError(f"{', '.join(taken)} is a chapter of every report; name yours 07_… or higher")
        return chapters

    @model_validator(mode="after")
    def _queries_have_files(self) -> Self:
        for table, sources in self.sources.given.items():
            if any(s.query is not None and s.url is None for s in sources) and not self.files:
                raise ValueError(f"the query of {table} reads names under `files`, and there are none")
        return self

    @model_validator(mode="after")
    def _returned_orders_are_listed(self) -> Self:
        listed = self.cleaning.returns.orders
        if listed is not None and listed.file not in self.files:
            near = did_you_mean(listed.file, self.files)
            raise ValueError(f"cleaning.returns.orders: there is no {listed.file!r} under `files`. {near}")
        return self

    @model_validator(mode="after")
    def _tax_comes_off_once(self) -> Self:
        tax, sources = self.cleaning.tax, self.sources.transactions or []
        if tax is not None and tax.included and any("order_tax" in source.columns for source in sources):
            raise ValueError(
                "order_tax takes the tax of an order off its lines, and cleaning.tax would take it off again; "
                "leave one of them out"
            )
        return self

    @property
    def home(self) -> Path:
        """The folder that holds ``reports/`` and ``work/``: beside a folder ``params/``, else the file's own."""
        return self.root.parent if self.root.name == "params" else self.root
