"""A simulated retailer followed for six months: what was planted is found, a null is called null, a break is caught."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.actions.answer import answer_words
from crmlib.actions.experiments.arms import CONTACT, CONTROL, draw_arms
from crmlib.actions.experiments.checks import check
from crmlib.actions.experiments.effects import cells_of, difference, measure
from crmlib.actions.experiments.kept import earlier_lists, is_as_drawn, keep_list, kept_arms, plan_of, with_arms
from crmlib.actions.experiments.last_shown import broken_words, show_last_list, title
from crmlib.actions.experiments.next_shown import learning, power_words, show_next
from crmlib.actions.experiments.outcomes import outcomes
from crmlib.actions.experiments.results import MEASURE, REPEAT, STOP, decide, judge, last_list, reached_since
from crmlib.actions.lists.plan import COLUMNS, FOR_THE_PAGE
from crmlib.prep.persons.erasing import erase_from
from crmlib.prep.persons.finding import Person, traces_of
from crmlib.stats.sizing import control_share

from .retailer import EFFECTS, RULES, follow_six_months, listed_month

SIX = range(1, 7)


@pytest.fixture(scope="module")
def shop():
    return follow_six_months(np.random.default_rng(20261101))


@pytest.fixture(scope="module")
def judged(shop):
    return last_list(shop.rows, 1.0, 90)


@pytest.fixture
def plain():
    return listed_month(np.random.default_rng(3), 5)


def drawn(rows, **more):
    return draw_arms(rows, RULES, **({"seed": 7, "period": "2026-05", "share": 0.2} | more))


# the draw


def test_a_draw_again_gives_the_same_arms_whatever_the_order_of_the_rows(plain):
    again = drawn(plain.sample(frac=1, random_state=1)).sort_index()
    pd.testing.assert_frame_equal(drawn(plain), again)


def test_a_service_is_withheld_from_nobody_though_marketing_answers_the_same_reason(plain):
    service = SimpleNamespace(reason="call", action="settle", control=False)
    rows = plain.assign(action=plain["action"].where(plain.index % 2 == 0, "settle"))
    rows["reason"] = rows["reason"].where(rows["action"] != "settle", "call")
    arms = draw_arms(rows, [*RULES, service], seed=7, period="2026-05", share=0.2)["arm"]
    assert (arms[rows["action"] == "settle"] == CONTACT).all()
    assert (arms[rows["action"] == "call"] == CONTROL).any()


def test_another_seed_or_month_draws_others(plain):
    first = drawn(plain)["arm"] == CONTROL
    for other in ({"seed": 8}, {"period": "2026-06"}):
        both = (first & (drawn(plain, **other)["arm"] == CONTROL)).sum()
        # a fifth of a fifth of some 540 by chance: 22, four standard errors are 16
        assert both == pytest.approx(0.04 * first.size, abs=16)


def test_shares_are_exact_within_action_and_band_of_value(plain):
    found = drawn(plain).assign(action=plain["action"], value=plain["value_at_stake"])
    may = found[found["stratum"] != ""]
    alone = (may["arm"] == CONTROL).groupby(may["stratum"]).agg(["sum", "size"])
    assert ((alone["sum"] - 0.2 * alone["size"]).abs() < 1).all()
    assert abs(alone["sum"].sum() - 0.2 * alone["size"].sum()) <= 0.5
    bands = may[may["action"] == "call"].groupby("stratum")["value"].agg(["min", "max"])
    assert (bands["min"].to_numpy()[:-1] >= bands["max"].to_numpy()[1:]).all()


def test_nobody_is_left_without_service_and_an_arm_is_kept_until_its_horizon_is_over(plain):
    service = plain["reason"] == "complaint"
    kept = pd.Series(CONTROL, index=plain["customer_id"].iloc[:40])
    found = drawn(plain, kept=kept)
    assert (found.loc[service, "arm"] == CONTACT).all()
    held = found.iloc[:40][~service.iloc[:40]]
    assert (held["arm"] == CONTROL).all()
    assert (held["stratum"] == "").all()


def test_the_share_is_sized_for_the_list_where_nobody_says_it(plain):
    may = plain[plain["reason"] != "complaint"]
    sized = control_share(len(may), may["churn_probability"].mean(), 0.3)
    assert drawn(plain, share=None)["control_share"].max() == sized == 0.15
    unknown = plain.drop(columns=["effect", "churn_probability"])
    assert drawn(unknown, share=None)["control_share"].max() == 0.2


def test_an_empty_list_has_no_arms(plain):
    assert drawn(plain.iloc[:0], share=None).empty


# what six months brought


def test_the_sum_of_what_was_measured_covers_the_truth(shop, judged):
    gain = judged.total.gain
    assert judged.total.lists == 6
    assert abs(gain.value - shop.truth) < 4 * (gain.high - gain.low) / 3.92
    assert gain.low < shop.truth < gain.high


@pytest.mark.parametrize("action", sorted(EFFECTS))
def test_the_effect_of_each_action_is_found_and_a_null_is_called_null(shop, action):
    rows = shop.rows[shop.rows["action"] == action]
    found = measure(rows, 1.0).bought
    planted = shop.won[action]
    assert abs(found.value - planted) < 4 * found.error
    assert (found.p < 0.05) == (EFFECTS[action] > 0)


def test_cuped_is_narrower_and_tells_the_same(judged):
    spend, cuped = judged.total.spend, judged.total.cuped
    assert cuped.error == pytest.approx(spend.error * (1 - judged.total.correlation**2) ** 0.5, rel=0.1)
    assert abs(spend.value - cuped.value) < 4 * spend.error


def test_a_difference_by_hand():
    values, contacted = [1.0, 3.0, 0.0, 2.0, 10.0, 14.0, 4.0, 8.0, 9.0], pd.Series([1, 1, 0, 0, 1, 1, 0, 0, 0]) == 1
    found = difference(values, contacted, pd.Series(list("aaaabbbbb")))
    # (2 - 1) and (12 - 7), two contacted each; variances 2/2 + 2/2 and 8/2 + 7/3, a quarter of each
    assert (found.value, found.contacted, found.n) == (3.0, 4, 9)
    assert found.error == pytest.approx(((2 + 4 + 7 / 3) / 4) ** 0.5)


def test_a_stratum_without_an_arm_is_compared_within_its_action_or_not_at_all():
    kinds = [("a", "u", CONTACT), ("a", "u", CONTROL), ("a", "v", CONTACT), ("b", "w", CONTACT)]
    rows = pd.DataFrame(kinds * 5, columns=["action", "stratum", "arm"]).assign(period="p")
    assert cells_of(rows).tolist()[:3] == ["p / a"] * 3
    assert pd.isna(cells_of(rows)[3])
    whole = rows[rows["stratum"] == "u"]
    assert set(cells_of(whole)) == {"p / u"}
    assert cells_of(whole.iloc[:-1]).isna().all()


@pytest.mark.parametrize(("gain", "certain", "what"), [(5, True, REPEAT), (-5, True, STOP), (5, False, MEASURE)])
def test_the_decision_asks_for_more_than_chance(gain, certain, what):
    assert decide(gain, certain=certain) == what


# broken arms


def test_arms_as_drawn_pass_every_check(shop):
    for _period, rows in shop.rows.groupby("period"):
        assert not check(rows).broken


def by_value(rows):
    """Leave out those worth least, as a well-meaning manager would."""
    order = rows["value_at_stake"].rank(pct=True)
    return rows.assign(arm=np.where(order <= rows["control_share"], CONTROL, CONTACT))


def losing(rows):
    """Lose half of those left out from the data."""
    alone = rows["arm"] == CONTROL
    return rows.assign(known=~(alone & (np.arange(len(rows)) % 2 == 0)))


def without(rows):
    """Lose most of those left out from the kept list itself."""
    return rows[(rows["arm"] == CONTACT) | (np.arange(len(rows)) % 4 == 0)]


@pytest.mark.parametrize("breaking", [by_value, losing, without])
def test_broken_randomisation_is_caught_and_no_effect_is_told(shop, breaking):
    latest = shop.rows["period"] == shop.rows["period"].max()
    rows = pd.concat([shop.rows[~latest], breaking(shop.rows[latest])], ignore_index=True)
    found = last_list(rows, 1.0, 90)
    assert found.checks.broken
    assert found.whole is None
    assert found.total.lists == 5


def test_arms_by_value_are_caught_by_balance_alone(shop):
    rows = by_value(shop.rows[shop.rows["period"] == "2026-06"])
    assert "value_at_stake" in check(rows).unlike
    assert not is_as_drawn(rows)


# from the state


@pytest.fixture
def series(run, tmp_path):
    return replace(run, run_dir=tmp_path / "shop" / "2026-10")


def earlier(run, year, month):
    return replace(run, as_of=date(year, month, 1), run_dir=run.run_dir.with_name(f"{year}-{month - 1:02d}"))


def keep(run, rows):
    return keep_list(rows.assign(**drawn(rows, seed=run.params.actions.seed, period=run.period)), run)


def test_a_list_of_which_hardly_anybody_was_contacted_is_not_judged(judged):
    nobody = pd.Series(data=False, index=judged.rows["customer_id"].drop_duplicates())
    assert judged.carried_out  # without contacts on record, the arms alone count
    assert not replace(judged, reached=nobody).carried_out
    assert replace(judged, reached=~nobody).carried_out


def test_a_list_is_kept_with_its_plan_and_drawn_again(series, plain):
    september = earlier(series, 2026, 10)
    file = keep(september, plain)
    kept = earlier_lists(series)
    assert set(kept["customer_id"]) == set(plain["customer_id"])
    assert kept["period"].unique().tolist() == ["2026-09"]
    assert is_as_drawn(kept)
    assert not is_as_drawn(kept.assign(seed=1))
    assert plan_of(september).due == "2026-12-30"
    assert (file.parent / "experiment_plan_2026-09.json").exists()


def test_a_rerun_overwrites_and_a_backfill_does_not_see_the_future(series, plain):
    september = earlier(series, 2026, 10)
    keep(september, plain)
    keep(september, plain.iloc[:100])
    keep(series, plain)
    assert len(earlier_lists(series)) == 100
    assert earlier_lists(september).empty
    assert earlier_lists(earlier(series, 2026, 9)).empty


def test_an_experiment_leaves_the_lists_of_the_series_alone(series, plain):
    keep(earlier(series, 2026, 10), plain)
    keep(replace(earlier(series, 2026, 10), scratch=True), plain.iloc[:10])
    assert len(earlier_lists(series)) == len(plain)


def test_an_arm_is_kept_as_long_as_the_horizon(series, plain):
    keep(earlier(series, 2026, 9), plain)
    assert set(kept_arms(series)) == {CONTACT, CONTROL}
    assert kept_arms(replace(series, as_of=date(2026, 12, 1))).empty


def test_who_is_forgotten_leaves_the_list_and_the_draw_still_stands(series, plain):
    file = keep(earlier(series, 2026, 10), plain)
    gone = earlier_lists(series).loc[lambda rows: rows["arm"] == CONTROL, "customer_id"].iloc[0]
    none = frozenset()
    person = Person(frozenset({"1"}), frozenset({gone}), none, none, none, none)
    assert erase_from(file, person, traces_of(person), "x").removed == 1
    kept = earlier_lists(series)
    assert gone not in set(kept["customer_id"])
    assert is_as_drawn(kept)


def test_a_file_that_is_no_list_is_named(series, plain):
    keep(earlier(series, 2026, 10), plain).write_bytes(b"PAR1 no")
    with pytest.raises(ValueError, match=r"contact_list_2026-09\.parquet cannot be read as a list"):
        earlier_lists(series)


def test_purchases_before_and_since_a_list_are_told_up_to_the_horizon():
    days = ibis.memtable(pd.DataFrame({
        "customer_id": ["a", "a", "a", "a", "b", "c"],
        "day": pd.to_datetime(["2026-01-01", "2026-03-31", "2026-04-01", "2026-04-20", "2026-04-05", "2024-01-01"]),
        "amount": [10.0, 5.0, 2.0, 99.0, 7.0, 1.0],
    }))  # fmt: skip
    rows = pd.DataFrame({"customer_id": ["a", "b", "c"], "listed_on": pd.Timestamp("2026-04-01")})
    found = outcomes(rows, days.mutate(day=days.day.cast("date")), pd.Timestamp("2026-05-01"), 10).set_index(
        "customer_id"
    )
    assert found["spend"].to_dict() == {"a": 2.0, "b": 7.0, "c": 0.0}
    assert found["spend_before"].to_dict() == {"a": 15.0, "b": 0.0, "c": 0.0}
    assert found["known"].to_dict() == {"a": True, "b": False, "c": True}
    assert found["days_seen"].unique().tolist() == [10]
    assert found.loc["a", "idle"] == 1


def test_the_share_is_that_of_the_parameters_else_the_one_chapter_03_sized(series, plain):
    rules = [SimpleNamespace(reason="call", action="call", control=True)]
    knobs = series.params.actions.model_copy(update={"rules": rules})
    told = replace(series, params=series.params.model_copy(update={"actions": knobs}))
    planned = pd.Series({"control_share": 0.21})
    assert with_arms(plain, told, planned)["control_share"].max() == 0.21
    fixed = told.params.model_copy(update={"actions": knobs.model_copy(update={"control_share": 0.4})})
    assert with_arms(plain, replace(told, params=fixed), planned)["control_share"].max() == 0.4


def test_who_was_in_fact_contacted_is_told_by_contacts(run, lonely):
    people = ["Atreatment1", "Acontrol1", "nobody"]
    rows = pd.DataFrame({"customer_id": people, "arm": CONTACT, "period": "2026-04"})
    rows["listed_on"] = pd.Timestamp("2026-05-01")
    assert reached_since(run, rows).to_dict() == {"Atreatment1": True, "Acontrol1": False, "nobody": False}
    assert reached_since(lonely, rows) is None
    assert not reached_since(run, rows.assign(listed_on=pd.Timestamp("2026-05-02"))).any()


# the page


def show(run, judged):
    return show_last_list(SimpleNamespace(last_list=judged), run).text.replace("\xa0", " ")


def test_the_first_month_says_so(series):
    assert judge(series) is None
    assert show(series, None).startswith("Next month's report will say what this month's list brought")


def test_what_the_list_brought_is_told_with_a_decision_for_each_action(run, judged):
    said = show(run, judged)
    assert "of 90 days are seen" in said
    assert "The 6 lists so far together brought" in said
    decisions = dict(zip(judged.actions["action"], judged.actions["decision"], strict=True))
    assert decisions["call"] == REPEAT
    assert "The arms are as drawn" in said


def test_the_answer_says_what_the_last_list_brought(run, judged):
    nothing = pd.DataFrame(columns=[*COLUMNS, *FOR_THE_PAGE])
    said = answer_words(SimpleNamespace(listed=nothing, last_list=judged, campaigns=None), run)
    assert said == ["Nobody needs a contact this month.", title(judged, judged.whole, run) + "."]


def test_broken_arms_are_said(run, shop):
    latest = shop.rows["period"] == shop.rows["period"].max()
    found = last_list(by_value(shop.rows[latest]), 1.0, 90)
    assert "What the list of May 2026 brought is not told" in show(run, found)
    assert "more than chance does" in " ".join(broken_words(found.checks, run))


@pytest.mark.parametrize(
    ("visible", "likely", "said"),
    [
        (0.1, 0.12, "12.0 are expected."),
        (0.1, 0.05, "4 such months"),
        (0.1, 0.01, "hardly tell"),
        (0.1, np.nan, "show."),
    ],
)
def test_how_long_it_takes_is_said(run, visible, likely, said):
    assert said in power_words(visible, likely, run)


def test_what_is_learnt_next_is_said_and_the_list_is_kept(series, plain):
    listed = plain.assign(**drawn(plain))
    said = show_next(SimpleNamespace(listed=listed, last_list=None), series).text.replace("\xa0", " ")
    alone = learning(listed).iloc[-1]
    assert f"{series.rules.rounded(alone['left_out']):.0f} of" in said
    assert "by 30 Jan 2027" in said
    assert (series.state_dir / "contact_list_2026-10.parquet").exists()
    nobody = show_next(SimpleNamespace(listed=listed.assign(stratum="", arm=CONTACT), last_list=None), series)
    assert "Nobody is left out at random" in nobody.text
