"""The knobs of chapter 03: the horizon of churn and how the models are tested."""

from pydantic import Field

from crmlib.params.section import Section


class ChurnSection(Section):
    """What leaving means here, and how far back the test goes."""

    horizon_days: int = Field(
        default=90, ge=7, le=730, description="a customer who does not buy within this many days counts as churned"
    )
    cutoffs: int = Field(default=4, ge=1, le=24, description="earlier cutoffs used for training")
    resamples: int = Field(default=500, ge=50, le=10_000, description="resamples of the paired bootstrap")
    seed: int = Field(default=20261101, description="seed of everything random in this chapter")
