"""The grid of risk by value: everybody in one cell, and nothing to compute back."""

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.who.risk import WORTH, risk_grid


@pytest.fixture
def leaving():
    rng = np.random.default_rng(3)
    value = rng.gamma(0.8, 100, 2_000)
    return pd.DataFrame({
        "churn_probability": rng.uniform(size=2_000), "usual_spend": rng.gamma(2, 9, 2_000), "value_ahead": value,
        "valuable": value > value.mean(), "gone": False,
    })  # fmt: skip


@pytest.mark.parametrize("least", [0.5, 0.7])
def test_every_active_customer_is_in_one_cell(leaving, least):
    grid = risk_grid(leaving, least)
    assert len(grid) == 4 * len(WORTH)
    assert grid["customers"].sum() == 2_000
    assert grid["value_ahead"].sum() == pytest.approx(leaving["value_ahead"].sum())
    lost = leaving["usual_spend"] * leaving["churn_probability"]
    assert grid["at_risk"].sum() == pytest.approx(lost.sum())
    top = grid[(grid["low"] >= least) & (grid["worth"] != "below")]
    assert top["customers"].sum() == ((leaving["churn_probability"] > least) & leaving["valuable"]).sum()
    assert grid.loc[grid["worth"] == "dearest", "customers"].sum() == 200


def test_the_likeliest_stand_on_top_and_an_empty_cell_stays_a_cell(leaving):
    grid = risk_grid(leaving.assign(churn_probability=0.5), 0.5)
    assert grid["high"].iloc[0] == 1
    assert grid.loc[grid["low"] >= 0.5, "customers"].tolist() == [0] * 6
    assert grid.loc[grid["low"] >= 0.5, "largest_value"].tolist() == [0] * 6


def test_where_all_are_worth_the_same_nobody_is_dear(leaving):
    alike = leaving.assign(value_ahead=5.0, valuable=False)
    assert risk_grid(alike, 0.5).groupby("worth")["customers"].sum().to_dict() == {
        "below": 2_000, "above": 0, "dearest": 0,
    }  # fmt: skip


def test_who_is_gone_is_in_no_cell(leaving):
    gone = np.arange(len(leaving)) % 4 == 0
    grid = risk_grid(leaving.assign(gone=gone), 0.5)
    assert grid["customers"].sum() == 1_500
