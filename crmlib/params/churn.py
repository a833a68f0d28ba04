"""The knobs of chapter 03: the horizon of churn, how the models are tested, and what a contact costs."""

from pydantic import Field

from crmlib.params.section import Section


class ChurnSection(Section):
    """What leaving means here, how far back the test goes, and what a campaign to keep customers would cost."""

    horizon_days: int = Field(
        default=90, ge=7, le=730, description="a customer who does not buy within this many days counts as churned"
    )
    cutoffs: int = Field(default=4, ge=1, le=24, description="earlier cutoffs used for training")
    resamples: int = Field(default=500, ge=50, le=10_000, description="resamples of the paired bootstrap")
    seed: int = Field(default=20261101, description="seed of everything random in this chapter")
    longest_gap_days: int = Field(
        default=21,
        ge=1,
        le=365,
        description="a stretch without any sale longer than this counts as missing data, not as a quiet time",
    )
    active_days: int | None = Field(
        default=None,
        ge=1,
        description="customers who bought within this many days can still be kept; two horizons where not given",
    )
    contact_share: float = Field(
        default=0.2, gt=0, le=0.5, description="share of the active customers that a campaign would contact"
    )
    least_risk: float = Field(
        default=0.5,
        ge=0,
        lt=1,
        description="nobody is called likely to leave whose probability to buy nothing is not above this",
    )
    kept_value: float | None = Field(
        default=None,
        gt=0,
        description="margin that a customer who stays brings; where not given, what buyers spent in a horizon × margin",
    )
    incentive_share: float = Field(
        default=0.05, ge=0, lt=1, description="cost of the incentive as a share of the value of a customer who stays"
    )
    contact_cost_share: float = Field(
        default=0.005, ge=0, lt=1, description="cost of a contact as a share of the value of a customer who stays"
    )
    acceptance_alpha: float = Field(
        default=6.0, gt=0, description="beta distribution of the share of leavers that an offer keeps: alpha"
    )
    acceptance_beta: float = Field(
        default=14.0, gt=0, description="beta distribution of the share of leavers that an offer keeps: beta"
    )
