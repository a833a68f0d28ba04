"""What is planted in behaviour is there: rates, leaving, spend, prices, affinities, all within four standard errors."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from crmlib.demo import Chain, Truth
from crmlib.demo.experience import LEAVING_SLOPE, STORE_EFFECTS
from crmlib.demo.feedback import UNRESOLVED_IF_LEAVES, UNRESOLVED_IF_STAYS
from crmlib.demo.outlook import outlook
from crmlib.demo.segments import SEGMENTS
from crmlib.demo.visits import make_season

FOUR = 4.0


def near(estimate: float, truth: float, error: float) -> bool:
    """Say whether an estimate is within four standard errors: by chance once in 16,000 tests."""
    return abs(estimate - truth) < FOUR * error


def test_members_leave_as_often_as_their_own_coin_says(chain: Chain) -> None:
    own = chain.visits[chain.visits["campaign"] < 0]
    chance = chain.people["dropout"].to_numpy()[own["person"]]
    error = np.sqrt((chance * (1 - chance)).sum())
    assert near(own["leaves"].sum(), chance.sum(), error)


def test_members_buy_as_often_as_their_own_rate_says(chain: Chain) -> None:
    season = make_season(chain.plan)
    own = chain.visits[chain.visits["campaign"] < 0].copy()
    own["clock"] = season.until(own["at"])
    until = np.where(own["leaves"], own["clock"], float(season.until(float(chain.plan.horizon))))
    spans = own.assign(until=until).groupby("person").agg(begin=("clock", "first"), until=("until", "last"))
    expected = (chain.people["rate"].reindex(spans.index) / 7 * (spans["until"] - spans["begin"])).sum()
    # Repeat purchases of a Poisson process watched while the member is a customer.
    assert near(len(own) - len(spans), expected, np.sqrt(expected))


@pytest.mark.parametrize("number", range(len(SEGMENTS)))
def test_rates_and_coins_follow_the_segments_distributions(chain: Chain, number: int) -> None:
    segment, people = SEGMENTS[number], chain.people[chain.people["segment"] == number]
    n = len(people)
    assert near(n / len(chain.people), segment.share, np.sqrt(segment.share * (1 - segment.share) / len(chain.people)))
    rate_sd = np.sqrt(segment.r) / segment.alpha
    assert near(people["rate"].mean(), segment.r / segment.alpha, rate_sd / np.sqrt(n))
    total = segment.a + segment.b
    dropout_sd = np.sqrt(segment.a * segment.b / (total**2 * (total + 1)))
    assert near(people["dropout"].mean(), segment.a / total, dropout_sd / np.sqrt(n))


@pytest.mark.parametrize("cutoff", [450, 640])
def test_the_outlook_is_calibrated(chain: Chain, cutoff: int) -> None:
    ahead = outlook(chain, cutoff, [90])
    own = chain.visits[chain.visits["campaign"] < 0]
    later = own[(own["at"] >= cutoff) & (own["at"] < cutoff + 90)]
    counts = later.groupby("person").size().reindex(ahead.index).fillna(0)
    none = counts == 0
    chance = ahead["no_purchase_90"]
    for group in (ahead["purchases"] == 1, ahead["purchases"].between(2, 5), ahead["purchases"] > 5):
        error = np.sqrt((chance * (1 - chance))[group].sum())
        assert near(none[group].sum(), chance[group].sum(), error)
    # Given rate and coin, the count is that of a stopped Poisson process: its variance is at most twice its mean here.
    assert near(counts.sum(), ahead["expected_purchases_90"].sum(), np.sqrt(2 * counts.sum()))


def test_probability_alive_is_calibrated(chain: Chain) -> None:
    ahead = outlook(chain, chain.plan.as_of_day, [30])
    chance = ahead["probability_alive"]
    assert near(ahead["alive"].sum(), chance.sum(), np.sqrt((chance * (1 - chance)).sum()))


def test_low_satisfaction_raises_the_odds_of_leaving_by_the_planted_slope(chain: Chain) -> None:
    mine = chain.experience.join(chain.orders[["person", "leaves", "campaign", "store", "at", "segment", "channel"]])
    mine = mine[mine["campaign"] < 0]
    chance = chain.people["dropout"].to_numpy()[mine["person"]]
    # Bayes' rule: at a given baseline the log odds are linear in what the purchase's own luck added to satisfaction.
    usual = mine["mood"] - mine.groupby(["segment", "store", "channel"])["mood"].transform("mean")
    temper = chain.people["temper"].to_numpy()[mine["person"]]
    design = pd.DataFrame({"mood": usual, "temper": temper, "at": mine["at"] / 730, "constant": 1.0})
    offset = np.log(chance / (1 - chance))
    fit = sm.GLM(mine["leaves"].astype(float), design, family=sm.families.Binomial(), offset=offset).fit()
    # The group means hold a little of the leaving gap itself: some per cent of the slope.
    assert near(fit.params["mood"], LEAVING_SLOPE, fit.bse["mood"] + 0.01)


def test_unresolved_complaints_go_with_leaving(chain: Chain) -> None:
    complaints = chain.interactions[chain.interactions["kind"] == "complaint"]
    leaves = complaints["order_id"].map(chain.orders.set_index("order_id")["leaves"])
    for leaving, share in ((False, UNRESOLVED_IF_STAYS), (True, UNRESOLVED_IF_LEAVES)):
        group = complaints.loc[leaves == leaving, "unresolved"]
        assert near(group.mean(), share, np.sqrt(share * (1 - share) / len(group)))


def test_order_values_keep_to_the_gamma_gamma_means(chain: Chain, truth: Truth) -> None:
    bought = chain.sales[chain.sales["is_product"] & ~chain.sales["is_return"]]
    value = bought.groupby("parcel")["amount"].sum()
    person = chain.orders["person"].reindex(value.index)
    expected = truth.people["mean_order_value"].to_numpy()[person[person >= 0]]
    segment = truth.people["segment"].to_numpy()[person[person >= 0]]
    ratio = pd.Series(value[person >= 0].to_numpy()).groupby(segment).sum() / pd.Series(expected).groupby(segment).sum()
    # Whole units and real price tags: order values follow the planned ones to some per cent, not to the cent.
    assert ratio.between(0.95, 1.05).all()


def test_planted_pairs_are_bought_together(chain: Chain, truth: Truth) -> None:
    bought = chain.sales[chain.sales["is_product"] & ~chain.sales["is_return"] & (chain.sales["amount"] > 0)]
    orders = {product: set(rows) for product, rows in bought.groupby("product_id")["parcel"]}
    everything = bought["parcel"].nunique()
    for pair in truth.affinities.itertuples():
        anchor, companion = orders[pair.anchor], orders[pair.companion]
        confidence = len(anchor & companion) / len(anchor)
        by_chance = len(companion - anchor) / (everything - len(anchor))
        # Companions come by the planted chance, or by themselves as in orders without the anchor, and then more often
        # than there in some needs, so the planted chance is a lower bound and chance bounds the rest loosely.
        error = np.sqrt(confidence * (1 - confidence) / len(anchor))
        assert confidence > pair.probability - FOUR * error
        assert confidence < pair.probability + 0.15 + FOUR * error
        assert confidence / max(by_chance, 1e-4) > 3


def test_deal_hunters_buy_on_offer_more_than_others(chain: Chain) -> None:
    bought = chain.sales[chain.sales["is_product"] & ~chain.sales["is_return"] & (chain.sales["person"] >= 0)]
    segment = chain.people["segment"].to_numpy()[bought["person"]]
    share = bought["promotion_id"].notna().groupby(segment).mean()
    names = pd.Index([s.name for s in SEGMENTS])
    hunters = names.get_loc("deal_hunter")
    assert share.idxmax() == hunters
    assert share[hunters] > 1.15 * share.drop(hunters).max()


def test_segments_differ_in_channel_as_planted(chain: Chain) -> None:
    mine = chain.orders[chain.orders["person"] >= 0]
    shares = pd.crosstab(mine["segment"], mine["channel"], normalize="index")
    planted = np.array([s.channels for s in SEGMENTS])
    # Tens of thousands of orders: two points cover four standard errors of the smallest segment.
    np.testing.assert_allclose(shares.to_numpy(), planted, atol=0.02)


def test_the_troubled_store_is_the_worst(truth: Truth) -> None:
    assert truth.stores.set_index("store_id")["nps"].idxmin() == min(STORE_EFFECTS, key=STORE_EFFECTS.__getitem__)
