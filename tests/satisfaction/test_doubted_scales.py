"""What chapter 04 shows of surveys whose scales are in doubt, and of surveys that say next to nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmlib import satisfaction as sat
from crmlib.params.sections import SatisfactionSection
from crmlib.reporting import Shown
from crmlib.results import read_cautions
from crmlib.workspace import open_run

LAST = pd.Timestamp("2026-10-31")


@pytest.fixture(scope="module")
def orders():
    """Give three years of orders by 260 customers, in their canonical columns."""
    rng = np.random.default_rng(4)
    people = [f"C{number:03d}" for number in range(260)]
    who = np.repeat(people, 8)
    n = len(who)
    return pd.DataFrame({
        "customer_id": who, "order_id": [f"O{number}" for number in range(n)],
        "ordered_at": LAST - pd.to_timedelta(rng.integers(1, 1000, n), unit="D"),
        "amount": rng.integers(500, 9000, n) / 100, "quantity": 1.0, "product_id": "P",
        "is_return": False, "is_product": True, "store_id": "S1", "channel": "store",
    })  # fmt: skip


@pytest.fixture
def run_with(tmp_path, project, orders):
    """Open a run with these answers as its survey."""

    def opened(scores, **knobs):
        run = open_run(project / "params" / "demo.yaml", run_dir=tmp_path / "run")
        n = len(scores)
        days = pd.to_timedelta(np.arange(n) * 330 // max(n, 1), unit="D")
        answers = scores.assign(
            response_id=[f"R{number}" for number in range(n)], answered_at=LAST - days,
            customer_id=[f"C{number % 260:03d}" for number in range(n)], store_id="S1", comment="quick and friendly",
        )  # fmt: skip
        (run.run_dir / "clean").mkdir()
        orders.to_parquet(run.run_dir / "clean" / "transactions.parquet", index=False)
        answers.to_parquet(run.run_dir / "clean" / "surveys.parquet", index=False)
        others = ("interactions", "contacts", "customers", "products", "stores")
        sources = run.params.sources.model_copy(update=dict.fromkeys(others))
        satisfaction = SatisfactionSection(**knobs)
        run = replace(run, params=run.params.model_copy(update={"sources": sources, "satisfaction": satisfaction}))
        segments = pd.DataFrame({"customer_id": orders["customer_id"].unique(), "segment": "loyal"})
        run.write("segments", segments, by=["customer_id"])
        return run

    return opened


def _page(run):
    """Show the chapter, part by part, as the notebook does."""
    found = sat.study(run)
    page = {part.__name__.removeprefix("show_"): part(found, run) for part in sat.PARTS}
    assert all(isinstance(part, Shown) and part.text for part in page.values())
    return {name: part.text for name, part in page.items()}


def _recorded(run):
    return {result.name: result for result in run.results("04_satisfaction")}


def test_an_ordinary_survey_has_no_reservations(run_with, answered):
    run = run_with(answered())
    page = _page(run)
    assert "satisfaction.scales" not in page["numbers"]
    assert read_cautions(run.run_dir / "cautions") == []
    assert {"net_promoter_score", "very_satisfied"} <= set(_recorded(run))
    assert _recorded(run)["very_satisfied"].definition.startswith("scores of 5 and above")


def test_a_reversed_satisfaction_makes_no_headline(run_with, answered):
    turned = answered().assign(score_satisfaction=6 - answered()["score_satisfaction"])
    run = run_with(turned)
    page = _page(run)
    assert "very_satisfied" not in _recorded(run)
    assert "very satisfied" not in page["answer"]
    assert "It could not be told whether 1 or 5 is its best answer" in page["answer"]
    assert "satisfaction.scales" in page["numbers"]
    assert "240 answers" in page["numbers"]
    assert '"Satisfaction" is lower' in read_cautions(run.run_dir / "cautions")[0]


def test_a_declared_reversal_is_turned(run_with, answered, tmp_path):
    plain = run_with(answered())
    right = _page(plain), _recorded(plain)["very_satisfied"].value
    (tmp_path / "run").rename(tmp_path / "plain")
    turned = answered().assign(score_satisfaction=6 - answered()["score_satisfaction"])
    rule = {"score_satisfaction": {"low": 1, "high": 5, "reversed": True}}
    run = run_with(turned, scales=rule)
    assert (_page(run), _recorded(run)["very_satisfied"].value) == right


def test_two_contradicting_scores_make_no_figure_and_a_sentence(run_with, answered):
    two = answered()[["score_recommend", "score_satisfaction"]]
    run = run_with(two.assign(score_satisfaction=6 - two["score_satisfaction"]))
    page = _page(run)
    assert "could not be told from the survey" in page["answer"]
    assert "none was delivered" not in " ".join(page.values())
    assert "In one of them the lowest answer must be the best" in page["trend"]
    assert "satisfaction.scales" in page["numbers"]
    assert not {"net_promoter_score", "very_satisfied"} & set(_recorded(run))


def test_recommendation_from_1_to_5_is_no_promoter_score(run_with, answered):
    asked = answered().assign(score_recommend=1 + (answered()["score_recommend"] * 0.4).round())
    run = run_with(asked)
    page = _page(run)
    assert "net promoter score is" not in page["answer"]
    assert "needs answers from 0 to 10" in page["answer"]
    assert "net_promoter_score" not in _recorded(run)
    assert "very_satisfied" in _recorded(run)


def test_codes_are_left_out_of_every_figure_and_told_in_rounded_numbers(run_with, answered):
    rows = answered()
    coded = rows.mask(pd.DataFrame(dict.fromkeys(rows, rows.index % 17 == 0)), 99.0)
    run = run_with(coded)
    page = _page(run)
    assert "15 of 240 answers are 99" in page["numbers"]


def test_a_driver_answered_alike_is_left_out_and_said(run_with, answered):
    page = _page(run_with(answered().assign(score_range=3.0)))
    assert "Left out, since all these answers are alike: Range." in page["drivers"]
    assert "Staff" in page["drivers"]
    assert 'All 240 answers to "Range" are 3' in page["numbers"]


def test_the_top_box_is_that_of_the_scale(run_with, answered):
    seven = answered().assign(score_satisfaction=answered()["score_satisfaction"] + 2)
    run = run_with(seven)
    _page(run)
    assert _recorded(run)["very_satisfied"].definition.startswith("scores of 7 and above")


def test_a_few_codes_are_not_counted_on_the_page(run_with, answered):
    rows = answered()
    run = run_with(rows.assign(score_staff=rows["score_staff"].mask(rows.index < 3, 99.0)))
    assert "fewer than 10 of 240 answers are 99" in _page(run)["numbers"]


def test_scores_in_words_are_said(run_with, answered):
    page = _page(run_with(answered().assign(score_satisfaction=np.nan)))
    assert '"Satisfaction" holds no number' in page["numbers"]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.assign(score_satisfaction=5.0),
        lambda rows: rows.mask(rows.notna(), 4.0),
        lambda rows: rows.head(3),
        lambda rows: rows.head(1),
        lambda rows: rows.head(0),
        lambda rows: rows * np.nan,
        lambda rows: rows[["score_satisfaction"]],
        lambda rows: rows[["score_recommend"]],
        lambda rows: rows.assign(score_staff=[5.0] + [4.0] * 239),
        lambda rows: rows.assign(score_recommend=rows["score_recommend"] * 10),
        lambda rows: rows.assign(score_satisfaction=1e6),
        lambda rows: rows.assign(score_satisfaction=rows["score_satisfaction"].clip(2, 4)),
        lambda rows: rows[["score_satisfaction"]].clip(2, 4),
        lambda rows: rows[["score_staff", "score_price"]],
    ],
    ids=[
        "overall all 5", "everything 4", "three answers", "one answer", "no answer", "all empty", "overall alone",
        "recommendation alone", "one answer differs", "recommendation in percent", "a million", "top unused",
        "top unused alone", "drivers alone",
    ],
)  # fmt: skip
def test_surveys_that_say_little_give_sentences(run_with, answered, change):
    page = _page(run_with(change(answered())))
    assert not any("nan" in part.lower().split() for part in page.values())
