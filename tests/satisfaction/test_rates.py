"""Complaints per 1,000 orders: hand-counted, and the simulated chain's store that displeases."""

import pandas as pd
import pytest

from crmlib.satisfaction.overview import of_last_year
from crmlib.satisfaction.service.complaints import read_complaints
from crmlib.satisfaction.service.followed import follow
from crmlib.satisfaction.service.rates import (
    ABOVE,
    ALIKE,
    by_month,
    categories_ordered,
    complaint_rates,
    members_orders,
)


def _orders(**stores):
    rows = [(store, "store", pd.Timestamp("2026-03-01"), True, n) for store, n in stores.items()]
    return pd.DataFrame(rows, columns=["store", "channel", "month", "recent", "orders"]).astype({"recent": bool})


def _complaints(**stores):
    rows = [(f"{store}{i}", store, pd.Timestamp("2026-03-05")) for store, n in stores.items() for i in range(n)]
    frame = pd.DataFrame(rows, columns=["customer_id", "store_id", "at"])
    return frame.assign(order_store=None, order_channel=None)


def test_members_orders_are_counted(lines):
    found = members_orders(lines, pd.Timestamp("2026-04-15").date())
    assert found["orders"].sum() == 5 - 1  # the order of returns alone is none, the anonymous sale is no member's
    assert found.groupby("store")["orders"].sum().to_dict() == {"S1": 1, "S2": 1}
    assert found["recent"].all()


def test_the_store_with_far_more_complaints_stands_out_and_no_other():
    orders = _orders(S1=2000, S2=2000, S3=2000, S4=2000, S5=2000)
    found = complaint_rates(_complaints(S1=50, S2=47, S3=52, S4=49, S5=110), orders, None).set_index("name")
    assert found.loc["S5", ["rate", "people", "stands"]].tolist() == [55, 110, ABOVE]
    assert (found.drop(index="S5")["stands"] != ABOVE).all()


def test_equal_stores_are_alike():
    found = complaint_rates(_complaints(S1=50, S2=47, S3=52), _orders(S1=2000, S2=2000, S3=2000), None)
    assert set(found["stands"]) == {ALIKE}


@pytest.mark.parametrize("orders", [_orders(S1=200), _orders()])
def test_one_store_or_none_is_compared_with_nothing(orders):
    assert complaint_rates(_complaints(S1=5), orders, None).empty


@pytest.mark.parametrize(("known", "kinds"), [(40, {"channel"}), (20, set())])
def test_channels_have_rates_only_where_most_complaints_say_their_order(known, kinds):
    orders = pd.concat([_orders(S1=500), _orders(S1=500).assign(channel="web")])
    channels = (["store", "web"] * 20)[:known] + [None] * (40 - known)
    found = complaint_rates(_complaints(S1=40).assign(order_channel=channels), orders, None)
    assert set(found["kind"]) == kinds


def test_months_have_the_rate_of_their_own_complaints():
    months = by_month(_complaints(S1=10), _orders(S1=500))
    assert months[["rate", "people"]].to_numpy().tolist() == [[20, 10]]


@pytest.fixture(scope="module")
def simulated(demo_run):
    """Give the last year's complaints of the demo with their orders, and their rates."""
    complaints = read_complaints(demo_run)
    orders = demo_run.table("orders")
    made = of_last_year(follow(orders, complaints, demo_run.as_of), demo_run.as_of)
    rates = complaint_rates(made, members_orders(orders, demo_run.as_of), categories_ordered(demo_run, made))
    return made, rates


def test_the_simulated_store_that_displeases_is_found(simulated, truth):
    _made, rates = simulated
    worst = truth.stores.sort_values("nps")["store_id"].iloc[0]
    stores = rates[rates["kind"] == "store"].set_index("name")["stands"]
    assert stores.index[stores == ABOVE].tolist() == [worst]
    assert {"store", "channel", "category"} == set(rates["kind"])


def test_an_order_with_complaint_counts_once_in_each_of_its_categories(simulated):
    made, rates = simulated
    categories = rates[rates["kind"] == "category"]
    assert categories["complaints"].max() <= made["order_id"].nunique() < categories["complaints"].sum()
