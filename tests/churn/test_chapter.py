"""The chapter on the page: every shown object, with a test and without one."""

import re
from copy import copy
from dataclasses import replace

import pandas as pd
import pytest

from crmlib import churn
from crmlib.churn.money.response import Response
from crmlib.churn.who.scoring import sales_at_risk
from crmlib.privacy.proportions import disclosed
from crmlib.stats import Estimate
from crmlib.words import formats
from crmlib.workspace import open_run

PARAMS = """
series: shop
title: Shop
as_of: {as_of}
currency: EUR
sources: {{transactions: {{path: none.csv, columns: {{ordered_at: at, amount: amount}}}}}}
churn: {{horizon_days: 60, resamples: 50, cutoffs: 3}}
"""


def open_shop(folder, lines, as_of):
    (folder / "params").mkdir()
    file = folder / "params" / "shop.yaml"
    file.write_text(PARAMS.format(as_of=as_of))
    run = open_run(file)
    clean = run.run_dir / "clean"
    clean.mkdir(parents=True)
    lines.to_parquet(str(clean / "transactions.parquet"))
    return run


class Page:
    """All that the notebook shows, by name."""

    def __init__(self, run):
        self.run, self.found = run, churn.study(run)
        shown = (*churn.PARTS, churn.show_proof, churn.show_watching, churn.show_model_card)
        self.parts = {part.__name__.removeprefix("show_"): part(self.found, run) for part in shown}
        self.answer = self.parts["answer"].words

    def text(self, name):
        return self.parts[name].text.replace("\xa0", " ")


@pytest.fixture(scope="module")
def full(tmp_path_factory, shop):
    return Page(open_shop(tmp_path_factory.mktemp("full"), shop, "2026-01-01"))


@pytest.fixture(scope="module")
def short(tmp_path_factory, shop):
    return Page(open_shop(tmp_path_factory.mktemp("short"), shop, "2025-03-15"))


@pytest.fixture(scope="module")
def anonymous(tmp_path_factory, shop):
    return Page(
        open_shop(
            tmp_path_factory.mktemp("anonymous"),
            shop.mutate(customer_id=shop.customer_id.nullif(shop.customer_id)),
            "2026-01-01",
        )
    )


def test_with_enough_history_nothing_is_missing(full):
    missing = [name for name, part in full.parts.items() if part.kind == "insufficient"]
    assert missing == ["where", "overdue"], "chapter 02 has not run here, and this shop has one store and one channel"
    assert all(part.text.strip() and part.html.strip() for part in full.parts.values())


def test_nothing_raw_reaches_a_reader(full, short, anonymous):
    for page in (full, short, anonymous):
        words = "\n".join([*page.answer, *(part.text for part in page.parts.values())])
        assert not re.search(r"\bnan\b|NaN|None|_nbd|rank_sum|\{|\}|c0\d{4}", words)


def test_a_headline_is_one_number_in_answer_tile_table_picture_and_results(full):
    results = {each.name: each for each in full.run.results("03_churn")}
    tiles = dict(line.split(": ", 1) for line in full.text("key_figures").splitlines())
    answer = " ".join(full.answer).replace("\xa0", " ")

    def shares(name):
        found = results[name]
        point, low, high = (f"{100 * each:.1f} %" for each in (found.value, found.low, found.high))
        return point, f"{low} to {high}"

    proof = full.text("proof")
    point, interval = shares("churn_rate")
    assert f"Lately {point} ({interval}) left" in answer
    assert tiles["Churn rate"].replace(", n", " n").startswith(f"{point}, {interval}")
    point, interval = shares("score_auc")
    assert tiles["Pairs in the right order"].startswith(f"{point}, {interval}")
    active_row = next(line for line in proof.splitlines() if line.startswith("Active customers |"))
    assert f"| {point} ({interval}) |" in active_row
    assert full.parts["proof"].words[0].replace("\xa0", " ")[1:] in answer
    active, likely = (f"{results[name].value:,.0f}" for name in ("active_customers", "likely_to_leave"))
    assert answer.startswith(f"{likely} of {active} active customers are likely to leave")
    assert f"{likely} of {active} active customers are likely to leave" in full.text("risk")
    assert f"{active} are active, {likely} likely to leave" in full.text("funnel")
    assert tiles["Active customers"].split(", ")[0] == active
    assert f", {active} customers" in full.parts["risk"].html.replace("\xa0", " ")
    assert tiles["Likely to leave"].split(", ")[0] == likely
    listed = int((full.found.candidates["reason"] != "just_overdue").sum())
    assert f"Split the {full.run.rules.rounded(listed):,.0f} likely leavers put forward at random" in full.text(
        "experiment"
    )
    money = formats.money(results["sales_at_risk"].value, "EUR")
    assert f"in that time {money} is at risk" in answer
    assert tiles["Sales at risk"].startswith(money)


