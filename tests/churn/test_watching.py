"""What came of the list of one horizon ago, the model as JSON, and both on the page."""

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from crmlib import churn
from crmlib.btyd import ModifiedBetaGeoNBD
from crmlib.churn.models.purchases import LearntPurchases
from crmlib.churn.models.rules import LearntRule, hiatus_order
from crmlib.churn.watch.fitted import features_used, parameters_of, predictions_hash
from crmlib.churn.watch.realised import published_lists, realised, realised_of
from crmlib.churn.watch.stability import stability_of
from crmlib.running.manifest import models_of
from crmlib.workspace import open_run

PARAMS = """
series: shop
title: Shop
as_of: 2026-01-01
currency: EUR
sources: {transactions: {path: none.csv, columns: {ordered_at: at, amount: amount}}}
churn: {horizon_days: 60, resamples: 50, cutoffs: 3}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory, shop):
    folder = tmp_path_factory.mktemp("watched")
    (folder / "params").mkdir()
    file = folder / "params" / "shop.yaml"
    file.write_text(PARAMS)
    clean = open_run(file).run_dir / "clean"
    clean.mkdir(parents=True)
    shop.to_parquet(str(clean / "transactions.parquet"))
    return file


@pytest.fixture(scope="module")
def run(file):
    return open_run(file)


@pytest.fixture(scope="module")
def found(run):
    return churn.study(run)


def test_realised_against_foreseen_by_hand():
    scores = pd.DataFrame(
        {
            "customer_id": list("abcdef"),
            "churn_probability": [0.9, 0.7, 0.2, 0.4, 0.8, np.nan],
            "days_since_last": [10, 20, 5, 1, 400, 3],
        }
    )
    churned = pd.DataFrame({"customer_id": list("abcdx"), "churned": [True, False, False, False, True]})
    rows = realised(scores, churned, active_days=120, least_risk=0.5).set_index("group")
    assert rows.loc["likely"].tolist() == [2, 1, pytest.approx(0.8)]
    assert rows.loc["other"].tolist() == [2, 0, pytest.approx(0.3)]


def test_on_the_planted_shop_as_many_left_as_were_foreseen(found, run):
    rows, cutoff, published = realised_of(found, run)
    assert (cutoff, published) == (found.plan.test, False)
    active = found.backtest.test.customers["days_since_last"] < found.active_days
    assert rows["customers"].sum() == active.sum()
    for row in rows.itertuples():
        error = np.sqrt(row.expected * (1 - row.expected) / row.customers)
        # the model's parameters are estimated too: five of the luck's standard errors
        assert abs(row.churned / row.customers - row.expected) < 5 * error
    assert rows["churned"].iloc[0] / rows["customers"].iloc[0] > rows["churned"].iloc[1] / rows["customers"].iloc[1]


def test_a_list_that_was_published_is_followed_as_it_was(file, run, found):
    earlier = open_run(file, as_of="2025-11-01")
    everybody = found.current.customers["customer_id"]
    told = pd.DataFrame({"customer_id": everybody, "churn_probability": 0.25, "days_since_last": 1})
    too_late = open_run(file, as_of="2025-12-01")
    try:
        for each in (earlier, too_late):
            each.write("churn_scores", told, by=["customer_id"])
        assert [cutoff for cutoff, _folder in published_lists(run, 60)] == [date(2025, 12, 1), date(2025, 11, 1)]
        assert published_lists(run, 30) == []
        rows, cutoff, published = realised_of(found, run)
        assert (cutoff, published) == (date(2025, 11, 1), True)
        assert (rows["group"].tolist(), rows["expected"].tolist()) == (["other"], [0.25])
        assert rows["customers"].iloc[0] <= len(everybody)
    finally:
        for each in (earlier, too_late):
            (each.run_dir / "tables" / "churn_scores.parquet").unlink()


def test_scores_and_features_are_held_against_a_month_ago(found):
    rows = stability_of(found)
    assert rows["name"].iloc[0] == "score"
    assert rows["customers"].iloc[0] <= len(found.active)
    # newcomers stop in the planted shop: the others grow older
    assert rows.set_index("name").loc["tenure", "change"] != "as_before"


def test_purchase_models_and_rules_are_told_by_their_numbers():
    model = LearntPurchases(ModifiedBetaGeoNBD(r=0.5, alpha=6.0, a=0.9, b=1.6), 9.0)
    assert parameters_of(model) == {
        "kind": "LearntPurchases",
        "weeks": 9.0,
        "model": {"kind": "ModifiedBetaGeoNBD", "params": {"r": 0.5, "alpha": 6.0, "a": 0.9, "b": 1.6}},
    }
    limit, customers = 45.0, pd.DataFrame({"customer_id": ["c00001"]})
    shares = IsotonicRegression(out_of_bounds="clip").fit([0, 1], [0.1, 0.8])
    told = parameters_of(LearntRule(lambda _known: (hiatus_order(customers, limit), limit)[0], shares))
    assert told["order"]["limit"] == 45.0
    assert told["shares"]["fitted"]["y_thresholds_"] == [0.1, 0.8]
    assert "c00001" not in json.dumps(told)


def test_boosting_is_told_by_its_settings_alone():
    rng = np.random.default_rng(1)
    fitted = HistGradientBoostingClassifier(max_iter=3, random_state=7).fit(rng.normal(size=(60, 2)), [0, 1] * 30)
    told = parameters_of(fitted)
    assert (told["kind"], told["settings"]["random_state"], told["settings"]["max_iter"]) == (
        "HistGradientBoostingClassifier", 7, 3,
    )  # fmt: skip
    assert len(json.dumps(told)) < 2_000


def test_the_hash_of_predictions_hangs_on_who_is_told_what_and_on_nothing_else():
    who, said = pd.Series(["b", "a"]), [0.25, 0.75]
    same = predictions_hash(pd.Series(["a", "b"]), [0.75 + 1e-9, 0.25])
    assert predictions_hash(who, said) == same
    assert predictions_hash(who, [0.75, 0.25]) != same


def test_the_model_is_kept_as_json_under_the_hash_on_its_card(found, run):
    shown = churn.show_model_card(found, run)
    kept = run.run_dir / "models" / "churn.json"
    told = json.loads(kept.read_text())
    assert told["model"] == found.model
    assert told["learnt"] == json.loads(json.dumps(parameters_of(found.learnt)))
    assert told["features"] == features_used(found.learnt)
    assert models_of(run.run_dir)["churn"][:16] in shown.text
    assert not set(found.current.customers["customer_id"]) & set(kept.read_text().split('"'))
    before = kept.read_bytes()
    churn.show_model_card(churn.study(run), run)
    assert kept.read_bytes() == before


def test_the_page_says_in_a_line_whether_the_model_holds(found, run):
    line = churn.show_watching(found, run).text.splitlines()[0].replace("\xa0", " ")
    assert line.startswith("The scores are spread")
    assert "of the likely leavers of a horizon ago" in line
    assert re.search(r"left, (as|more than|less than) foreseen \(\d+ %\)", line)


def test_the_proof_is_short_and_all_else_folded(found, run):
    shown = churn.show_proof(found, run)
    unfolded, behind = shown.text.split("How this was tested\n")
    words = " ".join(line for line in unfolded.splitlines() if not line.startswith("Left, dots"))
    # what the picture says under its title is in its words, not in the text
    assert len(f"{words} {' '.join(shown.words[2:4])}".replace("\xa0", " ").split()) <= 120
    for part in (
        "Cutoffs one horizon apart",
        "Calibration slope",
        "All known customers",
        "of all known customers left",
    ):
        assert part in behind


def test_one_call_gives_every_cutoff(found):
    table = churn.backtest_table(found)
    assert table["cutoff"].nunique() == len(found.slices) - 1
    assert table["cutoff"].iloc[-1] == found.plan.test
    test = table[table["cutoff"] == found.plan.test].reset_index(drop=True)
    pd.testing.assert_frame_equal(test, found.judged.table.reset_index(drop=True), check_dtype=False)


def test_nothing_to_watch_is_said(file):
    early = open_run(file, as_of="2025-02-01")
    clean = early.run_dir / "clean"
    clean.mkdir(parents=True, exist_ok=True)
    source = open_run(file).run_dir / "clean" / "transactions.parquet"
    (clean / "transactions.parquet").write_bytes(source.read_bytes())
    study = churn.study(early)
    assert churn.show_proof(study, early).kind == "insufficient"
    assert "cannot be watched yet" in churn.show_watching(study, early).text
