"""Who is put forward, and for what, on the demo and on Online Retail: every list holds to its name."""

import json

import pandas as pd
import pytest

SAY_LIKELY = ["valuable_at_risk", "likely_to_leave"]
OF_02 = ("left_best_segment", "second_purchase", "win_back")


class Lists:
    """What a run wrote of its customers and candidates, and the knobs it was made with."""

    def __init__(self, report):
        self.knobs = json.loads((report / "manifest.json").read_text(encoding="utf-8"))["parameters"]
        series, period = report.parts[-2:]
        self.run_dir = report.parents[2] / "work" / series / period
        names = ("segments", "churn_scores", "candidates_segmentation", "candidates_churn")
        segments, self.scores, self.of_02, self.of_03 = (
            pd.read_parquet(self.run_dir / "tables" / f"{name}.parquet") for name in names
        )
        scored = self.scores[["customer_id", "churn_probability"]]
        known = segments.merge(scored, on="customer_id", how="left").set_index("customer_id")
        horizons = 2 * self.knobs["churn"]["horizon_days"]
        active = (known["days_since_last"] < horizons) & known["churn_probability"].notna()
        gone = known["lifecycle"].isin(["dormant", "lost"])
        likely = (known["churn_probability"] > self.knobs["churn"]["least_risk"]) & ~gone
        due = known["days_since_last"] > known["typical_gap"]
        self.listed = pd.read_csv(self.run_dir / "lists" / "contact_list.csv")
        self.known = known.assign(active=active, likely=likely, gone=gone, due=due)

    def those(self, candidates, reason):
        return self.known.loc[candidates.loc[candidates["reason"] == reason, "customer_id"]]


@pytest.fixture(scope="module", params=["demo_report", "online_retail_report"])
def lists(request):
    return Lists(request.getfixturevalue(request.param))


def test_chapter_03_puts_forward_active_customers_who_are_not_gone_each_for_one_reason(lists):
    put_forward = lists.known.loc[lists.of_03["customer_id"]]
    assert put_forward.index.is_unique
    assert put_forward["active"].all()
    assert not put_forward["gone"].any()
    assert put_forward["due"].all()
    assert (lists.of_03["score"] > 0).all()
    told = lists.of_03.set_index("customer_id")
    assert told["value_ahead"].tolist() == put_forward["lifetime_value"].tolist()
    assert told["churn_probability"].tolist() == put_forward["churn_probability"].tolist()


def test_the_valuable_are_worth_more_than_the_mean_of_the_active_and_all_are_likely_to_leave(lists):
    mean = lists.known.loc[lists.known["active"], "lifetime_value"].mean()
    valuable, others = (lists.those(lists.of_03, reason) for reason in SAY_LIKELY)
    assert (valuable["lifetime_value"] > mean).all()
    assert (others["lifetime_value"] <= mean).all()
    assert valuable["likely"].all()
    assert others["likely"].all()
    assert len(others)


def test_the_just_overdue_crossed_their_own_limit_in_the_last_month_and_are_not_likely_to_leave(lists):
    late = lists.those(lists.of_03, "just_overdue")
    assert len(late)
    assert not late["likely"].any()
    assert (late["days_since_last"] - late["limit_at_risk"]).between(0, 31, inclusive="right").all()


def test_chapter_02_says_of_nobody_that_they_are_likely_to_leave_and_of_the_gone_that_they_are(lists):
    reasons = set(lists.of_02["reason"])
    assert {"left_best_segment", "second_purchase", "win_back"} <= reasons <= {*OF_02, "next_category"}
    gone = lists.known["gone"].reindex(lists.of_02["customer_id"]).to_numpy()
    assert (gone == (lists.of_02["reason"] == "win_back")).all()
    assert (lists.those(lists.of_02, "second_purchase")["purchase_days"] == 1).all()
    beyond = lists.those(lists.of_02, "win_back").eval("days_since_last - limit_dormant")
    assert beyond.between(0, lists.knobs["churn"]["horizon_days"], inclusive="right").all()
    assert lists.of_02[["since", "why"]].notna().all(axis=None)
    assert not set(lists.of_03["customer_id"]) & set(lists.of_02.loc[gone, "customer_id"])


def test_nobody_stands_on_a_list_whom_another_chapter_calls_otherwise(lists):
    listed = lists.listed.set_index("customer_id")
    # of who only ever returned goods, chapter 04 alone knows
    known = lists.known[["likely", "gone", "due"]].reindex(listed.index).fillna(value=False).astype(bool)
    likely, won_back = listed["reason"].isin(SAY_LIKELY), listed["action"].str.contains("win-back", case=False)
    assert likely.any()
    assert won_back.any()
    assert known.loc[likely, ["likely", "due"]].all(axis=None)
    assert (listed.loc[won_back, "reason"] == "win_back").all()
    assert known.loc[won_back, "gone"].all()
    complains = listed["reason"].isin(["open_complaint", "unhappy", "returned_and_quiet"])
    assert not known.loc[~(complains | won_back).to_numpy(), "gone"].any()


def test_a_row_says_what_who_until_when_why_and_what_it_is_worth(lists):
    listed = lists.listed
    assert listed["customer_id"].is_unique
    assert listed["priority"].tolist() == list(range(1, len(listed) + 1))
    known = listed[listed["segment"].notna()]
    assert known[["action", "channel", "owner", "why", "since", "due", "effect_from", "arm"]].notna().all(axis=None)
    assert (known["value_low"] <= known["value_at_stake"]).all()
    assert (known["value_at_stake"] <= known["value_high"]).all()
    assert (listed["effect_low"] <= listed["effect_high"]).all()
    assert (listed.loc[listed["reason"] != "open_complaint", "expected_gain"] >= 0).all()  # rounded to hundredths
    duties = listed.index[listed["reason"] == "open_complaint"]
    assert duties.tolist() == list(range(len(duties)))


def test_the_stores_lists_are_what_of_the_list_each_has_to_do(lists):
    files = [file for file in (lists.run_dir / "lists").glob("store_*.csv") if ".revealed." not in file.name]
    theirs = pd.concat([pd.read_csv(file, dtype=str) for file in files]) if files else lists.listed.iloc[:0]
    own = lists.listed[(lists.listed["owner"] == "store") & (lists.listed["arm"] == "contact")]
    assert sorted(theirs["customer_id"]) == sorted(own["customer_id"])
    assert not theirs["customer_id"].duplicated().any()
    assert len(files) == own["store_id"].nunique()


def test_the_headlines_count_those_who_are_likely_to_leave(lists):
    results = json.loads((lists.run_dir / "results" / "03_churn.json").read_text(encoding="utf-8"))
    told = {row["name"]: row for row in results}
    likely = (lists.known["active"] & lists.known["likely"]).sum()
    assert told["likely_to_leave"]["value"] == pytest.approx(likely, abs=2.5)
