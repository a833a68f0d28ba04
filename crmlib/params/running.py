"""The knobs of a run: how long a notebook may take, what is kept, and who is told how it ended."""

from typing import Literal

from pydantic import Field

from crmlib.params.section import Section


class NoticesSection(Section):
    """Who is told how a run ended; no message holds personal data."""

    on: tuple[Literal["success", "warning", "failure"], ...] = Field(
        default=("warning", "failure"),
        description="which ends are told: published, published with warnings, not published",
    )
    webhook_env: str | None = Field(
        default=None, description="environment variable that holds the address to which the end is posted as JSON"
    )
    command: tuple[str, ...] = Field(
        default=(), description="program and arguments that get the end as JSON on standard input, such as a mailer"
    )
    metrics_file: str | None = Field(
        default=None, description="file for Prometheus' textfile collector, ending in .prom; written at every end"
    )


class RunningSection(Section):
    """Limits of a run, what is kept of earlier ones, and its notices."""

    notebook_seconds: int = Field(
        default=900, ge=1, description="wall-clock limit of one notebook; every million lines of input adds 180 s"
    )
    parallel: int = Field(default=2, ge=1, le=8, description="notebooks run at the same time where they can be")
    notices: NoticesSection = Field(default_factory=NoticesSection, description="who is told how a run ended")
