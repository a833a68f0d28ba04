"""The knobs of a run: how long a notebook may take."""

from pydantic import Field

from crmlib.params.section import Section


class RunningSection(Section):
    """Limits of a run."""

    notebook_seconds: int = Field(default=900, ge=1, description="wall-clock limit of one notebook")
    parallel: int = Field(default=2, ge=1, le=8, description="notebooks run at the same time where they can be")
