"""The knobs of segments found in the data."""

from typing import Self

from pydantic import Field, model_validator

from crmlib.params.section import Section


class FoundRules(Section):
    """When a grouping found in the data counts as segments."""

    groups: tuple[int, int] = Field(default=(2, 7), description="smallest and largest number of segments tried")
    stability: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="adjusted Rand index with groups found in resamples, from which segments are stable",
    )
    smallest: float = Field(
        default=0.03, gt=0, lt=0.5, description="share of customers that the smallest segment holds at least"
    )
    horizon_days: int = Field(
        default=90, ge=7, le=730, description="days of later purchases in which segments must prove themselves"
    )

    @model_validator(mode="after")
    def _numbers_ascend(self) -> Self:
        least, most = self.groups
        if not 2 <= least <= most <= 12:
            raise ValueError("groups are the smallest and the largest number of segments tried, from 2 to 12")
        return self
