"""The knobs of chapter 04: which scores mean what."""

from pydantic import Field

from crmlib.params.section import Section


class SatisfactionSection(Section):
    """Scales of the survey and how satisfaction is tied to behaviour."""

    recommend: str = Field(default="score_recommend", description="the 0 to 10 question of the net promoter score")
    overall: str = Field(default="score_satisfaction", description="the overall satisfaction score")
    top: float = Field(default=5, description="scores of this value and above are the top box")
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