def test_the_answer_has_its_numbers_and_its_test(full):
    said = " ".join(full.answer).replace("\xa0", " ")
    assert "to buy nothing in the next 60 days" in said
    assert "Tested on 2 Nov 2025: the " in said
    assert "best simple rule" in said
    assert f"{disclosed(full.found.churn_rate, 'share', full.run.rules).value * 100:.1f} %" in said


def test_people_are_rounded(full):
    counts = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) of (?:[\d,]+) active customers", full.answer[0])]
    assert counts
    assert all(n % 5 == 0 for n in counts)


def test_the_cutoffs_are_shown_with_the_check_for_leaks(full):
    assert "not one differed" in full.text("proof")
    assert full.text("proof").count("to learn") == 3
    assert "the test | 2 Nov 2025 | 31 Dec 2025" in full.text("proof")


def test_a_leak_would_be_said(full):
    leaking = copy(full.found)
    leaking.leaks = ("spend",)
    assert "too good to be true: spend" in churn.show_cutoffs(leaking, full.run).text


def test_every_contender_is_in_the_table(full):
    for name in ("logistic regression", "BG/NBD purchase model", "recency and frequency ranks", "silence beyond"):
        assert name in full.text("proof")
    assert "chosen" in full.text("proof")


def test_risk_is_not_response(full):
    html = full.parts["profit"].html
    assert "risk is not response" in html
    assert "Ascarza" in html
    assert "at random" in full.text("experiment")


def test_scores_and_candidates_are_written_for_the_next_chapters(full):
    scores, candidates = full.run.frame("churn_scores"), full.run.frame("candidates_churn")
    assert list(scores.columns) == [
        "customer_id", "churn_probability", "days_since_last", "spend", "expected_orders", "kept_value",
    ]  # fmt: skip
    worth = full.found.worth.set_index("customer_id")["value"]
    assert scores.set_index("customer_id")["kept_value"].loc[worth.index].tolist() == worth.tolist()
    reckoned = full.run.frame("campaign_assumptions").iloc[0]
    assert reckoned[["kept_low", "kept", "kept_high"]].tolist() == list(full.found.assumed.kept)
    assert len(scores) == len(full.found.scores)
    assert set(candidates["reason"]) == {"likely_to_leave", "valuable_at_risk"}
    assert set(candidates["customer_id"]) <= set(scores["customer_id"])


def test_headline_numbers_are_recorded_with_last_periods(full):
    results = {each.name: each for each in full.run.results("03_churn")}
    assert set(results) == {
        "churn_rate", "active_customers", "sales_at_risk", "likely_to_leave", "valuable_at_risk", "score_auc",
    }  # fmt: skip
    rate = results["churn_rate"]
    assert rate.low < rate.value < rate.high
    assert rate.previous is not None
    assert results["active_customers"].value % 5 == 0


def test_too_short_a_history_is_said_and_scores_are_still_there(short):
    kinds = {name: part.kind for name, part in short.parts.items()}
    for name in ("proof", "why", "profit", "experiment", "time_to_event"):
        assert kinds[name] == "insufficient", name
    assert "a test needs 120 days of sales" in short.text("proof")
    assert kinds["risk"] == "figure"
    assert "This could not be tested" in " ".join(short.answer)
    assert short.run.frame("churn_scores")["churn_probability"].notna().all()


def test_anonymous_sales_alone_are_said(anonymous):
    assert anonymous.parts["risk"].kind == "insufficient"
    assert "no sale carries a customer's id" in " ".join(anonymous.answer)
    assert anonymous.run.frame("churn_scores").empty


