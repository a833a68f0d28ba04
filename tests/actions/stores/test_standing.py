"""A bad store is found, equal ones are called equal, whatever a store is called."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.actions import one_store, show_store_answer, show_store_figures, show_stores
from crmlib.actions.stores.gathering import COLUMNS, put_together
from crmlib.actions.stores.standing import BETTER, COMPLAINTS, LEAVING, NEW, SALES, WORSE, compare_stores, one_thing
from crmlib.stats.control import ControlLimits

STORES = [f"S{number}" for number in range(12)]
NASTY = ["../../etc", "a'b\"<script>", "上海 {name}", "S3"]


def scorecard(rng, *, stores=12, likely=None, new=None, complaints=None, growth=None):
    """Draw the figures of stores that are alike but for what is given by store."""
    n, months = 300, 400
    k = rng.binomial(n, np.full(stores, 0.3) if likely is None else likely)
    news = rng.binomial(months, np.full(stores, 0.15) if new is None else new)
    made = rng.poisson(40 * (np.ones(stores) if complaints is None else np.asarray(complaints)))
    then, now = (rng.poisson(300 * mean) for mean in (np.ones(stores), np.ones(stores) if growth is None else growth))
    money = [np.array([rng.gamma(1.0, 50.0, size).sum() for size in buyers]) for buyers in (then, now)]
    rows = pd.DataFrame({"item": [f"S{number}" for number in range(stores)]})
    rows = rows.assign(
        kind="store", name=rows["item"], scored="", net=money[1], net_then=money[0], change=money[1] / money[0] - 1,
        change_people=np.minimum(then, now), sales_error=np.sqrt(2 / then + 2 / now), buyers=now, active=months,
        new=news, customers=n, likely=k, other_customers=n * (stores - 1), other_likely=k.sum() - k, complainers=made,
        complaints=made, complaint_orders=1500, rate=made / 1.5,
        complaint_z=ControlLimits.of(made, np.full(stores, 1500)).z,
    )  # fmt: skip
    return rows.reindex(columns=list(COLUMNS))


def differing(place, bad, usual):
    """Give a value to all stores but one."""
    return np.where(np.arange(12) == place, bad, usual)


@pytest.mark.parametrize(
    ("figure", "planted", "size"),
    [
        (LEAVING, {"likely": differing(4, 0.5, 0.3)}, 60),
        (NEW, {"new": differing(4, 0.05, 0.15)}, 40),
        (COMPLAINTS, {"complaints": differing(4, 2.5, 1)}, 60),
        (SALES, {"growth": differing(4, 0.5, 1)}, 7_500),
    ],
)
def test_a_store_that_does_worse_is_found_by_the_figure_and_sized(figure, planted, size):
    found = one_thing(compare_stores(scorecard(np.random.default_rng(1), **planted)))
    assert found[["item", "figure"]].to_numpy().tolist() == [["S4", figure]]
    assert found["size"].iloc[0] == pytest.approx(size, rel=0.4)  # four standard errors of the noisiest
    assert found["rank"].iloc[0] == 12
    assert found["rank_low"].iloc[0] >= 10


def test_a_store_that_does_better_is_no_reason_to_do_anything():
    compared = compare_stores(scorecard(np.random.default_rng(2), likely=differing(4, 0.15, 0.3)))
    assert compared.loc[compared["stands"] == BETTER, "item"].tolist() == ["S4"]
    assert one_thing(compared).empty


def test_equal_stores_are_called_equal():
    """Chance alone takes one comparison of twenty beyond 5 %, and next to none beyond the false-discovery control."""
    rng = np.random.default_rng(3)
    chains = pd.concat([compare_stores(scorecard(rng)).assign(chain=chain) for chain in range(40)])
    error = (0.05 * 0.95 / len(chains)) ** 0.5
    assert (chains["p"] < 0.05).mean() == pytest.approx(0.05, abs=4 * error)
    called = (chains["stands"] != "alike").groupby(chains["chain"]).any().mean()
    assert called <= 0.05 + 4 * (0.05 * 0.95 / 40) ** 0.5


def test_ranks_of_equal_stores_say_nothing():
    compared = compare_stores(scorecard(np.random.default_rng(4)))
    ranges = compared["rank_high"] - compared["rank_low"]
    assert ranges.groupby(compared["figure"]).median().min() >= 6


def test_what_rests_on_too_few_people_is_not_compared():
    rows = scorecard(np.random.default_rng(5), likely=differing(4, 0.9, 0.3)).assign(customers=5)
    assert LEAVING not in set(compare_stores(rows, fewest=10)["figure"])


def test_the_numbers_of_the_chapters_meet_by_store_whatever_it_is_called():
    rows = told(NASTY)
    assert rows["item"].tolist() == NASTY
    assert rows["name"].tolist() == ["../../etc", "a'b\"<script>", "Shanghai {x}", "S3"]
    assert rows["score"].tolist() == [0.0, 1.0, 2.0, 3.0]
    assert rows["rate"].tolist() == [10.0, 11.0, 12.0, 13.0]
    assert rows["listed"].tolist() == [0, 2, 0, 0]
    assert compare_stores(rows).empty or one_thing(compare_stores(rows))["figure"].isin([WORSE]).sum() == 0


def test_channels_stand_where_there_are_no_stores_and_nothing_where_neither():
    assert set(told(["web", "app"], "channel")["kind"]) == {"channel"}
    assert told(["web"], "channel").empty


def test_nothing_is_compared_where_nothing_sells_apart_and_what_no_chapter_tells_is_left_out():
    assert compare_stores(told(["web"], "channel")).empty
    rows = scorecard(np.random.default_rng(6))
    silent = rows.assign(
        complainers=np.nan, complaints=np.nan, complaint_orders=np.nan, rate=np.nan, complaint_z=np.nan
    )
    assert set(compare_stores(silent)["figure"]) == {SALES, LEAVING, NEW}
    nothing = rows.assign(change=np.nan, customers=np.nan, active=0.0, new=0.0, complaints=np.nan, rate=np.nan)
    assert compare_stores(nothing).empty


@pytest.mark.parametrize(("items", "part"), [(NASTY, "store"), (["web", "app"], "channel"), (["web"], "channel")])
def test_the_scorecard_is_calm_and_harmless(run, items, part):
    rows = told(items, part)
    listed = pd.DataFrame({"arm": ["contact"], "store_id": items[:1], "action": "Call", "customer_id": "c",
                           "due": pd.Timestamp("2026-11-08")})  # fmt: skip
    found = SimpleNamespace(stores=rows, standing=compare_stores(rows, run.fewest), listed=listed)
    shown = show_stores(found, run)
    assert "<script>" not in shown.html
    assert shown.text.startswith(("No ", "(nothing"))
    for item in items if part == "store" else ():
        own = one_store(run, item)
        assert not any("<script>" in show(own, run).html for show in (show_store_answer, show_store_figures))


def told(items, part="store"):
    """Put together what chapters tell of a few stores."""
    place = np.arange(len(items), dtype="float64")
    figures = pd.DataFrame({
        "window": "period", "part": part, "item": items, "net": 1000.0, "orders": 30.0, "buyers": 20.0, "active": 20.0,
        "new": 3.0, "largest": 0.1, "average_order_value_low": 20.0, "average_order_value_high": 40.0,
    })  # fmt: skip
    names = {"上海 {name}": "Shanghai {x}"}
    named = [names.get(item, item) for item in items]
    tables = {
        "business_figures": figures,
        "part_changes": pd.DataFrame(),
        "churn_groups": pd.DataFrame({"kind": f"main_{part}", "name": items, "customers": 50, "likely": 10,
                                      "other_customers": 150, "other_likely": 30}),
        "satisfaction_places": pd.DataFrame({"kind": part, "name": named, "people": 30, "score": "nps", "value": place,
                                             "low": place - 5, "high": place + 5, "difference": 0.0, "p": 0.9}),
        "complaint_rates": pd.DataFrame({"kind": part, "name": items, "people": 20, "complaints": 20, "orders": 2000,
                                         "rate": 10 + place, "rate_low": 5.0, "rate_high": 15.0, "z": 0.0}),
    }  # fmt: skip
    listed = pd.DataFrame({"store_id": [items[-1 if len(items) < 3 else 1]] * 2, "arm": "contact",
                           "main_channel": items[0]})  # fmt: skip
    return put_together(tables, listed, names)
