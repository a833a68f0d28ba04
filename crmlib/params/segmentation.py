"""The knobs of chapter 02: segments, cohorts and customer value."""

from pydantic import Field

from crmlib.params.section import Section


class SegmentationSection(Section):
    """How customers are scored, grouped and valued."""

    bins: int = Field(default=5, ge=2, le=10, description="scores from 1 to this number")
    lifetime_weeks: float = Field(default=52, gt=0, le=520, description="horizon of the lifetime value, in weeks")
    discount_rate: float = Field(default=0.10, ge=0, lt=1, description="yearly discount rate of the lifetime value")
    margin: float = Field(
        default=1.0, gt=0, le=1, description="share of revenue that is margin; 1 gives value in revenue"
    )
    cohort_months: int = Field(default=24, ge=2, le=60, description="acquisition months shown in the cohort picture")
    holdout_share: float = Field(
        default=0.25, gt=0, lt=0.9, description="last part of the history held out to test the purchase model"
    )
