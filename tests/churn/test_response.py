"""What own campaigns did to leaving: planted, and found again among the active customers."""

from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.churn.money.response import campaign_outcomes, measured_response, response_of

LIMITS = {"horizon_days": 60, "active_days": 100}
CONTACT = date(2026, 3, 1)
UNTIL = date(2026, 6, 1)


def days_of(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "day"]).assign(amount=10.0, gap=1)
    return ibis.memtable(frame.assign(day=pd.to_datetime(frame["day"]))).mutate(day=lambda t: t.day.cast("date"))


def contacts_of(rows):
    frame = pd.DataFrame(rows, columns=["campaign_id", "customer_id", "arm", "contacted_at"])
    return ibis.memtable(frame.assign(contacted_at=pd.to_datetime(frame["contacted_at"], format="ISO8601")))


def test_who_counts_by_hand():
    at = f"{CONTACT} 20:00"
    after = {"a": 1, "b": 60, "c": 61, "d": 0, "late": 5, "other": 9}
    bought = [(who, CONTACT + timedelta(days=days)) for who, days in after.items()]
    # gone bought too long ago, today on the day of the contact alone: neither was known to be active
    bought += [(who, CONTACT - timedelta(days=100)) for who in ("a", "b", "c", "d", "other", "late", "silent")]
    bought += [("gone", CONTACT - timedelta(days=101)), ("gone", CONTACT + timedelta(days=3)), ("today", CONTACT)]
    who = [("A", name, "treatment", at) for name in ("a", "b", "c", "d", "gone", "today", "silent")]
    who += [("A", "other", "control", at), ("B", "late", "treatment", "2026-04-02"), ("A", "a", "treatment", at)]
    counts = campaign_outcomes(contacts_of(who), days_of(bought), UNTIL, **LIMITS).set_index(["campaign_id", "arm"])
    # of B the horizon has not gone by; c came a day too late, d before the contact, silent not at all
    assert counts.index.tolist() == [("A", "control"), ("A", "treatment")]
    assert counts["customers"].tolist() == [1, 5]
    assert counts["responses"].tolist() == [1, 2]


@pytest.fixture(scope="module")
def planted():
    """Contact 6,000 active customers in two campaigns, most in one; half of whom leave, a tenth of them are kept."""
    rng = np.random.default_rng(11)
    contacts, bought = [], []
    for n in range(6_000):
        who, campaign = f"c{n}", "A" if n % 3 else "B"
        treated = rng.random() < (0.5 if campaign == "A" else 0.8)
        contacts.append((campaign, who, "treatment" if treated else "control", CONTACT))
        bought.append((who, CONTACT - timedelta(days=int(rng.integers(1, 90)))))
        leaves = rng.random() < 0.5 and not (treated and rng.random() < 0.1)
        if not leaves:
            bought.append((who, CONTACT + timedelta(days=int(rng.integers(1, 60)))))
    return contacts_of(contacts), days_of(bought)


def test_the_planted_share_of_leavers_kept_is_found_again(planted):
    found = response_of(*planted, UNTIL, **LIMITS)
    assert found.campaigns == 2
    assert (found.fall.n, found.kept.n) == (6_000, 6_000)
    # a fall of 5 points of a churn rate of 50 %: a tenth of the leavers; within four standard errors
    for estimate, truth in ((found.fall, 0.05), (found.kept, 0.1)):
        error = (estimate.high - estimate.low) / (2 * 1.96)
        assert estimate.value == pytest.approx(truth, abs=4 * error)
        assert estimate.excludes(0)
    assert found.kept.value == pytest.approx(found.fall.value / 0.5, rel=0.1)


def test_without_contacts_without_a_control_group_or_with_few_nothing_is_measured(planted):
    contacts, days = planted
    assert response_of(None, days, UNTIL, **LIMITS) is None
    treated = contacts.filter(contacts.arm == "treatment")
    assert response_of(treated, days, UNTIL, **LIMITS) is None
    assert response_of(contacts, days, CONTACT + timedelta(days=30), **LIMITS) is None
    few = campaign_outcomes(contacts, days, UNTIL, **LIMITS).assign(customers=30, responses=15)
    assert measured_response(few.head(2)) is None