def test_two_runs_show_the_same_bytes(full):
    again = churn.show_proof(churn.study(full.run), full.run)
    assert again.html == full.parts["proof"].html


def test_a_simple_rule_that_wins_is_said(full):
    judged, model = full.found.judged, full.found.model
    worse, row = judged.table.copy(), (judged.table["model"] == model) & (judged.table["metric"] == "auc")
    worse.loc[row, ["against_rule", "against_rule_low", "against_rule_high"]] = [-0.02, -0.03, -0.01]
    better = copy(full.found)
    better.judged = replace(judged, table=worse)
    assert "orders customers 2.0 points worse than the best simple rule" in churn.show_answer(better, full.run).text
    assert "orders customers 2.0 points worse than the best simple rule" in churn.show_proof(better, full.run).text


def lines_of_few(as_lines, customers, active):
    """Sell every week to some for a year; only so many of them, of whom one spends most, go on to the end."""
    rows = [
        (f"c{who:02}", pd.Timestamp("2025-01-01") + pd.Timedelta(days=7 * week + who % 7), 163.65 if who == 0 else 20.0)
        for who in range(customers)
        for week in range(52 if who < active else 20)
    ]
    return as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"]).sort_values("ordered_at"))


@pytest.fixture(scope="module")
def few_active(tmp_path_factory, as_lines):
    return Page(open_shop(tmp_path_factory.mktemp("few"), lines_of_few(as_lines, 60, 4), "2026-01-01"))


@pytest.fixture(scope="module")
def faithful(tmp_path_factory, as_lines):
    return Page(open_shop(tmp_path_factory.mktemp("faithful"), lines_of_few(as_lines, 60, 60), "2026-01-01"))


def test_of_few_active_customers_neither_money_nor_a_share_is_told(few_active):
    said = few_active.answer[0].replace("\xa0", " ")
    assert said == "Fewer than 10 customers bought in the last 120 days: no more is said of who is about to leave."
    told = " ".join([*few_active.answer, *(few_active.text(name) for name in few_active.parts)])
    assert "€" not in told
    assert few_active.parts["risk"].kind == "insufficient"
    results = {each.name: each for each in few_active.run.results()}
    assert results["sales_at_risk"].hidden


def test_where_nobody_is_likely_to_leave_nobody_is_listed_and_it_is_said(faithful):
    said = faithful.answer[0].replace("\xa0", " ")
    assert said.startswith(
        "None of 60 customers who bought in the last 120 days is more than 50 % likely to buy nothing"
    )
    assert faithful.run.frame("candidates_churn").empty
    assert faithful.text("risk").startswith("No active customer is more than 50 % likely to buy nothing")
    assert "fewer than 10 active customers" not in faithful.text("experiment")


def test_title_tile_and_results_tell_the_same_sales_at_risk_within_what_was_sold(full):
    lines = full.run.table("transactions").to_pandas()
    sold = lines[(lines["ordered_at"] >= "2025-11-02") & (lines["ordered_at"] < "2026-01-01")]["amount"].astype(float)
    found = sales_at_risk(full.found.scores)
    recorded = {each.name: each for each in full.run.results()}["sales_at_risk"]
    assert recorded.value == pytest.approx(found.value)
    assert found.value < found.total <= sold.sum() * (1 + 1e-9)
    said = [formats.money(each, "EUR") for each in (found.value, found.total)]
    assert f"Of the {said[1]} active customers usually spend in that time {said[0]} is at risk" in full.answer[1]
    assert said[0] in full.parts["key_figures"].text


MONEY = ("assumed", "campaign", "worth", "least_risk", "leaving", "candidates", "experiment", "prospect")


def weighed_anew(page, response=None, **settings):
    """Give the same findings with other assumptions."""
    found = copy(page.found)
    for name in MONEY:
        vars(found).pop(name, None)
    found.response, found.settings = response, page.found.settings.model_copy(update=settings)
    return found


MEASURED = Response(Estimate(0.044, 0.02, 0.068, 7490), Estimate(0.093, 0.044, 0.139, 7490), 4)


