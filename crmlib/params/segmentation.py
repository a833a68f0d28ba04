"""The knobs of chapter 02: segments, by rules and found in the data, cohorts and customer value."""

from typing import Literal, Self

from pydantic import Field, model_validator

from crmlib.params.section import Section
from crmlib.params.segments import DEFAULT_SEGMENTS, SegmentRule, check_segments
from crmlib.params.tags import DEFAULT_TAGS, TagRule


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


class SegmentationSection(Section):
    """How customers are scored, grouped and valued."""

    bins: int = Field(default=5, ge=2, le=10, description="scores from 1 to this number")
    segments: dict[str, SegmentRule] = Field(
        default=DEFAULT_SEGMENTS,
        description="named segments in their order, by name with the rule of who is in them; every customer is in one",
    )
    new_days: int = Field(
        default=90, ge=1, le=730, description="days since the first purchase up to which a customer is new"
    )
    lifecycle_quantiles: tuple[float, float, float] = Field(
        default=(0.8, 0.9, 0.97),
        description="shares of the returns that come sooner than the limits of at risk, dormant and lost",
    )
    loyal_days: int = Field(default=4, ge=2, le=100, description="purchase days from which a customer is loyal")
    lifetime_weeks: float = Field(default=52, gt=0, le=520, description="horizon of the lifetime value, in weeks")
    discount_rate: float = Field(default=0.10, ge=0, lt=1, description="yearly discount rate of the lifetime value")
    margin: float = Field(
        default=1.0, gt=0, le=1, description="share of revenue that is margin; 1 gives value in revenue"
    )
    cohort_by: Literal["week", "month", "quarter"] = Field(
        default="month", description="period in which customers of one cohort were won, and by which they are followed"
    )
    cohort_months: int = Field(
        default=24,
        ge=2,
        le=60,
        description="acquisition months shown in the cohort picture; as many weeks or quarters where cohort_by says so",
    )
    holdout_share: float = Field(
        default=0.25, gt=0, lt=0.9, description="last part of the history held out to test the purchase model"
    )
    basket_orders: int = Field(
        default=100, ge=10, description="orders that must hold an article before it is compared with others"
    )
    largest_basket: int = Field(
        default=50, ge=2, le=1000, description="different articles in an order above which it says nothing about pairs"
    )
    found: FoundRules = FoundRules()
    tags: dict[str, TagRule] = Field(
        default=DEFAULT_TAGS, description="tags by name with the rule that a customer carries them by"
    )
    tags_window_months: int = Field(
        default=12, ge=1, le=12, description="months that money, orders and shares of a tag's rule look back over"
    )
    seed: int = Field(default=20261102, description="seed of everything random in this chapter")

    @model_validator(mode="after")
    def _segments_hold_everybody(self) -> Self:
        check_segments(self.segments)
        return self

    @model_validator(mode="after")
    def _limits_ascend(self) -> Self:
        at_risk, dormant, lost = self.lifecycle_quantiles
        if not 0 < at_risk < dormant < lost < 1:
            raise ValueError("lifecycle_quantiles are three shares in rising order between 0 and 1")
        return self
