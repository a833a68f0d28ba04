"""Who responds: planted differences are found again, none where there is none, and nothing learnt that is too late."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib import actions
from crmlib.actions.response import finding
from crmlib.actions.response.contacted import contacted_people, contacts_over, of_some_people
from crmlib.actions.response.described import describe_contacts, with_past
from crmlib.actions.response.finding import find_response
from crmlib.actions.response.known import BEFORE, KnownTooLateError, Since, known_before
from crmlib.actions.response.people import estimated
from crmlib.actions.response.propensity import Round, foretell
from crmlib.actions.response.qini import TENTHS, Ranked
from crmlib.actions.response.uplift import Trial, learn_uplift
from crmlib.actions.response.won import spoken_of, whom_contacts_win
from crmlib.features import customer_features
from crmlib.orders import as_orders
from crmlib.stats import Estimate

MARGIN, COST = 40.0, 0.5
WINDOW = 14


def drawn(uplift, people=3_000, seed=1):
    """Draw one campaign in which a contact adds to the chance of a purchase what `uplift` makes of two numbers."""
    rng = np.random.default_rng(seed)
    known = pd.DataFrame(rng.standard_normal((people, 2)), columns=["silence", "orders"])
    treated, adds = rng.random(people) < 0.6, uplift(known)
    bought = rng.random(people) < 0.3 + 0.1 * (known["silence"] < 0) + treated * adds
    number = np.arange(people)
    trial = Trial(
        known, bought.to_numpy(dtype=float), treated, np.zeros(people, dtype=int), number, np.full(people, COST)
    )
    return trial, np.broadcast_to(adds, people)


def harmed(known):
    return np.where(known["orders"] > 0, 0.25, -0.25)


def found_in(trial):
    return whom_contacts_win(trial, trial.known["silence"].to_numpy(), MARGIN, seed=5)


def within_four_errors(found, truth):
    return abs(found.value - truth) <= 4 * (found.high - found.low) / 2 / 1.96


@pytest.fixture(scope="module")
def half_harmed():
    trial, uplift = drawn(harmed)
    return trial, uplift, found_in(trial)


@pytest.fixture(scope="module")
def alike():
    """Everybody gains the same: there is nobody to choose."""
    trial, _uplift = drawn(lambda _known: 0.1)
    return trial, found_in(trial)


def test_where_half_are_harmed_the_policy_learnt_beats_contacting_all_and_none(half_harmed):
    _trial, uplift, found = half_harmed
    values = found.policies.set_index("policy")
    assert found.is_told
    assert values.loc["paying", "value_low"] > 0
    assert values.loc["paying", "against_all_low"] > 0
    best = np.mean(np.maximum(uplift * MARGIN - COST, 0))
    assert within_four_errors(found.worth("paying"), best)
    assert within_four_errors(found.worth("all"), np.mean(uplift * MARGIN - COST))


def test_planted_uplift_is_found_again_in_either_half(half_harmed):
    _trial, uplift, found = half_harmed
    assert within_four_errors(found.effect, uplift.mean())
    assert found.by == "both"
    assert found.top.low > 0.1
    assert found.rest.high < -0.1
    assert found.beyond_recent.low > 0


def test_the_area_is_that_of_the_true_uplift_of_the_same_scores(half_harmed):
    trial, uplift, found = half_harmed
    learnt = [learn_uplift(trial, 5 + split) for split in range(3)]
    truth = np.mean([Ranked.of(one.scores["both"], one.strata).area(uplift[one.judged]).value for one in learnt])
    assert within_four_errors(found.area, truth)


def test_the_same_gain_for_all_is_no_difference(alike):
    _trial, found = alike
    assert found.effect.low > 0
    assert not found.is_told
    assert not found.beyond_recent.excludes(0)


def test_no_effect_is_none():
    trial, _uplift = drawn(lambda _known: 0.0, seed=3)
    found = found_in(trial)
    assert not found.effect.excludes(0)
    assert not found.is_told
    assert found.worth("all").high < MARGIN * 0.1


def test_arms_that_were_unlike_before_are_found(alike):
    trial, _found = alike
    silent_first = trial.known["silence"].to_numpy() + np.random.default_rng(1).standard_normal(len(trial.bought)) > 0
    assert trial.unlike == []
    assert replace(trial, treated=silent_first).unlike == [0]


def test_the_qini_curve_and_area_worked_by_hand():
    """Radcliffe's counts, worked by hand.

    Forty contacts in four groups of ten, half of each treated; 4, 2, 1 and 0 of the treated bought, and 1 of each
    other half: 3, 1, 0 and -1 extra buyers. Over 20 treated the curve rises to 3, 4, 4 and 3 twentieths; the area under
    it is (3 + 7 + 8 + 7) / 2 / 4 twentieths = 25 / 160, that under the straight line 3 / 40.
    """
    bought = [[1] * won + [0] * (5 - won) + [1] + [0] * 4 for won in (4, 2, 1, 0)]
    outcome, treated = np.array(bought, dtype=float).ravel(), np.tile([1] * 5 + [0] * 5, 4)
    parts = outcome * np.where(treated, 2, -2)
    ranked = Ranked.of(np.repeat([9.0, 7.0, 5.0, 3.0], 10), np.zeros(40, dtype=int))
    assert [ranked.gain(parts, share).value for share in (0.25, 0.5, 0.75, 1.0)] == [0.15, 0.2, 0.2, 0.15]
    assert ranked.area(parts).value == pytest.approx(25 / 160 - 3 / 40)


@pytest.fixture(scope="module")
def tied():
    """Give scores with ties in two strata, and parts."""
    rng = np.random.default_rng(2)
    return rng.integers(0, 12, 400).astype(float), np.repeat([0, 1], [150, 250]), rng.standard_normal(400)


def test_the_area_is_the_mean_over_all_pairs(tied):
    score, strata, parts = tied
    pairs = []
    for stratum in (0, 1):
        own, gain = score[strata == stratum], parts[strata == stratum]
        above = np.sign(own[:, None] - own[None, :])
        pairs.append((above * gain[:, None]).sum() / 2 / len(own))
    assert Ranked.of(score, strata).area(parts).value == pytest.approx(sum(pairs) / 400)


def test_the_area_moves_with_each_contact_as_its_pulls_say(tied):
    score, strata, parts = tied
    figure = Ranked.of(score, strata).area(parts)
    for out in (3, 200, 399):
        rest = np.arange(400) != out
        without = Ranked.of(score[rest], strata[rest]).area(parts[rest]).value
        own = strata == strata[out]  # a stratum's share of all is not fixed when one goes: its own area is
        alone = Ranked.of(score[own], np.zeros(own.sum(), dtype=int)).area(parts[own])
        gone = Ranked.of(score[own & rest], np.zeros((own & rest).sum(), dtype=int)).area(parts[own & rest]).value
        place = np.flatnonzero(np.flatnonzero(own) == out)[0]
        assert alone.value - gone == pytest.approx(alone.effects[place], abs=2e-4)
        assert abs(without - figure.value) < 0.02
    assert figure.effects.sum() == pytest.approx(0, abs=1e-12)


def test_people_of_several_contacts_pull_together(tied):
    score, strata, parts = tied
    figure = Ranked.of(np.tile(score, 2), np.tile(strata, 2)).area(np.tile(parts, 2))
    twice = estimated(figure, np.tile(np.arange(400), 2))
    once = estimated(Ranked.of(score, strata).area(parts), np.arange(400))
    assert twice.high - twice.low == pytest.approx(once.high - once.low)
    assert twice.n == 400


def lines(rows):
    """Give order lines: customer, day, amount, channel."""
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount", "channel"])
    return frame.assign(
        order_id=[f"O{number}" for number in range(len(frame))], ordered_at=pd.to_datetime(frame["ordered_at"]),
        quantity=1.0, is_purchase=True, is_product=True, is_return=False, store_id="S1", promotion_id=None,
        product_id="P",
    )  # fmt: skip


SOLD = [
    ("a", "2026-01-05 10:00", 10.0, "web"), ("a", "2026-02-20 12:00", 30.0, "store"),
    ("a", "2026-03-05 11:00", 70.0, "web"), ("a", "2026-03-06 09:00", 20.0, "web"),
    ("b", "2026-02-01 10:00", 15.0, "store"), ("b", "2026-03-19 23:59", 25.0, "store"),
    ("c", "2026-03-20 00:01", 99.0, "store"),
]  # fmt: skip
TOLD = pd.DataFrame(
    [("M", name, "2026-03-05 20:00", "treatment") for name in "abc"]
    + [("M", "d", "2026-03-05 20:00", "treatment"), ("M", "d", "2026-03-05 20:00", "control")]
    + [("N", name, "2026-03-25 20:00", "control") for name in "ab"],
    columns=["campaign_id", "customer_id", "contacted_at", "arm"],
).assign(cost=0.5, contacted_at=lambda rows: pd.to_datetime(rows["contacted_at"]))


def people_of(sold=SOLD, as_of=date(2026, 6, 1)):
    over = contacts_over(ibis.memtable(TOLD), as_of, WINDOW)
    return contacted_people(over, as_orders(ibis.memtable(lines(sold))), WINDOW)


def test_the_window_begins_the_day_after_and_ends_with_its_last_day():
    rows = people_of().set_index(["campaign_id", "customer_id"])
    assert rows.loc["M", "bought"].to_dict() == {"a": 1, "b": 1, "c": 0}
    assert rows.loc["M", "spend_after"].to_dict() == {"a": 20, "b": 25, "c": 0}
    assert rows.loc["M", "spend"].to_dict() == {"a": 40, "b": 15, "c": 0}


def test_whoever_stands_in_both_arms_and_a_window_not_over_are_left_out():
    assert "d" not in set(people_of()["customer_id"])
    assert set(people_of(as_of=date(2026, 4, 1))["campaign_id"]) == {"M"}


def test_what_is_known_before_a_contact_is_what_the_features_say_of_the_cutoff():
    rows = people_of().query("campaign_id == 'M' and orders > 0").set_index("customer_id")
    columns = ["orders", "lines", "spend", "days_since_last", "days_since_first"]
    table = customer_features(as_orders(ibis.memtable(lines(SOLD))), date(2026, 3, 5), columns)
    features = table.to_pandas().set_index("customer_id")[columns].astype(float).sort_index()
    days = {
        name: (rows["day"] - rows[there]).dt.days - 1.0
        for name, there in (("days_since_last", "last_day"), ("days_since_first", "first_day"))
    }
    pd.testing.assert_frame_equal(rows.assign(**days)[columns].astype(float).sort_index(), features, check_names=False)


def test_nothing_known_before_a_contact_comes_from_after_it():
    earlier = [row for row in SOLD if row[1] < "2026-03-05"]
    all_of_it, before = (people_of(sold).query("campaign_id == 'M'") for sold in (SOLD, earlier))
    same = [name for name in before.columns if name not in {"bought", "spend_after"}]
    pd.testing.assert_frame_equal(all_of_it[same], before[same])


def test_past_responses_are_of_windows_that_were_over():
    rows = people_of()
    late = with_past(rows, WINDOW).query("campaign_id == 'N'").set_index("customer_id")
    assert late["past_contacts"].to_dict() == {"a": 1, "b": 1}
    assert late["past_responses"].to_dict() == {"a": 1, "b": 1}
    too_soon = with_past(
        rows.assign(day=rows["day"].where(rows["campaign_id"] == "M", pd.Timestamp("2026-03-19"))), WINDOW
    )
    assert too_soon["past_contacts"].sum() == 0


def test_a_sample_keeps_people_whole():
    told = ibis.memtable(pd.DataFrame({"customer_id": [f"c{n * 40:04x}ffffffffffff" for n in range(1_000)] * 2}))
    some, there = of_some_people(told, most=500)
    counted = some.customer_id.execute().value_counts()
    assert there == 2_000
    assert (counted == 2).all()
    assert len(of_some_people(told, most=3_000)[0].execute()) == 2_000


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("duration", "duration is known only after the contact: how long a call took is known when it is over"),
        ("campaign", "campaign is known only at the contact itself: it counts the contact itself"),
        ("income", "nobody says since when income is known"),
    ],
)
def test_what_is_known_too_late_is_refused_by_name_and_with_the_reason(name, said):
    with pytest.raises(KnownTooLateError, match=said):
        known_before(pd.DataFrame({"age": [1], name: [2]}), BANK)


BANK = {
    **dict.fromkeys(("age", "job", "marital", "education", "default", "balance", "housing", "loan", "contact", "day",
                     "month", "pdays", "previous", "poutcome"), BEFORE),
    "duration": Since("after", "how long a call took is known when it is over"),
    "campaign": Since("at", "it counts the contact itself"),
}  # fmt: skip


def bank(shared_data, left_out, step=12):
    """Give a sample of bank marketing without some columns, in the order of time."""
    path = shared_data / "bank_marketing" / "bank-marketing.csv"
    if not path.exists():
        pytest.skip(f"bank marketing not found: expected {path}")
    rows = pd.read_csv(path, sep=";").iloc[::step].reset_index(drop=True)
    return rows.drop(columns=["y", *left_out]), rows["y"].isin(["yes", 1]).to_numpy()


def calls(rows, responded, name="calls"):
    known = pd.get_dummies(rows).astype(float)
    rules = pd.DataFrame({"past": 2.0 * (rows["poutcome"] == "success") + (rows["previous"] > 0)})
    return Round(name, known, rules, responded, rows.index.to_numpy(dtype=object))


def area_of(found, name="boosting"):
    return float(found.table.set_index("name").loc[name, "auc"])


@pytest.mark.shared_data
def test_a_response_model_of_bank_marketing_is_as_good_as_published_without_what_is_known_too_late(shared_data):
    rows, responded = bank(shared_data, ["duration", "campaign"])
    found = foretell([calls(known_before(rows, BANK), responded)], seed=1)
    assert 0.72 < area_of(found) < 0.82
    assert found.against.low > 0


@pytest.mark.shared_data
def test_the_length_of_the_call_tells_the_answer_and_is_refused(shared_data):
    rows, responded = bank(shared_data, ["campaign"])
    with pytest.raises(KnownTooLateError, match="duration is known only after the contact"):
        known_before(rows, BANK)
    assert area_of(foretell([calls(rows, responded)], seed=1)) > 0.88


@pytest.mark.shared_data
def test_calls_foretold_from_earlier_ones_are_not_as_good_as_from_their_neighbours(shared_data):
    rows, responded = bank(shared_data, ["duration", "campaign", "month", "day"])
    blocks = np.arange(len(rows)) * 8 // len(rows)
    rounds = [calls(rows, responded).only(blocks == block) for block in range(8)]
    found = foretell([replace(each, name=str(number)) for number, each in enumerate(rounds)], seed=1)
    assert area_of(found) < 0.65
    assert found.error.shift.high < -0.1


@pytest.mark.shared_data
def test_the_response_to_the_last_campaign_is_told_by_more_than_past_responses(shared_data):
    path = shared_data / "customer_personality" / "marketing_campaign.csv"
    if not path.exists():
        pytest.skip(f"customer personality not found: expected {path}")
    rows = pd.read_csv(path)
    alike = rows.drop(columns="ID").fillna(-1).groupby([*rows.columns[1:]]).ngroup()  # 182 rows stand there twice
    responded = rows.pop("AcceptedCmp6").eq("Yes").to_numpy()
    past = rows.filter(like="Accepted").eq("Yes").sum(axis=1).astype(float)
    known = rows.drop(columns=["ID", "Dt_Customer"]).replace({"Yes": 1, "No": 0}).infer_objects()
    known = known.assign(Income=known["Income"].fillna(known["Income"].median())).astype(float)
    rules = pd.DataFrame({"past": past, "recency": -known["Recency"]})
    declared = dict.fromkeys(known.columns, BEFORE)
    found = foretell(
        [Round("last", known_before(known, declared), rules, responded, alike.to_numpy(dtype=object))], seed=1
    )
    assert found.rule == "past"
    assert 0.8 < area_of(found, found.chosen) < 0.95
    assert found.against.low > 0
    assert not found.error.shift.excludes(0)


def campaigns(tells, shift=0.0):
    """Draw four campaigns of 500 contacts; what is known tells the response so well, the last falls by a shift."""
    rng = np.random.default_rng(4)
    rounds = []
    for number in range(4):
        known = pd.DataFrame(rng.standard_normal((500, 2)), columns=["one", "two"])
        lower = shift * (number == 3)
        responded = rng.random(500) < 1 / (1 + np.exp(1 + lower - tells * known["one"]))
        rules = pd.DataFrame({"rule": known["two"]})
        rounds.append(Round(f"C{number}", known, rules, responded.to_numpy(), np.arange(500).astype(object)))
    return rounds


def test_a_response_is_foretold_from_earlier_campaigns_and_judged_on_the_latest():
    found = foretell(campaigns(tells=1.5), seed=1)
    assert (found.test, found.learnt_from, found.chosen) == ("C3", 3, "logistic")
    assert found.against.low > 0.1
    assert not found.error.shift.excludes(0)


def test_where_nothing_tells_a_response_no_model_beats_a_rule():
    found = foretell(campaigns(tells=0.0), seed=1)
    assert not found.against.excludes(0)


def test_a_campaign_that_brought_less_shows_in_the_probabilities():
    found = foretell(campaigns(tells=1.0, shift=1.0), seed=1)
    assert found.error.shift.low > 0.05


def test_too_few_responses_foretell_nothing():
    assert foretell([each.only(np.arange(500) < 20) for each in campaigns(tells=1.0)], seed=1) is None


def shop(people=900, seed=6, *, wins=lambda known: 0.3 * (known < 40), arms=("treatment", "control"), usual=0.15):
    """Draw contacts of two campaigns as `contacted_people` gives them."""
    rng = np.random.default_rng(seed)
    parts = []
    for number, day in enumerate(["2026-03-02", "2026-06-01"]):
        silent = rng.integers(1, 80, people)
        arm = np.where(rng.random(people) < 0.6, arms[0], arms[-1])
        bought = rng.random(people) < usual + (arm == "treatment") * wins(silent)
        parts.append(pd.DataFrame({
            "campaign_id": f"C{number}", "customer_id": [f"c{n:04d}" for n in range(people)], "day": pd.Timestamp(day),
            "arm": arm, "cost": np.where(arm == "treatment", 0.8, 0.0), "orders": rng.poisson(3, people) + 1.0,
            "lines": 8.0, "promotion_lines": 1.0, "spend": rng.uniform(50, 400, people), "bought": bought * 1.0,
            "spend_after": bought * 60.0, "first_day": pd.Timestamp("2025-01-01"),
            "last_day": pd.Timestamp(day) - pd.to_timedelta(silent, unit="D"), "in_web": 1.0,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True).astype({"day": "datetime64[us]", "last_day": "datetime64[us]"})


def shown(response, run):
    return actions.show_response(SimpleNamespace(response=response), run)


@pytest.fixture(scope="module")
def told(run):
    response = find_response(shop(), 1_800, WINDOW, margin=0.5)
    return response, shown(response, run)


def test_the_finding_is_the_title_and_the_rest_is_folded(told):
    response, part = told
    assert response.won.is_told
    assert response.won.margin == 30
    title, *_rest = part.text.splitlines()
    assert title.startswith("Figure: Contact wins over ")
    assert "of 100 customers in the half that bought last" in title
    unfolded, *folds = part.html.split("<details")
    assert unfolded.count("<figure") == 1
    assert "<table" not in unfolded
    assert "After cost, contacting everybody brings ¥" in folds[0]


def test_nothing_is_recommended_where_all_gain_alike(run):
    response = find_response(shop(wins=lambda _silent: 0.1), 1_800, WINDOW, margin=0.5)
    text = shown(response, run).text
    assert text.startswith("Figure: Who responds cannot be told from who buys anyway: choose by value")
    assert "nobody is recommended over others" in text


@pytest.mark.parametrize(
    ("recent", "beyond", "order"),
    [((0.4, 0.3), (0.1, 0.2), "recent"), ((0.4, 0.3), (0.3, 0.2), "both"), ((0.1, 0.3), (0.1, 0.2), "both"),
     ((0.31, 0.3), (0.1, 0.2), "both")],
)  # fmt: skip
def test_the_plain_rule_is_spoken_of_unless_models_are_shown_to_be_better(recent, beyond, order):
    """The last: above 0 at 95 %, not so when two orders have been tried."""
    assert (
        spoken_of(*(Estimate(value, value - reach, value + reach, 100) for value, reach in (recent, beyond))) == order
    )


def test_without_contacts_nothing_is_shown(lonely):
    assert actions.study(lonely).response is None
    assert actions.show_response(actions.study(lonely), lonely).kind == "nothing"


def test_without_a_control_group_the_response_alone_is_foretold(run):
    response = find_response(shop(arms=("treatment",)), 1_800, WINDOW, margin=0.5)
    text = shown(response, run).text
    assert response.won is None
    assert "Needed: a campaign that left some customers out at random" in text
    assert "Who bought within 14\xa0days" in text or "Who bought within 14 days" in text


def test_that_some_people_stand_for_all_is_said(told, run):
    response, _part = told
    text = shown(replace(response, contacts=5_000), run).text
    assert "Estimated on 1,800 of 5,000 contacts, all those of people drawn by their pseudonyms." in text


def test_too_few_purchases_say_so(run):
    response = find_response(shop(people=60), 120, WINDOW, margin=0.5)
    assert response.won is None
    assert "cannot be told from who buys anyway" in shown(response, run).text


def test_a_campaign_whose_arms_were_unlike_is_left_out_and_said(run):
    rows = shop(people=1_200)
    broken = (rows["campaign_id"] == "C1") & (rows["last_day"] < pd.Timestamp("2026-05-01"))
    response = find_response(rows.assign(arm=rows["arm"].mask(broken, "control")), 1_800, WINDOW, margin=0.5)
    assert response.unlike == ("C1",)
    assert "1 campaign is left out: its arms were unlike before the contact." in shown(response, run).html


def test_the_description_takes_only_what_is_known_before():
    rows = with_past(shop(people=40), WINDOW)
    assert not {"bought", "spend_after", "arm", "cost"} & set(describe_contacts(rows).columns)
    assert describe_contacts(rows.assign(bought=9.0)).equals(describe_contacts(rows))


def test_the_curve_has_a_tenth_a_row(told):
    response, _part = told
    assert response.won.curve["contacted"].tolist() == TENTHS.tolist()
    assert response.fewest >= finding.LEAST_EVENTS
