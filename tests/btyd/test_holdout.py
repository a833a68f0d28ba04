import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import (
    BetaGeoNBD,
    Holdout,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    choose_model,
    daily_purchases,
    forecast_accuracy,
    heuristic_forecasts,
    inner_cutoff,
    simulate,
    tracking,
)


@pytest.fixture(scope="module")
def held():
    rng = np.random.default_rng(41)
    truth = ParetoNBD(r=1.0, alpha=5.0, s=1.0, beta=10.0)
    weeks = pd.DataFrame({"T": rng.integers(20 * 7, 40 * 7, 1200) / 7})
    summary = simulate(truth, weeks, rng, horizon=13, days=True)
    return Holdout(summary=summary, actual=summary["future"], horizon=13)


def test_the_inner_cutoff_holds_out_whole_weeks_and_stays_inside():
    assert inner_cutoff("1997-01-01", "1997-09-30") == pd.Timestamp("1997-07-01")
    with pytest.raises(ValueError, match="too short"):
        inner_cutoff("1997-01-01", "1997-01-03")
    with pytest.raises(ValueError, match="between 0 and 1"):
        inner_cutoff("1997-01-01", "1997-09-30", share=1.5)


def test_accuracy_is_what_its_names_say(held):
    forecasts = {"truth": held.actual.astype(float), "more": held.actual + 1.0, "twice": held.actual * 2.0}
    table = forecast_accuracy(held, forecasts, "more", np.random.default_rng(1), resamples=200)
    assert table.loc["truth", ["mae", "rmse", "bias"]].tolist() == [0, 0, 0]
    assert table.loc["more", ["mae", "rmse"]].tolist() == [1, 1]
    assert table.loc["twice", "bias"] == pytest.approx(1)
    assert table.loc[
        "truth", ["mae_difference", "mae_difference_low", "mae_difference_high"]
    ].tolist() == pytest.approx([-1, -1, -1])
    assert table.loc["more", ["rmse_difference_low", "rmse_difference_high"]].tolist() == [0, 0]


def test_many_customers_are_resampled_in_the_normal_limit(held):
    forecasts = {"model": ParetoNBD.fit(held.summary).expected_purchases(held.summary, 13)} | heuristic_forecasts(
        held.summary, 13
    )
    few = forecast_accuracy(held, forecasts, "model", np.random.default_rng(1))
    copies = 20
    big = Holdout(
        summary=pd.concat([held.summary] * copies, ignore_index=True),
        actual=pd.concat([held.actual] * copies, ignore_index=True),
        horizon=13,
    )
    repeated = {name: pd.concat([forecast] * copies, ignore_index=True) for name, forecast in forecasts.items()}
    many = forecast_accuracy(big, repeated, "model", np.random.default_rng(1))
    np.testing.assert_allclose(many["mae"], few["mae"])
    width = {name: table["mae_high"] - table["mae_low"] for name, table in {"few": few, "many": many}.items()}
    # Widths fall with the root of n; both are estimated from 1,000 draws, to about 5 %.
    np.testing.assert_allclose(width["many"], width["few"] / np.sqrt(copies), rtol=0.2)


def test_heuristics():
    summary = pd.DataFrame({"frequency": [4, 4, 0], "recency": [19.0, 5.0, 0.0], "T": [20.0, 20.0, 0.0]})
    rules = heuristic_forecasts(summary, 10, hiatus=14)
    assert rules["own_rate"].tolist() == [2.0, 2.0, 0.0]
    assert rules["own_rate_unless_silent"].tolist() == [2.0, 0.0, 0.0]
    assert rules["average_rate"].tolist() == [2.0, 2.0, 2.0]


def test_the_choice_is_the_best_of_the_table(held):
    choice = choose_model(held, [BetaGeoNBD, ModifiedBetaGeoNBD])
    assert choice.model.__name__ == choice.table["log_score"].idxmax()


def test_tracking_adds_up_and_follows_the_model():
    model = BetaGeoNBD(r=0.8, alpha=6.0, a=0.8, b=2.5)
    rng = np.random.default_rng(5)
    starts = rng.integers(0, 28, 4000)
    seen = simulate(model, pd.DataFrame({"T": (26 * 7 - 1 - starts) / 7}), rng, days=True)
    days = pd.date_range("2026-01-01", periods=26 * 7)
    first = np.bincount(starts, minlength=len(days))
    table = tracking(model, pd.DataFrame({"first": first, "repeat": 0}, index=days))
    assert len(table) == 26
    assert table["week_end"].iloc[-1] == days[-1]
    np.testing.assert_allclose(table["expected"].cumsum(), table["expected_cumulative"])
    expected, spread = table["expected_cumulative"].iloc[-1], seen["frequency"].std() * np.sqrt(len(seen))
    # Purchases of one day are merged in the simulation, not in the model: a per cent or two less.
    assert seen["frequency"].sum() == pytest.approx(expected, abs=4 * spread + 0.03 * expected)


def test_daily_purchases_separates_first_from_repeat():
    days = ["2026-01-01 10:00", "2026-01-01 11:00", "2026-01-03 09:00", "2026-01-03 10:00", "2026-01-09 11:00"]
    orders = pd.DataFrame({"customer_id": ["a", "a", "a", "b", None], "ordered_at": pd.to_datetime(days)})
    counts = daily_purchases(orders)
    assert counts["first"].tolist() == [1, 1]
    assert counts["repeat"].tolist() == [0, 1]


def test_unhappy_paths_say_what_is_wrong(held):
    with pytest.raises(ValueError, match="same index"):
        Holdout(summary=held.summary, actual=held.actual.head(3), horizon=13)
    with pytest.raises(ValueError, match="some weeks"):
        Holdout(summary=held.summary, actual=held.actual, horizon=0)
    with pytest.raises(ValueError, match="reference 'x' is not among"):
        forecast_accuracy(held, {"y": held.actual}, "x", np.random.default_rng(1))
    with pytest.raises(ValueError, match="missing for some"):
        forecast_accuracy(held, {"y": held.actual.head(2)}, "y", np.random.default_rng(1))
    with pytest.raises(ValueError, match="no model"):
        choose_model(held, [])
    day = pd.DataFrame({"first": [1], "repeat": [0]}, index=pd.to_datetime(["2026-01-01"]))
    with pytest.raises(ValueError, match="less than a week"):
        tracking(BetaGeoNBD(r=1, alpha=1, a=1, b=1), day)
