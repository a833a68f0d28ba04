"""Who is leaving on the page, with what chapter 02 knows of each customer beside the scores."""

import re
from copy import copy
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from crmlib import churn
from crmlib.churn.who.candidates import COLUMNS
from crmlib.workspace import open_run

PARAMS = """
series: known
title: Known
as_of: 2026-01-01
currency: EUR
sources: {transactions: {path: none.csv, columns: {ordered_at: at, amount: amount}}}
churn: {horizon_days: 60, resamples: 50, cutoffs: 3}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory, shop):
    """Open a run of which chapter 02 has told all: customers of store S1 come seldom, and are worth the most."""
    folder = tmp_path_factory.mktemp("known") / "params"
    folder.mkdir()
    (folder / "known.yaml").write_text(PARAMS)
    run = open_run(folder / "known.yaml")
    (run.run_dir / "clean").mkdir(parents=True)
    shop.to_parquet(str(run.run_dir / "clean" / "transactions.parquet"))
    scores = churn.study(run).scores
    rng = np.random.default_rng(5)
    silent = scores["churn_probability"] + rng.normal(0, 0.3, len(scores)) > 0.6
    told = pd.DataFrame({
        "customer_id": scores["customer_id"], "segment": "regulars", "main_channel": "store",
        "main_store": np.where(silent, "S1", "S2"), "typical_gap": 5.0, "limit_at_risk": 30.0, "limit_dormant": 500.0,
        "lifetime_value": rng.gamma(2, 50, len(scores)) + 100 * silent,
    })  # fmt: skip
    told.loc[told.index % 7 == 0, "limit_dormant"] = 8.0
    run.write("segments", told, by=["customer_id"])
    return run


@pytest.fixture(scope="module")
def found(run):
    return churn.study(run)


def said(part):
    return part.text.replace("\xa0", " ")


def test_the_title_of_the_grid_tells_the_headline_and_its_money(found, run):
    lost = found.leaving[found.leaving["likely"] & found.leaving["valuable"]]
    assert len(lost) > 50
    title = said(churn.show_risk(found, run)).splitlines()[0]
    numbers = [run.say("{n:people}", n=n) for n in (found.leaving["likely"].sum(), len(found.leaving), len(lost))]
    money = run.say("{m:money}", m=lost["value_ahead"].sum())
    assert title.startswith("Figure: {} of {} active customers are likely to leave, {} of them val".format(*numbers))
    assert f"theirs are {money} of the" in title
    gone = run.say("{n:people}", n=int(found.leaving["gone"].sum()))
    assert f"{gone} who are dormant or lost by their own rhythm" in churn.show_risk(found, run).words[3]
    assert not (found.leaving["likely"] & found.leaving["gone"]).any()


def test_no_cell_of_few_or_of_one_above_all_is_told_nor_left_over(found, run):
    shown = churn.show_risk(found, run).data["figure"]
    cells = shown.frame
    assert len(cells) == 12
    assert cells["customers"].dropna().ge(10).all()
    assert (cells["customers"].dropna() % 5 == 0).all()
    assert (shown.hidden["value_ahead"].sum(), shown.hidden["customers"].sum()) != (1, 1)


def test_one_who_is_worth_most_of_all_is_hidden_with_another_and_not_left_over_by_the_title(found, run):
    lost = found.leaving.query("likely and valuable").index
    one = copy(found)
    one.leaving = found.leaving.assign(
        value_ahead=found.leaving["value_ahead"].mask(found.leaving.index == lost[0], 9e6)
    )
    one.leaving["valuable"] |= one.leaving.index == lost[0]
    shown = churn.show_risk(one, run)
    hidden = shown.data["figure"].hidden
    assert hidden["value_ahead"].sum() > hidden["customers"].sum() + 1
    assert "theirs are" not in shown.text


def test_the_store_that_keeps_fewer_is_named_with_both_shares(found, run):
    shown = churn.show_where(found, run)
    text = said(shown)
    rows = [line for line in text.splitlines() if line.startswith("Main store | S1 |")]
    short, long = sorted(set(rows), key=len)
    assert all(cell in long for cell in short.split(" | ")), "open and folded"
    own, others = re.search(r"\| (\d+) % \(.*?\) \| (\d+) %", long).groups()
    assert int(own) > int(others)
    assert "2 groups were compared, by main store; these differ" in shown.html
    assert "Segment |" not in text


def test_who_is_just_overdue_is_counted_by_the_own_limit(found, run):
    leaving = found.leaving
    late = leaving["days_since_last"].between(31, 61)
    assert leaving["crossed"].equals(late)
    others = run.say("{n:people}", n=int((late & ~leaving["likely"]).sum()))
    assert f"{others} others have become overdue since a month ago" in said(churn.show_overdue(found, run))


def test_the_likely_to_leave_become_those_put_forward(found, run):
    likely = found.leaving["likely"]
    listed = (found.candidates["reason"] != "just_overdue").sum()
    numbers = [run.say("{n:people}", n=int(n)) for n in (likely.sum(), (likely & found.leaving["due"]).sum(), listed)]
    text = said(churn.show_overdue(found, run))
    assert "Of the {} likely to leave {} have been away".format(*numbers) in text
    assert f"pay with {numbers[2]} of those due" in text


def test_last_months_are_told_beside_the_prediction_and_the_others(found, run):
    text = said(churn.show_last_month(found, run))
    assert "who were likely to leave a month ago" in text
    assert re.search(r"likely to leave \| [\d,]+ \| \d+\.\d % \(\d+\.\d % to \d+\.\d %\) \| \d+\.\d %", text)
    assert "all other active |" in text


def test_candidates_are_written_with_what_a_list_needs(found, run):
    churn.show_scores(found, run)
    listed = run.frame("candidates_churn")
    assert tuple(listed.columns) == (*COLUMNS, "why")
    assert listed["why"].str.len().gt(0).all()
    assert set(listed["reason"]) == {"valuable_at_risk", "likely_to_leave", "just_overdue"}
    both = listed.merge(found.scores, on="customer_id")
    seen = pd.Timestamp(run.as_of) - timedelta(days=1) - pd.to_timedelta(both["days_since_last"], unit="D")
    assert (both["last_purchase"] == seen).all()
    gone = set(found.leaving.query("gone")["customer_id"])
    assert gone
    assert not gone & set(listed["customer_id"])
    assert (listed["late_since"] <= pd.Timestamp(run.as_of)).all()


def test_without_chapter_02_it_is_said_what_worth_is(shop, run):
    alone = churn.Study(shop, run.as_of, run.params.churn)
    assert "usual spend in 60 days, since chapter 02 tells no value" in churn.show_risk(alone, run).words[2].replace(
        "\xa0", " "
    )
    assert churn.show_where(alone, run).kind == "insufficient"
    assert churn.show_overdue(alone, run).kind == "insufficient"
