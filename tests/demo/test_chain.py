"""The simulated chain as a whole: its size, its shape and what must hold for every row of it."""

import numpy as np
import pandas as pd

from crmlib.demo import Chain, Plan, simulate
from crmlib.demo.sales import NON_PRODUCTS, RETURN_PREFIX


def test_it_has_the_size_that_was_asked_for(chain: Chain) -> None:
    assert len(chain.people) == 6_000
    assert 110_000 <= len(chain.sales) <= 130_000
    assert len(chain.stores) == 8
    assert set(chain.sales["channel"]) == {"store", "web", "mini_program"}


def test_it_lasts_24_months_and_some_days_more(chain: Chain) -> None:
    first, last = chain.sales["ordered_at"].min(), chain.sales["ordered_at"].max()
    assert first.date() == chain.plan.start
    assert last < pd.Timestamp(chain.plan.end)
    after = chain.sales["ordered_at"] >= pd.Timestamp(chain.plan.as_of)
    assert 300 < after.sum() < 3_000
    assert chain.sales["ordered_at"].dt.to_period("M").nunique() == 25


def test_the_same_plan_gives_the_same_chain() -> None:
    one, two = simulate(Plan(seed=5, members=300)), simulate(Plan(seed=5, members=300))
    for name in ("people", "sales", "accounts", "interactions", "surveys", "contacts"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_another_seed_gives_another_chain() -> None:
    one, two = simulate(Plan(seed=5, members=300)), simulate(Plan(seed=6, members=300))
    assert one.sales["amount"].sum() != two.sales["amount"].sum()


def test_amounts_are_what_quantity_price_and_discount_say(chain: Chain) -> None:
    sales = chain.sales
    sold = sales[~sales["is_return"]]
    worked_out = (sold["quantity"] * sold["unit_price"]).round(2) - sold["discount"]
    # Half a cent of rounding at the most.
    assert (sold["amount"] - worked_out).abs().max() < 0.006
    back = sales[sales["is_return"]]
    assert (back["amount"] < 0).all()
    assert (back["quantity"] < 0).all()


def test_money_is_in_whole_cents(chain: Chain) -> None:
    cents = chain.sales["amount"] * 100
    assert (cents - cents.round()).abs().max() < 1e-6


def test_returns_undo_something_that_was_sold_before(chain: Chain) -> None:
    sales = chain.sales
    back = sales[sales["is_return"]]
    assert back["order_id"].str.startswith(RETURN_PREFIX).all()
    assert not sales.loc[~sales["is_return"], "order_id"].str.startswith(RETURN_PREFIX).any()
    sold = sales[~sales["is_return"]].groupby(["parcel", "product_id"])
    joined = back.join(sold.agg(units=("quantity", "sum"), at=("ordered_at", "min")), on=["parcel", "product_id"])
    assert (joined["at"] < joined["ordered_at"]).all()
    returned = back.groupby(["parcel", "product_id"])["quantity"].sum()
    assert (-returned <= sold["quantity"].sum().reindex(returned.index) + 1e-9).all()
    assert 0.5 < back["returned_order_id"].notna().mean() < 0.8
    named = back[back["returned_order_id"].notna()]
    assert (named["returned_order_id"].to_numpy() == chain.orders["order_id"].to_numpy()[named["parcel"]]).all()


def test_services_are_no_products(chain: Chain) -> None:
    services = chain.sales[~chain.sales["is_product"]]
    assert set(services["product_id"]) == set(NON_PRODUCTS)
    assert (services.loc[services["product_id"] == "VOUCHER", "amount"] < 0).all()


def test_nobody_buys_before_joining_or_after_leaving(chain: Chain) -> None:
    visits = chain.visits
    left = visits[visits["leaves"]].groupby("person")["at"].agg(["min", "size"])
    assert (left["size"] == 1).all()
    after = visits.join(left["min"].rename("left"), on="person")
    assert (after["at"] <= after["left"].fillna(np.inf)).all()
    first = visits.groupby("person")["at"].min()
    assert (first >= chain.people["first_day"].reindex(first.index) - 1e-6).all()
    prospects = chain.people.index[chain.people["prospect"]]
    assert not visits["person"].isin(prospects).any()
    assert 0.02 < len(prospects) / len(chain.people) < 0.06


def test_stores_sell_only_while_they_are_open(chain: Chain) -> None:
    opened = chain.sales[chain.sales["store_id"] == "S08"]["ordered_at"].min()
    assert opened >= pd.Timestamp("2025-09-01")
    new_year = chain.sales[chain.sales["ordered_at"].dt.normalize() == pd.Timestamp("2026-02-17")]
    sold = new_year[~new_year["is_return"] & (new_year["product_id"] != "ADJ")]
    assert set(sold["channel"]) == {"web", "mini_program"}


def test_orders_have_numbers_of_their_own(chain: Chain) -> None:
    assert chain.orders["order_id"].is_unique
    by_order = chain.sales.groupby("order_id")[["person", "ordered_at", "store_id"]].nunique()
    assert (by_order["person"] == 1).all()
    assert (by_order["ordered_at"] == 1).all()


def test_names_are_chinese_and_english(chain: Chain) -> None:
    chinese = chain.people["name"].str.contains(r"[\u4e00-\u9fff]")
    assert 0.8 < chinese.mean() < 0.95
    assert chain.assortment.products["name"].str.contains(r"[A-Za-z]{4}").any()
    assert not chain.surveys["comment"].dropna().str.contains(r"^[\x00-\x7f]*$").all()
