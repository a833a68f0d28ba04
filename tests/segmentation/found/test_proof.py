"""The proof: groups that matter are told from groups that do not, and from those of a ranking."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.found.advice import advice, in_numbers, title
from crmlib.segmentation.found.proof import FOUND, RFM, SPEND, Afterwards, Proof, losses, prove, rivals, standing


@pytest.fixture
def run(run_of, shop):
    return run_of(shop, date(2026, 4, 1))


def customers_and_later(matter, n=3000, seed=1):
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, 4, n)
    chance = np.array([0.1, 0.3, 0.5, 0.8])[groups] if matter else np.full(n, 0.4)
    bought = rng.random(n) < chance
    spend = np.where(bought, np.exp(rng.normal(3, 0.5, n)), 0.0)
    mix = np.eye(4)[groups] if matter else np.full((n, 4), 0.25)
    categories = np.where(bought[:, None], rng.poisson(0.5 + 2 * mix), 0).astype(float)
    return groups, Afterwards(spend, categories)


def test_groups_by_chance_explain_nothing():
    groups, later = customers_and_later(matter=False)
    alone, own = losses(None, later), losses(groups, later)
    for name, whole in alone.items():
        # cross-fitted: groups that say nothing cost a little rather than gain
        assert -0.01 < 1 - own[name].sum() / whole.sum() < 0.002


def test_groups_that_matter_explain_what_was_planted():
    groups, later = customers_and_later(matter=True)
    own = losses(groups, later)["buying"].sum() / losses(None, later)["buying"].sum()
    shares = np.array([0.1, 0.3, 0.5, 0.8])

    def entropy(p):
        return -(p * np.log(p) + (1 - p) * np.log(1 - p))

    # the share of deviance by the formula; sampling error of 3,000 customers about 0.01
    assert 1 - own == pytest.approx(1 - entropy(shares).mean() / entropy(shares.mean()), abs=0.03)


def test_the_proof_says_yes_and_no(run):
    groups, later = customers_and_later(matter=True)
    chance = np.random.default_rng(2).integers(0, 4, len(groups))
    yes = prove({FOUND: groups, RFM: chance, SPEND: chance}, later, seed=1)
    no = prove({FOUND: chance, RFM: groups, SPEND: groups}, later, seed=1)
    same = prove({FOUND: groups, RFM: groups, SPEND: chance}, later, seed=1)
    for measure in ("spend", "buying", "category"):
        assert standing(yes.row(measure, RFM)) == 1
        assert standing(no.row(measure, RFM)) == -1
        assert standing(same.row(measure, RFM)) == 0
        row = yes.row(measure, FOUND)
        assert row["low"] < row["explained"] < row["high"]
    assert "Use the found segments" in advice(yes, run)
    assert "keep to the named segments" in advice(no, run)
    assert "the ranking tells more of how much is spent, who buys and what is chosen" in in_numbers(no, run)[-1]
    assert yes.ahead_of_rfm == ["spend", "buying", "category"]
    assert no.ahead_of_rfm == same.ahead_of_rfm == []
    assert len(in_numbers(same, run)) == 4


def test_without_products_there_is_no_measure_of_categories():
    groups, later = customers_and_later(matter=True)
    proof = prove({FOUND: groups, RFM: groups, SPEND: groups}, Afterwards(later.spend, None), seed=1)
    assert set(proof.table["measure"]) == {"spend", "buying"}
    assert isinstance(proof, Proof)


def test_rankings_have_as_many_groups_and_keep_equal_customers_together():
    rng = np.random.default_rng(3)
    customers = pd.DataFrame({
        "days_since_last": rng.integers(0, 300, 500).astype(float), "orders": rng.poisson(2, 500) + 1.0,
        "days_since_first": 400.0, "spend": np.round(rng.gamma(2, 20, 500), -1) + 10,
    })  # fmt: skip
    groups = rivals(customers, 4, SegmentationSection())
    assert set(groups) == {"rfm", "score_sum", "spend_rank"}
    assert set(groups["spend_rank"]) == {0, 1, 2, 3}
    by_spend = pd.Series(groups["spend_rank"]).groupby(customers["spend"]).nunique()
    assert by_spend.max() == 1
    assert customers["spend"].groupby(groups["spend_rank"]).min().is_monotonic_increasing


def standing_so(rfm, spend=(0, 0, 0)):
    """Give a proof in which the found segments stand so against RFM and the spend ranking: spend, buying, category."""
    rows = []
    for measure, own, other in zip(("spend", "buying", "category"), rfm, spend, strict=True):
        known = {"measure": measure, "groups": 5, "explained": 0.2, "low": 0.1, "high": 0.3}
        rows.append(known | {"grouping": FOUND, "ahead_low": np.nan, "ahead_high": np.nan})
        for name, sign in ((RFM, own), (SPEND, other)):
            rows.append(known | {"grouping": name, "ahead_low": 0.1 * sign - 0.05, "ahead_high": 0.1 * sign + 0.05})
    return Proof(pd.DataFrame(rows), 100)


@pytest.mark.parametrize(
    ("rfm", "words"),
    [
        ((1, 1, -1), "Use the found segments to decide whom to approach"),
        ((-1, 0, 1), "Use the named segments to decide whom"),
        ((0, 0, 1), "are simpler. For what to offer, the found segments give a hint: they explain 20.0 % (10.0 % to"),
        ((1, 0, 1), "nowhere less"),
        ((1, -1, 1), "do not replace"),
        ((0, -1, 0), "do not improve on the named ones: keep"),
        ((0, 0, 0), "these are simpler: keep"),
    ],
)
def test_the_advice_follows_who_is_ahead_in_what(run, rfm, words):
    said = advice(standing_so(rfm), run)
    assert words in said.replace("\u00a0", " ")
    assert "RFM" not in said


SPENT, CHOSEN = (f"{what} (4.4 % against 34 %)" for what in ("how much is spent", "what is chosen"))
LESS = "(34 % against 4.4 %)"


@pytest.mark.parametrize(
    ("rfm", "words"),
    [
        (
            (-1, -1, 1),
            f"The named segments tell more of how much is spent {LESS} and who buys {LESS}, the found ones of {CHOSEN}",
        ),
        (
            (1, 0, 0),
            (
                f"The found segments tell more than the named ones of {SPENT}; no difference is seen in who buys and "
                "what is chosen"
            ),
        ),
        (
            (0, -1, 0),
            (
                f"The named segments tell more than the found ones of who buys {LESS}; no difference is seen in how "
                "much is spent and what is chosen"
            ),
        ),
        (
            (0, 0, 0),
            (
                "No difference is seen between the found and the named segments in telling how much is spent, who buys "
                "and what is chosen"
            ),
        ),
    ],
)
def test_the_title_tells_wins_losses_and_ties_with_what_each_explains(run, rfm, words):
    proof = standing_so(rfm)
    table = proof.table.assign(explained=np.where(proof.table["grouping"] == FOUND, 0.044, 0.34))
    assert title(Proof(table, 100), run).replace("\u00a0", " ") == words


def test_shares_that_round_alike_are_told_apart(run):
    proof = standing_so((1, 0, 0))
    table = proof.table.assign(explained=np.where(proof.table["grouping"] == FOUND, 0.203, 0.201))
    assert "how much is spent (20.3 % against 20.1 %)" in title(Proof(table, 100), run).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        (1, "The found ones explain 5.0 to 15.0 points more."),
        (-1, "The found ones explain 5.0 to 15.0 points less."),
        (0, "No difference is seen (−5.0 to 5.0 points)."),
    ],
)
def test_a_difference_is_told_without_a_double_minus(run, sign, words):
    assert in_numbers(standing_so((sign, 0, 0)), run)[0].endswith(words)


def test_the_named_segments_of_the_proof_have_the_limits_of_the_page():
    rng = np.random.default_rng(3)
    customers = pd.DataFrame({
        "days_since_last": rng.integers(400, 900, 500).astype(float), "orders": rng.poisson(2, 500) + 1.0,
        "days_since_first": 1000.0, "spend": rng.gamma(2, 20, 500),
    })  # fmt: skip
    section = SegmentationSection()
    # by the scores alone somebody is always recent; after 300 days without a purchase nobody is
    assert len(np.unique(rivals(customers, 4, section)["rfm"])) > 2
    assert len(np.unique(rivals(customers, 4, section, (60.0, 300.0))["rfm"])) == 2


@pytest.mark.parametrize(
    ("spend", "words"),
    [
        (
            (1, -1, -1),
            "found segments tell more of how much is spent; the ranking tells more of who buys and what is chosen.",
        ),
        ((-1, -1, -1), "by spend alone: the ranking tells more of how much is spent, who buys and what is chosen."),
        ((1, 0, 0), "more of how much is spent; no difference is seen in who buys and what is chosen."),
    ],
)
def test_against_a_spend_ranking_it_is_said_who_is_ahead_in_what(run, spend, words):
    assert words in in_numbers(standing_so((0, 0, 0), spend), run)[-1]
