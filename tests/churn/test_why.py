"""Why customers leave, on the page: a title within the interval, nobody's own numbers, odd signs explained."""

from copy import copy
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib import churn
from crmlib.churn.history.slices import Slice
from crmlib.churn.study import Study
from crmlib.churn.why import reasons
from crmlib.churn.why.dependence import partial_dependence
from crmlib.churn.why.odds import unexpected, unexpected_sentences
from crmlib.churn.why.page import importance_title, show_why
from crmlib.params.sections import ChurnSection

PAGE_WORDS = 90


@pytest.fixture(scope="module")
def study(shop):
    return Study(shop, date(2026, 1, 1), ChurnSection(horizon_days=60, cutoffs=3, resamples=50))


@pytest.fixture(scope="module")
def run(speaker):
    rules = speaker.rules
    params = SimpleNamespace(currency="EUR")
    return SimpleNamespace(
        rules=rules, say=speaker.say, params=params, too_few=lambda n, **_largest: n < rules.threshold
    )


@pytest.fixture(scope="module")
def shown(study, run):
    return show_why(study, run)


def test_the_page_says_what_the_score_looks_at_in_few_words(shown):
    unfolded = shown.html.split("<details")[0].split("<svg")
    words = " ".join([unfolded[0], *(part.split("</svg>")[-1] for part in unfolded[1:])])
    assert "The score tells leavers from stayers" in words
    assert "own rhythm" in words
    assert len(pd.Series(words).str.replace(r"<[^>]+>", " ", regex=True).str.split().iloc[0]) <= PAGE_WORDS


def test_what_is_said_of_one_customer_stays_off_the_page(shown, study, run):
    told = churn.reasons_of(study, run)
    lately = told["why"].str.split("; ").explode()
    assert lately.str.contains("last seen").any()
    for words in lately[lately.str.contains("last seen|bought once|on average")].unique():
        assert words not in shown.text
    assert not any(customer in shown.text for customer in told["customer_id"])


def test_odds_and_how_firm_reasons_are_stand_folded(shown):
    behind = shown.html.split("<details")[1]
    for words in (
        "errors clustered by customer",
        "exact Shapley values",
        "keep their first reason",
        "Mean probability",
    ):
        assert words in behind
        assert words not in shown.html.split("<details")[0]


def test_counts_of_few_customers_are_hidden(study, run, monkeypatch):
    groups = reasons.explained_groups(study.current.customers)
    monkeypatch.setattr(reasons, "MOST_ROWS", 12 * 8 * 2 ** len(groups))
    few = copy(study)
    few.explained = reasons.explain(study)
    counts = next(frame for name, frame in show_why(few, run).data.items() if name == "figure").frame["first"].dropna()
    assert ((counts == 0) | (counts >= run.rules.threshold)).all()


def test_without_a_test_it_is_said(shop, run):
    short = Study(shop, date(2025, 3, 15), ChurnSection(horizon_days=60))
    assert show_why(short, run).kind == "insufficient"
    assert len(churn.reasons_of(short, run)) == short.candidates["customer_id"].nunique()


@pytest.mark.parametrize(
    ("auc", "auc_low", "behind_low", "title"),
    [
        ((0.2, 0.1), (0.15, 0.05), (0.0, 0.05), "The score tells leavers from stayers most by own rhythm"),
        ((0.2, 0.18), (0.1, 0.1), (0.0, -0.1), "The score tells leavers from stayers most by own rhythm and returns"),
        ((0.2, 0.0), (0.1, 0.0), (0.0, 0.1), "The score tells leavers from stayers by own rhythm alone"),
        ((0.01, 0.0), (-0.1, 0.0), (0.0, -0.1), "No group of features by itself is what tells leavers from stayers"),
    ],
)
def test_the_title_claims_what_the_intervals_allow(run, auc, auc_low, behind_low, title):
    importance = pd.DataFrame(
        {"group": ["rhythm", "returns"], "auc": auc, "auc_low": auc_low, "behind_low": behind_low}
    )
    assert importance_title(importance, run) == title


def test_a_sign_that_nobody_expects_is_explained(run):
    rng = np.random.default_rng(1)
    silence = rng.normal(size=500)
    customers = pd.DataFrame(
        {"customer_id": [f"c{n}" for n in range(500)], "silence": silence, "churned": rng.random(500) < 0.5,
         "relative_silence": silence + rng.normal(size=500) / 3, "order_value": rng.normal(size=500)}
    )  # fmt: skip
    past = [Slice(date(2025, 6, 1), 30, customers)]
    odds = pd.DataFrame(
        {"feature": ["silence", "relative_silence", "order_value"], "odds_ratio": [0.8, 1.2, 0.5],
         "low": [0.7, 0.9, 0.4], "high": [0.9, 1.5, 0.6]}
    )  # fmt: skip
    found = unexpected(odds, past)
    assert found["feature"].tolist() == ["silence"]
    assert found["other"].tolist() == ["relative_silence"]
    assert "the odds fall with “longer since the last purchase”" in unexpected_sentences(odds, past, run)[0]
    assert unexpected_sentences(odds.tail(2), past, run) == []


def test_partial_dependence_moves_a_group_together_and_leaves_the_rest():
    rng = np.random.default_rng(2)
    customers = pd.DataFrame({"first": rng.integers(0, 50, 300), "spend": rng.gamma(2, 10, 300)})
    customers["last"] = customers["first"] + 5

    def predict(rows):
        # nobody is asked for whose first and last do not belong together
        assert (rows["last"] == rows["first"] + 5).all()
        return (rows["last"] / 100 + rows["spend"].mean() * 0).to_numpy()

    found = partial_dependence(predict, customers, ["first", "last"], "first", rng)
    assert found["customers"].sum() == 300
    # each part's givers are a sample: their mean lies inside the part, half a tenth of fifty days wide
    assert (found["predicted"] * 100 - 5).to_numpy() == pytest.approx(found["at"].to_numpy(), abs=2.5)