def test_the_break_even_comes_first_and_what_is_assumed_is_called_so(full):
    first = full.parts["profit"].words[0].replace("\xa0", " ")
    pays = 100 * full.found.experiment.pays_from
    assert first.startswith(f"Contacting customers likely to leave pays if it lowers the share who leave by {pays:.1f}")
    assert first.endswith("are assumed, as no own campaign with a control group tells.")
    worth_it = full.run.rules.rounded(int((full.found.worth["gain"] > 0).sum()))
    assert full.parts["profit"].words[1].startswith(f"{worth_it:,.0f} of")
    assert "an assumption: no own campaign" in full.text("profit")
    assert "EMPC" in full.text("profit")


def test_what_own_campaigns_reached_is_said_and_taken(full):
    found = weighed_anew(full, MEASURED)
    text = churn.show_profit(found, full.run).text.replace("\xa0", " ")
    assert "among active customers own campaigns reached 4.4 (2.0 to 6.8)." in text
    assert "keeps 9.3 % (4.4 % to 14 %) of those who would leave, as own campaigns measured" in text
    assert "That is a fall of the churn rate, not a share of leavers" in text
    assert "assumed, as" not in text


def test_with_costs_that_nothing_earns_back_nobody_is_worth_a_contact(full):
    found = weighed_anew(full, share_kept=0.001, least_risk="money")
    text = churn.show_profit(found, full.run).text.replace("\xa0", " ")
    assert "No customer is worth a contact at the likely values." in text
    assert "At no risk does a contact pay, so nobody is called likely to leave." in text
    assert "no contact would have been worth it" in text
    assert found.candidates.empty
    aside = replace(full.run, scratch=True)
    nobody = churn.show_experiment(found, aside).text.replace("\xa0", " ")
    assert nobody.startswith("No likely leaver is put forward")
    dear = weighed_anew(full, incentive_cost=10_000)
    assert "cannot pay: it costs more than all who leave would bring" in churn.show_profit(dear, full.run).text


def test_a_profit_that_may_be_a_loss_is_called_so(full):
    for kept, sure in (((0.25, 0.3, 0.35), True), ((0.0, 0.1, 0.5), False)):
        found = weighed_anew(full, share_kept=kept, incentive_cost=(1.0, 1.0, 1.0), contact_cost=(1.0, 1.0, 1.0))
        assert (found.prospect.worth_it["low"] > 0) == sure
        text = churn.show_profit(found, full.run).text
        assert ("may have earned or lost" in text) != sure
        assert ("would have earned" in text) == sure


def test_without_costs_everybody_is(full):
    found = weighed_anew(full, incentive_share=0, contact_cost_share=0)
    words = churn.show_profit(found, full.run).words
    assert "by 0.0 points or more" in words[0]
    everybody = full.run.rules.rounded(len(found.active))
    assert words[1].startswith(f"{everybody:,.0f} of {everybody:,.0f}")


def test_the_threshold_that_money_sets_is_said_once(full):
    found = weighed_anew(full, least_risk="money")
    said = churn.show_profit(found, full.run).text.replace("\xa0", " ")
    assert said.count("Likely to leave is whoever is above 16 %, from where on a contact pays.") == 1
    assert "Likely to leave is whoever" not in full.text("profit")


def test_profit_and_experiment_keep_to_130_words_unfolded_and_two_pictures(full):
    for found in (full.found, weighed_anew(full, MEASURED)):
        aside = replace(full.run, scratch=True)
        html = churn.show_profit(found, aside).html + churn.show_experiment(found, aside).html
        seen = re.sub(r"<details.*?</details>|<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL)
        assert len(seen.split()) <= 130
        assert html.count("<svg") == 1


def test_the_experiment_is_written_for_chapter_05(full, short):
    written, planned = full.run.frame("experiment").iloc[0], full.found.experiment
    assert (written["customers"], written["contacted"] + written["left_alone"]) == (planned.customers,) * 2
    assert written["pays_from"] == pytest.approx(planned.pays_from)
    assert f"A fall of {100 * written['visible']:.1f} points would show." in full.text("experiment")
    assert pd.isna(short.run.frame("experiment")["visible"].iloc[0])


def test_a_grid_in_which_one_customer_would_stand_alone_is_not_shown(faithful):
    assert "How they are spread is not shown: fewer than 10 would stand by themselves" in faithful.text("risk")
