"""The knobs of chapters 03 and 04, of privacy and of a run: what each may be, and what it means."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from crmlib.params.ranges import Money, PositiveMoney, PositiveShare, Share
from crmlib.params.section import Section
from crmlib.tables.vocabulary import SCORE_PREFIX

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ChurnSection(Section):
    """What leaving means here, how far back the test goes, and what a campaign to keep customers would cost."""

    horizon_days: int = Field(
        default=90, ge=7, le=730, description="a customer who does not buy within this many days counts as churned"
    )
    ends_column: Literal["member_until"] | None = Field(
        default=None,
        description=(
            "column of customers with the day a membership ends: who let it end and did not renew has then left"
        ),
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
    least_risk: Annotated[float, Field(ge=0, lt=1)] | Literal["money"] = Field(
        default=0.5,
        description=(
            "nobody is called likely to leave whose probability to buy nothing is not above this; money: the "
            "probability from which a contact pays"
        ),
    )
    margin: PositiveShare | None = Field(
        default=None, description="share of revenue that is margin; segmentation.margin where not given"
    )
    kept_value: PositiveMoney | None = Field(
        default=None,
        description="margin that a customer who stays brings; where not given, each one's usual spend in a horizon × "
        "margin",
    )
    incentive_cost: Money | None = Field(
        default=None, description="cost of the incentive where it is taken, in money; else incentive_share says it"
    )
    incentive_share: Share = Field(
        default=(0.025, 0.05, 0.1),
        description="cost of the incentive as a share of the mean value of a customer who stays",
    )
    contact_cost: Money | None = Field(
        default=None, description="cost of a contact in money; else contact_cost_share says it"
    )
    contact_cost_share: Share = Field(
        default=(0.0025, 0.005, 0.01),
        description="cost of a contact as a share of the mean value of a customer who stays",
    )
    share_kept: Share | None = Field(
        default=None,
        description="share of the leavers that a contact keeps; where not given, what own campaigns with a control "
        "group kept, else 10 to 50 %, likely 30 %",
    )

    @property
    def active_window(self) -> int:
        """Days within which who bought can still be kept."""
        return self.active_days or 2 * self.horizon_days

    @model_validator(mode="before")
    @classmethod
    def _nothing_that_went(cls, value: Any) -> Any:
        if isinstance(value, dict) and "contact_share" in value:
            raise ValueError("contact_share: whoever is above least_risk is put forward now. Leave it out")
        old = {"acceptance_alpha", "acceptance_beta"} & set(value if isinstance(value, dict) else ())
        if old:
            raise ValueError(
                f"{' and '.join(sorted(old))}: the share of leavers that an offer keeps is a range now. Write "
                "share_kept: [0.1, 0.3, 0.5], which is what alpha 6 and beta 14 said, or nothing: then own campaigns "
                "say it"
            )
        return value


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
    words: list[Word] = Field(default=[], description="own words of the trade that a Chinese comment is not cut within")
    aspects: dict[Word, list[Word]] = Field(
        default={}, description="what comments are searched for, by name: words added to those known, or a new aspect"
    )

    @model_validator(mode="after")
    def _scales_of_scores(self) -> Self:
        for name in self.scales:
            if not name.startswith(SCORE_PREFIX):
                raise ValueError(f"scales: {name!r} is no score. Scores are called {SCORE_PREFIX}…, as in the columns")
        return self


class PrivacySection(Section):
    """What may be shown and how customers get their pseudonyms."""

    threshold: int = Field(default=10, ge=1, description="fewer people than this are not shown")
    base: int = Field(default=5, ge=1, description="counts of people are rounded to this base")
    key_env: str = Field(default="CRM_KEY", description="environment variable that holds the key of the pseudonyms")
    key_file: str | None = Field(default=None, description="file that holds the key, mode 0600")
    demo_key: bool = Field(default=False, description="use the published demo key; for simulated data only")
    previous_key_env: str | None = Field(
        default=None, description="environment variable that holds the key before, to open the identity map once more"
    )
    previous_key_file: str | None = Field(
        default=None, description="file that holds the key before, mode 0600; pseudonyms stay as they were"
    )
    consent: Literal["not_refused", "required", "ignore"] = Field(
        default="not_refused",
        description=(
            "who stands in customer tables: all who have not refused analysis (not_refused), only those who agreed "
            "(required), or everybody (ignore); the others' sales count in the shop's totals without a customer"
        ),
    )
    undeclared: Literal["mask", "stop"] = Field(
        default="mask",
        description="personal data in columns nobody declared: mask them and say so, or stop the run",
    )

    encrypt: bool = Field(
        default=False,
        description="whether lists and the state of the series are encrypted with its key while nobody works with "
        "them; clean tables and those of chapters are not",
    )
    queries_read_files: bool = Field(
        default=False,
        description="whether a `query` may read files and tables by itself, as read_csv and 'file.csv' do, and not "
        "only the names under `files`",
    )


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
    keep_stages: int = Field(
        default=3,
        ge=1,
        description="newest periods whose clean tables are kept; a run removes older ones' when it ends",
    )
    per_store: bool = Field(default=False, description="whether each store gets a page of its own")
    parallel: int = Field(default=2, ge=1, le=8, description="notebooks run at the same time where they can be")
    notices: NoticesSection = Field(default_factory=NoticesSection, description="who is told how a run ended")
