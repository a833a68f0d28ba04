"""The knobs of chapter 05: which reason leads to which action."""

from pydantic import Field

from crmlib.params.section import Section


class ActionRule(Section):
    """One row of the action table: a reason a customer is listed for, and what to do."""

    reason: str = Field(description="reason code that a chapter gave a candidate")
    action: str = Field(description="what the team does, in words for the list")
    channel: str = Field(default="", description="how the customer is contacted")


class ActionsSection(Section):
    """The action table, first match first, and how long a list may be."""

    rules: list[ActionRule] = Field(
        default=[
            ActionRule(reason="open_complaint", action="Call back and settle the complaint", channel="phone"),
            ActionRule(reason="unhappy", action="Ask what went wrong and put it right", channel="phone"),
            ActionRule(reason="valuable_at_risk", action="Personal call with an offer of service", channel="phone"),
            ActionRule(
                reason="left_best_segment", action="Win-back message with a reason to return", channel="message"
            ),
            ActionRule(reason="returned_and_quiet", action="Ask about the return and offer help", channel="message"),
            ActionRule(reason="likely_to_leave", action="Reminder with what is new", channel="message"),
            ActionRule(reason="second_purchase", action="Invite to the second purchase", channel="message"),
        ],
        description="reason, action and channel, the most urgent first; a customer is listed once",
    )
    at_most: int = Field(default=500, ge=1, description="customers on the list at the most")
