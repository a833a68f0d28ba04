"""The knobs of chapter 04: which scores mean what."""

from typing import Self

from pydantic import Field, model_validator

from crmlib.params.section import Section
from crmlib.tables.vocabulary import SCORE_PREFIX


class ScaleRule(Section):
    """What is known of a question's scale; the answers tell the rest, and what they leave in doubt is asked."""

    low: float | None = Field(default=None, description="least answer that can be given")
    high: float | None = Field(default=None, description="greatest answer that can be given; others are left out")
    reversed: bool | None = Field(
        default=None, description="true: the least answer is the best, and scores are turned; false: the greatest is"
    )
    missing: list[float] = Field(default=[], description="values that are no answers, such as 99 for “don't know”")

    @model_validator(mode="after")
    def _is_a_scale(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("a scale has two ends: give both low and high, or neither")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"a scale cannot run from {self.low:g} to {self.high:g}: low is the least answer")
        if self.reversed and self.low is None:
            raise ValueError("a scale is turned between its ends: give low and high beside reversed")
        return self


class SatisfactionSection(Section):
    """Scales of the survey and how satisfaction is tied to behaviour."""

    recommend: str = Field(default="score_recommend", description="the 0 to 10 question of the net promoter score")
    overall: str = Field(default="score_satisfaction", description="the overall satisfaction score")
    scales: dict[str, ScaleRule] = Field(
        default={}, description="scale of a score: {low: 1, high: 5, reversed: true, missing: [99]}"
    )
    top: float | None = Field(
        default=None,
        description="scores of this value and above are the top box; the greatest answer of the scale where not given",
    )
    drivers: list[str] | None = Field(default=None, description="driver scores; every other score where not given")
    weight_by: list[str] = Field(
        default=["tier", "channel", "store", "orders"],
        description="what answers are raked to: columns of customers, main channel, main store, last year's orders",
    )
    window_days: int = Field(
        default=90, ge=7, le=730, description="answers of so many last days make the headline scores"
    )
    answer_days: int = Field(default=14, ge=1, le=120, description="days after an invitation in which an answer counts")
    horizon_days: int = Field(default=90, ge=7, le=730, description="days after an answer in which purchases count")
    seed: int = Field(default=20261101, description="seed of the bootstrap intervals")

    @model_validator(mode="after")
    def _scales_of_scores(self) -> Self:
        for name in self.scales:
            if not name.startswith(SCORE_PREFIX):
                raise ValueError(f"scales: {name!r} is no score. Scores are called {SCORE_PREFIX}…, as in the columns")
        return self
