"""The chapter's measures: what its headline numbers are called, and what they mean."""

from crmlib.measures import Measure
from crmlib.words import N_

CHURN_RATE = Measure(
    code="churn_rate", title=N_("Churn rate"), unit="share", people=N_("customers active at the cutoff"),
    source="transactions: customer_id, ordered_at",
    meaning=N_("customers active {horizon} before the end of the data who have bought nothing since, of all of them"),
)  # fmt: skip
ACTIVE_CUSTOMERS = Measure(
    code="active_customers", title=N_("Active customers"), unit="people", people=N_("active customers"),
    source="transactions: customer_id, ordered_at",
    meaning=N_("customers who bought in the last {active}"),
)  # fmt: skip
SALES_AT_RISK = Measure(
    code="sales_at_risk", title=N_("Sales at risk"), unit="money", people=N_("active customers"),
    source="transactions: customer_id, ordered_at, amount",
    meaning=N_(
        "what active customers usually spend in {horizon}, together no more than all known customers spent in the last "
        "{horizon}, each times the probability to buy nothing in that time"
    ),
)  # fmt: skip
LIKELY_TO_LEAVE = Measure(
    code="likely_to_leave", title=N_("Likely to leave"), unit="people", people=N_("active customers"),
    source="transactions: customer_id, ordered_at",
    meaning=N_("active customers, not dormant or lost, whose probability to buy nothing in {horizon} is above {least}"),
)  # fmt: skip
VALUABLE_AT_RISK = Measure(
    code="valuable_at_risk", title=N_("Valuable and likely to leave"), unit="people", people=N_("active customers"),
    source="transactions: customer_id, ordered_at, amount",
    meaning=N_(
        "those of the likely to leave who are worth more than the mean of all active customers (lifetime value of "
        "chapter 02; their usual spend where it tells none)"
    ),
)  # fmt: skip
SCORE_AUC = Measure(
    code="score_auc", title=N_("Pairs in the right order"), unit="share", people=N_("customers active at the cutoff"),
    source="transactions: customer_id, ordered_at",
    meaning=N_(
        "how often the score put an active customer who left above one who stayed, at the last cutoff that could be "
        "tested (AUC; a coin gives 50 %; of all known customers where too few of the active left or stayed)"
    ),
)  # fmt: skip
