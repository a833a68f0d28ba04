"""The knobs of chapter 05: which reason leads to which action, by whom and until when, and what limits a list."""

from typing import Any, Final, Literal

from pydantic import Field, model_validator

from crmlib.params.ranges import Money, Share
from crmlib.params.section import Section

STORE: Final = "store"
"""The owner that is each customer's main store."""


class ActionRule(Section):
    """One row of the action table: a reason a customer is put forward for, what is done, by whom and until when."""

    reason: str = Field(description="reason code that a chapter gave a candidate")
    action: str = Field(description="what the team does, in words for the list")
    channel: str = Field(default="", description="how the customer is contacted, a name under actions.channels")
    owner: str = Field(default="head office", description="who does it; store: the customer's main store")
    days: int = Field(default=14, ge=0, description="until when, in days from the first day after the period")
    kind: Literal["duty", "service", "marketing"] = Field(
        default="marketing",
        description="duty: comes first, whatever the gain; service: an answer to something, by gain; marketing: by "
        "gain, and not to who refused contacts, was contacted just now or often enough",
    )
    effect: Share | None = Field(
        default=None,
        description="share won over of those who would otherwise not buy; where not given, what own campaigns with a "
        "control group tell, else an assumption by reason (docs/methods.md)",
    )
    offer: Money | None = Field(
        default=None,
        description="cost of the offer where it is taken; where not given, that of chapter 03 for its own reasons, "
        "none for others",
    )
    control: bool = Field(
        default=True, description="whether a part is left alone at random, to measure the action; of marketing alone"
    )

    @model_validator(mode="before")
    @classmethod
    def _service_is_not_withheld(cls, value: Any) -> Any:
        """Withhold no service from anybody."""
        if not isinstance(value, dict) or value.get("kind", "marketing") == "marketing":
            return value
        if value.get("control"):
            raise ValueError(f"nobody is left without a {value['kind']} at random: leave out control, or say false")
        return value | {"control": False}


class Channel(Section):
    """What a contact by this channel costs, and how many the team can make."""

    cost: Money | None = Field(default=None, description="cost of a contact in money; else cost_share says it")
    cost_share: Share | None = Field(
        default=None,
        description="cost of a contact as a share of the mean value of a customer who stays; where not given, that of "
        "chapter 03",
    )
    a_day: float | None = Field(default=None, gt=0, description="contacts a working day; no limit where not given")


class ContactCap(Section):
    """How often a customer may be contacted."""

    contacts: int = Field(default=4, ge=1, description="marketing contacts at the most")
    days: int = Field(default=90, ge=1, description="within so many days")


class ActionsSection(Section):
    """The action table, what a list may cost, and who is left in peace."""

    rules: list[ActionRule] = Field(
        default=[
            ActionRule(
                reason="open_complaint", action="Call back, settle the complaint", channel="phone",
                owner="service desk", days=3, kind="duty",
            ),
            ActionRule(
                reason="unhappy", action="Call, put right what went wrong", channel="phone",
                owner="service desk", days=7, kind="service",
            ),
            ActionRule(
                reason="unhappy", action="Write, put right what went wrong", channel="message",
                owner="service desk", days=7, kind="service", effect=(0.0, 0.05, 0.15),
            ),
            ActionRule(
                reason="returned_and_quiet", action="Ask about the return, help", channel="message",
                owner="service desk", days=7, kind="service",
            ),
            ActionRule(
                reason="valuable_at_risk", action="Personal call, offer of service", channel="phone",
                owner=STORE, days=10,
            ),
            ActionRule(
                reason="valuable_at_risk", action="Personal message, offer of service", channel="message",
                owner=STORE, days=10,
            ),
            ActionRule(reason="just_overdue", action="Reminder of what is new", channel="message", days=7),
            ActionRule(reason="likely_to_leave", action="Message, a reason to return", channel="message"),
            ActionRule(reason="second_purchase", action="Invite to the second purchase", channel="message"),
            ActionRule(
                reason="left_best_segment", action="Thank-you to a regular", channel="message",
                owner=STORE, days=21,
            ),
            ActionRule(reason="next_category", action="Suggest what goes with it", channel="message", days=21),
            ActionRule(reason="win_back", action="Win-back message", channel="message", days=28),
        ],
        description="reason, action, channel, owner, days and more; each customer gets the one that brings most, and "
        "of several for one reason the first that pays",
    )  # fmt: skip
    channels: dict[str, Channel] = Field(
        default={"phone": Channel(cost_share=(0.025, 0.05, 0.1), a_day=25), "message": Channel()},
        description="cost of a contact by channel, and how many a day",
    )
    working_days: int = Field(default=20, ge=1, description="days on which the team contacts customers")
    budget: float | None = Field(default=None, ge=0, description="contacts and offers cost at the most; none: no limit")
    quiet_days: int = Field(default=14, ge=0, description="no marketing so soon after a contact")
    contact_cap: ContactCap = Field(default=ContactCap(), description="no marketing to who had so many contacts")
    window_days: int = Field(
        default=14, ge=1, le=365, description="purchases of so many whole days after a contact are put down to it"
    )
    point_value: float | None = Field(
        default=None, gt=0, description="money that a loyalty point is worth when it is redeemed"
    )
    at_most: int | None = Field(default=None, ge=1, description="customers on the list at the most; none: no limit")
    control_share: float | None = Field(
        default=None,
        ge=0.05,
        le=0.5,
        description="share left alone at random; where not given, the least from 10 to 50 % that shows the likely "
        "effect, else one half",
    )
    seed: int = Field(default=20261101, description="seed of the draw of who is left alone, beside the period")
